//! What a network takes to store and to run.

use crate::{
    Bisel, Combination, CombinationRule, Dense, FloatBisel, FloatLayer, FloatNetwork, Layer,
    Network, Operator, Scores,
};

impl FloatNetwork {
    /// The terms that are summed for a sample of this size: a weight, each time it is used.
    pub fn terms(&self, size: (usize, usize)) -> usize {
        let (mut size, mut sum) = (size, 0);
        for layer in self.layers() {
            sum += match layer {
                FloatLayer::Bisel(bisel) => area(size) * bisel.terms(),
                FloatLayer::MaxPool { channels } => channels * area(size),
                FloatLayer::Dense(dense) => dense.outputs * dense.inputs.pixels(),
                FloatLayer::Scores(scores) => scores.terms(),
            };
            size = after(size, matches!(layer, FloatLayer::MaxPool { .. }));
        }
        sum
    }
}

impl Network {
    /// The terms that are read for a sample of this size: a member of a set or a weight of a gate,
    /// each time it is used. The engine reads fewer: it computes 64 to 512 of them at once, shares
    /// parts of sets, and stops at the first member that decides.
    ///
    /// ```
    /// use strel_image::Border;
    /// use strel_network::{Bisel, Layer, MorphologicalNeuron, Network, Operator};
    ///
    /// let pair = "O#".parse()?;
    /// let erosion = MorphologicalNeuron::activated(Operator::Erosion(pair));
    /// let network = Network::new(Border::Zero, vec![Layer::Bisel(Bisel::one_to_one(erosion))])?;
    /// assert_eq!(network.terms((10, 10)), 2 * 100);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn terms(&self, size: (usize, usize)) -> usize {
        let (mut size, mut sum) = (size, 0);
        for layer in self.layers() {
            sum += match layer {
                Layer::Bisel(bisel) => area(size) * bisel.terms(),
                Layer::MaxPool { channels } => channels * area(size),
                Layer::Dense(dense) => dense.terms(),
                Layer::Scores(scores) => scores.terms(),
            };
            size = after(size, matches!(layer, Layer::MaxPool { .. }));
        }
        sum
    }
}

fn area((height, width): (usize, usize)) -> usize {
    height * width
}

fn after((height, width): (usize, usize), halved: bool) -> (usize, usize) {
    if halved { (height / 2, width / 2) } else { (height, width) }
}

impl FloatBisel {
    /// A pixel's.
    fn terms(&self) -> usize {
        self.bise.weights.len() + self.lui.as_ref().map_or(0, |lui| lui.weights.len())
    }
}

impl Bisel {
    /// A pixel's.
    fn terms(&self) -> usize {
        let channels = self.outputs.iter();
        channels
            .map(|channel| {
                let neurons = channel.neurons.iter().map(|neuron| neuron.operator.terms());
                neurons.sum::<usize>() + channel.combination.terms()
            })
            .sum()
    }
}

impl Dense {
    fn terms(&self) -> usize {
        self.neurons.iter().map(Combination::terms).sum()
    }
}

impl Operator {
    fn terms(&self) -> usize {
        match self {
            Operator::Dilation(element) | Operator::Erosion(element) => element.len(),
            Operator::UnionOfErosions(elements) | Operator::IntersectionOfDilations(elements) => {
                elements.iter().map(|element| element.len()).sum()
            }
            Operator::Constant(_) => 0,
            Operator::Gate(window) => used(&window.gate.weights),
        }
    }
}

impl Combination {
    fn terms(&self) -> usize {
        match &self.rule {
            CombinationRule::Identity | CombinationRule::Constant(_) => 0,
            CombinationRule::Union(members) | CombinationRule::Intersection(members) => {
                members.iter().filter(|&&member| member).count()
            }
            CombinationRule::Gate(gate) => used(&gate.weights),
        }
    }
}

impl Scores {
    fn terms(&self) -> usize {
        self.weights.len()
    }
}

fn used(weights: &[i64]) -> usize {
    weights.iter().filter(|&&weight| weight != 0).count()
}
