//! What a certificate says of scores, computed again.

use super::CheckFailure;
use super::bounds::{Interval, Numbers, TOLERANCE, rounding_slack};
use crate::certificate::{Certificate, Verdict};
use crate::{FloatNetwork, Place, Scores};

/// Checks the report of the scores of inputs within these bounds, one a channel.
pub(super) fn check_scores(
    certificate: &Certificate,
    float: &FloatNetwork,
    channels: &[Interval],
) -> Result<(), CheckFailure> {
    let (report, layer) = match (&certificate.scores, float.scores_layer()) {
        (None, None) => return Ok(()),
        (Some(report), Some(layer)) if report.classes == layer.classes => (report, layer),
        _ => return Err(CheckFailure::Scores),
    };
    let errors: Vec<Error> =
        (0..layer.classes).map(|class| Error::of(layer, class, channels)).collect();
    let bound = match certificate.verdict {
        Verdict::Proved => errors.iter().map(|error| error.bound).fold(0.0, f64::max),
        _ => f64::INFINITY,
    };
    let size = errors.iter().map(|error| error.size).fold(0.0, f64::max);
    let place = Place::layer(float.layers().len() - 1);
    let numbers = Numbers { place, tolerance: TOLERANCE * size + f64::MIN_POSITIVE };
    numbers.check("bound of the scores", report.bound, bound, numbers.tolerance)
}

/// How far a score of the float network and that of the binarized one can be apart.
struct Error {
    bound: f64,
    /// The sum of the sizes of the score's terms.
    size: f64,
}

impl Error {
    fn of(layer: &Scores, class: usize, channels: &[Interval]) -> Self {
        let pixels = layer.inputs.pixels();
        let weights = &layer.weights[class * pixels..(class + 1) * pixels];
        let (mut inexact, mut size) = (0.0, f64::from(layer.bias[class]).abs());
        for (pixel, &weight) in weights.iter().enumerate() {
            let channel = channels[pixel / (layer.inputs.height * layer.inputs.width)];
            inexact += f64::from(weight).abs() * channel.distance_from_binary();
            size += f64::from(weight).abs();
        }
        Self { bound: inexact + 2.0 * rounding_slack(pixels, size), size }
    }
}
