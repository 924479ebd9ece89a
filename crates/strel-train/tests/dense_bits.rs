//! DenseLUI neurons that read bits against Burn's own operations, and Adam in one pass against Burn's.

use std::sync::Arc;

use burn::optim::{AdamConfig, AdamState, Optimizer};
use burn::tensor::{Device, Distribution, Tensor, TensorData};
use strel_image::BitImage;
use strel_theory::Threshold;
use strel_train::adam::Adam;
use strel_train::kernels::Ones;
use strel_train::ops::{dense, dense_of_bits, sums_of_bits};

fn uniform<const D: usize>(shape: [usize; D], low: f64, high: f64) -> Tensor<D> {
    Tensor::random(shape, Distribution::Uniform(low, high), &Device::flex().autodiff())
        .require_grad()
}

fn numbers<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().try_to_vec().unwrap()
}

/// Samples of a row of pixels each, about a third of them set; the first sample is empty.
fn ones(samples: usize, inputs: usize) -> Arc<Ones> {
    let pixel = |sample: usize, input: usize| sample > 0 && (sample * 31 + input * 17) % 19 < 6;
    let image = |sample: usize| BitImage::from_fn(1, inputs, |_, input| pixel(sample, input));
    let images: Vec<BitImage> = (0..samples).map(image).collect();
    Arc::new(Ones::of_images(images.iter().map(std::slice::from_ref), inputs))
}

#[track_caller]
fn assert_close(name: &str, fused: &[f32], portable: &[f32]) {
    assert_eq!(fused.len(), portable.len());
    for (i, (a, b)) in fused.iter().zip(portable).enumerate() {
        assert!((a - b).abs() <= 2e-5 * (1.0 + b.abs()), "{name}[{i}]: {a} fused, {b} portable");
    }
}

#[test]
fn neurons_that_read_bits_agree_with_the_portable_operations() {
    for [samples, inputs, outputs] in
        [[1, 1, 1], [2, 15, 63], [3, 16, 64], [5, 17, 65], [7, 100, 130], [4, 33, 200]]
    {
        let ones = ones(samples, inputs);
        let x = TensorData::new(ones.values(), [samples, inputs]);
        let x = Tensor::<2>::from_data(x, &Device::flex().autodiff());
        let (w, b) = (uniform([outputs, inputs], -0.5, 0.5), uniform([outputs], -1.0, 1.0));
        let p = uniform([outputs], -2.0, 2.0);
        let fused = dense_of_bits(&ones, w.clone(), b.clone(), p.clone());
        let portable = dense(x, w.clone(), b.clone(), p.clone(), Threshold::Tanh);
        assert_close("y", &numbers(fused.clone()), &numbers(portable.clone()));
        let slope = uniform([samples, outputs], -1.0, 1.0).detach();
        let found = (fused * slope.clone()).sum().backward();
        let wanted = (portable * slope).sum().backward();
        let of = |grads| [numbers(b.grad(grads).unwrap()), numbers(p.grad(grads).unwrap())];
        let [[db, dp], [b_wanted, p_wanted]] = [of(&found), of(&wanted)];
        assert_close("db", &db, &b_wanted);
        assert_close("dp", &dp, &p_wanted);
        let [dw, w_wanted] = [&found, &wanted].map(|grads| numbers(w.grad(grads).unwrap()));
        assert_close("dw", &dw, &w_wanted);
        assert!(dw.iter().any(|slope| *slope != 0.0) || samples == 1, "the first one is empty");

        let device = Device::flex();
        let [w, b, p] = [numbers(w), numbers(b), numbers(p)];
        let w = Tensor::<2>::from_data(TensorData::new(w, [outputs, inputs]), &device);
        let [b, p] = [b, p].map(|v| Tensor::<1>::from_data(TensorData::new(v, [outputs]), &device));
        let outside = numbers(dense_of_bits(&ones, w, b, p));
        assert_eq!(outside.len(), samples * outputs);
    }
}

#[test]
fn sums_of_bits_agree_with_products_of_matrices() {
    for [samples, inputs, outputs] in [[1, 1, 1], [3, 15, 64], [5, 17, 65], [7, 100, 200]] {
        let ones = ones(samples, inputs);
        let x = TensorData::new(ones.values(), [samples, inputs]);
        let x = Tensor::<2>::from_data(x, &Device::flex().autodiff());
        let w = uniform([outputs, inputs], -0.5, 0.5);
        let slope = uniform([samples, outputs], -1.0, 1.0).detach();
        let [fused, portable] = [sums_of_bits(&ones, w.clone()), x.matmul(w.clone().transpose())]
            .map(|y| {
                let gradients = (y.clone() * slope.clone()).sum().backward();
                (numbers(y), numbers(w.grad(&gradients).unwrap()))
            });
        assert_close("y", &fused.0, &portable.0);
        assert_close("dw", &fused.1, &portable.1);
    }
}

#[test]
fn the_number_of_threads_changes_no_bit() {
    let (ones, w) = (ones(9, 50), uniform([150, 50], -0.5, 0.5));
    let (b, p) = (uniform([150], -1.0, 1.0), uniform([150], -2.0, 2.0));
    let run = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| {
            let y = dense_of_bits(&ones, w.clone(), b.clone(), p.clone());
            let grads = y.clone().sum().backward();
            let [dw, db] = [numbers(w.grad(&grads).unwrap()), numbers(b.grad(&grads).unwrap())];
            [numbers(y), dw, db].map(|v| v.into_iter().map(f32::to_bits).collect::<Vec<_>>())
        })
    };
    assert_eq!(run(1), run(3));
}

/// Burn's own Adam is the oracle, down to the bits, for parameters of more than one thread's share.
#[test]
fn adam_in_one_pass_is_burns() {
    let burns = AdamConfig::new().with_epsilon(1e-8).build();
    let own = Adam::default();
    let draw = |low, high| {
        Tensor::<2>::random([130, 257], Distribution::Uniform(low, high), &Device::flex())
    };
    let mut parameters = [draw(-1.0, 1.0), draw(-1.0, 1.0)];
    parameters[1] = parameters[0].clone();
    let mut states: [Option<AdamState<2>>; 2] = [None, None];
    for step in 0..7 {
        // The last gradients are 0, and those before of very different sizes.
        let scale = if step == 6 { 0.0 } else { 10f64.powi(step - 3) };
        let gradient = draw(-1.0, 1.0) * scale;
        let rate = 0.01 / f64::from(step + 1);
        let [w, expected] = parameters;
        let [state, wanted] = states;
        let (w, state) = own.step(rate, w, gradient.clone(), state);
        let (expected, wanted) = burns.step(rate, expected, gradient, wanted);
        let (state, wanted) = (state.unwrap(), wanted.unwrap());
        assert_eq!(numbers(w.clone()), numbers(expected.clone()), "step {step}");
        let means = |state: &AdamState<2>| {
            [&state.momentum.moment_1, &state.momentum.moment_2].map(|m| numbers(m.clone()))
        };
        assert_eq!(means(&state), means(&wanted), "step {step}");
        assert_eq!(state.momentum.time, wanted.momentum.time);
        (parameters, states) = ([w, expected], [Some(state), Some(wanted)]);
    }
}

#[test]
fn parameters_that_others_hold_stay_as_they_are() {
    let w = Tensor::<1>::from_data([1.0, 2.0], &Device::flex());
    let held = w.clone();
    let gradient = Tensor::<1>::from_data([1.0, -1.0], &Device::flex());
    let (moved, _) = Adam::default().step(0.5, w, gradient, None);
    assert_eq!(numbers(held), [1.0, 2.0]);
    assert_close("w", &numbers(moved), &[0.5, 2.5]);
}
