//! Arguments of `strel data`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use strel::image::{Border, Sequence};

use super::{ReadBinaryArgs, parse_number};

#[derive(Args)]
pub struct DataArgs {
    #[command(subcommand)]
    pub kind: DataKind,
}

#[derive(Subcommand)]
pub enum DataKind {
    /// Add salt-and-pepper noise to images.
    ///
    /// Example: strel data noise clean/*.tif --probability 0.02 --seed 1 --out noisy
    Noise(NoiseArgs),
    /// Write generated pairs of noised sticks to OUT/inputs and OUT/targets.
    ///
    /// Example: strel data noisti --count 10 --out sticks
    Noisti(GenerateArgs),
    /// Write generated disks and rectangles to OUT/inputs and, with --target, what an operator makes
    /// of them to OUT/targets.
    ///
    /// Example: strel data diskorect --count 10 --target oD3 --out shapes
    Diskorect(DiskorectArgs),
    /// Download a data set and check its sums; a download that was cut goes on.
    ///
    /// Example: strel data fetch mnist --out data/mnist
    Fetch(FetchArgs),
}

#[derive(Args)]
pub struct NoiseArgs {
    /// Images: PNG, TIFF, PBM, PGM, JPEG, upright and with all their pages; - is standard input.
    #[arg(value_name = "IMAGE", required = true)]
    pub images: Vec<PathBuf>,
    /// The file for the result of one image, like noisy.png, - for standard output, or a folder without
    /// images for the results, which keep their names.
    #[arg(long, value_name = "FILE|DIR|-")]
    pub out: PathBuf,
    /// The probability that a pixel is replaced by black or white at random.
    #[arg(long, value_name = "P", default_value_t = 0.02)]
    pub probability: f64,
    /// The seed; each image has its own noise.
    #[arg(long, value_name = "N", value_parser = parse_number, allow_negative_numbers = true,
          default_value_t = 0)]
    pub seed: u64,
    #[command(flatten)]
    pub read: ReadBinaryArgs,
}

#[derive(Args)]
pub struct FetchArgs {
    /// The data set.
    #[arg(value_name = "SET")]
    pub set: DataSet,
    /// The folder for the files.
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// The address of a folder with the files, instead of the usual one.
    #[arg(long, value_name = "URL")]
    pub from: Option<String>,
}

/// A data set that can be fetched.
#[derive(Clone, Copy, ValueEnum)]
pub enum DataSet {
    /// 70,000 handwritten digits, 28x28 grey pixels, 11 MB.
    Mnist,
}

#[derive(Args)]
pub struct DiskorectArgs {
    #[command(flatten)]
    pub generate: GenerateArgs,
    /// The operator, written as for `strel morph`.
    #[arg(long, value_name = "SEQUENCE")]
    pub target: Option<Sequence>,
    /// What lies outside an image: neutral, zero, one, replicate, reflect.
    #[arg(long, value_name = "BORDER", default_value = "replicate", requires = "target")]
    pub border: Border,
}

#[derive(Args)]
pub struct GenerateArgs {
    /// The folder for the images; one that has some already is refused.
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// Images or pairs to write.
    #[arg(long, value_name = "N", default_value_t = 10)]
    pub count: u32,
    /// The seed.
    #[arg(long, value_name = "N", value_parser = parse_number, allow_negative_numbers = true,
          default_value_t = 0)]
    pub seed: u64,
}
