//! `strel apply` of classifiers.

use std::io::{Write, stdout};

use strel::image::files::{Foreground, Pages};
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

/// Prints the class of each page of each image.
pub fn classify(network: &Network, args: &ApplyArgs) -> Result<Answer, CliError> {
    refuse_levels(&args.network, &args.read)?;
    let levels = levels(network, args)?;
    let plan = network.plan();
    let images = Images::new(&args.images)?;
    let batch = process(&images, args.threads, |index| {
        let pages = Pages::open(&images.files[index])?;
        let channels = |page| -> Result<Vec<BitImage>, CliError> {
            match &levels {
                None => Ok(vec![pages.read(page, &args.read.options())?.image]),
                Some(levels) => {
                    level_sets(&pages.read_grey(page)?.image, levels, network.inputs(), args)
                }
            }
        };
        let class = |page| Ok(plan.classify_batch(&Engine::default(), &[channels(page)?])?[0]);
        (0..pages.count()).map(class).collect::<Result<Vec<_>, CliError>>()
    })?;
    for (index, classes) in &batch.done {
        let image = args.images[*index].display();
        for (page, class) in (1..).zip(classes) {
            let page = if classes.len() > 1 { format!(" page {page}") } else { String::new() };
            writeln!(stdout(), "{image}{page}: class {class}")?;
        }
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
    planes: &[GreyImage],
    levels: &[u8],
    inputs: usize,
    args: &ApplyArgs,
) -> Result<Vec<BitImage>, CliError> {
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
