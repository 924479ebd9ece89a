//! What stands first: the verdict and the numbers that matter most.

use std::fmt::Write;

use strel_network::Verdict;
use strel_network::page::escaped;

use super::percent;
use crate::Config;
use crate::config::DataConfig;
use crate::run::{NeuronCounts, Summary, TestScores};

/// The task in a few words.
pub fn title(config: &Config) -> &'static str {
    match config.data {
        DataConfig::Noisti(_) => "Noised sticks, cleaned by a learnt network",
        DataConfig::Pairs(_) => "An operator learnt from pairs of images",
        DataConfig::Operator(_) => "A known operator, learnt from its results",
        DataConfig::Mnist(_) => "Handwritten digits, told apart by a learnt network",
        DataConfig::FashionMnist(_) => "Pieces of clothing, told apart by a learnt network",
        DataConfig::Cifar10(_) => "Photographs, told apart by a learnt network",
    }
}

const TICK: &str = "M8 14.5l4.5 4.5l8.5 -10";
const EXCLAMATION: &str = "M14 8v8M14 20v.01";

pub fn html(summary: &Summary, verdict: Verdict) -> String {
    let notes = summary
        .notes
        .iter()
        .map(|note| format!("<p><strong>Note:</strong> {}</p>\n", escaped(note)));
    frame(verdict) + &notes.collect::<String>() + &tiles(summary)
}

/// The verdict in a frame; its sign is told from the others by colour and by shape.
fn frame(verdict: Verdict) -> String {
    let (class, sign, words) = match verdict {
        Verdict::Proved => {
            ("proved", TICK, "The operators are the network: equal on every binary image.")
        }
        Verdict::ProvedHard => {
            ("proved", TICK, "The binarized network is the thresholded one on every binary image.")
        }
        Verdict::Refuted => {
            ("unproved", EXCLAMATION, "Float and binarized network differ on some binary image.")
        }
        Verdict::Open => {
            ("unproved", EXCLAMATION, "Whether float and binarized network differ is not known.")
        }
    };
    let frame = match class {
        "proved" => "<circle cx=\"14\" cy=\"14\" r=\"12.5\"/>",
        _ => "<path d=\"M14 2l12.5 23h-25z\"/>",
    };
    format!(
        "<div class=\"verdict {class}\">\
         <svg viewBox=\"0 0 28 28\" aria-hidden=\"true\">{frame}<path d=\"{sign}\"/></svg>\
         <p><strong>{verdict}</strong><span>{words}</span></p></div>\n"
    )
}

fn tiles(summary: &Summary) -> String {
    let scores = match &summary.test {
        TestScores::Images(test) => [
            ("DICE, float", format!("{:.4}", test.dice_float)),
            ("DICE, binarized", format!("{:.4}", test.dice_binarized)),
            ("Pixels that differ", test.different_pixels.to_string()),
        ],
        TestScores::Grey(test) => [
            ("PSNR, input", format!("{:.1} dB", test.input.psnr())),
            ("PSNR, float", format!("{:.1} dB", test.float.psnr())),
            ("PSNR, binarized", format!("{:.1} dB", test.binarized.psnr())),
        ],
        TestScores::Classes(test) => [
            ("Accuracy, float", percent(test.accuracy_float)),
            ("Accuracy, binarized", percent(test.accuracy_binarized)),
            ("Samples that differ", test.different_samples.to_string()),
        ],
    };
    let NeuronCounts { activated, neurons, .. } = summary.counts;
    let rest = [
        ("Activated neurons", format!("{activated} of {neurons}")),
        ("Training", format!("{:.0} s", summary.seconds)),
    ];
    let mut html = String::from("<dl class=\"tiles\">\n");
    for (name, value) in scores.into_iter().chain(rest) {
        let _ = writeln!(html, "<div><dt>{name}</dt><dd>{value}</dd></div>");
    }
    html + "</dl>\n"
}
