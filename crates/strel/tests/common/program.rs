//! The program, as a user types it.

use std::path::Path;
use std::process::{Command, Output};

/// Runs a command in a folder.
pub fn strel(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_strel")).current_dir(folder).args(arguments).output().unwrap()
}

/// Runs a command that must succeed, and returns what it prints.
#[track_caller]
pub fn told(folder: &Path, arguments: &[&str]) -> String {
    let output = strel(folder, arguments);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {said}");
    String::from_utf8(output.stdout).unwrap()
}

/// Runs a command that must fail with exit code 2, and returns what it says.
#[track_caller]
pub fn refused(folder: &Path, arguments: &[&str]) -> String {
    let output = strel(folder, arguments);
    assert_eq!(output.status.code(), Some(2), "{arguments:?}");
    String::from_utf8(output.stderr).unwrap()
}
