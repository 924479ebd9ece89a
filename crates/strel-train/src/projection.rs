//! Projected training: neurons are set to the nearest activated ones.

use strel_theory::{Metric, Neuron, activable_projection};

use crate::layers::{BiMoNN, Neurons, PlainNeuron};

/// Sets each neuron that has not settled to its projection onto the activable set, in the metric of
/// which duality is an isometry. Scales p play no part, and stay.
///
/// The projection lies on the border of the set, and makes small weights 0: those are stored as the
/// smallest ones that training can move, and grow slowly.
pub fn project(network: &mut BiMoNN) {
    for neurons in network.banks_mut() {
        for (index, projected) in projections(neurons) {
            neurons.replace(index, &projected);
        }
    }
}

/// The neurons that move, and what they become.
fn projections(neurons: &Neurons) -> Vec<(usize, PlainNeuron)> {
    let (bank, inputs) = (neurons.bank(), neurons.inputs());
    let projection = |index: usize| {
        let weights = bank.weights[index * inputs..][..inputs].iter().copied();
        let weights: Vec<f64> = weights.map(f64::from).collect();
        let scale = f64::from(bank.scale[index]);
        // A neuron that is not finite is the next step's error.
        let neuron = Neuron::new(&weights, f64::from(bank.bias[index]), scale).ok()?;
        let nearest = activable_projection(&neuron, Metric::Centred);
        let moves = nearest.distance > 0.0 && nearest.weights.iter().any(|&weight| weight > 0.0);
        let plain = PlainNeuron { weights: nearest.weights, bias: nearest.bias, scale };
        moves.then_some((index, plain))
    };
    let open = (0..neurons.count()).filter(|&index| !neurons.is_settled(index));
    open.filter_map(projection).collect()
}
