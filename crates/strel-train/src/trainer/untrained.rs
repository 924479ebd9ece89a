//! What a training starts with.

use burn::tensor::Device;
use rand::SeedableRng;
use rand::rngs::ChaCha8Rng;

use crate::TrainError;
use crate::config::{Config, NetworkConfig};
use crate::data::{Classes, Data, Source, Split};
use crate::layers::{BiMoNN, Builder, Start};

/// An undecided network for the data.
pub fn untrained(config: &Config, data: &Data, device: &Device) -> Result<BiMoNN, TrainError> {
    let mut rng = ChaCha8Rng::seed_from_u64(config.seed);
    let (network, start) = (&config.network, config.start());
    match data {
        Data::Pairs(source) => {
            check_mask(config, source)?;
            let NetworkConfig { channels, kernel, border, .. } = network;
            let mut model = BiMoNN::new(channels, *kernel, *border, &start, &mut rng, device);
            if network.carry {
                model.carry_input();
            }
            Ok(model)
        }
        Data::Classes(classes) => {
            let wrong = |problem| TrainError::Config { place: "`layers`".into(), problem };
            classifier(network, start, classes, &mut rng, device).map_err(wrong)
        }
    }
}

fn classifier(
    network: &NetworkConfig,
    start: Start,
    classes: &Classes,
    rng: &mut ChaCha8Rng,
    device: &Device,
) -> Result<BiMoNN, String> {
    let NetworkConfig { layers, kernel, border, .. } = network;
    Builder { kernel: *kernel, border: *border, start, rng, device }.classifier(
        layers,
        classes.shape(),
        classes.count(),
    )
}

fn check_mask(config: &Config, source: &Source) -> Result<(), TrainError> {
    let pair = source.pairs(config.seed, Split::Train, 0, 1)?.remove(0);
    let (mask, size) = (config.training.border_mask, pair.input.size());
    if mask.leaves_some(size) {
        return Ok(());
    }
    Err(TrainError::Data(format!(
        "`border-mask` is {} pixels: it leaves nothing of images of {} x {}",
        mask.0, size.0, size.1
    )))
}
