//! `strel bench train`.

mod report;
mod step;
mod values;

use std::io::{Write, stdout};

use crate::Answer;
use crate::allocator::keep_freed_memory;
use crate::cli::BenchCasesArgs;
use crate::error::CliError;

use super::ask::answer;
use super::memory;
use crate::commands::stopwatch::{Effort, Stopwatch};
use report::{Machine, Memory, Report, Row, Timed};
use step::{REGULARIZERS, Step, TASKS, Task};

pub fn run(args: BenchCasesArgs) -> Result<Answer, CliError> {
    keep_freed_memory();
    let effort = if args.quick { Effort::QUICK } else { Effort::FULL };
    if let Some(folder) = &args.values {
        for task in TASKS {
            if let Ok(step) = Step::new(task, args.seed, args.quick, REGULARIZERS[0]) {
                step.write_values(&folder.join(task.name()))?;
            }
        }
    }
    let mut out = stdout().lock();
    if args.ask {
        answer(&mut out, |name| {
            let (task, regularizer) = named(name).ok_or_else(|| unknown(name))?;
            Ok(Step::new(task, args.seed, args.quick, regularizer)?.watch(effort.sample))
        })?;
        return Ok(Answer::Yes);
    }
    let (mut tasks, mut left_out) = (Vec::new(), Vec::new());
    for task in TASKS {
        match timed(task, &args, &effort) {
            Ok(timed) => tasks.push(timed),
            // The data of one task is generated, that of another is in files.
            Err(error) if task.reads_files() => left_out.push(format!("{}: {error}", task.name())),
            Err(error) => return Err(error),
        }
    }
    let report = Report { machine: Machine::new(&args), tasks, left_out };
    if args.json {
        writeln!(out, "{}", serde_json::to_string_pretty(&report).expect("plain values"))?;
    } else {
        report.write_table(&mut out)?;
    }
    Ok(Answer::Yes)
}

fn timed(task: Task, args: &BenchCasesArgs, effort: &Effort) -> Result<Timed, CliError> {
    let start = |regularizer| Step::new(task, args.seed, args.quick, regularizer);
    let memory = memory_of_steps(task, || start(REGULARIZERS[0]))?;
    let steps = REGULARIZERS.map(|name| Ok((name, start(name)?)));
    let steps = steps.into_iter().collect::<Result<Vec<_>, CliError>>()?;
    let timed = Timed::new(task, &steps[0].1, memory, Vec::new());
    Ok(Timed { rows: rows(effort, steps), ..timed })
}

/// What a few steps take; only of the first task, before which nothing was trained, and where the system
/// tells.
fn memory_of_steps(
    task: Task,
    start: impl Fn() -> Result<Step, CliError>,
) -> Result<Option<Memory>, CliError> {
    if task != TASKS[0] {
        return Ok(None);
    }
    let before = memory::now();
    let mut step = start()?;
    for _ in 0..3 {
        step.advance()?;
    }
    Ok(before.zip(memory::peak()).map(|(before, peak)| Memory { before, peak }))
}

/// Times all steps, one sample of each in turn, so that what else the machine does meets all.
fn rows(effort: &Effort, steps: Vec<(&'static str, Step)>) -> Vec<Row> {
    let watch = |(name, step): (_, Step)| (name, step.every(), step.watch(effort.sample));
    let mut timed: Vec<(&'static str, u32, Stopwatch)> = steps.into_iter().map(watch).collect();
    for _ in 0..effort.rounds {
        for (_, _, watch) in &mut timed {
            watch.sample();
        }
    }
    let plain = timed[0].2.median();
    let row = |(regularizer, every, watch): &(&'static str, u32, Stopwatch)| Row {
        regularizer,
        every: *every,
        least_seconds: watch.least(),
        median_seconds: watch.median(),
        relative: watch.median() / plain,
    };
    timed.iter().map(row).collect()
}

/// The step that a name like `mnist constant` stands for.
fn named(name: &str) -> Option<(Task, &'static str)> {
    let (task, regularizer) = name.split_once(' ')?;
    let task = TASKS.into_iter().find(|known| known.name() == task)?;
    let regularizer = REGULARIZERS.into_iter().find(|known| *known == regularizer)?;
    Some((task, regularizer))
}

fn unknown(name: &str) -> CliError {
    let (tasks, names) = (TASKS.map(Task::name).join(" or "), REGULARIZERS.join(", "));
    CliError::Usage(format!("no step is called {name:?}; expected {tasks}, and one of {names}"))
}
