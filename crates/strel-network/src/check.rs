//! Certificates verified, without the code that made them.

mod bounds;
mod failure;
mod function;
mod gates;
mod integers;
mod replay;
mod scores;

use crate::bank::FloatNeuron;
use crate::certificate::{Certificate, Equality, NeuronReport, Verdict};
use crate::{
    Dense, FloatBisel, FloatDense, FloatLayer, FloatNetwork, Layer, Network, OutputChannel, Place,
};
use bounds::Interval;
pub use failure::CheckFailure;
use function::{Function, agree};
use strel_theory::Threshold;

/// Neurons of so few inputs are always decided.
const FEW_INPUTS: usize = 12;

/// Verifies a certificate of a float network and a binarized one.
///
/// Nothing in it is taken on trust, except how many inputs were tried: digests and bounds are
/// computed again from the weights; equality of neurons on binary inputs is decided again in exact
/// integers, by a walk over their decision tree or, for gates, by all pairs of sums of two halves;
/// the verdict and the bound of scores must follow; and the input on which the networks are said to differ is run through
/// both. No code is shared with [`certify`](crate::certify) but the networks themselves and the
/// smooth threshold xi.
///
/// # Errors
/// [`CheckFailure`]: the first claim that is wrong, or that cannot be verified within 2^22 steps
/// of a walk or with 2^17 sums of half of the weights of a gate.
///
/// # Cost
/// O(n log n) for a neuron of n weights, and that of the walk: O(n) for each choice of values of the
/// largest weights that leaves the output open, which are at most n if the neuron is activated. For
/// gates O(2^(n/2) n) if their weights differ, O(n) if they are multiples of each other.
pub fn check(
    certificate: &Certificate,
    float: &FloatNetwork,
    binarized: &Network,
) -> Result<(), CheckFailure> {
    check_digest("float", &certificate.float_digest, float.digest())?;
    check_digest("binarized", &certificate.binarized_digest, binarized.digest())?;
    if float.border() != binarized.border() || float.layers().len() != binarized.layers().len() {
        return Err(CheckFailure::Networks);
    }
    let mut checker = Checker { threshold: float.threshold(), reports: certificate.neurons.iter() };
    let mut channels = vec![Interval::BINARY; float.inputs()];
    for (index, layers) in float.layers().iter().zip(binarized.layers()).enumerate() {
        channels = checker.check_layer(index, layers, channels)?;
    }
    if let Some(surplus) = checker.reports.next() {
        return Err(CheckFailure::Neurons { expected: None, found: Some(surplus.place) });
    }
    check_verdict(certificate)?;
    scores::check_scores(certificate, float, &channels)?;
    match &certificate.difference {
        Some(difference) => replay::check_difference(difference, float, binarized),
        None => Ok(()),
    }
}

fn check_digest(network: &'static str, claimed: &str, found: String) -> Result<(), CheckFailure> {
    if claimed == found {
        return Ok(());
    }
    Err(CheckFailure::Digest { network, claimed: claimed.to_owned(), found })
}

/// The verdict follows from the reports and the difference.
fn check_verdict(certificate: &Certificate) -> Result<(), CheckFailure> {
    let all = |holds: fn(&NeuronReport) -> bool| certificate.neurons.iter().all(holds);
    let equal = all(|neuron| neuron.equality == Equality::Equal);
    let activated = all(|neuron| neuron.output_bounds.is_some());
    let differs = certificate.difference.is_some();
    let expected = match (equal, activated, differs) {
        (true, true, false) => Verdict::Proved,
        (true, true, true) => return Err(CheckFailure::ProvedAndDifferent),
        (true, false, _) => Verdict::ProvedHard,
        (false, _, true) => Verdict::Refuted,
        (false, _, false) => Verdict::Open,
    };
    if certificate.verdict == expected {
        Ok(())
    } else {
        Err(CheckFailure::Verdict { claimed: certificate.verdict, expected })
    }
}

/// The reports that are left to check.
struct Checker<'a> {
    threshold: Threshold,
    reports: std::slice::Iter<'a, NeuronReport>,
}

impl Checker<'_> {
    /// Checks the neurons of a layer, and returns the bounds of its output channels.
    fn check_layer(
        &mut self,
        index: usize,
        layers: (&FloatLayer, &Layer),
        channels: Vec<Interval>,
    ) -> Result<Vec<Interval>, CheckFailure> {
        match layers {
            (FloatLayer::Bisel(float), Layer::Bisel(bisel))
                if (float.inputs, float.outputs) == (bisel.inputs, bisel.outputs.len()) =>
            {
                let outputs = bisel.outputs.iter().enumerate();
                outputs
                    .map(|(output, channel)| {
                        self.check_output(float, (index, output), channel, &channels)
                    })
                    .collect()
            }
            (FloatLayer::Dense(float), Layer::Dense(dense))
                if (float.inputs, float.outputs) == (dense.inputs, dense.neurons.len()) =>
            {
                self.check_dense(index, float, dense, &channels)
            }
            // A maximum of four values is one of them.
            (FloatLayer::MaxPool { channels: float }, Layer::MaxPool { channels: count })
                if float == count =>
            {
                Ok(channels)
            }
            (FloatLayer::Scores(float), Layer::Scores(scores)) if float == scores => Ok(channels),
            _ => Err(CheckFailure::Networks),
        }
    }

    /// Checks the neurons of an output channel, and returns its bounds.
    fn check_output(
        &mut self,
        layer: &FloatBisel,
        (index, output): (usize, usize),
        channel: &OutputChannel,
        channels: &[Interval],
    ) -> Result<Interval, CheckFailure> {
        let mut results = Vec::new();
        for (input, (bounds, neuron)) in channels.iter().zip(&channel.neurons).enumerate() {
            let float = layer.bise_neuron(output, input);
            let function = Function::of_operator(neuron, layer.kernel);
            let inputs = vec![*bounds; layer.window()];
            let place = Place::bise(index, output, input);
            results.push(self.check_neuron(place, &float, function, &inputs)?);
        }
        let place = Place::lui(index, output);
        match layer.lui_neuron(output) {
            Some(lui) => {
                let function = Function::of_combination(&channel.combination);
                self.check_neuron(place, &lui, Some(function), &results)
            }
            None if channel.combination.is_identity() => Ok(results[0]),
            None => Err(CheckFailure::Networks),
        }
    }

    /// Checks the neurons of a dense layer, and returns their bounds.
    fn check_dense(
        &mut self,
        index: usize,
        layer: &FloatDense,
        dense: &Dense,
        channels: &[Interval],
    ) -> Result<Vec<Interval>, CheckFailure> {
        let a_channel = layer.inputs.height * layer.inputs.width;
        let inputs: Vec<Interval> =
            (0..layer.inputs.pixels()).map(|pixel| channels[pixel / a_channel]).collect();
        let neurons = dense.neurons.iter().enumerate();
        neurons
            .map(|(neuron, binarized)| {
                let function = Some(Function::of_combination(binarized));
                let place = Place::dense(index, neuron);
                self.check_neuron(place, &layer.neuron(neuron), function, &inputs)
            })
            .collect()
    }

    fn check_neuron(
        &mut self,
        place: Place,
        float: &FloatNeuron,
        function: Option<Function>,
        inputs: &[Interval],
    ) -> Result<Interval, CheckFailure> {
        let report = self.reports.next();
        let Some(report) = report.filter(|report| report.place == place) else {
            let found = report.map(|report| report.place);
            return Err(CheckFailure::Neurons { expected: Some(place), found });
        };
        check_equality(report, float, function)?;
        bounds::check_bounds(report, float, inputs, self.threshold)
    }
}

/// The equality that is claimed is there, or is not.
fn check_equality(
    report: &NeuronReport,
    float: &FloatNeuron,
    function: Option<Function>,
) -> Result<(), CheckFailure> {
    let place = report.place;
    let claimed = match report.equality {
        Equality::Equal => true,
        Equality::Different => false,
        Equality::Unknown if function.is_some() && float.view().weights().len() <= FEW_INPUTS => {
            return Err(CheckFailure::Equality { place, claimed: report.equality });
        }
        Equality::Unknown => return Ok(()),
    };
    let function = function.ok_or(CheckFailure::TooLarge { place })?;
    match agree(float, &function).ok_or(CheckFailure::TooLarge { place })? {
        found if found == claimed => Ok(()),
        _ => Err(CheckFailure::Equality { place, claimed: report.equality }),
    }
}
