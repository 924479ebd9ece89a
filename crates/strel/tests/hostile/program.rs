//! The program, which may not die.

use std::ffi::OsStr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// Some random trainings would take days: they are stopped.
const PATIENCE: Duration = Duration::from_secs(10);

/// The exit code of a command; none if it ran on and was stopped.
#[track_caller]
pub fn strel<S: AsRef<OsStr>>(
    folder: &Path,
    arguments: impl IntoIterator<Item = S>,
    place: &str,
) -> Option<i32> {
    let output = std::fs::File::create(folder.join("new-said")).unwrap();
    let child = Command::new(env!("CARGO_BIN_EXE_strel"))
        .current_dir(folder)
        .args(arguments)
        .env("STREL_DATA_DIR", "nowhere")
        .env("RAYON_NUM_THREADS", "1")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(output)
        .spawn()
        .unwrap();
    let status = wait(child)?;
    let said = std::fs::read(folder.join("new-said")).unwrap_or_default();
    let said = String::from_utf8_lossy(&said);
    assert!(!said.contains("panicked"), "{place}\n{said}");
    let code = status.code().unwrap_or_else(|| panic!("{place}\n{status}\n{said}"));
    assert!((0..=2).contains(&code), "{place}\nexit code {code}\n{said}");
    assert!(code != 2 || !said.is_empty(), "{place}\nnothing is said");
    Some(code)
}

fn wait(mut child: Child) -> Option<std::process::ExitStatus> {
    let start = Instant::now();
    while start.elapsed() < PATIENCE {
        if let Some(status) = child.try_wait().unwrap() {
            return Some(status);
        }
        sleep(Duration::from_millis(2));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    None
}
