//! What dense layers become.

use crate::{Combination, ExactnessCounts, NetworkError, Place, Shape};

/// The most inputs of all neurons together: a gigabyte of bits. Constants take no room in a file, so
/// that its size is no bound.
const MOST_MEMBERS: usize = 1 << 33;

/// A binarized DenseLUI layer: set operations that each read all pixels of all input channels. Each
/// gives an output channel of one pixel.
///
/// ```
/// use strel_image::{BitImage, Border};
/// use strel_network::{Combination, CombinationRule, Dense, Layer, Network, Shape};
///
/// let rule = CombinationRule::Intersection(vec![true, false, false, true]);
/// let diagonal = Combination::activated(rule);
/// let inputs = Shape { channels: 1, height: 2, width: 2 };
/// let layer = Layer::Dense(Dense { inputs, neurons: vec![diagonal] });
/// let network = Network::new(Border::Zero, vec![layer])?;
/// let image: BitImage = "#.\n.#".parse()?;
/// assert_eq!(network.apply_one(&image)?.to_string(), "#");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dense {
    /// What is read.
    pub inputs: Shape,
    /// The neurons, at least one. Members and weights are ordered by channel, row and column.
    pub neurons: Vec<Combination>,
}

impl Dense {
    /// How many neurons there are of each exactness.
    pub fn exactness_counts(&self) -> ExactnessCounts {
        self.neurons.iter().map(|neuron| neuron.exactness).collect()
    }

    /// Checks the layer with this index.
    pub(crate) fn check(&self, layer: usize) -> Result<(), NetworkError> {
        let place = Place::layer(layer);
        let pixels = self.inputs.checked_pixels(place)?;
        if pixels.checked_mul(self.neurons.len()).is_none_or(|size| size > MOST_MEMBERS) {
            return Err(NetworkError::TooLarge { place });
        }
        let mut neurons = self.neurons.iter().enumerate();
        neurons.try_for_each(|(index, neuron)| neuron.check(pixels, Place::dense(layer, index)))
    }
}
