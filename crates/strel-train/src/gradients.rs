//! Loss, outputs and gradients of given parameters on given samples: what tests compare with other programs.

use std::collections::BTreeMap;

use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;
use strel_network::Shape;

use crate::config::{Config, NetworkConfig};
use crate::data::{Pair, Sample};
use crate::kernels::AdamStep;
use crate::layers::{BiMoNN, BitSamples, Builder, Pass, Target, Update};

/// What a network is to learn from.
pub enum Examples {
    /// Images to images.
    Pairs(Vec<Pair>),
    /// Samples of so many classes.
    Classes(Vec<Sample>, usize),
}

/// What the first step of a training finds, before parameters move.
pub struct Found {
    /// The loss, with that of the regularizer.
    pub loss: f64,
    /// The outputs, one example after the other.
    pub outputs: Vec<f32>,
    /// The gradient of the loss for each parameter, by its name, such as `0.bise.weight`.
    pub gradients: BTreeMap<String, Vec<f32>>,
}

/// What the network, the loss and the regularizer of a configuration give with these parameters; `hard` thresholds
/// neurons.
///
/// # Errors
/// There are no examples, they do not fit the network, or a parameter is missing or of another size; the text says which.
pub fn find(
    config: &Config,
    examples: &Examples,
    parameters: &BTreeMap<String, Vec<f32>>,
    hard: bool,
) -> Result<Found, String> {
    let NetworkConfig { channels, layers, kernel, border, threshold, .. } = &config.network;
    let (kernel, border, threshold) = (*kernel, *border, *threshold);
    let rng = &mut ChaCha8Rng::seed_from_u64(config.seed);
    let mut builder = Builder { kernel, border, threshold, start: config.start(), rng };
    let pass = if hard { Pass::Hard } else { Pass::Smooth };
    match examples {
        Examples::Pairs(pairs) => {
            let mut network = builder.images(channels);
            let first = pairs.first().ok_or("no pairs")?.input.size();
            let fit = |pair: &Pair| pair.input.size() == first && pair.target.size() == first;
            let fit = pairs.iter().all(fit) && layers.is_empty();
            fit.then_some(()).ok_or("expected `channels`, and images of one size")?;
            of_network(config, &mut network, &Target::Pairs(pairs), parameters, pass)
        }
        Examples::Classes(samples, classes) => {
            let first = &samples.first().ok_or("no samples")?.channels;
            let (height, width) = first.first().ok_or("no channels")?.size();
            let shape = Shape { channels: first.len(), height, width };
            let mut network = builder.classifier(layers, shape, *classes)?;
            let inputs = BitSamples::new(samples.iter().map(|sample| &sample.channels[..]));
            let told: Vec<usize> = samples.iter().map(|sample| sample.class).collect();
            let fit = told.iter().all(|class| class < classes) && channels.is_empty();
            fit.then_some(()).ok_or("expected `layers`, and as many classes as are told")?;
            of_network(config, &mut network, &Target::Classes(&inputs, &told), parameters, pass)
        }
    }
}

fn of_network(
    config: &Config,
    network: &mut BiMoNN,
    target: &Target,
    parameters: &BTreeMap<String, Vec<f32>>,
    pass: Pass,
) -> Result<Found, String> {
    for (name, parameter) in network.parameters_mut() {
        let len = parameter.values.len();
        let given = parameters.get(&name).filter(|given| given.len() == len);
        let given = given.ok_or_else(|| format!("expected {len} numbers of {name}"))?;
        parameter.values.clone_from(given);
    }
    network.refresh();
    let outputs = network.outputs(target, pass);
    let regularizer = config.training.regularizer.at(0);
    let mut update = Update { regularizer, ..Update::new(AdamStep::probe()) };
    let loss = (config.training.loss, config.training.border_mask);
    let loss = network.learn(target, pass, loss, &mut update);
    let gradient =
        |(name, parameter): (String, &mut crate::layers::Parameter)| (name, parameter.mean.clone());
    let gradients = network.parameters_mut().map(gradient).collect();
    Ok(Found { loss, outputs, gradients })
}
