//! The layer of sets.

use std::cell::RefCell;
use std::fmt;

use super::columns::{ColumnScratch, Columns};
use super::neuron::Reduced;
use super::parts::{Slice, parts};
use super::planes::{PlaneScratch, Planes};
use super::{DenseError, SetNeuron};
use crate::claim::claim_each;
use crate::words::BITS;
use crate::{BitImage, Engine};

/// Samples that a thread claims at once, where they are computed one by one.
const SAMPLES: usize = 16;

/// Vector operations a nanosecond, for the number of threads.
const OPERATIONS: usize = 3;

thread_local! {
    static SCRATCH: RefCell<(ColumnScratch, PlaneScratch)> = RefCell::default();
}

/// How a [`SetLayer`] is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SetForm {
    /// A sample at a time: for all neurons together, the columns of its inputs are united.
    Columns,
    /// 256 or 512 samples at a time: neuron by neuron, the bits that the samples have in the
    /// members of a set are joined.
    Planes,
}

impl fmt::Display for SetForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            SetForm::Columns => "columns, a sample at a time",
            SetForm::Planes => "planes of samples",
        })
    }
}

/// A fully connected layer of binary neurons: unions and intersections of sets of inputs,
/// constants and threshold gates, each complemented or not. It is the binarized form of a DenseLUI
/// layer (Aouad & Talbot 2023).
///
/// A batch is an image, one row a sample, one column an input; the result has a column for each
/// neuron.
///
/// ```
/// use strel_image::BitImage;
/// use strel_image::dense::{SetLayer, SetNeuron};
///
/// let layer = SetLayer::new(3, vec![
///     SetNeuron::intersection([1, 2]),
///     SetNeuron::union([0, 2]).complemented(),
///     SetNeuron::gate([(0, 1), (1, 1), (2, 1)], 2),
/// ])?;
/// let batch: BitImage = "
///     #..
///     .##
///     .#.
/// ".parse()?;
/// let result: BitImage = "
///     ...
///     #.#
///     .#.
/// ".parse()?;
/// assert_eq!(layer.apply(&batch), result);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// Memory: inputs * neurons bits, and 4 bytes for each member of a set; 4 bytes for each input of a
/// gate, 8 where the sum of its weights takes more than 31 bits.
#[derive(Clone, Debug)]
pub struct SetLayer {
    inputs: usize,
    neurons: Vec<SetNeuron>,
    columns: Columns,
    planes: Planes,
}

impl SetLayer {
    /// A layer of some neurons, which all read the same inputs.
    ///
    /// # Errors
    /// [`DenseError::NoSuchInput`]; [`DenseError::GateTooHeavy`] where the absolute values of a
    /// gate's weights sum to 2^63 or more; [`DenseError::TooManyInputs`] from 2^32 on.
    pub fn new(inputs: usize, neurons: Vec<SetNeuron>) -> Result<Self, DenseError> {
        let most = u32::MAX as usize;
        if inputs > most {
            return Err(DenseError::TooManyInputs { most, found: inputs });
        }
        let reduced = neurons.iter().enumerate();
        let reduced: Vec<Reduced> = reduced
            .map(|(index, neuron)| Reduced::new(index, neuron, inputs))
            .collect::<Result<_, _>>()?;
        let (columns, planes) = (Columns::new(inputs, &reduced), Planes::new(inputs, &reduced));
        Ok(SetLayer { inputs, neurons, columns, planes })
    }

    /// Number of inputs.
    pub fn inputs(&self) -> usize {
        self.inputs
    }

    /// Number of neurons.
    pub fn outputs(&self) -> usize {
        self.neurons.len()
    }

    /// The form that an engine runs a batch of some samples in: the one that an estimate says is
    /// cheaper.
    ///
    /// The estimate counts vector operations. In columns, a sample costs half of the inputs times
    /// twice the vectors of a column, for unions and for intersections, and the vectors of a column of
    /// the gates' weights; in planes, 256 samples (512 with AVX-512), or less, cost the transpositions of the
    /// batch and of the result and, for each neuron, its members up to 32, after which most samples
    /// are decided, or ten for each bit that is 1 in a gate's weights.
    pub fn form(&self, engine: &Engine, samples: usize) -> SetForm {
        let (columns, planes) = self.costs(engine, samples);
        if planes < columns { SetForm::Planes } else { SetForm::Columns }
    }

    /// The neurons' values by the [default engine](Engine::default).
    ///
    /// # Panics
    /// Unless the batch has a column for each input.
    pub fn apply(&self, batch: &BitImage) -> BitImage {
        self.run(&Engine::default(), batch).expect("the batch has a column for each input")
    }

    /// The neurons' values as their definitions say, one by one: slow, for tests to compare with.
    ///
    /// # Panics
    /// As [`apply`](Self::apply).
    pub fn apply_naive(&self, batch: &BitImage) -> BitImage {
        assert_eq!(batch.width(), self.inputs, "a column for each input");
        BitImage::from_fn(batch.height(), self.outputs(), |sample, neuron| {
            self.neurons[neuron].value(|input| batch.get(sample, input))
        })
    }

    /// The neurons' values.
    ///
    /// # Errors
    /// [`DenseError::BatchWidth`] unless the batch has a column for each input.
    pub fn run(&self, engine: &Engine, batch: &BitImage) -> Result<BitImage, DenseError> {
        let mut result = BitImage::new(0, 0);
        self.run_into(engine, batch, &mut result)?;
        Ok(result)
    }

    /// [`run`](Self::run), into an image that takes the right size; of that size already, nothing
    /// is allocated by one thread from the second batch on.
    ///
    /// # Errors
    /// As [`run`](Self::run).
    pub fn run_into(
        &self,
        engine: &Engine,
        batch: &BitImage,
        result: &mut BitImage,
    ) -> Result<(), DenseError> {
        self.run_in(self.form(engine, batch.height()), engine, batch, result)
    }

    pub(super) fn run_in(
        &self,
        form: SetForm,
        engine: &Engine,
        batch: &BitImage,
        result: &mut BitImage,
    ) -> Result<(), DenseError> {
        if batch.width() != self.inputs {
            return Err(DenseError::BatchWidth { inputs: self.inputs, found: batch.width() });
        }
        let size = (batch.height(), self.outputs());
        if result.size() != size {
            *result = BitImage::new(size.0, size.1);
        }
        let (columns, planes) = self.costs(engine, batch.height());
        let kernel = engine.kernel();
        match form {
            SetForm::Columns => {
                let threads = engine.threads_for(columns / OPERATIONS);
                claim_each(threads, parts(result, SAMPLES), |mut part| {
                    SCRATCH.with_borrow_mut(|scratch| {
                        self.columns.run(kernel, batch, &mut part, &mut scratch.0);
                    });
                });
            }
            SetForm::Planes => {
                let threads = engine.threads_for(planes / OPERATIONS);
                let words = kernel.slice_words();
                claim_each(threads, parts(result, BITS * words), |mut part| {
                    let slice = Slice { batch, first: part.first, samples: part.rows, words };
                    SCRATCH.with_borrow_mut(|scratch| {
                        self.planes.run(kernel, &slice, &mut part, &mut scratch.1);
                    });
                });
            }
        }
        Ok(())
    }

    /// Vector operations for some samples, in columns and in planes.
    fn costs(&self, engine: &Engine, samples: usize) -> (usize, usize) {
        let slices = samples.div_ceil(BITS * engine.kernel().slice_words());
        (samples * self.columns.cost(engine), slices * self.planes.cost(engine))
    }
}

impl fmt::Display for SetLayer {
    /// Sizes, and what a sample costs in each form.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let engine = Engine::default();
        let samples = BITS * engine.kernel().slice_words();
        let (columns, planes) = self.costs(&engine, samples);
        write!(
            f,
            "set layer {} -> {}; vector operations a sample: {} in columns, {} in planes of {samples}",
            self.inputs,
            self.outputs(),
            columns / samples,
            planes / samples,
        )
    }
}
