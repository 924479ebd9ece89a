//! The 2x2 max-pool, as a differentiable operation.

use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::flex::FlexTensor;
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, Backend, Dispatch, Flex, TensorMetadata, backend_extension};
use burn::tensor::Tensor;

use super::{are_fused, portable, register, tensor, values};
use crate::kernels;

/// The largest of 2x2 values of each channel; rows and columns are halved, rounded down.
///
/// `x` is `[batch, channels, height, width]`. The first of equally large values has the gradient.
pub fn max_pool(x: Tensor<4>) -> Tensor<4> {
    match are_fused(&x.device()) {
        true => Tensor::from_dispatch(<Dispatch as Pools>::max_pool(x.into_dispatch())),
        false => portable::max_pool(x),
    }
}

/// The backends that have the operation.
#[backend_extension(Flex, Autodiff)]
pub trait Pools: Backend {
    /// See [`max_pool`].
    fn max_pool(x: FloatTensor<Self>) -> FloatTensor<Self>;
}

impl Pools for Flex {
    fn max_pool(x: FlexTensor) -> FlexTensor {
        let x = x.to_contiguous();
        let [batch, channels, height, width] = x.shape().dims();
        let y = kernels::max_pool((height, width), values(&x));
        tensor(y, [batch, channels, height / 2, width / 2])
    }
}

impl<C: CheckpointStrategy> Pools for Autodiff<Flex, C> {
    fn max_pool(x: FloatTensor<Self>) -> FloatTensor<Self> {
        let nodes = [x.node()];
        let x = x.into_primitive().to_contiguous();
        let y = <Flex as Pools>::max_pool(x.clone());
        match PoolBackward.prepare::<C>(nodes).compute_bound().stateful() {
            OpsKind::Tracked(prepared) => prepared.finish(x, y),
            OpsKind::UnTracked(prepared) => prepared.finish(y),
        }
    }
}

#[derive(Debug)]
struct PoolBackward;

impl Backward<Flex, 1> for PoolBackward {
    /// `x`.
    type State = FlexTensor;

    fn backward(self, ops: Ops<FlexTensor, 1>, grads: &mut Gradients, _: &mut Checkpointer) {
        let dy = grads.consume::<Flex>(&ops.node).to_contiguous();
        let x = &ops.state;
        let [_, _, height, width] = x.shape().dims();
        let dx = kernels::max_pool_backward((height, width), values(x), values(&dy));
        register(&ops, [x.shape()], [Some(dx)], grads);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn::tensor::{Device, TensorData};

    /// Values and gradients.
    fn found(of: fn(Tensor<4>) -> Tensor<4>, shape: [usize; 4], levels: usize) -> [Vec<f32>; 2] {
        let device = Device::flex().autodiff();
        let numbers = |shape: [usize; 4], step: usize, levels: usize| {
            let count = shape.iter().product::<usize>();
            let level = |i: usize| (i + step).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 33;
            let values = (0..count).map(|i| (level(i) % levels) as f32 - 1.0).collect();
            Tensor::<4>::from_data(TensorData::new::<f32, _>(values, shape), &device)
        };
        let x = numbers(shape, 7, levels).require_grad();
        let y = of(x.clone());
        let gradients = (y.clone() * numbers(y.dims(), 11, 23)).sum().backward();
        let numbers = |data: TensorData| data.try_to_vec().unwrap();
        [numbers(y.into_data()), numbers(x.grad(&gradients).unwrap().into_data())]
    }

    #[test]
    fn the_kernel_does_what_burn_does() {
        for shape in [[1, 1, 2, 2], [2, 3, 8, 6], [1, 2, 7, 9], [3, 1, 28, 37], [2, 2, 3, 64]] {
            // With few levels, there are many ties.
            for levels in [2, 3, 101] {
                let [fused, portable] =
                    [max_pool, portable::max_pool].map(|of| found(of, shape, levels));
                assert_eq!(fused, portable, "{shape:?}, {levels} levels");
                assert!(fused[1].iter().any(|&slope| slope != 0.0) || shape == [1, 1, 2, 2]);
            }
        }
    }
}
