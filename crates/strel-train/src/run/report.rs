//! The report of a run: one HTML file that needs nothing else.

use std::fmt::Write;

use strel_image::BitImage;
use strel_network::{Certificate, FloatNetwork, Network, draw};

use super::{Metric, Summary, TestScores};
use crate::data::{Pair, Sample};
use crate::forward::apply_float;
use crate::{Config, TrainError};

/// What a report tells.
pub struct Report<'a> {
    pub config: &'a Config,
    pub summary: &'a Summary,
    pub metrics: &'a [Metric],
    /// None of an ordinary network.
    pub operators: Option<Operators<'a>>,
    /// What to show of the test data.
    pub samples: &'a Samples,
}

/// What came of a network.
pub struct Operators<'a> {
    pub float: &'a FloatNetwork,
    pub network: &'a Network,
    pub certificate: &'a Certificate,
}

/// Some of the test data.
pub enum Samples {
    /// Pairs of images.
    Pairs(Vec<Pair>),
    /// Samples of classes, and the classes that were told.
    Classes(Vec<Sample>, Vec<usize>),
}

const STYLE: &str = "\
:root { color-scheme: light dark; --ink: #1b1b1b; --paper: #fff; --line: #bbb; --mark: #1565c0 }
@media (prefers-color-scheme: dark) { :root { --ink: #e8e8e8; --paper: #161616; --line: #555; --mark: #7ab8ff } }
body { font: 16px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
table { border-collapse: collapse } td, th { border: 1px solid var(--line); padding: .3rem .7rem; text-align: left }
pre { overflow: auto; border: 1px solid var(--line); padding: .7rem } figure { margin: 1rem 0; overflow: auto }
.samples { display: grid; grid-template-columns: repeat(4, 1fr); gap: .5rem } .samples svg { width: 100%; border: 1px solid var(--line) }
svg { max-width: 100% }";

impl Report<'_> {
    /// The page.
    ///
    /// # Errors
    /// The samples do not fit the network.
    pub fn to_html(&self) -> Result<String, TrainError> {
        let (title, verdict) = self.title();
        let network = match &self.operators {
            Some(Operators { network, .. }) => {
                format!("<h2>The binarized network</h2>\n<figure>{}</figure>\n", draw(network))
            }
            None => String::new(),
        };
        let certificate = match &self.operators {
            Some(Operators { certificate, .. }) => {
                format!("<h2>Certificate</h2>\n<pre>{}</pre>\n", escape(&certificate.to_string()))
            }
            None => String::new(),
        };
        Ok(format!(
            "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
             <title>strel: report of a run</title>\n<style>\n{STYLE}\n</style>\n\
             <h1>{title}</h1>\n<p><strong>{verdict}</strong></p>\n\
             {scores}{network}<h2>Samples</h2>\n{samples}<h2>Training</h2>\n{curve}{certificate}\
             <h2>Configuration</h2>\n<p>The same configuration gives the same bits.</p>\n\
             <pre>{config}</pre>\n</html>\n",
            scores = self.scores(),
            samples = match self.samples {
                Samples::Pairs(pairs) => self.pair_grid(pairs)?,
                Samples::Classes(samples, told) => class_grid(samples, told),
            },
            curve = self.curve(),
            config = escape(&self.config.to_toml()),
        ))
    }

    fn title(&self) -> (&'static str, &'static str) {
        match &self.summary.counts {
            Some(counts) if counts.proved => (
                "A learnt morphological network",
                "Proved: on every binary input the float network, thresholded, and the binarized \
                 network give the same output.",
            ),
            Some(_) => (
                "A learnt morphological network",
                "Not proved: the float and the binarized network may differ on some input.",
            ),
            None => (
                "A network to compare with",
                "An ordinary network: no operators come of it, and nothing is proved.",
            ),
        }
    }

    fn scores(&self) -> String {
        let (s, mask) = (self.summary, self.config.training.border_mask);
        let polishing = s.polishing.as_ref().map_or(Default::default(), |polishing| {
            [
                row("DICE of the trained network", format!("{:.4}", polishing.dice_trained)),
                row("Binarized, not polished", format!("{:.4}", polishing.dice_before)),
            ]
        });
        let counts = s.counts.map_or(Default::default(), |counts| {
            [
                row("Activated neurons", format!("{} of {}", counts.activated, counts.neurons)),
                row("Lossless formulas and gates", counts.lossless.to_string()),
            ]
        });
        let rows = [
            polishing.concat(),
            counts.concat(),
            row("Steps", s.steps.to_string()),
            row("Step whose network was kept", s.kept_step.unwrap_or(s.steps).to_string()),
            row("Pixels at the edge that do not count", mask.0.to_string()),
            row("Seconds of training", format!("{:.1}", s.seconds)),
            row("Threads", format!("{} ({})", s.threads, escape(&s.instruction_set))),
            row("Layers without fused kernels", s.portable_layers.to_string()),
            row("Version", s.version.to_string()),
        ];
        format!("<table>\n{}{}</table>\n", test_rows(&s.test), rows.concat())
    }

    fn pair_grid(&self, pairs: &[Pair]) -> Result<String, TrainError> {
        let mut grid = String::from("<div class=\"samples\">\n");
        let Some(Operators { float, network, .. }) = &self.operators else { return Ok(grid) };
        for Pair { input, target } in pairs {
            let columns = [
                ("input", input.clone()),
                ("target", target.clone()),
                ("float network", apply_float(float, input)),
                ("binarized network", network.apply_one(input)?),
            ];
            for (name, image) in &columns {
                let _ = writeln!(grid, "<div>{name}{}</div>", picture(name, image));
            }
        }
        Ok(grid + "</div>\n")
    }

    /// The validation score over the steps.
    fn curve(&self) -> String {
        let name = self.metrics.last().map_or("score", |metric| metric.score.name());
        let last = self.metrics.last().map_or(1, |metric| metric.step.max(1)) as f64;
        let points: String = self
            .metrics
            .iter()
            .map(|m| {
                format!(
                    "{:.1},{:.1} ",
                    40.0 + 540.0 * m.step as f64 / last,
                    190.0 - 180.0 * m.score.value()
                )
            })
            .collect();
        format!(
            "<figure><svg viewBox=\"0 0 600 220\" role=\"img\" aria-label=\"validation {name} over steps\">\
             <title>Validation {name} over {last} steps</title>\
             <path d=\"M40 10V190H580\" fill=\"none\" stroke=\"currentColor\"/>\
             <g fill=\"currentColor\" font-size=\"12\"><text x=\"22\" y=\"16\">1</text>\
             <text x=\"22\" y=\"194\">0</text><text x=\"540\" y=\"210\">{last}</text>\
             <text x=\"40\" y=\"210\">steps</text></g>\
             <polyline points=\"{points}\" fill=\"none\" stroke=\"var(--mark)\" stroke-width=\"2\"/>\
             </svg><figcaption>Validation {name}.</figcaption></figure>\n"
        )
    }
}

/// A row of a table.
fn row(name: &str, value: String) -> String {
    format!("<tr><th>{name}<td>{value}\n")
}

fn test_rows(test: &TestScores) -> String {
    let dice = |dice: f64| format!("{dice:.4}");
    match test {
        TestScores::Images(test) => [
            row("DICE of the input itself", dice(test.dice_input)),
            row("DICE of the float network", dice(test.dice_float)),
            row("DICE of the binarized network", dice(test.dice_binarized)),
            row("Test pairs", test.test_pairs.to_string()),
            row("Test pixels on which the two differ", test.different_pixels.to_string()),
        ]
        .concat(),
        TestScores::Classes(test) => [
            row("Accuracy of the float network", percent(test.accuracy_float)),
            row("Accuracy with thresholded neurons", percent(test.accuracy_hard)),
            row("Accuracy of the binarized network", percent(test.accuracy_binarized)),
            row("Test samples", test.test_samples.to_string()),
            row("Test samples on which the last two differ", test.different_samples.to_string()),
        ]
        .concat(),
        TestScores::Baseline(test) => [
            row("Accuracy of the float network", percent(test.accuracy_float)),
            row("Accuracy as deployed", percent(test.accuracy_deployed)),
            row("Test samples", test.test_samples.to_string()),
            row("Bits of a weight", test.weight_bits.to_string()),
            row("Bits of an activation", test.activation_bits.to_string()),
            row("Bytes as deployed", test.deployed_bytes.to_string()),
        ]
        .concat(),
    }
}

fn class_grid(samples: &[Sample], told: &[usize]) -> String {
    let mut grid = String::from("<div class=\"samples\">\n");
    for (Sample { channels, class }, told) in samples.iter().zip(told) {
        let name = format!("class {class}, told {told}");
        let images: String = channels.iter().map(|image| picture(&name, image)).collect();
        let _ = writeln!(grid, "<div>{name}{images}</div>");
    }
    grid + "</div>\n"
}

/// An image as SVG, a run of pixels a path segment.
fn picture(name: &str, image: &BitImage) -> String {
    let mut path = String::new();
    for (row, col) in image.ones() {
        let _ = write!(path, "M{col} {row}h1v1h-1z");
    }
    format!(
        "<svg viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{name}\" shape-rendering=\"crispEdges\">\
         <path d=\"{path}\" fill=\"currentColor\"/></svg>",
        image.width(),
        image.height()
    )
}

fn percent(share: f64) -> String {
    format!("{:.2} %", 100.0 * share)
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
