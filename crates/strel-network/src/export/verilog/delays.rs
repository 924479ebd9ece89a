//! When the pixels of images are made, and how long they are kept.

use crate::export::steps::{Reach, Steps};

/// Enabled clocks: so many times the width, and some more.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Delay {
    rows: usize,
    cols: usize,
}

/// The pipeline stage of one image.
#[derive(Clone, Debug)]
pub(super) struct Stage {
    /// Its pixels are computed so long after those of the input come in. One clock later they are in
    /// the first place of the image's first register.
    pub(super) computed: Delay,
    /// The lengths of the image's registers: of the one of its last pixels, of the one of those a
    /// row before, and so on. None is 0.
    pub(super) registers: Vec<usize>,
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

    /// The register and the place in it at which a pixel is, so long after it came in.
    pub(super) fn place(self) -> (usize, usize) {
        (self.rows, self.cols)
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
            stages.push(Stage { computed, registers: vec![1] });
        }
        let ready = |image: &usize| stages[*image].computed.plus(CLOCK);
        let latency = steps.outputs.iter().map(ready).fold(Delay::default(), Delay::max);
        let mut delays = Self { stages, latency, reach };
        delays.find_registers(steps);
        delays
    }

    fn find_registers(&mut self, steps: &Steps) {
        for (index, step) in steps.images.iter().enumerate() {
            for (image, offsets) in step.action.reads() {
                let Reach { up, down, left, .. } = Reach::of(&offsets).within(steps.border);
                let Delay { rows, cols } = self.since(index, image);
                for row in rows - down..=rows + up {
                    self.stages[image].keep(Delay::new(row, cols + left));
                }
            }
        }
        for &image in &steps.outputs {
            let given = self.given(image);
            self.stages[image].keep(given);
        }
    }

    /// The place of an output image's pixel that is given.
    pub(super) fn given(&self, image: usize) -> Delay {
        self.latency.since(self.stages[image].computed.plus(CLOCK))
    }

    /// The place of an image's pixel that another step computes.
    pub(super) fn since(&self, step: usize, image: usize) -> Delay {
        self.stages[step].computed.since(self.stages[image].computed.plus(CLOCK))
    }
}

impl Stage {
    /// Has pixels kept so long.
    fn keep(&mut self, Delay { rows, cols }: Delay) {
        self.registers.resize(self.registers.len().max(rows + 1), 1);
        self.registers[rows] = self.registers[rows].max(cols + 1);
    }
}
