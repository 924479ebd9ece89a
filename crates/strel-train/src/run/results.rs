//! What a finished run leaves.

use strel_network::{CertifyBudget, FloatNetwork, Network, certify};

use super::report::{Report, Samples};
use super::{
    CERTIFICATE, CHECKPOINTS, ClassScores, FLOAT, Finished, GREY_TEST_PAIRS, GreyScores,
    ImageScores, METRICS, NETWORK, NeuronCounts, Patience, Polishing, REPORT, Run, SUMMARY,
    Summary, TEST_PAIRS, TestScores, checkpoint, metrics,
};
use crate::classify::binarized_classes;
use crate::data::{Data, Split};
use crate::{Config, TrainError, Trainer};

/// Test pairs and test samples that a report shows.
const SHOWN_PAIRS: usize = 4;
const SHOWN_SAMPLES: usize = 16;

impl Run {
    /// Puts another binarization of the float network in the place of the run's, and writes the
    /// certificate, the summary and the report anew, so that all of them speak of this one.
    ///
    /// # Errors
    /// The run is not finished, its data cannot be read any more or has changed, or a file cannot be written.
    pub fn replace_network(&self, network: Network) -> Result<Finished, TrainError> {
        let float = self.float_network()?;
        let (config, log) = (self.config()?, metrics::read(&self.path(METRICS))?);
        self.keep_data(&config)?;
        let patience = Patience::new(config.training.patience, &log);
        let trainer = match checkpoint::load(config, &self.path(CHECKPOINTS))? {
            Some(trainer) if trainer.is_finished() || patience.is_over() => trainer,
            _ => return Err(self.unfinished()),
        };
        let seconds = log.last().map_or(0.0, |last| last.seconds);
        self.write_results(&trainer, &float, network, None, seconds)
    }

    pub(super) fn write_results(
        &self,
        trainer: &Trainer,
        float: &FloatNetwork,
        network: Network,
        polishing: Option<Polishing>,
        seconds: f64,
    ) -> Result<Finished, TrainError> {
        let certificate = certify(float, &network, budget(float))?;
        let (test, samples) = self::test(trainer, float, &network)?;
        let metrics = metrics::read(&self.path(METRICS))?;
        let patience = Patience::new(trainer.config().training.patience, &metrics);
        let counts = NeuronCounts::new(&network, &certificate);
        let summary = Summary::new(trainer, counts, test, seconds);
        let summary = Summary { kept_step: patience.kept_step(), polishing, ..summary };
        let page = Report {
            config: trainer.config(),
            summary: &summary,
            metrics: &metrics,
            float,
            network: &network,
            certificate: &certificate,
            samples: &samples,
        };
        let page = page.to_html()?;
        float.save(self.path(FLOAT))?;
        network.save(self.path(NETWORK))?;
        certificate.save(self.path(CERTIFICATE))?;
        self.write(SUMMARY, summary.to_json().as_bytes())?;
        self.write(REPORT, page.as_bytes())?;
        Ok(Finished { summary, network, certificate })
    }
}

/// A difference of a large classifier is not looked for long: most are far from any, and each input
/// that is tried takes all of its weights.
fn budget(float: &FloatNetwork) -> CertifyBudget {
    let budget = CertifyBudget::default();
    CertifyBudget { patches: if float.classes().is_some() { 64 } else { budget.patches }, ..budget }
}

/// The test scores, and some of the test data to show.
fn test(
    trainer: &Trainer,
    float: &FloatNetwork,
    network: &Network,
) -> Result<(TestScores, Samples), TrainError> {
    match trainer.data() {
        Data::Pairs(source) => {
            let mut pairs = trainer.held_out(Split::Test, TEST_PAIRS)?;
            let Config { seed, training, .. } = trainer.config();
            let mask = training.border_mask;
            let scores = match source.level_sets() {
                None => TestScores::Images(ImageScores::new(float, network, mask, &pairs)?),
                Some(sets) => {
                    let pairs = source.grey_pairs(*seed, Split::Test, GREY_TEST_PAIRS)?;
                    TestScores::Grey(GreyScores::new(float, network, sets, mask, &pairs)?)
                }
            };
            pairs.truncate(SHOWN_PAIRS);
            Ok((scores, Samples::Pairs(pairs)))
        }
        Data::Classes(classes) => {
            let mut samples = classes.samples(Split::Test);
            let scores = ClassScores::new(float, network, &samples)?;
            samples.truncate(SHOWN_SAMPLES);
            let told = binarized_classes(&network.plan(), &samples)?;
            Ok((TestScores::Classes(scores), Samples::Classes(samples, told)))
        }
    }
}
