//! The guide in `docs/src`: its commands run, and print what it says.
//!
//! With `STREL_GUIDE=write` what they print is written into the guide instead; read the prose beside
//! it again then. A chapter that fetches data is skipped, with a message, where the folder `$STREL_DATA_DIR`, else
//! `../shared/data`, lacks it: tests do not load from the network.
#![cfg(unix)]

mod common;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use strel::image::Kernel;

/// What the guide's output was printed with. Other instruction sets round sums in another order, so
/// that a training may end elsewhere.
const PRINTED_ON: Kernel = Kernel::Avx2;

/// A block of commands, and what the guide says that they print.
struct Step {
    /// The line of the chapter on which it begins, from 1.
    line: usize,
    commands: String,
    printed: String,
}

fn chapters() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/src");
    let files = fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    let mut chapters: Vec<_> =
        files.filter(|file| file.extension().is_some_and(|ending| ending == "md")).collect();
    chapters.sort();
    chapters
}

/// The fenced blocks of a chapter: line, language, and content.
fn blocks(chapter: &str) -> Vec<(usize, &str, String)> {
    let mut blocks: Vec<(usize, &str, String)> = Vec::new();
    let mut inside = false;
    for (line, text) in (1..).zip(chapter.lines()) {
        match text.strip_prefix("```") {
            Some(language) => {
                inside = !inside;
                if inside {
                    blocks.push((line, language, String::new()));
                }
            }
            None if inside => {
                let (_, _, content) = blocks.last_mut().expect("a block has begun");
                *content += &format!("{text}\n");
            }
            None if text.trim().is_empty() => {}
            // Text between two blocks: the second is no output of the first.
            None => blocks.push((line, "prose", String::new())),
        }
    }
    blocks
}

/// The blocks to run, each with the block of text right after it.
fn steps(chapter: &str) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut after_commands = false;
    for (line, language, content) in blocks(chapter) {
        match language {
            "sh" => steps.push(Step { line, commands: content, printed: String::new() }),
            "text" if after_commands => {
                steps.last_mut().expect("commands came before").printed = content;
            }
            _ => {}
        }
        after_commands = language == "sh";
    }
    steps
}

/// Whether lines are what was expected, where `...` stands for any lines.
fn fits(expected: &[&str], lines: &[&str]) -> bool {
    match expected.split_first() {
        None => lines.is_empty(),
        Some((&"...", rest)) => (0..=lines.len()).any(|skipped| fits(rest, &lines[skipped..])),
        Some((line, rest)) => lines
            .split_first()
            .is_some_and(|(first, lines)| is_same(line, first) && fits(rest, lines)),
    }
}

/// Whether two lines are the same, except that decimals may differ by rounding.
fn is_same(left: &str, right: &str) -> bool {
    let words =
        |line: &str| line.trim_end().split([' ', ',']).map(String::from).collect::<Vec<_>>();
    let (left, right) = (words(left), words(right));
    left.len() == right.len() && left.iter().zip(&right).all(|(a, b)| a == b || is_near(a, b))
}

fn is_near(left: &str, right: &str) -> bool {
    let decimal = |word: &str| word.contains('.').then(|| word.parse::<f64>().ok()).flatten();
    decimal(left).zip(decimal(right)).is_some_and(|(a, b)| (a - b).abs() < 1e-3)
}

/// Runs commands in a folder, and returns what they print, errors included.
fn run(folder: &Path, commands: &str, place: &str) -> String {
    let program = Path::new(env!("CARGO_BIN_EXE_strel")).parent().expect("a file is in a folder");
    let path = std::env::var("PATH").unwrap_or_default();
    let output = Command::new("bash")
        .args(["-euo", "pipefail", "-c", &format!("exec 2>&1\n{commands}")])
        .current_dir(folder)
        .env("PATH", format!("{}:{path}", program.display()))
        .envs(PRINTED_ON.is_available().then(|| (Kernel::VARIABLE, PRINTED_ON.to_string())))
        .output()
        .unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert!(output.status.success(), "{place}: {}\n{commands}\n{said}", output.status);
    said
}

/// What is printed, with dots for the lines that name times or places.
fn lasting(said: &str) -> String {
    let parts = [" s of training", "pixels a second", "report: ", " moves accepted, "];
    let fleeting =
        |line: &str| line.ends_with(" s") || parts.iter().any(|part| line.contains(part));
    let mut lines: Vec<&str> = Vec::new();
    for line in said.trim_end().lines().map(str::trim_end) {
        match fleeting(line) {
            false => lines.push(line),
            true if lines.last() == Some(&"...") => {}
            true => lines.push("..."),
        }
    }
    lines.join("\n") + "\n"
}

/// Runs a chapter in a folder of its own, and returns it with what its commands print.
fn follow(chapter: &Path, compared: bool) -> String {
    let text = fs::read_to_string(chapter).unwrap();
    let folder = tempfile::tempdir().unwrap();
    if text.contains("strel data fetch mnist --out data/mnist") {
        // Files that are there are checked and not fetched again.
        let Some(mnist) = common::real_data::folder("mnist") else {
            eprintln!("skipped: {} needs MNIST", chapter.display());
            return text;
        };
        fs::create_dir(folder.path().join("data")).unwrap();
        std::os::unix::fs::symlink(mnist, folder.path().join("data/mnist")).unwrap();
    }
    let mut corrected = text.clone();
    for Step { line, commands, printed } in steps(&text) {
        let place = format!("{}, line {line}", chapter.display());
        let said = run(folder.path(), &commands, &place);
        let [expected, lines] =
            [&printed, &said].map(|text| text.trim_end().lines().collect::<Vec<_>>());
        if compared && !fits(&expected, &lines) {
            eprintln!("{place}: expected\n{printed}\nbut\n{commands}\nprinted\n{said}");
            let block = |content: &str| format!("```sh\n{commands}```\n\n```text\n{content}```");
            corrected = corrected.replace(&block(&printed), &block(&lasting(&said)));
            assert!(corrected != text, "{place}: a block of text is to follow");
        }
    }
    corrected
}

#[test]
fn the_commands_of_the_guide_print_what_it_says() {
    let compared = PRINTED_ON.is_available();
    if !compared {
        eprintln!("without {PRINTED_ON}: run, and not compared");
    }
    for chapter in chapters() {
        let corrected = follow(&chapter, compared);
        if std::env::var("STREL_GUIDE").is_ok_and(|wish| wish == "write") {
            fs::write(&chapter, corrected).unwrap();
        } else {
            let same = corrected == fs::read_to_string(&chapter).unwrap();
            assert!(same, "{}: see above; STREL_GUIDE=write corrects it", chapter.display());
        }
    }
}

#[test]
fn the_summary_names_every_chapter() {
    let chapters = chapters();
    let is_summary = |file: &&PathBuf| file.ends_with("SUMMARY.md");
    let summary = fs::read_to_string(chapters.iter().find(is_summary).unwrap()).unwrap();
    for chapter in chapters.iter().filter(|file| !is_summary(file)) {
        let name = chapter.file_name().unwrap().to_string_lossy();
        assert!(summary.contains(&format!("({name})")), "{name}");
    }
    let named = summary.matches(".md)").count();
    assert_eq!(named, chapters.len() - 1, "the summary names files that there are");
}

#[test]
fn dots_stand_for_any_lines() {
    assert_eq!(lasting("a: 0.1\n1 s of training\nreport: b\nc\n"), "a: 0.1\n...\nc\n");
    assert!(fits(&["a", "...", "c"], &["a", "b", "b", "c"]));
    assert!(fits(&["a", "...", "c"], &["a", "c "]));
    assert!(!fits(&["a", "...", "c"], &["a", "c", "d"]));
    assert!(!fits(&["a"], &["a", "b"]));
    assert!(fits(&["a 0.5000, b"], &["a 0.5004, b"]));
    assert!(!fits(&["a 0.5000, b"], &["a 0.5020, b"]));
    assert!(!fits(&["a 5"], &["a 6"]));
    let chapter = "```sh\none\n```\n\n```text\n1\n```\n\n```sh\ntwo\n```\nSo:\n```text\n2\n```\n";
    let steps = steps(chapter);
    assert_eq!(steps.len(), 2);
    assert_eq!((steps[0].line, steps[0].commands.as_str()), (1, "one\n"));
    assert_eq!(steps[0].printed, "1\n");
    assert_eq!(steps[1].printed, "", "prose is between them");
}
