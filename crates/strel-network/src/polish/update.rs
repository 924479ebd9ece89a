//! What a change makes of a network's outputs.

use std::collections::HashMap;

use strel_image::{BitImage, Engine, Operand, Plan, PlanBuilder};

use super::draft::{At, Draft};
use super::trace::{Known, Trace};

/// The part of a changed network that can give other images than before, as one plan that reads
/// what stays.
pub(super) struct Update {
    plan: Plan,
    inputs: Vec<Known>,
    outputs: Vec<Option<Known>>,
}

impl Update {
    /// `None` if no output of the network can change.
    pub fn new(trace: &Trace, changed: &Draft) -> Option<Self> {
        let plan = PlanBuilder::new(changed.border);
        let (inputs, operands) = (Vec::new(), HashMap::new());
        let mut part = Part { trace, changed, plan, inputs, operands };
        // A plan has an input, even if the outputs have become constants.
        part.read(Known::Input(0));
        let mut channels = vec![None; changed.layers[0].inputs];
        for (layer, bisel) in changed.layers.iter().enumerate() {
            let outputs = 0..bisel.outputs.len();
            channels = outputs.map(|output| part.channel(layer, output, &channels)).collect();
        }
        let results: Vec<Operand> = channels.iter().copied().flatten().collect();
        if results.is_empty() {
            return None;
        }
        let layer = changed.layers.len() - 1;
        let stays = |(output, channel): (usize, &Option<Operand>)| {
            channel.is_none().then_some(Known::Channel { layer, output })
        };
        let outputs = channels.iter().enumerate().map(stays).collect();
        Some(Self { plan: part.plan.finish(&results), inputs: part.inputs, outputs })
    }

    /// For each output of the network, where it is if it stays.
    pub fn outputs(&self) -> &[Option<Known>] {
        &self.outputs
    }

    /// The number of outputs that change.
    pub fn changed(&self) -> usize {
        self.plan.outputs()
    }

    /// Computes the outputs that change.
    pub fn run<'a>(
        &self,
        engine: &Engine,
        image: impl Fn(Known) -> &'a BitImage,
        outputs: &mut [BitImage],
    ) {
        let inputs: Vec<&BitImage> = self.inputs.iter().map(|known| image(*known)).collect();
        self.plan.run_into(engine, &inputs, outputs).expect("images of one size, one an operand");
    }
}

/// An update under construction.
struct Part<'a> {
    trace: &'a Trace<'a>,
    changed: &'a Draft,
    plan: PlanBuilder,
    inputs: Vec<Known>,
    operands: HashMap<Known, Operand>,
}

impl Part<'_> {
    /// An output channel of a layer, if it can change. `before` are the channels that it reads.
    fn channel(
        &mut self,
        layer: usize,
        output: usize,
        before: &[Option<Operand>],
    ) -> Option<Operand> {
        let (old, new) =
            (self.trace.draft.channel(layer, output), self.changed.channel(layer, output));
        let same_border = self.trace.draft.border == self.changed.border;
        let stays = |input: usize| {
            same_border && before[input].is_none() && old.neurons[input] == new.neurons[input]
        };
        if old.combination == new.combination && new.inputs_used().all(stays) {
            return None;
        }
        let mut results = Vec::new();
        for input in new.inputs_used() {
            let known = Known::Neuron(At { layer, output, input });
            let result = if stays(input) && self.trace.knows(known) {
                self.read(known)
            } else {
                let channel = before[input].unwrap_or_else(|| self.read_channel(layer, input));
                new.neurons[input].add_to(&mut self.plan, channel)
            };
            results.push((input, result));
        }
        Some(new.combination.add_to(&mut self.plan, &results))
    }

    /// An input channel of a layer, which stays.
    fn read_channel(&mut self, layer: usize, input: usize) -> Operand {
        self.read(match layer {
            0 => Known::Input(input),
            _ => Known::Channel { layer: layer - 1, output: input },
        })
    }

    fn read(&mut self, known: Known) -> Operand {
        *self.operands.entry(known).or_insert_with(|| {
            self.inputs.push(known);
            self.plan.input()
        })
    }
}
