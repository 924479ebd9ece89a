//! The float network of given operators.

use strel_theory::Threshold;

use crate::{
    Bisel, Combination, CombinationRule, FloatBisel, FloatLayer, FloatNetwork, MorphologicalNeuron,
    Network, NetworkError, NeuronBank, Operator, OutputChannel, Place,
};

/// Rows and columns from the origin of a window to a pixel of it.
type Offset = (isize, isize);

impl Network {
    /// A float network whose neurons are this network's operators: it is proved equal to this one
    /// by [`certify`](crate::certify), and [`binarize`](crate::binarize) gives this network back.
    ///
    /// Weights are 1 on the support of an operator and 0 elsewhere, the bias is in the middle of
    /// its interval, and all scales are large enough for the outputs of a layer to be as good as
    /// binary for the next one. A layer's kernel is the smallest window, centred at the origin,
    /// that holds all its supports.
    ///
    /// # Errors
    /// [`NetworkError::NotBisel`] for other layers; [`NetworkError::NotNeuron`] for gates, unions of
    /// erosions and intersections of dilations, and for a combination of one input channel that is
    /// not the identity.
    ///
    /// # Cost
    /// O(number of weights).
    ///
    /// ```
    /// use strel_image::Border;
    /// use strel_network::{Bisel, CertifyBudget, Layer, MorphologicalNeuron, Network, Operator};
    /// use strel_network::{Verdict, certify};
    /// use strel_theory::Threshold;
    ///
    /// let erosion = MorphologicalNeuron::activated(Operator::Erosion("O##".parse()?));
    /// let layers = vec![Layer::Bisel(Bisel::one_to_one(erosion)); 2];
    /// let network = Network::new(Border::Replicate, layers)?;
    /// let float = network.to_float(Threshold::Tanh)?;
    /// let certificate = certify(&float, &network, CertifyBudget::default())?;
    /// assert_eq!(certificate.verdict, Verdict::Proved);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn to_float(&self, threshold: Threshold) -> Result<FloatNetwork, NetworkError> {
        let bisels = self.bisels()?;
        let scale = scale(&bisels, threshold);
        let layers = bisels
            .iter()
            .enumerate()
            .map(|(index, bisel)| float_layer(index, bisel, scale).map(FloatLayer::Bisel));
        let layers: Vec<FloatLayer> = layers.collect::<Result<_, _>>()?;
        FloatNetwork::new(self.border(), threshold, layers)
    }

    /// The layers, which must all be BiSEL layers.
    pub(crate) fn bisels(&self) -> Result<Vec<&Bisel>, NetworkError> {
        let layers = self.layers().iter().enumerate().map(|(index, layer)| {
            let other = || NetworkError::NotBisel {
                place: Place::layer(index),
                found: layer.stage().effect.to_string(),
            };
            layer.bisel().ok_or_else(other)
        });
        layers.collect()
    }
}

/// A scale for which no sum of outputs is far from a whole number: with n inputs at most, each
/// within 1 / (16 n) of 0 or 1, W.x is further than 1/4 from the bias, and so are the next outputs.
fn scale(bisels: &[&Bisel], threshold: Threshold) -> f32 {
    let neurons = |bisel: &Bisel| -> usize {
        let elements = bisel.outputs.iter().flat_map(|output| &output.neurons);
        let sizes = elements.flat_map(|n| n.operator.elements().iter().map(|e| e.len()));
        sizes.max().unwrap_or(1).max(bisel.inputs)
    };
    let most = bisels.iter().map(|bisel| neurons(bisel)).max().unwrap_or(1);
    (4.0 * threshold.inverse(1.0 - 1.0 / (16.0 * most as f64))) as f32
}

fn float_layer(layer: usize, bisel: &Bisel, scale: f32) -> Result<FloatBisel, NetworkError> {
    let elements = bisel.outputs.iter().flat_map(|output| &output.neurons);
    let offsets = elements.flat_map(|neuron| neuron.operator.elements()).flat_map(|e| e.offsets());
    let reach = offsets.fold((0, 0), |(rows, cols), (dy, dx)| {
        (dy.unsigned_abs().max(rows), dx.unsigned_abs().max(cols))
    });
    let kernel = (2 * reach.0 + 1, 2 * reach.1 + 1);
    let (mut bise, mut lui) = (Bank::new(scale), Bank::new(scale));
    for (output, channel) in bisel.outputs.iter().enumerate() {
        for (input, neuron) in channel.neurons.iter().enumerate() {
            bise.push_bise(Place::bise(layer, output, input), neuron, kernel)?;
        }
        lui.push_lui(Place::lui(layer, output), channel, bisel.inputs)?;
    }
    Ok(FloatBisel {
        inputs: bisel.inputs,
        outputs: bisel.outputs.len(),
        kernel,
        bise: bise.neurons,
        lui: (bisel.inputs > 1).then_some(lui.neurons),
    })
}

/// Neurons under construction, all of one scale.
struct Bank {
    neurons: NeuronBank,
    scale: f32,
}

impl Bank {
    fn new(scale: f32) -> Self {
        Self { neurons: NeuronBank { weights: vec![], bias: vec![], scale: vec![] }, scale }
    }

    fn push(&mut self, weights: &[f32], bias: f32, complement: bool) {
        self.neurons.weights.extend(weights);
        self.neurons.bias.push(bias);
        self.neurons.scale.push(if complement { -self.scale } else { self.scale });
    }

    fn push_bise(
        &mut self,
        place: Place,
        neuron: &MorphologicalNeuron,
        (rows, cols): (usize, usize),
    ) -> Result<(), NetworkError> {
        let mut weights = vec![0.0; rows * cols];
        let mut set = |(dy, dx): Offset| {
            let (row, col) = ((rows / 2).strict_add_signed(dy), (cols / 2).strict_add_signed(dx));
            weights[row * cols + col] = 1.0;
        };
        let bias = match &neuron.operator {
            Operator::Dilation(element) => {
                element.offsets().for_each(|(dy, dx)| set((-dy, -dx)));
                0.5
            }
            Operator::Erosion(element) => {
                element.offsets().for_each(set);
                element.len() as f32 - 0.5
            }
            Operator::Constant(value) => constant_bias(*value),
            Operator::UnionOfErosions(_) => return not_neuron(place, "a union of erosions"),
            Operator::IntersectionOfDilations(_) => {
                return not_neuron(place, "an intersection of dilations");
            }
            Operator::Gate(_) => return not_neuron(place, "a threshold gate"),
        };
        self.push(&weights, bias, neuron.complement);
        Ok(())
    }

    fn push_lui(
        &mut self,
        place: Place,
        OutputChannel { combination, .. }: &OutputChannel,
        inputs: usize,
    ) -> Result<(), NetworkError> {
        let Combination { rule, complement, .. } = combination;
        let weights = |members: &[bool]| -> Vec<f32> {
            members.iter().map(|member| f32::from(u8::from(*member))).collect()
        };
        match rule {
            _ if inputs == 1 && !combination.is_identity() => {
                return not_neuron(place, "a combination of one channel");
            }
            CombinationRule::Identity => {}
            CombinationRule::Union(members) => self.push(&weights(members), 0.5, *complement),
            CombinationRule::Intersection(members) => {
                let weights = weights(members);
                self.push(&weights, weights.iter().sum::<f32>() - 0.5, *complement);
            }
            CombinationRule::Constant(value) => {
                self.push(&vec![0.0; inputs], constant_bias(*value), *complement);
            }
            CombinationRule::Gate(_) => return not_neuron(place, "a threshold gate"),
        }
        Ok(())
    }
}

/// The bias of a neuron without weights.
fn constant_bias(value: bool) -> f32 {
    if value { -0.5 } else { 0.5 }
}

fn not_neuron(place: Place, found: &'static str) -> Result<(), NetworkError> {
    Err(NetworkError::NotNeuron { place, found })
}
