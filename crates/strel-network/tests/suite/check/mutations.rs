//! Certificates that were changed, place by place.

use serde_json::Value;
use strel_network::{Certificate, check};

use super::networks::cases;

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
