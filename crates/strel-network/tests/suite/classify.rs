//! Classifiers: their sizes, their classes, and what they refuse.

use strel_image::{BitImage, Border};
use strel_network::{
    Combination, CombinationRule, Dense, FloatDense, FloatLayer, FloatNetwork, Layer, Network,
    NeuronBank, Plane, Scores, Shape, binarize,
};
use strel_theory::{Method, Threshold};

fn bank(neurons: usize, size: usize) -> NeuronBank {
    NeuronBank {
        weights: vec![1.0; neurons * size],
        bias: vec![0.5; neurons],
        scale: vec![9.0; neurons],
    }
}

fn dense(inputs: Shape, outputs: usize) -> FloatLayer {
    FloatLayer::Dense(FloatDense { inputs, outputs, neurons: bank(outputs, inputs.pixels()) })
}

fn scores(inputs: Shape, classes: usize) -> FloatLayer {
    let (weights, bias) = (vec![1.0; classes * inputs.pixels()], vec![0.0; classes]);
    FloatLayer::Scores(Scores { inputs, classes, weights, bias })
}

fn made(layers: Vec<FloatLayer>) -> Result<FloatNetwork, String> {
    FloatNetwork::new(Border::Zero, Threshold::Tanh, layers).map_err(|error| error.to_string())
}

const SMALL: Shape = Shape { channels: 1, height: 2, width: 3 };

/// A max-pool, a dense layer of two neurons, three classes.
pub fn classifier() -> (FloatNetwork, Network) {
    let layers =
        vec![FloatLayer::MaxPool { channels: 1 }, dense(SMALL, 2), scores(Shape::flat(2), 3)];
    let float = made(layers).unwrap();
    let network = binarize(&float, Method::Exact).unwrap();
    (float, network)
}

#[test]
fn a_max_pool_takes_the_largest_value() {
    let float = made(vec![FloatLayer::MaxPool { channels: 1 }]).unwrap();
    let values = vec![0.1, 0.2, 0.0, 0.9, 0.7, 0.3, 0.4, 0.8, 0.5, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0];
    let pooled = float.forward(&[Plane::new(3, 5, values).unwrap()]).unwrap();
    assert_eq!(pooled, [Plane::new(1, 2, vec![0.4, 0.9]).unwrap()]);
}

#[test]
fn a_dense_neuron_reads_channels_then_rows_then_columns() {
    let inputs = Shape { channels: 2, height: 1, width: 2 };
    let neurons =
        NeuronBank { weights: vec![1.0, 2.0, 4.0, 8.0], bias: vec![3.5], scale: vec![0.25] };
    let layer = FloatLayer::Dense(FloatDense { inputs, outputs: 1, neurons });
    let float = made(vec![layer]).unwrap();
    let planes = [vec![0.5, 0.25], vec![1.0, 0.125]].map(|v| Plane::new(1, 2, v).unwrap());
    let y = float.forward(&planes).unwrap();
    assert_eq!(y, [Plane::new(1, 1, vec![Threshold::Tanh.value(0.25 * 2.5)]).unwrap()]);
}

#[test]
fn ties_go_to_the_first_class() {
    let (float, network) = classifier();
    let image = BitImage::filled(4, 6, true);
    assert_eq!(network.scores(std::slice::from_ref(&image)).unwrap(), [2.0; 3]);
    assert_eq!(network.classify(std::slice::from_ref(&image)).unwrap(), 0);
    assert_eq!(float.classify(&[Plane::from(&image)]).unwrap(), 0);
}

#[test]
fn images_of_other_sizes_are_refused() {
    let (float, network) = classifier();
    assert_eq!(network.least_image_size(), Some((4, 6)));
    for size in [(4, 6), (5, 7)] {
        assert!(network.scores(&[BitImage::new(size.0, size.1)]).is_ok());
    }
    let image = BitImage::new(4, 8);
    let expected = "the images are 4x8, expected 4x6 to 5x7: layer 2 reads 2x3 pixels a channel";
    let error = network.classify(std::slice::from_ref(&image)).unwrap_err();
    assert_eq!(error.to_string(), expected);
    let error = float.classify(&[Plane::from(&image)]).unwrap_err();
    assert_eq!(error.to_string(), expected);
}

#[test]
fn scores_are_no_images_and_images_no_scores() {
    let (float, network) = classifier();
    let image = BitImage::new(4, 6);
    let images = std::slice::from_ref(&image);
    let expected = "the network gives scores of 3 classes, no images: call scores or classify";
    assert_eq!(network.apply(images).unwrap_err().to_string(), expected);
    assert_eq!(network.apply_one(&image).unwrap_err().to_string(), expected);
    assert_eq!(float.forward_hard(images).unwrap_err().to_string(), expected);
    let float = made(vec![dense(SMALL, 1)]).unwrap();
    let network = binarize(&float, Method::Exact).unwrap();
    let error = network.plan().one_to_one().unwrap_err();
    assert_eq!(error.to_string(), "layer 1 is a dense layer on 1x2x3, expected BiSEL layers only");
    let error = network.scores(&[BitImage::new(2, 3)]).unwrap_err();
    assert!(error.to_string().contains("its last layer is no layer of scores"), "{error}");
    assert_eq!(network.apply_one(&BitImage::filled(2, 3, true)).unwrap().to_string(), "#");
}

#[test]
fn chains_that_do_not_fit_are_refused() {
    let refused = |layers| made(layers).unwrap_err();
    assert_eq!(
        refused(vec![dense(SMALL, 4), dense(Shape { channels: 4, height: 2, width: 1 }, 1)]),
        "layer 2 reads 2x1 pixels a channel, but the layer before it gives 1x1"
    );
    assert_eq!(
        refused(vec![FloatLayer::MaxPool { channels: 2 }, dense(SMALL, 4)]),
        "layer 2 reads 1 channels, but the layer before it gives 2"
    );
    assert_eq!(
        refused(vec![scores(SMALL, 2), dense(Shape::flat(2), 1)]),
        "layer 1 gives scores, expected it to be the last layer"
    );
    let pool = || FloatLayer::MaxPool { channels: 1 };
    assert_eq!(
        refused(vec![dense(SMALL, 1), pool(), dense(Shape::flat(1), 1)]),
        "layer 3 reads 1x1 pixels a channel, but the layer before it gives 0x0"
    );
    let empty = Shape { height: 0, ..SMALL };
    assert_eq!(refused(vec![dense(empty, 1)]), "layer 1: number of rows is 0, expected at least 1");
    let huge = Shape { channels: usize::MAX, height: 2, width: 1 };
    let layer = FloatLayer::Dense(FloatDense { inputs: huge, outputs: 1, neurons: bank(1, 1) });
    assert_eq!(refused(vec![layer]), "layer 1 has more weights than any memory holds");
    let constants = Dense {
        inputs: Shape { channels: 1, height: 1 << 15, width: 1 << 15 },
        neurons: vec![Combination::activated(CombinationRule::Constant(true)); 9],
    };
    let error = Network::new(Border::Zero, vec![Layer::Dense(constants)]).unwrap_err();
    assert_eq!(error.to_string(), "layer 1 has more weights than any memory holds");
    assert_eq!(
        refused(vec![dense(SMALL, 0)]),
        "layer 1: number of output channels is 0, expected at least 1"
    );
}

#[test]
fn wrong_numbers_are_named() {
    let mut neurons = bank(20, 6);
    neurons.weights[6 * 16 + 3] = f32::NEG_INFINITY;
    let layer = FloatLayer::Dense(FloatDense { inputs: SMALL, outputs: 20, neurons });
    assert_eq!(
        made(vec![layer]).unwrap_err(),
        "layer 1, neuron 17: the weight is -inf, expected a finite number"
    );
    let FloatLayer::Scores(mut wrong) = scores(SMALL, 3) else { unreachable!() };
    wrong.weights[6 * 2] = f32::NAN;
    let expected = "layer 1, class 3: the weight is NaN, expected a finite number";
    assert_eq!(made(vec![FloatLayer::Scores(wrong.clone())]).unwrap_err(), expected);
    let error = Network::new(Border::Zero, vec![Layer::Scores(wrong.clone())]).unwrap_err();
    assert_eq!(error.to_string(), expected);
    wrong.bias.pop();
    wrong.weights.fill(0.0);
    assert_eq!(
        made(vec![FloatLayer::Scores(wrong)]).unwrap_err(),
        "layer 1: number of biases is 2, expected 1 for each of 3 neurons"
    );
}

#[test]
fn batches_are_classified_as_one_by_one() {
    let (float, _) = classifier();
    let image = |seed: usize| BitImage::from_fn(4, 6, |row, col| (row * 7 + col * seed) % 5 < 2);
    let samples: Vec<[BitImage; 1]> = (0..20).map(|seed| [image(seed)]).collect();
    let planes: Vec<[Plane; 1]> = samples.iter().map(|[image]| [Plane::from(image)]).collect();
    let one_by_one: Vec<usize> = planes.iter().map(|x| float.classify(x).unwrap()).collect();
    assert_eq!(float.classify_batch(&planes).unwrap(), one_by_one);
    let largest = |x: &[BitImage; 1]| {
        let scores = float.scores_hard(x).unwrap();
        (0..3).rev().max_by(|&a, &b| scores[a].total_cmp(&scores[b])).unwrap()
    };
    let hard: Vec<usize> = samples.iter().map(largest).collect();
    assert_eq!(float.classify_hard_batch(&samples).unwrap(), hard);
    let wrong = [[BitImage::new(4, 8)]];
    assert!(float.classify_hard_batch(&wrong).unwrap_err().to_string().contains("4x8"));
}
