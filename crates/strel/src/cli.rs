//! Commands and their arguments.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use strel::image::files::{Foreground, ReadOptions};
use strel::image::{Border, Sequence};
use strel::network::{CertifyBudget, PolishOptions};

/// Learn, prove and run binary morphological networks.
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
    /// Example: strel eval runs/noisti --data noisti --count 1000
    Eval(EvalArgs),
    /// Run a binarized network on image files.
    ///
    /// Images larger than the memory are streamed as by `strel morph`.
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
    /// Example: strel show runs/noisti --svg network.svg
    Show(ShowArgs),
    /// Generate data.
    Data(DataArgs),
    /// Time parts of strel on this machine.
    Bench(BenchArgs),
}

#[derive(Args)]
pub struct TrainArgs {
    /// A preset (noisti, pairs), or a configuration file; with --resume, the folder of a run.
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
    #[arg(long, value_name = "N", conflicts_with = "resume")]
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
    /// The seed of all randomness.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub seed: u64,
    #[command(flatten)]
    pub read: ReadArgs,
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

#[derive(Clone, Copy, ValueEnum)]
pub enum Generated {
    /// Noised sticks.
    Noisti,
}

#[derive(Args)]
pub struct EvalArgs {
    /// A run (its float and its binarized network), or the file of either.
    #[arg(value_name = "RUN|NETWORK")]
    pub network: PathBuf,
    /// Generated data to score on.
    #[arg(long, value_enum, conflicts_with_all = ["inputs", "targets"])]
    pub data: Option<Generated>,
    /// Generated pairs to score on.
    #[arg(long, value_name = "N", default_value_t = 1000, value_parser = clap::value_parser!(u32).range(1..))]
    pub count: u32,
    /// The seed of generated data.
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// The folder of inputs.
    #[arg(long, value_name = "DIR", requires = "targets")]
    pub inputs: Option<PathBuf>,
    /// The folder of wanted outputs; files are matched by name.
    #[arg(long, value_name = "DIR", requires = "inputs")]
    pub targets: Option<PathBuf>,
    #[command(flatten)]
    pub read: ReadArgs,
    /// The scores as JSON.
    #[arg(long)]
    pub json: bool,
}

#[derive(Args)]
pub struct ApplyArgs {
    /// A run, or the file of a binarized network.
    #[arg(value_name = "RUN|NETWORK")]
    pub network: PathBuf,
    /// Images: PNG, TIFF, PBM, PGM, JPEG.
    #[arg(value_name = "IMAGE", required = true)]
    pub images: Vec<PathBuf>,
    /// The folder for the results, which keep their names.
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    #[command(flatten)]
    pub read: ReadArgs,
    /// The format of the results.
    #[arg(long, value_enum, default_value = "png")]
    pub format: OutputFormat,
    /// Images processed at a time [default: as many as there are processors].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub threads: Option<u16>,
}

#[derive(Args)]
pub struct MorphArgs {
    /// Operators one after the other, as Leptonica writes them: o5.3 is an opening, 5 wide, 3 high.
    ///
    /// Operators: d dilation, e erosion, o opening, c closing, tw and tb white and black top-hat, g
    /// gradient, m median, ! complement. Elements: 5.3 a rectangle of width 5 and height 3, D3 a disk
    /// of radius 3, X3 a cross, /5 and \5 diagonals of 5 pixels, [.#./###/.#.] a picture.
    #[arg(value_name = "SEQUENCE")]
    pub sequence: Sequence,
    /// Images: PNG, TIFF, PBM, PGM, JPEG.
    #[arg(value_name = "IMAGE", required = true)]
    pub images: Vec<PathBuf>,
    /// The file for the result of one image, like cleaned.png, or a folder for the results, which
    /// keep their names.
    #[arg(long, value_name = "FILE|DIR")]
    pub out: PathBuf,
    /// What lies outside an image: neutral, zero, one, replicate, reflect.
    #[arg(long, value_name = "BORDER", default_value = "neutral")]
    pub border: Border,
    #[command(flatten)]
    pub read: ReadArgs,
    /// The format of the results in a folder [default: png].
    #[arg(long, value_enum)]
    pub format: Option<OutputFormat>,
    /// Images processed at a time [default: as many as there are processors].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    pub threads: Option<u16>,
}

#[derive(Clone, Copy, ValueEnum)]
pub enum OutputFormat {
    /// PNG of 1 bit a pixel.
    Png,
    /// TIFF, CCITT G4.
    Tif,
    /// PBM.
    Pbm,
}

impl OutputFormat {
    pub fn ending(self) -> &'static str {
        match self {
            OutputFormat::Png => "png",
            OutputFormat::Tif => "tif",
            OutputFormat::Pbm => "pbm",
        }
    }
}

#[derive(Args)]
pub struct ShowArgs {
    /// A run, or the file of a network.
    #[arg(value_name = "RUN|NETWORK")]
    pub network: PathBuf,
    /// Draw the network into an SVG file instead.
    #[arg(long, value_name = "FILE")]
    pub svg: Option<PathBuf>,
    /// Print how the engine runs the network on an image of HEIGHTxWIDTH pixels instead: its steps,
    /// operations, shifts and words moved a pixel, kernel and threads.
    #[arg(long, value_name = "SIZE", value_parser = parse_size, num_args = 0..=1,
          default_missing_value = "4096x4096", conflicts_with = "svg")]
    pub plan: Option<(usize, usize)>,
}

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
}

#[derive(Args)]
pub struct NoiseArgs {
    /// Images: PNG, TIFF, PBM, PGM, JPEG.
    #[arg(value_name = "IMAGE", required = true)]
    pub images: Vec<PathBuf>,
    /// The folder for the results, which keep their names.
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// The probability that a pixel is replaced by black or white at random.
    #[arg(long, value_name = "P", default_value_t = 0.02)]
    pub probability: f64,
    /// The seed; each image has its own noise.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub seed: u64,
    #[command(flatten)]
    pub read: ReadArgs,
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
    /// The folder for the images.
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// Images or pairs to write.
    #[arg(long, value_name = "N", default_value_t = 10)]
    pub count: u32,
    /// The seed.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub seed: u64,
}

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
    Engine(BenchPackedArgs),
    /// A classifier of sets, 784 -> 4096 -> 10, from packed samples to classes; results are compared
    /// with the definitions first.
    ///
    /// Example: strel bench dense --json
    Dense(BenchPackedArgs),
    /// A training step of the noisti preset, batch 256, with and without each regularizer.
    ///
    /// Example: RAYON_NUM_THREADS=1 strel bench train --json
    Train(BenchPackedArgs),
}

#[derive(Args)]
pub struct BenchPackedArgs {
    /// Little data and few samples only, to see that it runs; the times mean little.
    #[arg(long)]
    pub quick: bool,
    /// The seed of the data.
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// Write the data and the results into a folder, for other programs to compare.
    #[arg(long, value_name = "DIR")]
    pub values: Option<PathBuf>,
    /// Time what the lines of the standard input name, such as `512 dilation disk 3`, `few 1024` or `activable`,
    /// a sample a line, so that a script can time other programs in between.
    #[arg(long, conflicts_with = "json")]
    pub ask: bool,
    /// The times as JSON.
    #[arg(long)]
    pub json: bool,
}

#[derive(Args)]
pub struct BenchBinarizeArgs {
    /// A few neurons only, to see that it runs; the times mean little.
    #[arg(long)]
    pub quick: bool,
    /// The seed of the neurons.
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// Write some of the neurons and their projections, for other programs to compare.
    #[arg(long, value_name = "FILE")]
    pub values: Option<PathBuf>,
    /// The times as JSON.
    #[arg(long)]
    pub json: bool,
}

/// Reads a size such as `512x640`.
fn parse_size(text: &str) -> Result<(usize, usize), String> {
    let sides = text
        .split_once('x')
        .and_then(|(height, width)| Some((height.parse().ok()?, width.parse().ok()?)));
    sides.ok_or_else(|| "expected HEIGHTxWIDTH, such as 512x640".into())
}

/// How image files become binary images.
#[derive(Args)]
pub struct ReadArgs {
    /// The colour of the foreground, in files read and written.
    #[arg(long, value_name = "black|white", default_value = "black")]
    pub foreground: Foreground,
    /// Grey levels from this one on (0 to 255) are white; grey images are refused without it.
    #[arg(long, value_name = "LEVEL")]
    pub threshold: Option<u8>,
}

impl ReadArgs {
    pub fn options(&self) -> ReadOptions {
        ReadOptions { foreground: self.foreground, threshold: self.threshold }
    }
}
