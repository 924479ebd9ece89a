//! A binarized network as one plan of the image engine.

use std::fmt;

use strel_image::{BitImage, Border, Engine, GateTerm, Operand, Plan, PlanBuilder};

use crate::plane::common_size;
use crate::{
    Bisel, CombinationRule, Layer, MorphologicalNeuron, Network, NetworkError, Operator,
    OutputChannel, ThresholdGate,
};

/// A network compiled for images of any size, and for any number of them and of threads.
///
/// All layers run together, block by block of rows, while the rows are in the nearest cache.
/// Complements, constants and operators that are given twice cost nothing, channels that the output
/// does not depend on are not computed.
///
/// ```
/// use strel_image::{BitImage, Border};
/// use strel_network::{Bisel, Layer, MorphologicalNeuron, Network, Operator};
///
/// let pair = "O#".parse()?;
/// let mut erosion = MorphologicalNeuron::activated(Operator::Erosion(pair));
/// erosion.complement = true;
/// let layers = vec![Layer::Bisel(Bisel::one_to_one(erosion)); 2];
/// let plan = Network::new(Border::Replicate, layers)?.plan();
///
/// let image: BitImage = "###.#.##".parse()?;
/// assert_eq!(plan.apply_one(&image)?.to_string(), "##...###");
/// // The second erosion, of a complement, is a dilation.
/// assert_eq!(
///     plan.to_string(),
///     "a0 = input 0, replicated outside\n\
///      a1 = a0 and a0[0,+1], replicated outside\n\
///      a2 = a1 or a1[0,+1]\n\
///      output a2\n\
///      a word: 4 operations, 2 shifts, 10 words moved"
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct NetworkPlan {
    plan: Plan,
}

impl Network {
    /// The network's plan, to be kept where there are several images.
    pub fn plan(&self) -> NetworkPlan {
        let layers: Vec<&Bisel> = self.layers().iter().map(|Layer::Bisel(bisel)| bisel).collect();
        NetworkPlan { plan: plan_layers(&layers, self.border()) }
    }
}

impl NetworkPlan {
    /// The output channels for one image a channel, as [`Network::apply`].
    ///
    /// # Errors
    /// [`NetworkError::ImageCount`], [`NetworkError::ImageSize`].
    pub fn apply(&self, images: &[BitImage]) -> Result<Vec<BitImage>, NetworkError> {
        self.check(images)?;
        let images: Vec<&BitImage> = images.iter().collect();
        Ok(self.plan.run(&Engine::default(), &images).expect("the images were checked"))
    }

    /// [`apply`](Self::apply) for a network of one input and one output channel.
    ///
    /// # Errors
    /// [`NetworkError::NotOneToOne`] for another network.
    pub fn apply_one(&self, image: &BitImage) -> Result<BitImage, NetworkError> {
        Ok(self.one_to_one()?.apply(image))
    }

    /// The engine's plan of a network of one input and one output channel, for instance to run it
    /// on [rows](strel_image::PlannedRows).
    ///
    /// # Errors
    /// [`NetworkError::NotOneToOne`] for another network.
    pub fn one_to_one(&self) -> Result<&Plan, NetworkError> {
        match (self.plan.inputs(), self.plan.outputs()) {
            (1, 1) => Ok(&self.plan),
            (inputs, outputs) => Err(NetworkError::NotOneToOne { inputs, outputs }),
        }
    }

    /// [`apply`](Self::apply) for many inputs of any sizes, by an engine whose threads claim them
    /// one by one.
    ///
    /// # Errors
    /// As [`apply`](Self::apply), for the first input that is not right.
    pub fn apply_batch(
        &self,
        engine: &Engine,
        batch: &[Vec<BitImage>],
    ) -> Result<Vec<Vec<BitImage>>, NetworkError> {
        batch.iter().try_for_each(|images| self.check(images))?;
        let batch: Vec<Vec<&BitImage>> =
            batch.iter().map(|images| images.iter().collect()).collect();
        Ok(self.plan.run_batch(engine, &batch).expect("the images were checked"))
    }

    /// The plan's steps, what they cost a pixel, and how an engine runs them on images of a size, as
    /// [`Plan::describe`].
    pub fn describe(&self, engine: &Engine, size: (usize, usize)) -> String {
        self.plan.describe(engine, size)
    }

    fn check(&self, images: &[BitImage]) -> Result<(), NetworkError> {
        common_size(self.plan.inputs(), images.iter().map(BitImage::size)).map(|_| ())
    }
}

impl fmt::Display for NetworkPlan {
    /// The plan's steps, as those of a [`Plan`].
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.plan.fmt(f)
    }
}

/// The plan of consecutive layers, each of which reads what the one before it gives.
pub(crate) fn plan_layers(layers: &[&Bisel], border: Border) -> Plan {
    let mut plan = PlanBuilder::new(border);
    let inputs = layers.first().map_or(0, |layer| layer.inputs);
    let mut channels: Vec<Operand> = (0..inputs).map(|_| plan.input()).collect();
    for layer in layers {
        let outputs = layer.outputs.iter().map(|output| output.add_to(&mut plan, &channels));
        channels = outputs.collect();
    }
    plan.finish(&channels)
}

impl OutputChannel {
    fn add_to(&self, plan: &mut PlanBuilder, channels: &[Operand]) -> Operand {
        let used = (0..self.neurons.len()).filter(|&input| self.combination.uses(input));
        let results: Vec<(usize, Operand)> =
            used.map(|input| (input, self.neurons[input].add_to(plan, channels[input]))).collect();
        let operands = || results.iter().map(|result| result.1).collect::<Vec<_>>();
        let combined = match &self.combination.rule {
            CombinationRule::Constant(value) => constant(plan, *value),
            CombinationRule::Identity | CombinationRule::Union(_) => plan.union(&operands()),
            CombinationRule::Intersection(_) => plan.intersection(&operands()),
            CombinationRule::Gate(gate) => {
                let reads = results.iter().map(|&(input, operand)| GateTerm {
                    operand,
                    offset: (0, 0),
                    weight: gate.weights[input],
                });
                gate.add_to(plan, reads.collect())
            }
        };
        if self.combination.complement { plan.complement(combined) } else { combined }
    }
}

impl MorphologicalNeuron {
    fn add_to(&self, plan: &mut PlanBuilder, channel: Operand) -> Operand {
        let result = match &self.operator {
            Operator::Dilation(element) => plan.dilate(channel, element),
            Operator::Erosion(element) => plan.erode(channel, element),
            Operator::Constant(value) => constant(plan, *value),
            Operator::UnionOfErosions(elements) => {
                let erosions: Vec<Operand> =
                    elements.iter().map(|element| plan.erode(channel, element)).collect();
                plan.union(&erosions)
            }
            Operator::IntersectionOfDilations(elements) => {
                let dilations: Vec<Operand> =
                    elements.iter().map(|element| plan.dilate(channel, element)).collect();
                plan.intersection(&dilations)
            }
            Operator::Gate(window) => {
                let reads = window
                    .offsets()
                    .zip(&window.gate.weights)
                    .map(|(offset, &weight)| GateTerm { operand: channel, offset, weight });
                window.gate.add_to(plan, reads.collect())
            }
        };
        if self.complement { plan.complement(result) } else { result }
    }
}

impl ThresholdGate {
    fn add_to(&self, plan: &mut PlanBuilder, reads: Vec<GateTerm>) -> Operand {
        match self.threshold.checked_add(1) {
            Some(at_least) => {
                plan.gate(&reads, at_least).expect("the weights of a valid gate sum to 63 bits")
            }
            None => constant(plan, false),
        }
    }
}

fn constant(plan: &mut PlanBuilder, value: bool) -> Operand {
    if value { plan.intersection(&[]) } else { plan.union(&[]) }
}
