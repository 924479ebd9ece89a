//! Running a binarized network on packed images.

use std::borrow::Cow;

use strel_image::{BitImage, Border, ImageError, dilate, erode, max_pool};

use crate::classify::refuse_classifier;
use crate::plane::common_size;
use crate::{
    Bisel, Combination, CombinationRule, Dense, Layer, MorphologicalNeuron, Network, NetworkError,
    Operator, OutputChannel,
};

impl Network {
    /// The network's output channels for one image a channel. They have the size of the input,
    /// halved by each max-pool; behind a dense layer it is one pixel.
    ///
    /// # Errors
    /// [`NetworkError::ImageCount`], [`NetworkError::ImageSize`], [`NetworkError::InputSize`], and
    /// [`NetworkError::Classifier`] for a network that ends with scores.
    ///
    /// # Cost
    /// The sum of its dilations and erosions, height * width / 64 word operations a pixel of a
    /// structuring element; one operation an input of a neuron of a dense layer. Channels that the
    /// output does not depend on are not computed.
    pub fn apply(&self, images: &[BitImage]) -> Result<Vec<BitImage>, NetworkError> {
        refuse_classifier(self.scores_layer())?;
        self.features(images)
    }

    /// What the scores of a classifier read; the outputs of another network.
    pub(crate) fn features(&self, images: &[BitImage]) -> Result<Vec<BitImage>, NetworkError> {
        let mut size = common_size(self.inputs(), images.iter().map(BitImage::size))?;
        self.check_image_size(size)?;
        let mut channels = Cow::Borrowed(images);
        for (layer, needed) in self.layers().iter().zip(self.needed_outputs()) {
            match layer {
                Layer::Bisel(bisel) => {
                    channels = bisel.apply(&channels, &needed, self.border(), size).into();
                }
                Layer::MaxPool { .. } => {
                    channels = channels.iter().map(max_pool).collect();
                    size = (size.0 / 2, size.1 / 2);
                }
                Layer::Dense(dense) => {
                    channels = dense.apply(&channels).into();
                    size = (1, 1);
                }
                Layer::Scores(_) => {}
            }
        }
        Ok(channels.into_owned())
    }

    /// [`apply`](Self::apply) for a network of one input and one output channel.
    ///
    /// # Errors
    /// [`NetworkError::NotOneToOne`] for another network, and those of [`apply`](Self::apply).
    pub fn apply_one(&self, image: &BitImage) -> Result<BitImage, NetworkError> {
        refuse_classifier(self.scores_layer())?;
        let (inputs, outputs) = (self.inputs(), self.outputs());
        if (inputs, outputs) != (1, 1) {
            return Err(NetworkError::NotOneToOne { inputs, outputs });
        }
        Ok(self.apply(std::slice::from_ref(image))?.remove(0))
    }

    /// For each layer the output channels that the network's output depends on.
    fn needed_outputs(&self) -> Vec<Vec<bool>> {
        let mut needed = vec![vec![true; self.outputs()]];
        for layer in self.layers().iter().skip(1).rev() {
            let outputs = &needed[needed.len() - 1];
            needed.push(match layer {
                Layer::Bisel(bisel) => bisel.reads(outputs),
                Layer::MaxPool { .. } => outputs.clone(),
                Layer::Dense(_) | Layer::Scores(_) => vec![true; layer.inputs()],
            });
        }
        needed.reverse();
        needed
    }
}

impl Dense {
    fn apply(&self, channels: &[BitImage]) -> Vec<BitImage> {
        let inputs: Vec<bool> = channels.iter().flat_map(BitImage::pixels).collect();
        self.neurons.iter().map(|neuron| BitImage::filled(1, 1, neuron.apply(&inputs))).collect()
    }
}

impl Bisel {
    /// The input channels that the needed output channels depend on.
    fn reads(&self, needed: &[bool]) -> Vec<bool> {
        let outputs = || self.outputs.iter().zip(needed).filter(|(_, needed)| **needed);
        (0..self.inputs).map(|input| outputs().any(|(channel, _)| channel.reads(input))).collect()
    }

    /// The output channels; one that is not needed is an image without pixels.
    fn apply(
        &self,
        channels: &[BitImage],
        needed: &[bool],
        border: Border,
        size: (usize, usize),
    ) -> Vec<BitImage> {
        let outputs = self.outputs.iter().zip(needed);
        outputs
            .map(
                |(output, &needed)| {
                    if needed { output.apply(channels, border, size) } else { BitImage::new(0, 0) }
                },
            )
            .collect()
    }
}

impl OutputChannel {
    fn reads(&self, input: usize) -> bool {
        let constant = matches!(self.neurons[input].operator, Operator::Constant(_));
        self.combination.uses(input) && !constant
    }

    fn apply(&self, channels: &[BitImage], border: Border, size: (usize, usize)) -> BitImage {
        let used = (0..self.neurons.len()).filter(|&input| self.combination.uses(input));
        let results =
            used.map(|input| (input, self.neurons[input].apply(&channels[input], border, size)));
        complemented(self.combination.combine(results, size), self.combination.complement)
    }
}

impl MorphologicalNeuron {
    fn apply(&self, channel: &BitImage, border: Border, size: (usize, usize)) -> BitImage {
        let result = match &self.operator {
            Operator::Dilation(element) => dilate(channel, element, border),
            Operator::Erosion(element) => erode(channel, element, border),
            Operator::Constant(value) => BitImage::filled(size.0, size.1, *value),
            Operator::UnionOfErosions(elements) => {
                let erosions = elements.iter().map(|element| erode(channel, element, border));
                join(erosions, BitImage::union_with)
            }
            Operator::IntersectionOfDilations(elements) => {
                let dilations = elements.iter().map(|element| dilate(channel, element, border));
                join(dilations, BitImage::intersection_with)
            }
            Operator::Gate(gate) => gate.apply(channel, border),
        };
        complemented(result, self.complement)
    }
}

impl Combination {
    /// The set operation on the results of the channels that it uses.
    fn combine(
        &self,
        results: impl Iterator<Item = (usize, BitImage)>,
        size: (usize, usize),
    ) -> BitImage {
        match &self.rule {
            CombinationRule::Constant(value) => BitImage::filled(size.0, size.1, *value),
            CombinationRule::Identity | CombinationRule::Union(_) => {
                join(results.map(|(_, result)| result), BitImage::union_with)
            }
            CombinationRule::Intersection(_) => {
                join(results.map(|(_, result)| result), BitImage::intersection_with)
            }
            CombinationRule::Gate(gate) => {
                gate.apply_to_channels(&results.collect::<Vec<_>>(), size)
            }
        }
    }
}

/// What is left of several images of one size, one at least, joined two by two.
fn join(
    images: impl Iterator<Item = BitImage>,
    two: fn(&mut BitImage, &BitImage) -> Result<(), ImageError>,
) -> BitImage {
    let joined = images.reduce(|mut joined, image| {
        two(&mut joined, &image).expect("the results of one layer have one size");
        joined
    });
    joined.expect("a valid operator joins one image at least")
}

fn complemented(mut image: BitImage, complement: bool) -> BitImage {
    if complement {
        image.complement_in_place();
    }
    image
}
