//! Images whose rows come one after the other.

use std::convert::Infallible;
use std::ops::Range;

use crate::BitImage;

/// A binary image whose rows come one after the other, from top to bottom.
///
/// [`RowReader`](crate::files::RowReader) reads them from a file,
/// [`PlannedRows`](crate::PlannedRows) computes them from another source, and
/// [`write_rows`](crate::files::write_rows) writes them to a file.
pub trait RowSource {
    /// Why rows may fail to come.
    type Error;

    /// Height and width of the whole image.
    fn size(&self) -> (usize, usize);

    /// Writes the next rows of the source to the rows `to` of an image of the source's width. What
    /// they held does not count.
    ///
    /// # Errors
    /// The source's own. It has no next rows then.
    ///
    /// # Panics
    /// Where the source has fewer rows left, or the image has not these rows or another width.
    fn read_rows(&mut self, image: &mut BitImage, to: Range<usize>) -> Result<(), Self::Error>;
}

/// The rows of an image.
pub(crate) struct ImageRows<'a> {
    image: &'a BitImage,
    next: usize,
}

impl<'a> ImageRows<'a> {
    pub(crate) fn new(image: &'a BitImage) -> Self {
        ImageRows { image, next: 0 }
    }
}

impl RowSource for ImageRows<'_> {
    type Error = Infallible;

    fn size(&self) -> (usize, usize) {
        self.image.size()
    }

    fn read_rows(&mut self, image: &mut BitImage, to: Range<usize>) -> Result<(), Self::Error> {
        let from = self.next;
        self.next += to.len();
        copy_rows(self.image, from, image, to);
        Ok(())
    }
}

/// Copies rows of an image, from row `from` on, to rows of another of the same width.
pub(crate) fn copy_rows(source: &BitImage, from: usize, target: &mut BitImage, to: Range<usize>) {
    assert_eq!(source.width(), target.width(), "the images differ in width");
    for (offset, row) in to.enumerate() {
        target.row_mut(row).copy_from_slice(source.row(from + offset));
    }
}
