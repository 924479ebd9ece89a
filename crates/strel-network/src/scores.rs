//! The last layer of a classifier.

use crate::bank::{FloatNeuron, check_values};
use crate::chain::{Effect, Shape, Stage};
use crate::{NetworkError, Place};

/// The most inputs that the engine sums.
const MOST_INPUTS: usize = 1 << 18;

/// A linear layer that gives each class a score W.x - b, where x are all pixels of all input
/// channels. It keeps its float weights where the layers before it are binarized.
///
/// The class of an image is the one with the largest score, the first of them in a tie.
#[derive(Clone, Debug, PartialEq)]
pub struct Scores {
    /// What is read, 2^18 inputs at most.
    pub inputs: Shape,
    /// Number of classes, at least 1.
    pub classes: usize,
    /// `[classes, channels, height, width]`.
    pub weights: Vec<f32>,
    /// `[classes]`.
    pub bias: Vec<f32>,
}

impl Scores {
    /// The scores of these inputs, one a class, of a valid layer: the sums, order included, of
    /// [`ScoreLayer::scores`](strel_image::dense::ScoreLayer::scores).
    pub(crate) fn values(&self, inputs: &[f64]) -> Vec<f64> {
        let value = |class: usize| {
            let row = self.row(class);
            let neuron = row.view();
            let mut sums = [0.0; 8];
            for (index, (weight, x)) in neuron.weights().iter().zip(inputs).enumerate() {
                sums[index % 8] += weight * x;
            }
            sums.iter().sum::<f64>() - neuron.bias()
        };
        (0..self.classes).map(value).collect()
    }

    /// The score of a class of a valid layer, as a neuron without a threshold.
    pub(crate) fn row(&self, class: usize) -> FloatNeuron {
        let size = self.inputs.pixels();
        FloatNeuron::new(&self.weights[class * size..(class + 1) * size], self.bias[class], 1.0)
    }

    pub(crate) fn stage(&self) -> Stage {
        let effect = Effect::Scores(self.inputs);
        Stage { inputs: self.inputs.channels, outputs: self.classes, effect }
    }

    /// Checks the layer with this index.
    pub(crate) fn check(&self, layer: usize) -> Result<(), NetworkError> {
        let place = Place::layer(layer);
        let pixels = self.inputs.checked_pixels(place)?;
        if pixels > MOST_INPUTS {
            let expected = format!("at most {MOST_INPUTS}");
            let what = "number of inputs of the scores";
            return Err(NetworkError::Size { place, what, expected, found: pixels });
        }
        for (count, what, values, each) in [
            ("number of weights", "weight", &self.weights, pixels),
            ("number of biases", "bias", &self.bias, 1),
        ] {
            check_values(place, (count, what), values, (self.classes, each), |class| {
                Place::score(layer, class)
            })?;
        }
        Ok(())
    }
}

/// The class with the largest score, the first of them in a tie.
pub(crate) fn best_class(scores: &[f64]) -> usize {
    (1..scores.len()).fold(0, |best, class| if scores[class] > scores[best] { class } else { best })
}
