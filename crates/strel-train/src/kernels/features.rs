//! What dense layers read and give: a row of numbers for each sample, or of bits.

use strel_image::BitImage;

/// Features of some samples.
#[derive(Clone, Debug, PartialEq)]
pub enum Features {
    /// Each is 0 or 1.
    Bits(Ones),
    /// Numbers, `[samples, features]`.
    Numbers {
        /// The number of samples.
        samples: usize,
        /// The numbers of the first sample, then those of the next one.
        values: Vec<f32>,
    },
}

impl Features {
    /// The number of samples.
    pub fn samples(&self) -> usize {
        match self {
            Features::Bits(ones) => ones.samples(),
            Features::Numbers { samples, .. } => *samples,
        }
    }

    /// The number of features of each sample.
    pub fn count(&self) -> usize {
        match self {
            Features::Bits(ones) => ones.inputs(),
            Features::Numbers { samples, values } => values.len() / samples.max(&1),
        }
    }

    /// All of them as numbers, `[samples, features]`.
    pub fn to_values(&self) -> Vec<f32> {
        match self {
            Features::Bits(ones) => ones.values(),
            Features::Numbers { values, .. } => values.clone(),
        }
    }
}

/// Binary samples of one size, each as the list of its inputs that are 1; and the transpose, for each
/// input the list of the samples where it is 1. Lists increase.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ones {
    of_samples: Lists,
    of_inputs: Lists,
}

/// Lists of numbers, one after the other.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Lists {
    /// Where each list begins, and where the last one ends.
    starts: Vec<usize>,
    numbers: Vec<u32>,
}

impl Ones {
    /// Samples of so many channels each, all of one size; the inputs are their pixels, channel after
    /// channel, row after row.
    ///
    /// # Panics
    /// A sample has more pixels than `inputs`.
    pub fn of_images<'a>(samples: impl IntoIterator<Item = &'a [BitImage]>, inputs: usize) -> Self {
        let mut of_samples = Lists { starts: vec![0], numbers: Vec::new() };
        for channels in samples {
            let mut first = 0;
            for image in channels {
                let width = image.width();
                let places = image.ones().map(|(row, col)| (first + row * width + col) as u32);
                of_samples.numbers.extend(places);
                first += image.area();
            }
            of_samples.starts.push(of_samples.numbers.len());
        }
        let of_inputs = of_samples.transposed(inputs);
        Ones { of_samples, of_inputs }
    }

    /// Samples of which this list says for each input where it is 1.
    pub fn of_lists(samples: usize, inputs: impl IntoIterator<Item = Vec<u32>>) -> Self {
        let mut of_inputs = Lists { starts: vec![0], numbers: Vec::new() };
        for list in inputs {
            of_inputs.numbers.extend(list);
            of_inputs.starts.push(of_inputs.numbers.len());
        }
        let of_samples = of_inputs.transposed(samples);
        Ones { of_samples, of_inputs }
    }

    /// The number of samples.
    pub fn samples(&self) -> usize {
        self.of_samples.starts.len() - 1
    }

    /// The number of inputs.
    pub fn inputs(&self) -> usize {
        self.of_inputs.starts.len() - 1
    }

    /// The inputs of a sample that are 1.
    pub fn of_sample(&self, sample: usize) -> &[u32] {
        self.of_samples.list(sample)
    }

    /// The samples in which an input is 1.
    pub fn of_input(&self, input: usize) -> &[u32] {
        self.of_inputs.list(input)
    }

    /// All inputs as 0.0 and 1.0, `[samples, inputs]`.
    pub fn values(&self) -> Vec<f32> {
        let mut values = vec![0.0; self.samples() * self.inputs()];
        for (sample, row) in values.chunks_exact_mut(self.inputs()).enumerate() {
            self.of_sample(sample).iter().for_each(|&input| row[input as usize] = 1.0);
        }
        values
    }
}

impl Lists {
    fn list(&self, index: usize) -> &[u32] {
        &self.numbers[self.starts[index]..self.starts[index + 1]]
    }

    /// For each of `count` numbers the indices of the lists that have it.
    fn transposed(&self, count: usize) -> Self {
        let mut starts = vec![0; count + 1];
        self.numbers.iter().for_each(|&number| starts[number as usize + 1] += 1);
        for index in 0..count {
            starts[index + 1] += starts[index];
        }
        let (mut ends, mut numbers) = (starts.clone(), vec![0; self.numbers.len()]);
        for index in 0..self.starts.len() - 1 {
            for &number in self.list(index) {
                let end = &mut ends[number as usize];
                numbers[*end] = index as u32;
                *end += 1;
            }
        }
        Lists { starts, numbers }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ones_are_listed_by_samples_and_by_inputs() {
        let samples: [BitImage; 2] = ["#..\n.#.".parse().unwrap(), "#.#\n...".parse().unwrap()];
        let ones = Ones::of_images(samples.iter().map(std::slice::from_ref), 6);
        assert_eq!((ones.of_sample(0), ones.of_sample(1)), (&[0, 4][..], &[0, 2][..]));
        assert_eq!((ones.of_input(0), ones.of_input(4)), (&[0, 1][..], &[0][..]));
        let lists = (0..6).map(|input| ones.of_input(input).to_vec());
        assert_eq!(Ones::of_lists(2, lists), ones);
    }

    #[test]
    fn bits_and_numbers_are_the_same_features() {
        let samples = [0b1011u32, 0b0110, 0b0000];
        let has = |sample: u32, input: u32| samples[sample as usize] >> input & 1 == 1;
        let list = |input: u32| (0..3).filter(|&sample| has(sample, input)).collect();
        let bits = Features::Bits(Ones::of_lists(3, (0..4).map(list)));
        let numbers = Features::Numbers { samples: 3, values: bits.to_values() };
        assert_eq!((numbers.samples(), numbers.count()), (bits.samples(), bits.count()));
        assert_eq!(numbers.to_values(), bits.to_values());
        assert_eq!(bits.to_values()[..4], [1.0, 1.0, 0.0, 1.0]);
    }
}
