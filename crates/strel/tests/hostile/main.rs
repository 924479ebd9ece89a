//! Hostile input: random arguments, and files that were cut, flipped and mixed. Whatever comes in, the program
//! neither panics nor dies, and its exit code is 0, 1 or 2.
//!
//! The inputs come from a seed. `STREL_HOSTILE=N` tries N of each kind instead of a few; `STREL_HOSTILE_SEED=N`,
//! others.
#![cfg(unix)]

#[path = "../common/mod.rs"]
mod common;
mod mutate;
mod program;

use std::fs;
use std::path::Path;

use common::{shapes, small};
use program::strel;
use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};

/// Commands that work; what is random is made of these.
const COMMANDS: [&str; 19] = [
    "train small.toml --out new --quiet",
    "train small.toml --out new --set training.steps=2 --seed 1 --json",
    "train run --resume --quiet",
    "binarize run --method lossless --out new.safetensors",
    "binarize run",
    "polish run --inputs a --targets b --budget 50 --reach 2 --out new.safetensors --json",
    "certify run --budget 10 --json",
    "certify run/float.safetensors run/network.safetensors --out new.json",
    "certify run --replay run/certificate.json",
    "eval run --inputs a --targets b --json",
    "eval run --data noisti --count 2 --seed 3",
    "apply run a/x.pbm --out o --format tif --threads 1",
    "morph o2.2+c3.3 a/x.pbm --out new.png --border zero",
    "show run --plan 64x64",
    "show run --svg new.svg --html new.html",
    "export run --to c --out new.c --words 64",
    "export run --to verilog --out new.v",
    "data noise a/x.pbm --out o --probability 0.5 --seed 2",
    "data diskorect --out o --count 1 --target o3.3",
];

/// Files, and a command that reads each.
const FILES: [(&str, &str); 24] = [
    ("small.toml", "train small.toml --out new --quiet"),
    ("run/config.toml", "train run --resume --quiet"),
    ("run/metrics.jsonl", "train run --resume --quiet"),
    ("run/checkpoint/step-4.safetensors", "train run --resume --quiet"),
    ("run/network.safetensors", "show run --html new.html"),
    ("run/network.safetensors", "apply run a/x.pbm --out o"),
    ("run/network.safetensors", "certify run --budget 10"),
    ("run/network.safetensors", "export run --to c --out new.c"),
    ("run/float.safetensors", "show run/float.safetensors"),
    ("run/float.safetensors", "certify run --budget 10"),
    (
        "run/float.safetensors",
        "binarize run/float.safetensors --method lossless --out new.safetensors",
    ),
    ("run/certificate.json", "certify run --replay run/certificate.json"),
    ("run/certificate.json", "show run --html new.html"),
    ("classes/network.safetensors", "show classes"),
    ("classes/float.safetensors", "certify classes --budget 10"),
    ("image.png", "morph e3.3 image.png --out new.png"),
    ("image.tif", "morph e3.3 image.tif --out new.tif"),
    ("image.pbm", "morph e3.3 image.pbm --out new.pbm"),
    ("grey.pgm", "morph e3.3 grey.pgm --threshold 100 --out new.png"),
    ("image.png", "apply run image.png --out o"),
    ("image.tif", "data noise image.tif --out o"),
    ("shapes/train-images-idx3-ubyte", "train classes.toml --out new --quiet"),
    ("shapes/train-labels-idx1-ubyte", "train classes.toml --out new --quiet"),
    ("classes.toml", "train classes.toml --out new --quiet"),
];

const SMALL: &str = "\
[data.noisti]
size = 24
sticks = 4

[network]
channels = [1, 2, 1]
kernel = [3, 3]

[training]
steps = 4
batch = 1
validation = 1
judges = 1

[polish]
budget = 20
pairs = 2
reach = 2
";

const CLASSES: &str = "\
[data.mnist]
folder = 'shapes'
validation = 0.2

[network]
layers = [{ bisel = 2 }, 'max-pool', { dense = 6 }]
kernel = [3, 3]

[training]
steps = 4
batch = 4
loss = 'cross-entropy'
free = 1.0
";

fn number(variable: &str, default: u64) -> u64 {
    std::env::var(variable).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

/// A folder in which all of these commands work.
fn folder() -> tempfile::TempDir {
    let folder = small::folder();
    let at = folder.path();
    fs::write(at.join("small.toml"), SMALL).unwrap();
    fs::write(at.join("classes.toml"), CLASSES).unwrap();
    shapes::write_shapes(&at.join("shapes"));
    for command in [
        "train classes.toml --out classes --quiet",
        "data diskorect --out d --count 1 --seed 4",
        "morph ! d/inputs/00000.png --out image.png",
        "morph ! image.png --out image.tif",
        "morph ! image.png --out image.pbm",
    ] {
        assert_eq!(strel(at, command.split(' '), command), Some(0), "{command}");
    }
    folder
}

/// Removes what commands write.
fn tidy(folder: &Path) {
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let (path, name) = (entry.path(), entry.file_name());
        let name = name.to_string_lossy();
        match name.starts_with("new") || *name == *"o" || *name == *"runs" {
            true if path.is_dir() => fs::remove_dir_all(path).unwrap(),
            true => fs::remove_file(path).unwrap(),
            false => {}
        }
    }
}

#[test]
fn random_arguments_are_answered() {
    let outer = folder();
    // A folder in a folder, so that `..` is no harm.
    let at = outer.path().join("new-work");
    small::copy(outer.path(), &outer.path().with_extension("copy"));
    fs::rename(outer.path().with_extension("copy"), &at).unwrap();
    let seed = number("STREL_HOSTILE_SEED", 1);
    for index in 0..number("STREL_HOSTILE", 400) {
        let mut rng = ChaCha8Rng::seed_from_u64(seed << 32 | index);
        let command = COMMANDS[rng.random_range(0..COMMANDS.len())];
        let arguments = mutate::arguments(&mut rng, command);
        strel(&at, &arguments, &format!("arguments {index}: {arguments:?}"));
        tidy(&at);
        let whole = at.join("run/summary.json").is_file() && at.join("small.toml").is_file();
        assert!(whole, "arguments {index}: {arguments:?} has removed a file");
    }
}

#[test]
fn damaged_files_are_answered() {
    let folder = folder();
    let at = folder.path();
    small::copy(&at.join("run"), &at.join("kept-run"));
    let seed = number("STREL_HOSTILE_SEED", 1);
    let (mut refused, mut all) = (0, 0);
    for (kind, (file, command)) in (0..).zip(FILES) {
        let whole = fs::read(at.join(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
        for index in 0..number("STREL_HOSTILE", 12) {
            let mut rng = ChaCha8Rng::seed_from_u64(seed << 32 | kind << 16 | index);
            let damaged = mutate::file(&mut rng, &whole);
            fs::write(at.join(file), &damaged).unwrap();
            let place = format!("{file} of kind {kind}, damage {index}: {command}");
            let code = strel(at, command.split(' '), &place);
            refused += u32::from(code == Some(2));
            all += 1;
            tidy(at);
            fs::write(at.join(file), &whole).unwrap();
            if command.contains("--resume") {
                fs::remove_dir_all(at.join("run")).unwrap();
                small::copy(&at.join("kept-run"), &at.join("run"));
            }
        }
    }
    // Some damage does no harm, but most does.
    assert!(refused * 2 > all, "{refused} of {all} are refused");
}
