//! Every command, as a user types it.

mod common;

use std::fs;
use std::process::Command;

use common::program::{refused, strel, told};
use common::shapes;
use strel::image::Kernel;

const SMALL: [&str; 18] = [
    "--quiet",
    "--set",
    "training.steps=40",
    "--set",
    "training.validation=2",
    "--set",
    "training.judges=2",
    "--set",
    "network.channels=[1, 2, 1]",
    "--set",
    "network.kernel=[3, 3]",
    "--set",
    "data.noisti.size=24",
    "--set",
    "data.noisti.sticks=4",
    "--set",
    "polish.budget=0",
    "--json",
];

#[test]
fn train_show_certify_binarize_eval_and_apply() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let summary = told(at, &[&["train", "noisti"], &SMALL[..]].concat());
    let summary: serde_json::Value = serde_json::from_str(&summary).unwrap();
    assert_eq!(summary["neurons"], summary["activated"]);
    assert_eq!(summary["proved"], true);

    assert!(told(at, &["show", "runs/noisti"]).contains("layer 2"));
    let plan = told(at, &["show", "runs/noisti", "--plan", "100x200"]);
    assert!(
        plan.contains("a0 = input 0") && plan.contains("an image of 100x200: kernel"),
        "{plan}"
    );
    assert!(told(at, &["show", "runs/noisti", "--plan"]).contains("4096x4096"));
    told(at, &["show", "runs/noisti", "--svg", "n.svg"]);
    assert!(fs::read_to_string(at.join("n.svg")).unwrap().starts_with("<svg"));
    for (format, file, text) in [
        ("c", "sticks.c", "void sticks_apply("),
        ("python", "sticks.py", "def apply(x1):"),
        ("verilog", "sticks.v", "module sticks_network #("),
        ("json", "sticks.json", "\"strel.operators\""),
    ] {
        told(at, &["export", "runs/noisti", "--to", format, "--out", file]);
        assert!(fs::read_to_string(at.join(file)).unwrap().contains(text), "{file}");
    }
    assert!(fs::read_to_string(at.join("sticks.h")).unwrap().contains("void sticks_apply("));
    told(at, &["export", "runs/noisti", "--to", "onnx", "--out", "sticks.onnx"]);
    assert!(!fs::read(at.join("sticks.onnx")).unwrap().is_empty());
    assert!(told(at, &["certify", "runs/noisti", "--out", "c.json"]).contains("PROVED"));
    assert!(told(at, &["certify", "runs/noisti", "--replay", "c.json"]).contains("PROVED"));
    let exact = ["binarize", "runs/noisti", "--method", "exact", "--out", "n.safetensors"];
    assert!(told(at, &exact).contains("5 neurons activated, 0 lossless, 0 approximated"));
    let same = fs::read(at.join("n.safetensors")).unwrap();
    assert!(same == fs::read(at.join("runs/noisti/network.safetensors")).unwrap());

    let replaced = told(at, &["binarize", "runs/noisti", "--method", "lossless"]);
    assert!(replaced.contains("certificate PROVED"), "{replaced}");
    told(at, &["certify", "runs/noisti", "--replay", "runs/noisti/certificate.json"]);

    told(at, &["data", "noisti", "--count", "3", "--out", "d"]);
    let scores = told(
        at,
        &["eval", "runs/noisti", "--inputs", "d/inputs", "--targets", "d/targets", "--json"],
    );
    let scores: serde_json::Value = serde_json::from_str(&scores).unwrap();
    assert_eq!(scores["images"].as_array().unwrap().len(), 3);
    assert_eq!(scores["mean"]["float"], scores["mean"]["binarized"], "proved");

    let apply =
        ["apply", "n.safetensors", "d/inputs/00000.png", "d/inputs/00001.png", "--out", "o"];
    assert!(told(at, &apply).contains("2 images, 9800 pixels"));
    let one_thread = [&apply[..4], &["--out", "p", "--threads", "1"]].concat();
    told(at, &one_thread);
    told(at, &[&["apply", "sticks.json"], &apply[2..4], &["--out", "q"]].concat());
    for name in ["00000.png", "00001.png"] {
        let bytes = |folder: &str| fs::read(at.join(folder).join(name)).unwrap();
        assert!(bytes("o") == bytes("p"), "{name} does not depend on threads");
        assert!(bytes("o") == bytes("q"), "{name} is the same by the network in JSON");
    }
}

#[test]
fn morph_applies_a_sequence() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    fs::write(at.join("x.pbm"), "P1\n8 3\n00000000\n00110100\n00000000\n").unwrap();
    fs::write(at.join("y.pbm"), "P1\n2 1\n01\n").unwrap();
    let said = told(at, &["morph", "c3.1 + d1.3", "x.pbm", "--out", "z.pbm"]);
    assert!(said.contains("z.pbm: 3 x 8, ") && said.contains("1 image, 24 pixels"), "{said}");
    assert!(!said.contains("streamed"), "{said}");
    // Row 1 is closed to 00111100, and dilated.
    let expected = [&b"P4\n8 3\n"[..], &[0b0011_1100; 3]].concat();
    assert_eq!(fs::read(at.join("z.pbm")).unwrap(), expected);
    let white = ["morph", "e1.3", "z.pbm", "--foreground", "white", "--border", "one"];
    told(at, &[&white[..], &["--out", "w.pbm"]].concat());
    assert_eq!(fs::read(at.join("w.pbm")).unwrap(), expected);
    let two = ["morph", "!", "x.pbm", "y.pbm", "--out", "o", "--format", "pbm", "--threads", "1"];
    assert!(told(at, &two).contains("2 images, 26 pixels"));
    assert_eq!(fs::read(at.join("o/y.pbm")).unwrap(), b"P4\n2 1\n\x80");
}

/// A page of more pixels than are held in memory where they need not be.
#[test]
fn large_images_are_streamed() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let side = 16_392;
    let header = format!("P4\n{side} {side}\n");
    let mut page = vec![0; side * side / 8];
    // Blocks of 8x1 pixels, and a border of strips.
    (0..page.len()).step_by(1013).for_each(|byte| page[byte] = 0xff);
    fs::write(at.join("page.pbm"), [header.as_bytes(), &page].concat()).unwrap();
    let command = ["morph", "d5.3 + o7.2 + e9.1", "page.pbm", "--border", "reflect", "--out"];
    let said = told(at, &[&command[..], &["a.pbm"]].concat());
    assert!(said.contains("a.pbm: 16392 x 16392, ") && said.contains("streamed in "), "{said}");
    // PNG files are not written by rows.
    let output = strel(at, &[&command[..], &["a.png"]].concat());
    let notes = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success() && notes.contains("held in memory"), "{notes}");
    assert!(notes.contains("only TIFF and PBM files are written by rows"), "{notes}");
    assert!(!String::from_utf8_lossy(&output.stdout).contains("streamed"));
    let whole = strel::image::files::read(at.join("a.png"), &Default::default()).unwrap();
    let streamed = strel::image::files::read(at.join("a.pbm"), &Default::default()).unwrap();
    assert!(whole == streamed && whole.count_ones() > 0);
}

#[test]
fn noise_is_seeded_and_keeps_names() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    told(at, &["data", "noisti", "--count", "2", "--out", "d"]);
    for (seed, out) in [("1", "a"), ("1", "b"), ("2", "c")] {
        let images = ["data", "noise", "d/targets/00000.png", "d/targets/00001.png"];
        told(at, &[&images[..], &["--seed", seed, "--out", out]].concat());
    }
    let bytes = |name: &str| fs::read(at.join(name)).unwrap();
    assert!(bytes("a/00000.png") == bytes("b/00000.png"));
    assert!(bytes("a/00000.png") != bytes("c/00000.png"));
    assert!(bytes("a/00000.png") != bytes("d/targets/00000.png"));
}

#[test]
fn diskorect_comes_with_the_result_of_an_operator() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let generate = ["data", "diskorect", "--count", "3", "--seed", "5", "--out"];
    assert!(told(at, &[&generate[..], &["a"]].concat()).contains("3 images in a"));
    assert!(!at.join("a/targets").exists());
    let said = told(at, &[&generate[..], &["b", "--target", "oD3"]].concat());
    assert!(said.contains("3 pairs in b"), "{said}");
    let morph = ["morph", "oD3", "a/inputs/00000.png", "a/inputs/00001.png", "a/inputs/00002.png"];
    told(at, &[&morph[..], &["--border", "replicate", "--out", "c"]].concat());
    for name in ["00000.png", "00001.png", "00002.png"] {
        let bytes = |folder: &str| fs::read(at.join(folder).join(name)).unwrap();
        assert!(bytes("a/inputs") == bytes("b/inputs"), "the seed alone decides");
        assert!(bytes("c") == bytes("b/targets"), "{name}");
    }
}

#[test]
fn an_operator_is_learnt_from_a_configuration() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let config = "
        [data.operator]
        images = 'diskorect'
        target = 'd3.1'
        [network]
        channels = [1, 1]
        kernel = [1, 3]
        [training]
        steps = 200
        validation = 4
        judges = 8
    ";
    fs::write(at.join("dilation.toml"), config).unwrap();
    let summary = told(at, &["train", "dilation.toml", "--quiet", "--json"]);
    let summary: serde_json::Value = serde_json::from_str(&summary).unwrap();
    assert_eq!(summary["different_pixels"], 0);
    assert_eq!(summary["dice_binarized"], 1.0);
    let written = fs::read_to_string(at.join("runs/dilation/config.toml")).unwrap();
    assert!(written.contains("[data.operator.images.diskorect]"), "every key is written out");
}

#[test]
fn a_network_that_is_not_proved_says_so_with_exit_code_1() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    told(at, &[&["train", "noisti"], &SMALL[..], &["--set", "training.free=1"]].concat());
    let output = strel(at, &["certify", "runs/noisti"]);
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        ["REFUTED", "OPEN", "PROVED-HARD"].iter().any(|verdict| said.contains(verdict)),
        "{said}"
    );
    let lossless = ["binarize", "runs/noisti", "--method", "lossless", "--out", "l.safetensors"];
    assert!(told(at, &lossless).contains("0 approximated"));
    let exact = strel(at, &["binarize", "runs/noisti", "--method", "exact"]);
    assert_eq!(exact.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&exact.stderr).contains("layer 1, output"));
}

/// Ctrl-C leaves a run that goes on.
#[cfg(unix)]
#[test]
fn an_interrupted_run_resumes() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let arguments =
        [&["train", "noisti"], &SMALL[1..17], &["--set", "training.steps=3000"]].concat();
    let mut child = Command::new(env!("CARGO_BIN_EXE_strel"))
        .current_dir(at)
        .args(arguments)
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let log = at.join("runs/noisti/metrics.jsonl");
    while fs::metadata(&log).map_or(0, |log| log.len()) == 0 {
        assert!(child.try_wait().unwrap().is_none(), "it ended before its first line of the log");
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && said.contains("--resume"), "{said}");
    assert!(!at.join("runs/noisti/summary.json").exists(), "it did not finish");
    told(at, &["train", "runs/noisti", "--resume", "--quiet"]);
    assert!(at.join("runs/noisti/summary.json").exists());
}

#[test]
fn polish_improves_a_network_that_then_certifies() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    told(at, &[&["train", "noisti", "--out", "run"], &SMALL[..]].concat());
    told(at, &["data", "noisti", "--count", "6", "--out", "d"]);
    let network = fs::read(at.join("run/network.safetensors")).unwrap();
    let pairs = ["--inputs", "d/inputs", "--targets", "d/targets"];
    let polish = |out: &str| {
        let results = ["--out", out, "--float", "f.safetensors", "--budget", "2000", "--json"];
        let result = told(at, &[&["polish", "run", "--quiet"], &pairs[..], &results].concat());
        serde_json::from_str::<serde_json::Value>(&result).unwrap()
    };
    let result = polish("p.safetensors");
    let dice = |when: &str| result["training_dice"][when].as_f64().unwrap();
    assert!(dice("after") > dice("before"), "{result}");
    assert!(network == fs::read(at.join("run/network.safetensors")).unwrap());

    let scores = told(at, &[&["eval", "p.safetensors", "--json"], &pairs[..]].concat());
    let scores: serde_json::Value = serde_json::from_str(&scores).unwrap();
    assert_eq!(scores["mean"]["binarized"], result["training_dice"]["after"]);
    assert!(told(at, &["certify", "f.safetensors", "p.safetensors"]).contains("PROVED"));

    assert_eq!(polish("q.safetensors")["loss"], result["loss"]);
    let written = |name: &str| fs::read(at.join(name)).unwrap();
    assert!(written("p.safetensors") == written("q.safetensors"), "the same seed");

    let validation = ["--valid-inputs", "d/inputs", "--valid-targets", "d/targets"];
    let text = ["polish", "run", "--out", "r.safetensors", "--budget", "200"];
    let said = told(at, &[&text[..], &pairs, &validation].concat());
    assert!(said.contains("validation DICE: before"), "{said}");
}

#[test]
fn a_classifier_is_trained_scored_and_applied() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    shapes::write_shapes(&at.join("shapes"));
    let settings = [
        "data.mnist.folder=shapes",
        "network.layers=[{ dense = 24 }]",
        "network.weights=normalised",
        "network.bias=0.1",
        "training.steps=300",
        "training.batch=16",
        "training.learning-rate=0.03",
    ];
    let settings: Vec<&str> = settings.iter().flat_map(|&setting| ["--set", setting]).collect();
    let said = told(at, &[&["train", "mnist", "--quiet", "--out", "run"], &settings[..]].concat());
    assert!(said.contains("test accuracy on 60 samples: float "), "{said}");
    assert!(said.contains(" 0 test samples differ from thresholded ones"), "{said}");

    let report = told(at, &["eval", "run", "--json"]);
    let report: serde_json::Value = serde_json::from_str(&report).unwrap();
    let rows = report["networks"].as_array().unwrap();
    let row = |name: &str| rows.iter().find(|row| row["network"] == name).unwrap();
    assert_eq!(rows.len(), 6);
    assert_eq!(row("lossless")["accuracy"], row("thresholded")["accuracy"]);
    assert_eq!(row("binarized")["accuracy"], row("lossless")["accuracy"]);
    assert_eq!(row("constant")["neurons"][1], 0);
    // 64 weights of 24 neurons, and 24 of 3 classes.
    assert_eq!(row("float")["terms"], 64 * 24 + 24 * 3);
    assert!(row("lossless")["microseconds"].as_f64().unwrap() > 0.0);

    let file = ["eval", "run/network.safetensors", "--data", "mnist", "--folder", "shapes"];
    assert!(told(at, &file).contains("binarized"));
    let output = strel(at, &["eval", "run/network.safetensors"]);
    assert!(String::from_utf8_lossy(&output.stderr).contains("--data mnist"));

    // A column, white on black.
    let column = "P1 8 8 11101111 11101111 11101111 11111111 11111111 11111111 11111111 11111111";
    fs::write(at.join("column.pbm"), column.replace("P1 8 8", "P1\n8 8\n")).unwrap();
    for classified in [&["apply", "run", "column.pbm"][..], &["eval", "run"]] {
        let said = refused(at, &[classified, &["--levels", "9"]].concat());
        assert!(said.contains("run tells classes; --levels goes with"), "{said}");
    }
    let said = told(at, &["apply", "run", "column.pbm", "--foreground", "white"]);
    assert_eq!(said, "column.pbm: class 1\n");
}

#[test]
fn a_classifier_of_level_sets_reads_grey_images() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    shapes::write_shapes(&at.join("shapes"));
    let settings = [
        "data.mnist.folder=shapes",
        "data.mnist.levels=[64, 128]",
        "network.layers=[{ sets = 128 }]",
        "training.steps=800",
        "training.batch=16",
        "training.learning-rate=0.03",
    ];
    let settings: Vec<&str> = settings.iter().flat_map(|&setting| ["--set", setting]).collect();
    told(at, &[&["train", "mnist", "--quiet", "--out", "run"], &settings[..]].concat());

    // Columns: light on dark, dark on light.
    for (name, ink, paper) in [("light.pgm", "200", "0"), ("dark.pgm", "0", "200")] {
        let row = format!("{paper} {paper} {paper} {ink} {paper} {paper} {paper} {paper}\n");
        let empty = format!("{paper} ").repeat(8 * 5);
        fs::write(at.join(name), format!("P2 8 8 255\n{}{empty}", row.repeat(3))).unwrap();
    }
    let white = ["--foreground", "white"];
    let light = told(at, &[&["apply", "run", "light.pgm"], &white[..]].concat());
    assert_eq!(light, "light.pgm: class 1\n");
    let file = ["apply", "run/network.safetensors", "light.pgm", "--thresholds", "64,128"];
    assert_eq!(told(at, &[&file[..], &white].concat()), light);
    assert_eq!(told(at, &["apply", "run", "dark.pgm"]), "dark.pgm: class 1\n");

    let said = refused(at, &["apply", "run/network.safetensors", "light.pgm"]);
    assert!(said.contains("reads 2 channels; expected the level of each"), "{said}");
    let said = refused(at, &["apply", "run", "light.pgm", "--thresholds", "9"]);
    assert!(
        said.contains("thresholds for each plane: 1, planes: 1; expected 2 channels in all"),
        "{said}"
    );
}

#[test]
fn training_names_the_instructions_that_are_forced() {
    let folder = tempfile::tempdir().unwrap();
    for (kernel, name) in
        [("portable", "portable"), ("avx2", "AVX2 and FMA"), ("avx512", "AVX-512")]
    {
        let settings = SMALL.iter().filter(|setting| **setting != "--json");
        let mut train = Command::new(env!("CARGO_BIN_EXE_strel"));
        train.current_dir(folder.path()).env("STREL_KERNEL", kernel).args(["train", "noisti"]);
        let output = train.args(settings).args(["--out", kernel]).output().unwrap();
        let told = String::from_utf8_lossy(&output.stdout);
        let is_available = kernel.parse::<Kernel>().unwrap().is_available();
        assert_eq!(output.status.success(), is_available);
        assert_eq!(told.contains(&format!("({name})\n")), is_available, "{kernel}: {told}");
    }
}
