//! What is known of a float network and its binarization, neuron by neuron.

mod file;
mod text;

use serde::{Deserialize, Serialize};
use strel_image::BitImage;
use strel_theory::SetOperator;

use crate::Place;

/// Whether a float network equals its binarization for every binary input, and why. Made by
/// [`certify`](crate::certify), verified by [`check`](crate::check).
///
/// Of classifiers, what is compared are the inputs of the layer of scores: "the outputs" are those of
/// the layers before it.
///
/// It prints as text, and serializes to JSON, where an infinite number is `null`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Certificate {
    /// The answer.
    pub verdict: Verdict,
    /// [`FloatNetwork::digest`](crate::FloatNetwork::digest) of the float network.
    pub float_digest: String,
    /// [`Network::digest`](crate::Network::digest) of the binarized network.
    pub binarized_digest: String,
    /// Every neuron, in the order of the computation.
    pub neurons: Vec<NeuronReport>,
    /// What is known of the scores; there iff the networks are classifiers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scores: Option<ScoreReport>,
    /// An input on which the float network, thresholded at 1/2, and the binarized network differ.
    pub difference: Option<Difference>,
    /// How many inputs were tried in the search for one.
    pub patches_tried: usize,
}

/// The answer of a [`Certificate`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// The binarized network equals the float network thresholded at 1/2, for every binary input.
    Proved,
    /// The binarized network equals the float network with a hard threshold in every neuron, for
    /// every binary input. Thresholded at its end only, the float network may differ.
    ProvedHard,
    /// The binarized network and the float network thresholded at 1/2 differ on some input.
    Refuted,
    /// Some neurons fail, and no input was found on which the networks differ.
    Open,
}

/// What is known of the scores of a classifier.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScoreReport {
    /// The number of classes.
    pub classes: usize,
    /// For every binary input, no score of the float network is further than this from that of the
    /// binarized network, rounding included: both give the same class whenever its two best scores
    /// differ by more than twice this. `None` unless the inputs of the scores are proved to agree, and
    /// if sums may overflow in `f32`.
    pub bound: Option<f64>,
}

/// What is known of one neuron, for all inputs that can reach it.
///
/// The neuron is proved to be its operator for real inputs iff it has `output_bounds`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NeuronReport {
    /// Which neuron.
    pub place: Place,
    /// Whether the binarized neuron equals the float one on binary inputs.
    pub equality: Equality,
    /// The operator that the float neuron is, or is nearest to.
    pub operator: NearestOperator,
    /// The inputs have no value between these bounds: the loosest of its inputs' bounds.
    pub input_bounds: (f64, f64),
    /// W.x is at most this where the operator gives 0; `None` if it never does.
    pub lower: Option<f64>,
    /// W.x is at least this where the operator gives 1; `None` if it never does.
    pub upper: Option<f64>,
    /// The bias b.
    pub bias: f64,
    /// The scale p; where it is negative, the neuron is the complement of the operator.
    pub scale: f64,
    /// min(b - lower, upper - b), less the rounding error: positive iff the neuron is activated
    /// within its input bounds. `None` if it is infinite.
    pub margin: Option<f64>,
    /// The outputs have no value between these bounds, which hold 1/2 between them; `None` if the
    /// neuron fails.
    pub output_bounds: Option<(f64, f64)>,
}

/// Whether a binarized neuron equals the float neuron, thresholded at 1/2, on all binary inputs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Equality {
    /// It does.
    Equal,
    /// It differs on some input.
    Different,
    /// The neuron has more than 12 inputs and its formula is not the one that was derived to compare
    /// with, or the binarized neuron reads pixels that the float one does not.
    Unknown,
}

/// The kind of an operator, and the number of pixels or channels in its set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum NearestOperator {
    /// A dilation, or a union.
    Dilation(usize),
    /// An erosion, or an intersection.
    Erosion(usize),
    /// A constant.
    Constant(bool),
}

/// Binary images, one an input channel, for which the two networks differ at one pixel.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Difference {
    /// The images as rows of `.` and `#`.
    pub patch: Vec<Vec<String>>,
    /// What both networks read outside of them: `replicate`, `reflect`, `zero` or `one`.
    pub border: String,
    /// Number of the output channel, from 1.
    pub output: usize,
    /// Row of the pixel, from 0.
    pub row: usize,
    /// Column of the pixel, from 0.
    pub col: usize,
    /// What the float network gives there, in `f64`.
    pub float: f64,
    /// What the binarized network gives there.
    pub binarized: bool,
}

impl Certificate {
    /// Whether the verdict is [`Verdict::Proved`].
    pub fn is_proved(&self) -> bool {
        self.verdict == Verdict::Proved
    }

    /// The neurons that fail, first to last: those that are not proved to be their operator for the
    /// inputs that reach them, and those that the binarized neuron is not known to equal. Behind a
    /// neuron that fails, the others are judged as if it were repaired: with exactly binary outputs.
    pub fn failures(&self) -> impl Iterator<Item = &NeuronReport> {
        self.neurons.iter().filter(|neuron| !neuron.is_proved())
    }

    /// The neuron with the smallest finite margin.
    pub fn tightest(&self) -> Option<&NeuronReport> {
        let finite = self.neurons.iter().filter_map(|neuron| Some((neuron, neuron.margin?)));
        finite.min_by(|left, right| left.1.total_cmp(&right.1)).map(|(neuron, _)| neuron)
    }
}

impl NeuronReport {
    /// Whether the binarized neuron is proved to be the operator that the float neuron is.
    pub fn is_proved(&self) -> bool {
        self.output_bounds.is_some() && self.equality == Equality::Equal
    }

    /// By how much the neuron misses its nearest operator; 0 if it does not.
    pub fn miss(&self) -> f64 {
        self.margin.map_or(0.0, |margin| (-margin).max(0.0))
    }
}

impl Verdict {
    /// The answer that these findings allow.
    pub(crate) fn new(neurons: &[NeuronReport], differs: bool) -> Self {
        if neurons.iter().all(NeuronReport::is_proved) {
            Self::Proved
        } else if neurons.iter().all(|neuron| neuron.equality == Equality::Equal) {
            Self::ProvedHard
        } else if differs {
            Self::Refuted
        } else {
            Self::Open
        }
    }
}

impl Difference {
    /// The images; `None` if a row is none, or not as long as the others.
    pub fn images(&self) -> Option<Vec<BitImage>> {
        let image = |rows: &Vec<String>| {
            let width = rows.first()?.len();
            let even = rows.iter().all(|row| row.len() == width && row.bytes().all(is_pixel));
            let inside = |row: usize, col: usize| rows[row].as_bytes()[col] == b'#';
            even.then(|| BitImage::from_fn(rows.len(), width, inside))
        };
        self.patch.iter().map(image).collect()
    }
}

fn is_pixel(byte: u8) -> bool {
    byte == b'.' || byte == b'#'
}

impl From<&SetOperator> for NearestOperator {
    fn from(operator: &SetOperator) -> Self {
        let size = |support: &[bool]| support.iter().filter(|inside| **inside).count();
        match operator {
            SetOperator::Dilation(support) => Self::Dilation(size(support)),
            SetOperator::Erosion(support) => Self::Erosion(size(support)),
            SetOperator::Constant(value) => Self::Constant(*value),
        }
    }
}
