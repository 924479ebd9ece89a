//! The log of a run: a JSON object a line.

use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use strel_image::files::write_atomically;

use crate::TrainError;
use crate::score::Score;

/// A line of the log.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Metric {
    /// Steps done.
    pub step: u64,
    /// The mean loss since the line before.
    pub loss: f64,
    /// The score on validation data.
    #[serde(flatten)]
    pub score: Score,
    /// Neurons that have become operators.
    pub settled: usize,
    /// All neurons.
    pub neurons: usize,
    /// Seconds of training so far, without validation.
    pub seconds: f64,
}

/// The log of a run in training.
pub struct Log {
    path: PathBuf,
    file: File,
    losses: f64,
    steps: u64,
    seconds: f64,
}

impl Log {
    /// Opens the log of a run that has done `step` steps; lines of later steps, which will be done
    /// again, are removed.
    pub fn open(path: &Path, step: u64) -> Result<Self, TrainError> {
        let mut kept = if path.is_file() { read(path)? } else { Vec::new() };
        kept.retain(|metric| metric.step <= step);
        let failed = |source| TrainError::Write { path: path.to_owned(), source };
        let lines: String = kept.iter().map(line).collect();
        write_atomically(path, lines.as_bytes()).map_err(failed)?;
        let file = OpenOptions::new().append(true).open(path).map_err(failed)?;
        let seconds = kept.last().map_or(0.0, |metric| metric.seconds);
        Ok(Log { path: path.to_owned(), file, losses: 0.0, steps: 0, seconds })
    }

    /// Counts a step.
    pub fn count(&mut self, loss: f32, time: Duration) {
        self.losses += f64::from(loss);
        self.steps += 1;
        self.seconds += time.as_secs_f64();
    }

    /// Writes the line of a step.
    pub fn write(
        &mut self,
        step: u64,
        score: Score,
        (settled, neurons): (usize, usize),
    ) -> Result<Metric, TrainError> {
        let loss = self.losses / self.steps as f64;
        let metric = Metric { step, loss, score, settled, neurons, seconds: self.seconds };
        self.file
            .write_all(line(&metric).as_bytes())
            .map_err(|source| TrainError::Write { path: self.path.clone(), source })?;
        (self.losses, self.steps) = (0.0, 0);
        Ok(metric)
    }

    /// Seconds of training so far.
    pub fn seconds(&self) -> f64 {
        self.seconds
    }
}

fn line(metric: &Metric) -> String {
    serde_json::to_string(metric).expect("plain numbers") + "\n"
}

/// The lines of a log. A last line that was cut off is left out.
pub fn read(path: &Path) -> Result<Vec<Metric>, TrainError> {
    let text = fs::read_to_string(path)
        .map_err(|source| TrainError::Read { path: path.to_owned(), source })?;
    let whole = text.rfind('\n').map_or("", |end| &text[..end]);
    let parse = |(number, line)| {
        serde_json::from_str(line).map_err(|error| {
            let number: usize = number;
            TrainError::Data(format!("{}, line {}: {error}", path.display(), number + 1))
        })
    };
    whole.lines().enumerate().map(parse).collect()
}
