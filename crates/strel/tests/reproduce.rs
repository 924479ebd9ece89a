//! `strel reproduce`, as a user types it.

mod common;

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

use common::{pages, shapes};

fn strel(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_strel"));
    command.current_dir(folder).env_remove("STREL_DATA_DIR").arg("reproduce").args(arguments);
    command.output().unwrap()
}

/// What a command prints, which must end well.
fn said(folder: &Path, arguments: &[&str]) -> String {
    let output = strel(folder, arguments);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    String::from_utf8(output.stdout).unwrap()
}

/// What a command says that is refused.
fn refusal(folder: &Path, arguments: &[&str]) -> String {
    let output = strel(folder, arguments);
    assert_eq!(output.status.code(), Some(2));
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn a_dilation_is_learnt_and_recorded() {
    let folder = tempfile::tempdir().unwrap();
    let cell = ["operators", "--seeds", "1", "--only", "dilation stick diskorect"];
    let said = said(folder.path(), &[&cell[..], &["--out", "table.md"]].concat());
    assert!(said.contains("| dilation stick diskorect | 1.000 / 1.000 | 0 |"), "{said}");
    assert!(said.contains("| 1.0000 | proved | PROVED |"), "{said}");
    let recorded = fs::read_to_string(folder.path().join("table.md")).unwrap();
    assert!(recorded.contains("| dilation stick diskorect |"), "{recorded}");

    let refusal = refusal(folder.path(), &["operators", "--only", "sharpening"]);
    assert!(refusal.contains("no cell's name contains"), "{refusal}");
}

#[test]
fn digits_are_learnt_in_every_way() {
    let folder = tempfile::tempdir().unwrap();
    shapes::write_shapes(&folder.path().join("shapes"));
    let small = "mnist --data shapes --width 6 --epochs 1 --set training.batch=8";
    let all: Vec<&str> = small.split_whitespace().collect();
    let table = said(folder.path(), &[&all[..], &["--seeds", "1"]].concat());
    let rows: Vec<Vec<&str>> =
        table.lines().skip(2).map(|row| row.split(" | ").collect()).collect();
    assert_eq!(rows.len(), 9, "{table}");
    let [sets, gates] = ["| sets, ", "| gates, "]
        .map(|name| rows.iter().find(|row| row[0].starts_with(name)).unwrap());
    assert!(sets[3..7].iter().all(|accuracy| *accuracy == sets[2]), "{table}");
    assert_eq!(gates[3], gates[6], "nothing is lost: {table}");

    let two = ["--seeds", "2", "--only", "learnt as such", "--out", "mnist.md"];
    let row = said(folder.path(), &[&all[..], &two].concat());
    assert_eq!(row.lines().count(), 3, "{row}");
    let recorded = fs::read_to_string(folder.path().join("mnist.md")).unwrap();
    assert!(recorded.contains("784 -> 6 -> 10: 1 epoch,") && recorded.contains(&row), "{recorded}");

    let nothing = refusal(folder.path(), &["mnist", "--only", "support vectors"]);
    assert!(nothing.contains("no method's name contains"), "{nothing}");
    let nowhere = refusal(folder.path(), &[&all[..], &["--out", "no/such/folder.md"]].concat());
    assert!(nowhere.starts_with("error: no/such/folder.md cannot be written"), "{nowhere}");
}

#[test]
fn a_study_that_was_killed_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    shapes::write_shapes(&at.join("shapes"));
    let small = "mnist --data shapes --width 6 --epochs 2 --set training.batch=8 --journal all.jsonl \
                 --out mnist.md";
    let study = |more: &[&str]| {
        let words: Vec<&str> = small.split_whitespace().chain(more.iter().copied()).collect();
        said(at, &words)
    };
    let journal = at.join("all.jsonl");
    let lines = || fs::read_to_string(&journal).unwrap_or_default();

    let binary = env!("CARGO_BIN_EXE_strel");
    let mut killed = Command::new(binary);
    killed.current_dir(at).arg("reproduce").args(small.split_whitespace());
    let mut killed = killed.stdout(Stdio::null()).spawn().unwrap();
    let deadline = Instant::now() + Duration::from_secs(120);
    while lines().lines().count() < 2 && Instant::now() < deadline {
        std::thread::sleep(Duration::from_millis(5));
    }
    let busy = refusal(at, &small.split_whitespace().collect::<Vec<_>>());
    assert!(busy.contains("all.jsonl: another process adds to it"), "{busy}");
    killed.kill().unwrap();
    killed.wait().unwrap();
    let before = lines();
    let recorded = fs::read_to_string(at.join("mnist.md")).unwrap();
    assert!(recorded.contains("0 of 3 seeds a method so far"), "{recorded}");

    let table = study(&["--seeds", "1"]);
    let after = lines();
    assert!(after.starts_with(&before), "nothing is lost:\n{before}\n{after}");
    assert_eq!(after.lines().count(), 9, "nothing is repeated:\n{after}");
    assert_eq!(study(&["--seeds", "1"]), table);
    assert_eq!(lines(), after);

    let two = study(&["--seeds", "2", "--only", "learnt as such"]);
    assert_eq!(lines().lines().count(), 10, "one seed more: {two}");
    study(&["--seeds", "1", "--only", "learnt as such", "--set", "training.batch=9"]);
    assert_eq!(lines().lines().count(), 11, "other trainings are done");

    fs::write(&journal, format!("{after}no JSON\n")).unwrap();
    let damaged = refusal(at, &small.split_whitespace().collect::<Vec<_>>());
    assert!(damaged.contains("all.jsonl, line 10: expected"), "{damaged}");
}

#[test]
fn ordinary_networks_come_from_another_journal() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    shapes::write_shapes(&at.join("shapes"));
    let line = |method: &str, seed: u64, steps: u64, float: f64| {
        let config = format!(
            "seed = {seed}\ndevice = \"cpu\"\n[network]\nlayers = [{{ dense = 6 }}]\n\
             [training]\nsteps = {steps}\nbatch = 16\n"
        );
        let outcome = serde_json::json!({
            "float": float, "thresholded": 0.5, "binarized": [], "bytes": 132, "seconds": 3.0
        });
        let line = serde_json::json!({ "method": method, "config": config, "outcome": outcome });
        format!("{line}\n")
    };
    // 270 images are 17 batches of 16; a line of another number of epochs, one of a method of ours, and a cut one.
    let lines = [
        line("BNN", 0, 34, 0.9),
        line("BNN", 0, 17, 0.75),
        line("sets, learnt as such", 1, 17, 0.1),
        line("BNN", 1, 17, 0.25),
    ];
    fs::write(at.join("others.jsonl"), lines.concat() + "{\"method\"").unwrap();
    let study =
        "mnist --data shapes --width 6 --epochs 1 --others others.jsonl --out mnist.md --only";
    let words: Vec<&str> = study.split_whitespace().collect();
    let table = said(at, &[&words[..], &["BNN", "--seeds", "2"]].concat());
    let row = "| BNN |  | 50.00 (25.00 to 75.00) | 50.00 |  |  |  | 132 |  | 3 |";
    assert_eq!(table.lines().nth(2), Some(row), "{table}");
    let recorded = fs::read_to_string(at.join("mnist.md")).unwrap();
    assert!(recorded.contains(row) && recorded.contains("bench/ordinary.py"), "{recorded}");
    let ours = ["learnt as such", "--seeds", "1", "--set", "training.batch=8"];
    assert!(said(at, &[&words[..], &ours].concat()).contains("| sets, learnt as such |"));

    let missing = refusal(at, &[&words[..], &["BNN", "--seeds", "3"]].concat());
    assert!(missing.contains("others.jsonl: no training of BNN has 6 neurons, 1 epoch and seed 2"));
    assert!(
        missing.contains("python bench/ordinary.py --width 6 --epochs 1 --seeds 3"),
        "{missing}"
    );
    let without = refusal(at, &["mnist", "--data", "shapes", "--only", "BNN"]);
    assert!(without.contains("no method's name contains \"BNN\""), "{without}");
    let odd = r#"{"method":"BNN","config":"seed = 1","outcome":{"float":0,"thresholded":0,"binarized":[],"bytes":1,"seconds":1}}"#;
    fs::write(at.join("others.jsonl"), lines.concat() + odd + "\n").unwrap();
    let wrong = refusal(at, &[&words[..], &["BNN"]].concat());
    assert!(wrong.contains("others.jsonl: the configuration of line 5: missing field"), "{wrong}");
}

#[test]
fn what_was_recorded_outlives_a_study_without_a_result() {
    let folder = tempfile::tempdir().unwrap();
    shapes::write_shapes(&folder.path().join("shapes"));
    let record = folder.path().join("mnist.md");
    fs::write(&record, "the last study").unwrap();
    let endless = "reproduce mnist --data shapes --width 6 --epochs 100000000 --out mnist.md";
    let mut command = Command::new(env!("CARGO_BIN_EXE_strel"));
    command.current_dir(folder.path()).args(endless.split_whitespace()).stdout(Stdio::piped());
    let mut study = command.spawn().unwrap();
    // The head of the table comes when all is looked at, before anything is learnt.
    let mut head = String::new();
    BufReader::new(study.stdout.take().unwrap()).read_line(&mut head).unwrap();
    study.kill().unwrap();
    study.wait().unwrap();
    assert!(head.starts_with("| method"), "{head}");
    assert_eq!(fs::read_to_string(&record).unwrap(), "the last study");
}

#[test]
fn sticks_are_no_classes() {
    let folder = tempfile::tempdir().unwrap();
    shapes::write_shapes(&folder.path().join("shapes"));
    let settings = [
        "data={ mnist = { folder = 'shapes' } }",
        "network.layers=[{ dense = 2 }]",
        "network.channels=[]",
        "training.loss=cross-entropy",
        "training.free=1.0",
        "polish.budget=0",
    ];
    let settings = settings.iter().flat_map(|setting| ["--set", setting]);
    let arguments: Vec<&str> = ["noisti"].into_iter().chain(settings).collect();
    let refusal = refusal(folder.path(), &arguments);
    assert!(refusal.contains("`data` tells classes; expected pairs of images"), "{refusal}");
}

#[test]
fn sticks_are_learnt_beside_openings() {
    let folder = tempfile::tempdir().unwrap();
    let small = "--set training.steps=40 --set training.batch=2 --set training.validation=1 \
                 --set polish.budget=300 --set polish.pairs=5 --set polish.order=doubt";
    let arguments = ["noisti", "--seeds", "2", "--test", "20", "--out", "noisti.md"];
    let all: Vec<&str> = arguments.into_iter().chain(small.split_whitespace()).collect();
    let said = said(folder.path(), &all);
    assert!(said.contains("| union of three openings by sticks of 7 pixels | 0.98"), "{said}");
    assert!(said.contains("counted on 200 pairs | 0."), "{said}");
    assert_eq!(said.matches("| strel, seed ").count(), 2, "{said}");
    assert_eq!(said.matches("| PROVED |").count(), 2, "{said}");
    assert!(said.contains("Of 2 seeds:"), "{said}");
    let recorded = fs::read_to_string(folder.path().join("noisti.md")).unwrap();
    assert!(recorded.contains("| strel, seed 1 |"), "{recorded}");

    let refusal = refusal(folder.path(), &["noisti", "--set", "polish.bugdet=3"]);
    assert!(refusal.contains("bugdet"), "{refusal}");
}

#[test]
fn pages_are_cleaned_beside_medians() {
    let folder = tempfile::tempdir().unwrap();
    let missing = refusal(folder.path(), &["pages"]);
    assert!(missing.contains("has no page feyn.tif"), "{missing}");
    pages::write_pages(&folder.path().join("data/pages"));
    let small = "--quick --set training.steps=4 --set training.batch=2 --set training.validation=1 \
                 --set polish.budget=300 --set polish.pairs=5 --out pages.md";
    let all: Vec<&str> = ["pages"].into_iter().chain(small.split_whitespace()).collect();
    let said = said(folder.path(), &all);
    for task in ["noise, 2 %", "noise, 5 %", "noise, 10 %", "ruling lines", "thickened strokes"] {
        assert!(said.contains(task), "{said}");
    }
    assert_eq!(said.matches("| learnt, polished | ").count(), 5, "{said}");
    assert_eq!(said.matches("network: PROVED").count(), 5, "{said}");
    assert!(said.contains("the best of 162 on the training pages"), "{said}");
    let recorded = fs::read_to_string(folder.path().join("pages.md")).unwrap();
    assert!(recorded.contains("## thickened strokes"), "{recorded}");

    let refusal = refusal(folder.path(), &["pages", "--only", "sharpening"]);
    assert!(refusal.contains("no task's name contains"), "{refusal}");
}
