//! The initial parameters of a neuron: undecided between dilation and erosion.

use rand::RngExt;
use rand::rngs::ChaCha8Rng;

/// The distribution that a neuron's weights are drawn from.
///
/// It makes the pre-activations `p (W.x - b)` have mean 0 and variance 1/4 in every layer, so that
/// a neuron starts halfway between a dilation and an erosion (Aouad & Talbot 2023).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Initial {
    /// The mean weight.
    pub mean: f64,
    /// Half the width of the interval that weights are drawn from, uniformly.
    pub spread: f64,
}

/// The relative jitter of initial biases, drawn for each neuron.
const BIAS_JITTER: f64 = 0.01;

/// The sum of a neuron's weights at the start: `2 xi^-1(0.95)`, whatever the number of inputs.
pub const WEIGHT_SUM: f64 = 2.944_438_979_166_440_5;

impl Initial {
    /// For a neuron of `inputs` weights.
    pub fn new(inputs: usize) -> Self {
        let root = (inputs as f64).sqrt();
        let span = 3f64.sqrt() + 2.0;
        // xi^-1(0.95) of the smooth threshold xi(u) = tanh(u) / 2 + 1 / 2.
        let saturated = 0.9f64.atanh();
        let scale = span * root / (8.0 * saturated);
        let mean = span / (4.0 * scale * root);
        let variance = 1.0 / (scale * scale * inputs as f64) - mean * mean;
        Initial { mean, spread: (3.0 * variance.max(0.0)).sqrt() }
    }

    /// A weight, with the spread multiplied by `factor`; never negative.
    pub fn weight(&self, factor: f64, rng: &mut ChaCha8Rng) -> f64 {
        (self.mean + factor * self.spread * rng.random_range(-1.0..=1.0)).max(0.0)
    }

    /// The bias of a neuron whose weights have this sum and whose inputs have this mean.
    pub fn bias(weight_sum: f64, input_mean: f64, rng: &mut ChaCha8Rng) -> f64 {
        input_mean * weight_sum * (1.0 + BIAS_JITTER * rng.random_range(-1.0..=1.0))
    }
}

/// The `v` with `softplus(v) = ln(1 + e^v) = positive`, in full precision for tiny values too.
///
/// A parameter of exactly 0 has no such `v`; the smallest one that `f32` training can move is used.
pub fn softplus_inverse(positive: f64) -> f64 {
    let positive = positive.max(1e-6);
    positive + (-(-positive).exp_m1()).ln()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;

    #[test]
    fn preactivations_have_mean_0_and_variance_a_quarter() {
        // The derivation: inputs of mean 1/2 and second moment 1/4 + 1/4 (binary), scale p0.
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        let (n, trials) = (25, 20_000);
        let initial = Initial::new(n);
        let scale = (3f64.sqrt() + 2.0) * 5.0 / (8.0 * 0.9f64.atanh());
        let samples: Vec<f64> = (0..trials)
            .map(|_| {
                let weights: Vec<f64> = (0..n).map(|_| initial.weight(1.0, &mut rng)).collect();
                let sum: f64 = weights.iter().sum();
                let x = weights.iter().filter(|_| rng.random_bool(0.5)).sum::<f64>();
                scale * (x - 0.5 * sum)
            })
            .collect();
        let mean = samples.iter().sum::<f64>() / trials as f64;
        let variance = samples.iter().map(|v| v * v).sum::<f64>() / trials as f64;
        assert!(mean.abs() < 0.02, "mean {mean}");
        assert!((variance - 0.25).abs() < 0.02, "variance {variance}");
    }

    #[test]
    fn the_sum_of_the_weights_does_not_depend_on_their_number() {
        for inputs in [1, 2, 9, 25, 784] {
            let sum = inputs as f64 * Initial::new(inputs).mean;
            assert!((sum - WEIGHT_SUM).abs() < 1e-12, "{inputs} inputs: {sum}");
        }
    }

    #[test]
    fn softplus_inverse_inverts() {
        for positive in [1e-5, 1e-3, 0.1, 1.0, 10.0, 50.0] {
            let back = softplus_inverse(positive).exp().ln_1p();
            assert!((back - positive).abs() <= 1e-12 * positive, "{positive} came back as {back}");
        }
    }
}
