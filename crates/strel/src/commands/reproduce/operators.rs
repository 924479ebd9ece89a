//! `strel reproduce operators`.

mod cell;
mod learn;
mod published;
mod report;

use std::io::{Write, stdout};

use super::{Record, named};
use crate::Answer;
use crate::cli::OperatorsArgs;
use crate::error::CliError;
use cell::{Cell, Images};
use learn::learn;
use report::{Report, Row};

/// Seeds of a cell.
const SEEDS: u64 = 3;

pub fn run(args: OperatorsArgs) -> Result<Answer, CliError> {
    let seeds = args.seeds.unwrap_or(if args.quick { 1 } else { SEEDS });
    let all = if args.quick { Cell::quick() } else { Cell::all() };
    let cells = named(all, "cell", &args.only)?;
    // Images that are not there end here, not after the cells that need none.
    if let Some(cell) = cells.iter().find(|cell| cell.images != Images::Diskorect) {
        cell.config(0, args.data.as_deref()).data.open()?;
    }
    let record = Record::new(args.out)?;
    let mut report = Report::new(seeds);
    let mut out = stdout().lock();
    write!(out, "{}", report::HEAD)?;
    for cell in cells {
        for seed in 0..seeds {
            let row = Row { cell, seed, outcome: learn(&cell, seed, args.data.as_deref())? };
            write!(out, "{row}")?;
            out.flush()?;
            report.rows.push(row);
        }
        record.write(&report)?;
    }
    write!(out, "\n{}", report.totals())?;
    Ok(Answer::Yes)
}
