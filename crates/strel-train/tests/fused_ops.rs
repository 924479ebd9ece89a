//! The fused kernels against Burn's own operations, values and gradients.

use burn::tensor::{Device, Distribution, Tensor};
use strel_image::Border;
use strel_train::ops::{bise, lui, portable};

fn uniform<const D: usize>(shape: [usize; D], low: f64, high: f64) -> Tensor<D> {
    Tensor::random(shape, Distribution::Uniform(low, high), &Device::flex().autodiff())
        .require_grad()
}

fn assert_close<const D: usize>(name: &str, fused: Tensor<D>, portable: Tensor<D>) {
    let (fused, portable) = (fused.into_data(), portable.into_data());
    let (fused, portable) = (fused.as_slice::<f32>().unwrap(), portable.as_slice().unwrap());
    assert_eq!(fused.len(), portable.len());
    for (i, (a, b)) in fused.iter().zip(portable).enumerate() {
        let (a, b): (f32, f32) = (*a, *b);
        assert!((a - b).abs() <= 2e-5 * (1.0 + b.abs()), "{name}[{i}]: {a} fused, {b} portable");
    }
}

/// Compares the outputs of two functions of the same four leaves, and a loss's gradients for them.
fn assert_same<const A: usize, const B: usize, const C: usize>(
    leaves: (Tensor<A>, Tensor<B>, Tensor<C>, Tensor<C>),
    fused: impl Fn(Tensor<A>, Tensor<B>, Tensor<C>, Tensor<C>) -> Tensor<4>,
    portable: impl Fn(Tensor<A>, Tensor<B>, Tensor<C>, Tensor<C>) -> Tensor<4>,
) {
    let (x, w, b, p) = leaves;
    let y = fused(x.clone(), w.clone(), b.clone(), p.clone());
    let expected = portable(x.clone(), w.clone(), b.clone(), p.clone());
    assert_close("y", y.clone(), expected.clone());
    // A loss whose gradient differs from output to output.
    let slope = uniform(y.dims(), -1.0, 1.0).detach();
    let grads = (y * slope.clone()).sum().backward();
    let wanted = (expected * slope).sum().backward();
    assert_close("dx", x.grad(&grads).unwrap(), x.grad(&wanted).unwrap());
    assert_close("dw", w.grad(&grads).unwrap(), w.grad(&wanted).unwrap());
    assert_close("db", b.grad(&grads).unwrap(), b.grad(&wanted).unwrap());
    assert_close("dp", p.grad(&grads).unwrap(), p.grad(&wanted).unwrap());
}

#[test]
fn bise_agrees_with_the_portable_operations() {
    // batch, inputs, outputs, height, width, kernel rows, kernel columns
    let shapes = [
        [1, 1, 1, 1, 1, 1, 1],
        [2, 1, 3, 7, 9, 3, 3],
        [3, 2, 1, 5, 33, 5, 5],
        [2, 3, 4, 12, 11, 7, 7],
        [1, 2, 5, 9, 17, 3, 5],
        [2, 2, 2, 6, 8, 2, 4],
        [1, 1, 2, 2, 2, 7, 7],
    ];
    for [batch, inputs, outputs, height, width, rows, columns] in shapes {
        for border in [Border::Replicate, Border::Reflect, Border::Zero, Border::One] {
            let x = uniform([batch, inputs, height, width], 0.0, 1.0);
            let w = uniform([outputs, inputs, rows, columns], 0.0, 0.5);
            let b = uniform([outputs, inputs], 0.2, 2.0);
            let p = uniform([outputs, inputs], -2.0, 2.0);
            assert_same(
                (x, w, b, p),
                |x, w, b, p| bise(x, w, b, p, border),
                |x, w, b, p| portable::bise(x, w, b, p, border),
            );
        }
    }
}

#[test]
fn lui_agrees_with_the_portable_operations() {
    for [batch, inputs, outputs, height, width] in
        [[1, 1, 1, 1, 1], [2, 3, 1, 7, 9], [3, 4, 2, 5, 33], [1, 7, 5, 16, 16]]
    {
        let x = uniform([batch, outputs * inputs, height, width], 0.0, 1.0);
        let w = uniform([outputs, inputs], 0.0, 1.0);
        let b = uniform([outputs], 0.2, 2.0);
        let p = uniform([outputs], -2.0, 2.0);
        assert_same((x, w, b, p), lui, portable::lui);
    }
}

#[test]
fn the_number_of_threads_changes_no_bit() {
    let x = uniform([5, 2, 20, 21], 0.0, 1.0);
    let w = uniform([3, 2, 5, 5], 0.0, 0.5);
    let b = uniform([3, 2], 0.2, 2.0);
    let p = uniform([3, 2], -2.0, 2.0);
    let run = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| {
            let y = bise(x.clone(), w.clone(), b.clone(), p.clone(), Border::Replicate);
            let grads = y.clone().sum().backward();
            let bits = |data: burn::tensor::TensorData| {
                data.as_slice::<f32>().unwrap().iter().map(|v| v.to_bits()).collect::<Vec<_>>()
            };
            [bits(y.into_data()), bits(w.grad(&grads).unwrap().into_data())]
        })
    };
    assert_eq!(run(1), run(3));
}
