//! `strel data`.

use std::io::{Write, stdout};

use strel::image::BitImage;
use strel::image::files::{Foreground, read, write};
use strel::train::data::{Diskorect, Draw, Images, Noisti, OperatorPairs, Split, salt_and_pepper};

use super::fetch;
use crate::Answer;
use crate::cli::{DataArgs, DataKind, DiskorectArgs, GenerateArgs, NoiseArgs};
use crate::error::CliError;
use crate::outputs::{make_folder, result_files};

pub fn run(args: DataArgs) -> Result<Answer, CliError> {
    match args.kind {
        DataKind::Noise(args) => noise(&args)?,
        DataKind::Noisti(args) => noisti(&args)?,
        DataKind::Diskorect(args) => diskorect(&args)?,
        DataKind::Fetch(args) => fetch::run(&args)?,
    }
    Ok(Answer::Yes)
}

fn noise(args: &NoiseArgs) -> Result<(), CliError> {
    let NoiseArgs { images, out, probability, seed, read: options } = args;
    if !(0.0..=1.0).contains(probability) {
        let wrong = format!("--probability is {probability}; expected 0 to 1");
        return Err(CliError::Usage(wrong));
    }
    let files = result_files(images, out, "png")?;
    make_folder(out)?;
    for (index, (image, file)) in images.iter().zip(&files).enumerate() {
        let image = read(image, &options.options())?;
        let noisy = salt_and_pepper(&image, *probability, seed.wrapping_add(index as u64));
        write(file, &noisy, options.foreground)?;
        writeln!(stdout(), "{}", file.display())?;
    }
    Ok(())
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
    folders.iter().try_for_each(|folder| make_folder(folder))?;
    for index in 0..args.count {
        let draw = Draw { seed: args.seed, split: Split::Train, index: u64::from(index) };
        for (folder, image) in folders.iter().zip(images(draw)) {
            write(folder.join(format!("{index:05}.png")), &image, Foreground::Black)?;
        }
    }
    Ok(())
}
