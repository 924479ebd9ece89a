//! What a user sees of a training: a bar on a terminal, lines elsewhere.

use std::io::IsTerminal;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};
use strel::network::PolishProgress;
use strel::train::Config;
use strel::train::run::{Metric, Observer};
use strel::train::score::Score;

use crate::error::CliError;
use crate::notes::note_line;

/// The time between two lines on polishing.
const LINE: Duration = Duration::from_secs(2);

/// How much of the loss that is shown is that of the last step.
const LAST: f64 = 0.05;

/// Shows a training, and stops it on Ctrl-C.
pub struct Progress {
    bar: ProgressBar,
    interrupted: Arc<AtomicBool>,
    /// Whether to print a line for each logged step.
    lines: bool,
    /// When the next line on polishing is due.
    next_line: Instant,
    steps: u64,
    batch: u64,
    /// Candidates that polishing may evaluate.
    budget: u64,
    /// The mean loss, in which older steps count less and less.
    loss: Option<f64>,
    score: Option<Score>,
    /// Step and seconds of the last line.
    logged: (u64, f64),
}

impl Progress {
    /// Progress of a training; nothing is shown where it is quiet.
    pub fn new(config: &Config, quiet: bool) -> Result<Self, CliError> {
        let terminal = std::io::stderr().is_terminal();
        let steps = config.training.steps;
        let bar = if quiet || !terminal { ProgressBar::hidden() } else { ProgressBar::new(steps) };
        let style = ProgressStyle::with_template("{bar:30} {pos}/{len} {msg} {eta} left")
            .expect("a template of known fields");
        bar.set_style(style);
        Ok(Progress {
            bar,
            interrupted: interruption()?,
            lines: !quiet && !terminal,
            next_line: Instant::now(),
            steps,
            batch: config.training.batch as u64,
            budget: config.polish.budget,
            loss: None,
            score: None,
            logged: (0, 0.0),
        })
    }

    /// Takes the bar away.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }

    /// The line of a logged step.
    fn line(&self, metric: &Metric) -> String {
        let Metric { step, loss, score, settled, neurons, seconds } = metric;
        let (before, then) = self.logged;
        let images = step.saturating_sub(before) * self.batch;
        let rate = images as f64 / (seconds - then).max(1e-9);
        // Sets are operators from the start: none of them settles.
        let settled = match neurons {
            0 => String::new(),
            _ => format!("{settled} of {neurons} neurons settled, "),
        };
        let left = seconds / *step as f64 * self.steps.saturating_sub(*step) as f64;
        format!(
            "step {step}/{}: loss {loss:.5}, validation {} {:.4}, {settled}{rate:.0} images/s, \
             {seconds:.1} s, {left:.0} s left",
            self.steps,
            score.name(),
            score.value()
        )
    }
}

/// A flag that Ctrl-C sets; the second one means it.
fn interruption() -> Result<Arc<AtomicBool>, CliError> {
    let interrupted = Arc::new(AtomicBool::new(false));
    let flag = interrupted.clone();
    let listening = ctrlc::set_handler(move || {
        if flag.swap(true, Ordering::SeqCst) {
            std::process::exit(130);
        }
    });
    listening.map_err(|error| CliError::Usage(format!("cannot listen for Ctrl-C: {error}")))?;
    Ok(interrupted)
}

impl Observer for Progress {
    fn noted(&mut self, note: &str) {
        self.bar.suspend(|| note_line(note));
    }

    fn stepped(&mut self, step: u64, loss: f32) {
        let loss = f64::from(loss);
        let mean = self.loss.map_or(loss, |mean| mean + LAST * (loss - mean));
        self.loss = Some(mean);
        if self.bar.is_hidden() {
            return;
        }
        let score = self
            .score
            .map_or(String::new(), |score| format!("{} {:.4}, ", score.name(), score.value()));
        let rate = self.bar.per_sec() * self.batch as f64;
        self.bar.set_message(format!("loss {mean:.5}, {score}{rate:.0} images/s,"));
        self.bar.set_position(step);
    }

    fn logged(&mut self, metric: &Metric) {
        self.score = Some(metric.score);
        if self.lines {
            eprintln!("{}", self.line(metric));
        }
        self.logged = (metric.step, metric.seconds);
    }

    fn polished(&mut self, progress: &PolishProgress) {
        let PolishProgress { evaluations, accepted, loss } = progress;
        if self.lines && self.next_line <= Instant::now() {
            eprintln!(
                "polishing {evaluations}/{}: {accepted} moves accepted, loss {loss:.5}",
                self.budget
            );
            self.next_line = Instant::now() + LINE;
        }
        self.bar.set_length(self.budget);
        self.bar.set_message(format!("moves tried, {accepted} accepted: loss {loss:.5},"));
        self.bar.set_position(*evaluations);
    }

    fn wants_stop(&self) -> bool {
        self.interrupted.load(Ordering::SeqCst)
    }
}
