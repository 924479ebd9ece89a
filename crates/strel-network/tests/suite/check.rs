//! The checker accepts what is certified, and nothing else.

use proptest::prelude::*;
use serde_json::Value;
use strel_image::Border;
use strel_network::{
    Certificate, CertifyBudget, CheckFailure, FloatBisel, FloatNetwork, Network, NeuronBank,
    Verdict, binarize, binarize_lossless, certify, check,
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

fn chain(layers: Vec<FloatBisel>) -> FloatNetwork {
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

/// Networks of every verdict.
fn cases() -> Vec<(Verdict, FloatNetwork, Network, Certificate)> {
    let majority = || layer([1.0, 1.0, 1.0], 1.5, 9.0);
    let lossless = |float: &FloatNetwork| binarize_lossless(float, LosslessBudget::default());
    let nearest = |float: &FloatNetwork| binarize(float, CONSTANT);
    type Binarize = dyn Fn(&FloatNetwork) -> Result<Network, strel_network::NetworkError>;
    let cases: [(Verdict, FloatNetwork, &Binarize, usize); 6] = [
        (Verdict::Proved, chain(vec![layer([1.0, 0.1, 2.0], 0.5, 20.0); 2]), &nearest, 500),
        (Verdict::Proved, two_channels(), &nearest, 500),
        (Verdict::ProvedHard, chain(vec![majority(), layer([1.0; 3], 0.5, 20.0)]), &lossless, 500),
        (Verdict::ProvedHard, chain(vec![layer([1.0; 3], 2.5, 0.5); 2]), &nearest, 0),
        (Verdict::Refuted, chain(vec![majority(), majority()]), &nearest, 500),
        (Verdict::Open, chain(vec![majority(), majority()]), &nearest, 0),
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
        replace(at("place"), serde_json::json!({ "neuron": "lui", "layer": 1, "output": 1 }));
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
