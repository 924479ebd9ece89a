//! Bad input: an error that names file, place and expectation, exit code 2, nothing written.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

fn strel(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_strel")).current_dir(folder).args(arguments).output().unwrap()
}

/// Runs a command that must fail, and returns what it says.
#[track_caller]
fn refused(folder: &Path, arguments: &[&str], parts: &[&str]) {
    let output = strel(folder, arguments);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{arguments:?}: {said}");
    assert!(!said.contains("panicked"), "{arguments:?}: {said}");
    for part in parts {
        assert!(said.contains(part), "{arguments:?}: no `{part}` in: {said}");
    }
}

/// A folder with small images: `a/x.pbm` and `b/x.pbm` are a pair of 3x4 pixels.
fn images() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, content: &str| {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    };
    write("a/x.pbm", "P1\n4 3\n0110\n0000\n1001\n");
    write("b/x.pbm", "P1\n4 3\n0110\n0000\n1001\n");
    write("other-name/y.pbm", "P1\n4 3\n0110\n0000\n1001\n");
    write("other-size/x.pbm", "P1\n3 3\n011\n000\n100\n");
    write("grey.pgm", "P2\n2 1\n255\n5 251\n");
    write("empty.pbm", "P1\n0 3\n");
    write("cut.pbm", "P4\n64 64\nabc");
    write("text.png", "this is no image");
    write("foreign.safetensors", "\x02\0\0\0\0\0\0\0{}");
    write("unknown.toml", "[data.noisti]\n[network]\nchanels = [1, 1]\n");
    write("kernel.toml", "[data.noisti]\n[network]\nchannels = [1, 1]\nkernel = [0, 3]\n");
    let network = "[network]\nchannels = [1, 1]\n";
    let operator = "[data.operator]\nimages = 'diskorect'\ntarget = 'q3'\n";
    write("operator.toml", &format!("{operator}{network}"));
    let images = "[data.operator]\nimages = 'mnst'\ntarget = 'd3.3'\n";
    write("images.toml", &format!("{images}{network}"));
    let mnist = "[data.operator]\nimages = {mnist = {folder = 'nowhere'}}\ntarget = 'd3.3'\n";
    write("mnist.toml", &format!("{mnist}{network}"));
    write("full/file", "1");
    folder
}

/// A network that runs, made by the program itself in a second.
fn trained(folder: &Path) {
    let small = [
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
        "polish.budget=0",
    ];
    let output = strel(folder, &small);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn of_training() {
    let folder = images();
    let refused = |arguments: &[&str], parts: &[&str]| refused(folder.path(), arguments, parts);
    let pairs = |inputs: &'static str, targets: &'static str| {
        ["train", "pairs", "--inputs", inputs, "--targets", targets, "--out", "run"]
    };
    refused(&pairs("nowhere", "b"), &["nowhere", "No such file"]);
    refused(&pairs("a", "other-name"), &["a/x.pbm", "no partner", "other-name"]);
    refused(&pairs("a", "other-size"), &["x.pbm", "3 x 4", "3 x 3", "same size"]);
    refused(&pairs("a", "b"), &["image `x`", "no room for crops of 64 x 64"]);
    refused(&["train", "pairs"], &["--inputs", "--targets"]);
    refused(&["train", "noisti", "--inputs", "a"], &["--targets", "pairs"]);
    refused(&["train", "noise"], &["`noise`", "noisti, mnist, pairs", ".toml"]);
    refused(&["train", "nowhere.toml"], &["nowhere.toml", "No such file"]);
    refused(&["train", "unknown.toml"], &["unknown.toml", "chanels", "channels", "line 3"]);
    refused(&["train", "kernel.toml"], &["kernel.toml", "`kernel`", "[0, 3]", "1 to 63"]);
    refused(&["train", "noisti", "--set", "training.stepz=1"], &["stepz", "did you mean `steps`?"]);
    refused(&["train", "noisty"], &["`noisty`", "did you mean `noisti`?"]);
    refused(&["train", "noisti", "--seed", "one"], &["--seed", "one"]);
    refused(&["train", "noisti", "--out", "full"], &["full", "not empty", "--resume"]);
    refused(&["train", "noisti", "--out", "full/file/run"], &["full/file/run", "Not a directory"]);
    refused(&["train", "nowhere", "--resume"], &["nowhere", "no run"]);
    refused(&["train", "operator.toml"], &["operator.toml", "character 1", "'q'", "line 3"]);
    refused(&["train", "images.toml"], &["images.toml", "`mnst`", "mnist", "line 2"]);
    let files = ["nowhere", "t", "train-images-idx3-ubyte.gz"];
    refused(&["train", "mnist.toml"], &files);
    for run in ["run", "runs"] {
        assert!(!folder.path().join(run).exists(), "nothing was written");
    }
}

#[test]
fn of_networks() {
    let folder = images();
    trained(folder.path());
    let whole = fs::read(folder.path().join("run/network.safetensors")).unwrap();
    fs::write(folder.path().join("cut.safetensors"), &whole[..whole.len() - 1]).unwrap();
    let refused = |arguments: &[&str], parts: &[&str]| refused(folder.path(), arguments, parts);
    for command in ["show", "certify", "binarize"] {
        refused(&[command, "nowhere"], &["nowhere"]);
        refused(&[command, "cut.safetensors"], &["cut.safetensors"]);
        refused(&[command, "foreign.safetensors"], &["foreign.safetensors"]);
        refused(&[command, "text.png"], &["text.png"]);
        refused(&[command, "a"], &["folder a is no run", "config.toml"]);
    }
    refused(&["certify", "run/network.safetensors"], &["binarized", "float"]);
    refused(&["apply", "run/float.safetensors", "a/x.pbm", "--out", "o"], &["strel binarize"]);
    refused(&["binarize", "run/float.safetensors"], &["--out"]);
    refused(&["show", "run", "--plan", "512"], &["512", "HEIGHTxWIDTH"]);
    refused(&["binarize", "run", "--out", "full/file/n"], &["full/file/n"]);
    refused(&["show", "run", "--svg", "full/file/n.svg"], &["full/file/n.svg"]);
    refused(&["eval", "run"], &["--data", "--inputs"]);
    refused(&["eval", "run", "--inputs", "a"], &["--targets"]);
    refused(&["eval", "run", "--data", "sticks"], &["sticks", "noisti"]);
    refused(&["eval", "run", "--inputs", "a", "--targets", "other-size"], &["3 x 4", "3 x 3"]);
}

#[test]
fn of_images() {
    let folder = images();
    trained(folder.path());
    let refused = |image: &'static str, parts: &[&str]| {
        refused(folder.path(), &["apply", "run", image, "--out", "o"], parts);
        let noise = ["data", "noise", image, "--out", "o"];
        self::refused(folder.path(), &noise, parts);
    };
    refused("nowhere.png", &["nowhere.png", "No such file"]);
    refused("a", &["a"]);
    refused("grey.pgm", &["grey.pgm", "grey", "--threshold"]);
    refused("empty.pbm", &["empty.pbm", "0"]);
    refused("cut.pbm", &["cut.pbm"]);
    refused("text.png", &["text.png"]);
    let left = fs::read_dir(folder.path().join("o")).unwrap().count();
    assert_eq!(left, 0, "no half-written file");
}

#[test]
fn of_sequences() {
    let folder = images();
    let refused = |arguments: &[&str], parts: &[&str]| {
        self::refused(folder.path(), &[&["morph"], arguments].concat(), parts);
    };
    let sequence = |text: &'static str| [text, "a/x.pbm", "--out", "x.png"];
    refused(&sequence("o5.5 + q3.3"), &["character 8", "expected an operator", "'q'"]);
    refused(&sequence("o5"), &["character 3", "the height", "the end"]);
    refused(&sequence("d4000.4000"), &["character 2", "1048576"]);
    refused(&["o2.2", "a/x.pbm"], &["--out"]);
    refused(&["o2.2", "a/x.pbm", "--out", "x.png", "--border", "round"], &["replicate", "round"]);
    refused(&["o2.2", "grey.pgm", "--out", "x.png"], &["grey.pgm", "--threshold"]);
    refused(&["o2.2", "cut.pbm", "--out", "x.pbm"], &["cut.pbm", "expected 64 rows"]);
    refused(&["o2.2", "nowhere.tif", "--out", "x.pbm"], &["nowhere.tif", "No such file"]);
    refused(&["o2.2", "a/x.pbm", "--out", "a/x.pbm"], &["overwrite", "--out"]);
    refused(&["o2.2", "a/x.pbm", "--out", "a", "--format", "pbm"], &["overwrite", "--out"]);
    refused(&["o2.2", "a/x.pbm", "--out", "x.png", "--format", "tif"], &["x.png", "--format"]);
    refused(&["o2.2", "a/x.pbm", "b/x.pbm", "--out", "x.png"], &["x.png", "a folder"]);
    refused(&["o2.2", "a/x.pbm", "b/x.pbm", "--out", "o"], &["a/x.pbm", "b/x.pbm", "names"]);
    refused(&["o2.2", "a/x.pbm", "--out", "full/file/x.png"], &["full/file/x.png"]);
    for name in ["x.png", "x.pbm", "o"] {
        assert!(!folder.path().join(name).exists(), "{name}");
    }
}

#[test]
fn of_places_for_results() {
    let folder = images();
    trained(folder.path());
    let refused = |arguments: &[&str], parts: &[&str]| refused(folder.path(), arguments, parts);
    refused(&["apply", "run", "a/x.pbm", "--out", "full/file/o"], &["full/file/o"]);
    refused(
        &["apply", "run", "a/x.pbm", "b/x.pbm", "--out", "o"],
        &["a/x.pbm", "b/x.pbm", "names"],
    );
    refused(&["apply", "run", "a/x.pbm", "--out", "a", "--format", "pbm"], &["overwrite", "--out"]);
    refused(&["apply", "run", "a/x.pbm", "--out", "o", "--threads", "0"], &["--threads"]);
    refused(&["data", "noise", "a/x.pbm", "--out", "o", "--probability", "2"], &["0 to 1"]);
    refused(&["data", "noisti", "--out", "full/file/o"], &["full/file/o"]);
    refused(&["data", "diskorect", "--out", "full/file/o"], &["full/file/o"]);
    refused(&["data", "diskorect", "--out", "o", "--target", "o5"], &["--target", "the height"]);
    refused(&["data", "fetch", "mnist", "--out", "full/file/o"], &["full/file/o"]);
    refused(&["certify", "run", "--out", "full/file/c.json"], &["full/file/c.json"]);
}

#[test]
fn of_the_environment() {
    let folder = images();
    let output = Command::new(env!("CARGO_BIN_EXE_strel"))
        .current_dir(folder.path())
        .env("STREL_KERNEL", "abacus")
        .args(["data", "noise", "a/x.pbm", "--out", "o"])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains("abacus") && said.contains("portable"), "{said}");
    let nobody = "http://127.0.0.1:1/mnist";
    refused(folder.path(), &["data", "fetch", "mnist", "--out", "o", "--from", nobody], &[nobody]);
}

#[test]
fn of_polishing() {
    let folder = images();
    let at = folder.path();
    trained(at);
    let polish = |network, inputs, targets| {
        ["polish", network, "--inputs", inputs, "--targets", targets, "--out", "p.safetensors"]
    };
    refused(at, &polish("none", "a", "b"), &["none"]);
    refused(at, &polish("run/float.safetensors", "a", "b"), &["float network", "binarize"]);
    refused(at, &polish("run", "a", "none"), &["none"]);
    refused(at, &polish("run", "a", "other-name"), &["no partner"]);
    refused(at, &polish("run", "a", "other-size"), &["3 x 4", "3 x 3", "same size"]);
    let alone = [&polish("run", "a", "b")[..], &["--valid-inputs", "a"]].concat();
    refused(at, &alone, &["--valid-targets"]);
    assert!(!at.join("p.safetensors").exists());
}
