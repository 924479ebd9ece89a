//! Pixels in which candidate operators differ from the neurons whose place they may take, on packed images.

use strel_image::{BitImage, Border};
use strel_network::{FloatBisel, NeuronBank};
use strel_theory::Operation;

use super::candidate::Operator;
use crate::forward::forward;

/// A layer on some images, thresholded at 1/2.
pub struct Likeness {
    inputs: usize,
    kernel: (usize, usize),
    size: (usize, usize),
    /// What windows read, with its border: `[images][inputs]`.
    padded: Vec<Vec<BitImage>>,
    /// The outputs of the BiSE neurons, `[images][neurons]`.
    bise: Vec<Vec<BitImage>>,
    /// Those of the layer.
    outputs: Vec<Vec<BitImage>>,
}

impl Likeness {
    /// Of a layer that reads so many images, `[images, inputs, height, width]`.
    pub fn new(
        layer: &FloatBisel,
        border: Border,
        size: (usize, usize),
        input: &[f32],
        images: usize,
    ) -> Self {
        let FloatBisel { inputs, outputs, kernel, .. } = *layer;
        let plane = size.0 * size.1;
        let planes: Vec<&[f32]> = input.chunks_exact(plane).collect();
        // The BiSE neurons of an input channel are a layer that reads that channel alone: `[inputs][images * outputs]`.
        let of_inputs: Vec<Vec<BitImage>> = (0..inputs)
            .map(|i| {
                let x: Vec<&[f32]> = planes.iter().skip(i).step_by(inputs).copied().collect();
                let layer = neurons_of_input(layer, i);
                hard(&forward([&layer], border, x.concat(), size), size)
            })
            .collect();
        let bise = |image: usize, n: usize| &of_inputs[n % inputs][image * outputs + n / inputs];
        let given = hard(&forward([layer], border, input.to_vec(), size), size);
        let read: Vec<BitImage> =
            hard(input, size).iter().map(|image| padded(image, kernel, border)).collect();
        Likeness {
            inputs,
            kernel,
            size,
            bise: (0..images)
                .map(|image| (0..inputs * outputs).map(|n| bise(image, n).clone()).collect())
                .collect(),
            padded: read.chunks(inputs).map(<[BitImage]>::to_vec).collect(),
            outputs: given.chunks(outputs).map(<[BitImage]>::to_vec).collect(),
        }
    }

    /// In how many pixels each operator differs from a BiSE neuron.
    pub fn of_bise(&self, neuron: usize, operators: &[Operator]) -> Vec<u64> {
        let (rows, columns) = self.kernel;
        let places = || (0..rows).flat_map(|row| (0..columns).map(move |col| (row, col)));
        self.differing(operators, |image| {
            let x = &self.padded[image][neuron % self.inputs];
            let part = |(row, col)| x.crop(row, col, self.size.0, self.size.1).expect("padded");
            (places().map(part).collect(), &self.bise[image][neuron])
        })
    }

    /// In how many pixels each operator differs from a LUI neuron.
    pub fn of_lui(&self, neuron: usize, operators: &[Operator]) -> Vec<u64> {
        self.differing(operators, |image| {
            let inputs = neuron * self.inputs..(neuron + 1) * self.inputs;
            (self.bise[image][inputs].to_vec(), &self.outputs[image][neuron])
        })
    }

    /// Given for each image what each input is, and what the neuron gives.
    fn differing<'a>(
        &self,
        operators: &[Operator],
        image: impl Fn(usize) -> (Vec<BitImage>, &'a BitImage),
    ) -> Vec<u64> {
        let mut counts = vec![0; operators.len()];
        for index in 0..self.padded.len() {
            let (inputs, wanted) = image(index);
            // The next set mostly adds to the last one.
            let [mut union, mut intersection] =
                [Join::Union, Join::Intersection].map(|join| Running::new(join, self.size));
            let nothing = BitImage::new(self.size.0, self.size.1);
            for (operator, count) in operators.iter().zip(&mut counts) {
                let found = match operator.operation {
                    Some(Operation::Dilation) => union.of(&operator.support, &inputs),
                    Some(Operation::Erosion) => intersection.of(&operator.support, &inputs),
                    None => &nothing,
                };
                let differing = found.count_differences(wanted).expect("images of one size");
                let area = (self.size.0 * self.size.1) as u64;
                *count += if operator.complement { area - differing } else { differing };
            }
        }
        counts
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Join {
    Union,
    Intersection,
}

/// The union or the intersection of a growing set of images.
struct Running {
    join: Join,
    support: Vec<bool>,
    image: BitImage,
}

impl Running {
    fn new(join: Join, (height, width): (usize, usize)) -> Self {
        let image = BitImage::filled(height, width, join == Join::Intersection);
        Running { join, support: Vec::new(), image }
    }

    fn of(&mut self, support: &[bool], inputs: &[BitImage]) -> &BitImage {
        if self.support.iter().zip(support).any(|(before, now)| before > now) {
            *self = Running::new(self.join, self.image.size());
        }
        for (index, input) in inputs.iter().enumerate() {
            let before = self.support.get(index) == Some(&true);
            if support[index] && !before {
                let joined = match self.join {
                    Join::Union => self.image.union_with(input),
                    Join::Intersection => self.image.intersection_with(input),
                };
                joined.expect("images of one size");
            }
        }
        self.support = support.to_vec();
        &self.image
    }
}

/// The BiSE neurons that read an input channel, as a layer.
fn neurons_of_input(layer: &FloatBisel, input: usize) -> FloatBisel {
    let FloatBisel { inputs, outputs, kernel, ref bise, .. } = *layer;
    let taps = kernel.0 * kernel.1;
    let neurons = || (0..outputs).map(|output| output * inputs + input);
    let bank = NeuronBank {
        weights: neurons().flat_map(|n| bise.weights[n * taps..][..taps].to_vec()).collect(),
        bias: neurons().map(|n| bise.bias[n]).collect(),
        scale: neurons().map(|n| bise.scale[n]).collect(),
    };
    FloatBisel { inputs: 1, outputs, kernel, bise: bank, lui: None }
}

/// Images, thresholded at 1/2, from the planes of one after the other.
fn hard(planes: &[f32], (height, width): (usize, usize)) -> Vec<BitImage> {
    let image =
        |plane: &[f32]| BitImage::from_fn(height, width, |row, col| plane[row * width + col] > 0.5);
    planes.chunks(height * width).map(image).collect()
}

/// An image with the border that windows read.
fn padded(image: &BitImage, (rows, columns): (usize, usize), border: Border) -> BitImage {
    let (height, width) = image.size();
    let source = |at: usize, kernel: usize, size: usize| {
        let at = at.cast_signed() - (kernel / 2).cast_signed();
        let inside = (0..size.cast_signed()).contains(&at).then_some(at.cast_unsigned());
        inside.or_else(|| border.source(at, size))
    };
    BitImage::from_fn(height + rows - 1, width + columns - 1, |row, col| {
        let place = source(row, rows, height).zip(source(col, columns, width));
        place.map_or(border == Border::One, |(row, col)| image.get(row, col))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settle::candidate::candidates;
    use rand::rngs::ChaCha8Rng;
    use rand::{RngExt, SeedableRng};
    use strel_network::{FloatLayer, FloatNetwork};
    use strel_theory::Threshold;

    fn bank(neurons: usize, inputs: usize, rng: &mut ChaCha8Rng) -> NeuronBank {
        let mut draw = |count: usize, low: f32, high: f32| {
            (0..count).map(|_| rng.random_range(low..high)).collect::<Vec<f32>>()
        };
        NeuronBank {
            weights: draw(neurons * inputs, 0.0, 1.0),
            bias: draw(neurons, 0.2, 0.4 * inputs as f32),
            scale: draw(neurons, -3.0, 3.0),
        }
    }

    /// An operator differs from a neuron in the pixels that change where the one takes the other's place.
    #[test]
    fn differences_are_those_of_the_layer_with_the_operator_in_it() {
        let (rng, size, kernel) = (&mut ChaCha8Rng::seed_from_u64(3), (6, 9), (3, 2));
        for border in [Border::Replicate, Border::Reflect, Border::Zero, Border::One] {
            let (bise, lui) = (bank(4, 6, rng), Some(bank(2, 2, rng)));
            let layer = FloatBisel { inputs: 2, outputs: 2, kernel, bise, lui };
            let images: Vec<Vec<BitImage>> = (0..3)
                .map(|_| {
                    (0..2).map(|_| BitImage::from_fn(6, 9, |_, _| rng.random_bool(0.4))).collect()
                })
                .collect();
            let input: Vec<f32> =
                images.iter().flatten().flat_map(crate::kernels::pixels).collect();
            let likeness = Likeness::new(&layer, border, size, &input, 3);
            for neuron in 0..4 {
                let alone = neurons_of_input(&layer, neuron % 2);
                let own = |layer: &FloatBisel| -> Vec<BitImage> {
                    let layers = vec![FloatLayer::Bisel(layer.clone())];
                    let network = FloatNetwork::new(border, Threshold::Tanh, layers).unwrap();
                    let read = images.iter().map(|channels| &channels[neuron % 2..][..1]);
                    read.map(|x| network.forward_hard(x).unwrap()[neuron / 2].clone()).collect()
                };
                let before = own(&alone);
                let operators = candidates(&layer.bise, neuron);
                let found = likeness.of_bise(neuron, &operators);
                for (operator, found) in operators.iter().zip(found) {
                    let mut changed = alone.clone();
                    operator.write(&mut changed.bise, neuron / 2);
                    let after = own(&changed);
                    let differing =
                        before.iter().zip(&after).map(|(a, b)| a.count_differences(b).unwrap());
                    assert_eq!(found, differing.sum::<u64>(), "{border:?}");
                }
            }
        }
    }
}
