//! Dilations and erosions by counts, as a differentiable operation.

use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::flex::FlexTensor;
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, Backend, Dispatch, Flex, TensorMetadata, backend_extension};
use burn::tensor::Tensor;

use super::{are_fused, flex, portable, register, values};
use crate::kernels::Hits;

/// The outputs 0 and 1 of neurons, `[samples, neurons, height, width]`, with straight-through gradients.
///
/// `hits` counts the members of the neurons' sets that are 1, of the same shape, and `sizes`, `[neurons]`, all of
/// them. The first `dilations` neurons are 1 where there is a hit, with the gradient of `1 - exp(-hits)`; the others
/// where nothing is missing, with that of `exp(-(sizes - hits))`.
///
/// # Panics
/// The shapes do not fit.
pub fn outputs_of_hits(hits: Tensor<4>, sizes: Tensor<1>, dilations: usize) -> Tensor<4> {
    if !are_fused(&hits.device()) {
        return portable::outputs_of_hits(hits, sizes, dilations);
    }
    Tensor::from_dispatch(<Dispatch as CountsHits>::outputs_of_hits(
        hits.into_dispatch(),
        sizes.into_dispatch(),
        dilations,
    ))
}

/// The backends that have the operation.
#[backend_extension(Flex, Autodiff)]
pub trait CountsHits: Backend {
    /// See [`outputs_of_hits`].
    fn outputs_of_hits(
        hits: FloatTensor<Self>,
        sizes: FloatTensor<Self>,
        dilations: usize,
    ) -> FloatTensor<Self>;
}

impl CountsHits for Flex {
    fn outputs_of_hits(hits: FlexTensor, sizes: FlexTensor, dilations: usize) -> FlexTensor {
        let [hits, sizes] = [hits, sizes].map(|tensor| tensor.to_contiguous());
        let y = counted(&hits, &sizes, dilations).outputs(hits.shape()[0]);
        flex(y, hits.shape())
    }
}

impl<C: CheckpointStrategy> CountsHits for Autodiff<Flex, C> {
    fn outputs_of_hits(
        hits: FloatTensor<Self>,
        sizes: FloatTensor<Self>,
        dilations: usize,
    ) -> FloatTensor<Self> {
        let nodes = [hits.node(), sizes.node()];
        let given = [hits, sizes].map(|tensor| tensor.into_primitive().to_contiguous());
        let [hits, sizes] = given.clone();
        let y = <Flex as CountsHits>::outputs_of_hits(hits, sizes, dilations);
        match HitsBackward.prepare::<C>(nodes).compute_bound().stateful() {
            OpsKind::Tracked(prepared) => prepared.finish((given, dilations), y),
            OpsKind::UnTracked(prepared) => prepared.finish(y),
        }
    }
}

#[derive(Debug)]
struct HitsBackward;

impl Backward<Flex, 2> for HitsBackward {
    /// Hits and sizes, and the number of dilations.
    type State = ([FlexTensor; 2], usize);

    fn backward(self, ops: Ops<Self::State, 2>, grads: &mut Gradients, _: &mut Checkpointer) {
        let dy = grads.consume::<Flex>(&ops.node).to_contiguous();
        let ([hits, sizes], dilations) = &ops.state;
        let found = counted(hits, sizes, *dilations).backward(hits.shape()[0], values(&dy));
        let shapes = [hits.shape(), sizes.shape()];
        register(&ops, shapes, [found.hits, found.sizes].map(Some), grads);
    }
}

fn counted<'a>(hits: &'a FlexTensor, sizes: &'a FlexTensor, dilations: usize) -> Hits<'a> {
    Hits { hits: values(hits), sizes: values(sizes), dilations }
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn::tensor::{Device, TensorData};

    /// Values, and the gradients for hits and sizes.
    fn found(
        of: fn(Tensor<4>, Tensor<1>, usize) -> Tensor<4>,
        hits: &[f32],
        dilations: usize,
    ) -> [Vec<f32>; 3] {
        let device = Device::flex().autodiff();
        let data = TensorData::new(hits.to_vec(), [2, 3, 2, 2]);
        let hits = Tensor::<4>::from_data(data, &device).require_grad();
        let sizes = Tensor::<1>::from_data([4.0, 2.0, 3.0], &device).require_grad();
        let slopes: Vec<f32> = (0..24).map(|i| (i * 7 % 11) as f32 - 5.0).collect();
        let slopes = Tensor::<4>::from_data(TensorData::new(slopes, [2, 3, 2, 2]), &device);
        let y = of(hits.clone(), sizes.clone(), dilations);
        let gradients = (y.clone() * slopes).sum().backward();
        let numbers = |data: TensorData| data.try_to_vec().unwrap();
        [
            numbers(y.into_data()),
            numbers(hits.grad(&gradients).unwrap().into_data()),
            sizes.grad(&gradients).map_or(vec![0.0; 3], |sizes| numbers(sizes.into_data())),
        ]
    }

    #[test]
    fn the_kernel_does_what_burn_does() {
        let whole: Vec<f32> = (0..24).map(|i| (i * 5 % 4) as f32).collect();
        let broken: Vec<f32> = whole.iter().map(|hits| hits * 0.37).collect();
        for (hits, dilations) in [(&whole, 2), (&broken, 2), (&whole, 3), (&broken, 1)] {
            let [fused, portable] =
                [outputs_of_hits, portable::outputs_of_hits].map(|of| found(of, hits, dilations));
            assert_eq!(fused[0], portable[0], "{dilations}");
            let pairs = fused.iter().flatten().zip(portable.iter().flatten());
            for (fused, portable) in pairs {
                assert!((fused - portable).abs() <= 1e-5, "{fused} {portable}");
            }
            assert!(fused[0].contains(&0.0) && fused[0].contains(&1.0));
        }
    }
}
