//! From layers to steps.

use strel_image::StructuringElement;

use super::{Action, Head, Step, Steps, Term};
use crate::{
    Bisel, Combination, CombinationRule, Layer, MorphologicalNeuron, Network, NetworkError,
    Operator, OutputChannel, Place, ThresholdGate,
};

/// Halvings after which nothing is left of images of less than 2^31 rows and columns.
const MOST_HALVINGS: u32 = 31;

pub(super) fn steps(network: &Network) -> Result<Steps<'_>, NetworkError> {
    let joins = |layer: &Layer| matches!(layer, Layer::Dense(_) | Layer::Scores(_));
    let layers = network.layers();
    let images = layers.iter().position(joins).unwrap_or(layers.len());
    let (images, head) = layers.split_at(images);
    let mut writer = Writer::default();
    let used = used_channels(images, network);
    let mut channels = writer.inputs(&used[0]);
    for (index, (layer, used)) in images.iter().zip(&used[1..]).enumerate() {
        channels = writer.layer(index, layer, &channels, used);
    }
    let head = head.iter().enumerate().map(|(index, layer)| match layer {
        Layer::Dense(dense) => Ok(Head::Dense(dense)),
        Layer::Scores(scores) => Ok(Head::Scores(scores)),
        other => Err(NetworkError::NotExported {
            place: Place::layer(images.len() + index),
            found: other.stage().effect.to_string(),
            expected: "dense layers and scores only behind a dense layer",
        }),
    });
    Ok(Steps {
        border: network.border(),
        inputs: network.inputs(),
        images: writer.steps,
        outputs: channels.into_iter().flatten().collect(),
        head: head.collect::<Result<_, _>>()?,
    })
}

/// Which channels matter: those of the input, and those of each layer.
fn used_channels(layers: &[Layer], network: &Network) -> Vec<Vec<bool>> {
    let outputs = layers.last().map_or(network.inputs(), Layer::outputs);
    let mut used = vec![vec![true; outputs]];
    for layer in layers.iter().rev() {
        let outputs = &used[used.len() - 1];
        used.push(match layer {
            Layer::Bisel(bisel) => bisel.used_inputs(outputs),
            _ => outputs.clone(),
        });
    }
    used.reverse();
    used
}

impl Bisel {
    /// The inputs that the used outputs read. What reads none takes its size from the first one.
    fn used_inputs(&self, outputs: &[bool]) -> Vec<bool> {
        let used = self.outputs.iter().zip(outputs).filter(|(_, used)| **used);
        let channels: Vec<&OutputChannel> = used.map(|(channel, _)| channel).collect();
        let reads = |input: usize| {
            channels
                .iter()
                .any(|channel| channel.sizing_input() == input || channel.combination.uses(input))
        };
        (0..self.inputs).map(reads).collect()
    }
}

impl OutputChannel {
    /// The input whose size a constant has.
    fn sizing_input(&self) -> usize {
        (0..self.neurons.len()).find(|&input| self.combination.uses(input)).unwrap_or(0)
    }
}

/// The steps so far.
#[derive(Default)]
struct Writer {
    steps: Vec<Step>,
    halvings: u32,
}

/// The steps of a layer's channels; `None` for those that do not matter.
type Channels = Vec<Option<usize>>;

impl Writer {
    fn inputs(&mut self, used: &[bool]) -> Channels {
        let used = used.iter().enumerate();
        used.map(|(input, used)| {
            used.then(|| self.push(format!("x{}", input + 1), Action::Input(input), false))
        })
        .collect()
    }

    fn layer(
        &mut self,
        index: usize,
        layer: &Layer,
        channels: &Channels,
        used: &[bool],
    ) -> Channels {
        self.halvings += u32::from(matches!(layer, Layer::MaxPool { .. }));
        self.halvings = self.halvings.min(MOST_HALVINGS);
        let mut output = |output: usize| {
            let name = format!("layer{}_output{}", index + 1, output + 1);
            match layer {
                Layer::Bisel(bisel) => self.channel(name, &bisel.outputs[output], channels),
                _ => {
                    let image = channels[output].expect("a pool reads the channels that it gives");
                    self.push(name, Action::MaxPool(image), false)
                }
            }
        };
        (0..used.len()).map(|index| used[index].then(|| output(index))).collect()
    }

    fn channel(&mut self, name: String, channel: &OutputChannel, inputs: &Channels) -> usize {
        let Combination { rule, complement, .. } = &channel.combination;
        let used = (0..inputs.len()).filter(|&input| channel.combination.uses(input));
        let used: Vec<usize> = used.collect();
        let read = |input: usize| inputs[input].expect("a combination uses what is there");
        if let (CombinationRule::Identity, [input]) = (rule, &used[..]) {
            let neuron = &channel.neurons[*input];
            return self.neuron(name, neuron, read(*input), neuron.complement != *complement);
        }
        let mut result = |input: usize| {
            let neuron = &channel.neurons[input];
            let name = format!("{name}_input{}", input + 1);
            self.neuron(name, neuron, read(input), neuron.complement)
        };
        let results: Vec<usize> = used.iter().map(|&input| result(input)).collect();
        let action = match rule {
            CombinationRule::Constant(value) => {
                Action::Constant { like: read(channel.sizing_input()), value: *value }
            }
            CombinationRule::Identity | CombinationRule::Union(_) => Action::Union(results),
            CombinationRule::Intersection(_) => Action::Intersection(results),
            CombinationRule::Gate(gate) => {
                let terms = used.iter().zip(&results);
                let terms = terms.map(|(&input, &image)| (image, (0, 0), gate.weights[input]));
                gate_action(gate, terms.collect(), read(channel.sizing_input()))
            }
        };
        self.push(name, action, *complement)
    }

    fn neuron(
        &mut self,
        name: String,
        neuron: &MorphologicalNeuron,
        input: usize,
        complement: bool,
    ) -> usize {
        let mut parts = |elements: &[StructuringElement],
                         action: fn(usize, StructuringElement) -> Action| {
            let numbered = elements.iter().zip(1..);
            let part = |(element, number): (&StructuringElement, usize)| {
                self.push(format!("{name}_part{number}"), action(input, element.clone()), false)
            };
            numbered.map(part).collect()
        };
        let action = match &neuron.operator {
            Operator::Dilation(element) => Action::Dilation(input, element.clone()),
            Operator::Erosion(element) => Action::Erosion(input, element.clone()),
            Operator::Constant(value) => Action::Constant { like: input, value: *value },
            Operator::UnionOfErosions(elements) => Action::Union(parts(elements, Action::Erosion)),
            Operator::IntersectionOfDilations(elements) => {
                Action::Intersection(parts(elements, Action::Dilation))
            }
            Operator::Gate(window) => {
                let terms = window.offsets().zip(&window.gate.weights);
                let terms = terms.map(|(offset, &weight)| (input, offset, weight));
                gate_action(&window.gate, terms.collect(), input)
            }
        };
        self.push(name, action, complement)
    }

    /// The step, or an earlier one that makes the same image.
    fn push(&mut self, name: String, mut action: Action, mut complement: bool) -> usize {
        match &mut action {
            Action::Constant { value, .. } => *value ^= std::mem::take(&mut complement),
            Action::Union(images) | Action::Intersection(images) => {
                images.sort_unstable();
                images.dedup();
                if let ([image], false) = (&images[..], complement) {
                    return *image;
                }
            }
            _ => {}
        }
        let same = |step: &Step| step.action == action && step.complement == complement;
        self.steps.iter().position(same).unwrap_or_else(|| {
            self.steps.push(Step { name, action, complement, halvings: self.halvings });
            self.steps.len() - 1
        })
    }
}

/// The gate of terms (image, offset, weight), or the constant that it is.
fn gate_action(
    gate: &ThresholdGate,
    terms: Vec<(usize, (isize, isize), i64)>,
    like: usize,
) -> Action {
    let terms = terms.into_iter().filter(|term| term.2 != 0);
    let terms = terms.map(|(image, offset, weight)| Term { image, offset, weight });
    let terms: Vec<Term> = terms.collect();
    let sum = |sign: i64| -> i64 {
        terms.iter().map(|term| term.weight).filter(|weight| weight.signum() == sign).sum()
    };
    if gate.threshold < sum(-1) {
        Action::Constant { like, value: true }
    } else if gate.threshold >= sum(1) {
        Action::Constant { like, value: false }
    } else {
        Action::Gate { terms, threshold: gate.threshold }
    }
}
