//! `strel apply` of classifiers.

use std::io::{Write, stdout};
use std::path::Path;

use strel::image::files::{Foreground, read, read_grey};
use strel::image::{BitImage, Engine, GreyImage};
use strel::network::Network;
use strel::train::data::Levels;
use strel::train::run::Run;

use crate::Answer;
use crate::cli::ApplyArgs;
use crate::error::CliError;
use crate::inputs::refuse_levels;

/// Prints the class of each image.
pub fn classify(network: &Network, args: &ApplyArgs) -> Result<Answer, CliError> {
    refuse_levels(&args.network, &args.read)?;
    let reader = Reader::new(network, args)?;
    let plan = network.plan();
    for image in &args.images {
        let batch = [reader.channels(image)?];
        let class = plan.classify_batch(&Engine::default(), &batch)?[0];
        writeln!(stdout(), "{}: class {class}", image.display())?;
    }
    Ok(Answer::Yes)
}

/// How an image becomes the channels of a classifier.
enum Reader<'a> {
    /// One channel: the image in black and white.
    Binary(&'a ApplyArgs),
    /// The level sets of each of its planes.
    LevelSets { thresholds: Vec<u8>, inputs: usize, args: &'a ApplyArgs },
}

impl<'a> Reader<'a> {
    fn new(network: &Network, args: &'a ApplyArgs) -> Result<Self, CliError> {
        let inputs = network.inputs();
        if !args.thresholds.is_empty() {
            return Ok(Reader::LevelSets { thresholds: args.thresholds.clone(), inputs, args });
        }
        if inputs == 1 {
            return Ok(Reader::Binary(args));
        }
        let config = Run::open(&args.network).and_then(|run| run.config());
        match config.ok().and_then(|config| config.data.levels().cloned()) {
            Some(Levels::Given(thresholds)) => Ok(Reader::LevelSets { thresholds, inputs, args }),
            _ => Err(CliError::Usage(format!(
                "{} reads {inputs} channels; expected the level of each, such as --thresholds 64,128,192",
                args.network.display()
            ))),
        }
    }

    fn channels(&self, image: &Path) -> Result<Vec<BitImage>, CliError> {
        match self {
            Reader::Binary(args) => Ok(vec![read(image, &args.read.options())?]),
            Reader::LevelSets { thresholds, inputs, args } => {
                let planes = read_grey(image)?;
                let count = planes.len() * thresholds.len();
                if count != *inputs {
                    return Err(CliError::Usage(format!(
                        "{}: thresholds for each plane: {}, planes: {}; expected {inputs} channels in all, as {} \
                         reads",
                        image.display(),
                        thresholds.len(),
                        planes.len(),
                        args.network.display()
                    )));
                }
                let foreground = args.read.binary.foreground;
                let sets = |plane: &GreyImage| {
                    thresholds.iter().map(|&level| level_set(plane, level, foreground)).collect()
                };
                Ok(planes.iter().flat_map(|plane| -> Vec<_> { sets(plane) }).collect())
            }
        }
    }
}

/// Where a plane is of this level at least, counted from the background's colour to the foreground's.
fn level_set(plane: &GreyImage, level: u8, foreground: Foreground) -> BitImage {
    match (foreground, level) {
        (Foreground::White, _) => plane.level_set(level),
        // All levels are.
        (Foreground::Black, 0) => plane.level_set(0),
        (Foreground::Black, _) => plane.level_set(u8::MAX - level + 1).complement(),
    }
}
