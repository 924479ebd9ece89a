//! What a user has is not lost: inputs, links, modes, read-only files, images beside damaged ones, names.
#![cfg(unix)]

mod common;

use std::fs::{self, Permissions};
use std::io::{Read, Write};
use std::os::unix::fs::{FileTypeExt, PermissionsExt, symlink};
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;

use strel::image::BitImage;
use strel::image::files::{Foreground, Format, decode, encode, read, write};

use common::program::{refused, strel, told};
use common::{small, tree};

/// Commands on a folder of [`small`] that write a file, which is `OUT`.
const WRITERS: [&str; 14] = [
    "morph d3.3 a/x.pbm --out OUT",
    "apply run a/x.pbm --out OUT",
    "data noise a/x.pbm --out OUT",
    "binarize run --out OUT",
    "certify run --out OUT",
    "show run --svg OUT",
    "show run --html OUT",
    "polish run --inputs a --targets b --budget 2 --quiet --out OUT",
    "polish run --inputs a --targets b --budget 2 --quiet --out other --float OUT",
    "export run --to c --out OUT",
    "export run --to onnx --out OUT",
    "export run --to python --out OUT",
    "export run --to verilog --out OUT",
    "export run --to json --out OUT",
];

fn words<'a>(command: &'a str, out: &'a str) -> Vec<&'a str> {
    command.split(' ').map(|word| if word == "OUT" { out } else { word }).collect()
}

#[test]
fn every_writer_follows_links_and_keeps_modes() {
    let folder = small::folder();
    let at = folder.path();
    fs::create_dir(at.join("far")).unwrap();
    for command in WRITERS {
        fs::write(at.join("far/file.png"), "old").unwrap();
        fs::set_permissions(at.join("far/file.png"), Permissions::from_mode(0o640)).unwrap();
        let _ = fs::remove_file(at.join("link.png"));
        symlink("far/file.png", at.join("link.png")).unwrap();
        told(at, &words(command, "link.png"));
        let link = fs::symlink_metadata(at.join("link.png")).unwrap();
        assert!(link.is_symlink(), "{command}");
        let mode = fs::metadata(at.join("far/file.png")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o640, "{command}");
        assert!(fs::read(at.join("far/file.png")).unwrap() != b"old", "{command}");
    }
    assert_eq!(fs::read_dir(at.join("far")).unwrap().count(), 1, "no file is left over");
}

#[test]
fn no_writer_replaces_a_read_only_file() {
    let folder = small::folder();
    let at = folder.path();
    fs::write(at.join("kept.png"), "kept").unwrap();
    fs::set_permissions(at.join("kept.png"), Permissions::from_mode(0o444)).unwrap();
    let before = tree::files(at);
    for command in WRITERS {
        let said = refused(at, &words(command, "kept.png"));
        assert!(said.contains("kept.png") && said.contains("read-only"), "{command}: {said}");
        assert!(tree::files(at) == before, "{command}");
    }
}

#[test]
fn a_pipe_stays_a_pipe() {
    let folder = small::folder();
    let at = folder.path();
    assert!(Command::new("mkfifo").arg(at.join("pipe")).status().unwrap().success());
    for command in WRITERS.iter().filter(|command| !command.contains("export run --to c ")) {
        let pipe = at.join("pipe");
        let reader = thread::spawn(move || fs::read(pipe).unwrap());
        told(at, &words(command, "pipe"));
        assert!(fs::metadata(at.join("pipe")).unwrap().file_type().is_fifo(), "{command}");
        assert!(!reader.join().unwrap().is_empty(), "{command}");
    }
}

#[test]
fn links_in_a_circle_are_no_outputs() {
    let folder = small::folder();
    let at = folder.path();
    symlink("b.png", at.join("a.png")).unwrap();
    symlink("a.png", at.join("b.png")).unwrap();
    for command in ["morph ! a/x.pbm --out a.png", "show run --svg a.png"] {
        let said = refused(at, &words(command, ""));
        assert!(said.contains("a.png"), "{command}: {said}");
    }
    assert!(fs::symlink_metadata(at.join("a.png")).unwrap().is_symlink());
}

/// By its name, by another path, by a symbolic and by a hard link.
#[test]
fn no_output_is_an_input() {
    let folder = small::folder();
    let at = folder.path();
    let networks = ["float", "network"].map(|name| format!("run/{name}.safetensors"));
    for (network, name) in networks.iter().zip(["F", "N"]) {
        fs::copy(at.join(network), at.join(name)).unwrap();
    }
    fs::copy(at.join("a/x.pbm"), at.join("x.png")).unwrap();
    fs::write(
        at.join("net.json"),
        told(at, &["export", "N", "--to", "json", "--out", "/dev/stdout"]),
    )
    .unwrap();
    fs::copy(at.join("N"), at.join("net.h")).unwrap();
    for name in ["F", "N", "x.png", "a/x.pbm", "net.json"] {
        let link = format!("sym-{}", name.replace('/', "-"));
        symlink(name, at.join(&link)).unwrap();
        fs::hard_link(at.join(name), at.join(link.replace("sym", "hard"))).unwrap();
    }
    let commands = [
        ("binarize F --out OUT", "F"),
        ("certify F N --out OUT", "F"),
        ("certify F N --out OUT", "N"),
        ("show N --svg OUT", "N"),
        ("show N --html OUT", "N"),
        ("export N --to json --out OUT", "N"),
        ("export net.json --to onnx --out OUT", "net.json"),
        ("polish N --inputs a --targets b --out OUT", "N"),
        ("polish N --inputs a --targets b --out new --float OUT", "N"),
        ("polish N --inputs a --targets b --doubts F --out OUT", "F"),
        ("polish N --inputs a --targets b --out OUT", "a/x.pbm"),
        ("polish N --inputs b --targets a --valid-inputs b --valid-targets b --out OUT", "a/x.pbm"),
        ("morph ! x.png --out OUT", "x.png"),
        ("apply N x.png --out OUT", "x.png"),
        ("data noise x.png --out OUT", "x.png"),
    ];
    let before = tree::files(at);
    for (command, input) in commands {
        let flat = input.replace('/', "-");
        for out in
            [input, &format!("./run/../{input}"), &format!("sym-{flat}"), &format!("hard-{flat}")]
        {
            let said = refused(at, &words(command, out));
            assert!(said.contains("would overwrite the input"), "{command}, {out}: {said}");
            assert!(tree::files(at) == before, "{command}, {out}");
        }
    }
    for command in [
        "binarize run --out run/float.safetensors",
        "binarize run --out run/network.safetensors",
        "certify run --out run/summary.json",
        "show run --svg run/config.toml",
        "export run --to json --out run/checkpoint/step-4.safetensors",
        "export net.h --to c --out net.c",
        "apply net.json x.png --out net.json/../x.png",
        "polish N --inputs a --targets b --out both --float both",
        "show N --svg both --html run/../both",
    ] {
        refused(at, &words(command, ""));
        assert!(tree::files(at) == before, "{command}");
    }
    // A file of the user's in the folder of a run is one like others.
    told(at, &["show", "run", "--svg", "run/drawing.svg"]);
    told(at, &["show", "run", "--svg", "run/drawing.svg"]);
}

#[test]
fn bad_images_are_named_and_good_ones_written() {
    let folder = small::folder();
    let at = folder.path();
    small::train_classifier(at);
    write(at.join("digit.pbm"), &BitImage::from_fn(8, 8, |row, _| row == 3), Foreground::Black)
        .unwrap();
    let images = ["text.png", "a/x.pbm", "empty", "cut.pbm", "digit.pbm", "nowhere.tif"];
    for command in ["morph d3.3", "apply run", "data noise"] {
        let arguments: Vec<&str> = command.split(' ').chain(images).chain(["--out", "o"]).collect();
        let output = strel(at, &arguments);
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{command}: {said}");
        for bad in ["text.png: ", "empty: ", "cut.pbm: ", "nowhere.tif: "] {
            assert_eq!(said.matches(&format!("error: {bad}")).count(), 1, "{command}: {said}");
        }
        assert!(
            said.ends_with("4 of 6 images failed, for the reasons above\n"),
            "{command}: {said}"
        );
        let written: Vec<_> = tree::files(&at.join("o")).into_keys().collect();
        assert_eq!(
            written,
            ["digit.png", "x.png"].map(|name| at.join("o").join(name)),
            "{command}"
        );
        assert!(
            String::from_utf8_lossy(&output.stdout).contains("o/x.png") || command == "apply run"
        );
        fs::remove_dir_all(at.join("o")).unwrap();
    }
    let output = strel(at, &["apply", "classes", "text.png", "digit.pbm", "a/x.pbm"]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2));
    assert!(said.contains("error: text.png: ") && said.contains("error: a/x.pbm: "), "{said}");
    assert!(String::from_utf8_lossy(&output.stdout).starts_with("digit.pbm: class "));
}

/// Runs a command with bytes on its standard input.
fn piped(at: &Path, arguments: &[&str], input: &[u8]) -> (Option<i32>, Vec<u8>, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_strel"))
        .current_dir(at)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A command that refuses its arguments does not read.
    let _ = child.stdin.take().unwrap().write_all(input);
    let output = child.wait_with_output().unwrap();
    (output.status.code(), output.stdout, String::from_utf8(output.stderr).unwrap())
}

#[test]
fn images_come_from_standard_input_and_go_to_standard_output() {
    let folder = small::folder();
    let at = folder.path();
    let image = BitImage::from_fn(20, 70, |row, col| (row * col) % 7 == 1);
    let inverse = image.complement();
    for format in [Format::Pbm, Format::Png, Format::Tiff, Format::Pgm] {
        let bytes = encode(&image, format, Foreground::Black).unwrap();
        for (name, written) in [("pbm", Format::Pbm), ("png", Format::Png), ("tif", Format::Tiff)] {
            let morph = ["morph", "!", "-", "--out", "-", "--format", name];
            let (code, result, said) = piped(at, &morph, &bytes);
            assert_eq!(code, Some(0), "{said}");
            assert_eq!(Format::of_content(&result).unwrap(), written);
            assert!(decode(&result, &Default::default()).unwrap() == inverse, "{format} {name}");
            assert!(said.contains("1 image, 1400 pixels"), "{said}");
        }
        let (code, said, _) = piped(at, &["morph", "!", "-", "--out", "y.png"], &bytes);
        assert_eq!(code, Some(0));
        assert!(String::from_utf8(said).unwrap().starts_with("y.png: 20 x 70"));
        assert!(read(at.join("y.png"), &Default::default()).unwrap() == inverse);
    }
    let page = encode(&image, Format::Tiff, Foreground::Black).unwrap();
    fs::write(at.join("page.tif"), &page).unwrap();
    for command in ["morph d3.1 IN --out -", "apply run IN --out -", "data noise IN --out -"] {
        let with = |name: &'static str| -> Vec<&str> {
            command.split(' ').map(|word| if word == "IN" { name } else { word }).collect()
        };
        let (code, result, said) = piped(at, &with("-"), &page);
        assert_eq!(code, Some(0), "{command}: {said}");
        assert_eq!(Format::of_content(&result).unwrap(), Format::Png, "{command}");
        assert_eq!(piped(at, &with("page.tif"), b"").1, result, "{command}");
    }
    // Grey levels, too.
    let grey = b"P2\n3 1\n255\n10 200 90\n";
    let stacked = ["morph", "d1.1", "-", "--out", "-", "--levels", "255"];
    let (_, result, said) = piped(at, &stacked, grey);
    fs::write(at.join("grey.png"), result).unwrap();
    let planes = strel::image::files::read_grey(at.join("grey.png")).expect(&said);
    assert_eq!(planes[0].levels(), [10, 200, 90]);

    let (code, result, said) = piped(at, &["morph", "!", "-", "--out", "-"], b"GIF89a");
    assert_eq!((code, result.len()), (Some(2), 0));
    assert!(said.starts_with("error: standard input: expected a PNG"), "{said}");
    let (code, _, said) = piped(at, &["morph", "!", "-", "-", "--out", "o"], &page);
    assert!(code == Some(2) && said.contains("named twice"), "{said}");
    let (code, _, said) = piped(at, &["morph", "!", "-", "page.tif", "--out", "-"], &page);
    assert!(code == Some(2) && said.contains("- takes one image"), "{said}");

    // What standard output is appended to is no input, and the other way round.
    let shell = |script: &str| {
        let program = env!("CARGO_BIN_EXE_strel");
        let script = script.replace("strel", program);
        Command::new("bash").args(["-c", &script]).current_dir(at).output().unwrap()
    };
    for script in
        ["strel morph ! page.tif --out - >> page.tif", "strel morph ! - --out page.tif < page.tif"]
    {
        let output = shell(script);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.code() == Some(2) && said.contains("overwrite"), "{script}: {said}");
        assert_eq!(fs::read(at.join("page.tif")).unwrap(), page, "{script}");
    }
    // A file that standard output goes to keeps what it has.
    fs::write(at.join("log"), "before\n").unwrap();
    assert!(shell("strel show run --svg /dev/stdout >> log").status.success());
    let log = fs::read_to_string(at.join("log")).unwrap();
    assert!(log.starts_with("before\n<svg"), "{log}");
}

#[test]
fn names_say_what_is_written() {
    let folder = small::folder();
    let at = folder.path();
    for name in ["y.jpg", "y.gif", "y.jpeg", "y.bmp", "results.2"] {
        for command in [
            "morph ! a/x.pbm --out OUT",
            "apply run a/x.pbm --out OUT",
            "data noise a/x.pbm --out OUT",
        ] {
            let said = refused(at, &words(command, name));
            assert!(
                said.contains(name) && said.contains("expected a name that ends with .png"),
                "{said}"
            );
            assert!(!at.join(name).exists(), "{command}");
        }
    }
    told(at, &["morph", "!", "a/x.pbm", "--out", "results.2/"]);
    told(at, &["morph", "!", "a/x.pbm", "--out", "results.2"]);
    assert!(at.join("results.2/x.png").is_file());
    told(at, &["apply", "run", "a/x.pbm", "--out", "one.tif"]);
    let one = fs::read(at.join("one.tif")).unwrap();
    assert_eq!(Format::of_content(&one).unwrap(), Format::Tiff);

    let long = format!("{}.pbm", "n".repeat(251));
    fs::copy(at.join("a/x.pbm"), at.join(&long)).unwrap();
    told(at, &["morph", "!", &long, "--out", "o", "--format", "pbm"]);
    told(at, &["apply", "run", &long, "--out", "o", "--format", "tif"]);
    assert!(at.join("o").join(&long).is_file());
}

#[test]
fn generated_images_of_two_calls_are_not_mixed() {
    let folder = small::folder();
    let at = folder.path();
    told(at, &["data", "noisti", "--count", "2", "--out", "d"]);
    told(at, &["data", "noise", "d/targets/00000.png", "--out", "noisy"]);
    // A folder without images is as good as a new one.
    fs::create_dir(at.join("notes")).unwrap();
    fs::write(at.join("notes/read-me.txt"), "what this is").unwrap();
    told(at, &["data", "noise", "d/targets/00000.png", "--out", "notes"]);
    let before = tree::files(at);
    for command in [
        "data noisti --count 1 --seed 2 --out d",
        "data diskorect --count 3 --out d",
        "data diskorect --count 1 --target d3.3 --out d",
        "data noise d/targets/00000.png --seed 2 --out noisy",
        "data noise a/x.pbm --out d/inputs",
    ] {
        let said = refused(at, &words(command, ""));
        assert!(said.contains("has images already"), "{command}: {said}");
        assert!(tree::files(at) == before, "{command}");
    }
    fs::remove_dir_all(at.join("d/inputs")).unwrap();
    let said = refused(at, &["data", "diskorect", "--out", "d"]);
    assert!(said.contains("d/targets"), "targets of other images: {said}");
}

/// Comparing each with each took 50 seconds.
#[test]
fn thousands_of_images_are_written() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    fs::create_dir(at.join("in")).unwrap();
    let names: Vec<String> = (0..8000).map(|number| format!("in/{number}.pbm")).collect();
    for name in &names {
        fs::write(at.join(name), "P1\n3 1\n010\n").unwrap();
    }
    let names = names.iter().map(String::as_str);
    told(at, &["morph", "!"].into_iter().chain(names).chain(["--out", "o"]).collect::<Vec<_>>());
    assert_eq!(fs::read_dir(at.join("o")).unwrap().count(), 8000);
}

/// Whatever reads the pipe of a command, all of the image arrives.
#[test]
fn a_large_result_goes_through_a_slow_pipe() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let image = BitImage::from_fn(2000, 2000, |row, col| (row ^ col) % 3 == 0);
    write(at.join("x.pbm"), &image, Foreground::Black).unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_strel"))
        .current_dir(at)
        .args(["morph", "!", "x.pbm", "--out", "-", "--format", "pbm"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let (mut result, mut pipe, mut some) = (Vec::new(), child.stdout.take().unwrap(), [0; 999]);
    while let Ok(count @ 1..) = pipe.read(&mut some) {
        result.extend_from_slice(&some[..count]);
    }
    assert!(child.wait().unwrap().success());
    assert!(decode(&result, &Default::default()).unwrap() == image.complement());
}
