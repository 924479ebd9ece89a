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

impl Report<'_> {
    /// The page.
    ///
    /// # Errors
    /// The samples do not fit the network.
    pub fn to_html(&self) -> Result<String, TrainError> {
        let samples = match (self.samples, &self.operators) {
            (Samples::Pairs(pairs), Some(Operators { float, network, .. })) => {
                samples::pairs(float, network, pairs)?
            }
            (Samples::Pairs(_), None) => String::new(),
            (Samples::Classes(samples, told), _) => classes::samples(samples, told),
        };
        let mut scores = scores::table(self.summary, self.config);
        if let TestScores::Classes(test) = &self.summary.test {
            scores += &classes::confusion(&test.confusion);
        }
        let verdict = self.operators.as_ref().map(|operators| operators.certificate.verdict);
        let lead = lead::html(self.summary, verdict);
        let mut page = Page::new(lead::title(self.config), &lead);
        if let Some(Operators { network, .. }) = &self.operators {
            page = page.section("Network", &network_section(network));
        }
        page = page
            .section("Scores", &scores)
            .section("Samples", &samples)
            .section("Training", &charts::section(self.metrics, self.summary.kept_step));
        if let Some(Operators { certificate, .. }) = &self.operators {
            page = page.section("Certificate", &certificate_section(certificate));
        }
        let made = making::section(self.config, self.summary);
        Ok(page.section("How it was made", &made).to_html())
    }
}

fn percent(share: f64) -> String {
    format!("{:.2} %", 100.0 * share)
}
