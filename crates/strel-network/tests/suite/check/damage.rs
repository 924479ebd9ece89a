//! Damaged files, and forged bounds of scores.

use strel_network::{Certificate, CheckFailure, FloatLayer, binarize, certify, check};
use strel_theory::Method;

use super::budget;
use super::networks::{cases, chain, classifier};

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
