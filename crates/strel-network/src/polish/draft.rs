//! A network that is being changed.

use strel_image::Border;

use crate::{Bisel, Combination, Layer, MorphologicalNeuron, Network, NetworkError, OutputChannel};

/// The layers of a network.
#[derive(Clone)]
pub(super) struct Draft {
    pub border: Border,
    pub layers: Vec<Bisel>,
}

/// Where a BiSE neuron is, or its result among those that are combined. Indices count from 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct At {
    pub layer: usize,
    pub output: usize,
    pub input: usize,
}

impl Draft {
    pub fn new(network: &Network) -> Result<Self, NetworkError> {
        let layers = network.bisels()?.into_iter().cloned().collect();
        Ok(Self { border: network.border(), layers })
    }

    pub fn network(self) -> Result<Network, NetworkError> {
        Network::new(self.border, self.layers.into_iter().map(Layer::Bisel).collect())
    }

    pub fn channel(&self, layer: usize, output: usize) -> &OutputChannel {
        &self.layers[layer].outputs[output]
    }

    pub fn neuron(&self, at: At) -> &MorphologicalNeuron {
        &self.channel(at.layer, at.output).neurons[at.input]
    }

    pub fn neuron_mut(&mut self, at: At) -> &mut MorphologicalNeuron {
        &mut self.layers[at.layer].outputs[at.output].neurons[at.input]
    }

    pub fn combination_mut(&mut self, layer: usize, output: usize) -> &mut Combination {
        &mut self.layers[layer].outputs[output].combination
    }

    /// The neurons of the channel that a neuron reads; none in the first layer.
    pub fn sources(&self, at: At) -> impl Iterator<Item = At> {
        let before = at.layer.checked_sub(1);
        before.into_iter().flat_map(move |layer| {
            let inputs = 0..self.layers[layer].inputs;
            inputs.map(move |input| At { layer, output: at.input, input })
        })
    }

    /// The channels (layer, output) that an output depends on, layer by layer: the outputs at least,
    /// even if they are constants.
    pub fn needed(&self) -> Vec<(usize, usize)> {
        let mut all = Vec::new();
        let mut needed = vec![true; self.layers.last().map_or(0, |layer| layer.outputs.len())];
        for (layer, bisel) in self.layers.iter().enumerate().rev() {
            let mut read = vec![false; bisel.inputs];
            for (output, channel) in bisel.outputs.iter().enumerate().filter(|(o, _)| needed[*o]) {
                all.push((layer, output));
                channel.inputs_used().for_each(|input| read[input] = true);
            }
            needed = read;
        }
        all.sort_unstable();
        all
    }

    /// The neurons that an output depends on, layer by layer.
    pub fn used(&self) -> Vec<At> {
        let of_channel = |(layer, output): (usize, usize)| {
            let inputs = self.channel(layer, output).inputs_used();
            inputs.map(move |input| At { layer, output, input })
        };
        self.needed().into_iter().flat_map(of_channel).collect()
    }
}

impl OutputChannel {
    /// The input channels whose results matter.
    pub(super) fn inputs_used(&self) -> impl Iterator<Item = usize> + Clone {
        (0..self.neurons.len()).filter(|input| self.combination.uses(*input))
    }
}
