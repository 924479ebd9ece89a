//! What the JSON of a network consists of.

use serde::{Deserialize, Serialize};

use super::operators::{CombinationEntry, NeuronEntry};
use crate::{
    Bisel, Combination, Dense, FileProblem, Layer, MorphologicalNeuron, Network, OutputChannel,
    Place, Scores, Shape,
};

pub(crate) const FORMAT: &str = "strel.operators";
const VERSION: u32 = 1;

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NetworkEntry {
    format: String,
    version: u32,
    border: String,
    layers: Vec<LayerEntry>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
enum LayerEntry {
    Bisel { inputs: usize, outputs: Vec<OutputEntry> },
    MaxPool { channels: usize },
    Dense { inputs: Shape, neurons: Vec<CombinationEntry> },
    Scores { inputs: Shape, weights: Vec<Vec<f32>>, bias: Vec<f32> },
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct OutputEntry {
    neurons: Vec<NeuronEntry>,
    combination: CombinationEntry,
}

impl From<&Network> for NetworkEntry {
    fn from(network: &Network) -> Self {
        Self {
            format: FORMAT.to_owned(),
            version: VERSION,
            border: network.border().to_string(),
            layers: network.layers().iter().map(LayerEntry::from).collect(),
        }
    }
}

impl From<&Layer> for LayerEntry {
    fn from(layer: &Layer) -> Self {
        match layer {
            Layer::Bisel(Bisel { inputs, outputs }) => {
                Self::Bisel { inputs: *inputs, outputs: outputs.iter().map(Into::into).collect() }
            }
            &Layer::MaxPool { channels } => Self::MaxPool { channels },
            Layer::Dense(Dense { inputs, neurons }) => {
                Self::Dense { inputs: *inputs, neurons: neurons.iter().map(Into::into).collect() }
            }
            Layer::Scores(Scores { inputs, weights, bias, .. }) => Self::Scores {
                inputs: *inputs,
                weights: weights.chunks(inputs.pixels()).map(<[f32]>::to_vec).collect(),
                bias: bias.clone(),
            },
        }
    }
}

impl From<&OutputChannel> for OutputEntry {
    fn from(channel: &OutputChannel) -> Self {
        Self {
            neurons: channel.neurons.iter().map(Into::into).collect(),
            combination: (&channel.combination).into(),
        }
    }
}

impl NetworkEntry {
    pub(super) fn network(self) -> Result<Network, FileProblem> {
        if self.format != FORMAT {
            return Err(FileProblem::Format { expected: FORMAT, found: self.format });
        }
        if self.version != VERSION {
            return Err(FileProblem::Version { expected: "1", found: self.version.to_string() });
        }
        let border = self.border.parse().map_err(|error: strel_image::ImageError| {
            FileProblem::Metadata { key: "border".to_owned(), problem: error.to_string() }
        })?;
        let layers = self.layers.into_iter().enumerate();
        let layers: Result<_, FileProblem> =
            layers.map(|(index, entry)| entry.layer(index)).collect();
        Ok(Network::new(border, layers?)?)
    }
}

impl LayerEntry {
    /// The layer with this index.
    fn layer(self, index: usize) -> Result<Layer, FileProblem> {
        Ok(match self {
            Self::Bisel { inputs, outputs } => {
                let outputs = outputs.into_iter().enumerate();
                let outputs: Result<_, FileProblem> =
                    outputs.map(|(output, entry)| entry.channel(index, output)).collect();
                Layer::Bisel(Bisel { inputs, outputs: outputs? })
            }
            Self::MaxPool { channels } => Layer::MaxPool { channels },
            Self::Dense { inputs, neurons } => {
                let neurons = neurons.into_iter().enumerate();
                let neurons: Result<Vec<Combination>, FileProblem> = neurons
                    .map(|(neuron, entry)| entry.combination(Place::dense(index, neuron)))
                    .collect();
                Layer::Dense(Dense { inputs, neurons: neurons? })
            }
            Self::Scores { inputs, weights, bias } => {
                Layer::Scores(scores(Place::layer(index), inputs, &weights, bias)?)
            }
        })
    }
}

fn scores(
    place: Place,
    inputs: Shape,
    weights: &[Vec<f32>],
    bias: Vec<f32>,
) -> Result<Scores, FileProblem> {
    let pixels = inputs.checked_pixels(place)?;
    if let Some(other) = weights.iter().find(|weights| weights.len() != pixels) {
        let problem = format!("a class has {} weights, expected {pixels}", other.len());
        return Err(FileProblem::Metadata { key: place.to_string(), problem });
    }
    Ok(Scores { inputs, classes: weights.len(), weights: weights.concat(), bias })
}

impl OutputEntry {
    fn channel(self, layer: usize, output: usize) -> Result<OutputChannel, FileProblem> {
        let neurons = self.neurons.into_iter().enumerate();
        let neurons: Result<Vec<MorphologicalNeuron>, FileProblem> =
            neurons.map(|(input, entry)| entry.neuron(Place::bise(layer, output, input))).collect();
        let combination = self.combination.combination(Place::lui(layer, output))?;
        Ok(OutputChannel { neurons: neurons?, combination })
    }
}
