//! `strel bench`: the shape of what it prints, never a time.

#[path = "common/digits.rs"]
mod digits;

use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use serde_json::Value;

#[test]
fn bench_binarize_prints_every_size_and_projection() {
    let folder = tempfile::tempdir().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_strel"))
        .current_dir(folder.path())
        .args(["bench", "binarize", "--json", "--quick", "--values", "values.json"])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["machine"]["threads"], 1);
    assert!(report["machine"]["cpu"].is_string());
    let timed = |key: &str| -> Vec<(u64, String)> {
        let each = |rate: &Value| {
            let number = |key: &str| rate[key].as_f64().unwrap();
            assert!(
                0.0 < number("min_seconds") && number("min_seconds") <= number("median_seconds")
            );
            assert!(number("neurons_per_second") > 0.0);
            (rate["inputs"].as_u64().unwrap(), rate["projection"].as_str().unwrap().to_owned())
        };
        report[key].as_array().unwrap().iter().map(each).collect()
    };
    let mut wanted = Vec::new();
    for inputs in [9, 25, 49, 784] {
        let names = ["constant", "activable dual", "activable centred", "activable euclidean"];
        wanted.extend(names.map(|name| (inputs, name.to_owned())));
        wanted.extend((inputs <= 25).then(|| (inputs, "lossless".to_owned())));
    }
    assert_eq!(timed("rates"), wanted);
    assert_eq!(timed("layers"), [(784, wanted[1].1.clone()), (784, wanted[2].1.clone())]);

    let values = fs::read(folder.path().join("values.json")).unwrap();
    let values: Value = serde_json::from_slice(&values).unwrap();
    for value in values.as_array().unwrap() {
        assert_eq!(value["weights"].as_array().unwrap().len() as u64, value["inputs"]);
        assert!(value["bias"].is_f64() && value["distance"].as_f64().unwrap() >= 0.0);
    }
}

fn bench(folder: &Path, what: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_strel"));
    command.current_dir(folder).args(["bench", what, "--quick"]).args(arguments);
    command
}

fn ask(what: &str, lines: &str) -> Output {
    let folder = tempfile::tempdir().unwrap();
    let mut command = bench(folder.path(), what, &["--ask"]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(lines.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

#[test]
fn bench_engine_prints_every_operation_and_writes_what_it_compared() {
    let folder = tempfile::tempdir().unwrap();
    let output =
        bench(folder.path(), "engine", &["--json", "--values", "values"]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let rows = report["rows"].as_array().unwrap();
    let count = |program: &str| rows.iter().filter(|row| row["program"] == program).count();
    assert_eq!((count("strel"), count("naive packed"), count("copy")), (9, 6, 7));
    for row in rows {
        let time = |key: &str| row[key].as_f64().unwrap();
        assert!(0.0 < time("least_microseconds"), "{row}");
        assert!(time("least_microseconds") <= time("median_microseconds"), "{row}");
    }
    // The image and all operations but those on bytes.
    assert_eq!(fs::read_dir(folder.path().join("values/512")).unwrap().count(), 8);
    let table = bench(folder.path(), "engine", &[]).output().unwrap();
    let table = String::from_utf8(table.stdout).unwrap();
    assert_eq!(table.lines().filter(|line| line.trim_start().starts_with("512 ")).count(), 9);
}

#[test]
fn bench_dense_prints_every_case_and_writes_what_it_compared() {
    let folder = tempfile::tempdir().unwrap();
    let output = bench(folder.path(), "dense", &["--json", "--values", "values"]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let rows = report["rows"].as_array().unwrap().iter();
    let cases: Vec<_> = rows.map(|row| (row["sets"].as_str(), row["batch"].as_u64())).collect();
    let sets = [Some("few"), Some("many")];
    let wanted = sets.iter().flat_map(|&sets| [1, 1024].map(|batch| (sets, Some(batch))));
    assert_eq!(cases, wanted.collect::<Vec<_>>());
    for file in ["samples.pbm", "hidden.pbm", "sets.txt", "last.json"] {
        assert!(folder.path().join("values/few").join(file).is_file(), "{file}");
    }
    let table = bench(folder.path(), "dense", &[]).output().unwrap();
    assert!(String::from_utf8(table.stdout).unwrap().contains("planes of samples"));
}

#[test]
fn bench_dense_times_the_classifier_of_a_run_from_its_images() {
    let folder = tempfile::tempdir().unwrap();
    digits::write_digits(folder.path());
    let strel = |args: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_strel"));
        command.current_dir(folder.path()).env("STREL_DATA_DIR", folder.path());
        command.args(args).output().unwrap()
    };
    let train = |name: &str, layers: &str| {
        let layers = format!("network.layers=[{layers}]");
        let settings = ["--set", &layers, "--set", "training.steps=20"];
        let trained =
            strel(&[&["train", "mnist", "--quiet", "--out", name], &settings[..]].concat());
        assert!(trained.status.success(), "{}", String::from_utf8_lossy(&trained.stderr));
    };
    train("sets", "{ sets = 12 }");
    let bench = ["bench", "dense", "--quick", "--values", "values", "--run"];
    let output = strel(&[&bench[..], &["sets", "--json"]].concat());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let trained = report["rows"].as_array().unwrap().last().unwrap();
    assert_eq!((&trained["sets"], &trained["batch"]), (&"trained".into(), &1024.into()));
    assert_eq!(trained["shape"][1], 12);
    assert_eq!(trained["source"], "images of bytes");
    let sets = fs::read_to_string(folder.path().join("values/trained/sets.txt")).unwrap();
    assert_eq!(sets.lines().filter(|line| line.starts_with("union")).count(), 6);

    train("windows", "{ window-sets = 2 }");
    let refused = strel(&[&bench[..], &["windows"]].concat());
    let error = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert_eq!(refused.status.code(), Some(2));
    assert!(error.contains("windows: expected a run of one layer of sets and scores"), "{error}");
}

#[test]
fn bench_train_prints_every_regularizer_and_writes_its_steps() {
    let folder = tempfile::tempdir().unwrap();
    digits::write_digits(folder.path());
    let bench = |args: &[&str]| {
        let mut command = bench(folder.path(), "train", args);
        command.env("STREL_DATA_DIR", folder.path()).output().unwrap()
    };
    let output = bench(&["--json", "--values", "values"]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    let tasks = report["tasks"].as_array().unwrap();
    let names: Vec<_> = tasks.iter().filter_map(|task| task["task"].as_str()).collect();
    assert_eq!(names, ["noisti", "mnist"]);
    for task in tasks {
        let rows = task["rows"].as_array().unwrap();
        let names: Vec<_> = rows.iter().filter_map(|row| row["regularizer"].as_str()).collect();
        assert_eq!(names, ["none", "constant", "uniform", "normal", "activable"]);
        for row in rows {
            let time = |key: &str| row[key].as_f64().unwrap();
            assert!(0.0 < time("least_seconds"), "{row}");
            assert!(time("least_seconds") <= time("median_seconds"), "{row}");
        }
    }
    assert!(report["threads"].as_u64().unwrap() > 0);

    let read = |name: &str| fs::read(folder.path().join("values").join(name)).unwrap();
    let step: Value = serde_json::from_slice(&read("noisti/step.json")).unwrap();
    let layers = step["layers"].as_array().unwrap();
    let weights = |layer: &Value| layer["bise"]["weights"].as_array().unwrap().len();
    assert_eq!(layers.iter().map(weights).collect::<Vec<_>>(), [150, 150]);
    assert!(step["loss"].as_f64().unwrap() > 0.0);
    assert!(read("noisti/inputs.pbm").starts_with(b"P4\n70 280\n"), "4 images of 70 rows");
    let step: Value = serde_json::from_slice(&read("mnist/step.json")).unwrap();
    assert_eq!(step["classes"].as_array().unwrap().len(), 4);
    assert_eq!(step["scores"]["weights"].as_array().unwrap().len(), 640);
    assert_eq!(read("mnist/weights.f32").len(), 4 * 64 * 784);
    assert!(read("mnist/inputs.pbm").starts_with(b"P4\n28 112\n"), "4 images of 28 rows");

    let table = String::from_utf8(bench(&[]).stdout).unwrap();
    assert!(table.contains("mnist: layers [Dense(64)]") && table.contains("activable"), "{table}");
    fs::remove_dir_all(folder.path().join("mnist")).unwrap();
    let table = String::from_utf8(bench(&[]).stdout).unwrap();
    assert!(table.contains("left out: mnist: ") && table.contains("noisti: channels"), "{table}");
}

#[test]
fn benchmarks_answer_a_script() {
    let cases = [
        "512 opening disk 3\n512 dilation line 7\n512 opening disk 3\n",
        "few 1\nmany 1\nfew 1\n",
        "noisti none\nnoisti activable\nnoisti none\n",
    ];
    for (what, lines) in ["engine", "dense", "train"].into_iter().zip(cases) {
        let output = ask(what, lines);
        let seconds = String::from_utf8(output.stdout).unwrap();
        let seconds: Vec<f64> = seconds.lines().map(|line| line.parse().unwrap()).collect();
        assert!(seconds.len() == 3 && seconds.iter().all(|&seconds| 0.0 < seconds), "{seconds:?}");
        assert_eq!(ask(what, "512 opening disk 4\n").status.code(), Some(2), "{what}");
    }
}
