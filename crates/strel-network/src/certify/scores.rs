//! How far the scores of a float network can be from those of its binarization.

use strel_theory::AlmostBinary;

use super::bounds::summation_error;
use crate::Scores;

/// The largest distance of a score for inputs within these bounds, one a channel, from that for the
/// binary inputs that they stand for; infinite if sums may overflow. Both may be summed in `f32`.
pub(super) fn bound(scores: &Scores, channels: &[AlmostBinary]) -> f64 {
    let distance = |bounds: AlmostBinary| bounds.low().max(1.0 - bounds.high());
    let distances: Vec<f64> = scores.inputs.spread(channels).into_iter().map(distance).collect();
    let of_class = |class: usize| {
        let row = scores.row(class);
        let neuron = row.view();
        let weights = neuron.weights();
        let sum: f64 = weights.iter().zip(&distances).map(|(w, distance)| w.abs() * distance).sum();
        let rounding = (weights.len() + 4) as f64 * f64::EPSILON * sum;
        sum + rounding + 2.0 * summation_error(&neuron)
    };
    (0..scores.classes).map(of_class).fold(0.0, f64::max)
}
