//! Images, and what an operator makes of them.

use serde::{Deserialize, Serialize};
use strel_image::{Border, Plan, Sequence};

use super::images::name_or_table;
use super::{Draw, Images, ImagesConfig, Pair, RandomPatches};
use crate::TrainError;
use crate::text;

/// An operator to learn, and the images that show what it does.
///
/// ```
/// use strel_train::{Config, config::DataConfig};
///
/// let config = Config::from_toml(
///     "
///     [data.operator]
///     images = 'diskorect'
///     target = 'oD3'
///
///     [network]
///     channels = [1, 1, 1]
///     kernel = [7, 7]
///     ",
///     "example",
/// )?;
/// let DataConfig::Operator(operator) = config.data else { panic!("it is one") };
/// assert_eq!(operator.target, "oD3".parse()?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct OperatorConfig {
    /// The operator, as `strel morph` reads it: `oD3` is an opening by a disk of radius 3.
    #[serde(with = "text")]
    pub target: Sequence,
    /// What the operator reads outside of an image; with the rule of the network, there is a
    /// network that is equal to it up to the edge.
    #[serde(default = "default_border", with = "text")]
    pub border: Border,
    /// The images: diskorect, mnist or fashion-mnist, or a table of that name.
    #[serde(deserialize_with = "name_or_table")]
    pub images: ImagesConfig,
    /// The share of the training pairs that are random images, and what the operator makes of them.
    #[serde(default)]
    pub random_patches: RandomPatches,
}

fn default_border() -> Border {
    Border::Replicate
}

impl OperatorConfig {
    /// What is wrong with the values, if anything is.
    pub fn check(&self) -> Result<(), String> {
        self.images.check()?;
        self.random_patches.check()
    }

    /// Reads what there is to read.
    ///
    /// # Errors
    /// A file is not there or wrong.
    pub fn open(&self) -> Result<OperatorPairs, TrainError> {
        let pairs = OperatorPairs::new(self.images.open()?, self.target.plan(self.border));
        Ok(OperatorPairs { random_patches: self.random_patches, ..pairs })
    }
}

/// Pairs of an image and what an operator makes of it.
#[derive(Clone, Debug)]
pub struct OperatorPairs {
    images: Images,
    plan: Plan,
    random_patches: RandomPatches,
}

impl OperatorPairs {
    /// Pairs of these images; the plan has one input and one output.
    pub fn new(images: Images, plan: Plan) -> Self {
        OperatorPairs { images, plan, random_patches: RandomPatches::default() }
    }

    /// The pair of a draw.
    ///
    /// ```
    /// use strel_image::{Border, Sequence};
    /// use strel_train::data::{Diskorect, Draw, Images, OperatorPairs, Split};
    ///
    /// let opening: Sequence = "oD3".parse()?;
    /// let images = Images::Diskorect(Diskorect::default());
    /// let pairs = OperatorPairs::new(images, opening.plan(Border::Replicate));
    /// let pair = pairs.pair(Draw { seed: 0, split: Split::Train, index: 0 });
    /// assert!(pair.target.is_subset(&pair.input)?);
    /// # Ok::<(), strel_image::ImageError>(())
    /// ```
    pub fn pair(&self, draw: Draw) -> Pair {
        let random = self.random_patches.image(draw, self.images.size());
        let input = random.unwrap_or_else(|| self.images.image(draw));
        Pair { target: self.plan.apply(&input), input }
    }
}
