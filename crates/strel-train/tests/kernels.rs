//! The fused kernels against Burn's own operations and finite differences.

mod random;

use burn::tensor::{Device, Gradients, Tensor, TensorData};
use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};
use strel_image::Border;
use strel_network::{FloatBisel, NeuronBank};
use strel_train::kernels::{Chain, LossGradients};
use strel_train::loss::Loss;
use strel_train::ops::portable;

const BORDERS: [Border; 4] = [Border::Replicate, Border::Reflect, Border::Zero, Border::One];

/// Layers, and a batch of inputs and targets for them.
struct Case {
    layers: Vec<FloatBisel>,
    border: Border,
    size: (usize, usize),
    images: usize,
    x: Vec<f32>,
    t: Vec<f32>,
}

impl Case {
    fn new(
        (channels, kernel): (&[usize], (usize, usize)),
        (images, size): (usize, (usize, usize)),
        border: Border,
        rng: &mut ChaCha8Rng,
    ) -> Self {
        let layers = random::layers(channels, kernel, rng);
        let mut draw = |channels: usize| {
            let count = images * channels * size.0 * size.1;
            (0..count).map(|_| rng.random_range(0.0..1.0)).collect::<Vec<f32>>()
        };
        let (x, t) = (draw(channels[0]), draw(channels[channels.len() - 1]));
        Case { layers, border, size, images, x, t }
    }

    fn fused(&self) -> LossGradients {
        let [read, written] = [&self.x, &self.t].map(|values| values.len() / self.images);
        Chain::new(&self.layers, self.border, self.size).gradients(
            self.images,
            |image, x| x.copy_from_slice(&self.x[image * read..][..read]),
            |image, y, dy| {
                let t = &self.t[image * written..][..written];
                dy.copy_from_slice(&Loss::Mse.gradient(y, t));
                Loss::Mse.value(y, t, 1)
            },
        )
    }

    fn tensor(&self, values: &[f32]) -> Tensor<4> {
        let (height, width) = self.size;
        let shape = [self.images, values.len() / self.images / height / width, height, width];
        Tensor::from_data(TensorData::new(values.to_vec(), shape), &Device::flex().autodiff())
    }

    fn portable(&self) -> LossGradients {
        let mut y = self.tensor(&self.x);
        let mut leaves = Vec::new();
        for layer in &self.layers {
            let FloatBisel { inputs, outputs, kernel: (rows, columns), .. } = *layer;
            let bise = Leaves::new(&layer.bise);
            let [b, p] = [&bise.bias, &bise.scale].map(|v| v.clone().reshape([outputs, inputs]));
            let w = bise.weights.clone().reshape([outputs, inputs, rows, columns]);
            y = portable::bise(y, w, b, p, self.border);
            let lui = layer.lui.as_ref().map(Leaves::new);
            if let Some(Leaves { weights, bias, scale }) = &lui {
                let w = weights.clone().reshape([outputs, inputs]);
                y = portable::lui(y, w, bias.clone(), scale.clone());
            }
            leaves.push((bise, lui));
        }
        let loss = Loss::Mse.tensor(y, self.tensor(&self.t));
        let gradients = loss.backward();
        let of_layer =
            |(layer, (bise, lui)): (&FloatBisel, &(Leaves, Option<Leaves>))| FloatBisel {
                bise: bise.gradients(&gradients),
                lui: lui.as_ref().map(|lui| lui.gradients(&gradients)),
                ..*layer
            };
        LossGradients {
            loss: f64::from(loss.into_scalar::<f32>()),
            layers: self.layers.iter().zip(&leaves).map(of_layer).collect(),
        }
    }
}

/// The numbers of a bank as tensors that want gradients.
struct Leaves {
    weights: Tensor<1>,
    bias: Tensor<1>,
    scale: Tensor<1>,
}

impl Leaves {
    fn new(bank: &NeuronBank) -> Self {
        let leaf = |values: &Vec<f32>| {
            Tensor::from_floats(values.as_slice(), &Device::flex().autodiff()).require_grad()
        };
        let [weights, bias, scale] = [&bank.weights, &bank.bias, &bank.scale].map(leaf);
        Leaves { weights, bias, scale }
    }

    fn gradients(&self, gradients: &Gradients) -> NeuronBank {
        let of = |leaf: &Tensor<1>| leaf.grad(gradients).unwrap().into_data().try_to_vec().unwrap();
        NeuronBank { weights: of(&self.weights), bias: of(&self.bias), scale: of(&self.scale) }
    }
}

/// All numbers of layers, in one order.
fn numbers(layers: &mut [FloatBisel]) -> Vec<&mut f32> {
    let banks =
        layers.iter_mut().flat_map(|layer| std::iter::once(&mut layer.bise).chain(&mut layer.lui));
    banks
        .flat_map(|bank| bank.weights.iter_mut().chain(&mut bank.bias).chain(&mut bank.scale))
        .collect()
}

#[test]
fn loss_and_gradients_agree_with_the_portable_operations() {
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let cases: [(&[usize], _, _, _); 8] = [
        (&[1, 1], (1, 1), 1, (1, 1)),
        (&[1, 3, 1], (3, 3), 2, (7, 9)),
        (&[2, 1], (5, 5), 3, (5, 33)),
        (&[3, 4, 2], (7, 7), 2, (12, 11)),
        (&[2, 5], (3, 5), 1, (9, 17)),
        (&[1, 2, 2, 1], (2, 4), 2, (6, 8)),
        (&[1, 2, 1], (7, 7), 1, (2, 2)),
        (&[1, 2], (6, 40), 1, (3, 50)),
    ];
    for (channels, kernel, images, size) in cases {
        for border in BORDERS {
            let case = Case::new((channels, kernel), (images, size), border, &mut rng);
            let (mut fused, mut portable) = (case.fused(), case.portable());
            assert!((fused.loss - portable.loss).abs() < 1e-5, "{channels:?}, {kernel:?}");
            let (fused, portable) = (numbers(&mut fused.layers), numbers(&mut portable.layers));
            assert_eq!(fused.len(), portable.len());
            for (i, (a, b)) in fused.into_iter().zip(portable).enumerate() {
                let bound = 2e-5 * (1.0 + b.abs());
                assert!((*a - *b).abs() <= bound, "{channels:?}, {kernel:?}, {i}: {a} fused, {b}");
            }
        }
    }
}

#[test]
fn gradients_agree_with_finite_differences() {
    let mut rng = ChaCha8Rng::seed_from_u64(2);
    for border in BORDERS {
        let mut case = Case::new((&[1, 3, 2, 1], (3, 4)), (2, (6, 19)), border, &mut rng);
        let mut found = case.fused();
        let found: Vec<f32> = numbers(&mut found.layers).into_iter().map(|g| *g).collect();
        for (i, gradient) in found.into_iter().enumerate() {
            const STEP: f32 = 1.0 / 64.0;
            let mut loss = |step: f32| {
                *numbers(&mut case.layers)[i] += step;
                case.fused().loss
            };
            let (above, below) = (loss(STEP), loss(-2.0 * STEP));
            loss(STEP);
            let slope = (above - below) / f64::from(2.0 * STEP);
            let bound = 3e-4 + 1e-3 * slope.abs();
            assert!((slope - f64::from(gradient)).abs() < bound, "{i}: {gradient}, {slope}");
        }
    }
}

#[test]
fn the_number_of_threads_changes_no_bit() {
    let mut rng = ChaCha8Rng::seed_from_u64(3);
    let case = Case::new((&[1, 3, 2], (5, 5)), (5, (20, 21)), Border::Replicate, &mut rng);
    let run = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let mut found = pool.install(|| case.fused());
        let bits: Vec<u32> = numbers(&mut found.layers).into_iter().map(|g| g.to_bits()).collect();
        (found.loss.to_bits(), bits)
    };
    assert_eq!(run(1), run(3));
}
