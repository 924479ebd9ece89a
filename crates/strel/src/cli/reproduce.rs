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
    /// Learn known operators from images: six operators by three elements of 7x7 pixels on three data
    /// sets, as published (Aouad & Talbot 2022), and by an L-shaped one.
    ///
    /// Prints, beside the published scores, those of the float network and of the binarized one before
    /// and after polishing, whether the operator found equals the one to find, and the certificate.
    ///
    /// Example: strel reproduce operators --data mnist --out results/operators.md
    Operators(OperatorsArgs),
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
