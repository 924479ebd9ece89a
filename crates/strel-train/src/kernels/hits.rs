//! Dilations and erosions by how many members of their sets are 1.

use rayon::prelude::*;

use super::vectorized::vectorized;

/// What neurons count: the first `dilations` of them their members that are 1, the others, whose sets have so
/// many members, those that are not.
#[derive(Clone, Copy, Debug)]
pub struct Hits<'a> {
    /// The members that are 1, `[samples, neurons, pixels]`.
    pub hits: &'a [f32],
    /// The members, `[neurons]`.
    pub sizes: &'a [f32],
    /// The first of the neurons.
    pub dilations: usize,
}

/// The gradients for [`Hits`].
pub struct HitGradients {
    /// For the hits.
    pub hits: Vec<f32>,
    /// For the sizes.
    pub sizes: Vec<f32>,
}

impl Hits<'_> {
    /// 1 for a dilation that counts one half of a member or more, else 0; 0 and 1 for an erosion.
    pub fn outputs(self, samples: usize) -> Vec<f32> {
        let pixels = self.hits.len() / (samples * self.sizes.len());
        let mut y = vec![0.0; self.hits.len()];
        let planes = y.par_chunks_exact_mut(pixels).zip(self.hits.par_chunks_exact(pixels));
        planes.enumerate().for_each(|(plane, (y, hits))| {
            let neuron = plane % self.sizes.len();
            let is_dilation = neuron < self.dilations;
            let size = self.sizes[neuron];
            vectorized(
                #[inline(always)]
                || {
                    for (y, &hits) in y.iter_mut().zip(hits) {
                        let count = if is_dilation { hits } else { size - hits };
                        *y = f32::from(u8::from((count > ANY) == is_dilation));
                    }
                },
            );
        });
        y
    }

    /// The gradients of a loss, given those for the outputs, as if a neuron gave `1 - exp(-count)`, and an erosion
    /// what is left of 1; summed over the samples in their order.
    pub fn backward(self, samples: usize, dy: &[f32]) -> HitGradients {
        let neurons = self.sizes.len();
        let pixels = self.hits.len() / (samples * neurons);
        let exponentials = Exponentials::up_to(self.sizes.iter().copied().fold(0.0, f32::max));
        let mut gradient = vec![0.0; self.hits.len()];
        let planes = gradient
            .par_chunks_exact_mut(pixels)
            .zip(self.hits.par_chunks_exact(pixels))
            .zip(dy.par_chunks_exact(pixels));
        let sums: Vec<f32> = planes
            .enumerate()
            .map(|(plane, ((gradient, hits), dy))| {
                let neuron = plane % neurons;
                let is_dilation = neuron < self.dilations;
                for ((gradient, &hits), &dy) in gradient.iter_mut().zip(hits).zip(dy) {
                    // Below a max-pool, most are.
                    if dy == 0.0 {
                        continue;
                    }
                    let count = if is_dilation { hits } else { self.sizes[neuron] - hits };
                    *gradient = dy * exponentials.of(count);
                }
                if is_dilation { 0.0 } else { -gradient.iter().sum::<f32>() }
            })
            .collect();
        let mut sizes = vec![0.0; neurons];
        for sums in sums.chunks_exact(neurons) {
            sizes.iter_mut().zip(sums).for_each(|(size, sum)| *size += sum);
        }
        HitGradients { hits: gradient, sizes }
    }
}

/// The count at which `1 - exp(-count)` is 1/2.
const ANY: f32 = std::f32::consts::LN_2;

/// `exp(-count)`; counts of bits are whole numbers, of which there are few.
struct Exponentials(Vec<f32>);

impl Exponentials {
    fn up_to(most: f32) -> Self {
        Exponentials((0..=most.max(0.0) as usize).map(|count| (-(count as f32)).exp()).collect())
    }

    fn of(&self, count: f32) -> f32 {
        match self.0.get(count as usize) {
            Some(&exponential) if (count as usize) as f32 == count => exponential,
            _ => (-count).exp(),
        }
    }
}
