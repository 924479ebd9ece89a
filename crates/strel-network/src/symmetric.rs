//! Networks of symmetric neurons as networks on `[0, 1]`.

use strel_image::Border;
use strel_theory::Threshold;

use crate::{FloatBisel, FloatLayer, FloatNetwork, NetworkError, NeuronBank, Scores};

impl FloatNetwork {
    /// The network of layers of symmetric neurons (SyBiSE, SyLUI) t = tanh(p (W.s - b)), whose inputs
    /// s and outputs t are in `[-1, 1]`, as the same function of x = (s + 1)/2 with outputs
    /// y = (t + 1)/2.
    ///
    /// A neuron keeps its weights; its bias becomes (b + sum W)/2, its scale 2 p, its threshold
    /// tanh(u)/2 + 1/2. A score W.s - b has the weights 2 W and the bias b + sum W, which leave its
    /// value as it is. New biases are rounded to `f32`. Of constant borders, [`Border::Zero`] stands
    /// for -1 outside of an image, [`Border::One`] for 1; a border of 0 has no binary counterpart.
    ///
    /// # Errors
    /// Those of [`FloatNetwork::new`], for the layers as they are given and as they become.
    ///
    /// ```
    /// use strel_image::Border;
    /// use strel_network::{FloatBisel, FloatNetwork, NeuronBank, Plane};
    ///
    /// let layer = FloatBisel {
    ///     inputs: 1,
    ///     outputs: 1,
    ///     kernel: (1, 1),
    ///     bise: NeuronBank { weights: vec![2.0], bias: vec![0.5], scale: vec![1.0] },
    ///     lui: None,
    /// };
    /// let network = FloatNetwork::symmetric(Border::Zero, [layer])?;
    /// let s = -0.5;
    /// let y = network.forward(&[Plane::new(1, 1, vec![(s + 1.0) / 2.0])?])?;
    /// let t = (2.0 * s - 0.5_f64).tanh();
    /// assert!((2.0 * y[0].get(0, 0) - 1.0 - t).abs() < 1e-12);
    /// # Ok::<(), strel_network::NetworkError>(())
    /// ```
    pub fn symmetric(
        border: Border,
        layers: impl IntoIterator<Item: Into<FloatLayer>>,
    ) -> Result<Self, NetworkError> {
        let given = Self::new(border, Threshold::Tanh, layers)?;
        Self::new(border, Threshold::Tanh, given.layers().iter().map(FloatLayer::on_unit_interval))
    }
}

impl FloatLayer {
    /// A valid layer of symmetric neurons as one of neurons on `[0, 1]`.
    fn on_unit_interval(&self) -> Self {
        let mut layer = self.clone();
        match &mut layer {
            Self::Bisel(bisel) => {
                let FloatBisel { bise, lui, .. } = bisel;
                [Some(bise), lui.as_mut()].into_iter().flatten().for_each(NeuronBank::shift);
            }
            // The maximum is the same on any interval.
            Self::MaxPool { .. } => {}
            Self::Dense(dense) => dense.neurons.shift(),
            Self::Scores(scores) => scores.shift(),
        }
        layer
    }
}

impl NeuronBank {
    /// p (W.s - b) = 2 p (W.x - (b + sum W)/2) for s = 2 x - 1.
    fn shift(&mut self) {
        let sums = sums(&self.weights, self.bias.len());
        for (bias, sum) in self.bias.iter_mut().zip(sums) {
            *bias = ((f64::from(*bias) + sum) / 2.0) as f32;
        }
        self.scale.iter_mut().for_each(|scale| *scale *= 2.0);
    }
}

impl Scores {
    /// W.s - b = 2 W.x - (b + sum W) for s = 2 x - 1.
    fn shift(&mut self) {
        let sums = sums(&self.weights, self.classes);
        for (bias, sum) in self.bias.iter_mut().zip(sums) {
            *bias = (f64::from(*bias) + sum) as f32;
        }
        self.weights.iter_mut().for_each(|weight| *weight *= 2.0);
    }
}

/// The sum of the weights of each of `count` neurons.
fn sums(weights: &[f32], count: usize) -> Vec<f64> {
    let sum = |weights: &[f32]| weights.iter().copied().map(f64::from).sum();
    weights.chunks(weights.len() / count).map(sum).collect()
}
