//! DenseLUI neurons that read bits, and their sums, as differentiable operations.

use std::sync::Arc;

use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::flex::FlexTensor;
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, Backend, Dispatch, Flex, TensorMetadata, backend_extension};
use burn::tensor::{Shape, Tensor};

use super::{flex, register, values};
use crate::kernels::{
    DenseOutputs, Ones, bit_sums, bit_sums_backward, dense_backward, dense_forward,
};

/// The outputs of a layer of DenseLUI neurons `y = xi(p (W.x - b))` that read bits, with
/// `xi(u) = tanh(u) / 2 + 1 / 2`.
///
/// `w` is `[outputs, inputs]`, `b` and `p` are `[outputs]`. The result is `[samples, outputs]`. The cost is
/// that of the ones alone.
///
/// # Panics
/// On a device other than the CPU, and where the shapes do not fit.
pub fn dense_of_bits(ones: &Arc<Ones>, w: Tensor<2>, b: Tensor<1>, p: Tensor<1>) -> Tensor<2> {
    let [outputs, inputs] = w.dims();
    assert_eq!((inputs, [outputs]), (ones.inputs(), b.dims()), "a weight an input");
    Tensor::from_dispatch(<Dispatch as ReadsBits>::dense_of_bits(
        w.into_dispatch(),
        b.into_dispatch(),
        p.into_dispatch(),
        ones.clone(),
    ))
}

/// The sums `W.x` of bits x, `[samples, outputs]`, for `w` `[outputs, inputs]`. The cost is that of the ones
/// alone.
///
/// # Panics
/// On a device other than the CPU, and where the shapes do not fit.
pub fn sums_of_bits(ones: &Arc<Ones>, w: Tensor<2>) -> Tensor<2> {
    assert_eq!(ones.inputs(), w.dims()[1], "a weight an input");
    let sums = <Dispatch as ReadsBits>::sums_of_bits(w.into_dispatch(), ones.clone());
    Tensor::from_dispatch(sums)
}

/// The backends that have the operations.
#[backend_extension(Flex, Autodiff)]
pub trait ReadsBits: Backend {
    /// See [`dense_of_bits`].
    fn dense_of_bits(
        w: FloatTensor<Self>,
        b: FloatTensor<Self>,
        p: FloatTensor<Self>,
        ones: Arc<Ones>,
    ) -> FloatTensor<Self>;

    /// See [`sums_of_bits`].
    fn sums_of_bits(w: FloatTensor<Self>, ones: Arc<Ones>) -> FloatTensor<Self>;
}

impl ReadsBits for Flex {
    fn dense_of_bits(w: FlexTensor, b: FlexTensor, p: FlexTensor, ones: Arc<Ones>) -> FlexTensor {
        let [w, b, p] = [w, b, p].map(|tensor| tensor.to_contiguous());
        tensor(dense_forward(&ones, values(&w), values(&b), values(&p)).y, &ones)
    }

    fn sums_of_bits(w: FlexTensor, ones: Arc<Ones>) -> FlexTensor {
        tensor(bit_sums(&ones, values(&w.to_contiguous())), &ones)
    }
}

impl<C: CheckpointStrategy> ReadsBits for Autodiff<Flex, C> {
    fn dense_of_bits(
        w: FloatTensor<Self>,
        b: FloatTensor<Self>,
        p: FloatTensor<Self>,
        ones: Arc<Ones>,
    ) -> FloatTensor<Self> {
        let nodes = [w.node(), b.node(), p.node()];
        let [w, b, p] = [w, b, p].map(|tensor| tensor.into_primitive().to_contiguous());
        let outputs = dense_forward(&ones, values(&w), values(&b), values(&p));
        let y = tensor(outputs.y.clone(), &ones);
        match BitsBackward.prepare::<C>(nodes).compute_bound().stateful() {
            OpsKind::Tracked(prepared) => {
                let (outputs, shape) = (Arc::new(outputs), w.shape());
                prepared.finish(State { ones, outputs, shape, parameters: [b, p] }, y)
            }
            OpsKind::UnTracked(prepared) => prepared.finish(y),
        }
    }

    fn sums_of_bits(w: FloatTensor<Self>, ones: Arc<Ones>) -> FloatTensor<Self> {
        let (node, w) = (w.node(), w.into_primitive());
        let (shape, sums) = (w.shape(), <Flex as ReadsBits>::sums_of_bits(w, ones.clone()));
        match SumsBackward.prepare::<C>([node]).compute_bound().stateful() {
            OpsKind::Tracked(prepared) => prepared.finish((ones, shape), sums),
            OpsKind::UnTracked(prepared) => prepared.finish(sums),
        }
    }
}

#[derive(Debug)]
struct SumsBackward;

impl Backward<Flex, 1> for SumsBackward {
    /// The bits, and the shape of the weights.
    type State = (Arc<Ones>, Shape);

    fn backward(self, ops: Ops<Self::State, 1>, grads: &mut Gradients, _: &mut Checkpointer) {
        let dy = grads.consume::<Flex>(&ops.node).to_contiguous();
        let (ones, shape) = &ops.state;
        register(&ops, [shape.clone()], [Some(bit_sums_backward(ones, values(&dy)))], grads);
    }
}

#[derive(Debug)]
struct BitsBackward;

/// What [`BitsBackward`] needs of the forward pass; the weights are not among it.
#[derive(Clone, Debug)]
struct State {
    ones: Arc<Ones>,
    outputs: Arc<DenseOutputs>,
    /// Of the weights.
    shape: Shape,
    /// Biases and scales.
    parameters: [FlexTensor; 2],
}

impl Backward<Flex, 3> for BitsBackward {
    type State = State;

    fn backward(self, ops: Ops<State, 3>, grads: &mut Gradients, _: &mut Checkpointer) {
        let dy = grads.consume::<Flex>(&ops.node).to_contiguous();
        let State { ones, outputs, shape, parameters: [b, p] } = &ops.state;
        let found = dense_backward(ones, values(b), values(p), outputs, values(&dy));
        let shapes = [shape.clone(), b.shape(), p.shape()];
        register(&ops, shapes, [found.w, found.b, found.p].map(Some), grads);
    }
}

fn tensor(y: Vec<f32>, ones: &Ones) -> FlexTensor {
    let outputs = y.len() / ones.samples();
    flex(y, Shape::from([ones.samples(), outputs]))
}
