//! Proof that nothing is lost by binarization.

use strel_theory::{Activation, AlmostBinary, Fit, InputBounds, Neuron, Threshold, activation};

use crate::certificate::{Certificate, NearestOperator, NeuronReport, Verdict};
use crate::float_network::FloatNeuron;
use crate::{FloatBisel, FloatNetwork, Place};

/// The unit roundoff of `f32`.
const UNIT_ROUNDOFF: f64 = f32::EPSILON as f64 / 2.0;

/// More than the error of a program's xi(u) in `f32`, its argument's rounding included.
const THRESHOLD_ERROR: f64 = 16.0 * UNIT_ROUNDOFF;

/// Tries to prove that a float network, thresholded at 1/2, equals its exact binarization for every
/// binary input of every size.
///
/// The outputs of a layer are almost binary: no value lies between two bounds. A neuron that is
/// activated within the bounds of its inputs is its operator for all of them, and its own output
/// bounds follow by the chain rule (Aouad & Talbot 2023). If that holds for every neuron, the claim
/// is proved, and [`binarize`](crate::binarize) by the exact method gives the equal network.
///
/// The bounds leave room for rounding: the claim holds for every program that sums in `f32`, in any
/// order, with or without fused multiply-add, and whose xi is within 10^-6 of the exact one, as well as
/// for [`FloatNetwork::forward`].
///
/// A network that is not proved may still be equal: bounds are taken for each neuron alone, as if
/// all its inputs could be their worst at once.
///
/// # Cost
/// O(n log n) for a neuron of n weights.
///
/// ```
/// use strel_image::Border;
/// use strel_network::{FloatBisel, FloatNetwork, NeuronBank, certify};
/// use strel_theory::Threshold;
///
/// let layer = |bias| FloatBisel {
///     inputs: 1,
///     outputs: 1,
///     kernel: (1, 3),
///     bise: NeuronBank { weights: vec![1.0; 3], bias: vec![bias], scale: vec![4.0] },
///     lui: None,
/// };
/// let network = |layers| FloatNetwork::new(Border::Replicate, Threshold::Tanh, layers);
/// assert!(certify(&network(vec![layer(2.5), layer(0.5)])?).is_proved());
///
/// let certificate = certify(&network(vec![layer(2.5), layer(1.25)])?);
/// let first = certificate.failures().next().unwrap();
/// assert_eq!(first.place.to_string(), "layer 2, output 1, input 1");
/// // The outputs of layer 1 do not reach 1, which costs a little more than 1/4.
/// assert!((0.25..0.3).contains(&first.miss()));
/// # Ok::<(), strel_network::NetworkError>(())
/// ```
pub fn certify(network: &FloatNetwork) -> Certificate {
    let mut proof = Proof { threshold: network.threshold(), neurons: Vec::new() };
    let mut channels = vec![AlmostBinary::BINARY; network.inputs()];
    for (index, layer) in network.layers().iter().enumerate() {
        channels = (0..layer.outputs)
            .map(|output| proof.output_channel(index, layer, output, &channels))
            .collect();
    }
    let proved = proof.neurons.iter().all(|neuron| neuron.output_bounds.is_some());
    Certificate {
        verdict: if proved { Verdict::Proved } else { Verdict::NotProved },
        neurons: proof.neurons,
    }
}

/// The neurons so far.
struct Proof {
    threshold: Threshold,
    neurons: Vec<NeuronReport>,
}

impl Proof {
    /// The bounds of an output channel for the bounds of the layer's input channels.
    fn output_channel(
        &mut self,
        layer: usize,
        weights: &FloatBisel,
        output: usize,
        channels: &[AlmostBinary],
    ) -> AlmostBinary {
        let results: Vec<AlmostBinary> = channels
            .iter()
            .enumerate()
            .map(|(input, &bounds)| {
                let neuron = weights.bise_neuron(output, input);
                self.neuron(
                    Place::bise(layer, output, input),
                    &neuron,
                    &vec![bounds; weights.window()],
                )
            })
            .collect();
        match weights.lui_neuron(output) {
            Some(lui) => self.neuron(Place::lui(layer, output), &lui, &results),
            None => results[0],
        }
    }

    /// The output bounds of a neuron for the bounds of its inputs; binary ones if it fails.
    fn neuron(
        &mut self,
        place: Place,
        neuron: &FloatNeuron,
        inputs: &[AlmostBinary],
    ) -> AlmostBinary {
        let neuron = neuron.view();
        let fit = rounded(&neuron, nearest(&neuron, inputs));
        let output = output_bounds(&neuron, &fit, self.threshold);
        let finite = |value: f64| value.is_finite().then_some(value);
        self.neurons.push(NeuronReport {
            place,
            operator: NearestOperator::from(&fit.operator),
            input_bounds: loosest(inputs),
            lower: finite(fit.lower),
            upper: finite(fit.upper),
            bias: neuron.bias(),
            scale: neuron.scale(),
            margin: finite(fit.margin),
            output_bounds: output.map(|bounds| (bounds.low(), bounds.high())),
        });
        output.unwrap_or(AlmostBinary::BINARY)
    }
}

/// The operator that a neuron is, or comes nearest to.
fn nearest(neuron: &Neuron, inputs: &[AlmostBinary]) -> Fit {
    match activation(neuron, InputBounds::Each(inputs)).expect("one pair of bounds a weight") {
        Activation::Activated(fit) => fit,
        Activation::NotActivated { dilation, erosion } if dilation.margin >= erosion.margin => {
            dilation
        }
        Activation::NotActivated { erosion, .. } => erosion,
    }
}

/// The fit for W.x computed in `f32`.
fn rounded(neuron: &Neuron, fit: Fit) -> Fit {
    let error = summation_error(neuron);
    Fit {
        lower: fit.lower + error,
        upper: fit.upper - error,
        // NaN, an infinite margin less an infinite error, counts as the worst margin there is.
        margin: (fit.margin - error).max(f64::MIN),
        ..fit
    }
}

/// A bound on the error of W.x - b in `f32`; infinite if it could overflow.
fn summation_error(neuron: &Neuron) -> f64 {
    let weights = neuron.weights();
    let largest = weights.iter().map(|weight| weight.abs()).sum::<f64>() + neuron.bias().abs();
    if largest > f64::from(f32::MAX) / 2.0 {
        return f64::INFINITY;
    }
    // Each product may underflow.
    let underflow = (weights.len() + 1) as f64 * f64::from(f32::MIN_POSITIVE);
    neuron.evaluation_error(UNIT_ROUNDOFF) + underflow
}

/// The chain rule, with room for the rounding of xi.
fn output_bounds(neuron: &Neuron, fit: &Fit, threshold: Threshold) -> Option<AlmostBinary> {
    if fit.margin <= 0.0 {
        return None;
    }
    let exact = fit.output_bounds(neuron, threshold).ok()?;
    if neuron.scale() == 0.0 {
        // xi(0) = 1/2 is exact in any arithmetic.
        return Some(exact);
    }
    let bounds = exact.widen(THRESHOLD_ERROR).ok()?;
    (bounds.low() < 0.5 && 0.5 < bounds.high()).then_some(bounds)
}

/// The bounds that hold for all inputs.
fn loosest(inputs: &[AlmostBinary]) -> (f64, f64) {
    inputs.iter().fold((0.0, 1.0), |(low, high), bounds| {
        (f64::max(low, bounds.low()), f64::min(high, bounds.high()))
    })
}
