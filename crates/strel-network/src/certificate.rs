//! What is known of a float network and its binarization, neuron by neuron.

use std::fmt;
use std::path::Path;

use serde::{Deserialize, Serialize};
use strel_theory::SetOperator;

use crate::{NetworkError, Place, disk};

/// Whether a float network, thresholded at 1/2, equals its binarization for every binary input, and
/// why. Made by [`certify`](crate::certify).
///
/// It prints as text, and serializes to JSON, where an infinite number is `null`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Certificate {
    /// The answer.
    pub verdict: Verdict,
    /// Every BiSE and LUI neuron, in the order of the computation.
    pub neurons: Vec<NeuronReport>,
}

/// The answer of a [`Certificate`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// The two are equal for every binary input.
    Proved,
    /// Some neurons fail; whether the two are equal is not known.
    NotProved,
}

/// What is known of one neuron, for all inputs that can reach it.
///
/// The neuron is proved to be its operator iff it has `output_bounds`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NeuronReport {
    /// Which neuron.
    pub place: Place,
    /// The operator that it is, or is nearest to.
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

impl Certificate {
    /// Whether the verdict is [`Verdict::Proved`].
    pub fn is_proved(&self) -> bool {
        self.verdict == Verdict::Proved
    }

    /// The neurons that fail, first to last. Behind a neuron that fails, the others are judged as if
    /// it were repaired: with exactly binary outputs.
    pub fn failures(&self) -> impl Iterator<Item = &NeuronReport> {
        self.neurons.iter().filter(|neuron| neuron.output_bounds.is_none())
    }

    /// The neuron with the smallest finite margin.
    pub fn tightest(&self) -> Option<&NeuronReport> {
        let finite = self.neurons.iter().filter_map(|neuron| Some((neuron, neuron.margin?)));
        finite.min_by(|left, right| left.1.total_cmp(&right.1)).map(|(neuron, _)| neuron)
    }

    /// Writes the certificate as JSON, whole or not at all.
    ///
    /// # Errors
    /// [`NetworkError::File`].
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), NetworkError> {
        let path = path.as_ref();
        let json = serde_json::to_vec_pretty(self).expect("numbers and names are JSON");
        disk::write_whole(path, &json).map_err(|problem| NetworkError::File {
            path: path.to_owned(),
            problem: Box::new(problem.into()),
        })
    }
}

impl NeuronReport {
    /// By how much the neuron misses its nearest operator; 0 if it does not.
    pub fn miss(&self) -> f64 {
        self.margin.map_or(0.0, |margin| (-margin).max(0.0))
    }
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

impl fmt::Display for Certificate {
    /// The verdict in words, then a line a neuron that fails or, if none does, a line a neuron.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = self.neurons.len();
        match self.verdict {
            Verdict::Proved => {
                writeln!(
                    f,
                    "PROVED: the float network thresholded at 1/2 equals the binarized network for \
                     every binary input."
                )?;
                if let Some(tightest) = self.tightest() {
                    let margin = number(tightest.margin.unwrap_or(0.0));
                    writeln!(f, "Smallest of {count} margins: {margin}, {}.", tightest.place)?;
                }
                self.neurons.iter().try_for_each(|neuron| writeln!(f, "  {neuron}"))
            }
            Verdict::NotProved => {
                writeln!(
                    f,
                    "NOT PROVED: {} of {count} neurons fail; those behind one that fails are \
                     judged as if it were repaired.",
                    self.failures().count(),
                )?;
                self.failures().try_for_each(|neuron| writeln!(f, "  {neuron}"))
            }
        }
    }
}

impl fmt::Display for NeuronReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.place)?;
        let complement = if self.scale < 0.0 { "complement of " } else { "" };
        let operator = match (self.place, self.operator) {
            (Place::Lui { .. }, NearestOperator::Dilation(size)) => format!("union of {size}"),
            (Place::Lui { .. }, NearestOperator::Erosion(size)) => {
                format!("intersection of {size}")
            }
            (_, NearestOperator::Dilation(size)) => format!("dilation by {size}"),
            (_, NearestOperator::Erosion(size)) => format!("erosion by {size}"),
            (_, NearestOperator::Constant(value)) => format!("constant {}", u8::from(value)),
        };
        match (self.output_bounds, self.margin) {
            (Some((low, high)), Some(margin)) => write!(
                f,
                "{complement}{operator}, margin {}, outputs outside ]{}, {}[",
                number(margin),
                number(low),
                number(high),
            ),
            (Some(_), None) => write!(f, "{complement}{operator} whatever its bias"),
            (None, _) if self.miss() > 0.0 => write!(
                f,
                "no operator: the {complement}{operator} misses by {}",
                number(self.miss()),
            ),
            (None, _) => write!(
                f,
                "{complement}{operator}, but p = {} leaves its outputs too near to 1/2",
                number(self.scale),
            ),
        }
    }
}

/// A number as people read it.
fn number(value: f64) -> String {
    let size = value.abs();
    if size == 0.0 || (1e-3..1e5).contains(&size) {
        format!("{value:.4}")
    } else {
        format!("{value:.2e}")
    }
}
