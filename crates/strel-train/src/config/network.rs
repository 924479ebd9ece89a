//! What learns.

use serde::{Deserialize, Serialize};
use strel_image::Border;
use strel_theory::Threshold;

use super::expect;
use crate::layers::{Biases, LayerConfig, Weights};
use crate::text;

/// What learns: a chain of BiSEL layers for images, other layers for a classifier.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct NetworkConfig {
    /// For images: the channels before the first layer and after each. The first and the last are 1.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub channels: Vec<usize>,
    /// For a classifier: its layers, like `[{ bisel = 16 }, "max-pool", { dense = 512 }]`; scores of
    /// the classes follow.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub layers: Vec<LayerConfig>,
    /// Rows and columns of the windows.
    #[serde(default = "default_kernel")]
    pub kernel: (usize, usize),
    /// What lies outside of an image: replicate, reflect, zero or one.
    #[serde(default = "default_border", with = "text")]
    pub border: Border,
    /// Whether the last channel of each layer but the last one carries the input, as it is: for
    /// operators that compare their result with it, such as top-hats.
    #[serde(default)]
    pub carry: bool,
    /// The smooth threshold of all neurons: tanh, logistic, arctan or erf. The last two have no fused
    /// kernels, and neurons settle with tanh alone (the others take `free = 1`).
    #[serde(default, with = "text")]
    pub threshold: Threshold,
    /// How weights are parametrized.
    #[serde(default)]
    pub weights: Weights,
    /// How biases are parametrized.
    #[serde(default)]
    pub biases: Biases,
    /// The spread of the initial weights, relative to the published one.
    #[serde(default = "default_spread")]
    pub spread: f64,
    /// The initial bias, as a share of the sum of the weights: 1/2 is halfway between a dilation
    /// and an erosion. In a classifier, of the first layer alone, whose inputs may have another mean;
    /// it is 1/2 in the others.
    #[serde(default = "default_bias")]
    pub bias: f64,
    /// The initial scale p of all neurons.
    #[serde(default = "default_scale")]
    pub scale: f64,
}

fn default_kernel() -> (usize, usize) {
    (5, 5)
}

fn default_border() -> Border {
    Border::Replicate
}

fn default_spread() -> f64 {
    1.0
}

fn default_bias() -> f64 {
    0.5
}

fn default_scale() -> f64 {
    2.0
}

/// Layers of more outputs are surely a mistake.
const MAX_OUTPUTS: usize = 1 << 16;

/// More channels are surely a mistake.
const MAX_CHANNELS: usize = 1 << 10;

/// Windows larger than this on a side are surely a mistake.
const MAX_KERNEL: usize = 63;

impl NetworkConfig {
    pub(super) fn check(&self) -> Result<(), String> {
        let (rows, columns) = &self.kernel;
        let range = "1 to 63 rows and columns";
        let sides = 1..=MAX_KERNEL;
        let fits = sides.contains(rows) && sides.contains(columns);
        expect(fits, "kernel", format!("[{rows}, {columns}]"), range)?;
        let range =
            "replicate, reflect, zero or one: a neuron does not know which operation it becomes";
        expect(self.border != Border::Neutral, "border", self.border, range)?;
        expect((0.0..=10.0).contains(&self.spread), "spread", self.spread, "0 to 10")?;
        expect(self.bias > 0.0 && self.bias < 1.0, "bias", self.bias, "above 0 and below 1")?;
        let sizes = self.layers.iter().filter_map(|layer| layer.outputs());
        let fits = sizes.clone().all(|outputs| (1..=MAX_OUTPUTS).contains(&outputs));
        expect(fits, "layers", format!("{:?}", self.layers), "1 to 65536 outputs a layer")?;
        expect(self.scale.is_finite(), "scale", self.scale, "a finite number")
    }

    pub(super) fn check_channels(&self) -> Result<(), String> {
        let channels = &self.channels;
        let ends = (channels.first(), channels.last());
        let fits = channels.len() >= 2 && ends == (Some(&1), Some(&1)) && !channels.contains(&0);
        let range = "1, the channels between layers, and 1, like [1, 3, 1]";
        expect(fits, "channels", format!("{channels:?}"), range)?;
        let fits = channels.iter().all(|&count| count <= MAX_CHANNELS);
        expect(
            fits,
            "channels",
            format!("{channels:?}"),
            &format!("at most {MAX_CHANNELS} of them"),
        )?;
        let free = !self.carry || channels[1..channels.len() - 1].iter().all(|&count| count > 1);
        let range = "with `carry`, at least 2 channels between layers, like [1, 2, 1]";
        expect(free, "channels", format!("{channels:?}"), range)
    }
}
