//! `strel data`.

use std::io::{Write, stdout};

use strel::image::files::{Foreground, read, write};
use strel::train::data::{Noisti, Source, Split, salt_and_pepper};

use crate::Answer;
use crate::cli::{DataArgs, DataKind, NoiseArgs, NoistiArgs};
use crate::error::CliError;
use crate::outputs::{make_folder, result_files};

pub fn run(args: DataArgs) -> Result<Answer, CliError> {
    match args.kind {
        DataKind::Noise(args) => noise(&args)?,
        DataKind::Noisti(args) => noisti(&args)?,
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

fn noisti(args: &NoistiArgs) -> Result<(), CliError> {
    let source = Source::Noisti(Noisti::default());
    let folders = [args.out.join("inputs"), args.out.join("targets")];
    for folder in &folders {
        make_folder(folder)?;
    }
    for index in 0..args.count {
        let pair = source.pair(args.seed, Split::Train, u64::from(index));
        for (folder, image) in folders.iter().zip([&pair.input, &pair.target]) {
            write(folder.join(format!("{index:05}.png")), image, Foreground::Black)?;
        }
    }
    writeln!(stdout(), "{} pairs in {}", args.count, args.out.display())?;
    Ok(())
}
