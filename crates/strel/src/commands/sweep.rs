//! `strel sweep`.

use std::io::{Write, stdout};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Mutex;
use std::thread;

use strel::image::files::write_atomically;
use strel::train::journal::Journal;
use strel::train::run::Run;
use strel::train::sweep::{Outcome, Scores, Spread, Sweep, SweepSummary, Trial};
use strel::train::{Config, TrainError};

use crate::Answer;
use crate::cli::SweepArgs;
use crate::error::CliError;
use crate::outputs::make_folder;

const SWEEP: &str = "sweep.toml";
const JOURNAL: &str = "journal.jsonl";

pub fn run(args: SweepArgs) -> Result<Answer, CliError> {
    let sweep = Sweep::load(&args.sweep)?;
    let wrong =
        |problem: TrainError| CliError::Usage(format!("{}: {problem}", args.sweep.display()));
    let (base, _) = Config::named(&sweep.base).map_err(wrong)?;
    // A key that does not exist ends here, before anything is trained; values may fit some trials only.
    if (0..sweep.trials).all(|trial| sweep.config(&base, trial).is_err()) {
        sweep.config(&base, 0).map_err(wrong)?;
    }
    begin(&sweep, &args.out)?;
    let journal = Journal::<Trial>::open(&args.out.join(JOURNAL))?;
    let jobs = usize::from(args.jobs);
    let has_ended = |trial| journal.entries().iter().any(|ended| ended.trial == trial);
    let left: Vec<usize> = (0..sweep.trials).filter(|&trial| !has_ended(trial)).collect();
    let (journal, left) = (Mutex::new(journal), Mutex::new(left.into_iter()));
    let next = || left.lock().expect("no thread panics").next();
    let work = || -> Result<(), CliError> {
        while let Some(trial) = next() {
            let settings = sweep.settings(trial);
            let outcome = outcome(&sweep, &base, trial, &args)?;
            if !args.quiet {
                eprintln!("trial {trial} of {}: {}", sweep.trials, told_outcome(&outcome));
            }
            let mut journal = journal.lock().expect("no thread panics");
            journal.add(Trial { trial, settings, outcome })?;
        }
        Ok(())
    };
    thread::scope(|scope| {
        let workers: Vec<_> = (0..jobs).map(|_| scope.spawn(work)).collect();
        let ended = workers.into_iter().map(|worker| worker.join().expect("no thread panics"));
        ended.collect::<Vec<_>>().into_iter().collect::<Result<(), CliError>>()
    })?;
    let journal = journal.into_inner().expect("no thread panics");
    let summary = SweepSummary::new(journal.entries());
    let mut out = stdout().lock();
    match args.json {
        true => writeln!(out, "{}", serde_json::to_string_pretty(&summary).expect("plain values"))?,
        false => write!(out, "{}", told(&summary, &args.out))?,
    }
    Ok(Answer::Yes)
}

/// Makes the folder of a sweep, or goes on with the same one.
fn begin(sweep: &Sweep, folder: &Path) -> Result<(), CliError> {
    make_folder(folder)?;
    let path = folder.join(SWEEP);
    if !path.is_file() {
        write_atomically(&path, sweep.to_toml().as_bytes())
            .map_err(|source| CliError::Io { path: path.clone(), source })?;
    } else if Sweep::load(&path)? != *sweep {
        return Err(CliError::Usage(format!(
            "{} is of another sweep; name another folder with --out",
            path.display()
        )));
    }
    Ok(())
}

fn trial_folder(out: &Path, trial: usize) -> PathBuf {
    out.join("trials").join(format!("{trial:04}"))
}

/// Trains a trial in a process of its own, from its last checkpoint if there is one.
fn outcome(
    sweep: &Sweep,
    base: &Config,
    trial: usize,
    args: &SweepArgs,
) -> Result<Outcome, CliError> {
    let folder = trial_folder(&args.out, trial);
    let run = match Run::open(&folder) {
        Ok(run) => run,
        Err(_) => match sweep.config(base, trial) {
            Ok(config) => Run::create(&folder, &config)?,
            Err(problem) => return Ok(Outcome::Failed(problem.to_string())),
        },
    };
    // The process of a sweep that was killed may still be at it, or just begin.
    let output = loop {
        run.wait()?;
        let output = train(&folder, args)?;
        if !String::from_utf8_lossy(&output.stderr).contains(Run::BUSY) {
            break output;
        }
    };
    if output.status.code() == Some(2) {
        let said = String::from_utf8_lossy(&output.stderr);
        // Notes on the data come before.
        let (_, why) = said.split_once("error: ").unwrap_or(("", &said));
        return Ok(Outcome::Failed(why.trim().to_owned()));
    }
    match serde_json::from_slice(&output.stdout) {
        Ok(summary) => scores(&run, &summary).map(Outcome::Scores),
        Err(_) => Err(CliError::Usage(format!(
            "trial {trial} was stopped; the same command goes on: its run is {}",
            folder.display()
        ))),
    }
}

/// Trains a run in a process of its own.
fn train(folder: &Path, args: &SweepArgs) -> Result<Output, CliError> {
    let failed = |source| CliError::Io { path: "strel".into(), source };
    let mut command = Command::new(std::env::current_exe().map_err(failed)?);
    command.arg("train").arg(folder).args(["--resume", "--quiet", "--json"]);
    if std::env::var_os("RAYON_NUM_THREADS").is_none() {
        let processors = thread::available_parallelism().map_or(1, usize::from);
        let threads = (processors / usize::from(args.jobs)).max(1);
        command.env("RAYON_NUM_THREADS", threads.to_string());
    }
    command.output().map_err(failed)
}

/// The scores of a finished run.
fn scores(run: &Run, summary: &serde_json::Value) -> Result<Scores, CliError> {
    let last = run.metrics()?.pop();
    let score = |kind: &str| {
        let keys = [format!("accuracy_{kind}"), format!("dice_{kind}")];
        let found = keys.iter().find_map(|key| summary[key.as_str()].as_f64());
        found.or_else(|| summary[kind]["psnr"].as_f64())
    };
    // Grey images without errors have no finite PSNR.
    Ok(Scores {
        validation: last.map_or(0.0, |metric| metric.score.value()),
        float: score("float").unwrap_or(f64::INFINITY),
        binarized: score("binarized").unwrap_or(f64::INFINITY),
        seconds: summary["seconds"].as_f64().unwrap_or_default(),
    })
}

fn told_outcome(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Failed(why) => format!("failed: {}", why.lines().next().unwrap_or_default()),
        Outcome::Scores(Scores { validation, float, binarized, seconds }) => format!(
            "validation {validation:.4}; test: float {float:.4}, binarized {binarized:.4}; \
             {seconds:.0} s"
        ),
    }
}

fn told(summary: &SweepSummary, out: &Path) -> String {
    let SweepSummary { trials, failed, best, .. } = summary;
    let Some(best) = best else { return format!("all of {failed} trials failed\n") };
    let spread = |name: &str, spread: &Option<Spread>| {
        spread.map_or(String::new(), |Spread { lowest, median, highest }| {
            format!("{name}: {lowest:.4} to {highest:.4}, median {median:.4}\n")
        })
    };
    format!(
        "{trials} trials, {failed} failed\n{}{}{}best on validation data: trial {} ({})\n  {}\n  {}\n",
        spread("validation", &summary.validation),
        spread("test, float", &summary.float),
        spread("test, binarized", &summary.binarized),
        best.trial,
        trial_folder(out, best.trial).display(),
        told_outcome(&best.outcome),
        best.settings.join(" "),
    )
}
