//! The symmetries of the square.

use strel_image::StructuringElement;

use super::step::Offset;
use crate::random::Random;
use crate::{MorphologicalNeuron, Operator};

/// One of the eight: rows and columns may swap, and each may then be reversed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mirror {
    transpose: bool,
    rows: bool,
    cols: bool,
}

impl Mirror {
    pub fn random(random: &mut Random) -> Self {
        let mut coin = || random.below(2) == 1;
        Self { transpose: coin(), rows: coin(), cols: coin() }
    }

    /// A neuron by mirrored structuring elements.
    pub fn neuron(self, neuron: &MorphologicalNeuron) -> MorphologicalNeuron {
        let operator = match &neuron.operator {
            Operator::Dilation(element) => Operator::Dilation(self.element(element)),
            Operator::Erosion(element) => Operator::Erosion(self.element(element)),
            other => other.clone(),
        };
        MorphologicalNeuron { operator, ..neuron.clone() }
    }

    fn element(self, element: &StructuringElement) -> StructuringElement {
        let offsets = element.offsets().map(|offset| self.offset(offset));
        StructuringElement::from_offsets(offsets).expect("as many offsets, as far away")
    }

    fn offset(self, (row, col): Offset) -> Offset {
        let (row, col) = if self.transpose { (col, row) } else { (row, col) };
        (if self.rows { -row } else { row }, if self.cols { -col } else { col })
    }
}
