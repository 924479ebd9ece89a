//! `strel bench`: the shape of what it prints, never a time.

use std::fs;
use std::process::Command;

use serde_json::Value;

#[test]
fn bench_binarize_prints_every_size_and_projection() {
    let folder = tempfile::tempdir().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_strel"))
        .current_dir(folder.path())
        .args(["bench", "binarize", "--json", "--quick", "--values", "values.json"])
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let report: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(report["machine"]["threads"], 1);
    assert!(report["machine"]["cpu"].is_string());
    let timed = |key: &str| -> Vec<(u64, String)> {
        let each = |rate: &Value| {
            let number = |key: &str| rate[key].as_f64().unwrap();
            assert!(
                0.0 < number("min_seconds") && number("min_seconds") <= number("median_seconds")
            );
            assert!(number("neurons_per_second") > 0.0);
            (rate["inputs"].as_u64().unwrap(), rate["projection"].as_str().unwrap().to_owned())
        };
        report[key].as_array().unwrap().iter().map(each).collect()
    };
    let mut wanted = Vec::new();
    for inputs in [9, 25, 49, 784] {
        let names = ["constant", "activable dual", "activable centred", "activable euclidean"];
        wanted.extend(names.map(|name| (inputs, name.to_owned())));
        wanted.extend((inputs <= 25).then(|| (inputs, "lossless".to_owned())));
    }
    assert_eq!(timed("rates"), wanted);
    assert_eq!(timed("layers"), [(784, wanted[1].1.clone()), (784, wanted[2].1.clone())]);

    let values = fs::read(folder.path().join("values.json")).unwrap();
    let values: Value = serde_json::from_slice(&values).unwrap();
    for value in values.as_array().unwrap() {
        assert_eq!(value["weights"].as_array().unwrap().len() as u64, value["inputs"]);
        assert!(value["bias"].is_f64() && value["distance"].as_f64().unwrap() >= 0.0);
    }
}
