//! What can be known of a pixel by the runs that it lies in.
//!
//! Sticks are runs of 12 to 15 pixels in three directions, noise is everywhere alike: how long a
//! pixel's runs are is nearly all that an image tells of it. Counting how often pixels of such runs
//! belong to a stick gives the best decision by them, beside which operators can be measured.

use strel::image::{BitImage, Engine};
use strel::train::TrainError;
use strel::train::data::{Draw, Pair, Source, Split};

use super::super::TEST_SEED;

/// Rows and columns from a pixel of a stick to the next, as sticks are drawn: away from their first
/// pixel, which lies in the image.
const DIRECTIONS: [(isize, isize); 3] = [(0, 1), (-1, 1), (-1, 0)];

/// The length from which on a run is too long for a stick.
const TOO_LONG: usize = 16;

/// States of a pixel in a direction: the length of its run, whether it is an end of one that is too
/// long, and whether the run leaves the image where sticks do.
const STATES: usize = 2 * (TOO_LONG + 2);

/// Pairs that a thread counts at a time.
const PORTION: u64 = 500;

/// For each triple of states, how many pixels belong to no stick, and to one.
pub struct RunLengths(Vec<[u32; 2]>);

impl RunLengths {
    /// Counts on so many pairs, which no network learns from.
    pub fn count(source: &Source, pairs: u64) -> Result<Self, TrainError> {
        let portions: Vec<u64> = (0..pairs).step_by(PORTION as usize).collect();
        let counted = Engine::default().map(&portions, |from| -> Result<Self, TrainError> {
            let mut counts = Self(vec![[0; 2]; STATES.pow(3)]);
            for index in *from..(*from + PORTION).min(pairs) {
                let draw = Draw { seed: TEST_SEED, split: Split::Train, index };
                counts.add(&source.pair(draw)?);
            }
            Ok(counts)
        });
        let mut sum = Self(vec![[0; 2]; STATES.pow(3)]);
        for counts in counted {
            for (sum, more) in sum.0.iter_mut().zip(counts?.0) {
                *sum = [sum[0] + more[0], sum[1] + more[1]];
            }
        }
        Ok(sum)
    }

    fn add(&mut self, Pair { input, target }: &Pair) {
        for (row, col, state) in states(input) {
            self.0[state][usize::from(target.get(row, col))] += 1;
        }
    }

    /// The pixels of an image that more likely belong to a stick than not.
    pub fn apply(&self, image: &BitImage) -> BitImage {
        let mut kept = BitImage::new(image.height(), image.width());
        for (row, col, state) in states(image) {
            let [noise, stick] = self.0[state];
            kept.set(row, col, stick > noise);
        }
        kept
    }
}

/// The pixels of an image, and the number of the triple of states of each.
fn states(image: &BitImage) -> Vec<(usize, usize, usize)> {
    let runs = DIRECTIONS.map(|direction| states_along(image, direction));
    let width = image.width();
    let state = |at: usize| {
        let [one, two, three] = [0, 1, 2].map(|direction| runs[direction][at]);
        (at / width, at % width, (one * STATES + two) * STATES + three)
    };
    (0..image.area()).filter(|at| image.get(at / width, at % width)).map(state).collect()
}

/// The states of all pixels of an image in a direction; those of the background mean nothing.
fn states_along(image: &BitImage, (down, right): (isize, isize)) -> Vec<usize> {
    let (height, width) = image.size();
    let next = |row: usize, col: usize, steps: isize| {
        let row = row.checked_add_signed(steps * down).filter(|row| *row < height)?;
        let col = col.checked_add_signed(steps * right).filter(|col| *col < width)?;
        Some((row, col))
    };
    let is_set = |at: Option<(usize, usize)>| at.is_some_and(|(row, col)| image.get(row, col));
    let mut states = vec![0; image.area()];
    for (row, col) in (0..height).flat_map(|row| (0..width).map(move |col| (row, col))) {
        if !image.get(row, col) || is_set(next(row, col, -1)) {
            continue;
        }
        let length = (1..).find(|&steps| !is_set(next(row, col, steps))).unwrap_or(1);
        let leaves = usize::from(next(row, col, length).is_none());
        for place in 0..length {
            let inner = place > 0 && place < length - 1;
            let kind = match length.unsigned_abs() {
                TOO_LONG.. => TOO_LONG + usize::from(inner),
                fits => fits,
            };
            if let Some((row, col)) = next(row, col, place) {
                states[row * width + col] = 2 * kind + leaves;
            }
        }
    }
    states
}

#[cfg(test)]
mod tests {
    use strel::train::data::Noisti;

    use super::*;

    #[test]
    fn states_are_lengths_of_runs() {
        let image: BitImage = "
            .#...
            ##.##
            .#...
        "
        .parse()
        .unwrap();
        let along = |direction| states_along(&image, direction);
        assert_eq!(along((0, 1)), [0, 2, 0, 0, 0, 4, 4, 0, 5, 5, 0, 2, 0, 0, 0]);
        assert_eq!(along((-1, 0))[1], 2 * 3 + 1);
        let long = BitImage::from_fn(1, 20, |_, col| col < 17);
        let expected: Vec<usize> = [&[32][..], &[34; 15], &[32], &[0; 3]].concat();
        assert_eq!(states_along(&long, (0, 1)), expected);
    }

    #[test]
    fn sticks_stay_and_most_noise_goes() {
        let source = Source::Noisti(Noisti::default());
        let counts = RunLengths::count(&source, 600).unwrap();
        let test = source.pairs(0, Split::Test, 0, 20).unwrap();
        assert!(super::super::super::attempt::mean_dice(&test, |image| counts.apply(image)) > 0.95);
    }
}
