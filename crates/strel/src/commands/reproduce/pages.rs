//! `strel reproduce pages`.

mod classical;
mod data;
mod learn;
mod report;
mod task;

use std::io::{Write, stdout};
use std::path::Path;

use strel::image::BitImage;
use strel::train::Config;
use strel::train::data::{Pair, data_folder};

use super::{Record, named};
use crate::Answer;
use crate::cli::PagesArgs;
use crate::error::CliError;
use data::Pages;
use report::{Report, Row, Score, Section};
use task::Task;

pub fn run(args: PagesArgs) -> Result<Answer, CliError> {
    let tasks = named(Task::ALL.to_vec(), "task", &args.only)?;
    // Settings that do not fit end here, not after the first task.
    Config::pairs(Path::new("inputs"), Path::new("targets"))?.with_settings(&args.set)?;
    let folder = args.data.unwrap_or_else(|| data_folder("pages"));
    let pages = Pages::load(&folder)?;
    let record = Record::new(args.out)?;
    let mut report = Report::new(args.quick);
    let mut out = stdout().lock();
    for task in tasks {
        let (train, test) = pages.degraded(task);
        let mut rows = classical::rows(&train, &test, args.quick)?;
        let learnt = learn::learn(task, &train, &test, args.quick, &args.set)?;
        rows.extend(learnt.rows);
        let section = Section { task, rows, verdict: learnt.verdict, seconds: learnt.seconds };
        write!(out, "{section}")?;
        out.flush()?;
        report.sections.push(section);
        record.write(&report)?;
    }
    Ok(Answer::Yes)
}

/// The scores of an operator on pairs of pages.
fn row(name: impl Into<String>, pairs: &[Pair], operator: impl Fn(&BitImage) -> BitImage) -> Row {
    let scores = pairs.iter().map(|pair| Score::of(&operator(&pair.input), &pair.target));
    Row { name: name.into(), scores: scores.collect() }
}
