//! Commands and their arguments.

mod bench;
mod data;
mod export;
mod images;
mod networks;
mod reproduce;
mod shell;
mod sweep;

use clap::{Parser, Subcommand};

pub use bench::*;
pub use data::*;
pub use export::*;
pub use images::*;
pub use networks::*;
pub use reproduce::*;
pub use shell::*;
pub use sweep::*;

/// Reads a seed or another number that is not below 0.
fn parse_number(text: &str) -> Result<u64, String> {
    text.parse().map_err(|_| format!("expected a whole number from 0 to {}", u64::MAX))
}

/// Learn, prove and run binary morphological networks.
///
/// Example: strel train noisti --out runs/noisti
#[derive(Parser)]
#[command(version, arg_required_else_help = true)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Subcommand)]
pub enum Command {
    /// Train a network, binarize and certify it, and write a report.
    ///
    /// Example: strel train noisti --out runs/noisti
    Train(TrainArgs),
    /// Turn a float network into operators on binary images.
    ///
    /// Example: strel binarize runs/noisti --method exact --out network.safetensors
    Binarize(BinarizeArgs),
    /// Improve the operators of a binarized network directly, by its score on pairs of images.
    ///
    /// Example: strel polish runs/pages --inputs noisy --targets clean --out polished.safetensors
    Polish(PolishArgs),
    /// Prove that a float network and its binarized one give the same output on every input, or find
    /// an input on which they differ.
    ///
    /// Exit code 0: proved; 1: not proved. Example: strel certify runs/noisti
    Certify(CertifyArgs),
    /// Score a network against wanted outputs.
    ///
    /// Of a classifier, all ways to binarize it are scored, with their sizes and times.
    ///
    /// Example: strel eval runs/noisti --data noisti --count 1000
    Eval(EvalArgs),
    /// Run a binarized network on image files.
    ///
    /// Images larger than the memory are streamed as by `strel morph`. A classifier prints the class of
    /// each image.
    ///
    /// Example: strel apply runs/pages page1.tif page2.png --out cleaned
    Apply(ApplyArgs),
    /// Apply classical operators to image files, like an opening and a closing.
    ///
    /// TIFF and raw PBM images of more than 2^28 pixels, written as TIFF or PBM, are read, computed and
    /// written strip by strip and may be larger than the memory; whatever else is large is held in
    /// memory, which a note says.
    ///
    /// Example: strel morph 'o5.5 + c3.3' page.tif --out cleaned.png
    Morph(MorphArgs),
    /// Print the operators of a network, draw them, or print how the engine runs them.
    ///
    /// On a terminal as many operators stand side by side as its width allows.
    ///
    /// Example: strel show runs/noisti --svg network.svg --html network.html
    Show(ShowArgs),
    /// Write a binarized network for other programs: C99, ONNX, Python, Verilog or JSON.
    ///
    /// Example: strel export runs/noisti --to c --out noisti.c
    Export(ExportArgs),
    /// Generate data.
    ///
    /// Example: strel data noisti --count 10 --out sticks
    Data(DataArgs),
    /// Search at random for values of a configuration: train many times, and keep a journal.
    ///
    /// Each trial is a run of its own. A sweep that was stopped or killed goes on with the same command.
    /// Prints the trial that is best on validation data, and how far all are apart.
    ///
    /// Example: strel sweep examples/sweep-noisti.toml --out sweeps/noisti --jobs 2
    Sweep(SweepArgs),
    /// Repeat published experiments, and print their results beside ours.
    ///
    /// Example: strel reproduce noisti --out noisti.md
    Reproduce(ReproduceArgs),
    /// Time parts of strel on this machine.
    ///
    /// Example: strel bench engine --json
    Bench(BenchArgs),
    /// Print what lets a shell complete commands and options.
    ///
    /// For bash, this is a line of ~/.bashrc. Example: source <(strel completions bash)
    Completions(CompletionsArgs),
    /// Write a manual page for each command.
    ///
    /// Example: strel man --out ~/.local/share/man/man1
    Man(ManArgs),
}

fn parse_count(text: &str) -> Result<usize, String> {
    let count = text.parse().ok().filter(|count| *count > 0);
    count.ok_or_else(|| "expected a whole number, at least 1".into())
}
