//! Networks of all kinds of layers on every binary input of a few pixels.

use proptest::prelude::*;
use strel_image::dense::ScoreLayer;
use strel_image::{BitImage, Engine};
use strel_network::{
    Certificate, CertifyBudget, FloatDense, FloatLayer, FloatNetwork, Network, NetworkError, Plane,
    Verdict, binarize, binarize_lossless, certify, check,
};
use strel_theory::{ConstantRule, LosslessBudget, Method, Metric};

use crate::architecture::{any_neurons, float_network, network, steady_neurons, wild_neurons};
use crate::naive;

/// The network with hard thresholds equals the binarized one, scores included.
fn assert_equal_hard(float: &FloatNetwork, network: &Network, images: &[BitImage]) {
    match float.scores_layer() {
        Some(_) => {
            assert_eq!(network.scores(images).unwrap(), float.scores_hard(images).unwrap());
        }
        None => assert_eq!(network.apply(images).unwrap(), float.forward_hard(images).unwrap()),
    }
}

/// The float network, thresholded at its end, equals the binarized one, or its scores are as near as
/// is claimed.
fn assert_as_certified(
    certificate: &Certificate,
    float: &FloatNetwork,
    network: &Network,
    images: &[BitImage],
) {
    let planes: Vec<Plane> = images.iter().map(Plane::from).collect();
    let Some(report) = &certificate.scores else {
        let y = float.forward(&planes).unwrap();
        let thresholded: Vec<BitImage> = y.iter().map(Plane::threshold).collect();
        assert_eq!(thresholded, network.apply(images).unwrap());
        return;
    };
    let bound = report.bound.unwrap();
    let (float_scores, scores) = (float.scores(&planes).unwrap(), network.scores(images).unwrap());
    let near = |found: &[f64]| found.iter().zip(&scores).all(|(x, y)| (x - y).abs() <= bound);
    assert!(near(&float_scores));
    assert!(scores_f32(float, images).is_none_or(|scores| near(&scores)));
    let mut sorted = scores.clone();
    sorted.sort_by(|left, right| right.total_cmp(left));
    if sorted.len() > 1 && sorted[0] - sorted[1] > 2.0 * bound {
        assert_eq!(float.classify(&planes).unwrap(), network.classify(images).unwrap());
    }
}

/// The scores of a network of dense layers, computed in `f32`.
fn scores_f32(float: &FloatNetwork, images: &[BitImage]) -> Option<Vec<f64>> {
    let mut x: Vec<f32> = images.iter().flat_map(BitImage::pixels).map(f32::from).collect();
    let sum = |weights: &[f32], x: &[f32]| weights.iter().zip(x).fold(0.0, |s, (w, x)| s + w * x);
    for layer in float.layers() {
        x = match layer {
            FloatLayer::Dense(FloatDense { outputs, neurons, .. }) => (0..*outputs)
                .map(|k| {
                    let u = sum(&neurons.weights[k * x.len()..], &x) - neurons.bias[k];
                    (neurons.scale[k] * u).tanh() / 2.0 + 0.5
                })
                .collect(),
            FloatLayer::Scores(scores) => (0..scores.classes)
                .map(|k| sum(&scores.weights[k * x.len()..], &x) - scores.bias[k])
                .collect(),
            FloatLayer::Bisel(_) | FloatLayer::MaxPool { .. } => return None,
        };
    }
    Some(x.into_iter().map(f64::from).collect())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn packed_equals_naive((network, images) in network()) {
        let features = naive::apply(&network, &images);
        match network.scores_layer() {
            None => prop_assert_eq!(network.apply(&images).unwrap(), features),
            Some(layer) => {
                let x: Vec<bool> = features.iter().flat_map(BitImage::pixels).collect();
                let rows: Vec<Vec<f32>> =
                    layer.weights.chunks(x.len()).map(<[f32]>::to_vec).collect();
                let engine = ScoreLayer::new(x.len(), &rows, &layer.bias).unwrap();
                let sample = BitImage::from_fn(1, x.len(), |_, col| x[col]);
                let scores = network.scores(&images).unwrap();
                prop_assert_eq!(&scores, &engine.scores(&sample).unwrap()[0]);
                for (class, score) in scores.into_iter().enumerate() {
                    let terms = rows[class].iter().zip(&x).filter(|(_, on)| **on);
                    let sum: f64 = terms.map(|(weight, _)| f64::from(*weight)).sum();
                    let expected = sum - f64::from(layer.bias[class]);
                    prop_assert!((score - expected).abs() <= 1e-9 * (1.0 + sum.abs()));
                }
            }
        }
    }

    #[test]
    fn batches_equal_samples((network, images) in network()) {
        let flipped = images.iter().map(BitImage::complement).collect();
        let batch = [images.clone(), flipped, images];
        let (plan, engine) = (network.plan(), Engine::default());
        if network.classes().is_none() {
            let found = plan.apply_batch(&engine, &batch).unwrap();
            let expected: Vec<_> = batch.iter().map(|x| naive::apply(&network, x)).collect();
            prop_assert_eq!(found, expected);
        } else {
            let expected: Vec<_> = batch.iter().map(|x| network.scores(x).unwrap()).collect();
            prop_assert_eq!(plan.scores_batch(&engine, &batch).unwrap(), expected);
            let expected: Vec<_> = batch.iter().map(|x| network.classify(x).unwrap()).collect();
            prop_assert_eq!(plan.classify_batch(&engine, &batch).unwrap(), expected);
        }
    }

    #[test]
    fn lossless_networks_are_equal(
        (float, inputs) in float_network(wild_neurons),
        max_sets in prop::sample::select(vec![0, 1, 16]),
    ) {
        let budget = LosslessBudget { max_sets, ..Default::default() };
        match binarize_lossless(&float, budget) {
            Ok(network) => inputs.iter().for_each(|x| assert_equal_hard(&float, &network, x)),
            Err(error) => {
                let named = matches!(error, NetworkError::Neuron { .. });
                prop_assert!(named, "{}", error);
                prop_assert!(error.to_string().contains("no lossless form"), "{}", error);
            }
        }
    }

    #[test]
    fn exact_networks_are_equal((float, inputs) in float_network(any_neurons)) {
        if let Ok(network) = binarize(&float, Method::Exact) {
            inputs.iter().for_each(|x| assert_equal_hard(&float, &network, x));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn certificates_hold(
        (float, inputs) in prop_oneof![float_network(any_neurons), float_network(steady_neurons)],
        method in 0..3,
    ) {
        let network = match method {
            0 => binarize(&float, Method::Constant(ConstantRule::Exact)).unwrap(),
            1 => binarize(&float, Method::Activable(Metric::Centred)).unwrap(),
            _ => binarize_lossless(&float, LosslessBudget::default()).unwrap(),
        };
        let budget = CertifyBudget { patches: 300, ..Default::default() };
        let certificate = certify(&float, &network, budget).unwrap();
        if let Err(failure) = check(&certificate, &float, &network) {
            return Err(TestCaseError::fail(format!("{failure}\n{certificate}\n{float:?}")));
        }
        let json = certificate.to_json();
        prop_assert_eq!(&Certificate::from_json(json.as_bytes()).unwrap(), &certificate);
        match certificate.verdict {
            Verdict::Proved => {
                for x in &inputs {
                    assert_equal_hard(&float, &network, x);
                    assert_as_certified(&certificate, &float, &network, x);
                }
            }
            Verdict::ProvedHard => {
                inputs.iter().for_each(|x| assert_equal_hard(&float, &network, x));
            }
            Verdict::Refuted => prop_assert!(certificate.difference.is_some()),
            Verdict::Open => prop_assert!(certificate.difference.is_none()),
        }
        let hard_at_least = matches!(certificate.verdict, Verdict::Proved | Verdict::ProvedHard);
        prop_assert!(method < 2 || hard_at_least, "{}", certificate);
    }

    #[test]
    fn steady_networks_are_often_proved((float, inputs) in float_network(steady_neurons)) {
        let network = binarize(&float, Method::Exact).unwrap();
        let budget = CertifyBudget { patches: 0, ..Default::default() };
        let certificate = certify(&float, &network, budget).unwrap();
        // Only neurons that read outputs of others can fail.
        let vague = certificate.failures().all(|neuron| neuron.input_bounds != (0.0, 1.0));
        prop_assert!(vague, "{}", certificate);
        if certificate.is_proved() {
            inputs.iter().for_each(|x| assert_as_certified(&certificate, &float, &network, x));
        }
    }
}
