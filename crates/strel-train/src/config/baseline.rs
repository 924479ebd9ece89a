//! Configurations of ordinary networks.

use super::{Config, NetworkConfig, TrainingConfig, expect};
use crate::layers::{Baseline, Biases, Weights};
use crate::regularizer::Kind;
use strel_theory::Threshold;

impl Config {
    /// What does not apply to an ordinary network keeps its default.
    pub(super) fn check_baseline(&self, baseline: Baseline) -> Result<(), String> {
        let Baseline::Dorefa(bits) = baseline else { return self.check_unused() };
        let range = "1 to 8 bits, or 32 for floats";
        let found = format!("{} and {}", bits.weights, bits.activations);
        expect(bits.are_known(), "dorefa", found, range)?;
        self.check_unused()
    }

    fn check_unused(&self) -> Result<(), String> {
        let NetworkConfig { threshold, weights, biases, spread, bias, scale, .. } = self.network;
        let of = |what: &str| format!("{what} with `baseline`: it has no morphological neurons");
        expect(threshold == Threshold::Tanh, "threshold", threshold, &of("tanh"))?;
        let (found, fits) = (format!("{weights:?}"), weights == Weights::default());
        expect(fits, "weights", found, &of("normalised"))?;
        let (found, fits) = (format!("{biases:?}"), biases == Biases::default());
        expect(fits, "biases", found, &of("softplus"))?;
        expect(spread == 1.0, "spread", spread, &of("1"))?;
        expect(bias == 0.5, "bias", bias, &of("0.5"))?;
        expect(scale == 2.0, "scale", scale, &of("2"))?;
        let TrainingConfig { smooth, patience, project_every, regularizer, schedule, .. } =
            &self.training;
        expect(*smooth == 1.0, "smooth", smooth, &of("1"))?;
        expect(*project_every == 0, "project-every", project_every, &of("0"))?;
        let (found, fits) = (format!("{:?}", regularizer.kind), regularizer.kind == Kind::None);
        expect(fits, "regularizer.kind", found, &of("none"))?;
        expect(schedule.sharpening == 1.0, "sharpening", schedule.sharpening, &of("1"))?;
        let range = "0 with `baseline`: no network file is kept of it";
        expect(*patience == 0, "patience", patience, range)
    }
}
