//! Running a binarized network on packed images.

use std::borrow::Cow;

use strel_image::{BitImage, Border, ImageError, dilate, erode};

use crate::{
    Bisel, Combination, CombinationRule, MorphologicalNeuron, Network, NetworkError, NetworkPlan,
    Operator, OutputChannel,
};

impl Network {
    /// The network's output channels for one image a channel. They have the size of the input,
    /// halved by each max-pool; behind a dense layer it is one pixel. Who has several inputs makes
    /// the [`plan`](Self::plan) once.
    ///
    /// # Errors
    /// [`NetworkError::ImageCount`], [`NetworkError::ImageSize`], [`NetworkError::InputSize`], and
    /// [`NetworkError::Classifier`] for a network that ends with scores.
    ///
    /// # Cost
    /// Making the plan; the sum of its dilations and erosions, height * width / 64 word operations a
    /// pixel of a structuring element. Channels that the output does not depend on are not computed.
    pub fn apply(&self, images: &[BitImage]) -> Result<Vec<BitImage>, NetworkError> {
        self.plan().apply(images)
    }

    /// [`apply`](Self::apply) for a network of one input and one output channel.
    ///
    /// # Errors
    /// [`NetworkError::NotOneToOne`] for another network, and those of [`apply`](Self::apply).
    pub fn apply_one(&self, image: &BitImage) -> Result<BitImage, NetworkError> {
        self.plan().apply_one(image)
    }
}

impl NetworkPlan {
    /// Runs consecutive BiSEL layers on images of one size.
    pub(crate) fn run_bisels(&self, layers: &[Bisel], images: &[BitImage]) -> Vec<BitImage> {
        let size = images.first().map_or((0, 0), BitImage::size);
        let mut channels = Cow::Borrowed(images);
        for (bisel, needed) in layers.iter().zip(needed_outputs(layers)) {
            channels = bisel.apply(&channels, &needed, self.border, size).into();
        }
        channels.into_owned()
    }
}

/// For each layer the output channels that the last layer's output depends on.
fn needed_outputs(layers: &[Bisel]) -> Vec<Vec<bool>> {
    let mut needed = vec![vec![true; layers.last().map_or(0, |last| last.outputs.len())]];
    for bisel in layers.iter().skip(1).rev() {
        let reads = bisel.reads(&needed[needed.len() - 1]);
        needed.push(reads);
    }
    needed.reverse();
    needed
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
