//! The checker accepts what is certified, and nothing else.

use proptest::prelude::*;
use serde_json::Value;
use strel_image::Border;
use strel_network::{
    Certificate, CertifyBudget, CheckFailure, FloatBisel, FloatDense, FloatLayer, FloatNetwork,
    Network, NeuronBank, Scores, Shape, Verdict, binarize, binarize_lossless, certify, check,
};
use strel_theory::{ConstantRule, LosslessBudget, Method, Metric, Threshold};

use crate::random;

const CONSTANT: Method = Method::Constant(ConstantRule::Exact);

fn budget(patches: usize) -> CertifyBudget {
    CertifyBudget { patches, ..Default::default() }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(120))]

    #[test]
    fn what_is_certified_is_accepted(
        (float, images) in random::float_network().prop_flat_map(|network| {
            let images = random::images(network.inputs());
            (Just(network), images)
        }),
        method in 0..3,
    ) {
        let network = match method {
            0 => binarize(&float, CONSTANT).unwrap(),
            1 => binarize(&float, Method::Activable(Metric::Centred)).unwrap(),
            _ => binarize_lossless(&float, LosslessBudget::default()).unwrap(),
        };
        let certificate = certify(&float, &network, budget(60)).unwrap();
        if let Err(failure) = check(&certificate, &float, &network) {
            return Err(TestCaseError::fail(format!("{failure}\n{certificate}\n{float:?}")));
        }
        let json = certificate.to_json();
        prop_assert_eq!(&Certificate::from_json(json.as_bytes()).unwrap(), &certificate);
        let hard = float.forward_hard(&images).unwrap();
        match certificate.verdict {
            Verdict::Proved | Verdict::ProvedHard => {
                prop_assert_eq!(network.apply(&images).unwrap(), hard);
            }
            Verdict::Refuted => prop_assert!(certificate.difference.is_some()),
            Verdict::Open => prop_assert!(certificate.difference.is_none()),
        }
        // Lossless binarization is always proved.
        let hard_at_least = matches!(certificate.verdict, Verdict::Proved | Verdict::ProvedHard);
        prop_assert!(method < 2 || hard_at_least, "{}", certificate);
    }
}

fn layer(weights: [f32; 3], bias: f32, scale: f32) -> FloatBisel {
    FloatBisel {
        inputs: 1,
        outputs: 1,
        kernel: (1, 3),
        bise: NeuronBank { weights: weights.to_vec(), bias: vec![bias], scale: vec![scale] },
        lui: None,
    }
}

fn chain(layers: Vec<impl Into<FloatLayer>>) -> FloatNetwork {
    FloatNetwork::new(Border::Replicate, Threshold::Logistic, layers).unwrap()
}

/// A layer of two inputs behind one of two outputs.
fn two_channels() -> FloatNetwork {
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
fn classifier(weights: [f32; 4], bias: f32) -> FloatNetwork {
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
fn cases() -> Vec<(Verdict, FloatNetwork, Network, Certificate)> {
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

#[test]
fn every_verdict_is_reached_and_accepted() {
    for (verdict, float, network, certificate) in cases() {
        assert_eq!(certificate.verdict, verdict, "{certificate}");
        check(&certificate, &float, &network).unwrap();
    }
}

/// Every place of a JSON value with other values there.
fn mutations(value: &Value) -> Vec<Value> {
    match value {
        Value::Null => vec![0.25.into()],
        Value::Bool(flag) => vec![(!flag).into()],
        Value::Number(number) if number.is_u64() => {
            vec![(number.as_u64().unwrap() + 1).into(), 1000.into()]
        }
        Value::Number(number) => {
            let number = number.as_f64().unwrap();
            vec![
                (number + 1e-5).into(),
                (-number - 0.1).into(),
                (number * 2.0 + 0.1).into(),
                Value::Null,
            ]
        }
        Value::String(text) => vec![
            "".into(),
            format!("{text}.").into(),
            text.chars().rev().collect::<String>().into(),
            text.replace('#', ".").into(),
            text.replace(['.', '1'], "#").into(),
        ],
        Value::Array(items) => {
            let mut all: Vec<Value> = (0..items.len())
                .flat_map(|index| {
                    mutations(&items[index]).into_iter().map(move |changed| {
                        let mut items = items.clone();
                        items[index] = changed;
                        Value::Array(items)
                    })
                })
                .collect();
            if let Some((last, rest)) = items.split_last() {
                all.push(rest.to_vec().into());
                // A picture with its last row twice may be as good.
                if !last.is_string() {
                    all.push([rest, &[last.clone(), last.clone()]].concat().into());
                }
            }
            all
        }
        Value::Object(fields) => {
            let changed = fields.iter().flat_map(|(key, value)| {
                mutations(value).into_iter().map(move |changed| (key.clone(), Some(changed)))
            });
            let removed = fields.keys().map(|key| (key.clone(), None));
            let with = |(key, value): (String, Option<Value>)| {
                let mut fields = fields.clone();
                match value {
                    Some(value) => drop(fields.insert(key, value)),
                    None => drop(fields.remove(&key)),
                }
                Value::Object(fields)
            };
            changed.chain(removed).map(with).collect()
        }
    }
}

#[test]
fn mutated_certificates_are_rejected() {
    for (verdict, float, network, certificate) in cases() {
        let original: Value = serde_json::from_str(&certificate.to_json()).unwrap();
        let mutated: Vec<Value> = mutations(&original)
            .into_iter()
            .chain(other_verdicts(&original))
            .filter(|value| *value != original && !same_claims(value, &original))
            .collect();
        assert!(mutated.len() >= 100, "{verdict}: {} mutations", mutated.len());
        for value in mutated {
            let json = value.to_string();
            if let Ok(read) = Certificate::from_json(json.as_bytes()) {
                // A field that may be missing is `null` then, and nothing is changed.
                let changed = read != certificate;
                assert!(!changed || check(&read, &float, &network).is_err(), "{verdict}: {json}");
            }
        }
    }
}

/// The number of inputs tried is the one thing that cannot be verified.
fn same_claims(value: &Value, original: &Value) -> bool {
    let mut value = value.clone();
    let tried = &original["certificate"]["patches_tried"];
    if let Some(found) = value.pointer_mut("/certificate/patches_tried") {
        *found = tried.clone();
    }
    value == *original
}

/// Other verdicts, other equalities, other operators and other places.
fn other_verdicts(original: &Value) -> Vec<Value> {
    let mut all = Vec::new();
    let mut replace = |pointer: String, value: Value| {
        let mut changed = original.clone();
        *changed.pointer_mut(&pointer).unwrap() = value;
        all.push(changed);
    };
    for verdict in ["proved", "proved-hard", "refuted", "open"] {
        replace("/certificate/verdict".to_owned(), verdict.into());
    }
    for index in 0..original["certificate"]["neurons"].as_array().unwrap().len() {
        let at = |field: &str| format!("/certificate/neurons/{index}/{field}");
        for equality in ["equal", "different", "unknown"] {
            replace(at("equality"), equality.into());
        }
        for count in 0..4 {
            replace(at("operator"), serde_json::json!({ "dilation": count }));
            replace(at("operator"), serde_json::json!({ "erosion": count }));
        }
        for flag in [false, true] {
            replace(at("operator"), serde_json::json!({ "constant": flag }));
        }
        replace(at("output_bounds"), Value::Null);
        replace(at("output_bounds"), serde_json::json!([0.1, 0.9]));
        replace(at("input_bounds"), serde_json::json!([0.1, 0.9]));
        for (neuron, layer) in [("lui", 1), ("dense", 1), ("dense", 3)] {
            let place = serde_json::json!({ "neuron": neuron, "layer": layer, "output": 1 });
            replace(at("place"), place);
        }
    }
    all
}

#[test]
fn a_certificate_is_about_its_own_networks() {
    let cases = cases();
    let (_, float, network, certificate) = &cases[0];
    let (_, other_float, other_network, _) = &cases[4];
    let error = check(certificate, other_float, network).unwrap_err();
    assert!(matches!(error, CheckFailure::Digest { network: "float", .. }), "{error}");
    let error = check(certificate, float, other_network).unwrap_err();
    assert!(matches!(error, CheckFailure::Digest { network: "binarized", .. }), "{error}");
    let mut forged = certificate.clone();
    forged.binarized_digest = other_network.digest();
    assert!(check(&forged, float, other_network).is_err());
}

/// Pseudo-random numbers in [0, 1[.
fn numbers() -> impl FnMut() -> f32 {
    let mut state = 1_u64;
    move || {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 40) as f32 / (1_u64 << 24) as f32
    }
}

/// Neurons of large windows, some with negative weights, some with p < 0, none of them activated.
#[test]
fn large_windows_are_proved_and_checked() {
    let mut number = numbers();
    for (side, signed) in [(4, true), (5, false), (5, true), (7, false), (7, true)] {
        let mut bank = |neurons: usize, size: usize| {
            let least = if signed { -0.2 } else { 0.5 };
            let weights: Vec<f32> = (0..neurons * size).map(|_| least + number()).collect();
            let bias = weights.chunks(size).map(|w| w.iter().sum::<f32>() * 0.45);
            NeuronBank { bias: bias.collect(), scale: vec![-9.0, 9.0][..neurons].to_vec(), weights }
        };
        let kernel = (side, side);
        let bise = bank(2, side * side);
        let first = FloatBisel { inputs: 1, outputs: 2, kernel, bise, lui: None };
        let bise = bank(2, side * side);
        let lui = Some(bank(1, 2));
        let second = FloatBisel { inputs: 2, outputs: 1, kernel, bise, lui };
        let float = chain(vec![first, second]);
        let network = binarize_lossless(&float, LosslessBudget::default()).unwrap();
        let certificate = certify(&float, &network, budget(100)).unwrap();
        assert_eq!(certificate.verdict, Verdict::ProvedHard, "{side} {signed}");
        check(&certificate, &float, &network).unwrap();
        assert!(certificate.difference.is_some(), "{side} {signed}");
    }
}

#[test]
fn wrong_gates_are_found_out() {
    use strel_network::{Bisel, Exactness, Layer, MorphologicalNeuron, Operator, WindowGate};
    use strel_network::{Equality, ThresholdGate};
    let weights = [3, 2, 2, 1, 1, 1, 1, 4, 1, 1, 1, 2, 5, 1, 1, 3];
    let float = random::one_neuron(Border::Zero, (4, 4), &weights.map(|w| w as f32), 11.5, 1.0);
    let with_gate = |weights: &[i64], threshold| {
        let gate = ThresholdGate { weights: weights.to_vec(), threshold };
        let operator = Operator::Gate(WindowGate { kernel: (4, 4), gate });
        let neuron =
            MorphologicalNeuron { operator, complement: false, exactness: Exactness::Lossless };
        let layer = Layer::Bisel(Bisel::one_to_one(neuron));
        Network::new(Border::Zero, vec![layer]).unwrap()
    };
    let weights: Vec<i64> = weights.map(i64::from).to_vec();
    let tripled: Vec<i64> = weights.iter().map(|weight| 3 * weight).collect();
    for (network, right) in [
        (with_gate(&weights, 11), true),
        (with_gate(&tripled, 35), true),
        (with_gate(&weights, 12), false),
        (with_gate(&tripled, 36), false),
        (with_gate(&[&weights[..15], &[4]].concat(), 11), false),
    ] {
        let mut certificate = certify(&float, &network, budget(0)).unwrap();
        check(&certificate, &float, &network).unwrap();
        // A forged proof.
        certificate.neurons[0].equality = Equality::Equal;
        certificate.verdict = Verdict::ProvedHard;
        assert_eq!(check(&certificate, &float, &network).is_ok(), right);
    }
}

#[test]
fn networks_that_do_not_belong_together_are_refused() {
    let one = chain(vec![layer([1.0; 3], 0.5, 9.0)]);
    let two = chain(vec![layer([1.0; 3], 0.5, 9.0); 2]);
    let network = binarize(&two, Method::Exact).unwrap();
    let error = certify(&one, &network, budget(0)).unwrap_err();
    let expected =
        "layer 1: the number of layers is 2 in the binarized network, 1 in the float network";
    assert_eq!(error.to_string(), expected);
    let certificate = certify(&two, &network, budget(0)).unwrap();
    assert!(check(&certificate, &one, &network).is_err());
}

#[test]
fn damaged_files_are_refused() {
    let (_, _, _, certificate) = cases().remove(4);
    let json = certificate.to_json();
    for length in (0..json.len()).step_by(11) {
        assert!(Certificate::from_json(&json.as_bytes()[..length]).is_err());
    }
    let refused = |from: &str, to: &str| {
        assert!(json.contains(from), "{from}");
        let error = Certificate::from_json(json.replacen(from, to, 1).as_bytes()).unwrap_err();
        error.to_string()
    };
    let error = refused("strel.certificate", "strel.network");
    assert_eq!(
        error,
        "the certificate's format is \"strel.network\", expected \"strel.certificate\""
    );
    assert!(refused("\"version\": 1", "\"version\": 2").contains("version is 2"));
    assert!(refused("\"refuted\"", "\"proved\"").contains("verdict is PROVED"));
    assert!(refused("\"#", "\"x").contains("patch is no picture"));
    assert!(refused("\"scale\"", "\"size\"").starts_with("no certificate: unknown field"));
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("none.json");
    let error = Certificate::load(&missing).unwrap_err().to_string();
    assert!(error.starts_with(&missing.display().to_string()), "{error}");
}

#[test]
fn a_forged_bound_of_scores_is_found_out() {
    let (_, float, network, certificate) = cases().remove(6);
    let bound = certificate.scores.as_ref().unwrap().bound.unwrap();
    assert!((1e-6..0.1).contains(&bound), "{bound}");
    let forged = |change: fn(&mut strel_network::ScoreReport)| {
        let mut forged = certificate.clone();
        change(forged.scores.as_mut().unwrap());
        check(&forged, &float, &network).unwrap_err()
    };
    let error = forged(|scores| scores.bound = scores.bound.map(|bound| bound * 0.999));
    assert!(error.to_string().starts_with("layer 4: the bound of the scores is"), "{error}");
    assert!(matches!(forged(|scores| scores.bound = None), CheckFailure::Number { .. }));
    assert!(matches!(forged(|scores| scores.classes = 2), CheckFailure::Scores));
    let mut forged = certificate.clone();
    forged.scores = None;
    assert!(matches!(check(&forged, &float, &network), Err(CheckFailure::Scores)));
}

#[test]
fn other_scores_do_not_belong_together() {
    let one = classifier([1.0, 0.1, 2.0, 1.0], 0.5);
    let mut layers = one.layers().to_vec();
    let FloatLayer::Scores(scores) = &mut layers[3] else { panic!("scores") };
    scores.weights[4] = 0.125;
    let network = binarize(&chain(layers), Method::Exact).unwrap();
    let error = certify(&one, &network, budget(0)).unwrap_err().to_string();
    assert!(error.starts_with("layer 4: a weight of the scores is another"), "{error}");
    let mut certificate = cases().remove(6).3;
    certificate.binarized_digest = network.digest();
    assert!(matches!(check(&certificate, &one, &network), Err(CheckFailure::Networks)));
}

#[test]
fn a_proof_of_scores_as_text() {
    let (_, _, _, certificate) = cases().remove(6);
    let text = certificate.to_string();
    let expected = "\
PROVED: at the inputs of the scores, the float network thresholded at 1/2 equals the binarized network for every binary input.
Each of 3 scores is within 0.0050 of that of the binarized network: the class is the same whenever its two best scores differ by more than 0.0100.
";
    assert!(text.starts_with(expected), "{text}");
    assert!(text.contains("layer 3, neuron 2: complement of union of 3, margin"), "{text}");
}

#[test]
fn a_refutation_as_text() {
    let (_, _, _, certificate) = cases().remove(4);
    let expected = "\
REFUTED: the float network thresholded at 1/2 and the binarized network differ.
2 of 2 neurons fail; those behind one that fails are judged as if it were repaired.
  layer 1, output 1, input 1: not what it is binarized to; no operator: the dilation by 3 misses by 0.5000
  layer 2, output 1, input 1: not what it is binarized to; no operator: the dilation by 3 misses by 0.5000
On this input, border replicate, output 1 at row 0, column 1 is 0.012115052942989072 in the float network and 1 in the binarized one:

    #.
";
    assert_eq!(certificate.to_string(), expected);
}
