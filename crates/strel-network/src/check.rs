//! Certificates verified, without the code that made them.

mod bounds;
mod failure;
mod function;
mod gates;
mod integers;
mod replay;

use crate::certificate::{Certificate, Equality, NeuronReport, Verdict};
use crate::float_network::FloatNeuron;
use crate::{FloatNetwork, Layer, Network, OutputChannel, Place};
use bounds::Interval;
pub use failure::CheckFailure;
use function::{Function, agree};

/// Neurons of so few inputs are always decided.
const FEW_INPUTS: usize = 12;

/// Verifies a certificate of a float network and a binarized one.
///
/// Nothing in it is taken on trust, except how many inputs were tried: digests and bounds are
/// computed again from the weights; equality of neurons on binary inputs is decided again in exact
/// integers, by a walk over their decision tree or, for gates, by all pairs of sums of two halves;
/// the verdict must follow; and the input on which the networks are said to differ is run through
/// both. No code is shared with [`certify`](crate::certify) but the networks themselves and the
/// smooth threshold xi.
///
/// # Errors
/// [`CheckFailure`]: the first claim that is wrong, or that cannot be verified within 2^22 steps
/// of a walk or with 2^17 sums of half of the weights of a gate.
///
/// # Cost
/// O(n^2) for a neuron of n weights, and that of the walk: O(n) for each choice of values of the
/// largest weights that leaves the output open, which are at most n if the neuron is activated. For
/// gates O(2^(n/2) n) if their weights differ, O(n) if they are multiples of each other.
pub fn check(
    certificate: &Certificate,
    float: &FloatNetwork,
    binarized: &Network,
) -> Result<(), CheckFailure> {
    check_digest("float", &certificate.float_digest, float.digest())?;
    check_digest("binarized", &certificate.binarized_digest, binarized.digest())?;
    check_sizes(float, binarized)?;
    let mut checker = Checker { float, reports: certificate.neurons.iter() };
    let mut channels = vec![Interval::BINARY; float.inputs()];
    for (index, Layer::Bisel(bisel)) in binarized.layers().iter().enumerate() {
        let mut outputs = Vec::new();
        for (output, channel) in bisel.outputs.iter().enumerate() {
            outputs.push(checker.check_output(index, output, channel, &channels)?);
        }
        channels = outputs;
    }
    if let Some(surplus) = checker.reports.next() {
        return Err(CheckFailure::Neurons { expected: None, found: Some(surplus.place) });
    }
    check_verdict(certificate)?;
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

/// The networks have the same border and the same numbers of channels.
fn check_sizes(float: &FloatNetwork, binarized: &Network) -> Result<(), CheckFailure> {
    let float_sizes: Vec<_> =
        float.layers().iter().map(|layer| (layer.inputs, layer.outputs)).collect();
    let sizes: Vec<_> =
        binarized.layers().iter().map(|layer| (layer.inputs(), layer.outputs())).collect();
    if float_sizes == sizes && float.border() == binarized.border() {
        Ok(())
    } else {
        Err(CheckFailure::Networks)
    }
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
    float: &'a FloatNetwork,
    reports: std::slice::Iter<'a, NeuronReport>,
}

impl Checker<'_> {
    /// Checks the neurons of an output channel, and returns its bounds.
    fn check_output(
        &mut self,
        index: usize,
        output: usize,
        channel: &OutputChannel,
        channels: &[Interval],
    ) -> Result<Interval, CheckFailure> {
        let layer = &self.float.layers()[index];
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
                self.check_neuron(place, &lui, function, &results)
            }
            None if channel.combination.is_identity() => Ok(results[0]),
            None => Err(CheckFailure::Networks),
        }
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
        bounds::check_bounds(report, float, inputs, self.float.threshold())
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
