//! Bad input: an error that says what, where, what was expected and what to try; exit code 2; nothing
//! written.
//!
//! `bad_input.txt` holds the commands, in a folder of [`common::small`], and what each of them says. With
//! `STREL_MESSAGES=write` what they say is written into it instead; read all of it again then.
#![cfg(unix)]

mod common;

use std::fmt::Write;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use common::{small, tree};

const TABLE: &str = "tests/bad_input.txt";

/// A line of the table, or a command and what it says.
enum Entry<'a> {
    Heading(&'a str),
    Case { command: &'a str, said: String },
}

fn entries(table: &str) -> Vec<Entry<'_>> {
    let mut entries: Vec<Entry> = Vec::new();
    for line in table.lines() {
        if line.starts_with("# ") {
            entries.push(Entry::Heading(line));
        } else if let Some(command) = line.strip_prefix("$ ") {
            entries.push(Entry::Case { command, said: String::new() });
        } else if let Some(Entry::Case { said, .. }) = entries.last_mut() {
            *said += &format!("{line}\n");
        }
    }
    entries
}

fn run(folder: &Path, command: &str) -> Output {
    let program = Path::new(env!("CARGO_BIN_EXE_strel")).parent().expect("a file is in a folder");
    let path = std::env::var("PATH").unwrap_or_default();
    Command::new("bash")
        .args(["-c", command])
        .current_dir(folder)
        .env("PATH", format!("{}:{path}", program.display()))
        .env("STREL_DATA_DIR", "nowhere")
        .output()
        .unwrap()
}

/// Runs a command that must fail, and returns what it says.
fn refused(folder: &Path, command: &str) -> String {
    let before = tree::files(folder);
    let output = run(folder, command);
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{command}: {said}");
    let first = said.lines().find(|line| !line.starts_with("note: ")).unwrap_or_default();
    assert!(first.starts_with("error: ") && !said.contains("panicked"), "{command}: {said}");
    assert_eq!(String::from_utf8_lossy(&output.stdout), "", "{command}");
    assert!(tree::files(folder) == before, "{command}: nothing is written");
    said.trim_end().to_owned()
}

#[test]
fn bad_input_is_refused_in_these_words() {
    let folder = small::folder();
    small::train_classifier(folder.path());
    let table = fs::read_to_string(TABLE).unwrap();
    let (mut written, mut count) = (String::new(), 0);
    for entry in entries(&table) {
        match entry {
            Entry::Heading(heading) => writeln!(written, "{heading}\n").unwrap(),
            Entry::Case { command, said } => {
                let now = refused(folder.path(), command);
                if now != said.trim_end() {
                    eprintln!("$ {command}\nexpected:\n{said}\nfound:\n{now}\n");
                }
                writeln!(written, "$ {command}\n{now}\n").unwrap();
                count += 1;
            }
        }
    }
    assert!(count >= 100, "{count} cases");
    if std::env::var("STREL_MESSAGES").is_ok_and(|wish| wish == "write") {
        fs::write(TABLE, written.trim_end().to_owned() + "\n").unwrap();
    } else {
        assert!(
            written.trim_end() == table.trim_end(),
            "see above; STREL_MESSAGES=write corrects it"
        );
    }
}

#[test]
fn usage_goes_to_the_error_output() {
    let folder = tempfile::tempdir().unwrap();
    let output = run(folder.path(), "strel");
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("Usage: strel <COMMAND>"));
}
