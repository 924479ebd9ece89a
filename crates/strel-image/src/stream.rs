//! Plans on images that do not fit in memory, strip by strip.

use std::ops::Range;
use std::time::{Duration, Instant};

use crate::row_source::copy_rows;
use crate::{BitImage, Engine, ImageError, Plan, RowSource};

/// The result of a plan, computed from a source of rows strip by strip: the same bits as those of
/// the whole image, borders included.
///
/// A strip of rows is computed from these and from those around them that the plan reads
/// ([`Plan::rows_needed`]: `above` and `below`), which are kept from the strip before. Where a strip
/// lies at the top or bottom of the image, so does what it is computed from, and the border applies;
/// elsewhere, the rows that a border could have reached are dropped.
///
/// Memory: twice `rows + above + below` rows of `width / 8` bytes, padded to whole words. Time: that
/// of the whole image times `(rows + above + below) / rows`.
///
/// ```
/// use std::ops::Range;
/// use strel_image::{BitImage, Border, Engine, Plan, PlannedRows, RowSource, StructuringElement};
///
/// /// A diagonal, of any size.
/// struct Diagonal { side: usize, next: usize }
///
/// impl RowSource for Diagonal {
///     type Error = std::convert::Infallible;
///     fn size(&self) -> (usize, usize) {
///         (self.side, self.side)
///     }
///     fn read_rows(&mut self, image: &mut BitImage, to: Range<usize>) -> Result<(), Self::Error> {
///         for row in to {
///             (0..self.side).for_each(|col| image.set(row, col, col == self.next));
///             self.next += 1;
///         }
///         Ok(())
///     }
/// }
///
/// let plan = Plan::dilation(&StructuringElement::rectangle(1, 3)?, Border::Neutral);
/// let source = Diagonal { side: 4, next: 0 };
/// let mut dilated = PlannedRows::new(&plan, Engine::default(), source, 2)?;
/// let mut image = BitImage::new(4, 4);
/// dilated.read_rows(&mut image, 0..3)?;
/// dilated.read_rows(&mut image, 3..4)?;
/// let whole = BitImage::from_fn(4, 4, |row, col| row == col);
/// assert_eq!(image, plan.apply(&whole));
/// assert_eq!(dilated.strips(), 2);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct PlannedRows<'a, S> {
    plan: &'a Plan,
    engine: Engine,
    source: S,
    rows: usize,
    /// The rows read last, and which they are.
    input: BitImage,
    window: Range<usize>,
    /// The plan's output for the window.
    output: BitImage,
    /// Rows of the output that are still to be handed out.
    ready: Range<usize>,
    strips: usize,
    time: Duration,
}

impl<'a, S: RowSource> PlannedRows<'a, S> {
    /// The result of a plan with one input and one output, computed `rows` rows at a time (at least
    /// one).
    ///
    /// # Errors
    /// [`ImageError::PlanArity`] for another plan.
    pub fn new(plan: &'a Plan, engine: Engine, source: S, rows: usize) -> Result<Self, ImageError> {
        if (plan.inputs(), plan.outputs()) != (1, 1) {
            let expected = (plan.inputs(), plan.outputs());
            return Err(ImageError::PlanArity { expected, found: (1, 1) });
        }
        let (input, output) = (BitImage::new(0, 0), BitImage::new(0, 0));
        let rows = rows.max(1);
        let (window, ready) = (0..0, 0..0);
        let (strips, time) = (0, Duration::ZERO);
        Ok(PlannedRows { plan, engine, source, rows, input, window, output, ready, strips, time })
    }

    /// Strips computed so far.
    pub fn strips(&self) -> usize {
        self.strips
    }

    /// The time that the plan ran so far, without that of the source.
    pub fn plan_time(&self) -> Duration {
        self.time
    }

    /// Computes the next strip.
    fn advance(&mut self) -> Result<(), S::Error> {
        let (height, width) = self.source.size();
        let (above, below) = self.plan.rows_needed();
        let start = self.ready.end;
        let end = height.min(start.saturating_add(self.rows));
        let window = start.saturating_sub(above)..height.min(end.saturating_add(below));
        // The old output goes first, for the sake of memory.
        self.output = BitImage::new(0, 0);
        let mut input = BitImage::new(window.len(), width);
        let known = self.window.end.saturating_sub(window.start);
        if known > 0 {
            copy_rows(&self.input, window.start - self.window.start, &mut input, 0..known);
        }
        self.input = input;
        self.source.read_rows(&mut self.input, known..window.len())?;
        let begin = Instant::now();
        let outputs = self.plan.run(&self.engine, &[&self.input]);
        self.time += begin.elapsed();
        self.output = outputs.expect("one input and one output").remove(0);
        self.window = window;
        self.ready = start..end;
        self.strips += 1;
        Ok(())
    }
}

impl<S: RowSource> RowSource for PlannedRows<'_, S> {
    type Error = S::Error;

    fn size(&self) -> (usize, usize) {
        self.source.size()
    }

    fn read_rows(&mut self, image: &mut BitImage, mut to: Range<usize>) -> Result<(), S::Error> {
        while !to.is_empty() {
            if self.ready.is_empty() {
                assert!(self.ready.end < self.size().0, "the source has no rows left");
                self.advance()?;
            }
            let rows = to.len().min(self.ready.len());
            let from = self.ready.start - self.window.start;
            copy_rows(&self.output, from, image, to.start..to.start + rows);
            self.ready.start += rows;
            to.start += rows;
        }
        Ok(())
    }
}

impl Plan {
    /// The rows a strip with which [`PlannedRows`] take about `bytes` of memory for an image of the
    /// given width; but 64 at least, and as many as are computed twice for each strip, so that a
    /// plan that [needs many rows](Self::rows_needed) may take more.
    ///
    /// ```
    /// use strel_image::{Border, Plan, StructuringElement};
    ///
    /// let plan = Plan::dilation(&StructuringElement::rectangle(5, 5)?, Border::Neutral);
    /// let rows = plan.strip_rows(100_000, 64 << 20);
    /// let bytes = 2 * (rows + 2 + 2) * 100_000 / 8;
    /// assert!((60 << 20..=64 << 20).contains(&bytes));
    /// # Ok::<(), strel_image::ImageError>(())
    /// ```
    pub fn strip_rows(&self, width: usize, bytes: usize) -> usize {
        const LEAST: usize = 64;
        let (above, below) = self.rows_needed();
        let row_bytes = BitImage::new(0, width).stride() * size_of::<u64>();
        let window = bytes / (2 * row_bytes);
        window.saturating_sub(above + below).max(above + below).max(LEAST)
    }
}
