//! Random networks of all kinds of layers, with images that they read.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use strel_image::BitImage;
use strel_network::{
    Dense, FloatBisel, FloatDense, FloatLayer, FloatNetwork, Layer, Network, NeuronBank, Scores,
    Shape,
};
use strel_theory::Threshold;

use crate::random;

/// A layer that is to be made, and what it reads.
#[derive(Clone, Copy, Debug)]
enum Step {
    Bisel { inputs: usize, outputs: usize },
    MaxPool { channels: usize },
    Dense { inputs: Shape, outputs: usize },
    Scores { inputs: Shape, classes: usize },
}

/// Layers that fit together.
#[derive(Clone, Debug)]
struct Architecture {
    inputs: Shape,
    steps: Vec<Step>,
}

impl Architecture {
    /// A chain that reads `inputs`: of `kinds`, those that can be, with these numbers of outputs.
    fn new(inputs: Shape, kinds: &[(usize, usize)], classes: Option<usize>) -> Self {
        let (mut shape, mut steps) = (inputs, Vec::new());
        for &(kind, outputs) in kinds {
            let Shape { channels, height, width } = shape;
            if kind == 0 {
                steps.push(Step::Bisel { inputs: channels, outputs });
                shape.channels = outputs;
            } else if kind == 1 && height > 1 && width > 1 {
                steps.push(Step::MaxPool { channels });
                shape = Shape { channels, height: height / 2, width: width / 2 };
            } else {
                steps.push(Step::Dense { inputs: shape, outputs });
                shape = Shape::flat(outputs);
            }
        }
        steps.extend(classes.map(|classes| Step::Scores { inputs: shape, classes }));
        Self { inputs, steps }
    }
}

/// Chains of up to four layers on at most this many pixels.
fn architecture(pixels: usize) -> impl Strategy<Value = Architecture> {
    let shape = (1..3_usize, 1..6_usize, 1..6_usize)
        .prop_map(|(channels, height, width)| Shape { channels, height, width })
        .prop_filter("too large", move |shape| shape.pixels() <= pixels);
    let kinds = vec((0..3_usize, 1..4_usize), 1..4);
    (shape, kinds, option::of(1..4_usize))
        .prop_map(|(shape, kinds, classes)| Architecture::new(shape, &kinds, classes))
}

fn scores(inputs: Shape, classes: usize) -> impl Strategy<Value = Scores> {
    let weight = prop_oneof![
        prop::sample::select(vec![0.0_f32, 1.0, -1.0, 0.1, 1e-6, -1e6]),
        -3.0..3.0_f32,
    ];
    (vec(weight, classes * inputs.pixels()), vec(-1.0..1.0_f32, classes))
        .prop_map(move |(weights, bias)| Scores { inputs, classes, weights, bias })
}

fn layer(step: Step) -> BoxedStrategy<Layer> {
    match step {
        Step::Bisel { inputs, outputs } => random::layer(inputs, outputs).boxed(),
        Step::MaxPool { channels } => Just(Layer::MaxPool { channels }).boxed(),
        Step::Dense { inputs, outputs } => vec(random::combination(inputs.pixels()), outputs)
            .prop_map(move |neurons| Layer::Dense(Dense { inputs, neurons }))
            .boxed(),
        Step::Scores { inputs, classes } => scores(inputs, classes).prop_map(Layer::Scores).boxed(),
    }
}

/// Any binarized network and an image a channel that it reads.
pub fn network() -> impl Strategy<Value = (Network, Vec<BitImage>)> {
    (architecture(50), random::border()).prop_flat_map(|(architecture, border)| {
        let Shape { channels, height, width } = architecture.inputs;
        let layers: Vec<_> = architecture.steps.iter().map(|step| layer(*step)).collect();
        let image = vec(any::<bool>(), height * width)
            .prop_map(move |p| BitImage::from_fn(height, width, |i, j| p[i * width + j]));
        (layers.prop_map(move |layers| Network::new(border, layers).unwrap()), vec(image, channels))
    })
}

/// Parameters of a number of neurons of a size.
type Banks = fn(usize, usize) -> BoxedStrategy<NeuronBank>;

/// Repeated weights, ties, p = 0: few neurons are activated.
pub fn any_neurons(neurons: usize, size: usize) -> BoxedStrategy<NeuronBank> {
    random::bank(neurons, size).boxed()
}

/// Weights of all sizes and signs.
pub fn wild_neurons(neurons: usize, size: usize) -> BoxedStrategy<NeuronBank> {
    let number = || {
        prop_oneof![
            3 => prop::sample::select(vec![0.0_f32, 0.5, 1.0, -0.5]),
            2 => -2.0..2.0_f32,
            1 => prop::sample::select(vec![3e6_f32, -3e6, 1e-5, -1e-5, 1e30, 1e-30]),
        ]
    };
    let scale = prop::sample::select(vec![-3.0_f32, 0.0, 1.0, 1e-20]);
    (vec(number(), neurons * size), vec(number(), neurons), vec(scale, neurons))
        .prop_map(|(weights, bias, scale)| NeuronBank { weights, bias, scale })
        .boxed()
}

/// Neurons that are dilations and erosions, steep ones.
pub fn steady_neurons(neurons: usize, size: usize) -> BoxedStrategy<NeuronBank> {
    let weights = vec(prop::sample::select(vec![0.02_f32, 1.0, 1.5]), neurons * size);
    let scale = prop::sample::select(vec![9.0_f32, 20.0, -20.0]);
    (weights, vec(any::<bool>(), neurons), vec(scale, neurons))
        .prop_map(move |(weights, erosions, scale)| {
            let bias = weights.chunks(size).zip(erosions).map(|(weights, erosion)| {
                if erosion { weights.iter().sum::<f32>() - 0.5 } else { 0.5 }
            });
            NeuronBank { bias: bias.collect(), weights, scale }
        })
        .boxed()
}

fn float_layer(step: Step, banks: Banks) -> BoxedStrategy<FloatLayer> {
    match step {
        Step::Bisel { inputs, outputs } => (1..3_usize, 1..4_usize)
            .prop_flat_map(move |kernel| {
                let bise = banks(inputs * outputs, kernel.0 * kernel.1);
                (bise, banks(outputs, inputs)).prop_map(move |(bise, lui)| {
                    let lui = (inputs > 1).then_some(lui);
                    FloatBisel { inputs, outputs, kernel, bise, lui }.into()
                })
            })
            .boxed(),
        Step::MaxPool { channels } => Just(FloatLayer::MaxPool { channels }).boxed(),
        Step::Dense { inputs, outputs } => banks(outputs, inputs.pixels())
            .prop_map(move |neurons| FloatLayer::Dense(FloatDense { inputs, outputs, neurons }))
            .boxed(),
        Step::Scores { inputs, classes } => {
            scores(inputs, classes).prop_map(FloatLayer::Scores).boxed()
        }
    }
}

/// A float network on few pixels, and all its inputs.
pub fn float_network(banks: Banks) -> impl Strategy<Value = (FloatNetwork, Vec<Vec<BitImage>>)> {
    (architecture(8), random::border()).prop_flat_map(move |(architecture, border)| {
        let inputs = all_inputs(architecture.inputs);
        let steps = architecture.steps.into_iter();
        let layers: Vec<_> = steps.map(|step| float_layer(step, banks)).collect();
        layers.prop_map(move |layers| {
            (FloatNetwork::new(border, Threshold::Tanh, layers).unwrap(), inputs.clone())
        })
    })
}

/// All binary images of a shape, one a channel.
fn all_inputs(shape: Shape) -> Vec<Vec<BitImage>> {
    let Shape { channels, height, width } = shape;
    let image = |code: usize, channel: usize| {
        BitImage::from_fn(height, width, |row, col| {
            code >> ((channel * height + row) * width + col) & 1 == 1
        })
    };
    let images = |code| (0..channels).map(|channel| image(code, channel)).collect();
    (0..1 << shape.pixels()).map(images).collect()
}
