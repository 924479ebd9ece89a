//! The fused kernels as differentiable operations of Burn.
//!
//! They run on the CPU backend; [`portable`] has the same functions made of Burn's own operations, which every
//! backend runs and which tests compare with.

use burn::backend::autodiff::checkpoint::base::Checkpointer;
use burn::backend::autodiff::checkpoint::strategy::CheckpointStrategy;
use burn::backend::autodiff::grads::Gradients;
use burn::backend::autodiff::ops::{Backward, Ops, OpsKind};
use burn::backend::flex::{FlexTensor, Layout};
use burn::backend::tensor::FloatTensor;
use burn::backend::{Autodiff, Backend, Dispatch, Flex, TensorMetadata, backend_extension};
use burn::tensor::{Bytes, DType, Device, Shape, Tensor};
use strel_image::Border;

use crate::kernels::{BiseShape, LuiShape, bise_backward, bise_forward, lui_backward, lui_forward};

mod adam;
mod bits;
mod dense;
mod gradient;
mod hits;
mod max_pool;
mod penalty;
pub mod portable;
mod softplus;
mod threshold;
mod window_sums;

pub use adam::adam;
pub use bits::{dense_of_bits, sums_of_bits};
pub use dense::dense;
pub use gradient::with_gradient;
pub use hits::outputs_of_hits;
pub use max_pool::max_pool;
pub use penalty::penalty;
pub use softplus::softplus;
pub use threshold::{smooth_threshold, tanh_factor};
pub use window_sums::window_sums;

/// Whether a device has the fused kernels: the CPU has.
pub fn are_fused(device: &Device) -> bool {
    *device == Device::flex()
}

/// The outputs of a layer of BiSE neurons, `y = xi(p (sum_s W(s) x(i + s) - b))`.
///
/// `x` is `[batch, inputs, height, width]`, `w` is `[outputs, inputs, kernel rows, kernel columns]`,
/// `b` and `p` are `[outputs, inputs]`. The result is `[batch, outputs * inputs, height, width]`:
/// neuron `(o, i)` reads channel `i` and writes channel `o * inputs + i`.
///
/// # Panics
/// On a device other than the CPU, and where the shapes do not fit.
pub fn bise(x: Tensor<4>, w: Tensor<4>, b: Tensor<2>, p: Tensor<2>, border: Border) -> Tensor<4> {
    Tensor::from_dispatch(<Dispatch as FusedNeurons>::bise(
        x.into_dispatch(),
        w.into_dispatch(),
        b.into_dispatch(),
        p.into_dispatch(),
        border,
    ))
}

/// The outputs of a layer of LUI neurons, `y = xi(p (sum_c W(c) x(c) - b))` at each pixel.
///
/// `x` is `[batch, outputs * inputs, height, width]`, `w` is `[outputs, inputs]`, `b` and `p` are
/// `[outputs]`. The result is `[batch, outputs, height, width]`: neuron `o` reads channels `o *
/// inputs` to `(o + 1) * inputs`.
///
/// # Panics
/// On a device other than the CPU, and where the shapes do not fit.
pub fn lui(x: Tensor<4>, w: Tensor<2>, b: Tensor<1>, p: Tensor<1>) -> Tensor<4> {
    Tensor::from_dispatch(<Dispatch as FusedNeurons>::lui(
        x.into_dispatch(),
        w.into_dispatch(),
        b.into_dispatch(),
        p.into_dispatch(),
    ))
}

/// The backends that have the fused kernels.
#[backend_extension(Flex, Autodiff)]
pub trait FusedNeurons: Backend {
    /// See [`bise`].
    fn bise(
        x: FloatTensor<Self>,
        w: FloatTensor<Self>,
        b: FloatTensor<Self>,
        p: FloatTensor<Self>,
        border: Border,
    ) -> FloatTensor<Self>;

    /// See [`lui`].
    fn lui(
        x: FloatTensor<Self>,
        w: FloatTensor<Self>,
        b: FloatTensor<Self>,
        p: FloatTensor<Self>,
    ) -> FloatTensor<Self>;
}

impl FusedNeurons for Flex {
    fn bise(
        x: FlexTensor,
        w: FlexTensor,
        b: FlexTensor,
        p: FlexTensor,
        border: Border,
    ) -> FlexTensor {
        let shape = bise_shape(&x, &w, border);
        let [x, w, b, p] = [x, w, b, p].map(|tensor| tensor.to_contiguous());
        let y = bise_forward(&shape, values(&x), values(&w), values(&b), values(&p));
        tensor(y, [shape.batch, shape.outputs * shape.inputs, shape.height, shape.width])
    }

    fn lui(x: FlexTensor, w: FlexTensor, b: FlexTensor, p: FlexTensor) -> FlexTensor {
        let shape = lui_shape(&x, &w);
        let [batch, _, height, width] = x.shape().dims();
        let [x, w, b, p] = [x, w, b, p].map(|tensor| tensor.to_contiguous());
        let y = lui_forward(&shape, values(&x), values(&w), values(&b), values(&p));
        tensor(y, [batch, shape.outputs, height, width])
    }
}

impl<C: CheckpointStrategy> FusedNeurons for Autodiff<Flex, C> {
    fn bise(
        x: FloatTensor<Self>,
        w: FloatTensor<Self>,
        b: FloatTensor<Self>,
        p: FloatTensor<Self>,
        border: Border,
    ) -> FloatTensor<Self> {
        let nodes = [x.node(), w.node(), b.node(), p.node()];
        let given = [x, w, b, p].map(|tensor| tensor.into_primitive().to_contiguous());
        let [x, w, b, p] = given.clone();
        let y = <Flex as FusedNeurons>::bise(x, w, b, p, border);
        match BiseBackward.prepare::<C>(nodes).compute_bound().stateful() {
            OpsKind::Tracked(prepared) => {
                let state = BiseState { given, y: y.clone(), border };
                prepared.finish(state, y)
            }
            OpsKind::UnTracked(prepared) => prepared.finish(y),
        }
    }

    fn lui(
        x: FloatTensor<Self>,
        w: FloatTensor<Self>,
        b: FloatTensor<Self>,
        p: FloatTensor<Self>,
    ) -> FloatTensor<Self> {
        let nodes = [x.node(), w.node(), b.node(), p.node()];
        let given = [x, w, b, p].map(|tensor| tensor.into_primitive().to_contiguous());
        let [x, w, b, p] = given.clone();
        let y = <Flex as FusedNeurons>::lui(x, w, b, p);
        match LuiBackward.prepare::<C>(nodes).compute_bound().stateful() {
            OpsKind::Tracked(prepared) => prepared.finish(LuiState { given, y: y.clone() }, y),
            OpsKind::UnTracked(prepared) => prepared.finish(y),
        }
    }
}

#[derive(Debug)]
struct BiseBackward;

/// What [`BiseBackward`] needs of the forward pass: `x`, `w`, `b` and `p`, and the output.
#[derive(Clone, Debug)]
struct BiseState {
    given: [FlexTensor; 4],
    y: FlexTensor,
    border: Border,
}

impl Backward<Flex, 4> for BiseBackward {
    type State = BiseState;

    fn backward(self, ops: Ops<BiseState, 4>, grads: &mut Gradients, _: &mut Checkpointer) {
        let dy = grads.consume::<Flex>(&ops.node).to_contiguous();
        let BiseState { given: [x, w, b, p], y, border } = &ops.state;
        let gradients = bise_backward(
            &bise_shape(x, w, *border),
            values(x),
            [values(w), values(b), values(p)],
            values(y),
            values(&dy),
            ops.parents[0].is_some(),
        );
        let found = [gradients.x, Some(gradients.w), Some(gradients.b), Some(gradients.p)];
        let shapes = ops.state.given.each_ref().map(TensorMetadata::shape);
        register(&ops, shapes, found, grads);
    }
}

#[derive(Debug)]
struct LuiBackward;

/// What [`LuiBackward`] needs of the forward pass: `x`, `w`, `b` and `p`, and the output.
#[derive(Clone, Debug)]
struct LuiState {
    given: [FlexTensor; 4],
    y: FlexTensor,
}

impl Backward<Flex, 4> for LuiBackward {
    type State = LuiState;

    fn backward(self, ops: Ops<LuiState, 4>, grads: &mut Gradients, _: &mut Checkpointer) {
        let dy = grads.consume::<Flex>(&ops.node).to_contiguous();
        let LuiState { given: [x, w, b, p], y } = &ops.state;
        let gradients = lui_backward(
            &lui_shape(x, w),
            values(x),
            [values(w), values(b), values(p)],
            values(y),
            values(&dy),
        );
        let found = [gradients.x, gradients.w, gradients.b, gradients.p].map(Some);
        let shapes = ops.state.given.each_ref().map(TensorMetadata::shape);
        register(&ops, shapes, found, grads);
    }
}

/// Hands each parent that wants one its gradient.
fn register<S, const N: usize>(
    ops: &Ops<S, N>,
    shapes: [Shape; N],
    found: [Option<Vec<f32>>; N],
    grads: &mut Gradients,
) {
    for ((parent, shape), found) in ops.parents.iter().zip(shapes).zip(found) {
        if let (Some(parent), Some(found)) = (parent, found) {
            grads.register::<Flex>(parent.id, flex(found, shape));
        }
    }
}

fn bise_shape(x: &FlexTensor, w: &FlexTensor, border: Border) -> BiseShape {
    let [batch, inputs, height, width] = x.shape().dims();
    let [outputs, _, rows, columns] = w.shape().dims();
    BiseShape { batch, inputs, outputs, height, width, kernel: (rows, columns), border }
}

fn lui_shape(x: &FlexTensor, w: &FlexTensor) -> LuiShape {
    let [batch, _, height, width] = x.shape().dims();
    let [outputs, inputs] = w.shape().dims();
    LuiShape { batch, inputs, outputs, pixels: height * width }
}

fn values(tensor: &FlexTensor) -> &[f32] {
    tensor.as_slice().expect("contiguous 32-bit floats")
}

fn tensor(values: Vec<f32>, shape: [usize; 4]) -> FlexTensor {
    flex(values, Shape::from(shape))
}

fn flex(values: Vec<f32>, shape: Shape) -> FlexTensor {
    FlexTensor::new(Bytes::from_elems(values), Layout::contiguous(shape), DType::F32)
}
