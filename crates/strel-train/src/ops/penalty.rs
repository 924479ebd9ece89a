//! The regularizer as a differentiable operation.

use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::flex::FlexTensor;
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, Backend, Dispatch, Flex, TensorMetadata, backend_extension};
use burn::tensor::{Shape, Tensor};

use super::{are_fused, flex, portable, register, values};
use crate::kernels::Penalties;
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
        return portable::penalty(w, b, &counts, distance, coefficient);
    }
    Tensor::from_dispatch(<Dispatch as Penalized>::penalty(
        w.into_dispatch(),
        b.into_dispatch(),
        counts,
        distance,
        coefficient,
    ))
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
        number(Penalties::new(distance, coefficient, values(&w), values(&b), &counts).value)
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
        let found = Penalties::new(distance, coefficient, values(&w), values(&b), &counts);
        let value = number(found.value);
        match PenaltyBackward.prepare::<C>(nodes).compute_bound().stateful() {
            OpsKind::Tracked(prepared) => prepared.finish((found, w), value),
            OpsKind::UnTracked(prepared) => prepared.finish(value),
        }
    }
}

#[derive(Debug)]
struct PenaltyBackward;

impl Backward<Flex, 2> for PenaltyBackward {
    /// What was found, and `w`.
    type State = (Penalties, FlexTensor);

    fn backward(self, ops: Ops<Self::State, 2>, grads: &mut Gradients, _: &mut Checkpointer) {
        let slope = grads.consume::<Flex>(&ops.node).to_contiguous();
        let slope = f64::from(values(&slope)[0]);
        let (found, w) = &ops.state;
        let neurons = w.shape()[0];
        let (mut of_weights, mut of_biases) = (vec![0.0; values(w).len()], vec![0.0; neurons]);
        found.add_gradients(slope, values(w), &mut of_weights, &mut of_biases);
        let shapes = [w.shape(), Shape::from([neurons])];
        register(&ops, shapes, [of_weights, of_biases].map(Some), grads);
    }
}

fn number(value: f64) -> FlexTensor {
    flex(vec![value as f32], Shape::from([1]))
}
