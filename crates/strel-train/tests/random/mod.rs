//! Random layers.

use rand::RngExt;
use rand::rngs::ChaCha8Rng;
use strel_network::{FloatBisel, NeuronBank};

fn bank(neurons: usize, inputs: usize, rng: &mut ChaCha8Rng) -> NeuronBank {
    let mut draw = |count: usize, low: f32, high: f32| {
        (0..count).map(|_| rng.random_range(low..high)).collect::<Vec<f32>>()
    };
    NeuronBank {
        weights: draw(neurons * inputs, 0.0, 0.5),
        bias: draw(neurons, 0.1, 0.25 * inputs as f32 + 0.2),
        scale: draw(neurons, -3.0, 3.0),
    }
}

/// Layers of these channels.
pub fn layers(channels: &[usize], kernel: (usize, usize), rng: &mut ChaCha8Rng) -> Vec<FloatBisel> {
    let mut layer = |inputs: usize, outputs: usize| FloatBisel {
        inputs,
        outputs,
        kernel,
        bise: bank(inputs * outputs, kernel.0 * kernel.1, rng),
        lui: (inputs > 1).then(|| bank(outputs, inputs, rng)),
    };
    channels.windows(2).map(|pair| layer(pair[0], pair[1])).collect()
}
