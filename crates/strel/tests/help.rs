//! Every help has an example, and every example runs.
#![cfg(unix)]

mod common;

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

use strel::image::BitImage;
use strel::image::files::{Foreground, write};
use tempfile::TempDir;

use common::{digits, pages, real_data, small};

/// What is added to examples that would take minutes, for each command that they contain.
const SHORTER: [(&str, &str); 9] = [
    ("strel train", FEW_STEPS),
    ("strel polish", "--budget 300"),
    ("strel bench", "--quick"),
    ("strel reproduce mnist", "--seeds 1 --width 8 --epochs 1 --set training.batch=4"),
    ("strel reproduce noisti", "--quick --test 20"),
    ("strel reproduce noisti", FEW_STEPS),
    ("strel reproduce operators", "--seeds 1 --only 'dilation stick diskorect'"),
    ("strel reproduce pages", "--quick"),
    ("strel reproduce pages", FEW_STEPS),
];

const FEW_STEPS: &str = "--set training.steps=4 --set training.batch=2 --set training.validation=1 \
    --set training.judges=1 --set polish.budget=300 --set polish.pairs=5";

fn help(command: &[String]) -> String {
    let program = env!("CARGO_BIN_EXE_strel");
    let output = Command::new(program).args(command).arg("--help").output().unwrap();
    assert!(output.status.success(), "{command:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// The commands that a help lists.
fn listed(help: &str) -> Vec<String> {
    let list = help.lines().skip_while(|line| *line != "Commands:").skip(1);
    list.take_while(|line| !line.is_empty())
        // A name is indented by two; the lines that go on with its description, by more.
        .filter_map(|line| line.strip_prefix("  ")?.split(' ').next().map(String::from))
        .filter(|name| !name.is_empty() && name != "help")
        .collect()
}

/// The example of a help, which ends its paragraph.
fn example(command: &[String], help: &str) -> String {
    let rest = help.split_once("Example: ").map(|(_, rest)| rest);
    let rest = rest.unwrap_or_else(|| panic!("no example in the help of {command:?}:\n{help}"));
    let lines: Vec<&str> = rest.lines().take_while(|line| !line.is_empty()).collect();
    let example = lines.join(" ");
    let named = [&["strel".to_owned()], command].concat().join(" ");
    assert!(example.contains(&named), "no example of `{named}`, but `{example}`");
    example
}

/// The examples of a command and of those below it.
fn examples(command: &[String]) -> Vec<String> {
    let help = help(command);
    let below = listed(&help).into_iter();
    let below = below.flat_map(|name| examples(&[command, &[name]].concat()));
    std::iter::once(example(command, &help)).chain(below).collect()
}

/// A folder with the files that examples name, a finished run apart.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let image = |name: &str, noise: usize| {
        let pixel = |row: usize, col: usize| {
            (row % 9 < 4 && col % 11 < 7)
                != (noise > 0 && (row * 31 + col * 17).is_multiple_of(noise))
        };
        let path = at.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        write(path, &BitImage::from_fn(70, 80, pixel), Foreground::Black).unwrap();
    };
    for name in ["page.tif", "page1.tif", "page2.png", "clean/1.tif", "clean/2.tif"] {
        image(name, 0);
    }
    for name in ["noisy/1.png", "noisy/2.png"] {
        image(name, 37);
    }
    digits::write_digits(at);
    pages::write_pages(&at.join("pages"));
    short_sweep(at);
    fs::create_dir(at.join("data")).unwrap();
    if let Some(mnist) = real_data::folder("mnist") {
        // Files that are there are checked and not fetched again.
        symlink(mnist, at.join("data/mnist")).unwrap();
    }
    folder
}

/// Writes the sweep of the repository with two trials of few steps.
fn short_sweep(folder: &Path) {
    let file = "examples/sweep-noisti.toml";
    let whole = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(file);
    let mut sweep = fs::read_to_string(whole).unwrap();
    for (long, short) in [("trials = 20", "trials = 2"), ("[3000]", "[4]")] {
        assert!(sweep.contains(long), "{sweep}");
        sweep = sweep.replace(long, short);
    }
    fs::create_dir(folder.join("examples")).unwrap();
    fs::write(folder.join(file), sweep).unwrap();
}

/// Runs an example as a shell does, with the additions that make it short.
fn run(folder: &Path, example: &str) {
    let added = SHORTER.iter().filter(|(command, _)| example.contains(command));
    let command = added.fold(example.to_owned(), |all, (_, more)| format!("{all} {more}"));
    let program = Path::new(env!("CARGO_BIN_EXE_strel")).parent().expect("a file is in a folder");
    let path = std::env::var("PATH").unwrap_or_default();
    let output = Command::new("bash")
        .args(["-euo", "pipefail", "-c", &command])
        .current_dir(folder)
        .env("PATH", format!("{}:{path}", program.display()))
        .env("HOME", folder)
        .env_remove("STREL_DATA_DIR")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command}: {}\n{said}", output.status);
}

#[test]
fn every_help_has_an_example_that_runs() {
    let folder = folder();
    let at = folder.path();
    let (mut done, mut count) = (BTreeSet::new(), 0);
    for example in examples(&[]) {
        count += 1;
        if example.contains("data fetch") && !at.join("data/mnist").exists() {
            eprintln!("skipped: `{example}` needs MNIST, or the network");
            continue;
        }
        if example.contains("--out noisy") {
            // The examples before read what it makes.
            fs::remove_dir_all(at.join("noisy")).unwrap();
        }
        if done.insert(example.clone()) {
            run(at, &example);
        }
        // The first one trains the run that others read.
        if done.len() == 1 && !at.join("runs/pages").exists() {
            small::copy(&at.join("runs/noisti"), &at.join("runs/pages"));
        }
    }
    assert!(count >= 26, "{count} helps");
}
