//! What BiSE neurons become.

use serde::{Deserialize, Serialize};
use strel_image::StructuringElement;

use crate::{NetworkError, Place, ThresholdGate};

/// A binarized BiSE neuron: an operator on one channel, complemented or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MorphologicalNeuron {
    /// The operator.
    pub operator: Operator,
    /// Whether its result is complemented.
    pub complement: bool,
    /// Whether the float neuron was this operator.
    pub exactness: Exactness,
}

/// An operator on one binary image. Structuring elements are in Minkowski's convention and have at
/// least one pixel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operator {
    /// The dilation: pixel i is 1 iff x(i - b) is for some b of the element.
    Dilation(StructuringElement),
    /// The erosion: pixel i is 1 iff x(i + b) is for every b of the element.
    Erosion(StructuringElement),
    /// The same image whatever the input.
    Constant(bool),
    /// The union of the erosions by one element at least: any increasing operator, if there are
    /// enough of them (Matheron, "Random Sets and Integral Geometry", 1975).
    UnionOfErosions(Vec<StructuringElement>),
    /// The intersection of the dilations by one element at least, the dual form.
    IntersectionOfDilations(Vec<StructuringElement>),
    /// A threshold gate on the pixels of a window.
    Gate(WindowGate),
}

/// A threshold gate whose weights are those of a window of `kernel` pixels, row by row. It reads as
/// a correlation does: weight s multiplies x(i + s), and the origin s = 0 is the pixel
/// (rows / 2, cols / 2) of the window, rounded down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WindowGate {
    /// Rows and columns of the window, at least 1.
    pub kernel: (usize, usize),
    /// One weight a pixel of the window, and the threshold.
    pub gate: ThresholdGate,
}

/// How faithful an operator is to the float neuron that it stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Exactness {
    /// The neuron is this dilation, erosion or constant on binary inputs (activated, Aouad & Talbot
    /// 2023).
    Activated,
    /// The neuron is not activated; the operator equals it on binary inputs all the same.
    Lossless,
    /// The operator is near the neuron, and may differ from it on some binary inputs.
    Approximate,
}

/// How many neurons there are of each exactness.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ExactnessCounts {
    /// Those that are [`Exactness::Activated`].
    pub activated: usize,
    /// Those that are [`Exactness::Lossless`].
    pub lossless: usize,
    /// Those that are [`Exactness::Approximate`].
    pub approximate: usize,
}

impl MorphologicalNeuron {
    /// An operator that is exactly what it stands for, not complemented.
    pub fn activated(operator: Operator) -> Self {
        Self { operator, complement: false, exactness: Exactness::Activated }
    }
}

impl Operator {
    /// The structuring elements: none of a constant and of a gate, one of a dilation or an erosion.
    pub fn elements(&self) -> &[StructuringElement] {
        match self {
            Self::Dilation(element) | Self::Erosion(element) => std::slice::from_ref(element),
            Self::UnionOfErosions(elements) | Self::IntersectionOfDilations(elements) => elements,
            Self::Constant(_) | Self::Gate(_) => &[],
        }
    }

    pub(crate) fn check(&self, place: Place) -> Result<(), NetworkError> {
        let size = |what, expected: String, found| {
            Err(NetworkError::Size { place, what, expected, found })
        };
        match self {
            Self::UnionOfErosions(elements) | Self::IntersectionOfDilations(elements)
                if elements.is_empty() =>
            {
                size("number of structuring elements", "at least 1".to_owned(), 0)
            }
            Self::Gate(WindowGate { kernel: (rows, cols), gate }) => {
                let (pixels, found) = (rows.checked_mul(*cols), gate.weights.len());
                if found == 0 || pixels != Some(found) {
                    let expected = format!("{rows} * {cols}, and at least 1");
                    return size("number of gate weights", expected, found);
                }
                gate.check(place)
            }
            _ if self.elements().iter().any(StructuringElement::is_empty) => {
                Err(NetworkError::EmptySet { place })
            }
            _ => Ok(()),
        }
    }
}

impl WindowGate {
    /// The offset that each weight reads at.
    pub(crate) fn offsets(&self) -> impl Iterator<Item = (isize, isize)> {
        let (rows, cols) = self.kernel;
        let from = |origin: usize, place: usize| place.cast_signed() - origin.cast_signed();
        let place =
            move |index: usize| (from(rows / 2, index / cols), from(cols / 2, index % cols));
        (0..rows * cols).map(place)
    }
}

impl ExactnessCounts {
    /// Of how many neurons the operator equals the neuron on binary inputs.
    pub fn exact(&self) -> usize {
        self.activated + self.lossless
    }

    /// The number of neurons.
    pub fn total(&self) -> usize {
        self.exact() + self.approximate
    }
}

impl FromIterator<Exactness> for ExactnessCounts {
    fn from_iter<I: IntoIterator<Item = Exactness>>(all: I) -> Self {
        let mut counts = Self::default();
        for exactness in all {
            match exactness {
                Exactness::Activated => counts.activated += 1,
                Exactness::Lossless => counts.lossless += 1,
                Exactness::Approximate => counts.approximate += 1,
            }
        }
        counts
    }
}
