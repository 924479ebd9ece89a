//! Arguments of the commands that run operators on image files.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use strel::image::files::{Foreground, ReadOptions};
use strel::image::{Border, ImageError, LevelSets, Sequence};

#[derive(Args)]
pub struct ApplyArgs {
    /// A run, or the file of a binarized network.
    #[arg(value_name = "RUN|NETWORK")]
    pub network: PathBuf,
    /// Images: PNG, TIFF, PBM, PGM, JPEG, upright and with all their pages; - is standard input.
    #[arg(value_name = "IMAGE", required = true)]
    pub images: Vec<PathBuf>,
    /// The file for the result of one image, like cleaned.png, - for standard output, or a folder for the
    /// results, which keep their names; a classifier has none. TIFF and PBM files have as many pages as were read;
    /// those of PNG are numbered: cleaned-1.png. TIFF and PNG keep the resolution.
    #[arg(long, value_name = "FILE|DIR|-")]
    pub out: Option<PathBuf>,
    #[command(flatten)]
    pub read: ReadArgs,
    /// The lowest level of each level set that a classifier of several channels reads, counted from the
    /// background's colour to the foreground's [default: those of the run].
    #[arg(long, value_name = "LEVELS", value_delimiter = ',', conflicts_with = "threshold")]
    pub thresholds: Vec<u8>,
    /// The format of the results in a folder or on standard output [default: png].
    #[arg(long, value_enum)]
    pub format: Option<OutputFormat>,
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
    /// Images: PNG, TIFF, PBM, PGM, JPEG, upright and with all their pages; - is standard input.
    #[arg(value_name = "IMAGE", required = true)]
    pub images: Vec<PathBuf>,
    /// The file for the result of one image, like cleaned.png, - for standard output, or a folder for the
    /// results, which keep their names. TIFF and PBM files have as many pages as were read; those of PNG are
    /// numbered: cleaned-1.png. TIFF and PNG keep the resolution.
    #[arg(long, value_name = "FILE|DIR|-")]
    pub out: PathBuf,
    /// What lies outside an image: neutral, zero, one, replicate, reflect.
    #[arg(long, value_name = "BORDER", default_value = "neutral")]
    pub border: Border,
    #[command(flatten)]
    pub read: ReadArgs,
    /// The format of the results in a folder or on standard output [default: png].
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

/// How image files become binary images.
#[derive(Args)]
pub struct ReadBinaryArgs {
    /// The colour of the foreground, in files read and written.
    #[arg(long, value_name = "black|white", default_value = "black")]
    pub foreground: Foreground,
    /// Grey levels from this one on (0 to 255) are white; images of more than two levels are refused without it, and of
    /// two the darker one is black.
    #[arg(long, value_name = "LEVEL")]
    pub threshold: Option<u8>,
}

/// How image files become binary images, or level sets.
#[derive(Args)]
pub struct ReadArgs {
    #[command(flatten)]
    pub binary: ReadBinaryArgs,
    /// Keep grey levels and colours: each plane is taken apart into N level sets, which are processed
    /// one by one and stacked again; 255 keep all levels.
    #[arg(long, value_name = "N", conflicts_with = "threshold",
          value_parser = clap::value_parser!(u8).range(1..))]
    pub levels: Option<u8>,
}

/// How files of inputs and of wanted outputs become binary images, or level sets.
#[derive(Args)]
pub struct ReadPairsArgs {
    #[command(flatten)]
    pub read: ReadArgs,
    /// The threshold of wanted outputs [default: that of the inputs].
    #[arg(long, value_name = "LEVEL", conflicts_with = "levels")]
    pub target_threshold: Option<u8>,
}

impl ReadPairsArgs {
    /// Those of inputs and of wanted outputs.
    pub fn options(&self) -> (ReadOptions, ReadOptions) {
        let input = self.read.options();
        let threshold = self.target_threshold.or(input.threshold);
        (input, ReadOptions { threshold, ..input })
    }
}

impl ReadBinaryArgs {
    pub fn options(&self) -> ReadOptions {
        ReadOptions { foreground: self.foreground, threshold: self.threshold }
    }
}

impl ReadArgs {
    pub fn options(&self) -> ReadOptions {
        self.binary.options()
    }

    /// The level sets that were asked for.
    pub fn level_sets(&self) -> Result<Option<LevelSets>, ImageError> {
        let sets = |count: u8| LevelSets::new(count.into(), self.binary.foreground);
        self.levels.map(sets).transpose()
    }
}
