//! `strel train`.

use std::io::{Write, stdout};
use std::path::Path;

use strel::network::Verdict;
use strel::train::Config;
use strel::train::run::{Finished, Run, TestScores};

use crate::Answer;
use crate::allocator::keep_freed_memory;
use crate::cli::TrainArgs;
use crate::error::CliError;
use crate::paint;
use crate::progress::Progress;

pub fn run(args: TrainArgs) -> Result<Answer, CliError> {
    keep_freed_memory();
    let run = if args.resume { Run::open(Path::new(&args.what))? } else { create(&args)? };
    let mut progress = Progress::new(&run.config()?, args.quiet)?;
    let finished = run.train(&mut progress)?;
    progress.finish();
    let mut out = stdout().lock();
    match finished {
        None => {
            eprintln!("stopped; go on with: strel train {} --resume", run.folder().display())
        }
        Some(finished) if args.json => writeln!(out, "{}", finished.summary.to_json())?,
        Some(finished) => write!(out, "{}", told(&run, &finished))?,
    }
    Ok(Answer::Yes)
}

fn create(args: &TrainArgs) -> Result<Run, CliError> {
    let (config, name) = config(args)?;
    let config = config.with_settings(&args.set)?;
    let config = Config { seed: args.seed.unwrap_or(config.seed), ..config };
    let folder = args.out.clone().unwrap_or_else(|| Run::free_folder(&name));
    Ok(Run::create(&folder, &config)?)
}

/// The configuration asked for, and a name for its run.
fn config(args: &TrainArgs) -> Result<(Config, String), CliError> {
    let folders = (&args.inputs, &args.targets);
    match (args.what.as_str(), folders) {
        ("pairs", (Some(inputs), Some(targets))) => {
            Ok((Config::pairs(inputs, targets)?, "pairs".into()))
        }
        ("pairs", _) => {
            let needs = "`strel train pairs` needs --inputs DIR and --targets DIR";
            Err(CliError::Usage(needs.into()))
        }
        (_, (Some(_), _) | (_, Some(_))) => {
            let only = "--inputs and --targets go with `strel train pairs` alone";
            Err(CliError::Usage(only.into()))
        }
        (name, _) => Ok(Config::named(name)?),
    }
}

fn told(run: &Run, finished: &Finished) -> String {
    let s = &finished.summary;
    let kept = s.kept_step.map_or(String::new(), |step| {
        format!("the network of step {step} of {} was kept\n", s.steps)
    });
    let polished = s.polishing.as_ref().map_or(String::new(), |p| {
        format!(
            "polished: {} of {} moves accepted, {:.0} s; before, test DICE was: float {:.4}, \
             binarized {:.4}\nthe float network is now that of the polished operators\n",
            p.accepted, p.evaluations, p.seconds, p.dice_trained, p.dice_before
        )
    });
    format!(
        "{kept}{polished}{}\n{}{:.0} s of training on {} threads ({})\nreport: {}\n",
        told_scores(&s.test),
        told_operators(finished),
        s.seconds,
        s.threads,
        s.instruction_set,
        run.folder().join("report.html").display()
    )
}

/// What came of the neurons.
fn told_operators(finished: &Finished) -> String {
    let Finished { summary, certificate, .. } = finished;
    let (word, meaning) = match certificate.verdict {
        Verdict::Proved => ("PROVED", "float and binarized network agree on every binary input"),
        Verdict::ProvedHard => (
            "PROVED-HARD",
            "the binarized network agrees with the float one of thresholded neurons",
        ),
        _ => ("NOT PROVED", "see certificate.json"),
    };
    format!(
        "{} of {} neurons activated, {}\ncertificate: {}: {meaning}\n",
        summary.counts.activated,
        summary.counts.neurons,
        told_differences(&summary.test),
        paint::verdict(word, certificate.is_proved())
    )
}

/// The test scores, float and binarized.
pub fn told_scores(test: &TestScores) -> String {
    match test {
        TestScores::Images(test) => format!(
            "test DICE on {} pairs: input {:.4}, float {:.4}, binarized {:.4}",
            test.test_pairs, test.dice_input, test.dice_float, test.dice_binarized
        ),
        TestScores::Grey(test) => format!(
            "test errors on {} pairs by {} level sets: input {}; float {}; binarized {}",
            test.test_pairs, test.levels, test.input, test.float, test.binarized
        ),
        TestScores::Classes(test) => format!(
            "test accuracy on {} samples: float {:.2} %, thresholded {:.2} %, binarized {:.2} %",
            test.test_samples,
            100.0 * test.accuracy_float,
            100.0 * test.accuracy_hard,
            100.0 * test.accuracy_binarized
        ),
    }
}

fn told_differences(test: &TestScores) -> String {
    match test {
        TestScores::Images(test) => format!("{} test pixels differ", test.different_pixels),
        TestScores::Grey(test) if test.float == test.binarized => {
            "both have the same errors".to_owned()
        }
        TestScores::Grey(_) => "their errors differ".to_owned(),
        TestScores::Classes(test) => {
            format!("{} test samples differ from thresholded ones", test.different_samples)
        }
    }
}
