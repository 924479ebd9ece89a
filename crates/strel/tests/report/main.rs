//! Reports and pages in a real browser. Skipped, with a message, where there is no Chromium.
//!
//! Screenshots are compared with those beside this file, coarse ones, since fonts differ between machines. With
//! `STREL_SCREENSHOTS=write` they are written instead; look at them then.

#[path = "../../../strel-train/tests/common/shapes.rs"]
mod shapes;

mod browser;
mod picture;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use browser::{Browser, Scheme};
use picture::Picture;
use serde_json::Value;
use strel::image::Kernel;

const PROBE: &str = include_str!("probe.js");
const PHONE: (u32, u32) = (390, 844);
const DESK: (u32, u32) = (1280, 900);

/// A4 between its margins.
const PAPER: (u32, u32) = (718, 1000);

/// Pixels of a screenshot that become one.
const COARSE: usize = 10;

/// The mean difference of levels, of 255, that fonts may make.
const TOLERANCE: f64 = 4.0;

/// What the networks of the stored screenshots were learnt with: other instruction sets may learn other
/// operators.
const TAKEN_ON: Kernel = Kernel::Avx2;

fn strel(folder: &Path, command: &str) {
    let arguments = command.split('|').map(str::trim);
    let mut program = Command::new(env!("CARGO_BIN_EXE_strel"));
    program.envs(TAKEN_ON.is_available().then(|| (Kernel::VARIABLE, TAKEN_ON.to_string())));
    let output = program.current_dir(folder).args(arguments).output().unwrap();
    assert!(output.status.success(), "{command}: {}", String::from_utf8_lossy(&output.stderr));
}

/// The report of a small run on images.
fn report(folder: &Path) -> String {
    strel(
        folder,
        "train | noisti | --out | run | --quiet | --set | training.steps=600 | --set | training.batch=2 \
         | --set | training.learning-rate=0.02 | --set | training.log-every=50 | --set | training.validation=10 \
         | --set | data.noisti.size=40 | --set | data.noisti.sticks=8 | --set | polish.budget=2000",
    );
    fs::read_to_string(folder.join("run/report.html")).unwrap()
}

/// The report of a small classifier.
fn classifier(folder: &Path) -> String {
    shapes::write_shapes(&folder.join("shapes"));
    strel(
        folder,
        "train | mnist | --out | classes | --quiet | --set | training.steps=60 | --set | training.log-every=20 \
         | --set | network.layers=[{ dense = 24 }] | --set | data.mnist.folder='shapes' \
         | --set | data.mnist.validation=0.2",
    );
    fs::read_to_string(folder.join("classes/report.html")).unwrap()
}

/// What the probe says of a page.
fn probed(browser: &Browser, page: &str, size: (u32, u32), scheme: Scheme) -> Value {
    let page = page.replace("</head>", &format!("<script>{PROBE}</script></head>"));
    let (told, console) = browser.visit(&page, size, scheme);
    let told: Value = serde_json::from_str(&told).unwrap_or_else(|error| panic!("{error}: {told}"));
    assert_eq!(console, "", "no message on the console");
    assert_eq!(told["dark"], scheme == Scheme::Dark);
    assert_eq!(told["width"], size.0);
    told
}

#[track_caller]
fn assert_sound(browser: &Browser, page: &str, names: &[&str]) {
    for (size, scheme) in
        [(PHONE, Scheme::Light), (PHONE, Scheme::Dark), (DESK, Scheme::Light), (DESK, Scheme::Dark)]
    {
        let told = probed(browser, page, size, scheme);
        assert_eq!(told["problems"], serde_json::json!([]), "{size:?} {scheme:?}");
        let found: Vec<&str> =
            told["names"].as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
        for name in names {
            assert!(found.iter().any(|found| found.contains(name)), "no {name} in {found:?}");
        }
        assert!(told["stops"].as_u64().unwrap() > 5, "{told}");
    }
}

#[test]
fn pages_are_sound_on_telephones_and_desks_light_and_dark() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let Some(browser) = Browser::find(at) else { return };
    let names = [
        "binarized network 1 → 6 → 1",
        "LUI: union of",
        "Loss over 600 steps",
        "Validation DICE over 600 steps",
        "sample 1: input",
        "sample 4: binarized",
        "difference from the target",
    ];
    let report = report(at);
    assert_sound(&browser, &report, &names);
    assert_prints(&browser, &report);
    strel(at, "show | run | --html | network.html");
    let page = fs::read_to_string(at.join("network.html")).unwrap();
    assert_sound(&browser, &page, &names[..2]);
    let names = ["dense layer", "Validation accuracy over 60 steps", "sample 1, level set 1"];
    let classifier = classifier(at);
    assert_sound(&browser, &classifier, &names);
    assert_prints(&browser, &classifier);
    compare_screenshots(&browser, &report);
}

fn compare_screenshots(browser: &Browser, report: &str) {
    for (name, size, scheme) in [
        ("phone-light", PHONE, Scheme::Light),
        ("phone-dark", PHONE, Scheme::Dark),
        ("desk-light", DESK, Scheme::Light),
        ("desk-dark", DESK, Scheme::Dark),
    ] {
        let stored = PathBuf::from(format!("tests/report/{name}.png"));
        let shot = browser.shoot(report, size, scheme).coarse(COARSE);
        assert_eq!(shot.mean() > 128.0, scheme == Scheme::Light, "{name}: {}", shot.mean());
        if std::env::var("STREL_SCREENSHOTS").is_ok_and(|wish| wish == "write") {
            shot.write(&stored);
        }
        if !TAKEN_ON.is_available() {
            eprintln!("{name}: not compared without {TAKEN_ON}");
            continue;
        }
        let stored = Picture::read(&stored);
        let difference = shot.difference(&stored);
        assert!(difference < TOLERANCE, "{name}: differs by {difference:.1}");
        // The comparison sees a page without its verdict, numbers and drawing.
        let bare = report.replace(
            "</style>\n</head>",
            "header > *, .drawing svg { visibility: hidden }</style></head>",
        );
        let difference = browser.shoot(&bare, size, scheme).coarse(COARSE).difference(&stored);
        assert!(difference > TOLERANCE, "{name}: a bare page differs by {difference:.1} only");
    }
}

/// A page as it is printed, which is always light: with all that can be unfolded, within the paper's width.
fn assert_prints(browser: &Browser, page: &str) {
    let printed = page.replace("@media print", "@media all");
    assert_ne!(printed, page);
    let told = probed(browser, &printed, PAPER, Scheme::Light);
    let problems = told["problems"].as_array().unwrap().iter();
    // The navigation is not printed.
    let problems: Vec<&Value> = problems
        .filter(|problem| !problem.as_str().unwrap().starts_with("takes no focus"))
        .collect();
    assert!(problems.is_empty(), "printed: {problems:?}");
    // The probe sees lines that are not broken.
    let wide = printed.replace("white-space: pre-wrap", "white-space: pre");
    let wide = wide.replace("pre, code { font-size: 8pt", "pre, code { font-size: 20pt");
    let told = probed(browser, &wide, PAPER, Scheme::Light).to_string();
    assert!(told.contains("pixels wider than the window"), "{told}");
}

#[test]
fn the_probe_sees_what_is_wrong() {
    let folder = tempfile::tempdir().unwrap();
    let Some(browser) = Browser::find(folder.path()) else { return };
    let page = format!(
        "<!doctype html><html lang=\"en\"><head><script>{PROBE}</script></head><body><main>\
         <svg width=\"9\" height=\"9\"></svg><svg width=\"0\" height=\"9\" aria-label=\"thin\"></svg>\
         <a href=\"#nowhere\">link</a><p style=\"width: 900px; color: #ccc; background: #fff\">pale</p>\
         <div style=\"overflow-x: auto; width: 50px\"><p style=\"width: 90px\">wide</p></div>\
         </main><script>console.error('loud'); missing()</script></body></html>"
    );
    let (told, console) = browser.visit(&page, PHONE, Scheme::Light);
    assert!(console.contains("loud") && console.contains("missing is not defined"), "{console}");
    for problem in [
        "script: ",
        "no name: <svg width=",
        "not visible: <svg width=",
        "leads nowhere: <a href",
        "contrast 1.6: <p",
        "scrolls for pointers alone: <div",
        "not one main heading",
        "pixels wider than the window",
    ] {
        assert!(told.contains(problem), "no `{problem}` in {told}");
    }
}
