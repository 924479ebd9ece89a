//! Certificates against float networks in `f64` and `f32`, and their text.

use proptest::prelude::*;
use strel_image::{BitImage, Border};
use strel_network::{
    Certificate, CertifyBudget, FloatBisel, FloatDense, FloatLayer, FloatNetwork, NeuronBank,
    Place, Plane, Shape, Verdict, binarize, binarize_lossless,
};
use strel_theory::{ConstantRule, LosslessBudget, Method, Threshold};

use crate::random::{self, one_neuron};

/// The certificate of the nearest network, without a search.
fn certify(float: &FloatNetwork) -> Certificate {
    let network = binarize(float, Method::Constant(ConstantRule::Exact)).unwrap();
    let budget = CertifyBudget { patches: 0, ..Default::default() };
    strel_network::certify(float, &network, budget).unwrap()
}

/// The thresholded outputs of a network of one channel a layer, computed in `f32`.
fn forward_f32(network: &FloatNetwork, image: &BitImage) -> BitImage {
    let (height, width) = image.size();
    let xi = |u: f32| u.tanh() / 2.0 + 0.5;
    let mut x: Vec<f32> = image.pixels().map(|pixel| f32::from(u8::from(pixel))).collect();
    for layer in network.layers() {
        let FloatLayer::Bisel(layer) = layer else { panic!("a BiSEL layer") };
        let (rows, cols) = layer.kernel;
        let y = |row: usize, col: usize| {
            let mut sum = 0.0;
            for (k, &weight) in layer.bise.weights.iter().enumerate() {
                let place = |start: usize, step: usize, origin: usize, end: usize| {
                    (start as isize + step as isize - origin as isize).clamp(0, end as isize - 1)
                };
                let i = place(row, k / cols, rows / 2, height) as usize;
                let j = place(col, k % cols, cols / 2, width) as usize;
                sum += weight * x[i * width + j];
            }
            xi(layer.bise.scale[0] * (sum - layer.bise.bias[0]))
        };
        x = (0..height * width).map(|index| y(index / width, index % width)).collect();
    }
    BitImage::from_fn(height, width, |row, col| x[row * width + col] > 0.5)
}

/// A layer of 2x2 whose bias lies at `place` (0 to 1) of the interval in which the neuron is a
/// dilation, or an erosion, by the pixels of its large weights.
fn layer(inside: &[Option<f32>], erosion: bool, place: f32, scale: f32) -> FloatBisel {
    let weights: Vec<f32> = inside.iter().map(|weight| weight.unwrap_or(0.05)).collect();
    let outside = 0.05 * inside.iter().filter(|weight| weight.is_none()).count() as f32;
    let least = inside.iter().flatten().fold(f32::INFINITY, |least, &weight| least.min(weight));
    let dual = outside + place * (least - outside);
    let sum: f32 = weights.iter().sum();
    FloatBisel {
        inputs: 1,
        outputs: 1,
        kernel: (2, 2),
        bise: NeuronBank {
            weights,
            bias: vec![if erosion { sum - dual } else { dual }],
            scale: vec![scale],
        },
        lui: None,
    }
}

fn layers() -> impl Strategy<Value = Vec<FloatBisel>> {
    let inside = proptest::collection::vec(proptest::option::weighted(0.7, 0.3..2.0_f32), 4)
        .prop_filter("no large weight", |inside| inside.iter().any(Option::is_some));
    let place = prop_oneof![Just(0.5_f32), 0.0..1.0_f32, Just(1e-7)];
    let scale = prop_oneof![2.0..30.0_f32, -30.0..-2.0_f32];
    let layer = (inside, any::<bool>(), place, scale)
        .prop_map(|(inside, erosion, place, scale)| layer(&inside, erosion, place, scale));
    proptest::collection::vec(layer, 1..4)
}

/// All binary images of 3x4: they show each neuron of 2x2 every patch.
fn all_images() -> impl Iterator<Item = BitImage> {
    (0..1 << 12).map(|bits| BitImage::from_fn(3, 4, |row, col| bits >> (4 * row + col) & 1 == 1))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn what_is_proved_holds(layers in layers()) {
        let float = FloatNetwork::new(Border::Replicate, Threshold::Tanh, layers).unwrap();
        let certificate = certify(&float);
        prop_assert_eq!(certificate.is_proved(), certificate.failures().count() == 0);
        if certificate.is_proved() {
            let network = binarize(&float, Method::Exact).unwrap();
            for image in all_images() {
                let expected = network.apply_one(&image).unwrap();
                let y = float.forward(&[Plane::from(&image)]).unwrap();
                prop_assert_eq!(&y[0].threshold(), &expected);
                prop_assert_eq!(&forward_f32(&float, &image), &expected);
            }
        }
    }

    #[test]
    fn bounds_hold_in_networks_of_several_channels(
        (float, images) in random::float_network().prop_flat_map(|network| {
            let images = random::images(network.inputs());
            (Just(network), images)
        })
    ) {
        let certificate = certify(&float);
        let json = certificate.to_json();
        prop_assert_eq!(&Certificate::from_json(json.as_bytes()).unwrap(), &certificate);
        if certificate.is_proved() {
            let planes: Vec<Plane> = images.iter().map(Plane::from).collect();
            let y = float.forward(&planes).unwrap();
            let hard = binarize(&float, Method::Exact).unwrap().apply(&images).unwrap();
            let soft: Vec<BitImage> = y.iter().map(Plane::threshold).collect();
            prop_assert_eq!(soft, hard);
        }
    }
}

/// A layer of 2x2 with ties, which is seldom activated.
fn any_layer() -> impl Strategy<Value = FloatBisel> {
    let weights = proptest::collection::vec(-1..4_i32, 4);
    (weights, -2..8_i32, prop::sample::select(vec![-5.0_f32, 0.0, 5.0])).prop_map(
        |(weights, bias, scale)| FloatBisel {
            inputs: 1,
            outputs: 1,
            kernel: (2, 2),
            bise: NeuronBank {
                weights: weights.into_iter().map(|weight| weight as f32 / 2.0).collect(),
                bias: vec![bias as f32 / 2.0],
                scale: vec![scale],
            },
            lui: None,
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn lossless_networks_are_proved_hard(
        layers in proptest::collection::vec(any_layer(), 1..3),
        border in random::border(),
    ) {
        let float = FloatNetwork::new(border, Threshold::Erf, layers).unwrap();
        let network = binarize_lossless(&float, LosslessBudget::default()).unwrap();
        let certificate =
            strel_network::certify(&float, &network, CertifyBudget::default()).unwrap();
        let proved = matches!(certificate.verdict, Verdict::Proved | Verdict::ProvedHard);
        prop_assert!(proved, "{}", certificate);
        for image in all_images() {
            let hard = float.forward_hard(std::slice::from_ref(&image)).unwrap().remove(0);
            prop_assert_eq!(network.apply_one(&image).unwrap(), hard);
            // Where the search found no difference, there is none on these images.
            if certificate.difference.is_none() {
                let y = float.forward(&[Plane::from(&image)]).unwrap();
                prop_assert_eq!(y[0].threshold(), network.apply_one(&image).unwrap());
            }
        }
    }
}

#[test]
fn many_networks_are_proved() {
    let steady = |scale| {
        let inside = [Some(1.0), None, Some(1.0), Some(1.0)];
        let layers = vec![layer(&inside, true, 0.5, scale), layer(&inside, false, 0.5, -scale)];
        certify(&FloatNetwork::new(Border::Replicate, Threshold::Tanh, layers).unwrap())
    };
    assert_eq!(steady(8.0).verdict, Verdict::Proved);
    // Vague outputs of layer 1: activated on binary inputs, but not on these.
    let vague = steady(0.5);
    let failures: Vec<Place> = vague.failures().map(|neuron| neuron.place).collect();
    assert_eq!(failures, [Place::Bise { layer: 2, output: 1, input: 1 }]);
    assert_eq!(vague.verdict, Verdict::ProvedHard);
    assert!(vague.to_string().contains("1 of 2 neurons fail"), "{vague}");
}

#[test]
fn an_activation_within_rounding_is_no_proof() {
    let weights: Vec<f32> = [0.1; 8].into_iter().chain([1.0]).collect();
    let outside: f64 = weights[..8].iter().map(|&weight| f64::from(weight)).sum();
    let bias = outside as f32;
    let nearby = |ulps: u32| {
        let bias = f32::from_bits(bias.to_bits() + ulps);
        one_neuron(Border::Zero, (3, 3), &weights, bias, 5.0)
    };
    assert!(binarize(&nearby(2), Method::Exact).is_ok());
    let certificate = certify(&nearby(2));
    assert!(!certificate.is_proved());
    assert!((0.0..1e-5).contains(&certificate.neurons[0].miss()));
    assert!(certify(&nearby(1000)).is_proved());
}

#[test]
fn overflow_and_tiny_scales_are_no_proof() {
    let huge = one_neuron(Border::Zero, (1, 2), &[3e38, 3e38], 1.0, 0.0);
    assert!(!certify(&huge).is_proved());
    let flat = certify(&one_neuron(Border::Zero, (1, 1), &[1.0], 0.5, 1e-9));
    assert!(!flat.is_proved());
    assert!(flat.to_string().contains("dilation by 1, but p = 1.00e-9 leaves"), "{flat}");
    assert_eq!(flat.failures().next().unwrap().miss(), 0.0);
    let silent = certify(&one_neuron(Border::Zero, (1, 1), &[1.0], 0.5, 0.0));
    assert!(silent.is_proved());
    assert!(silent.to_string().contains("constant 0 whatever its bias"), "{silent}");
}

#[test]
fn text_and_file() {
    let layer = FloatBisel {
        inputs: 2,
        outputs: 1,
        kernel: (1, 2),
        bise: NeuronBank {
            weights: vec![1.0, 1.0, 1.0, 2.0],
            bias: vec![1.5, 0.5],
            scale: vec![5.0, -5.0],
        },
        lui: Some(NeuronBank { weights: vec![1.0, 1.0], bias: vec![0.5], scale: vec![5.0] }),
    };
    let network = FloatNetwork::new(Border::Zero, Threshold::Tanh, vec![layer]).unwrap();
    let certificate = certify(&network);
    let expected = "\
PROVED: the float network thresholded at 1/2 equals the binarized network for every binary input.
Smallest of 3 margins: 0.4866, layer 1, output 1, LUI.
  layer 1, output 1, input 1: erosion by 2, margin 0.5000, outputs outside ]0.0067, 0.9933[
  layer 1, output 1, input 2: complement of dilation by 2, margin 0.5000, outputs outside ]0.0067, 0.9933[
  layer 1, output 1, LUI: union of 2, margin 0.4866, outputs outside ]0.0076, 0.9928[
";
    assert_eq!(certificate.to_string(), expected);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("certificate.json");
    certificate.save(&path).unwrap();
    assert_eq!(Certificate::load(&path).unwrap(), certificate);
    let file: serde_json::Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    assert_eq!(file["format"], "strel.certificate");
    let json = &file["certificate"];
    assert_eq!(json["verdict"], "proved");
    assert_eq!(json["neurons"][1]["input_bounds"], serde_json::json!([0.0, 1.0]));
    assert_eq!(json["neurons"][1]["place"]["neuron"], "bise");
}

#[test]
fn a_difference_of_dense_layers_has_their_size() {
    let inputs = Shape { channels: 1, height: 3, width: 5 };
    let neurons = NeuronBank { weights: vec![1.0; 30], bias: vec![7.5; 2], scale: vec![9.0, -9.0] };
    let layers = [
        FloatLayer::MaxPool { channels: 1 },
        FloatLayer::Dense(FloatDense { inputs, outputs: 2, neurons }),
    ];
    let float = FloatNetwork::new(Border::Zero, Threshold::Tanh, layers).unwrap();
    let network = binarize(&float, Method::Constant(ConstantRule::Exact)).unwrap();
    let certificate = strel_network::certify(&float, &network, CertifyBudget::default()).unwrap();
    strel_network::check(&certificate, &float, &network).unwrap();
    let images = certificate.difference.unwrap().images().unwrap();
    assert_eq!(images[0].size(), (6, 10));
}

#[test]
fn long_lists_of_neurons_are_cut() {
    let neurons =
        NeuronBank { weights: vec![1.0; 200], bias: vec![0.5; 100], scale: vec![9.0; 100] };
    let inputs = Shape { channels: 1, height: 1, width: 2 };
    let layer = FloatLayer::Dense(FloatDense { inputs, outputs: 100, neurons });
    let float = FloatNetwork::new(Border::Zero, Threshold::Tanh, [layer]).unwrap();
    let text = certify(&float).to_string();
    assert!(text.ends_with("\n  and 36 more\n"), "{text}");
    assert_eq!(text.lines().count(), 2 + 64 + 1);
}
