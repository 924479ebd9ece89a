//! What a terminal gets, and what a pipe gets instead.
#![cfg(unix)]

mod common;

use std::fs;
use std::path::Path;
use std::process::Command;

use common::small;

/// What a command prints on a terminal of this width, errors included; none without util-linux's `script`.
fn on_a_terminal(folder: &Path, columns: u16, command: &str) -> Option<String> {
    let program = env!("CARGO_BIN_EXE_strel");
    let command =
        format!("stty cols {columns} rows 40; {command}").replace("strel ", &format!("{program} "));
    let mut script = Command::new("script");
    script
        .args(["-qec", &command, "/dev/null"])
        .current_dir(folder)
        .env("TERM", "xterm")
        .env_remove("NO_COLOR");
    let Ok(output) = script.output() else {
        eprintln!("skipped: no `script` on the path");
        return None;
    };
    Some(String::from_utf8_lossy(&output.stdout).into_owned())
}

fn piped(folder: &Path, arguments: &[&str]) -> (String, String) {
    let mut program = Command::new(env!("CARGO_BIN_EXE_strel"));
    let output = program.current_dir(folder).args(arguments).output().unwrap();
    assert!(output.status.success(), "{arguments:?}");
    [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap()).into()
}

const ESCAPE: char = '\u{1b}';

#[test]
fn colours_are_for_terminals_alone() {
    let folder = small::folder();
    let at = folder.path();
    assert!(!piped(at, &["show", "run"]).0.contains(ESCAPE));
    for (command, word) in [("strel show run", "activated"), ("strel show nowhere", "error:")] {
        let Some(said) = on_a_terminal(at, 80, command) else { return };
        assert!(said.contains(ESCAPE) && said.contains(word), "{said:?}");
        let plain = on_a_terminal(at, 80, &format!("NO_COLOR=1 {command}")).unwrap();
        assert!(!plain.contains(ESCAPE) && plain.contains(word), "{plain:?}");
    }
}

#[test]
fn pictures_fill_the_width_of_the_terminal() {
    let folder = small::folder();
    let at = folder.path();
    let channels = "network.channels=[1, 6, 1]";
    let training = ["train", "small.toml", "--out", "wide", "--quiet", "--set", channels];
    fs::write(
        at.join("small.toml"),
        "[data.noisti]\nsize = 24\n[network]\nchannels = [1, 1]\nkernel = [1, 3]\n\
         [training]\nsteps = 2\nbatch = 1\nvalidation = 1\njudges = 1\n",
    )
    .unwrap();
    piped(at, &training);
    let rows = |text: &str| {
        text.lines().filter(|line| line.contains("y1 = ") || line.contains("y6 = ")).count()
    };
    let Some(narrow) = on_a_terminal(at, 40, "NO_COLOR=1 strel show wide") else { return };
    let wide = on_a_terminal(at, 160, "NO_COLOR=1 strel show wide").unwrap();
    assert!(rows(&narrow) > rows(&wide), "{narrow}\n{wide}");
    let pictures = narrow.lines().filter(|line| line.contains('#'));
    assert!(pictures.clone().all(|line| line.trim_end().chars().count() <= 40), "{narrow}");
    assert!(pictures.count() > 3, "{narrow}");
}

#[test]
fn a_training_has_a_bar_on_terminals_and_lines_elsewhere() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    fs::write(
        at.join("small.toml"),
        "[data.noisti]\nsize = 24\n[network]\nchannels = [1, 1]\nkernel = [1, 3]\n\
         [training]\nsteps = 40\nbatch = 2\nvalidation = 1\njudges = 1\nlog-every = 10\n",
    )
    .unwrap();
    let (said, log) = piped(at, &["train", "small.toml", "--out", "a"]);
    assert_eq!(log.lines().count(), 4, "{log}");
    for (line, step) in log.lines().zip([10, 20, 30, 40]) {
        assert!(line.starts_with(&format!("step {step}/40: loss ")), "{line}");
        for part in ["validation DICE ", " neurons settled, ", " images/s, ", " s left"] {
            assert!(line.contains(part), "no `{part}` in {line}");
        }
    }
    assert!(
        !log.contains(ESCAPE) && !log.contains('\r') && said.starts_with("test DICE"),
        "{log}{said}"
    );
    assert_eq!(piped(at, &["train", "small.toml", "--out", "b", "--quiet"]).1, "");
    let (json, log) = piped(at, &["train", "small.toml", "--out", "c", "--quiet", "--json"]);
    assert!(
        serde_json::from_str::<serde_json::Value>(&json).is_ok() && log.is_empty(),
        "{json}{log}"
    );

    let longer =
        "strel train small.toml --out d --set training.steps=3000 --set training.log-every=100";
    let Some(bar) = on_a_terminal(at, 120, longer) else { return };
    for part in ["/3000 loss ", "DICE ", " images/s, ", " left", "PROVED"] {
        assert!(bar.contains(part), "no `{part}` in {bar:?}");
    }
    assert!(!bar.contains("neurons settled"), "{bar:?}");
}

#[test]
fn shells_complete_every_command() {
    let folder = tempfile::tempdir().unwrap();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let (script, _) = piped(folder.path(), &["completions", shell]);
        for word in ["certify", "diskorect", "foreground"] {
            assert!(script.contains(word), "{shell}: no {word}");
        }
    }
    let (bash, _) = piped(folder.path(), &["completions", "bash"]);
    fs::write(folder.path().join("strel.bash"), bash).unwrap();
    let ask = "source ./strel.bash; COMP_WORDS=(strel cert); COMP_CWORD=1; _strel strel cert strel; echo ${COMPREPLY[@]}";
    let output =
        Command::new("bash").args(["-c", ask]).current_dir(folder.path()).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout), "certify\n");
}

#[test]
fn every_command_has_a_manual_page() {
    let folder = tempfile::tempdir().unwrap();
    piped(folder.path(), &["man", "--out", "man/man1"]);
    let read = |name: &str| fs::read_to_string(folder.path().join("man/man1").join(name)).unwrap();
    for name in ["strel.1", "strel-train.1", "strel-data-noise.1", "strel-bench-engine.1"] {
        let page = read(name);
        assert!(page.contains(".TH ") && page.contains("SYNOPSIS"), "{name}: {page}");
    }
    assert!(read("strel-certify.1").contains("strel certify runs/noisti"), "the example");
}
