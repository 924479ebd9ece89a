//! Dense layers and scores as layers of the image engine.

use strel_image::dense::{ScoreLayer, SetLayer, SetNeuron};

use crate::{Combination, CombinationRule, Dense, Scores};

impl Dense {
    pub(super) fn set_layer(&self) -> SetLayer {
        let neurons = self.neurons.iter().map(Combination::set_neuron).collect();
        SetLayer::new(self.inputs.pixels(), neurons).expect("a valid layer reads what there is")
    }
}

impl Combination {
    fn set_neuron(&self) -> SetNeuron {
        let members = |flags: &[bool]| -> Vec<usize> {
            (0..flags.len()).filter(|&input| flags[input]).collect()
        };
        let neuron = match &self.rule {
            CombinationRule::Identity => SetNeuron::union([0]),
            CombinationRule::Union(flags) => SetNeuron::union(members(flags)),
            CombinationRule::Intersection(flags) => SetNeuron::intersection(members(flags)),
            CombinationRule::Constant(value) => SetNeuron::constant(*value),
            CombinationRule::Gate(gate) => match gate.threshold.checked_add(1) {
                Some(at_least) => {
                    SetNeuron::gate(gate.weights.iter().copied().enumerate(), at_least)
                }
                None => SetNeuron::constant(false),
            },
        };
        if self.complement { neuron.complemented() } else { neuron }
    }
}

impl Scores {
    pub(super) fn engine_layer(&self) -> ScoreLayer {
        let inputs = self.inputs.pixels();
        let rows: Vec<Vec<f32>> = self.weights.chunks(inputs).map(<[f32]>::to_vec).collect();
        ScoreLayer::new(inputs, &rows, &self.bias)
            .expect("the weights of a valid layer are as many")
    }
}
