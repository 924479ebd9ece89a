//! The regularizer as a differentiable operation.

use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::flex::FlexTensor;
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, Backend, Dispatch, Flex, TensorMetadata, backend_extension};
use burn::tensor::{Shape, Tensor, TensorData};

use super::{are_fused, flex, values, with_gradient};
use crate::kernels::penalties;
use crate::regularizer::Distance;

/// The sum of R over those of many neurons that count, times a coefficient; see [`Distance`].
///
/// `w` is `[neurons, inputs]`, `b` is `[neurons]`, and `counts` has a flag a neuron; the result is
/// `[1]`. Value and gradient are found together, on the CPU, several neurons at a time.
///
/// # Panics
/// The shapes do not fit.
pub fn penalty(
    w: Tensor<2>,
    b: Tensor<1>,
    counts: Vec<bool>,
    distance: Distance,
    coefficient: f64,
) -> Tensor<1> {
    if !are_fused(&w.device()) {
        return portable_penalty(w, b, &counts, distance, coefficient);
    }
    Tensor::from_dispatch(<Dispatch as Penalized>::penalty(
        w.into_dispatch(),
        b.into_dispatch(),
        counts,
        distance,
        coefficient,
    ))
}

/// The same on every device: the parameters come to the CPU, and the gradients go back.
pub fn portable_penalty(
    w: Tensor<2>,
    b: Tensor<1>,
    counts: &[bool],
    distance: Distance,
    coefficient: f64,
) -> Tensor<1> {
    let numbers = |data: TensorData| data.try_to_vec::<f32>().expect("32-bit floats");
    let (weights, biases) =
        (numbers(w.clone().detach().into_data()), numbers(b.clone().detach().into_data()));
    let found = penalties(distance, coefficient, &weights, &biases, counts);
    with_gradient(w, &found.weights) + with_gradient(b, &found.biases) + found.value
}

/// The backends that have the operation.
#[backend_extension(Flex, Autodiff)]
pub trait Penalized: Backend {
    /// See [`penalty`].
    fn penalty(
        w: FloatTensor<Self>,
        b: FloatTensor<Self>,
        counts: Vec<bool>,
        distance: Distance,
        coefficient: f64,
    ) -> FloatTensor<Self>;
}

impl Penalized for Flex {
    fn penalty(
        w: FlexTensor,
        b: FlexTensor,
        counts: Vec<bool>,
        distance: Distance,
        coefficient: f64,
    ) -> FlexTensor {
        let [w, b] = [w, b].map(|tensor| tensor.to_contiguous());
        number(penalties(distance, coefficient, values(&w), values(&b), &counts).value)
    }
}

impl<C: CheckpointStrategy> Penalized for Autodiff<Flex, C> {
    fn penalty(
        w: FloatTensor<Self>,
        b: FloatTensor<Self>,
        counts: Vec<bool>,
        distance: Distance,
        coefficient: f64,
    ) -> FloatTensor<Self> {
        let nodes = [w.node(), b.node()];
        let [w, b] = [w, b].map(|tensor| tensor.into_primitive().to_contiguous());
        let found = penalties(distance, coefficient, values(&w), values(&b), &counts);
        let value = number(found.value);
        match PenaltyBackward.prepare::<C>(nodes).compute_bound().stateful() {
            OpsKind::Tracked(prepared) => {
                let gradients = [flex(found.weights, w.shape()), flex(found.biases, b.shape())];
                prepared.finish(gradients, value)
            }
            OpsKind::UnTracked(prepared) => prepared.finish(value),
        }
    }
}

#[derive(Debug)]
struct PenaltyBackward;

impl Backward<Flex, 2> for PenaltyBackward {
    /// The gradients in `w` and `b`.
    type State = [FlexTensor; 2];

    fn backward(self, ops: Ops<Self::State, 2>, grads: &mut Gradients, _: &mut Checkpointer) {
        let slope = grads.consume::<Flex>(&ops.node).to_contiguous();
        let slope = values(&slope)[0];
        for (parent, mut gradient) in ops.parents.into_iter().zip(ops.state) {
            let Some(parent) = parent else { continue };
            // A term of the loss has the slope 1.
            if slope != 1.0 {
                gradient.storage_mut::<f32>().iter_mut().for_each(|value| *value *= slope);
            }
            grads.register::<Flex>(parent.id, gradient);
        }
    }
}

fn number(value: f64) -> FlexTensor {
    flex(vec![value as f32], Shape::from([1]))
}
