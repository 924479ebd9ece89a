//! When the pixels of images are made, and how long they are kept.

use crate::export::steps::{Reach, Steps};

/// Enabled clocks: so many times the width, and some more.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Delay {
    rows: usize,
    cols: usize,
}

/// The pipeline stage of one image.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stage {
    /// Its pixels are computed so long after those of the input come in. One clock later they are in
    /// the first place of the image's register.
    pub(super) computed: Delay,
    /// The last place of its register that is read.
    pub(super) last: Delay,
}

/// The stages of all images.
pub(super) struct Delays {
    pub(super) stages: Vec<Stage>,
    /// When the outputs are given.
    pub(super) latency: Delay,
    /// Most rows and columns that an operator reads aside.
    pub(super) reach: (usize, usize),
}

impl Delay {
    pub(super) fn new(rows: usize, cols: usize) -> Self {
        Self { rows, cols }
    }

    fn plus(self, other: Self) -> Self {
        Self { rows: self.rows + other.rows, cols: self.cols + other.cols }
    }

    /// A delay that is at least both, whatever the width.
    fn max(self, other: Self) -> Self {
        Self { rows: self.rows.max(other.rows), cols: self.cols.max(other.cols) }
    }

    /// The time from an earlier delay to this one.
    pub(super) fn since(self, earlier: Self) -> Self {
        Self { rows: self.rows - earlier.rows, cols: self.cols - earlier.cols }
    }

    /// The delay of a pixel some rows and columns further on; there is one.
    pub(super) fn ahead(self, dy: isize, dx: isize) -> Self {
        Self { rows: self.rows.strict_add_signed(-dy), cols: self.cols.strict_add_signed(-dx) }
    }

    /// The number of clocks, as an expression.
    pub(super) fn clocks(self) -> String {
        match (self.rows, self.cols) {
            (0, cols) => cols.to_string(),
            (rows, 0) => format!("{rows} * W"),
            (rows, cols) => format!("{rows} * W + {cols}"),
        }
    }

    /// What tells it apart in names.
    pub(super) fn suffix(self) -> String {
        format!("_{}_{}", self.rows, self.cols)
    }
}

/// One clock.
const CLOCK: Delay = Delay { rows: 0, cols: 1 };

impl Delays {
    pub(super) fn new(steps: &Steps) -> Self {
        let mut stages: Vec<Stage> = Vec::new();
        let mut reach = (0, 0);
        for step in &steps.images {
            let mut computed = Delay::default();
            for (image, offsets) in step.action.reads() {
                let Reach { up, down, left, right } = Reach::of(&offsets).within(steps.border);
                reach = (reach.0.max(up).max(down), reach.1.max(left).max(right));
                let there = stages[image].computed.plus(CLOCK);
                computed = computed.max(there.plus(Delay::new(down, right)));
            }
            stages.push(Stage { computed, last: Delay::default() });
        }
        let ready = |image: &usize| stages[*image].computed.plus(CLOCK);
        let latency = steps.outputs.iter().map(ready).fold(Delay::default(), Delay::max);
        let mut delays = Self { stages, latency, reach };
        delays.find_last_places(steps);
        delays
    }

    fn find_last_places(&mut self, steps: &Steps) {
        for (index, step) in steps.images.iter().enumerate() {
            for (image, offsets) in step.action.reads() {
                let Reach { up, left, .. } = Reach::of(&offsets).within(steps.border);
                let last = self.since(index, image).plus(Delay::new(up, left));
                self.stages[image].last = self.stages[image].last.max(last);
            }
        }
        for &image in &steps.outputs {
            self.stages[image].last = self.stages[image].last.max(self.given(image));
        }
    }

    /// The place in an output image's register of the pixel that is given.
    pub(super) fn given(&self, image: usize) -> Delay {
        self.latency.since(self.stages[image].computed.plus(CLOCK))
    }

    /// The place in an image's register of the pixel that another step computes.
    pub(super) fn since(&self, step: usize, image: usize) -> Delay {
        self.stages[step].computed.since(self.stages[image].computed.plus(CLOCK))
    }
}
