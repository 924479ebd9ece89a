//! A network with what it computes for the training pairs.

use std::collections::HashMap;

use strel_image::{BitImage, Engine, Operand, Plan, PlanBuilder};

use super::draft::{At, Draft};
use super::update::Update;
use super::{Loss, TrainingPair};

/// An image that is kept for each pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Known {
    /// An input channel of the network.
    Input(usize),
    /// The result of a neuron that its combination uses.
    Neuron(At),
    /// An output channel of a layer.
    Channel { layer: usize, output: usize },
}

/// A network with the results of its neurons and its loss for each pair.
pub(super) struct Trace<'a> {
    pub draft: Draft,
    pairs: &'a [TrainingPair],
    /// Where the results of a pair hold what is known, except for inputs.
    places: HashMap<Known, usize>,
    /// One list a pair.
    results: Vec<Vec<BitImage>>,
    loss: Loss,
    /// One a pair.
    losses: Vec<f64>,
}

impl<'a> Trace<'a> {
    /// Runs the whole network on all pairs.
    pub fn new(draft: Draft, pairs: &'a [TrainingPair], loss: Loss, engine: &Engine) -> Self {
        let (plan, places) = plan_of_all(&draft);
        let inputs: Vec<Vec<&BitImage>> =
            pairs.iter().map(|pair| pair.inputs.iter().collect()).collect();
        let results = plan.run_batch(engine, &inputs).expect("the pairs were checked");
        let mut trace = Self { draft, pairs, places, results, loss, losses: Vec::new() };
        trace.losses = (0..pairs.len()).map(|pair| trace.loss_of(pair)).collect();
        trace
    }

    fn loss_of(&self, pair: usize) -> f64 {
        let layer = self.draft.layers.len() - 1;
        let targets = self.pairs[pair].targets.iter().enumerate();
        let losses = targets.map(|(output, target)| {
            self.loss.of(self.image(pair, Known::Channel { layer, output }), target)
        });
        losses.sum()
    }

    /// The sum of the losses of all pairs.
    pub fn loss(&self) -> f64 {
        self.losses.iter().sum()
    }

    /// The sum of the losses of a changed network, if it is below this network's: first on `batch`
    /// pairs of the order, then on twice as many, and so on, at last on all.
    pub fn lower_loss(
        &self,
        changed: &Draft,
        order: &[usize],
        batch: usize,
        engine: &Engine,
    ) -> Option<f64> {
        let update = Update::new(self, changed)?;
        let mut images = vec![BitImage::new(0, 0); update.changed()];
        let (mut loss, mut limit, mut stage) = (0.0, 0.0, batch);
        for (index, &pair) in order.iter().enumerate() {
            loss += self.loss_after(&update, pair, &mut images, engine);
            limit += self.losses[pair];
            if index + 1 == stage.min(order.len()) {
                if loss >= limit {
                    return None;
                }
                stage = stage.saturating_mul(2);
            }
        }
        Some(loss)
    }

    fn loss_after(
        &self,
        update: &Update,
        pair: usize,
        images: &mut [BitImage],
        engine: &Engine,
    ) -> f64 {
        update.run(engine, |known| self.image(pair, known), images);
        let mut changed = images.iter();
        let outputs = update.outputs().iter().zip(&self.pairs[pair].targets);
        outputs
            .map(|(stays, target)| {
                let image = match stays {
                    Some(known) => self.image(pair, *known),
                    None => changed.next().expect("an image an output that changes"),
                };
                self.loss.of(image, target)
            })
            .sum()
    }

    /// Whether something is known.
    pub fn knows(&self, known: Known) -> bool {
        matches!(known, Known::Input(_)) || self.places.contains_key(&known)
    }

    /// What is known of a pair.
    pub fn image(&self, pair: usize, known: Known) -> &BitImage {
        match known {
            Known::Input(channel) => &self.pairs[pair].inputs[channel],
            _ => &self.results[pair][self.places[&known]],
        }
    }
}

/// The plan of all neurons that are used and of all channels.
fn plan_of_all(draft: &Draft) -> (Plan, HashMap<Known, usize>) {
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
            for input in channel.inputs_used() {
                let operand = channel.neurons[input].add_to(&mut plan, channels[input]);
                keep(Known::Neuron(At { layer, output, input }), operand);
                results.push((input, operand));
            }
            let operand = channel.combination.add_to(&mut plan, &results);
            keep(Known::Channel { layer, output }, operand);
            next.push(operand);
        }
        channels = next;
    }
    (plan.finish(&outputs), places)
}
