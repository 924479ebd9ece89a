//! Losses: how far outputs in `[0, 1]` are from binary targets, and scores from classes.

use serde::{Deserialize, Serialize};

/// A loss; each is 0 for outputs equal to their targets, and a mean over the batch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Loss {
    /// The mean squared error.
    #[default]
    Mse,
    /// The binary cross-entropy, `-t ln y - (1 - t) ln (1 - y)`, with `y` kept 1e-6 away from 0 and 1.
    Bce,
    /// `1 - 2 sum(y t) / (sum y + sum t)` over each image: one minus its soft DICE score, 0 where
    /// both are empty.
    Dice,
    /// The mean of `max(0, 1/2 - (2 t - 1) (2 y - 1))^2`: pixels that are right by a quarter or more
    /// (`y >= 3/4` for 1, `y <= 1/4` for 0) cost nothing. With the usual margin of 1 it would be four
    /// times the squared error, as outputs do not leave `[0, 1]`.
    SquaredHinge,
    /// The cross-entropy of scores, `-ln (exp s_c / sum_k exp s_k)` for the class `c` whose target is
    /// 1: for classifiers, and for them alone. It comes near 0 only where scores are far apart.
    CrossEntropy,
}

/// Keeps logarithms and quotients finite.
const TINY: f64 = 1e-6;

/// The margin of the squared hinge, in `[-1, 1]`.
const MARGIN: f64 = 0.5;

impl Loss {
    /// The loss of outputs and targets, `images` of them one after the other; of a classifier, an image is the scores of
    /// its classes.
    pub fn value(self, y: &[f32], t: &[f32], images: usize) -> f64 {
        let terms = y.iter().zip(t).map(|(&y, &t)| (f64::from(y), f64::from(t)));
        let count = y.len() as f64;
        match self {
            Loss::Mse => terms.map(|(y, t)| (y - t) * (y - t)).sum::<f64>() / count,
            Loss::Bce => {
                let entropy = |(y, t): (f64, f64)| {
                    let y = y.clamp(TINY, 1.0 - TINY);
                    -(t * y.ln() + (1.0 - t) * (1.0 - y).ln())
                };
                terms.map(entropy).sum::<f64>() / count
            }
            Loss::Dice => {
                let len = y.len() / images;
                let dice = |(y, t): (&[f32], &[f32])| {
                    let terms = y.iter().zip(t).map(|(&y, &t)| (f64::from(y), f64::from(t)));
                    let (both, all) = terms.fold((TINY, TINY), |(both, all), (y, t)| {
                        (both + 2.0 * y * t, all + y + t)
                    });
                    1.0 - both / all
                };
                y.chunks_exact(len).zip(t.chunks_exact(len)).map(dice).sum::<f64>() / images as f64
            }
            Loss::CrossEntropy => {
                let classes = y.len() / images;
                let entropy = |(y, t): (&[f32], &[f32])| {
                    let most = y.iter().copied().fold(f32::NEG_INFINITY, f32::max);
                    let sum: f64 = y.iter().map(|&y| f64::from(y - most).exp()).sum();
                    let score = |(&y, &t): (&f32, &f32)| f64::from(t) * f64::from(y - most);
                    sum.ln() - y.iter().zip(t).map(score).sum::<f64>()
                };
                let samples = y.chunks_exact(classes).zip(t.chunks_exact(classes));
                samples.map(entropy).sum::<f64>() / images as f64
            }
            Loss::SquaredHinge => {
                let short =
                    |(y, t): (f64, f64)| (MARGIN - (2.0 * t - 1.0) * (2.0 * y - 1.0)).max(0.0);
                terms.map(|term| short(term).powi(2)).sum::<f64>() / count
            }
        }
    }

    /// The gradient of [`value`](Self::value) for the outputs of one image.
    pub fn gradient(self, y: &[f32], t: &[f32]) -> Vec<f32> {
        let pairs = || y.iter().copied().zip(t.iter().copied());
        let count = y.len() as f32;
        match self {
            Loss::Mse => pairs().map(|(y, t)| 2.0 * (y - t) / count).collect(),
            Loss::Bce => {
                let tiny = TINY as f32;
                let slope = |(y, t): (f32, f32)| match y {
                    y if y < tiny || y > 1.0 - tiny => 0.0,
                    y => (y - t) / (y * (1.0 - y)) / count,
                };
                pairs().map(slope).collect()
            }
            Loss::Dice => {
                let sum = |of: fn(f32, f32) -> f32| {
                    pairs().map(|(y, t)| f64::from(of(y, t))).sum::<f64>() + TINY
                };
                let (both, all) = (sum(|y, t| 2.0 * y * t) as f32, sum(|y, t| y + t) as f32);
                pairs().map(|(_, t)| (both - 2.0 * t * all) / (all * all)).collect()
            }
            Loss::CrossEntropy => {
                let most = y.iter().copied().fold(f32::NEG_INFINITY, f32::max);
                let sum: f32 = y.iter().map(|y| (y - most).exp()).sum();
                pairs().map(|(y, t)| (y - most).exp() / sum - t).collect()
            }
            Loss::SquaredHinge => {
                let slope = |(y, t): (f32, f32)| {
                    let sign = 2.0 * t - 1.0;
                    -4.0 * sign * (MARGIN as f32 - sign * (2.0 * y - 1.0)).max(0.0) / count
                };
                pairs().map(slope).collect()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STEP: f32 = 1.0 / 256.0;

    /// The greatest error of a gradient against differences of the loss of one image.
    fn worst(loss: Loss, y: &[f32], t: &[f32]) -> f64 {
        let slope = |i: usize| {
            let value = |step: f32| {
                let mut y = y.to_vec();
                y[i] += step;
                loss.value(&y, t, 1)
            };
            (value(STEP) - value(-STEP)) / f64::from(2.0 * STEP)
        };
        let gradient = loss.gradient(y, t);
        let errors = gradient.iter().enumerate().map(|(i, g)| (f64::from(*g) - slope(i)).abs());
        errors.fold(0.0, f64::max)
    }

    #[test]
    fn gradients_are_differences_of_the_loss() {
        // Off the kinks of the hinge, and away from 0 and 1.
        let y: Vec<f32> = (0..24).map(|i| (i as f32 * 0.37).fract() * 0.9 + 0.052).collect();
        let t: Vec<f32> = (0..24).map(|i| f32::from(u8::from(i % 3 == 0))).collect();
        for loss in [Loss::Mse, Loss::Bce, Loss::Dice, Loss::SquaredHinge] {
            let error = worst(loss, &y, &t);
            assert!(error < 2e-3, "{loss:?}: off by {error}");
            assert!(loss.value(&t, &t, 2) < 1e-5, "{loss:?} of equal images");
            assert!(loss.value(&y, &t, 2) > 0.1, "{loss:?}");
            let [first, second] =
                [0..12, 12..24].map(|image| loss.value(&y[image.clone()], &t[image], 1));
            let mean = (first + second) / 2.0;
            assert!((loss.value(&y, &t, 2) - mean).abs() < 1e-9, "{loss:?}: a mean over images");
        }
        let scores = [1.0, -2.0, 0.5, 3.0];
        assert!(worst(Loss::CrossEntropy, &scores, &[0.0, 0.0, 1.0, 0.0]) < 1e-4);
    }

    #[test]
    fn cross_entropy_of_scores() {
        let (y, t) = ([1.0f32, -2.0, 0.5, 3.0, 3.0, 3.0], [0.0f32, 0.0, 1.0, 1.0, 0.0, 0.0]);
        let first = (1f64.exp() + (-2f64).exp() + 0.5f64.exp()).ln() - 0.5;
        let expected = (first + 3f64.ln()) / 2.0;
        assert!((Loss::CrossEntropy.value(&y, &t, 2) - expected).abs() < 1e-6);
    }
}
