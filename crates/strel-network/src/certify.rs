//! Proof that nothing is lost by binarization.

mod bounds;
mod compare;
mod equality;
mod scores;
mod search;
mod shrink;

use strel_theory::{AlmostBinary, LosslessBudget, LosslessNeuron, Threshold};

use crate::bank::FloatNeuron;
use crate::certificate::{
    Certificate, Equality, NearestOperator, NeuronReport, ScoreReport, Verdict,
};
use crate::{
    Bisel, Dense, FloatBisel, FloatDense, FloatLayer, FloatNetwork, Layer, Network, NetworkError,
    Place,
};
use bounds::{loosest, nearest, output_bounds, rounded};
use equality::{equality, of_combination, of_operator};

/// How much may be spent on a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CertifyBudget {
    /// What the network was binarized with, if by [`binarize_lossless`](crate::binarize_lossless):
    /// formulas for more than 12 inputs are derived again with it, and compared.
    pub lossless: LosslessBudget,
    /// The number of inputs that are tried in the search for a difference, and at most as many again
    /// to make it small. All binary inputs are tried if there are not more than this many for the
    /// pixels that an output pixel can depend on.
    pub patches: usize,
}

impl Default for CertifyBudget {
    /// The default lossless budget; 2^12 inputs.
    fn default() -> Self {
        Self { lossless: LosslessBudget::default(), patches: 1 << 12 }
    }
}

/// Tries to prove that a float network, thresholded at 1/2, equals a binarization of it for every
/// binary input of every size; else that this holds with hard thresholds in every neuron; else
/// searches for an input on which they differ.
///
/// - [`Verdict::Proved`]: the outputs of a layer are almost binary, no value lies between two bounds.
///   A neuron that is activated within the bounds of its inputs is its operator for all of them, and
///   its own output bounds follow by the chain rule (Aouad & Talbot 2023). The bounds leave room for
///   rounding: the claim holds for every program that sums in `f32`, in any order, with or without
///   fused multiply-add, and whose xi is within 10^-6 of the exact one, as well as for
///   [`FloatNetwork::forward`].
/// - [`Verdict::ProvedHard`]: every binarized neuron equals its float neuron on binary inputs, ties
///   included, so the binarized network equals [`FloatNetwork::forward_hard`].
/// - [`Verdict::Refuted`]: on some input [`FloatNetwork::forward`], thresholded, differs. The input
///   is small: without any of its outer rows and columns, and without any one of its pixels, there
///   is no difference, or the budget was spent.
/// - [`Verdict::Open`]: none of these. The networks may still be equal: bounds are taken for each
///   neuron alone, as if all its inputs could be their worst at once.
///
/// Of classifiers, the inputs of the layer of scores are compared, "outputs" above. Where they are
/// proved to agree, the certificate bounds how far scores can be apart, and says what that means for
/// the class.
///
/// The first two never come with a wrong claim; the search is deterministic. Networks with dense
/// layers are searched on images of the smallest size that they read. A difference is looked
/// for, and reported, where the first verdict is not reached.
///
/// # Errors
/// [`NetworkError::Mismatch`] for networks of other sizes or another border.
///
/// # Cost
/// O(n log n) for a neuron of n weights; for formulas, at most 2^12 n or that of
/// [`lossless`](strel_theory::lossless); for each input tried, that of [`FloatNetwork::forward`].
///
/// ```
/// use strel_image::Border;
/// use strel_network::{CertifyBudget, FloatBisel, FloatNetwork, NeuronBank, Verdict};
/// use strel_network::{binarize, certify, check};
/// use strel_theory::{ConstantRule, Method, Threshold};
///
/// let layer = |bias| FloatBisel {
///     inputs: 1,
///     outputs: 1,
///     kernel: (1, 3),
///     bise: NeuronBank { weights: vec![1.0; 3], bias: vec![bias], scale: vec![4.0] },
///     lui: None,
/// };
/// let method = Method::Constant(ConstantRule::Exact);
/// let certificate = |layers| {
///     let float = FloatNetwork::new(Border::Zero, Threshold::Tanh, layers)?;
///     let network = binarize(&float, method)?;
///     let certificate = certify(&float, &network, CertifyBudget::default())?;
///     check(&certificate, &float, &network).expect("what is certified is so");
///     Ok::<_, strel_network::NetworkError>(certificate)
/// };
/// assert_eq!(certificate(vec![layer(2.5), layer(0.5)])?.verdict, Verdict::Proved);
///
/// // A majority is no dilation.
/// let refuted = certificate(vec![layer(1.5)])?;
/// assert_eq!(refuted.verdict, Verdict::Refuted);
/// assert_eq!(refuted.difference.unwrap().patch, [["#"]]);
/// # Ok::<(), strel_network::NetworkError>(())
/// ```
pub fn certify(
    float: &FloatNetwork,
    binarized: &Network,
    budget: CertifyBudget,
) -> Result<Certificate, NetworkError> {
    compare::check_sizes(float, binarized)?;
    let mut proof = Proof { threshold: float.threshold(), budget, neurons: Vec::new() };
    let mut channels = vec![AlmostBinary::BINARY; float.inputs()];
    let layers = float.layers().iter().zip(binarized.layers());
    for (index, (weights, layer)) in layers.enumerate() {
        channels = proof.layer(index, weights, layer, channels);
    }
    let neurons = proof.neurons;
    let proved = Verdict::new(&neurons, false) == Verdict::Proved;
    let (difference, patches_tried) = match proved {
        true => (None, 0),
        false => search::difference(float, binarized, budget.patches)?,
    };
    let scores = float.scores_layer().map(|layer| ScoreReport {
        classes: layer.classes,
        bound: proved.then(|| scores::bound(layer, &channels)).and_then(finite),
    });
    Ok(Certificate {
        verdict: Verdict::new(&neurons, difference.is_some()),
        float_digest: float.digest(),
        binarized_digest: binarized.digest(),
        neurons,
        scores,
        difference,
        patches_tried,
    })
}

/// The neurons so far.
struct Proof {
    threshold: Threshold,
    budget: CertifyBudget,
    neurons: Vec<NeuronReport>,
}

impl Proof {
    /// The bounds of the output channels of a layer for those of its input channels.
    fn layer(
        &mut self,
        index: usize,
        weights: &FloatLayer,
        layer: &Layer,
        channels: Vec<AlmostBinary>,
    ) -> Vec<AlmostBinary> {
        match (weights, layer) {
            (FloatLayer::Bisel(weights), Layer::Bisel(bisel)) => (0..weights.outputs)
                .map(|output| self.output_channel(index, weights, bisel, output, &channels))
                .collect(),
            (FloatLayer::Dense(weights), Layer::Dense(dense)) => {
                self.dense(index, weights, dense, &channels)
            }
            // The maximum of values is one of them, and scores read what is there.
            _ => channels,
        }
    }

    fn dense(
        &mut self,
        layer: usize,
        weights: &FloatDense,
        dense: &Dense,
        channels: &[AlmostBinary],
    ) -> Vec<AlmostBinary> {
        let inputs = weights.inputs.spread(channels);
        let neurons = dense.neurons.iter().enumerate();
        neurons
            .map(|(index, binarized)| {
                let formula = of_combination(binarized, inputs.len());
                let neuron = weights.neuron(index);
                self.neuron(Place::dense(layer, index), &neuron, Some(formula), &inputs)
            })
            .collect()
    }

    /// The bounds of an output channel for the bounds of the layer's input channels.
    fn output_channel(
        &mut self,
        layer: usize,
        weights: &FloatBisel,
        bisel: &Bisel,
        output: usize,
        channels: &[AlmostBinary],
    ) -> AlmostBinary {
        let binarized = &bisel.outputs[output];
        let results: Vec<AlmostBinary> = channels
            .iter()
            .enumerate()
            .map(|(input, &bounds)| {
                let neuron = weights.bise_neuron(output, input);
                self.neuron(
                    Place::bise(layer, output, input),
                    &neuron,
                    of_operator(&binarized.neurons[input], weights.kernel),
                    &vec![bounds; weights.window()],
                )
            })
            .collect();
        match weights.lui_neuron(output) {
            Some(lui) => {
                let formula = of_combination(&binarized.combination, weights.inputs);
                self.neuron(Place::lui(layer, output), &lui, Some(formula), &results)
            }
            None => results[0],
        }
    }

    /// The output bounds of a neuron for the bounds of its inputs; binary ones if it fails.
    fn neuron(
        &mut self,
        place: Place,
        neuron: &FloatNeuron,
        formula: Option<LosslessNeuron>,
        inputs: &[AlmostBinary],
    ) -> AlmostBinary {
        let neuron = neuron.view();
        let fit = rounded(&neuron, nearest(&neuron, inputs));
        let output = output_bounds(&neuron, &fit, self.threshold);
        self.neurons.push(NeuronReport {
            place,
            equality: formula
                .map_or(Equality::Unknown, |f| equality(&neuron, &f, self.budget.lossless)),
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

fn finite(value: f64) -> Option<f64> {
    value.is_finite().then_some(value)
}
