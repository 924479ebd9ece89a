//! The float network of given operators.

use proptest::prelude::*;
use strel_image::Border;
use strel_network::{
    Bisel, CertifyBudget, Combination, CombinationRule, Exactness, Layer, MorphologicalNeuron,
    Network, NetworkError, Operator, Verdict, binarize, certify, check,
};
use strel_theory::{Method, Threshold};

use crate::random;

/// The network with what is no neuron replaced by what is.
fn simple(network: &Network) -> Network {
    let layers = network.layers().iter().filter_map(Layer::bisel).map(|bisel| {
        let mut bisel = bisel.clone();
        for channel in &mut bisel.outputs {
            channel.neurons.iter_mut().for_each(simplify);
            let combination = &mut channel.combination;
            combination.exactness = Exactness::Activated;
            if matches!(combination.rule, CombinationRule::Gate(_)) {
                combination.rule = CombinationRule::Constant(true);
            }
            if bisel.inputs == 1 {
                *combination = Combination::identity();
            }
        }
        Layer::Bisel(bisel)
    });
    Network::new(network.border(), layers.collect()).unwrap()
}

fn simplify(neuron: &mut MorphologicalNeuron) {
    neuron.exactness = Exactness::Activated;
    neuron.operator = match &neuron.operator {
        Operator::UnionOfErosions(elements) => Operator::Erosion(elements[0].clone()),
        Operator::IntersectionOfDilations(elements) => Operator::Dilation(elements[0].clone()),
        Operator::Gate(_) => Operator::Constant(false),
        other => other.clone(),
    };
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn is_proved_equal(
        network in random::network(),
        threshold in prop::sample::select(Threshold::ALL.to_vec()),
    ) {
        let network = simple(&network);
        let float = network.to_float(threshold).unwrap();
        let certificate = certify(&float, &network, CertifyBudget::default()).unwrap();
        prop_assert_eq!(certificate.verdict, Verdict::Proved);
        prop_assert!(check(&certificate, &float, &network).is_ok());
        // The same operators, up to constants that are written in two ways.
        let again = binarize(&float, Method::Exact).unwrap();
        let certificate = certify(&float, &again, CertifyBudget::default()).unwrap();
        prop_assert_eq!(certificate.verdict, Verdict::Proved);
    }
}

#[test]
fn names_what_is_no_neuron() {
    let union = Operator::UnionOfErosions(vec!["O#".parse().unwrap(), "#O".parse().unwrap()]);
    let layer = Layer::Bisel(Bisel::one_to_one(MorphologicalNeuron::activated(union)));
    let network = Network::new(Border::Zero, vec![layer]).unwrap();
    let error = network.to_float(Threshold::Tanh).unwrap_err().to_string();
    assert!(error.starts_with("layer 1, output 1, input 1 is a union of erosions"), "{error}");

    let pool = Network::new(Border::Zero, vec![Layer::MaxPool { channels: 1 }]).unwrap();
    let result = pool.to_float(Threshold::Tanh);
    assert!(matches!(result, Err(NetworkError::NotBisel { .. })));
}
