//! `strel data fetch`.

use std::io::{IsTerminal, Write, stderr, stdout};

use indicatif::{ProgressBar, ProgressStyle};
use strel::train::data::{FetchProgress, MNIST, fetch};

use crate::cli::{DataSet, FetchArgs};
use crate::error::CliError;
use crate::outputs::make_folder;

pub fn run(args: &FetchArgs) -> Result<(), CliError> {
    let (address, files) = match args.set {
        DataSet::Mnist => MNIST,
    };
    make_folder(&args.out)?;
    for file in files {
        let bar = bar(file.name);
        let path = fetch(&file, args.from.as_deref().unwrap_or(address), &args.out, |progress| {
            let FetchProgress { done, all } = progress;
            bar.set_length(all.unwrap_or(done));
            bar.set_position(done);
        })?;
        bar.finish_and_clear();
        writeln!(stdout(), "{}", path.display())?;
    }
    Ok(())
}

/// A bar for one file; none where nobody watches.
fn bar(name: &'static str) -> ProgressBar {
    let bar = if stderr().is_terminal() { ProgressBar::new(0) } else { ProgressBar::hidden() };
    let style = "{msg} {bar:30} {bytes}/{total_bytes} {bytes_per_sec} {eta} left";
    bar.set_style(ProgressStyle::with_template(style).expect("a template of known fields"));
    bar.with_message(name)
}
