//! Ordinary networks on the command line.

mod common;

use common::program::strel;
use common::shapes;

#[test]
fn an_ordinary_network_ends_in_scores_and_is_no_network_of_operators() {
    let folder = tempfile::tempdir().unwrap();
    shapes::write_shapes(&folder.path().join("data/mnist"));
    let settings = [
        "data.mnist.folder=data/mnist",
        "network.layers=[{ dense = 8 }]",
        "training.steps=20",
        "training.log-every=10",
    ];
    let settings = settings.iter().flat_map(|setting| ["--set", setting]);
    let train = ["train", "mnist-baseline", "--out", "run"].into_iter().chain(settings);
    let output = strel(folder.path(), &train.collect::<Vec<_>>());
    let [told, said] =
        [&output.stdout, &output.stderr].map(|text| String::from_utf8_lossy(text).into_owned());
    assert!(output.status.success(), "{said}");
    assert!(said.contains("step 10/20: loss") && !said.contains("neurons settled"), "{said}");
    let first = told.lines().next().unwrap();
    assert!(first.starts_with("test accuracy on 60 samples: float "), "{told}");
    // 64 bits a neuron, two numbers to normalise it, and the scores of three classes.
    let size = 8 * 64 / 8 + 8 * 2 * 4 + 3 * 9 * 4;
    let end = format!("% (weights of 1 bits, activations of 1, {size} bytes in all)");
    assert!(first.contains(", as deployed ") && first.ends_with(&end), "{told}");
    assert!(!told.contains("certificate") && told.contains("report: run/report.html"), "{told}");

    let again = strel(folder.path(), &["train", "run", "--resume", "--json"]);
    let summary: serde_json::Value = serde_json::from_slice(&again.stdout).unwrap();
    assert_eq!(summary["deployed_bytes"], size);
    for command in ["eval", "certify", "binarize", "show"] {
        let output = strel(folder.path(), &[command, "run"]);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(said.contains("ordinary one (`baseline`)"), "{command}: {said}");
        assert_eq!(output.status.code(), Some(2), "{command}");
    }
}

#[test]
fn a_backend_that_was_not_built_is_named() {
    if cfg!(feature = "wgpu") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let output = strel(folder.path(), &["train", "noisti", "--set", "backend=wgpu"]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2));
    assert!(said.contains("`backend` is wgpu") && said.contains("--features wgpu"), "{said}");
    assert!(!folder.path().join("runs").exists(), "nothing was written");
}
