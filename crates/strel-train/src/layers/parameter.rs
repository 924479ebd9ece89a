//! A parameter: learnt numbers, with the two means of their gradient that Adam keeps.

use rayon::prelude::*;

use crate::kernels::AdamStep;

/// Numbers that are learnt, and the means of their gradient and of its square that Adam keeps.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    /// The numbers.
    pub values: Vec<f32>,
    /// The mean gradient.
    pub mean: Vec<f32>,
    /// The mean squared gradient.
    pub square: Vec<f32>,
}

/// A part of a [`Parameter`].
pub struct Part<'a> {
    /// The numbers.
    pub values: &'a mut [f32],
    mean: &'a mut [f32],
    square: &'a mut [f32],
}

impl Parameter {
    /// These numbers, before any step.
    pub fn new(values: Vec<f32>) -> Self {
        let means = || vec![0.0; values.len()];
        Parameter { mean: means(), square: means(), values }
    }

    /// Parts of `len` numbers, one after the other.
    pub fn parts(&mut self, len: usize) -> impl IndexedParallelIterator<Item = Part<'_>> {
        let Parameter { values, mean, square } = self;
        let means = mean.par_chunks_mut(len).zip(square.par_chunks_mut(len));
        let parts = values.par_chunks_mut(len).zip(means);
        parts.map(|(values, (mean, square))| Part { values, mean, square })
    }

    /// All of it.
    pub fn whole(&mut self) -> Part<'_> {
        let Parameter { values, mean, square } = self;
        Part { values, mean, square }
    }
}

impl Part<'_> {
    /// Moves the numbers along their gradient.
    ///
    /// # Panics
    /// There are more or fewer numbers than gradients.
    pub fn learn(&mut self, step: AdamStep, gradient: &[f32]) {
        step.advance(self.values, gradient, self.mean, self.square);
    }
}
