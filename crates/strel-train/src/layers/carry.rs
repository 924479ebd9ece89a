//! A path that carries the input past the operators, for those that compare with it: a top-hat is
//! the input without its opening (Aouad & Talbot 2022).

use super::{BiMoNN, BiselShape, Layer, Neurons};
use crate::settle::SHARPNESS;

impl BiMoNN {
    /// Makes the last channel of every layer but the last one the first input channel, from now on,
    /// and lets the last layer read that channel as it is.
    pub fn carry_input(&mut self) {
        let last = self.layers.len() - 1;
        let bisels = self.layers.iter_mut().filter_map(Layer::bisel_mut);
        for (index, layer) in bisels.enumerate() {
            let BiselShape { inputs, outputs, kernel: (rows, cols), .. } = layer.shape();
            let carried = if index == 0 { 0 } else { inputs - 1 };
            let origin = rows / 2 * cols + cols / 2;
            if index == last {
                let readers = (0..outputs).map(|output| output * inputs + carried);
                readers.for_each(|neuron| become_only(&mut layer.bise, neuron, origin));
                return;
            }
            let output = outputs - 1;
            let neurons = output * inputs..outputs * inputs;
            neurons.for_each(|neuron| become_only(&mut layer.bise, neuron, origin));
            if let Some(lui) = &mut layer.lui {
                become_only(lui, output, carried);
            }
        }
    }
}

/// A neuron gives one of its inputs.
fn become_only(neurons: &mut Neurons, neuron: usize, input: usize) {
    let weights: Vec<f64> =
        (0..neurons.inputs()).map(|other| f64::from(u8::from(other == input))).collect();
    neurons.settle(neuron, &weights, 0.5, SHARPNESS);
}
