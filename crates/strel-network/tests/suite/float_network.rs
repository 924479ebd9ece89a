//! The float network's formulas on small cases, and what its constructor refuses.

use strel_image::{BitImage, Border};
use strel_network::{FloatBisel, FloatNetwork, NeuronBank, Plane};
use strel_theory::Threshold;

use crate::random::one_neuron;

#[test]
fn a_neuron_correlates_from_the_middle_of_its_window() {
    // Even and odd: the origin of 2x3 is (1, 1).
    let weights = [0.0, 0.0, 4.0, 2.0, 0.0, 0.0];
    let network = one_neuron(Border::Zero, (2, 3), &weights, 1.0, 0.5);
    let image: BitImage = "
        ....
        .#..
        ....
    "
    .parse()
    .unwrap();
    let y = network.forward(&[Plane::from(&image)]).unwrap().remove(0);
    let xi = |sum: f64| Threshold::Tanh.value(0.5 * (sum - 1.0));
    assert_eq!(y.get(2, 0), xi(4.0), "x(i + (-1, 1))");
    assert_eq!(y.get(1, 2), xi(2.0), "x(i + (0, -1))");
    assert_eq!(y.get(0, 0), xi(0.0));
    assert_eq!(y.threshold(), network.forward_hard(&[image]).unwrap()[0]);
}

#[test]
fn borders() {
    let read = |border| {
        let network = one_neuron(border, (1, 3), &[1.0, 0.0, 0.0], 0.5, 1.0);
        let images: [BitImage; 2] = ["#.#".parse().unwrap(), "..#".parse().unwrap()];
        images.map(|image| network.forward_hard(&[image]).unwrap()[0].to_string())
    };
    assert_eq!(read(Border::Replicate), ["##.", "..."]);
    assert_eq!(read(Border::Zero), [".#.", "..."]);
    assert_eq!(read(Border::One), ["##.", "#.."]);
}

#[test]
fn the_lui_reads_the_results_of_its_output() {
    let bise = NeuronBank {
        // [outputs 2, inputs 2, 1, 1]
        weights: vec![1.0, 2.0, 3.0, 4.0],
        bias: vec![0.1, 0.2, 0.3, 0.4],
        scale: vec![1.0, -1.0, 2.0, -2.0],
    };
    let lui = NeuronBank {
        weights: vec![0.5, 0.25, 1.0, 2.0],
        bias: vec![0.6, 0.7],
        scale: vec![3.0, -3.0],
    };
    let layer = FloatBisel { inputs: 2, outputs: 2, kernel: (1, 1), bise, lui: Some(lui) };
    let network = FloatNetwork::new(Border::One, Threshold::Erf, vec![layer]).unwrap();
    let x = [0.25, 0.75];
    let planes = x.map(|value| Plane::new(1, 1, vec![value]).unwrap());
    let y = network.forward(&planes).unwrap();
    let xi = |u: f64| Threshold::Erf.value(u);
    let wide = |value: f32| f64::from(value);
    let z = [xi(2.0 * (3.0 * x[0] - wide(0.3))), xi(-2.0 * (4.0 * x[1] - wide(0.4)))];
    let expected = xi(-3.0 * (z[0] + 2.0 * z[1] - wide(0.7)));
    assert!((y[1].get(0, 0) - expected).abs() < 1e-15);
}

#[test]
fn a_tie_is_0_whatever_the_sign_of_p() {
    let image: BitImage = "#".parse().unwrap();
    for scale in [-1.0, 0.0, 1.0] {
        let network = one_neuron(Border::Zero, (1, 1), &[1.0], 1.0, scale);
        assert_eq!(network.forward_hard(std::slice::from_ref(&image)).unwrap()[0].to_string(), ".");
        let y = network.forward(&[Plane::from(&image)]).unwrap();
        assert_eq!(y[0].values(), [0.5]);
    }
}

#[test]
fn malformed_networks_are_refused() {
    let bank = |neurons: usize, size: usize| NeuronBank {
        weights: vec![1.0; neurons * size],
        bias: vec![0.5; neurons],
        scale: vec![1.0; neurons],
    };
    let layer = |inputs, outputs| FloatBisel {
        inputs,
        outputs,
        kernel: (3, 2),
        bise: bank(inputs * outputs, 6),
        lui: (inputs > 1).then(|| bank(outputs, inputs)),
    };
    let made = |layers| FloatNetwork::new(Border::Zero, Threshold::Tanh, layers);
    let refused = |layers| made(layers).unwrap_err().to_string();
    assert!(made(vec![layer(1, 3), layer(3, 2), layer(2, 1)]).is_ok());
    assert_eq!(refused(vec![]), "the network has no layer");
    assert_eq!(
        refused(vec![layer(1, 3), layer(2, 1)]),
        "layer 2 reads 2 channels, but the layer before it gives 3"
    );
    let changed = |change: fn(&mut FloatBisel)| {
        let mut bad = layer(3, 2);
        change(&mut bad);
        refused(vec![layer(1, 3), bad])
    };
    assert_eq!(
        changed(|bad| bad.bise.weights[6 * 4 + 1] = f32::NAN),
        "layer 2, output 2, input 2: the weight is NaN, expected a finite number"
    );
    assert_eq!(
        changed(|bad| bad.lui.as_mut().unwrap().bias[1] = f32::INFINITY),
        "layer 2, output 2, LUI: the bias is inf, expected a finite number"
    );
    assert_eq!(
        changed(|bad| bad.bise.scale[2] = f32::NEG_INFINITY),
        "layer 2, output 1, input 3: the scale is -inf, expected a finite number"
    );
    assert_eq!(
        changed(|bad| bad.bise.scale.truncate(5)),
        "layer 2: number of scales is 5, expected 1 for each of 6 neurons"
    );
    assert_eq!(
        changed(|bad| bad.kernel.1 = 0),
        "layer 2: kernel's columns is 0, expected at least 1"
    );
    assert!(changed(|bad| bad.kernel = (usize::MAX, 2)).contains("any memory"));
    assert!(changed(|bad| bad.lui = None).starts_with("layer 2 lacks LUI neurons"));
    let mut idle = layer(1, 1);
    idle.lui = Some(bank(1, 1));
    assert!(refused(vec![idle]).starts_with("layer 1 has LUI neurons"));
    let neutral = FloatNetwork::new(Border::Neutral, Threshold::Tanh, vec![layer(1, 1)]);
    assert!(neutral.unwrap_err().to_string().contains("neutral"));
}
