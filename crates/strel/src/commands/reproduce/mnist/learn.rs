//! Learning by a method.

use std::time::Instant;

use serde::{Deserialize, Serialize};
use strel::network::FloatNetwork;
use strel::train::classify::{binarized_classes, float_classes, hard_classes, share_right};
use strel::train::data::{Classes, Data, Split};
use strel::train::{Config, Trainer};

use crate::commands::classes::{binarizations, microseconds};
use crate::error::CliError;

/// What came out with a seed. Shares are of the test samples whose class was told.
#[derive(Clone, Serialize, Deserialize)]
pub struct Outcome {
    /// By the float network.
    pub float: f64,
    /// By the float network of thresholded neurons; of an ordinary network, by the one that is deployed.
    pub thresholded: f64,
    /// By the binarized networks; an ordinary network has none.
    pub binarized: Vec<Binarized>,
    /// Bytes of the deployed network, without loss if there are several.
    pub bytes: usize,
    /// Seconds of training.
    pub seconds: f64,
}

/// What came of a binarization.
#[derive(Clone, Serialize, Deserialize)]
pub struct Binarized {
    /// The share of test samples whose class it told.
    pub accuracy: f64,
    /// Microseconds a sample.
    pub microseconds: f64,
}

/// Trains, and looks at the test samples.
pub fn learn(config: Config) -> Result<Outcome, CliError> {
    let start = Instant::now();
    let mut trainer = Trainer::new(config)?;
    while !trainer.is_finished() {
        trainer.advance()?;
    }
    let seconds = start.elapsed().as_secs_f64();
    let classes = classes(trainer.data())?;
    outcome(&trainer.network()?, classes, seconds)
}

/// Labelled images, which a study needs.
pub fn classes(data: &Data) -> Result<&Classes, CliError> {
    let Data::Classes(classes) = data else {
        let wanted = "`data` has no classes; expected labelled images, as the preset mnist has";
        return Err(CliError::Usage(wanted.into()));
    };
    Ok(classes)
}

fn outcome(float: &FloatNetwork, classes: &Classes, seconds: f64) -> Result<Outcome, CliError> {
    let samples = &classes.samples(Split::Test);
    let right = |told: Vec<usize>| share_right(&told, samples);
    let networks = binarizations(float)?;
    let binarized = networks.iter().map(|(_, network)| {
        let accuracy = right(binarized_classes(&network.plan(), samples)?);
        Ok(Binarized { accuracy, microseconds: microseconds(network, classes)? })
    });
    Ok(Outcome {
        float: right(float_classes(float, samples)?),
        thresholded: right(hard_classes(float, samples)?),
        binarized: binarized.collect::<Result<_, CliError>>()?,
        bytes: networks.last().map_or(0, |(_, lossless)| lossless.file_size()),
        seconds,
    })
}
