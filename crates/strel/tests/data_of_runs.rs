//! The images that a run learns from: which they are, that they stay the same, and what is odd of them.

mod common;

use std::fs;
use std::path::Path;

use strel::image::BitImage;
use strel::image::GreyImage;
use strel::image::files::{Foreground, write, write_grey};

use common::program::{refused, strel, told};
use common::tree;

/// What makes a training on pairs short.
const SHORT: [&str; 14] = [
    "--quiet",
    "--json",
    "--set",
    "training.steps=4",
    "--set",
    "training.batch=1",
    "--set",
    "training.validation=1",
    "--set",
    "training.judges=1",
    "--set",
    "data.pairs.crop=8",
    "--set",
    "polish.budget=0",
];

fn page(of: usize) -> BitImage {
    BitImage::from_fn(40, 40, move |row, col| (row * 7 + col * (of + 3)) % 11 < 3)
}

/// Writes two pairs; the targets are another pattern.
fn write_pairs(at: &Path, names: [&str; 2]) {
    for (index, name) in names.iter().enumerate() {
        for (folder, image) in [("inputs", page(index)), ("targets", page(index + 2))] {
            fs::create_dir_all(at.join(folder)).unwrap();
            write(at.join(folder).join(format!("{name}.png")), &image, Foreground::Black).unwrap();
        }
    }
}

/// Trains, and returns what is said beside the result.
fn notes(at: &Path, out: &str, settings: &[&str]) -> String {
    let folders = ["train", "pairs", "--inputs", "inputs", "--targets", "targets", "--out", out];
    let settings: Vec<&str> = settings.iter().flat_map(|setting| ["--set", setting]).collect();
    let output = strel(at, &[&folders[..], &SHORT, &settings].concat());
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{said}");
    said
}

#[test]
fn a_run_goes_on_from_any_folder_with_the_same_images() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    write_pairs(at, ["a", "b"]);
    assert_eq!(notes(at, "run", &[]), "");
    fs::remove_dir_all(at.join("run/checkpoint")).unwrap();
    let finished = tree::files(&at.join("run"));
    fs::create_dir_all(at.join("elsewhere/inputs")).unwrap();
    told(&at.join("elsewhere"), &["train", "../run", "--resume", "--quiet"]);
    let again = tree::files(&at.join("run"));
    let network = at.join("run/network.safetensors");
    assert!(again[&network] == finished[&network], "the same images, so the same bits");
    told(&at.join("elsewhere"), &["binarize", "../run"]);

    let changed = |change: &dyn Fn(), said: &str, back: &dyn Fn()| {
        change();
        let before = tree::files(&at.join("run"));
        for command in [&["train", "run", "--resume", "--quiet"][..], &["binarize", "run"]] {
            let told = refused(at, command);
            assert!(told.contains("has changed since it began") && told.contains(said), "{told}");
            assert!(tree::files(&at.join("run")) == before, "{command:?}");
        }
        back();
        told(at, &["train", "run", "--resume", "--quiet"]);
    };
    let [first, second] = ["targets/a.png", "targets/b.png"].map(|name| at.join(name));
    let old = fs::read(&first).unwrap();
    // Of the same size in bytes, even.
    let mut other = old.clone();
    *other.last_mut().unwrap() ^= 1;
    changed(&|| fs::write(&first, &other).unwrap(), "targets/a.png has another content", &|| {
        fs::write(&first, &old).unwrap()
    });
    let [input, target] = ["inputs/new.png", "targets/new.png"].map(|name| at.join(name));
    changed(
        &|| {
            fs::copy(&second, &input).unwrap();
            fs::copy(&second, &target).unwrap();
        },
        "inputs/new.png is new",
        &|| {
            fs::remove_file(&input).unwrap();
            fs::remove_file(&target).unwrap();
        },
    );
    let [input, target] = ["inputs/b.png", "targets/b.png"].map(|name| at.join(name));
    let away = [at.join("b-input"), at.join("b-target")];
    changed(
        &|| {
            fs::rename(&input, &away[0]).unwrap();
            fs::rename(&target, &away[1]).unwrap();
        },
        "inputs/b.png is not there",
        &|| {
            fs::rename(&away[0], &input).unwrap();
            fs::rename(&away[1], &target).unwrap();
        },
    );
}

#[test]
fn a_run_of_a_data_set_names_its_folder_and_files() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    common::shapes::write_shapes(&at.join("shapes"));
    let settings =
        ["data.mnist.folder=shapes", "network.layers=[{ dense = 4 }]", "training.steps=4"];
    let settings: Vec<&str> = settings.iter().flat_map(|setting| ["--set", setting]).collect();
    told(at, &[&["train", "mnist", "--quiet", "--out", "run"], &settings[..]].concat());
    let config = fs::read_to_string(at.join("run/config.toml")).unwrap();
    let absolute = at.join("shapes");
    assert!(config.contains(&format!("folder = \"{}\"", absolute.display())), "{config}");
    fs::create_dir(at.join("elsewhere")).unwrap();
    told(&at.join("elsewhere"), &["eval", "../run"]);
    told(&at.join("elsewhere"), &["train", "../run", "--resume", "--quiet"]);
    let labels = absolute.join("train-labels-idx1-ubyte");
    let mut changed = fs::read(&labels).unwrap();
    *changed.last_mut().unwrap() ^= 1;
    fs::write(&labels, changed).unwrap();
    let said = refused(at, &["train", "run", "--resume", "--quiet"]);
    assert!(said.contains("train-labels-idx1-ubyte has another content"), "{said}");
}

#[test]
fn names_are_compared_as_unicode_does() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    // One character, or a letter and an accent.
    let (composed, decomposed) = ("caf\u{e9}", "cafe\u{301}");
    write_pairs(at, ["a", composed]);
    let file = |folder: &str, name: &str| at.join(folder).join(format!("{name}.png"));
    if file("targets", decomposed).exists() {
        eprintln!("skipped: this file system takes both names for one");
        return;
    }
    fs::rename(file("targets", composed), file("targets", decomposed)).unwrap();
    assert_eq!(notes(at, "run", &[]), "");
    let eval = ["eval", "run", "--inputs", "inputs", "--targets", "targets"];
    assert!(told(at, &eval).contains(composed));
    fs::copy(file("targets", "a"), file("targets", composed)).unwrap();
    assert!(refused(at, &eval).contains("have the same name"));
}

#[test]
fn files_that_are_no_images_are_passed_over() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    write_pairs(at, ["a", "b"]);
    fs::write(at.join("inputs/.DS_Store"), "Bud1").unwrap();
    fs::write(at.join("inputs/Thumbs.db"), "thumbs").unwrap();
    fs::write(at.join("targets/a.txt"), "about a").unwrap();
    fs::write(at.join("targets/z.md"), "").unwrap();
    // An image is one whatever its name ends with.
    fs::rename(at.join("targets/b.png"), at.join("targets/b.scan")).unwrap();
    let said = notes(at, "run", &[]);
    assert!(
        said.contains("note: Thumbs.db in folder ") && said.contains("inputs is no image"),
        "{said}"
    );
    assert!(said.contains("note: 2 files in folder ") && said.contains("a.txt to z.md"), "{said}");
    assert!(!said.contains("DS_Store"), "{said}");
    let pairs = ["--inputs", "inputs", "--targets", "targets"];
    let polish = ["polish", "run", "--budget", "1", "--quiet", "--out", "p.safetensors"];
    for command in [&["eval", "run"][..], &polish] {
        let output = strel(at, &[command, &pairs].concat());
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && said.contains("note: Thumbs.db"), "{command:?}: {said}");
    }
    // What is called an image and is none is an error, not passed over.
    fs::write(at.join("inputs/c.png"), "no image").unwrap();
    fs::write(at.join("targets/c.png"), "no image").unwrap();
    let said = refused(at, &[&["eval", "run"][..], &pairs].concat());
    assert!(said.contains("inputs/c.png: expected a PNG"), "{said}");
    // All of them, one a line.
    fs::write(at.join("inputs/d.png"), "").unwrap();
    fs::write(at.join("targets/d.png"), "").unwrap();
    let train = [&["train", "pairs", "--out", "new"], &pairs[..], &SHORT].concat();
    for command in [[&["eval", "run"], &pairs[..]].concat(), train, [&polish[..], &pairs].concat()]
    {
        let said = refused(at, &command);
        assert!(said.contains("inputs/c.png: ") && said.contains("\ninputs/d.png: "), "{said}");
    }
}

#[test]
fn foreground_and_thresholds_are_those_of_the_configuration() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    for name in ["a", "b"] {
        // Inputs: levels 10 and 200; targets: 100 and 120, the ink white.
        for (folder, dark, light) in [("inputs", 10, 200), ("targets", 100, 120)] {
            let levels = (0..1600).map(|place| {
                if place == 0 {
                    return dark + 1;
                }
                if place % 7 == usize::from(folder == "targets") { light } else { dark }
            });
            fs::create_dir_all(at.join(folder)).unwrap();
            let image = GreyImage::new(40, 40, levels.collect()).unwrap();
            write_grey(at.join(folder).join(name).with_extension("png"), &[image]).unwrap();
        }
    }
    let white = "data.pairs.foreground=white";
    let both = [white, "data.pairs.threshold=128", "data.pairs.target-threshold=110"];
    assert_eq!(notes(at, "run", &both), "");
    let config = fs::read_to_string(at.join("run/config.toml")).unwrap();
    assert!(config.contains("foreground = \"white\"\n"), "{config}");
    assert!(config.contains("threshold = 128\ntarget-threshold = 110\n"), "{config}");
    let said = notes(at, "black", &["data.pairs.foreground=black", both[1], both[2]]);
    assert!(said.contains("foreground, which is black: did you mean white foreground?"), "{said}");

    let eval = ["eval", "run", "--inputs", "inputs", "--targets", "targets", "--json"];
    let options = ["--foreground", "white", "--threshold", "128", "--target-threshold", "110"];
    let scores: serde_json::Value =
        serde_json::from_str(&told(at, &[&eval[..], &options].concat())).unwrap();
    // Inputs and targets are columns of their own.
    assert_eq!(scores["mean"]["input"], 0.0);
    let polish = [
        "polish",
        "run",
        "--inputs",
        "inputs",
        "--targets",
        "targets",
        "--out",
        "p",
        "--budget",
        "1",
    ];
    told(at, &[&polish[..], &options].concat());

    let train = ["train", "pairs", "--inputs", "inputs", "--targets", "targets", "--out", "new"];
    let refusals = [
        ("data.pairs.white-foreground=true", "foreground"),
        ("data.pairs.foreground=grey", "grey"),
    ];
    for (setting, told) in refusals {
        let said = refused(at, &[&train[..], &["--set", setting]].concat());
        assert!(said.contains(told), "{said}");
    }
    let grey = ["--set", "data.pairs.levels=3", "--set", "data.pairs.target-threshold=3"];
    assert!(refused(at, &[&train[..], &grey].concat()).contains("both given"));
    assert!(!at.join("new").exists());
}

#[test]
fn pairs_that_teach_nothing_are_told() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    write_pairs(at, ["a", "b"]);
    let fill = |folder: &str, image: &dyn Fn(usize) -> BitImage| {
        for (index, name) in ["a", "b"].iter().enumerate() {
            let path = at.join(folder).join(name).with_extension("png");
            write(path, &image(index), Foreground::Black).unwrap();
        }
    };
    let empty = |_: usize| BitImage::new(40, 40);
    let full = |_: usize| BitImage::new(40, 40).complement();
    fill("targets", &empty);
    let said = notes(at, "empty", &[]);
    assert!(
        said.starts_with("note: each target is empty, without a pixel of foreground"),
        "{said}"
    );
    let summary = fs::read_to_string(at.join("empty/summary.json")).unwrap();
    assert!(summary.contains("each target is empty"), "the summary says so, too");
    let report = fs::read_to_string(at.join("empty/report.html")).unwrap();
    assert!(report.contains("each target is empty"), "and the report");
    let eval = ["eval", "empty", "--inputs", "inputs", "--targets", "targets"];
    let output = strel(at, &eval);
    assert!(String::from_utf8_lossy(&output.stderr).contains("note: each target is empty"));

    fill("targets", &full);
    assert!(notes(at, "full", &[]).starts_with("note: each target is full"));
    fill("targets", &page);
    let said = notes(at, "equal", &[]);
    assert!(said.starts_with("note: each input equals its target"), "{said}");
    fill("inputs", &empty);
    assert!(notes(at, "no-ink", &[]).starts_with("note: each input is empty"));
}
