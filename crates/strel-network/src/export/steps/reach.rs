//! How far operators read.

use strel_image::Border;

/// Rows above and below a pixel, and columns left and right of it, that are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::export) struct Reach {
    pub(in crate::export) up: usize,
    pub(in crate::export) down: usize,
    pub(in crate::export) left: usize,
    pub(in crate::export) right: usize,
}

impl Reach {
    /// What reads at some offsets (dy, dx) take, the pixel itself included.
    pub(in crate::export) fn of(offsets: &[(isize, isize)]) -> Self {
        let most = |side: fn(&(isize, isize)) -> isize| {
            offsets.iter().map(side).max().unwrap_or(0).max(0).unsigned_abs()
        };
        Self {
            up: most(|offset| -offset.0),
            down: most(|offset| offset.0),
            left: most(|offset| -offset.1),
            right: most(|offset| offset.1),
        }
    }

    /// What they take inside the image, as its border says: what lies beyond an edge of a mirrored
    /// image is on the other side of it.
    pub(in crate::export) fn within(self, border: Border) -> Self {
        if border != Border::Reflect {
            return self;
        }
        let (rows, columns) = (self.up.max(self.down), self.left.max(self.right));
        Self { up: rows, down: rows, left: columns, right: columns }
    }
}
