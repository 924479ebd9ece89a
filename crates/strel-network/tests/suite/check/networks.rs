//! Networks to certify, one of each verdict at least.

use strel_image::Border;
use strel_network::{
    Certificate, FloatBisel, FloatDense, FloatLayer, FloatNetwork, Network, NeuronBank, Scores,
    Shape, Verdict, binarize, binarize_lossless, certify,
};
use strel_theory::{LosslessBudget, Threshold};

use super::{CONSTANT, budget};

pub fn layer(weights: [f32; 3], bias: f32, scale: f32) -> FloatBisel {
    FloatBisel {
        inputs: 1,
        outputs: 1,
        kernel: (1, 3),
        bise: NeuronBank { weights: weights.to_vec(), bias: vec![bias], scale: vec![scale] },
        lui: None,
    }
}

pub fn chain(layers: Vec<impl Into<FloatLayer>>) -> FloatNetwork {
    FloatNetwork::new(Border::Replicate, Threshold::Logistic, layers).unwrap()
}

/// A layer of two inputs behind one of two outputs.
pub fn two_channels() -> FloatNetwork {
    let first = FloatBisel {
        inputs: 1,
        outputs: 2,
        kernel: (1, 2),
        bise: NeuronBank { weights: vec![1.0; 4], bias: vec![0.5; 2], scale: vec![20.0; 2] },
        lui: None,
    };
    let second = FloatBisel {
        inputs: 2,
        outputs: 1,
        kernel: (1, 2),
        bise: NeuronBank { weights: vec![1.0; 4], bias: vec![0.5, 1.5], scale: vec![20.0, -20.0] },
        lui: Some(NeuronBank { weights: vec![1.0, 1.0], bias: vec![1.5], scale: vec![20.0] }),
    };
    chain(vec![first, second])
}

/// Two channels, pooled, read by two neurons of these weights, and three classes.
pub fn classifier(weights: [f32; 4], bias: f32) -> FloatNetwork {
    let kernel = (2, 2);
    let bise = NeuronBank {
        weights: vec![1.0, 0.0, 1.0, 0.0, 1.0, 1.0, 0.0, 0.0],
        bias: vec![0.5, 1.5],
        scale: vec![20.0, -20.0],
    };
    let inputs = Shape { channels: 2, height: 1, width: 2 };
    let neurons = NeuronBank {
        weights: [weights, weights].concat(),
        bias: vec![bias; 2],
        scale: vec![15.0, -15.0],
    };
    let scores = Scores {
        inputs: Shape::flat(2),
        classes: 3,
        weights: vec![1.0, -1.0, 0.5, 0.25, 0.0, 2.0],
        bias: vec![0.5, 0.0, -0.5],
    };
    chain(vec![
        FloatLayer::Bisel(FloatBisel { inputs: 1, outputs: 2, kernel, bise, lui: None }),
        FloatLayer::MaxPool { channels: 2 },
        FloatLayer::Dense(FloatDense { inputs, outputs: 2, neurons }),
        FloatLayer::Scores(scores),
    ])
}

/// Networks of every verdict.
pub fn cases() -> Vec<(Verdict, FloatNetwork, Network, Certificate)> {
    let majority = || layer([1.0, 1.0, 1.0], 1.5, 9.0);
    let lossless = |float: &FloatNetwork| binarize_lossless(float, LosslessBudget::default());
    let nearest = |float: &FloatNetwork| binarize(float, CONSTANT);
    type Binarize = dyn Fn(&FloatNetwork) -> Result<Network, strel_network::NetworkError>;
    let cases: [(Verdict, FloatNetwork, &Binarize, usize); 10] = [
        (Verdict::Proved, chain(vec![layer([1.0, 0.1, 2.0], 0.5, 20.0); 2]), &nearest, 500),
        (Verdict::Proved, two_channels(), &nearest, 500),
        (Verdict::ProvedHard, chain(vec![majority(), layer([1.0; 3], 0.5, 20.0)]), &lossless, 500),
        (Verdict::ProvedHard, chain(vec![layer([1.0; 3], 2.5, 0.5); 2]), &nearest, 0),
        (Verdict::Refuted, chain(vec![majority(), majority()]), &nearest, 500),
        (Verdict::Open, chain(vec![majority(), majority()]), &nearest, 0),
        (Verdict::Proved, classifier([1.0, 0.1, 2.0, 1.0], 0.5), &nearest, 500),
        (Verdict::ProvedHard, classifier([1.0; 4], 2.5), &lossless, 500),
        (Verdict::Refuted, classifier([1.0; 4], 2.5), &nearest, 500),
        (Verdict::Open, classifier([1.0; 4], 2.5), &nearest, 0),
    ];
    let certified = cases.into_iter().map(|(verdict, float, binarize, patches)| {
        let network = binarize(&float).unwrap();
        let certificate = certify(&float, &network, budget(patches)).unwrap();
        (verdict, float, network, certificate)
    });
    certified.collect()
}
