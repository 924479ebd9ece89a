//! `strel eval` on grey and coloured images.

use std::io::{Write, stdout};

use serde::Serialize;
use strel::image::LevelSets;
use strel::train::data::{GreyPair, find_pairs};
use strel::train::mask::BorderMask;
use strel::train::score::{GreyError, GreyErrors};

use crate::Answer;
use crate::cli::EvalArgs;
use crate::error::CliError;
use crate::inputs::Networks;
use crate::notes::told;

/// The errors of one pair, or of all.
#[derive(Serialize)]
struct Row {
    name: String,
    #[serde(flatten)]
    errors: GreyErrors,
}

pub fn run(args: &EvalArgs, networks: &Networks, sets: LevelSets) -> Result<Answer, CliError> {
    let (Some(inputs), Some(targets)) = (&args.inputs, &args.targets) else {
        let wanted = "--levels goes with --inputs DIR --targets DIR";
        return Err(CliError::Usage(wanted.into()));
    };
    let (float, binarized) = (networks.float.as_ref(), networks.binarized.as_ref());
    let plan = binarized.map(|network| network.plan());
    let (mut rows, mut all) = (Vec::new(), GreyErrors::default());
    for files in told(find_pairs(inputs, targets)?) {
        let pair = GreyPair::read(&files)?;
        let errors = GreyErrors::of(float, plan.as_ref(), sets, BorderMask(0), &pair)?;
        all.add(&errors);
        rows.push(Row { name: files.name, errors });
    }
    rows.push(Row { name: format!("all {}", rows.len()), errors: all });
    let mut out = stdout().lock();
    if args.json {
        let all = rows.pop();
        let report = serde_json::json!({ "all": all, "images": rows });
        writeln!(out, "{}", serde_json::to_string_pretty(&report).expect("plain values"))?;
        return Ok(Answer::Yes);
    }
    rows.iter().try_for_each(|row| writeln!(out, "{}", line(row)))?;
    Ok(Answer::Yes)
}

fn line(Row { name, errors }: &Row) -> String {
    let GreyErrors { input, float, binarized } = errors;
    let shown = |name: &str, error: &Option<GreyError>| {
        error.as_ref().map_or(String::new(), |error| format!(", {name} {error}"))
    };
    format!("{name}: input {input}{}{}", shown("float", float), shown("binarized", binarized))
}
