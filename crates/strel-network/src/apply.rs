//! Running a binarized network on packed images.

use std::borrow::Cow;

use strel_image::{BitImage, Border, ImageError, dilate, erode};

use crate::plane::common_size;
use crate::{
    Bisel, Combination, CombinationRule, Layer, MorphologicalNeuron, Network, NetworkError,
    Operator, OutputChannel,
};

impl Network {
    /// The network's output channels for one image a channel. All images have the size of the
    /// input.
    ///
    /// # Errors
    /// [`NetworkError::ImageCount`], [`NetworkError::ImageSize`].
    ///
    /// # Cost
    /// The sum of its dilations and erosions, height * width / 64 word operations a pixel of a
    /// structuring element. Channels that the output does not depend on are not computed.
    pub fn apply(&self, images: &[BitImage]) -> Result<Vec<BitImage>, NetworkError> {
        let size = common_size(self.inputs(), images.iter().map(BitImage::size))?;
        let mut channels = Cow::Borrowed(images);
        for (Layer::Bisel(bisel), needed) in self.layers().iter().zip(self.needed_outputs()) {
            channels = bisel.apply(&channels, &needed, self.border(), size).into();
        }
        Ok(channels.into_owned())
    }

    /// [`apply`](Self::apply) for a network of one input and one output channel.
    ///
    /// # Errors
    /// [`NetworkError::NotOneToOne`] for another network.
    pub fn apply_one(&self, image: &BitImage) -> Result<BitImage, NetworkError> {
        let (inputs, outputs) = (self.inputs(), self.outputs());
        if (inputs, outputs) != (1, 1) {
            return Err(NetworkError::NotOneToOne { inputs, outputs });
        }
        Ok(self.apply(std::slice::from_ref(image))?.remove(0))
    }

    /// For each layer the output channels that the network's output depends on.
    fn needed_outputs(&self) -> Vec<Vec<bool>> {
        let mut needed = vec![vec![true; self.outputs()]];
        for Layer::Bisel(bisel) in self.layers().iter().skip(1).rev() {
            let reads = bisel.reads(&needed[needed.len() - 1]);
            needed.push(reads);
        }
        needed.reverse();
        needed
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
