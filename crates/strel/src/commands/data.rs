//! `strel data`.

use std::io::{Write, stdout};
use std::path::Path;

use strel::image::BitImage;
use strel::image::files::{Foreground, Page, write};
use strel::train::data::{
    Diskorect, Draw, Images, Noisti, OperatorPairs, Split, images_in, salt_and_pepper,
};

use super::fetch;
use crate::Answer;
use crate::batch::process;
use crate::cli::{DataArgs, DataKind, DiskorectArgs, GenerateArgs, NoiseArgs};
use crate::error::CliError;
use crate::outputs::make_folder;
use crate::places::{Images as ImageFiles, Results, each_page};

pub fn run(args: DataArgs) -> Result<Answer, CliError> {
    match args.kind {
        DataKind::Noise(args) => return noise(&args),
        DataKind::Noisti(args) => noisti(&args)?,
        DataKind::Diskorect(args) => diskorect(&args)?,
        DataKind::Fetch(args) => fetch::run(&args)?,
    }
    Ok(Answer::Yes)
}

fn noise(args: &NoiseArgs) -> Result<Answer, CliError> {
    let NoiseArgs { images, out, probability, seed, read: options } = args;
    if !(0.0..=1.0).contains(probability) {
        let wrong = format!("--probability is {probability}; expected 0 to 1");
        return Err(CliError::Usage(wrong));
    }
    refuse_images(out)?;
    let images = ImageFiles::new(images)?;
    let results = Results::new(out, None, &images, &[])?;
    let batch = process(&images, None, |index| {
        let (image, files) = (&images.files[index], &results.files[index]);
        each_page(image, files, options.foreground, |pages, page, out| {
            let Page { image, resolution } = pages.read(page, &options.options())?;
            // Pages differ in the upper half, so that they do not share seeds with the images that follow.
            let seed = seed.wrapping_add(index as u64 + ((page as u64) << 32));
            Ok(out.write(&salt_and_pepper(&image, *probability, seed), resolution)?)
        })
    })?;
    for (index, ()) in &batch.done {
        writeln!(results.messages(), "{}", results.name(*index).display())?;
    }
    results.finish()?;
    batch.answer()
}

/// Refuses a folder that has images: those of two calls would be mixed.
fn refuse_images(folder: &Path) -> Result<(), CliError> {
    match folder.is_dir() && !images_in(folder)?.is_empty() {
        false => Ok(()),
        true => Err(CliError::Usage(format!(
            "folder {} has images already; name another one with --out, or remove them",
            folder.display()
        ))),
    }
}

fn noisti(args: &GenerateArgs) -> Result<(), CliError> {
    let noisti = Noisti::default();
    generate(args, ["inputs", "targets"], |draw| {
        let pair = noisti.pair(&mut draw.rng());
        [pair.input, pair.target]
    })?;
    writeln!(stdout(), "{} pairs in {}", args.count, args.out.display())?;
    Ok(())
}

fn diskorect(args: &DiskorectArgs) -> Result<(), CliError> {
    let GenerateArgs { count, out, .. } = &args.generate;
    let images = Images::Diskorect(Diskorect::default());
    match &args.target {
        None => {
            generate(&args.generate, ["inputs"], |draw| [images.image(draw)])?;
            writeln!(stdout(), "{count} images in {}", out.display())?;
        }
        Some(target) => {
            let pairs = OperatorPairs::new(images, target.plan(args.border));
            generate(&args.generate, ["inputs", "targets"], |draw| {
                let pair = pairs.pair(draw);
                [pair.input, pair.target]
            })?;
            writeln!(stdout(), "{count} pairs in {}", out.display())?;
        }
    }
    Ok(())
}

/// Writes what each draw gives, an image into each folder.
fn generate<const N: usize>(
    args: &GenerateArgs,
    folders: [&str; N],
    images: impl Fn(Draw) -> [BitImage; N],
) -> Result<(), CliError> {
    let folders = folders.map(|folder| args.out.join(folder));
    // Targets of another call, of images that have none now, would be mistaken for theirs, too.
    ["inputs", "targets"].iter().try_for_each(|name| refuse_images(&args.out.join(name)))?;
    folders.iter().try_for_each(|folder| make_folder(folder))?;
    for index in 0..args.count {
        let draw = Draw { seed: args.seed, split: Split::Train, index: u64::from(index) };
        for (folder, image) in folders.iter().zip(images(draw)) {
            write(folder.join(format!("{index:05}.png")), &image, Foreground::Black)?;
        }
    }
    Ok(())
}
