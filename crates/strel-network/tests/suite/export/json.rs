//! The operators as JSON.

use std::process::Command;

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use strel_network::export::{OPERATORS_SCHEMA, from_json, to_json};

use super::tools::{python, python_has, run};
use crate::classify;
use crate::show::{formulas, sticks};
use crate::{architecture, random};

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn networks_are_read_back(network in random::network()) {
        prop_assert_eq!(from_json(&to_json(&network)).unwrap(), network);
    }

    #[test]
    fn networks_of_all_layers_are_read_back((network, _) in architecture::network()) {
        prop_assert_eq!(from_json(&to_json(&network)).unwrap(), network);
    }
}

/// What is said to the JSON of a network in which text was replaced.
fn refused(from: &str, to: &str) -> String {
    let text = to_json(&sticks());
    assert!(text.contains(from), "{text}");
    from_json(&text.replacen(from, to, 1)).unwrap_err().to_string()
}

#[test]
fn wrong_text_is_refused_with_its_place() {
    let error = from_json("{}").unwrap_err().to_string();
    assert_eq!(error, "no network in JSON: missing field `format` at line 1 column 2");
    assert_eq!(
        refused("strel.operators", "other.operators"),
        "the format is other.operators, expected strel.operators"
    );
    assert!(refused("\"version\": 1", "\"version\": 2").contains("a newer strel may read it"));
    assert!(
        refused("\"border\": \"", "\"border\": \"un").contains("metadata \"border\": a border")
    );
    assert!(refused("\"inputs\": 1", "\"inputs\": -1").contains("line 8 column"));
    assert!(refused("\"inputs\": 1", "\"surplus\": 1").contains("unknown field `surplus`"));
    assert!(refused("\"union\": \"#", "\"union\": \"+").contains("expected # or ."));
    assert!(refused("\"union\": \"#", "\"union\": \"").contains("number of member entries"));
    assert!(refused("O", "OO").starts_with("layer 1, output 1, input 1: "));
}

#[test]
fn wrong_weights_are_refused() {
    let text = to_json(&classify::classifier().1);
    let surplus =
        text.replacen("\"weights\": [\n          [", "\"weights\": [\n          [ 1.0,", 1);
    assert_ne!(text, surplus);
    let error = from_json(&surplus).unwrap_err().to_string();
    assert_eq!(error, "metadata \"layer 3\": a class has 3 weights, expected 2");
    let text = to_json(&formulas());
    let ragged = text.replacen("                        0\n", "                        0, 0\n", 1);
    assert_ne!(text, ragged, "{text}");
    let error = from_json(&ragged).unwrap_err().to_string();
    assert!(error.ends_with("the rows of the gate's weights differ in length"), "{error}");
}

/// Networks of all kinds of layers, and texts that are none, against the schema.
#[test]
fn the_schema_says_what_is_written() {
    if !python_has("jsonschema") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write("schema", OPERATORS_SCHEMA);
    let mut runner = TestRunner::deterministic();
    for index in 0..40 {
        let (network, _) = architecture::network().new_tree(&mut runner).unwrap().current();
        let text = to_json(&network);
        write(&format!("good{index}"), &text);
        write(&format!("bad{index}"), &text.replacen("\"border\"", "\"edge\"", 1));
    }
    write("goodformulas", &to_json(&formulas()));
    write("goodclasses", &to_json(&classify::classifier().1));
    let script = "\
import glob, json, jsonschema
validator = jsonschema.Draft202012Validator(json.load(open('schema')))
validator.check_schema(validator.schema)
for name in glob.glob('good*'):
    validator.validate(json.load(open(name)))
for name in glob.glob('bad*'):
    assert not validator.is_valid(json.load(open(name))), name
";
    run(Command::new(python()).args(["-c", script]).current_dir(folder.path()));
}
