//! When the rows of images are made, and how long they are kept.

use strel_image::Border;

use crate::export::steps::{Action, Reach, Step, Steps};

/// How the rows of one image come and go. A tick is the time of one row of the input.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Rows {
    /// The tick of its first row. Each further one follows after 2 to the halvings ticks.
    pub(super) delay: usize,
    /// How many rows are kept.
    pub(super) kept: usize,
}

/// The rows of all images, and the last tick's number beyond the rows of the input.
pub(super) fn schedule(steps: &Steps) -> Vec<Rows> {
    let mut rows: Vec<Rows> = Vec::new();
    for step in &steps.images {
        let delay = |(image, window): &(usize, Reach)| {
            let period = 1 << steps.images[*image].halvings;
            rows[*image].delay + window.down * period
        };
        let delay = windows(step, steps.border).iter().map(delay).max();
        rows.push(Rows { delay: delay.unwrap_or(0), kept: 1 });
    }
    for (index, step) in steps.images.iter().enumerate() {
        for (image, window) in windows(step, steps.border) {
            let since = (rows[index].delay - rows[image].delay) >> steps.images[image].halvings;
            rows[image].kept = rows[image].kept.max(since + window.up + 1);
        }
    }
    rows
}

/// What a step reads of each image, of which only rows matter.
pub(super) fn windows(step: &Step, border: Border) -> Vec<(usize, Reach)> {
    if let Action::Constant { like, .. } = step.action {
        return vec![(like, Reach::of(&[]))];
    }
    let window = |offsets: &[(isize, isize)]| match step.action {
        Action::MaxPool(_) => Reach::of(offsets),
        _ => Reach::of(offsets).within(border),
    };
    let reads = step.action.reads();
    reads.iter().map(|(image, offsets)| (*image, window(offsets))).collect()
}

/// The most pixels that a row is read left or right of a pixel.
pub(super) fn reach(steps: &Steps) -> usize {
    let shifted = steps.images.iter().filter(|step| !matches!(step.action, Action::MaxPool(_)));
    let offsets = shifted.flat_map(|step| step.action.reads()).flat_map(|(_, offsets)| offsets);
    offsets.map(|(_, dx)| dx.unsigned_abs()).max().unwrap_or(0)
}
