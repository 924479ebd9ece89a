//! A folder of small files, good and bad ones, and a run that is trained in a second.

use std::fs;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

use super::shapes;

/// Arguments of a training that takes no time.
const TRAINING: [&str; 21] = [
    "train",
    "noisti",
    "--out",
    "run",
    "--quiet",
    "--set",
    "training.steps=4",
    "--set",
    "training.batch=1",
    "--set",
    "network.channels=[1, 1]",
    "--set",
    "network.kernel=[1, 3]",
    "--set",
    "training.validation=1",
    "--set",
    "training.judges=1",
    "--set",
    "data.noisti.size=24",
    "--set",
    "polish.budget=0",
];

const FILES: [(&str, &[u8]); 25] = [
    ("a/x.pbm", b"P1\n4 3\n0110\n0000\n1001\n"),
    ("b/x.pbm", b"P1\n4 3\n0110\n0000\n1001\n"),
    ("other-name/y.pbm", b"P1\n4 3\n0110\n0000\n1001\n"),
    ("other-size/x.pbm", b"P1\n3 3\n011\n000\n100\n"),
    ("no-image/notes.txt", b"none"),
    ("full/file", b"1"),
    ("grey/x.pgm", b"P2\n4 3\n255\n0 9 9 0\n0 5 0 0\n9 0 0 9\n"),
    ("grey.pgm", b"P2\n3 1\n255\n5 128 251\n"),
    ("no-pixels.pbm", b"P1\n0 3\n"),
    ("cut.pbm", b"P4\n64 64\nabc"),
    ("huge.pbm", b"P4\n4000000000 4000000000\nabc"),
    ("text.png", b"this is no image"),
    ("empty", b""),
    ("foreign.safetensors", b"\x02\0\0\0\0\0\0\0{}"),
    ("empty.toml", b""),
    ("bytes.toml", b"\xff\xfe"),
    ("no-data.toml", b"[network]\nchannels = [1, 1]\n"),
    ("unknown.toml", b"[data.noisti]\n[network]\nchanels = [1, 1]\n"),
    ("kernel.toml", b"[data.noisti]\n[network]\nchannels = [1, 1]\nkernel = [0, 3]\n"),
    (
        "operator.toml",
        b"[data.operator]\nimages = 'diskorect'\ntarget = 'q3'\n[network]\nchannels = [1, 1]\n",
    ),
    (
        "images.toml",
        b"[data.operator]\nimages = 'mnst'\ntarget = 'd3.3'\n[network]\nchannels = [1, 1]\n",
    ),
    ("sweep-torn.toml", b"base = 'noisti'\n[parameters\n"),
    ("sweep-key.toml", b"base = 'noisti'\ntrails = 2\n[parameters]\n"),
    ("sweep-trials.toml", b"base = 'noisti'\ntrials = 0\n[parameters]\n"),
    ("sweep-base.toml", b"base = 'noisty'\ntrials = 2\n[parameters]\n"),
];

/// Sweeps around noisti: a name, and what is tried.
const SWEEPS: [(&str, &str); 8] = [
    ("sweep.toml", "seed = { integer = [0, 9] }"),
    ("sweep-kind.toml", "seed = { integr = [0, 9] }"),
    ("sweep-order.toml", "seed = { integer = [9, 0] }"),
    ("sweep-log.toml", "\"training.learning-rate\" = { log = [0.0, 0.1] }"),
    ("sweep-uniform.toml", "\"training.learning-rate\" = { uniform = [0.0, nan] }"),
    ("sweep-choice.toml", "\"training.batch\" = { choice = [] }"),
    ("sweep-parameter.toml", "\"training.learning-rat\" = { log = [0.01, 0.1] }"),
    ("sweep-value.toml", "\"training.batch\" = { choice = [0, -1] }"),
];

/// The folder: `a/x.pbm` and `b/x.pbm` are a pair of 3x4 pixels, `run` is a finished run.
pub fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, content) in FILES {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    for (name, parameter) in SWEEPS {
        let sweep = format!("base = 'noisti'\ntrials = 2\n[parameters]\n{parameter}\n");
        fs::write(folder.path().join(name), sweep).unwrap();
    }
    let mut training = Command::new(env!("CARGO_BIN_EXE_strel"));
    let output = training.current_dir(folder.path()).args(TRAINING).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    damage(folder.path());
    folder
}

/// Trains a classifier of images of 8x8 pixels into `classes`, which takes no time, either.
pub fn train_classifier(folder: &Path) {
    shapes::write_shapes(&folder.join("shapes"));
    let settings = [
        "data.mnist.folder='shapes'",
        "data.mnist.validation=0.2",
        "network.layers=[{ dense = 4 }]",
        "training.steps=4",
    ];
    let settings = settings.iter().flat_map(|setting| ["--set", setting]);
    let mut training = Command::new(env!("CARGO_BIN_EXE_strel"));
    training.current_dir(folder).args(["train", "mnist", "--out", "classes", "--quiet"]);
    let output = training.args(settings).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// Adds files and runs that were whole once.
fn damage(folder: &Path) {
    let read = |name: &str| fs::read(folder.join("run").join(name)).unwrap();
    let write = |name: &str, content: &[u8]| fs::write(folder.join(name), content).unwrap();
    let network = read("network.safetensors");
    write("cut.safetensors", &network[..network.len() - 1]);
    let mut float = read("float.safetensors");
    let end = float.len();
    float[end - 4..].copy_from_slice(&f32::NAN.to_le_bytes());
    write("nan.safetensors", &float);
    let certificate = read("certificate.json");
    write("cut.json", &certificate[..certificate.len() / 2]);
    let other = String::from_utf8(certificate).unwrap().replace("\"neurons\"", "\"nerons\"");
    write("misspelt.json", other.as_bytes());
    for (run, file, content) in [
        ("bad-config", "config.toml", &b"[data"[..]),
        ("bad-log", "metrics.jsonl", &b"{\"step\": 1\n"[..]),
        ("bad-network", "network.safetensors", &b"12345678"[..]),
    ] {
        copy(&folder.join("run"), &folder.join(run));
        write(&format!("{run}/{file}"), content);
    }
    fs::create_dir(folder.join("unfinished")).unwrap();
    fs::copy(folder.join("run/config.toml"), folder.join("unfinished/config.toml")).unwrap();
}

/// Copies a folder and all that is in it.
pub fn copy(from: &Path, to: &Path) {
    fs::create_dir(to).unwrap();
    for entry in fs::read_dir(from).unwrap().map(Result::unwrap) {
        let (path, target) = (entry.path(), to.join(entry.file_name()));
        if path.is_dir() {
            copy(&path, &target);
        } else {
            fs::copy(path, target).unwrap();
        }
    }
}
