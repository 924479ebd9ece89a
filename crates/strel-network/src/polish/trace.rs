//! What a network computes for each training pair, and what a change of it makes of that.

use std::collections::HashMap;

use strel_image::{BitImage, Engine, Operand, Plan, PlanBuilder};

use super::draft::{At, Draft};
use super::{Loss, TrainingPair};

/// A result that is kept.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Known {
    /// An input channel of the network.
    Input(usize),
    /// A neuron's.
    Neuron(At),
    /// An output channel of a layer.
    Channel(usize, usize),
}

/// A network with the packed results of its neurons and channels for each pair.
pub(super) struct Trace<'a> {
    pub draft: Draft,
    pairs: &'a [TrainingPair],
    places: HashMap<Known, usize>,
    /// One list a pair.
    results: Vec<Vec<BitImage>>,
    loss: Loss,
    /// One a pair.
    pub losses: Vec<f64>,
}

impl<'a> Trace<'a> {
    pub fn new(draft: Draft, pairs: &'a [TrainingPair], loss: Loss, engine: &Engine) -> Self {
        let (plan, places) = plan_all(&draft);
        let inputs: Vec<Vec<&BitImage>> =
            pairs.iter().map(|pair| pair.inputs.iter().collect()).collect();
        let results = plan.run_batch(engine, &inputs).expect("the pairs were checked");
        let mut trace = Self { draft, pairs, places, results, loss, losses: Vec::new() };
        trace.losses = (0..pairs.len()).map(|pair| trace.known_loss(pair)).collect();
        trace
    }

    /// The sum of the losses of all pairs.
    pub fn loss(&self) -> f64 {
        self.losses.iter().sum()
    }

    fn known_loss(&self, pair: usize) -> f64 {
        let last = self.draft.layers.len() - 1;
        let targets = self.pairs[pair].targets.iter().enumerate();
        targets
            .map(|(output, target)| self.loss.of(self.read(pair, Known::Channel(last, output)), target))
            .sum()
    }

    fn read(&self, pair: usize, known: Known) -> &BitImage {
        match known {
            Known::Input(channel) => &self.pairs[pair].inputs[channel],
            _ => &self.results[pair][self.places[&known]],
        }
    }

    /// The sum of the losses of a changed network, if it is below that of this one: on the first `batch` pairs of an
    /// order of them, on the first twice as many, and so on, and on all.
    pub fn better_loss(&self, changed: &Draft, order: &[usize], batch: usize, engine: &Engine) -> Option<f64> {
        let update = Update::new(self, changed)?;
        let mut outputs = vec![BitImage::new(0, 0); update.plan.outputs()];
        let (mut sum, mut limit, mut stage) = (0.0, 0.0, batch);
        for (index, &pair) in order.iter().enumerate() {
            sum += self.updated_loss(&update, pair, &mut outputs, engine);
            limit += self.losses[pair];
            if index + 1 == stage.min(order.len()) {
                if sum >= limit {
                    return None;
                }
                stage *= 2;
            }
        }
        Some(sum)
    }

    fn updated_loss(&self, update: &Update, pair: usize, outputs: &mut [BitImage], engine: &Engine) -> f64 {
        let inputs: Vec<&BitImage> =
            update.inputs.iter().map(|known| self.read(pair, *known)).collect();
        update.plan.run_into(engine, &inputs, outputs).expect("images of one size");
        let mut changed = outputs.iter();
        let targets = update.unchanged.iter().zip(&self.pairs[pair].targets);
        targets.map(|(known, target)| {
            let image = match known {
                Some(known) => self.read(pair, *known),
                None => changed.next().expect("one output a changed channel"),
            };
            self.loss.of(image, target)
        }).sum()
    }
}

/// The plan of all neurons that are used and all channels.
fn plan_all(draft: &Draft) -> (Plan, HashMap<Known, usize>) {
    let mut plan = PlanBuilder::new(draft.border);
    let mut channels: Vec<Operand> = (0..draft.layers[0].inputs).map(|_| plan.input()).collect();
    let (mut places, mut outputs) = (HashMap::new(), Vec::new());
    let mut keep = |known, operand| {
        places.insert(known, outputs.len());
        outputs.push(operand);
    };
    for (layer, bisel) in draft.layers.iter().enumerate() {
        let mut next = Vec::new();
        for (output, channel) in bisel.outputs.iter().enumerate() {
            let mut results = Vec::new();
            for input in (0..bisel.inputs).filter(|input| channel.combination.uses(*input)) {
                let operand = channel.neurons[input].add_to(&mut plan, channels[input]);
                keep(Known::Neuron(At { layer, output, input }), operand);
                results.push((input, operand));
            }
            let operand = channel.combination.add_to(&mut plan, &results);
            keep(Known::Channel(layer, output), operand);
            next.push(operand);
        }
        channels = next;
    }
    (plan.finish(&outputs), places)
}

/// What a change makes of a network's outputs, as a plan that reads the results that stay.
struct Update {
    plan: Plan,
    inputs: Vec<Known>,
    /// For each output of the network, where it is if it stays.
    unchanged: Vec<Option<Known>>,
}

impl Update {
    /// `None` if no output can change.
    fn new(trace: &Trace, changed: &Draft) -> Option<Self> {
        let mut part = Part { trace, changed, plan: PlanBuilder::new(changed.border), inputs: Vec::new(), operands: HashMap::new() };
        // A plan has an input.
        part.read(Known::Input(0));
        let mut channels = vec![None; changed.layers[0].inputs];
        for layer in 0..changed.layers.len() {
            let outputs = changed.layers[layer].outputs.len();
            channels = (0..outputs).map(|output| part.channel(layer, output, &channels)).collect();
        }
        let outputs: Vec<Operand> = channels.iter().copied().flatten().collect();
        if outputs.is_empty() {
            return None;
        }
        let last = changed.layers.len() - 1;
        let unchanged = channels.iter().enumerate().map(|(output, channel)| match channel {
            Some(_) => None,
            None => Some(Known::Channel(last, output)),
        });
        Some(Self { unchanged: unchanged.collect(), plan: part.plan.finish(&outputs), inputs: part.inputs })
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
    fn read(&mut self, known: Known) -> Operand {
        *self.operands.entry(known).or_insert_with(|| {
            self.inputs.push(known);
            self.plan.input()
        })
    }

    /// The operand of a layer's output channel, if it can differ from what is known. `channels` are those that the layer reads.
    fn channel(&mut self, layer: usize, output: usize, channels: &[Option<Operand>]) -> Option<Operand> {
        let (before, after) = (&self.trace.draft.layers[layer].outputs[output], &self.changed.layers[layer].outputs[output]);
        let used = (0..channels.len()).filter(|input| after.combination.uses(*input));
        let stays = |input: usize| channels[input].is_none() && before.neurons[input] == after.neurons[input];
        if before.combination == after.combination && used.clone().all(stays) {
            return None;
        }
        let results: Vec<(usize, Operand)> = used
            .map(|input| {
                let known = Known::Neuron(At { layer, output, input });
                if stays(input) && self.trace.places.contains_key(&known) {
                    return (input, self.read(known));
                }
                let channel = channels[input].unwrap_or_else(|| self.read(match layer {
                    0 => Known::Input(input),
                    _ => Known::Channel(layer - 1, input),
                }));
                (input, after.neurons[input].add_to(&mut self.plan, channel))
            })
            .collect();
        Some(after.combination.add_to(&mut self.plan, &results))
    }
}
