//! `strel apply` of classifiers.

use std::io::{Write, stdout};
use std::path::Path;

use strel::image::files::{Foreground, read, read_grey};
use strel::image::{BitImage, Engine, GreyImage};
use strel::network::Network;
use strel::train::config::DataConfig;
use strel::train::data::{ClassesConfig, Levels};
use strel::train::run::Run;

use crate::Answer;
use crate::batch::process;
use crate::cli::ApplyArgs;
use crate::error::CliError;
use crate::inputs::refuse_levels;
use crate::places::Images;

/// Prints the class of each image.
pub fn classify(network: &Network, args: &ApplyArgs) -> Result<Answer, CliError> {
    refuse_levels(&args.network, &args.read)?;
    let levels = levels(network, args)?;
    let plan = network.plan();
    let images = Images::new(&args.images)?;
    let batch = process(&images, args.threads, |index| {
        let image = &images.files[index];
        let channels = match &levels {
            None => vec![read(image, &args.read.options())?],
            Some(levels) => level_sets(image, levels, network.inputs(), args)?,
        };
        Ok(plan.classify_batch(&Engine::default(), &[channels])?[0])
    })?;
    for (index, class) in &batch.done {
        writeln!(stdout(), "{}: class {class}", args.images[*index].display())?;
    }
    batch.answer()
}

/// The levels of the sets that the network reads; none if it reads an image in black and white.
fn levels(network: &Network, args: &ApplyArgs) -> Result<Option<Vec<u8>>, CliError> {
    if args.thresholds.is_empty() && network.inputs() == 1 {
        return Ok(None);
    }
    if args.thresholds.is_empty() {
        let config = Run::open(&args.network).and_then(|run| run.config());
        return match config.ok().and_then(|config| config.data.levels().cloned()) {
            Some(Levels::Given(levels)) => Ok(Some(levels)),
            _ => Err(CliError::Usage(format!(
                "{} reads {} channels; expected the level of each, such as --thresholds 64,128,192",
                args.network.display(),
                network.inputs()
            ))),
        };
    }
    let levels = Levels::Given(args.thresholds.clone());
    // Those that training would take.
    let check = DataConfig::Mnist(ClassesConfig { levels, ..ClassesConfig::default() }).check();
    check.map_err(|problem| CliError::Usage(format!("--thresholds: {problem}")))?;
    Ok(Some(args.thresholds.clone()))
}

/// The level sets of each plane of an image, as many as the network has inputs.
fn level_sets(
    image: &Path,
    levels: &[u8],
    inputs: usize,
    args: &ApplyArgs,
) -> Result<Vec<BitImage>, CliError> {
    let planes = read_grey(image)?;
    if planes.len() * levels.len() != inputs {
        return Err(CliError::Usage(format!(
            "thresholds for each plane: {}, planes: {}; expected {inputs} channels in all, as {} reads",
            levels.len(),
            planes.len(),
            args.network.display()
        )));
    }
    let foreground = args.read.binary.foreground;
    let sets = planes.iter().flat_map(|plane| levels.iter().map(move |&level| (plane, level)));
    Ok(sets.map(|(plane, level)| level_set(plane, level, foreground)).collect())
}

/// Where a plane is of this level, of 1 to 255, at least, counted from the background's colour to the
/// foreground's.
fn level_set(plane: &GreyImage, level: u8, foreground: Foreground) -> BitImage {
    match foreground {
        Foreground::White => plane.level_set(level),
        Foreground::Black => plane.level_set(u8::MAX - level + 1).complement(),
    }
}
