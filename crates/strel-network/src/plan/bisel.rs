//! BiSEL layers as a plan of the image engine.

use strel_image::{Border, GateTerm, Operand, Plan, PlanBuilder};

use crate::{
    Bisel, Combination, CombinationRule, MorphologicalNeuron, Operator, OutputChannel,
    ThresholdGate,
};

/// The plan of consecutive layers, each of which reads what the one before it gives.
pub(super) fn plan_layers(layers: &[&Bisel], border: Border) -> Plan {
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
        self.combination.add_to(plan, &results)
    }
}

impl Combination {
    /// Adds the set operation on the results of the input channels that it uses.
    pub(crate) fn add_to(&self, plan: &mut PlanBuilder, results: &[(usize, Operand)]) -> Operand {
        let operands = || results.iter().map(|result| result.1).collect::<Vec<_>>();
        let combined = match &self.rule {
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
        if self.complement { plan.complement(combined) } else { combined }
    }
}

impl MorphologicalNeuron {
    /// Adds the operator on a channel.
    pub(crate) fn add_to(&self, plan: &mut PlanBuilder, channel: Operand) -> Operand {
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
