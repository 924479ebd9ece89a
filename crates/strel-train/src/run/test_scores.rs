//! Scores on test data: none of it is trained on, and nothing is decided by it.

use serde::Serialize;
use strel_image::LevelSets;
use strel_network::{FloatNetwork, Network};

use crate::TrainError;
use crate::classify::{binarized_classes, float_classes, hard_classes, share_right};
use crate::data::{GreyPair, Pair, Sample};
use crate::forward::apply_float;
use crate::mask::BorderMask;
use crate::score::{GreyError, GreyErrors};

/// The test scores of a run.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum TestScores {
    /// Of a network from images to images.
    Images(ImageScores),
    /// Of such a network on grey images, by their level sets.
    Grey(GreyScores),
    /// Of a classifier.
    Classes(ClassScores),
}

/// Scores on pairs of images.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ImageScores {
    /// Pairs.
    pub test_pairs: usize,
    /// Mean DICE of the inputs themselves.
    pub dice_input: f64,
    /// Mean DICE of the float network.
    pub dice_float: f64,
    /// Mean DICE of the binarized network.
    pub dice_binarized: f64,
    /// Pixels of the outputs on which the float and the binarized network differ.
    pub different_pixels: u64,
}

/// Errors on pairs of grey or coloured images.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct GreyScores {
    /// Pairs.
    pub test_pairs: usize,
    /// Level sets of each plane.
    pub levels: usize,
    /// The errors of the inputs, over all pixels.
    pub input: GreyError,
    /// Those of the float network, thresholded at each level.
    pub float: GreyError,
    /// Those of the binarized network.
    pub binarized: GreyError,
}

/// Shares of samples whose class was told.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ClassScores {
    /// Samples.
    pub test_samples: usize,
    /// By the float network.
    pub accuracy_float: f64,
    /// By the float network with every neuron thresholded at 1/2.
    pub accuracy_hard: f64,
    /// By the binarized network.
    pub accuracy_binarized: f64,
    /// Samples of which the thresholded and the binarized network tell different classes.
    pub different_samples: usize,
    /// For each class, of how many of its samples the binarized network tells which class.
    pub confusion: Vec<Vec<usize>>,
}

impl ImageScores {
    /// Scores both networks, where the pixels of the mask do not count.
    ///
    /// # Errors
    /// The binarized network does not give one image for one.
    pub fn new(
        float: &FloatNetwork,
        network: &Network,
        mask: BorderMask,
        pairs: &[Pair],
    ) -> Result<Self, TrainError> {
        let plan = network.plan();
        let (mut sums, mut different_pixels) = ([0.0; 3], 0);
        for Pair { input, target } in pairs {
            let of_float = apply_float(float, input);
            let binarized = plan.apply_one(input)?;
            for (sum, image) in sums.iter_mut().zip([input, &of_float, &binarized]) {
                *sum += mask.dice(image, target);
            }
            let different = of_float.symmetric_difference(&binarized);
            different_pixels += different.expect("outputs keep their size").count_ones();
        }
        let [dice_input, dice_float, dice_binarized] = sums.map(|sum| sum / pairs.len() as f64);
        let test_pairs = pairs.len();
        Ok(ImageScores { test_pairs, dice_input, dice_float, dice_binarized, different_pixels })
    }
}

impl GreyScores {
    /// Scores both networks, where the pixels of the mask do not count.
    ///
    /// # Errors
    /// The binarized network does not give one image for one.
    pub fn new(
        float: &FloatNetwork,
        network: &Network,
        sets: LevelSets,
        mask: BorderMask,
        pairs: &[GreyPair],
    ) -> Result<Self, TrainError> {
        let plan = network.plan();
        let mut errors = GreyErrors::default();
        for pair in pairs {
            errors.add(&GreyErrors::of(Some(float), Some(&plan), sets, mask, pair)?);
        }
        let GreyErrors { input, float, binarized } = errors;
        let (float, binarized) = (float.unwrap_or_default(), binarized.unwrap_or_default());
        let (test_pairs, levels) = (pairs.len(), sets.count());
        Ok(GreyScores { test_pairs, levels, input, float, binarized })
    }
}

impl ClassScores {
    /// Scores both networks.
    ///
    /// # Errors
    /// They are no classifiers of such samples.
    pub fn new(
        float: &FloatNetwork,
        network: &Network,
        samples: &[Sample],
    ) -> Result<Self, TrainError> {
        let of_float = float_classes(float, samples)?;
        let hard = hard_classes(float, samples)?;
        let binarized = binarized_classes(&network.plan(), samples)?;
        let classes = samples.iter().map(|sample| sample.class + 1).chain(network.classes()).max();
        let classes = classes.unwrap_or_default();
        let mut confusion = vec![vec![0; classes]; classes];
        samples
            .iter()
            .zip(&binarized)
            .for_each(|(sample, &told)| confusion[sample.class][told] += 1);
        Ok(ClassScores {
            confusion,
            test_samples: samples.len(),
            accuracy_float: share_right(&of_float, samples),
            accuracy_hard: share_right(&hard, samples),
            accuracy_binarized: share_right(&binarized, samples),
            different_samples: hard.iter().zip(&binarized).filter(|(a, b)| a != b).count(),
        })
    }
}
