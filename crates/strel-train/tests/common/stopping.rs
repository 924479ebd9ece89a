//! Runs that are stopped, and go on.

use std::path::Path;

use strel_train::Config;
use strel_train::run::{Finished, Metric, Observer, Run};

/// Stops after a step; the second number is the step that was done last.
pub struct StopAfter(pub u64, pub u64);

impl Observer for StopAfter {
    fn stepped(&mut self, step: u64, loss: f32) {
        assert!(loss.is_finite());
        self.1 = step;
    }

    fn logged(&mut self, _: &Metric) {}

    fn wants_stop(&self) -> bool {
        self.1 >= self.0
    }
}

/// Trains to the end, with stops on the way.
#[track_caller]
pub fn train(folder: &Path, config: &Config, stops: &[u64]) -> Finished {
    let run = Run::create(folder, config).unwrap();
    for &step in stops {
        assert!(run.train(&mut StopAfter(step, 0)).unwrap().is_none(), "stopped at {step}");
    }
    run.train(&mut StopAfter(u64::MAX, 0)).unwrap().expect("nobody stops it")
}
