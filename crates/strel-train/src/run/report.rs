//! The report of a run: one HTML file that needs nothing else.

mod charts;
mod classes;
mod lead;
mod making;
mod samples;
mod scores;

use strel_network::page::{Page, certificate_section, network_section};
use strel_network::{Certificate, FloatNetwork, Network};

use super::{Metric, Summary, TestScores};
use crate::data::{Pair, Sample};
use crate::{Config, TrainError};

/// What a report tells.
pub struct Report<'a> {
    pub config: &'a Config,
    pub summary: &'a Summary,
    pub metrics: &'a [Metric],
    pub float: &'a FloatNetwork,
    pub network: &'a Network,
    pub certificate: &'a Certificate,
    /// What to show of the test data.
    pub samples: &'a Samples,
}

/// Some of the test data.
pub enum Samples {
    /// Pairs of images.
    Pairs(Vec<Pair>),
    /// Samples of classes, and the classes that were told.
    Classes(Vec<Sample>, Vec<usize>),
}

impl Report<'_> {
    /// The page.
    ///
    /// # Errors
    /// The samples do not fit the network.
    pub fn to_html(&self) -> Result<String, TrainError> {
        let Report { float, network, certificate, .. } = *self;
        let samples = match self.samples {
            Samples::Pairs(pairs) => samples::pairs(float, network, pairs)?,
            Samples::Classes(samples, told) => classes::samples(samples, told),
        };
        let mut scores = scores::table(self.summary, self.config);
        if let TestScores::Classes(test) = &self.summary.test {
            scores += &classes::confusion(&test.confusion);
        }
        let lead = lead::html(self.summary, certificate.verdict);
        Ok(Page::new(lead::title(self.config), &lead)
            .section("Network", &network_section(network))
            .section("Scores", &scores)
            .section("Samples", &samples)
            .section("Training", &charts::section(self.metrics, self.summary.kept_step))
            .section("Certificate", &certificate_section(certificate))
            .section("How it was made", &making::section(self.config, self.summary))
            .to_html())
    }
}

fn percent(share: f64) -> String {
    format!("{:.2} %", 100.0 * share)
}
