//! How sure a float network is of its operators.

use std::collections::HashMap;

use super::draft::At;
use super::moves::Move;
use super::step::{Offset, Step};
use crate::{FloatBisel, FloatNetwork};

/// For pixels of neurons, how far their weights are from being judged otherwise.
pub(super) struct Doubts(HashMap<(At, Offset), f64>);

impl Doubts {
    /// Those of a network of BiSEL layers.
    pub fn new(float: &FloatNetwork) -> Self {
        let mut margins = HashMap::new();
        for (layer, bisel) in float.bisels().enumerate() {
            add(&mut margins, layer, bisel);
        }
        Self(margins)
    }

    /// Brings moves that change doubtful pixels to the front; all others keep their order at the end.
    pub fn sort(&self, moves: &mut [Move]) {
        moves.sort_by(|one, other| self.margin(*one).total_cmp(&self.margin(*other)));
    }

    fn margin(&self, of: Move) -> f64 {
        of.steps().map(|step| self.margin_of_step(step)).fold(0.0, f64::max)
    }

    fn margin_of_step(&self, step: Step) -> f64 {
        match step {
            Step::Flip(at, pixel) => self.0.get(&(at, pixel)).copied().unwrap_or(f64::INFINITY),
            _ => f64::INFINITY,
        }
    }
}

/// A pixel belongs to a dilation if its weight alone is above the bias, and to an erosion if all
/// others are below it; nearer to a dilation is who has a bias below half of the weights.
fn add(margins: &mut HashMap<(At, Offset), f64>, layer: usize, bisel: &FloatBisel) {
    let (rows, cols) = bisel.kernel;
    for (index, weights) in bisel.bise.weights.chunks(rows * cols).enumerate() {
        let at = At { layer, output: index / bisel.inputs, input: index % bisel.inputs };
        let bias = f64::from(bisel.bise.bias[index]);
        let sum: f64 = weights.iter().map(|weight| f64::from(*weight)).sum();
        let level = if bias <= sum / 2.0 { bias } else { sum - bias };
        for (place, weight) in weights.iter().enumerate() {
            let row = (place / cols).cast_signed() - (rows / 2).cast_signed();
            let col = (place % cols).cast_signed() - (cols / 2).cast_signed();
            let margin = (f64::from(*weight) - level).abs() / sum.abs();
            margins.insert((at, (row, col)), if margin.is_nan() { 0.0 } else { margin });
        }
    }
}

#[cfg(test)]
mod tests {
    use strel_image::Border;
    use strel_theory::Threshold;

    use super::*;
    use crate::polish::draft::Draft;
    use crate::polish::moves::Neighbourhood;
    use crate::{FloatLayer, NeuronBank, binarize};
    use strel_theory::{ConstantRule, Method};

    #[test]
    fn the_weight_next_to_the_bias_comes_first() {
        let weights = vec![0.1, 0.2, 0.9, 2.0, 0.3];
        let bise = NeuronBank { weights, bias: vec![1.0], scale: vec![5.0] };
        let bisel = FloatBisel { inputs: 1, outputs: 1, kernel: (1, 5), bise, lui: None };
        let layers = vec![FloatLayer::Bisel(bisel)];
        let float = FloatNetwork::new(Border::Zero, Threshold::Tanh, layers).unwrap();
        let network = binarize(&float, Method::Constant(ConstantRule::Exact)).unwrap();
        let draft = Draft::new(&network).unwrap();
        let mut moves = Neighbourhood::new(&draft, (0, 2), None).single();
        Doubts::new(&float).sort(&mut moves);
        let pixel = |of: &Move| {
            of.steps().find_map(|step| match step {
                Step::Flip(_, pixel) => Some(pixel),
                _ => None,
            })
        };
        assert_eq!(pixel(&moves[0]), Some((0, 0)));
        assert_eq!(pixel(moves.last().unwrap()), None, "operations come last");
    }
}
