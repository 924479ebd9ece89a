//! Random crops of pairs of images.

use std::borrow::Cow;
use std::path::PathBuf;

use rand::RngExt;
use rand::rngs::ChaCha8Rng;
use serde::{Deserialize, Serialize};
use strel_image::files::{Foreground, ReadOptions};

use super::{Crops, Draw, HoldOut, ImagePair, Pair, PairFiles, Shares, Split, find_pairs};
use crate::TrainError;

/// Two folders of images.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct PairsConfig {
    /// The folder of inputs.
    pub inputs: PathBuf,
    /// The folder of wanted outputs.
    pub targets: PathBuf,
    /// Rows and columns of a training crop.
    #[serde(default = "default_crop")]
    pub crop: usize,
    /// Whether rows of each image or whole images are set aside for validation and tests.
    #[serde(default = "default_hold_out")]
    pub hold_out: HoldOut,
    /// The share of the rows or images that is kept for validation.
    #[serde(default = "default_share")]
    pub validation: f64,
    /// The share of the rows or images that is kept for tests.
    #[serde(default = "default_share")]
    pub test: f64,
    /// Whether training crops are flipped and turned at random, input and target together: for
    /// operators that treat all directions alike.
    #[serde(default)]
    pub augment: bool,
    /// Megabytes (2^20 bytes, 8 pixels a byte) of images held in memory; the others are read again
    /// whenever a crop is cut from them.
    #[serde(default = "default_memory")]
    pub memory: usize,
    /// Whether white pixels are the foreground; black ones are otherwise.
    #[serde(default)]
    pub white_foreground: bool,
    /// Grey values from this one on are white; without it a grey image is refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub threshold: Option<u8>,
}

fn default_crop() -> usize {
    64
}

fn default_hold_out() -> HoldOut {
    HoldOut::Rows
}

fn default_share() -> f64 {
    0.2
}

fn default_memory() -> usize {
    1024
}

impl PairsConfig {
    /// How image files become binary images.
    pub fn read_options(&self) -> ReadOptions {
        let foreground = if self.white_foreground { Foreground::White } else { Foreground::Black };
        ReadOptions { foreground, threshold: self.threshold }
    }

    /// How crops are drawn.
    pub fn crops(&self) -> Crops {
        Crops {
            size: self.crop,
            shares: Shares { validation: self.validation, test: self.test },
            hold_out: self.hold_out,
            augment: self.augment,
        }
    }

    /// What is wrong with the values, if anything is.
    pub fn check(&self) -> Result<(), String> {
        if self.crop == 0 {
            return Err("`crop` is 0; expected at least 1 pixel".into());
        }
        for (key, share) in [("validation", self.validation), ("test", self.test)] {
            if !(share > 0.0 && share < 1.0) {
                return Err(format!("`{key}` is {share}; expected a share, above 0 and below 1"));
            }
        }
        if self.validation + self.test >= 1.0 {
            let sum = self.validation + self.test;
            return Err(format!("`validation` and `test` are {sum} together; expected below 1"));
        }
        Ok(())
    }

    /// Reads each image once, to see that it is right and has room for crops.
    ///
    /// # Errors
    /// A folder or file is wrong, or an image or the number of images too small.
    pub fn open(&self) -> Result<Pairs, TrainError> {
        let files = find_pairs(&self.inputs, &self.targets)?;
        Pairs::open(files, &self.read_options(), self.memory << 20, self.crops())
    }
}

/// Random crops of pairs of images: each image once before one comes again, each time in another
/// order.
#[derive(Clone, Debug)]
pub struct Pairs {
    images: Vec<Stored>,
    crops: Crops,
}

#[derive(Clone, Debug)]
enum Stored {
    InMemory(Pair),
    OnDisk(PairFiles, ReadOptions),
}

impl Pairs {
    /// Crops of images in memory.
    ///
    /// # Errors
    /// There is no image, too few to set some aside, or one without room for crops.
    pub fn new(images: Vec<ImagePair>, crops: Crops) -> Result<Self, TrainError> {
        crops.check_count(images.len())?;
        for ImagePair { name, pair } in &images {
            crops.check_image(name, pair.input.size())?;
        }
        let images = images.into_iter().map(|image| Stored::InMemory(image.pair)).collect();
        Ok(Pairs { images, crops })
    }

    /// Crops of images in files. Each is read once now, so that a damaged one does not end a
    /// training in the middle. The first ones, as many as fit into so many bytes, stay in memory;
    /// the others are read when they are needed: as all are needed equally often, no other choice of
    /// what stays would read less. The crops do not depend on it.
    ///
    /// # Errors
    /// Those of [`new`](Self::new) and of [`PairFiles::read`].
    pub fn open(
        files: Vec<PairFiles>,
        options: &ReadOptions,
        mut memory: usize,
        crops: Crops,
    ) -> Result<Self, TrainError> {
        crops.check_count(files.len())?;
        let mut images = Vec::new();
        for files in files {
            let pair = files.read(options)?;
            crops.check_image(&files.name, pair.input.size())?;
            let bytes = 2 * pair.input.rows().map(size_of_val).sum::<usize>();
            images.push(match memory.checked_sub(bytes) {
                Some(left) => {
                    memory = left;
                    Stored::InMemory(pair)
                }
                None => Stored::OnDisk(files, *options),
            });
        }
        Ok(Pairs { images, crops })
    }

    /// The crop of a draw. Crops whose target is empty or full teach little: where one comes,
    /// others of random images are tried, a few times.
    ///
    /// # Errors
    /// A file cannot be read any more, or is another one now.
    pub fn pair(&self, draw: Draw) -> Result<Pair, TrainError> {
        let mut rng = draw.rng();
        let images = self.crops.images(draw.split, self.images.len()).len();
        let mut pair = self.crop(draw.split, draw.of(images), &mut rng)?;
        for _ in 1..DRAWS {
            if teaches(&pair) {
                break;
            }
            let other = rng.random_range(0..images);
            pair = self.crop(draw.split, other, &mut rng)?;
        }
        Ok(self.crops.augmented(draw.split, pair, &mut rng))
    }

    /// A crop of an image of a split.
    fn crop(&self, split: Split, place: usize, rng: &mut ChaCha8Rng) -> Result<Pair, TrainError> {
        let index = self.crops.image(split, place, self.images.len());
        let image = match &self.images[index] {
            Stored::InMemory(pair) => Cow::Borrowed(pair),
            Stored::OnDisk(files, options) => {
                let pair = files.read(options)?;
                self.crops.check_image(&files.name, pair.input.size())?;
                Cow::Owned(pair)
            }
        };
        Ok(self.crops.any_place(split, &image, rng))
    }
}

/// Draws of a crop until one with foreground and background is found.
const DRAWS: u32 = 20;

fn teaches(pair: &Pair) -> bool {
    let ones = pair.target.count_ones();
    ones > 0 && ones < pair.target.area() as u64
}
