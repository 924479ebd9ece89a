//! What a user sees of a training: a bar on a terminal, lines elsewhere.

use std::io::IsTerminal;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};
use strel::network::PolishProgress;
use strel::train::run::{Metric, Observer};

use crate::error::CliError;

/// The time between two lines on polishing.
const LINE: Duration = Duration::from_secs(2);

/// Shows a training, and stops it on Ctrl-C.
pub struct Progress {
    bar: ProgressBar,
    interrupted: Arc<AtomicBool>,
    /// Whether to print a line for each logged step.
    lines: bool,
    /// When the next line on polishing is due.
    next_line: Instant,
}

impl Progress {
    /// Progress over `steps` steps; nothing is shown where it is quiet.
    pub fn new(steps: u64, quiet: bool) -> Result<Self, CliError> {
        let interrupted = Arc::new(AtomicBool::new(false));
        let flag = interrupted.clone();
        ctrlc::set_handler(move || {
            // The second one means it.
            if flag.swap(true, Ordering::SeqCst) {
                std::process::exit(130);
            }
        })
        .map_err(|error| CliError::Usage(format!("cannot listen for Ctrl-C: {error}")))?;
        let terminal = std::io::stderr().is_terminal();
        let bar = if quiet || !terminal { ProgressBar::hidden() } else { ProgressBar::new(steps) };
        let style = ProgressStyle::with_template("{bar:30} {pos}/{len} {msg} {eta} left")
            .expect("a template of known fields");
        bar.set_style(style);
        Ok(Progress { bar, interrupted, lines: !quiet && !terminal, next_line: Instant::now() })
    }

    /// Takes the bar away.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

impl Observer for Progress {
    fn stepped(&mut self, step: u64, _loss: f32) {
        self.bar.set_position(step);
    }

    fn logged(&mut self, metric: &Metric) {
        let Metric { step, loss, score, settled, neurons, seconds } = metric;
        let (name, score) = (score.name(), score.value());
        // Ordinary networks have no neurons that could settle.
        let (short, long) = match neurons {
            0 => (String::new(), String::new()),
            _ => (
                format!(" settled {settled}/{neurons}"),
                format!(", {settled} of {neurons} neurons settled"),
            ),
        };
        self.bar.set_message(format!("loss {loss:.5} {name} {score:.4}{short}"));
        if self.lines {
            eprintln!(
                "step {step}: loss {loss:.5}, validation {name} {score:.4}{long}, {seconds:.1} s"
            );
        }
    }

    fn polished(&mut self, progress: &PolishProgress) {
        let PolishProgress { evaluations, accepted, loss } = progress;
        let text = format!("{evaluations} moves tried, {accepted} accepted: loss {loss:.5}");
        if self.lines && self.next_line <= Instant::now() {
            eprintln!("polishing: {text}");
            self.next_line = Instant::now() + LINE;
        }
        self.bar.set_message(text);
    }

    fn wants_stop(&self) -> bool {
        self.interrupted.load(Ordering::SeqCst)
    }
}
