//! `strel bench engine`.

mod cases;
mod report;

use std::fs;
use std::io::stdout;
use std::path::Path;

use strel::image::BitImage;
use strel::image::files::{Foreground, write};

use crate::Answer;
use crate::cli::BenchCasesArgs;
use crate::error::CliError;

use super::ask::answer;
use crate::commands::stopwatch::{Effort, Stopwatch};
use cases::{Case, Program, image};

pub fn run(args: BenchCasesArgs) -> Result<Answer, CliError> {
    let effort = if args.quick { Effort::QUICK } else { Effort::FULL };
    let sizes: &[usize] = if args.quick { &[512] } else { &[512, 4096, 16384] };
    let mut groups = Vec::new();
    for &size in sizes {
        let image = image(args.seed, size);
        let cases = Case::all(size);
        for case in &cases {
            case.check(&image)?;
        }
        if let Some(folder) = &args.values {
            write_values(&folder.join(size.to_string()), &image, &cases)?;
        }
        groups.push((image, cases));
    }
    let mut out = stdout().lock();
    if args.ask {
        answer(&mut out, |name| {
            let (image, case) = find(&groups, name)?;
            Ok(Stopwatch::new(effort.sample, case.work(Program::Strel, image)))
        })?;
    } else {
        let rows = groups.iter().flat_map(|(image, cases)| time(&effort, image, cases));
        let report = report::Report::new(args.seed, args.quick, rows.collect());
        if args.json { report.write_json(&mut out) } else { report.write_table(&mut out) }?;
    }
    Ok(Answer::Yes)
}

/// Times the programs of all cases, one sample of each in turn, so that what else the machine does
/// meets all of them.
fn time(effort: &Effort, image: &BitImage, cases: &[Case]) -> Vec<report::Row> {
    let programs = cases.iter().flat_map(|case| case.programs().map(|program| (*case, program)));
    let mut timed: Vec<(Case, Program, Stopwatch)> = programs
        .map(|(case, program)| {
            let stopwatch = Stopwatch::new(effort.sample, case.work(program, image));
            (case, program, stopwatch)
        })
        .collect();
    for _ in 0..effort.rounds {
        for (_, _, stopwatch) in &mut timed {
            stopwatch.sample();
        }
    }
    timed.iter().map(|(case, program, watch)| report::Row::new(case, *program, watch)).collect()
}

fn find<'a>(
    groups: &'a [(BitImage, Vec<Case>)],
    name: &str,
) -> Result<(&'a BitImage, &'a Case), CliError> {
    let all = groups.iter().flat_map(|(image, cases)| cases.iter().map(move |case| (image, case)));
    let names = || all.clone().map(|(_, case)| case.name()).collect::<Vec<_>>().join(", ");
    all.clone().find(|(_, case)| case.name() == name).ok_or_else(|| {
        CliError::Usage(format!("no case is called {name:?}; expected one of {}", names()))
    })
}

/// The image and the result of each case, for other programs to compare.
fn write_values(folder: &Path, image: &BitImage, cases: &[Case]) -> Result<(), CliError> {
    fs::create_dir_all(folder)
        .map_err(|source| CliError::Io { path: folder.to_owned(), source })?;
    let save = |name: &str, image: &BitImage| {
        write(folder.join(name).with_extension("pbm"), image, Foreground::Black)
    };
    save("image", image)?;
    for case in cases.iter().filter(|case| !case.bytes()) {
        save(case.operation(), &case.result(image))?;
    }
    Ok(())
}
