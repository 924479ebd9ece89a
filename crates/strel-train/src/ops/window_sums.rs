//! Sums over windows of all channels, as a differentiable operation.

use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::flex::FlexTensor;
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, Backend, Dispatch, Flex, TensorMetadata, backend_extension};
use burn::tensor::Tensor;
use strel_image::Border;

use super::{are_fused, bise_shape, portable, register, tensor, values};
use crate::kernels;

/// `sum over channels c and window pixels s of W(c, s) x(c, i + s)` at each pixel i, `[batch, outputs, height,
/// width]`.
///
/// `x` is `[batch, inputs, height, width]`, `w` is `[outputs, inputs, kernel rows, kernel columns]`.
///
/// # Panics
/// The shapes do not fit.
pub fn window_sums(x: Tensor<4>, w: Tensor<4>, border: Border) -> Tensor<4> {
    if !are_fused(&x.device()) {
        return portable::window_sums(x, w, border);
    }
    let (x, w) = (x.into_dispatch(), w.into_dispatch());
    Tensor::from_dispatch(<Dispatch as SumsWindows>::window_sums(x, w, border))
}

/// The backends that have the operation.
#[backend_extension(Flex, Autodiff)]
pub trait SumsWindows: Backend {
    /// See [`window_sums`].
    fn window_sums(x: FloatTensor<Self>, w: FloatTensor<Self>, border: Border)
    -> FloatTensor<Self>;
}

impl SumsWindows for Flex {
    fn window_sums(x: FlexTensor, w: FlexTensor, border: Border) -> FlexTensor {
        let shape = bise_shape(&x, &w, border);
        let [x, w] = [x, w].map(|tensor| tensor.to_contiguous());
        let y = kernels::window_sums(&shape, values(&x), values(&w));
        tensor(y, [shape.batch, shape.outputs, shape.height, shape.width])
    }
}

impl<C: CheckpointStrategy> SumsWindows for Autodiff<Flex, C> {
    fn window_sums(
        x: FloatTensor<Self>,
        w: FloatTensor<Self>,
        border: Border,
    ) -> FloatTensor<Self> {
        let nodes = [x.node(), w.node()];
        let given = [x, w].map(|tensor| tensor.into_primitive().to_contiguous());
        let [x, w] = given.clone();
        let y = <Flex as SumsWindows>::window_sums(x, w, border);
        match WindowsBackward.prepare::<C>(nodes).compute_bound().stateful() {
            OpsKind::Tracked(prepared) => prepared.finish((given, border), y),
            OpsKind::UnTracked(prepared) => prepared.finish(y),
        }
    }
}

#[derive(Debug)]
struct WindowsBackward;

impl Backward<Flex, 2> for WindowsBackward {
    /// `x` and `w`, and what lies outside of an image.
    type State = ([FlexTensor; 2], Border);

    fn backward(self, ops: Ops<Self::State, 2>, grads: &mut Gradients, _: &mut Checkpointer) {
        let dy = grads.consume::<Flex>(&ops.node).to_contiguous();
        let ([x, w], border) = &ops.state;
        let found = kernels::window_sums_backward(
            &bise_shape(x, w, *border),
            values(x),
            values(w),
            values(&dy),
            ops.parents[0].is_some(),
        );
        let shapes = [x.shape(), w.shape()];
        register(&ops, shapes, [found.x, Some(found.w)], grads);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use burn::tensor::{Device, TensorData};

    /// Sums, and the gradients for inputs and weights; one of so many weights and slopes is not 0.
    fn found(
        of: fn(Tensor<4>, Tensor<4>, Border) -> Tensor<4>,
        [inputs, outputs]: [usize; 2],
        (rows, columns): (usize, usize),
        border: Border,
        one_of: usize,
    ) -> [Vec<f32>; 3] {
        let device = Device::flex().autodiff();
        let numbers = |shape: [usize; 4], step: usize, one_of: usize| {
            let count = shape.iter().product::<usize>();
            let value = |i: usize| (i * step % 23) as f32 / 8.0 - 1.0;
            let values = (0..count).map(|i| if i % one_of == 0 { value(i) } else { 0.0 });
            let values: Vec<f32> = values.collect();
            Tensor::<4>::from_data(TensorData::new(values, shape), &device)
        };
        let x = numbers([3, inputs, 9, 6], 7, 1).require_grad();
        let w = numbers([outputs, inputs, rows, columns], 5, one_of).require_grad();
        let y = of(x.clone(), w.clone(), border);
        let gradients = (y.clone() * numbers([3, outputs, 9, 6], 11, one_of)).sum().backward();
        let numbers = |data: TensorData| data.try_to_vec().unwrap();
        [
            numbers(y.into_data()),
            numbers(x.grad(&gradients).unwrap().into_data()),
            numbers(w.grad(&gradients).unwrap().into_data()),
        ]
    }

    #[test]
    fn the_kernel_does_what_burn_does() {
        let borders = [Border::Replicate, Border::Reflect, Border::Zero, Border::One];
        let kernels = [(3, 3), (1, 1), (2, 5), (4, 3)];
        for (case, (border, kernel)) in borders.into_iter().zip(kernels).enumerate() {
            let channels = [[1, 1], [1, 4], [3, 2], [2, 7]];
            for (channels, one_of) in channels.into_iter().flat_map(|c| [(c, 1), (c, 5)]) {
                let [fused, portable] = [window_sums, portable::window_sums]
                    .map(|of| found(of, channels, kernel, border, one_of));
                for (part, (fused, portable)) in fused.iter().zip(&portable).enumerate() {
                    assert_eq!(fused.len(), portable.len());
                    for (fused, portable) in fused.iter().zip(portable) {
                        let close = (fused - portable).abs() <= 1e-3 + 1e-4 * portable.abs();
                        assert!(close, "{case} {channels:?} {part}: {fused}, not {portable}");
                    }
                }
            }
        }
    }
}
