//! Arguments of the commands on networks.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use strel::network::{CertifyBudget, PolishOptions};

use super::{ReadPairsArgs, parse_number};

#[derive(Args)]
pub struct TrainArgs {
    /// A preset (noisti, mnist, mnist-windows, mnist-gates, pairs), or a configuration file; with --resume, the folder of a run.
    #[arg(value_name = "PRESET|CONFIG.toml|RUN")]
    pub what: String,
    /// The folder of inputs, for pairs.
    #[arg(long, value_name = "DIR")]
    pub inputs: Option<PathBuf>,
    /// The folder of wanted outputs, for pairs; files are matched by name.
    #[arg(long, value_name = "DIR")]
    pub targets: Option<PathBuf>,
    /// The folder of the run [default: runs/NAME, with a number where it is taken].
    #[arg(long, value_name = "RUN", conflicts_with = "resume")]
    pub out: Option<PathBuf>,
    /// The seed of all randomness.
    #[arg(long, value_name = "N", value_parser = parse_number, allow_negative_numbers = true,
          conflicts_with = "resume")]
    pub seed: Option<u64>,
    /// Replace a value of the configuration, like training.steps=1000; can be repeated.
    #[arg(long, value_name = "KEY=VALUE", conflicts_with = "resume")]
    pub set: Vec<String>,
    /// Go on with a run from its last checkpoint.
    #[arg(long)]
    pub resume: bool,
    /// No progress, only the result.
    #[arg(long, short)]
    pub quiet: bool,
    /// The summary as JSON.
    #[arg(long)]
    pub json: bool,
}

#[derive(Clone, Copy, ValueEnum)]
pub enum Method {
    /// Activated neurons only; refuses others.
    Exact,
    /// Activated neurons exactly, others by the nearest constant set.
    Constant,
    /// Activated neurons exactly, others by the nearest activable neuron.
    Activable,
    /// Every neuron exactly, by as many operators or as large a gate as it takes.
    Lossless,
}

#[derive(Args)]
pub struct BinarizeArgs {
    /// A run, or the file of a float network.
    #[arg(value_name = "RUN|FLOAT")]
    pub network: PathBuf,
    /// How neurons that are no operator are treated.
    #[arg(long, value_enum, default_value = "constant")]
    pub method: Method,
    /// The file to write [default: the run, whose certificate, summary and report are made anew].
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

#[derive(Clone, Copy, ValueEnum)]
pub enum PolishLoss {
    /// The number of wrong pixels.
    Pixels,
    /// 1 - DICE, the mean over images.
    Dice,
}

#[derive(Args)]
pub struct PolishArgs {
    /// A run, or the file of a binarized network.
    #[arg(value_name = "RUN|NETWORK")]
    pub network: PathBuf,
    /// The folder of inputs.
    #[arg(long, value_name = "DIR")]
    pub inputs: PathBuf,
    /// The folder of wanted outputs; files are matched by name.
    #[arg(long, value_name = "DIR")]
    pub targets: PathBuf,
    /// The folder of inputs to score the network on before and after.
    #[arg(long, value_name = "DIR", requires = "valid_targets")]
    pub valid_inputs: Option<PathBuf>,
    /// The folder of wanted outputs to score the network on.
    #[arg(long, value_name = "DIR", requires = "valid_inputs")]
    pub valid_targets: Option<PathBuf>,
    /// The file to write.
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
    /// Write a float network of the same operators, too, for `strel certify`.
    #[arg(long, value_name = "FILE")]
    pub float: Option<PathBuf>,
    /// What is made small.
    #[arg(long, value_enum, default_value = "dice")]
    pub loss: PolishLoss,
    /// Candidate networks that may be evaluated.
    #[arg(long, value_name = "N", default_value_t = PolishOptions::default().budget)]
    pub budget: u64,
    /// Stop after this time; what is found then depends on the machine.
    #[arg(long, value_name = "SECONDS")]
    pub seconds: Option<u64>,
    /// How far from its origin a pixel of a structuring element may be [default: the furthest that
    /// one is].
    #[arg(long, value_name = "PIXELS")]
    pub reach: Option<usize>,
    /// Let the border become another one, too.
    #[arg(long)]
    pub free_border: bool,
    /// Candidates of which the best is taken: with 1 each improvement is taken at once, with more than
    /// there are the descent is steepest.
    #[arg(long, value_name = "N", default_value_t = PolishOptions::default().block,
          value_parser = super::parse_count)]
    pub block: usize,
    /// The float network that the operators come from: pixels are tried first of which its weights are
    /// in doubt.
    #[arg(long, value_name = "FILE")]
    pub doubts: Option<PathBuf>,
    /// The seed of all randomness.
    #[arg(long, value_name = "N", value_parser = parse_number, allow_negative_numbers = true,
          default_value_t = 0)]
    pub seed: u64,
    #[command(flatten)]
    pub pairs: ReadPairsArgs,
    /// No progress, only the result.
    #[arg(long, short)]
    pub quiet: bool,
    /// The result as JSON.
    #[arg(long)]
    pub json: bool,
}

#[derive(Args)]
pub struct CertifyArgs {
    /// A run, or the file of a float network.
    #[arg(value_name = "RUN|FLOAT")]
    pub float: PathBuf,
    /// The file of the binarized network [default: that of the run].
    #[arg(value_name = "NETWORK")]
    pub binarized: Option<PathBuf>,
    /// Inputs that the search for a difference may try.
    #[arg(long, value_name = "N", default_value_t = CertifyBudget::default().patches)]
    pub budget: usize,
    /// The certificate as JSON.
    #[arg(long)]
    pub json: bool,
    /// Write the certificate to a file, too.
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Do not prove, but check a certificate by other code, and run its counter-example again.
    #[arg(long, value_name = "CERTIFICATE", conflicts_with_all = ["out", "budget"])]
    pub replay: Option<PathBuf>,
}

#[derive(Clone, Copy, PartialEq, ValueEnum)]
pub enum EvalData {
    /// Generated noised sticks.
    Noisti,
    /// The test images of MNIST, for a classifier.
    Mnist,
    /// The test images of Fashion-MNIST, for a classifier.
    FashionMnist,
}

#[derive(Args)]
pub struct EvalArgs {
    /// A run (its float and its binarized network), or the file of either.
    #[arg(value_name = "RUN|NETWORK")]
    pub network: PathBuf,
    /// Data to score on [default: the test images of the run, for a classifier].
    #[arg(long, value_enum, conflicts_with_all = ["inputs", "targets"])]
    pub data: Option<EvalData>,
    /// The folder of the files of MNIST or Fashion-MNIST [default: that of the data set in
    /// $STREL_DATA_DIR, or in data].
    #[arg(long, value_name = "DIR", requires = "data")]
    pub folder: Option<PathBuf>,
    /// The lowest grey level of each level set that a classifier reads, from a file of a network.
    #[arg(long, value_name = "LEVELS", value_delimiter = ',', default_value = "128")]
    pub thresholds: Vec<u8>,
    /// Generated pairs to score on.
    #[arg(long, value_name = "N", default_value_t = 1000, value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub count: u32,
    /// The seed of generated data.
    #[arg(long, value_name = "N", value_parser = parse_number, allow_negative_numbers = true,
          default_value_t = 1)]
    pub seed: u64,
    /// The folder of inputs.
    #[arg(long, value_name = "DIR", requires = "targets")]
    pub inputs: Option<PathBuf>,
    /// The folder of wanted outputs; files are matched by name.
    #[arg(long, value_name = "DIR", requires = "inputs")]
    pub targets: Option<PathBuf>,
    #[command(flatten)]
    pub pairs: ReadPairsArgs,
    /// The scores as JSON.
    #[arg(long)]
    pub json: bool,
}

#[derive(Args)]
pub struct ShowArgs {
    /// A run, or the file of a network.
    #[arg(value_name = "RUN|NETWORK")]
    pub network: PathBuf,
    /// Draw the network into an SVG file instead.
    #[arg(long, value_name = "FILE")]
    pub svg: Option<PathBuf>,
    /// Write a page on the network, one HTML file that needs nothing else, instead: its drawing, its
    /// operators, the certificate of a run, how the engine runs it.
    #[arg(long, value_name = "FILE")]
    pub html: Option<PathBuf>,
    /// Print how the engine runs the network on an image of HEIGHTxWIDTH pixels instead: its steps,
    /// operations, shifts and words moved a pixel, kernel and threads.
    #[arg(long, value_name = "SIZE", value_parser = parse_size, num_args = 0..=1,
          default_missing_value = "4096x4096", conflicts_with_all = ["svg", "html"])]
    pub plan: Option<(usize, usize)>,
}

/// Reads a size such as `512x640`.
fn parse_size(text: &str) -> Result<(usize, usize), String> {
    let sides = text
        .split_once('x')
        .and_then(|(height, width)| Some((height.parse().ok()?, width.parse().ok()?)));
    sides.ok_or_else(|| "expected HEIGHTxWIDTH, such as 512x640".into())
}
