//! Arguments of `strel bench`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::parse_number;

#[derive(Args)]
pub struct BenchArgs {
    #[command(subcommand)]
    pub kind: BenchKind,
}

#[derive(Subcommand)]
pub enum BenchKind {
    /// Neurons a second that become operators, on one thread: by constant sets, by activable neurons
    /// in each metric, and lossless; and a whole layer of 784 inputs and 4096 neurons.
    ///
    /// Example: strel bench binarize --json --values values.json
    Binarize(BenchBinarizeArgs),
    /// Operators on packed images, beside naive packed code and beside copying the image; results
    /// are compared bit for bit first.
    ///
    /// Example: strel bench engine --json
    Engine(BenchCasesArgs),
    /// Classifiers of random sets, 784 -> 4096 -> 10, from packed samples to classes, and the one of a run, from
    /// the bytes of test images to classes; results are compared with the definitions first.
    ///
    /// Example: strel bench dense --json
    Dense(BenchDenseArgs),
    /// Training steps with and without each regularizer: of the noisti preset, batch 256, and of a
    /// classifier of digits, 784 -> 4096 -> 10, batch 64.
    ///
    /// The digits are those of MNIST, in the folder mnist of $STREL_DATA_DIR or of data; without them the
    /// second one is left out.
    ///
    /// Example: RAYON_NUM_THREADS=1 strel bench train --json
    Train(BenchCasesArgs),
}

#[derive(Args)]
pub struct BenchCasesArgs {
    /// Little data and few samples only, to see that it runs; the times mean little.
    #[arg(long)]
    pub quick: bool,
    /// The seed of the data.
    #[arg(long, value_name = "N", value_parser = parse_number, allow_negative_numbers = true,
          default_value_t = 1)]
    pub seed: u64,
    /// Write the data and the results into a folder, for other programs to compare.
    #[arg(long, value_name = "DIR")]
    pub values: Option<PathBuf>,
    /// Time what the lines of the standard input name, such as `512 dilation disk 3`, `few 1024` or
    /// `mnist none`, a sample a line, so that a script can time other programs in between.
    #[arg(long, conflicts_with = "json")]
    pub ask: bool,
    /// The times as JSON.
    #[arg(long)]
    pub json: bool,
}

#[derive(Args)]
pub struct BenchDenseArgs {
    #[command(flatten)]
    pub cases: BenchCasesArgs,
    /// A run of one layer of sets and scores, as of `strel train mnist`, to be timed, too.
    #[arg(long, value_name = "DIR")]
    pub run: Option<PathBuf>,
}

#[derive(Args)]
pub struct BenchBinarizeArgs {
    /// A few neurons only, to see that it runs; the times mean little.
    #[arg(long)]
    pub quick: bool,
    /// The seed of the neurons.
    #[arg(long, value_name = "N", value_parser = parse_number, allow_negative_numbers = true,
          default_value_t = 1)]
    pub seed: u64,
    /// Write some of the neurons and their projections, for other programs to compare.
    #[arg(long, value_name = "FILE")]
    pub values: Option<PathBuf>,
    /// The times as JSON.
    #[arg(long)]
    pub json: bool,
}
