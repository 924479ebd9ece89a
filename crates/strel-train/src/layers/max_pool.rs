//! The 2x2 max-pool.

use burn::module::Module;
use burn::tensor::Tensor;

use crate::ops;

/// The maximum of 2x2 values of each channel; rows and columns are halved, rounded down. Of binary
/// images it is a dilation by a 2x2 square, of which every other row and column is kept.
#[derive(Module, Debug)]
pub struct MaxPool {
    #[module(skip)]
    channels: usize,
}

impl MaxPool {
    /// A max-pool of so many channels.
    pub fn new(channels: usize) -> Self {
        MaxPool { channels }
    }

    /// The number of channels.
    pub fn channels(&self) -> usize {
        self.channels
    }

    /// `[batch, channels, height, width]` to `[batch, channels, height / 2, width / 2]`.
    pub fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        ops::max_pool(x)
    }
}
