//! Arguments of `strel reproduce`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

#[derive(Args)]
pub struct ReproduceArgs {
    #[command(subcommand)]
    pub kind: ReproduceKind,
}

#[derive(Subcommand)]
pub enum ReproduceKind {
    /// Learn handwritten digits, MNIST, in many ways, as published (Aouad & Talbot 2023): sets and gates
    /// of ours, and the published regularizers.
    ///
    /// Prints, beside the published accuracies, those of the float network, of the one of thresholded
    /// neurons and of all ways to binarize it.
    ///
    /// Example: strel reproduce mnist --data mnist --out mnist.md
    Mnist(MnistArgs),
    /// Learn to remove salt noise from thin sticks, as published (Aouad & Talbot 2023), with five
    /// seeds.
    ///
    /// Prints the scores of hand-made openings, of the best decision by lengths of runs, of the
    /// published networks and of ours, float and binarized, before and after polishing, and the
    /// certificate.
    ///
    /// Example: strel reproduce noisti --out noisti.md
    Noisti(NoistiArgs),
    /// Learn known operators from images: six operators by three elements of 7x7 pixels on three data
    /// sets, as published (Aouad & Talbot 2022), and by an L-shaped one.
    ///
    /// Prints, beside the published scores, those of the float network and of the binarized one before
    /// and after polishing, whether the operator found equals the one to find, and the certificate.
    ///
    /// Example: strel reproduce operators --data mnist --out operators.md
    Operators(OperatorsArgs),
    /// Learn to clean scanned pages: of salt-and-pepper noise, of ruling lines, of thickened strokes.
    ///
    /// Prints, for two pages that nothing was learnt from, the scores of the input itself, of medians,
    /// of the opening and closing that suit the training pages best, and of the learnt network, float,
    /// binarized and polished.
    ///
    /// Example: strel reproduce pages --data pages --out pages.md
    Pages(PagesArgs),
}

#[derive(Args)]
pub struct MnistArgs {
    /// 512 neurons, four epochs and one seed.
    #[arg(long)]
    pub quick: bool,
    /// The folder of MNIST's four files [default: mnist in $STREL_DATA_DIR, or in data].
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// Hidden neurons [default: 4096; 512 with --quick].
    #[arg(long, value_name = "N", value_parser = super::parse_count)]
    pub width: Option<usize>,
    /// How often a training looks at each image [default: 12; 4 with --quick].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub epochs: Option<u64>,
    /// Seeds of a method, from 0 on [default: 3; 1 with --quick].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub seeds: Option<u64>,
    /// Only methods whose names contain this, such as `sets` or `gates`.
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub only: String,
    /// Replace a value of every method, such as `training.batch=64`, but for the number of steps, which
    /// --epochs tells; several are given one by one.
    #[arg(long, value_name = "KEY=VALUE")]
    pub set: Vec<String>,
    /// Record the table in a file, too, which is written anew after each training.
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Keep what came of each training in a file: trainings that it has are not done again, so a study
    /// that was stopped goes on, and one can be given more seeds.
    #[arg(long, value_name = "FILE")]
    pub journal: Option<PathBuf>,
    /// Add ordinary networks of float and of few-bit weights, by the journal of `bench/ordinary.py`, which
    /// trains them with PyTorch. It has to have all seeds of the same width and epochs.
    #[arg(long, value_name = "FILE")]
    pub others: Option<PathBuf>,
}

#[derive(Args)]
pub struct NoistiArgs {
    /// One seed, and 1000 fresh pairs to score on.
    #[arg(long)]
    pub quick: bool,
    /// Seeds, from 0 on [default: 5; 1 with --quick].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub seeds: Option<u64>,
    /// Fresh pairs to score on [default: 10000; 1000 with --quick].
    #[arg(long, value_name = "N", value_parser = super::parse_count)]
    pub test: Option<usize>,
    /// Replace a value of the preset, such as `polish.budget=20000`; several are given one by one.
    #[arg(long, value_name = "KEY=VALUE")]
    pub set: Vec<String>,
    /// Record the tables in a file, too, which is written anew after each seed.
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

#[derive(Args)]
pub struct OperatorsArgs {
    /// Nine of the cells, with one seed.
    #[arg(long)]
    pub quick: bool,
    /// The folder of MNIST's four files [default: mnist in $STREL_DATA_DIR, or in data].
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// Seeds of a cell, from 0 on [default: 3; 1 with --quick].
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..))]
    pub seeds: Option<u64>,
    /// Only cells whose names contain this, such as `opening disk` or `mnist`.
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub only: String,
    /// Record the table in a file, too, which is written anew after each cell.
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}

#[derive(Args)]
pub struct PagesArgs {
    /// Shorter training and polishing, and a smaller search for an opening and closing.
    #[arg(long)]
    pub quick: bool,
    /// The folder of the pages [default: pages in $STREL_DATA_DIR, or in data].
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// Only tasks whose names contain this, such as `noise, 5` or `lines`.
    #[arg(long, value_name = "TEXT", default_value = "")]
    pub only: String,
    /// Replace a value of the recipe, such as `polish.budget=20000`; several are given one by one.
    #[arg(long, value_name = "KEY=VALUE")]
    pub set: Vec<String>,
    /// Record the tables in a file, too, which is written anew after each task.
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
}
