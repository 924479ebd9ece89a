//! What a step reads around the rows that are written.

use super::program::{Outside, Program};

/// The rows of an array that a plan needs while it writes the rows from y to y + n of the results,
/// counted from y, and the pixels left and right of what is written.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Halo {
    /// Rows y + ahead to y + n + ahead are made while the results' rows y to y + n are.
    pub ahead: isize,
    /// Earlier rows from y + keep on are still read.
    pub keep: isize,
    /// The first rows of all begin at y + start.
    pub start: isize,
    pub margin: usize,
}

impl Halo {
    /// Rows that are kept from one block to the next.
    pub(super) fn kept(&self) -> usize {
        (self.ahead - self.keep).cast_unsigned()
    }

    /// Rows in memory, more than the rows of a block.
    pub(super) fn extra(&self) -> usize {
        (self.ahead - self.start).cast_unsigned()
    }

    fn include(&mut self, reader: Halo, dy: isize, dx: isize) {
        self.ahead = self.ahead.max(reader.ahead + dy);
        self.keep = self.keep.min(reader.ahead + dy);
        self.start = self.start.min(reader.start + dy);
        self.margin = self.margin.max(reader.margin + dx.unsigned_abs());
    }
}

/// The halo of each array, from the results back to the inputs.
pub(super) fn halos(program: &Program) -> Vec<Halo> {
    let mut halos: Vec<Option<Halo>> = vec![None; program.arrays.len()];
    for &output in &program.outputs {
        halos[output] = Some(Halo::default());
    }
    for index in (0..program.arrays.len()).rev() {
        let array = &program.arrays[index];
        let mut halo = halos[index].unwrap_or_default();
        if let Some(outside) = array.outside {
            cover_edge(&mut halo, outside);
        }
        halos[index] = Some(halo);
        for term in array.step.terms() {
            let source = &mut halos[term.array];
            let at = halo.ahead + term.dy;
            let source = source.get_or_insert(Halo {
                ahead: at,
                keep: at,
                start: halo.start + term.dy,
                margin: 0,
            });
            source.include(halo, term.dy, term.dx);
            source.include(halo, term.last_row(), term.dx);
        }
    }
    halos.into_iter().map(Option::unwrap_or_default).collect()
}

/// The rows outside an image are made from those at its edge, which must be in memory then; where
/// they are reflected, as many as there are outside.
fn cover_edge(halo: &mut Halo, outside: Outside) {
    halo.ahead = halo.ahead.max(0);
    if outside == Outside::Reflect {
        halo.ahead = halo.ahead.max(-halo.start);
        halo.keep = halo.keep.min(-halo.ahead);
    }
    halo.keep = halo.keep.min(0);
    halo.start = halo.start.min(halo.keep);
}
