//! Bands of rows, claimed one by one by the threads that are free.

use std::cell::RefCell;
use std::ops::Range;

use super::walk::{Scratch, Walk};
use crate::BitImage;
use crate::bit_image::GUARD_ROWS;
use crate::claim::claim_each;

/// Bands a thread: enough that a thread that is late leaves its bands to the others.
const BANDS_A_THREAD: usize = 4;

/// Rows of a band at least, since those around it are computed twice.
const LEAST_ROWS: usize = 64;

thread_local! {
    static SCRATCH: RefCell<Scratch> = RefCell::default();
}

/// Runs a walk over all rows. The calling thread takes part.
pub(super) fn run(walk: &Walk, outputs: &mut [BitImage], threads: usize) {
    let height = walk.grid.height;
    let rows = if threads <= 1 || height < 2 * LEAST_ROWS {
        height
    } else {
        height.div_ceil(threads * BANDS_A_THREAD).max(LEAST_ROWS)
    };
    let bands = bands(outputs, height, rows);
    claim_each(threads.min(bands.len()), bands.into_iter(), |band| run_band(walk, band));
}

/// Rows, and the words of them and their guards in each output.
type Band<'a> = (Range<usize>, Vec<&'a mut [u64]>);

fn bands(outputs: &mut [BitImage], height: usize, rows: usize) -> Vec<Band<'_>> {
    let starts = (0..height).step_by(rows);
    let mut bands: Vec<Band> =
        starts.map(|start| (start..height.min(start + rows), Vec::new())).collect();
    for output in outputs {
        let stride = output.stride();
        let words = &mut output.all_words_mut()[GUARD_ROWS * stride..][..height * stride];
        for (band, part) in bands.iter_mut().zip(words.chunks_mut(rows * stride)) {
            band.1.push(part);
        }
    }
    bands
}

fn run_band(walk: &Walk, (rows, mut targets): Band) {
    let mut scratch = SCRATCH.take();
    walk.band(rows, &mut targets, &mut scratch);
    SCRATCH.set(scratch);
}
