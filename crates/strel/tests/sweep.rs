//! `strel sweep`, also killed in the middle.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use std::time::{Duration, Instant};

const SWEEP: &str = r#"
base = "base.toml"
trials = 4
seed = 3

[parameters]
"training.learning-rate" = { log = [0.001, 0.1] }
"training.batch" = { integer = [2, 3] }
seed = { integer = [0, 9] }
"#;

const BASE: &str = "
[data.noisti]
size = 24
sticks = 4
[network]
channels = [1, 2, 1]
kernel = [3, 3]
[training]
steps = 60
validation = 4
judges = 2
checkpoint-every = 5
";

fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_strel"));
    command.current_dir(folder).arg("sweep").args(arguments);
    command
}

fn strel(folder: &Path, arguments: &[&str]) -> Output {
    command(folder, arguments).output().unwrap()
}

/// Runs a sweep to its end, and returns its summary.
#[track_caller]
fn told(folder: &Path, arguments: &[&str]) -> serde_json::Value {
    let output = strel(folder, &[arguments, &["--quiet", "--json"]].concat());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The journal without its times, in the order of the trials.
fn journal(sweep: &Path) -> Vec<serde_json::Value> {
    let text = fs::read_to_string(sweep.join("journal.jsonl")).unwrap_or_default();
    let mut trials: Vec<serde_json::Value> =
        text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
    for trial in &mut trials {
        trial["scores"].as_object_mut().unwrap().remove("seconds");
    }
    trials.sort_by_key(|trial| trial["trial"].as_u64());
    trials
}

fn files(folder: &Path) {
    fs::write(folder.join("sweep.toml"), SWEEP).unwrap();
    fs::write(folder.join("base.toml"), BASE).unwrap();
}

#[test]
fn a_killed_sweep_goes_on_and_repeats_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    files(at);
    let whole = told(at, &["sweep.toml", "--out", "whole", "--jobs", "2"]);
    let expected = journal(&at.join("whole"));
    assert_eq!((whole["trials"].as_u64(), whole["failed"].as_u64()), (Some(4), Some(0)));
    assert_eq!(
        expected.iter().map(|trial| trial["trial"].as_u64()).collect::<Vec<_>>(),
        [Some(0), Some(1), Some(2), Some(3)]
    );

    let mut killed = command(at, &["sweep.toml", "--out", "killed", "--quiet"]).spawn().unwrap();
    let deadline = Instant::now() + Duration::from_secs(120);
    while journal(&at.join("killed")).is_empty() && Instant::now() < deadline {
        std::thread::sleep(Duration::from_millis(5));
    }
    killed.kill().unwrap();
    killed.wait().unwrap();
    let before = fs::read_to_string(at.join("killed/journal.jsonl")).unwrap();
    // The end of a line may be missing, too.
    fs::write(at.join("killed/journal.jsonl"), before.clone() + "{\"trial\":").unwrap();
    let again = told(at, &["sweep.toml", "--out", "killed"]);
    let after = fs::read_to_string(at.join("killed/journal.jsonl")).unwrap();
    assert!(after.starts_with(&before), "nothing is lost:\n{before}\n{after}");
    assert_eq!(journal(&at.join("killed")), expected);
    assert_eq!(again["best"]["trial"], whole["best"]["trial"]);

    // A sweep that is done trains nothing.
    let output = strel(at, &["sweep.toml", "--out", "killed"]);
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(said.starts_with("4 trials, 0 failed\nvalidation: "), "{said}");
    assert_eq!(fs::read_to_string(at.join("killed/journal.jsonl")).unwrap(), after);
}

#[test]
fn trials_that_fail_are_counted() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    files(at);
    // Draws 0 for some trials, which is no batch.
    let sweep = SWEEP.replace("{ integer = [2, 3] }", "{ choice = [2, 0] }");
    let sweep = sweep.replace("seed = 3", "seed = 2").replace("trials = 4", "trials = 3");
    fs::write(at.join("sweep.toml"), &sweep).unwrap();
    let summary = told(at, &["sweep.toml", "--out", "s"]);
    let (trials, failed) = (summary["trials"].as_u64(), summary["failed"].as_u64());
    assert!(failed > Some(0) && trials > Some(0), "{summary}");
    let text = fs::read_to_string(at.join("s/journal.jsonl")).unwrap();
    assert!(text.contains("`batch` is 0"), "{text}");
}

#[test]
fn mistakes_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    files(at);
    let refused = |name: &str, text: &str, part: &str| {
        fs::write(at.join(name), text).unwrap();
        let output = strel(at, &[name, "--out", "s"]);
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.contains(name) || said.contains("--set"), "{said}");
        assert!(said.contains(part), "no `{part}` in {said}");
        assert!(!at.join("s").exists());
    };
    refused("a.toml", &SWEEP.replace("trials = 4", "trials = 0"), "`trials` is 0");
    refused("b.toml", &SWEEP.replace("[0.001, 0.1]", "[0, 0.1]"), "above 0");
    refused("c.toml", &SWEEP.replace("log", "lgo"), "did you mean `log`");
    refused("d.toml", &SWEEP.replace("learning-rate", "rate"), "rate");
    refused("e.toml", &SWEEP.replace("[2, 3]", "[3, 2]"), "a lower and a higher whole number");
    told(at, &["sweep.toml", "--out", "s"]);
    fs::write(at.join("sweep.toml"), SWEEP.replace("trials = 4", "trials = 5")).unwrap();
    let output = strel(at, &["sweep.toml", "--out", "s"]);
    assert!(String::from_utf8_lossy(&output.stderr).contains("is of another sweep"));
}
