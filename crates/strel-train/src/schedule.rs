//! What changes over the steps of a training.

use std::f64::consts::PI;

use serde::{Deserialize, Serialize};

use crate::ranges::expect;

/// How the learning rate falls, and how neurons become sharper.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Schedule {
    /// How the learning rate falls.
    pub decay: Decay,
    /// Steps from one drop of the learning rate to the next, for [`Decay::Steps`].
    pub every: u64,
    /// What a drop multiplies the learning rate by, for [`Decay::Steps`].
    pub factor: f64,
    /// What the scales p are multiplied by over all steps, beside what they learn: by the same factor
    /// in each step, so that neurons turn from smooth to sharp. 1 leaves them alone.
    pub sharpening: f64,
}

/// How the learning rate falls.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Decay {
    /// Not at all.
    #[default]
    Constant,
    /// Along half a period of a cosine, to 0 after the last step.
    Cosine,
    /// By a factor, every so many steps.
    Steps,
}

impl Default for Schedule {
    fn default() -> Self {
        Schedule { decay: Decay::Constant, every: 1000, factor: 0.5, sharpening: 1.0 }
    }
}

impl Schedule {
    /// The learning rate of step `step` of `steps`, which is `first` at the start.
    ///
    /// ```
    /// use strel_train::schedule::{Decay, Schedule};
    ///
    /// let steps = Schedule { decay: Decay::Steps, every: 10, factor: 0.5, ..Schedule::default() };
    /// assert_eq!(steps.learning_rate(0.01, 9, 100), 0.01);
    /// assert_eq!(steps.learning_rate(0.01, 25, 100), 0.0025);
    /// let cosine = Schedule { decay: Decay::Cosine, ..Schedule::default() };
    /// assert_eq!(cosine.learning_rate(0.01, 50, 100), 0.005);
    /// ```
    pub fn learning_rate(&self, first: f64, step: u64, steps: u64) -> f64 {
        match self.decay {
            Decay::Constant => first,
            Decay::Cosine => first * (1.0 + (PI * step as f64 / steps as f64).cos()) / 2.0,
            Decay::Steps => first * self.factor.powf((step / self.every) as f64),
        }
    }

    /// What one of `steps` steps multiplies the scales p by.
    pub fn growth(&self, steps: u64) -> f64 {
        self.sharpening.powf(1.0 / steps as f64)
    }

    pub(crate) fn check(&self) -> Result<(), String> {
        let Schedule { every, factor, sharpening, .. } = *self;
        expect(every > 0, "every", every, "at least 1")?;
        expect(factor > 0.0 && factor <= 1.0, "factor", factor, "above 0, at most 1")?;
        let fits = sharpening.is_finite() && sharpening > 0.0;
        expect(fits, "sharpening", sharpening, "a number above 0")
    }
}
