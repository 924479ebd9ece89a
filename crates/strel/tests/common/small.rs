//! A folder of small files, good and bad ones, and a run that is trained in a second.

use std::fs;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

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

const FILES: [(&str, &[u8]); 20] = [
    ("a/x.pbm", b"P1\n4 3\n0110\n0000\n1001\n"),
    ("b/x.pbm", b"P1\n4 3\n0110\n0000\n1001\n"),
    ("other-name/y.pbm", b"P1\n4 3\n0110\n0000\n1001\n"),
    ("other-size/x.pbm", b"P1\n3 3\n011\n000\n100\n"),
    ("no-image/notes.txt", b"none"),
    ("full/file", b"1"),
    ("grey.pgm", b"P2\n2 1\n255\n5 251\n"),
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
];

/// The folder: `a/x.pbm` and `b/x.pbm` are a pair of 3x4 pixels, `run` is a finished run.
pub fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, content) in FILES {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }
    let mut training = Command::new(env!("CARGO_BIN_EXE_strel"));
    let output = training.current_dir(folder.path()).args(TRAINING).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    damage(folder.path());
    folder
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
