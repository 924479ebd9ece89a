//! Grey and coloured images on the command line, by their level sets.

mod common;

use std::fs;
use std::path::{Path, PathBuf};

use strel::image::files::{Foreground, read_grey, write_grey};
use strel::image::{Border, GreyImage, LevelSets, StructuringElement, open};

use common::program::{refused, strel, told};

/// Smooth ramps of some planes, and the same with dark and light specks.
fn image(planes: usize, size: usize, specks: bool) -> Vec<GreyImage> {
    let plane = |plane: usize| {
        let level = |place: usize| {
            let (row, col) = (place / size, place % size);
            let random = (place * 7919 + plane * 104729) % 9973;
            match specks && random.is_multiple_of(17) {
                true if random.is_multiple_of(2) => 0,
                true => 255,
                false => (40 + (3 * row + (plane + 1) * col) % 160) as u8,
            }
        };
        GreyImage::new(size, size, (0..size * size).map(level).collect()).unwrap()
    };
    (0..planes).map(plane).collect()
}

#[test]
fn morph_opens_grey_and_coloured_images() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let square = StructuringElement::rectangle(3, 3).unwrap();
    for planes in [1, 3] {
        let original = image(planes, 40, true);
        write_grey(at.join("x.png"), &original).unwrap();
        for (foreground, colour) in [("black", Foreground::Black), ("white", Foreground::White)] {
            let sequence = ["morph", "o3.3", "x.png", "--out", "y.png", "--levels", "255"];
            told(at, &[&sequence[..], &["--foreground", foreground]].concat());
            let sets = LevelSets::new(255, colour).unwrap();
            let opened = |plane: &GreyImage| {
                let opened =
                    sets.apply(plane, |set| Ok::<_, ()>(open(set, &square, Border::Neutral)));
                opened.unwrap().image
            };
            let expected: Vec<GreyImage> = original.iter().map(opened).collect();
            assert_eq!(read_grey(at.join("y.png")).unwrap(), expected, "{planes} {foreground}");
        }
    }
    let said = strel(at, &["morph", "!", "x.png", "--out", "z.png", "--levels", "255"]).stderr;
    assert!(String::from_utf8_lossy(&said).contains("the operator is not increasing"));
}

#[test]
fn operators_are_learnt_from_level_sets() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    for (name, specks) in [("inputs", true), ("targets", false)] {
        fs::create_dir(at.join(name)).unwrap();
        write_grey(at.join(name).join("a.png"), &image(1, 120, specks)).unwrap();
        write_grey(at.join(name).join("b.png"), &image(3, 120, specks)).unwrap();
    }
    let train = [
        "train",
        "pairs",
        "--inputs",
        "inputs",
        "--targets",
        "targets",
        "--out",
        "run",
        "--quiet",
        "--set",
        "data.pairs.levels=15",
        "--set",
        "data.pairs.crop=16",
        "--set",
        "training.steps=40",
        "--set",
        "training.validation=4",
        "--set",
        "training.judges=2",
        "--set",
        "network.channels=[1, 2, 1]",
        "--set",
        "polish.budget=2000",
        "--json",
    ];
    let summary: serde_json::Value = serde_json::from_str(&told(at, &train)).unwrap();
    assert_eq!((&summary["levels"], &summary["test_pairs"]), (&15.into(), &100.into()));
    assert_eq!(summary["float"], summary["binarized"], "proved");
    let error = |of: &str| summary[of]["mae"].as_f64().unwrap();
    assert!(error("binarized") < error("input"), "{summary}");

    let scores = ["eval", "run", "--inputs", "inputs", "--targets", "targets", "--levels", "15"];
    let lines = told(at, &scores);
    assert!(lines.starts_with("a: input MAE ") && lines.contains("\nall 2: input MAE"), "{lines}");
    let json = told(at, &[&scores[..], &["--json"]].concat());
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["images"].as_array().unwrap().len(), 2);
    assert_eq!(json["all"]["float"], json["all"]["binarized"]);

    told(at, &["apply", "run", "inputs/a.png", "inputs/b.png", "--out", "o", "--levels", "255"]);
    assert_eq!(read_grey(at.join("o/a.png")).unwrap().len(), 1);
    assert_eq!(read_grey(at.join("o/b.png")).unwrap().len(), 3);
}

/// Sides of the images of CIFAR-10, whose records are a label and three planes, row by row.
const CIFAR: usize = 32;

#[test]
fn a_colour_set_in_the_format_of_cifar_10_is_opened_plane_by_plane() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let made = |index: usize| -> Vec<GreyImage> {
        let size = (CIFAR, CIFAR);
        image(3, CIFAR + index, true)
            .iter()
            .map(|plane| plane.crop((0, 0), size).unwrap())
            .collect()
    };
    let bytes: Vec<u8> = (0..4)
        .flat_map(|index| {
            let planes = made(index);
            [vec![index as u8], planes.iter().flat_map(GreyImage::levels).copied().collect()]
                .concat()
        })
        .collect();
    fs::write(at.join("data_batch_1.bin"), bytes).unwrap();

    let records = fs::read(at.join("data_batch_1.bin")).unwrap();
    let mut names = Vec::new();
    for record in records.chunks_exact(1 + 3 * CIFAR * CIFAR) {
        let planes: Vec<GreyImage> = record[1..]
            .chunks_exact(CIFAR * CIFAR)
            .map(|plane| GreyImage::new(CIFAR, CIFAR, plane.to_vec()).unwrap())
            .collect();
        names.push(format!("{}.png", record[0]));
        write_grey(at.join(names.last().unwrap()), &planes).unwrap();
    }
    let images: Vec<&str> = names.iter().map(String::as_str).collect();
    let options = ["--out", "opened", "--levels", "255", "--foreground", "white"];
    told(at, &[&["morph", "o3.3"], &images[..], &options].concat());
    for (index, name) in names.iter().enumerate() {
        let found = read_grey(at.join("opened").join(name)).unwrap();
        let expected: Vec<GreyImage> = made(index).iter().map(opened_by_rank).collect();
        assert_eq!(found, expected, "{name}");
    }
}

/// The grey opening by a square of 3 by the definition: the greatest of the least levels; beyond the image there is
/// nothing.
fn opened_by_rank(plane: &GreyImage) -> GreyImage {
    let ranked = |levels: &[u8], best: fn(u8, u8) -> u8| -> Vec<u8> {
        let around = |at: usize| at.saturating_sub(1)..(at + 2).min(CIFAR);
        let of = |row: usize, col: usize| {
            let window = around(row).flat_map(|i| around(col).map(move |j| levels[i * CIFAR + j]));
            window.reduce(best).unwrap()
        };
        (0..CIFAR * CIFAR).map(|place| of(place / CIFAR, place % CIFAR)).collect()
    };
    let least = ranked(plane.levels(), u8::min);
    GreyImage::new(CIFAR, CIFAR, ranked(&least, u8::max)).unwrap()
}

#[test]
fn a_grey_page_is_opened() {
    let data = std::env::var_os("STREL_DATA_DIR").map(PathBuf::from);
    let data = data.unwrap_or(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"));
    for name in ["w91frag", "lucasta.150"] {
        let page = data.join("pages").join(name).with_added_extension("jpg");
        if !page.exists() {
            eprintln!("skipped: there is no {}", page.display());
            return;
        }
        let folder = tempfile::tempdir().unwrap();
        let page = page.canonicalize().unwrap();
        let page = page.to_str().unwrap();
        told(folder.path(), &["morph", "c3.3", page, "--out", "y.png", "--levels", "255"]);
        let (before, after) =
            (read_grey(page).unwrap(), read_grey(folder.path().join("y.png")).unwrap());
        assert_eq!(before.len(), after.len());
        // A closing of the ink darkens and never lightens: it is anti-extensive on light levels.
        for (before, after) in before.iter().zip(&after) {
            assert!(
                before.levels().iter().zip(after.levels()).all(|(before, after)| after <= before)
            );
            assert_ne!(before, after);
        }
    }
}

#[test]
fn what_grey_images_cannot_do_is_said() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    write_grey(at.join("x.png"), &image(1, 20, true)).unwrap();
    let morph = ["morph", "o3.3", "x.png", "--out", "y.tif", "--levels", "255"];
    assert!(
        refused(at, &morph).contains("y.tif: TIFF of a kind that is not supported: grey levels")
    );
    for levels in ["0", "256", "many"] {
        let morph = ["morph", "o3.3", "x.png", "--out", "y.png", "--levels", levels];
        assert!(refused(at, &morph).contains("--levels"), "{levels}");
    }
    assert!(!at.join("y.tif").exists() && !at.join("y.png").exists());
    let both = ["morph", "o3.3", "x.png", "--out", "y.png", "--levels", "9", "--threshold", "9"];
    assert!(refused(at, &both).contains("cannot be used with"));
}
