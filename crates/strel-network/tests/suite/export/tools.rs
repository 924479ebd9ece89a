//! Other programs, where they are installed.

use std::ffi::OsString;
use std::process::{Command, Output};

/// The Python named by `STREL_PYTHON`, else the first one of the path.
pub fn python() -> OsString {
    std::env::var_os("STREL_PYTHON").unwrap_or_else(|| "python3".into())
}

/// Whether Python has these modules; says so where it has not, since a test then skips.
pub fn python_has(modules: &str) -> bool {
    let has = is_there(Command::new(python()).args(["-c", &format!("import {modules}")]));
    if !has {
        eprintln!("skipped: no Python with {modules}; name one with STREL_PYTHON");
    }
    has
}

/// Whether a program is on the path; says so where it is not, since a test then skips.
pub fn has(program: &str) -> bool {
    let has = is_there(Command::new(program).arg("--version"))
        || is_there(Command::new(program).arg("-V"));
    if !has {
        eprintln!("skipped: no {program} on the path");
    }
    has
}

/// Runs a command that must succeed, and gives what it printed.
pub fn run(command: &mut Command) -> String {
    let Output { status, stdout, stderr } = command.output().expect("the program is there");
    let (stdout, stderr) = (String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr));
    assert!(status.success(), "{command:?}: {status}\n{stdout}\n{stderr}");
    stdout.into_owned()
}

fn is_there(command: &mut Command) -> bool {
    command.output().is_ok_and(|output| output.status.success())
}
