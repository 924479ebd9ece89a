//! Arguments of `strel export`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use strel::network::export::WordSize;

#[derive(Args)]
pub struct ExportArgs {
    /// A run, or the file of a binarized network.
    #[arg(value_name = "RUN|NETWORK")]
    pub network: PathBuf,
    /// What to write.
    #[arg(long, value_enum)]
    pub to: ExportFormat,
    /// The file to write. Its name without the ending is what names begin with in C and Verilog; the
    /// header of C is written beside it.
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
    /// Pixels of a word in C.
    #[arg(long, value_enum, default_value = "32")]
    pub words: Words,
}

#[derive(Clone, Copy, ValueEnum)]
pub enum ExportFormat {
    /// A header and a source in C99.
    C,
    /// An ONNX model of standard operators.
    Onnx,
    /// A Python module that calls NumPy and SciPy.
    Python,
    /// A Verilog module that takes a pixel a clock.
    Verilog,
    /// The operators as JSON.
    Json,
}

#[derive(Clone, Copy, ValueEnum)]
pub enum Words {
    /// 32 pixels.
    #[value(name = "32")]
    Bits32,
    /// 64 pixels.
    #[value(name = "64")]
    Bits64,
}

impl From<Words> for WordSize {
    fn from(words: Words) -> Self {
        match words {
            Words::Bits32 => Self::Bits32,
            Words::Bits64 => Self::Bits64,
        }
    }
}
