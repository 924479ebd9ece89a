//! The softplus, as a differentiable operation.

use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::flex::FlexTensor;
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, Backend, Dispatch, Flex, TensorMetadata, backend_extension};
use burn::tensor::Tensor;

use super::{are_fused, flex, portable, register, values};
use crate::kernels;

/// `ln(1 + exp(v))` of each number: positive, and nearly `v` where that is large.
///
/// In one pass each way on the CPU, where Burn's own operations, one after the other, take most of a step of
/// a wide layer.
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use strel_train::ops::softplus;
///
/// let v = Tensor::<1>::from_data([-2.0, 0.0, 20.0], &Device::flex());
/// let positive: Vec<f32> = softplus(v).into_data().try_to_vec()?;
/// for (found, exact) in positive.iter().zip([0.126928, 0.693147, 20.0]) {
///     assert!((found - exact).abs() < 1e-6);
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn softplus<const D: usize>(v: Tensor<D>) -> Tensor<D> {
    match are_fused(&v.device()) {
        true => Tensor::from_dispatch(<Dispatch as Softplus>::softplus(v.into_dispatch())),
        false => portable::softplus(v),
    }
}

/// The backends that have the operation.
#[backend_extension(Flex, Autodiff)]
pub trait Softplus: Backend {
    /// See [`softplus`].
    fn softplus(v: FloatTensor<Self>) -> FloatTensor<Self>;
}

impl Softplus for Flex {
    fn softplus(v: FlexTensor) -> FlexTensor {
        let v = v.to_contiguous();
        flex(kernels::softplus(values(&v)), v.shape())
    }
}

impl<C: CheckpointStrategy> Softplus for Autodiff<Flex, C> {
    fn softplus(v: FloatTensor<Self>) -> FloatTensor<Self> {
        let nodes = [v.node()];
        let v = v.into_primitive().to_contiguous();
        let positive = <Flex as Softplus>::softplus(v.clone());
        match SoftplusBackward.prepare::<C>(nodes).compute_bound().stateful() {
            OpsKind::Tracked(prepared) => prepared.finish(v, positive),
            OpsKind::UnTracked(prepared) => prepared.finish(positive),
        }
    }
}

#[derive(Debug)]
struct SoftplusBackward;

impl Backward<Flex, 1> for SoftplusBackward {
    /// `v`.
    type State = FlexTensor;

    fn backward(self, ops: Ops<FlexTensor, 1>, grads: &mut Gradients, _: &mut Checkpointer) {
        let slopes = grads.consume::<Flex>(&ops.node).to_contiguous();
        let v = &ops.state;
        let found = kernels::softplus_backward(values(v), values(&slopes));
        register(&ops, [v.shape()], [Some(found)], grads);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn::tensor::{Device, TensorData};

    /// Values and gradients.
    fn found(of: fn(Tensor<2>) -> Tensor<2>, size: [usize; 2]) -> [Vec<f32>; 2] {
        let device = Device::flex().autodiff();
        let numbers = |factor: f32| {
            let values = (0..size[0] * size[1]).map(|i| (i as f32 * factor).sin() * 30.0).collect();
            Tensor::<2>::from_data(TensorData::new::<f32, _>(values, size), &device)
        };
        let v = numbers(0.7).require_grad();
        // Not contiguous, as other operations leave tensors.
        let positive = of(v.clone().transpose());
        let gradients = (positive.clone() * numbers(0.3).transpose()).sum().backward();
        let numbers = |data: TensorData| data.try_to_vec().unwrap();
        [numbers(positive.into_data()), numbers(v.grad(&gradients).unwrap().into_data())]
    }

    #[test]
    fn the_kernel_does_what_burn_does() {
        for size in [[1, 1], [3, 5], [7, 16], [130, 257]] {
            let [fused, portable] = [softplus, portable::softplus].map(|of| found(of, size));
            for (fused, portable) in fused.iter().flatten().zip(portable.iter().flatten()) {
                let error = (fused - portable).abs() / portable.abs().max(f32::MIN_POSITIVE);
                assert!(error < 1e-6, "{size:?}: {fused}, not {portable}");
            }
        }
    }
}
