//! Timings on request, for a script that times other programs in between.

use std::collections::BTreeMap;
use std::io::{BufRead, Write, stdin};

use crate::error::CliError;

use crate::commands::stopwatch::Stopwatch;

/// Answers each line of the standard input, the name of a case, with the seconds of one more sample
/// of it. `start` makes the stopwatch of a case.
pub fn answer(
    out: &mut impl Write,
    start: impl Fn(&str) -> Result<Stopwatch, CliError>,
) -> Result<(), CliError> {
    let mut watches: BTreeMap<String, Stopwatch> = BTreeMap::new();
    for line in stdin().lock().lines() {
        let name = line?;
        let mut watch = match watches.remove(&name) {
            Some(watch) => watch,
            None => start(&name)?,
        };
        writeln!(out, "{:e}", watch.sample())?;
        out.flush()?;
        watches.insert(name, watch);
    }
    Ok(())
}
