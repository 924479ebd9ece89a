//! The checker accepts what is certified, and nothing else.

mod damage;
mod mutations;
mod networks;

use proptest::prelude::*;
use strel_image::Border;
use strel_network::{
    Certificate, CertifyBudget, CheckFailure, FloatBisel, Network, NeuronBank, Verdict, binarize,
    binarize_lossless, certify, check,
};
use strel_theory::{ConstantRule, LosslessBudget, Method, Metric};

use crate::random;
use networks::{cases, chain, layer};

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

#[test]
fn every_verdict_is_reached_and_accepted() {
    for (verdict, float, network, certificate) in cases() {
        assert_eq!(certificate.verdict, verdict, "{certificate}");
        check(&certificate, &float, &network).unwrap();
    }
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
