//! `strel reproduce`, as a user types it.

use std::fs;
use std::process::Command;

#[test]
fn a_dilation_is_learnt_and_recorded() {
    let folder = tempfile::tempdir().unwrap();
    let strel = |arguments: &[&str]| {
        let strel = env!("CARGO_BIN_EXE_strel");
        Command::new(strel).current_dir(folder.path()).args(arguments).output().unwrap()
    };
    let cell = ["reproduce", "operators", "--seeds", "1", "--only", "dilation stick diskorect"];
    let output = strel(&[&cell[..], &["--out", "table.md"]].concat());
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}");
    assert!(said.contains("| dilation stick diskorect | 1.000 / 1.000 | 0 |"), "{said}");
    assert!(said.contains("| 1.0000 | proved | PROVED |"), "{said}");
    let recorded = fs::read_to_string(folder.path().join("table.md")).unwrap();
    assert!(recorded.contains("| dilation stick diskorect |"), "{recorded}");

    let output = strel(&["reproduce", "operators", "--only", "sharpening"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("no cell's name contains"));
}
