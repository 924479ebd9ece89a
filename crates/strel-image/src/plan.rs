//! Plans: operators compiled to joins of shifted rows, and run on images.

mod bands;
mod batch;
mod builder;
mod compile;
mod decompose;
mod describe;
mod frame;
mod fuse;
mod halo;
mod layout;
mod operators;
mod program;
mod simplify;
mod walk;

pub use builder::{GateTerm, Operand, PlanBuilder};
pub use describe::PlanCost;

use crate::words::BITS;
use crate::{BitImage, Border, Engine, ImageError, StructuringElement};
use layout::{Grid, Layout, PartSize};
use program::Program;
use walk::Walk;

/// Operators on images of any size, compiled: runs of pixels that structuring elements share are
/// computed once, and all operators run together, block by block of rows, while the rows are in the
/// nearest cache.
///
/// A plan is made by a [`PlanBuilder`], is immutable, and serves any number of images and threads.
/// Displayed, it lists its steps. Here there is one, which joins 3 rows, and in each a pixel and
/// those right and left of it:
///
/// ```
/// use strel_image::{Border, Plan, StructuringElement};
///
/// let plan = Plan::dilation(&StructuringElement::rectangle(3, 3)?, Border::Neutral);
/// assert_eq!(
///     plan.to_string(),
///     "a0 = input 0, zeros outside\n\
///      a1 = any of a0[-1..+1,0±1]\n\
///      output a1\n\
///      a word: 6 operations, 2 shifts, 4 words moved"
/// );
/// # Ok::<(), strel_image::ImageError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Plan {
    /// What the plan was made from, for images too small for the program.
    builder: PlanBuilder,
    outputs: Vec<Operand>,
    reach: (usize, usize),
    program: Program,
    layout: Layout,
    cost: PlanCost,
}

impl Plan {
    fn new(builder: PlanBuilder, outputs: Vec<Operand>) -> Self {
        let program = compile::compile(&builder, &outputs);
        let layout = Layout::new(&program);
        let cost = describe::cost(&program);
        Plan { reach: builder.reach(), builder, outputs, program, layout, cost }
    }

    /// The plan of a [dilation](crate::dilate).
    pub fn dilation(element: &StructuringElement, border: Border) -> Self {
        Plan::unary(border, |builder, image| builder.dilate(image, element))
    }

    /// The plan of an [erosion](crate::erode).
    pub fn erosion(element: &StructuringElement, border: Border) -> Self {
        Plan::unary(border, |builder, image| builder.erode(image, element))
    }

    /// A plan of one input and one output.
    ///
    /// ```
    /// use strel_image::{BitImage, Border, Plan};
    ///
    /// let complement = Plan::unary(Border::Zero, |builder, image| builder.complement(image));
    /// let image: BitImage = "#..".parse()?;
    /// assert_eq!(complement.apply(&image).to_string(), ".##");
    /// # Ok::<(), strel_image::ImageError>(())
    /// ```
    pub fn unary(border: Border, operator: impl Fn(&mut PlanBuilder, Operand) -> Operand) -> Self {
        let mut builder = PlanBuilder::new(border);
        let image = builder.input();
        let output = operator(&mut builder, image);
        builder.finish(&[output])
    }

    /// Whether both plans are the same operators by the laws of morphology, and so compute the same
    /// outputs for all inputs. Plans may compute the same without being the same.
    ///
    /// ```
    /// use strel_image::{Border, Plan, StructuringElement};
    ///
    /// let [square, line] = [(3, 3), (1, 3)].map(|(h, w)| StructuringElement::rectangle(h, w));
    /// let (square, line) = (square?, line?);
    /// let dual = Plan::unary(Border::Replicate, |plan, image| {
    ///     let outside = plan.complement(image);
    ///     let eroded = plan.erode(outside, &square);
    ///     plan.complement(eroded)
    /// });
    /// assert!(dual.is_same(&Plan::dilation(&square, Border::Replicate)));
    /// assert!(!dual.is_same(&Plan::dilation(&line, Border::Replicate)));
    /// # Ok::<(), strel_image::ImageError>(())
    /// ```
    pub fn is_same(&self, other: &Plan) -> bool {
        let parts = |plan: &'_ Plan| (plan.builder.border, plan.builder.inputs);
        parts(self) == parts(other)
            && self.builder.operators == other.builder.operators
            && self.outputs == other.outputs
    }

    /// Number of input images.
    pub fn inputs(&self) -> usize {
        self.builder.inputs
    }

    /// Number of output images.
    pub fn outputs(&self) -> usize {
        self.outputs.len()
    }

    /// Rows above and below a pixel of the results that it can depend on.
    pub fn rows_needed(&self) -> (usize, usize) {
        let halos = self.layout.halos.iter();
        let (first, last) =
            halos.fold((0, 0), |(first, last), halo| (first.min(halo.start), last.max(halo.ahead)));
        (first.unsigned_abs(), last.unsigned_abs())
    }

    /// The only output for the only input, by the [default engine](Engine::default).
    ///
    /// # Panics
    /// Unless the plan has one input and one output.
    pub fn apply(&self, image: &BitImage) -> BitImage {
        let mut output = BitImage::new(0, 0);
        self.apply_into(image, &mut output);
        output
    }

    /// [`apply`](Self::apply), into an image that takes the input's size.
    ///
    /// # Panics
    /// As [`apply`](Self::apply).
    pub fn apply_into(&self, image: &BitImage, output: &mut BitImage) {
        let run = self.run_into(&Engine::default(), &[image], std::slice::from_mut(output));
        run.expect("the plan has one input and one output");
    }

    /// The outputs for some inputs.
    ///
    /// # Errors
    /// As [`run_into`](Self::run_into).
    pub fn run(&self, engine: &Engine, inputs: &[&BitImage]) -> Result<Vec<BitImage>, ImageError> {
        let mut outputs = vec![BitImage::new(0, 0); self.outputs()];
        self.run_into(engine, inputs, &mut outputs)?;
        Ok(outputs)
    }

    /// [`run`](Self::run), into images that take the inputs' size; of that size already, they are
    /// not allocated anew.
    ///
    /// # Errors
    /// [`ImageError::PlanArity`] unless there are as many inputs, one at least, and outputs as the
    /// plan has; [`ImageError::SizeMismatch`] unless the inputs are of one size.
    pub fn run_into(
        &self,
        engine: &Engine,
        inputs: &[&BitImage],
        outputs: &mut [BitImage],
    ) -> Result<(), ImageError> {
        let (height, width) = self.common_size(inputs, outputs.len())?;
        for output in outputs.iter_mut().filter(|output| output.size() != (height, width)) {
            *output = BitImage::new(height, width);
        }
        if height == 0 || width == 0 {
            return Ok(());
        }
        if self.reach.0 > height || self.reach.1 > width {
            let small = Plan::new(self.builder.clamped(height, width), self.outputs.clone());
            small.execute(engine, PartSize::CACHED, inputs, outputs);
        } else {
            self.execute(engine, PartSize::CACHED, inputs, outputs);
        }
        Ok(())
    }

    /// What the plan does for each word of its inputs.
    pub fn cost(&self) -> PlanCost {
        self.cost
    }

    fn execute(
        &self,
        engine: &Engine,
        size: PartSize,
        inputs: &[&BitImage],
        outputs: &mut [BitImage],
    ) {
        let grid = Grid::new(inputs[0], &self.layout, size);
        let Plan { program, layout, .. } = self;
        let walk = Walk { program, layout, grid, inputs, kernel: engine.kernel() };
        bands::run(&walk, outputs, self.threads_for(engine, inputs[0].size()));
    }

    /// The threads that work on images of a size.
    fn threads_for(&self, engine: &Engine, size: (usize, usize)) -> usize {
        engine.threads_for(self.nanoseconds(size))
    }

    /// About the time that images of a size take, on one thread.
    fn nanoseconds(&self, (height, width): (usize, usize)) -> usize {
        self.cost.nanoseconds(height.saturating_mul(width.div_ceil(BITS)))
    }

    /// The size of all inputs, which are as many as the plan has; so are the outputs.
    fn common_size(
        &self,
        inputs: &[&BitImage],
        outputs: usize,
    ) -> Result<(usize, usize), ImageError> {
        let expected = (self.inputs(), self.outputs());
        match inputs {
            [first, others @ ..] if (inputs.len(), outputs) == expected => {
                match others.iter().find(|other| other.size() != first.size()) {
                    None => Ok(first.size()),
                    Some(other) => {
                        Err(ImageError::SizeMismatch { left: first.size(), right: other.size() })
                    }
                }
            }
            _ => Err(ImageError::PlanArity { expected, found: (inputs.len(), outputs) }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Kernel;

    /// Small images cut as very large ones are.
    #[test]
    fn results_do_not_depend_on_how_an_image_is_cut() {
        let disk = StructuringElement::disk(4).unwrap();
        let far = StructuringElement::from_offsets([(0, -90), (-9, 3), (7, 150)]).unwrap();
        let engine = Engine::new(Kernel::best(), 1).unwrap();
        for (height, width) in [(50, 64 * 7 - 1), (91, 64 * 6), (33, 64 * 5 + 1)] {
            let image = BitImage::from_fn(height, width, |row, col| {
                (row * row / 7 + col * (row + col) / 13) % 9 < 5
            });
            for border in Border::ALL {
                let plan = Plan::unary(border, |plan, image| {
                    let opened = plan.open(image, &disk);
                    let closed = plan.close(opened, &far);
                    let ranked = plan.rank(closed, &far, 2);
                    plan.difference(ranked, image)
                });
                let expected = plan.apply(&image);
                for (block, strip) in [(64, 64), (64, 1), (64, 2), (1500, 3), (1500, 64)] {
                    let mut outputs = [BitImage::new(height, width)];
                    let size = PartSize { block, strip };
                    plan.execute(&engine, size, &[&image], &mut outputs);
                    assert!(outputs[0] == expected, "{border}, {size:?}, {height}x{width}");
                }
            }
        }
    }
}
