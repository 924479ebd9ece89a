//! The regularizer as a differentiable operation.

use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::flex::FlexTensor;
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, Backend, Dispatch, Flex, TensorMetadata, backend_extension};
use burn::tensor::{Shape, Tensor};
use rayon::prelude::*;

use super::{flex, register, values};
use crate::regularizer::{Distance, Penalty};

/// The sum of R over those of many neurons that count; see [`Distance`].
///
/// `w` is `[neurons, inputs]`, `b` is `[neurons]`, and `counts` has a flag a neuron; the result is
/// `[1]`. Value and gradient are found together, in 64 bits, several neurons at a time; they are
/// added in order, so that the number of threads changes no bit.
///
/// # Panics
/// On a device other than the CPU, and where the shapes do not fit.
pub fn penalty(w: Tensor<2>, b: Tensor<1>, counts: Vec<bool>, distance: Distance) -> Tensor<1> {
    Tensor::from_dispatch(<Dispatch as Penalized>::penalty(
        w.into_dispatch(),
        b.into_dispatch(),
        counts,
        distance,
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
    ) -> FloatTensor<Self>;
}

impl Penalized for Flex {
    fn penalty(w: FlexTensor, b: FlexTensor, counts: Vec<bool>, distance: Distance) -> FlexTensor {
        sum([&w.to_contiguous(), &b.to_contiguous()], &counts, distance).0
    }
}

impl<C: CheckpointStrategy> Penalized for Autodiff<Flex, C> {
    fn penalty(
        w: FloatTensor<Self>,
        b: FloatTensor<Self>,
        counts: Vec<bool>,
        distance: Distance,
    ) -> FloatTensor<Self> {
        let nodes = [w.node(), b.node()];
        let [w, b] = [w, b].map(|tensor| tensor.into_primitive().to_contiguous());
        let (value, gradient) = sum([&w, &b], &counts, distance);
        match PenaltyBackward.prepare::<C>(nodes).compute_bound().stateful() {
            OpsKind::Tracked(prepared) => prepared.finish(gradient, value),
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
        let scaled = |gradient| values(gradient).iter().map(|value| slope * value).collect();
        let found = ops.state.each_ref().map(|gradient| Some(scaled(gradient)));
        register(&ops, &ops.state, found, grads);
    }
}

/// The sum of R, and its gradients.
fn sum(
    [w, b]: [&FlexTensor; 2],
    counts: &[bool],
    distance: Distance,
) -> (FlexTensor, [FlexTensor; 2]) {
    let [neurons, inputs] = w.shape().dims();
    assert_eq!(neurons, counts.len(), "a flag a neuron");
    let of_neuron = |neuron: usize| {
        let weights = &values(w)[neuron * inputs..][..inputs];
        let weights: Vec<f64> = weights.iter().copied().map(f64::from).collect();
        distance.penalty(&weights, f64::from(values(b)[neuron]))
    };
    let nothing = || Penalty { value: 0.0, weights: vec![0.0; inputs], bias: 0.0 };
    let found: Vec<Penalty> = (0..neurons)
        .into_par_iter()
        .map(|neuron| if counts[neuron] { of_neuron(neuron) } else { nothing() })
        .collect();
    let value: f64 = found.iter().map(|penalty| penalty.value).sum();
    let of_weights = found.iter().flat_map(|penalty| &penalty.weights).map(|&v| v as f32);
    let of_biases = found.iter().map(|penalty| penalty.bias as f32);
    let gradients = [flex(of_weights.collect(), w.shape()), flex(of_biases.collect(), b.shape())];
    (flex(vec![value as f32], Shape::from([1])), gradients)
}
