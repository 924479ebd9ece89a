//! The last layer of a classifier.

use std::cell::RefCell;
use std::fmt;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::DenseError;
use super::exact::Weights;
use super::parts::Slice;
use super::rounding::{Verdict, first_best};
use super::weight_sums::{SumScratch, WeightSums};
use super::weight_tables::{TableScratch, WeightTables};
use crate::claim::claim_each;
use crate::words::BITS;
use crate::{BitImage, Engine};

/// Samples that a thread claims at once, where they are scored one by one.
const SAMPLES: usize = 16;

/// Vector operations a nanosecond, for the number of threads.
const OPERATIONS: usize = 3;

/// So many inputs that no integer sum can overflow.
const MOST_INPUTS: usize = 1 << 18;

thread_local! {
    static SCRATCH: RefCell<(SumScratch, TableScratch)> = RefCell::default();
}

/// How a [`ScoreLayer`] is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ScoreForm {
    /// A sample at a time: the 16-bit weights of its inputs are added, all classes in turn.
    Sums,
    /// 256 or 512 samples at a time: what each four inputs add is looked up in a table, for 32
    /// samples an instruction with AVX2.
    Tables,
}

impl fmt::Display for ScoreForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            ScoreForm::Sums => "sums, a sample at a time",
            ScoreForm::Tables => "tables of four inputs",
        })
    }
}

/// Float scores W.x - b of binary samples x, and the class of the largest.
///
/// Classes are found from integer sums of rounded weights, with a proven bound on what the rounding
/// changes. Where two classes are nearer than their bounds, the float scores of these decide. So
/// the result is always the first class of the largest float score, as [`scores`](Self::scores)
/// has them, whatever the form and the engine.
///
/// ```
/// use strel_image::BitImage;
/// use strel_image::dense::ScoreLayer;
///
/// let layer = ScoreLayer::new(3, &[vec![1.0, 1.0, 0.0], vec![0.5, 0.5, 2.0]], &[0.0, 0.25])?;
/// let batch: BitImage = "
///     .#.
///     .##
/// ".parse()?;
/// assert_eq!(layer.scores(&batch)?, [[1.0, 0.25], [1.0, 2.25]]);
/// assert_eq!(layer.classify(&batch), [0, 1]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct ScoreLayer {
    weights: Weights,
    sums: WeightSums,
    tables: WeightTables,
}

impl ScoreLayer {
    /// A layer from the weights of each class, one an input, and a bias a class.
    ///
    /// # Errors
    /// [`DenseError::NoClass`], [`DenseError::WeightCount`], [`DenseError::BiasCount`];
    /// [`DenseError::WeightNotFinite`] and [`DenseError::BiasNotFinite`] for infinity and NaN;
    /// [`DenseError::TooManyInputs`] above 2^18.
    pub fn new(inputs: usize, weights: &[Vec<f32>], biases: &[f32]) -> Result<Self, DenseError> {
        if inputs > MOST_INPUTS {
            return Err(DenseError::TooManyInputs { most: MOST_INPUTS, found: inputs });
        }
        let weights = Weights::new(inputs, weights, biases)?;
        let (sums, tables) = (WeightSums::new(&weights), WeightTables::new(&weights));
        Ok(ScoreLayer { weights, sums, tables })
    }

    /// Number of inputs.
    pub fn inputs(&self) -> usize {
        self.weights.inputs
    }

    /// Number of classes.
    pub fn classes(&self) -> usize {
        self.weights.classes()
    }

    /// The form that an engine scores a batch of some samples in: the one that an estimate of
    /// vector operations says is cheaper. Without AVX2 it is always [`ScoreForm::Sums`].
    pub fn form(&self, engine: &Engine, samples: usize) -> ScoreForm {
        let (sums, tables) = self.costs(engine, samples);
        match tables {
            Some(tables) if tables < sums => ScoreForm::Tables,
            _ => ScoreForm::Sums,
        }
    }

    /// At least the difference between a form's score of a class and its float score, for every
    /// sample: the sum of the errors of all rounded numbers that a sample can add up, and of the
    /// rounding of `f64`.
    ///
    /// # Panics
    /// Where there is no such class.
    pub fn bound(&self, form: ScoreForm, class: usize) -> f64 {
        match form {
            ScoreForm::Sums => self.sums.bound(class),
            ScoreForm::Tables => self.tables.bound(class),
        }
    }

    /// The float scores of each sample, a class after the other: sums in `f64`, in an order that
    /// nothing changes (input i goes to the partial sum i mod 8, these are added from the first to
    /// the last, and the bias is subtracted). Cost: one addition for each input and class.
    ///
    /// # Errors
    /// [`DenseError::BatchWidth`] unless the batch has a column for each input.
    pub fn scores(&self, batch: &BitImage) -> Result<Vec<Vec<f64>>, DenseError> {
        self.check(batch)?;
        let kernel = Engine::default().kernel();
        let scores = |sample: &[u64]| {
            (0..self.classes()).map(|class| self.weights.score(kernel, class, sample)).collect()
        };
        Ok((0..batch.height()).map(|sample| scores(batch.row(sample))).collect())
    }

    /// The class of each sample: the first one of the largest float score. By the [default
    /// engine](Engine::default).
    ///
    /// # Panics
    /// Unless the batch has a column for each input.
    pub fn classify(&self, batch: &BitImage) -> Vec<usize> {
        let mut classes = Vec::new();
        let run = self.classify_into(&Engine::default(), batch, &mut classes);
        run.expect("the batch has a column for each input");
        classes
    }

    /// [`classify`](Self::classify) by the float scores alone: slow, for tests to compare with.
    ///
    /// # Panics
    /// As [`classify`](Self::classify).
    pub fn classify_naive(&self, batch: &BitImage) -> Vec<usize> {
        let scores = self.scores(batch).expect("the batch has a column for each input");
        scores.into_iter().map(|scores| first_best(scores.into_iter().enumerate())).collect()
    }

    /// [`classify`](Self::classify), into a list that takes the right length. Returns how many
    /// samples were scored again in float, since rounding left their class open. One thread
    /// allocates nothing from the second batch on.
    ///
    /// # Errors
    /// [`DenseError::BatchWidth`] unless the batch has a column for each input.
    pub fn classify_into(
        &self,
        engine: &Engine,
        batch: &BitImage,
        classes: &mut Vec<usize>,
    ) -> Result<usize, DenseError> {
        self.classify_in(self.form(engine, batch.height()), engine, batch, classes)
    }

    pub(super) fn classify_in(
        &self,
        form: ScoreForm,
        engine: &Engine,
        batch: &BitImage,
        classes: &mut Vec<usize>,
    ) -> Result<usize, DenseError> {
        self.check(batch)?;
        classes.resize(batch.height(), 0);
        let (sums, tables) = self.costs(engine, batch.height());
        let (work, samples) = match form {
            ScoreForm::Sums => (sums, SAMPLES),
            ScoreForm::Tables => (tables.unwrap_or(0), BITS * engine.kernel().slice_words()),
        };
        let scored_again = AtomicUsize::new(0);
        let parts = classes.chunks_mut(samples).enumerate();
        claim_each(engine.threads_for(work / OPERATIONS), parts, |(index, classes)| {
            let again = self.classify_part(form, engine, batch, index * samples, classes);
            scored_again.fetch_add(again, Ordering::Relaxed);
        });
        Ok(scored_again.into_inner())
    }

    /// Classifies the samples from `first` on.
    fn classify_part(
        &self,
        form: ScoreForm,
        engine: &Engine,
        batch: &BitImage,
        first: usize,
        classes: &mut [usize],
    ) -> usize {
        let (kernel, weights) = (engine.kernel(), &self.weights);
        let mut again = 0;
        SCRATCH.with_borrow_mut(|(sum_scratch, table_scratch)| match form {
            ScoreForm::Sums => {
                for (sample, class) in classes.iter_mut().enumerate() {
                    let sample = batch.row(first + sample);
                    let verdict = self.sums.classify(kernel, weights, sample, sum_scratch);
                    *class = verdict.class;
                    again += usize::from(verdict.scored_again);
                }
            }
            ScoreForm::Tables => {
                let (samples, words) = (classes.len(), kernel.slice_words());
                let slice = Slice { batch, first, samples, words };
                let mut set = |sample: usize, verdict: Verdict| {
                    classes[sample] = verdict.class;
                    again += usize::from(verdict.scored_again);
                };
                self.tables.classify(kernel, weights, &slice, table_scratch, &mut set);
            }
        });
        again
    }

    fn check(&self, batch: &BitImage) -> Result<(), DenseError> {
        if batch.width() == self.inputs() {
            Ok(())
        } else {
            Err(DenseError::BatchWidth { inputs: self.inputs(), found: batch.width() })
        }
    }

    /// Vector operations for some samples, by sums and, where the kernel can, in tables.
    fn costs(&self, engine: &Engine, samples: usize) -> (usize, Option<usize>) {
        let kernel = engine.kernel();
        let slices = samples.div_ceil(BITS * kernel.slice_words());
        let tables = kernel.has_look_ups().then(|| slices * self.tables.cost(self.classes()));
        (samples * self.sums.cost(kernel), tables)
    }
}
