//! Float and binarized network beside each other.

use strel_network::page::table as html_table;

use super::percent;
use crate::Config;
use crate::run::{ClassScores, GreyScores, ImageScores, Polishing, Summary, TestScores};
use crate::score::GreyError;

pub fn table(summary: &Summary, config: &Config) -> String {
    match &summary.test {
        TestScores::Images(test) => {
            of_images(test, summary.polishing.as_ref(), config.training.border_mask.0)
        }
        TestScores::Grey(test) => of_grey(test),
        TestScores::Classes(test) => of_classes(test),
    }
}

fn of_images(test: &ImageScores, polishing: Option<&Polishing>, mask: usize) -> String {
    let cells = |float: f64, binarized: f64| vec![four(float), four(binarized)];
    let after = cells(test.dice_float, test.dice_binarized);
    let rows = match polishing {
        Some(before) => vec![
            ("As trained", cells(before.dice_trained, before.dice_before)),
            ("Polished, what the run keeps", after),
        ],
        None => vec![("As trained", after)],
    };
    let mask = match mask {
        0 => String::new(),
        pixels => format!(" {pixels} pixels at the edge of each image do not count."),
    };
    format!(
        "{}<p>Mean DICE on {} test pairs, which neither training nor selection saw.{mask} The input itself \
         has {}. On all test pairs together, {} pixels differ between the float and the binarized network.</p>\n",
        html_table(&["", "float", "binarized"], &rows),
        test.test_pairs,
        four(test.dice_input),
        test.different_pixels,
    )
}

fn of_grey(test: &GreyScores) -> String {
    let errors = [&test.input, &test.float, &test.binarized];
    let row = |of: fn(&GreyError) -> f64| errors.map(|error| format!("{:.2}", of(error))).to_vec();
    let rows = [
        ("Mean absolute error, of 255", row(GreyError::mean_absolute)),
        ("PSNR in dB", row(GreyError::psnr)),
    ];
    format!(
        "{}<p>On {} grey test pairs, which neither training nor selection saw, by {} level sets of each \
         plane, stacked.</p>\n",
        html_table(&["", "input itself", "float", "binarized"], &rows),
        test.test_pairs,
        test.levels,
    )
}

fn of_classes(test: &ClassScores) -> String {
    let accuracies = [test.accuracy_float, test.accuracy_hard, test.accuracy_binarized];
    let rows = [("Accuracy", accuracies.map(percent).to_vec())];
    format!(
        "{}<p>On {} test samples, which neither training nor selection saw. The binarized network tells {} of \
         them another class than the thresholded one does.</p>\n",
        html_table(&["", "float", "thresholded", "binarized"], &rows),
        test.test_samples,
        test.different_samples,
    )
}

fn four(score: f64) -> String {
    format!("{score:.4}")
}
