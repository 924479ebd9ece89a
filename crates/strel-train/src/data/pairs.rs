//! Random crops of pairs of images.

use std::path::PathBuf;

use rand::RngExt;
use rand::rngs::ChaCha8Rng;
use serde::{Deserialize, Serialize};
use strel_image::LevelSets;
use strel_image::files::{Foreground, ReadOptions};

use super::census::Census;
use super::stored::{AnyPair, Stored};
use super::{
    Crops, Draw, GreyPair, HoldOut, ImagePair, Noted, Pair, PairFiles, Reading, Shares, Split,
    find_pairs,
};
use crate::{TrainError, text};

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
    /// The colour of the foreground: black or white.
    #[serde(default, with = "text")]
    pub foreground: Foreground,
    /// Grey values from this one on are white; without it a grey image is refused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub threshold: Option<u8>,
    /// The same of wanted outputs, where it is not `threshold`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target_threshold: Option<u8>,
    /// Grey and coloured images are learnt by so many level sets, 1 to 255; a training pair is the
    /// level set of input and target at a random threshold, of a random plane.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub levels: Option<usize>,
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
    ///
    /// # Errors
    /// Both thresholds and level sets are asked for, or there are not so many level sets.
    pub fn reading(&self) -> Result<Reading, String> {
        let foreground = self.foreground;
        match (self.levels, self.target_threshold.or(self.threshold)) {
            (None, target) => {
                let read = |threshold| ReadOptions { foreground, threshold };
                Ok(Reading::Binary { input: read(self.threshold), target: read(target) })
            }
            (Some(count), None) => match LevelSets::new(count, foreground) {
                Ok(sets) => Ok(Reading::Levels(sets)),
                Err(_) => Err(format!("`levels` is {count}; expected 1 to 255 level sets")),
            },
            (Some(_), Some(_)) => Err(
                "`levels` and `threshold` are both given; expected one of them: level sets have \
                     thresholds of their own"
                    .into(),
            ),
        }
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
        self.reading()?;
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
        let Noted { found: files, mut notes } = find_pairs(&self.inputs, &self.targets)?;
        let reading = self.reading().map_err(TrainError::Data)?;
        let mut pairs = Pairs::open(files, reading, self.memory << 20, self.crops())?;
        notes.append(&mut pairs.notes);
        Ok(Pairs { notes, ..pairs })
    }
}

/// Random crops of pairs of images: each image once before one comes again, each time in another
/// order.
#[derive(Clone, Debug)]
pub struct Pairs {
    images: Vec<Stored>,
    crops: Crops,
    notes: Vec<String>,
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
        let in_memory = |image: ImagePair| Stored::InMemory(AnyPair::Binary(image.pair));
        Ok(Pairs { images: images.into_iter().map(in_memory).collect(), crops, notes: Vec::new() })
    }

    /// Crops of images in files. Each is read once now, so that a damaged one does not end a
    /// training in the middle. The first ones, as many as fit into so many bytes, stay in memory;
    /// the others are read when they are needed: as all are needed equally often, no other choice of
    /// what stays would read less. The crops do not depend on it.
    ///
    /// # Errors
    /// Those of [`new`](Self::new) and of [`PairFiles::read`], of each pair that has one.
    pub fn open(
        files: Vec<PairFiles>,
        reading: Reading,
        mut memory: usize,
        crops: Crops,
    ) -> Result<Self, TrainError> {
        crops.check_count(files.len())?;
        let mut census = Census::default();
        let store = |files: PairFiles| {
            let pair = AnyPair::read(&files, reading)?;
            crops.check_image(&files.name, pair.size())?;
            match &pair {
                AnyPair::Binary(pair) => census.count(pair),
                AnyPair::Grey(pair, _) => census.count_grey(pair),
            }
            Ok(match memory.checked_sub(pair.bytes()) {
                Some(left) => {
                    memory = left;
                    Stored::InMemory(pair)
                }
                None => Stored::OnDisk(files, reading),
            })
        };
        let stored = TrainError::all(files.into_iter().map(store))?;
        let foreground = match reading {
            Reading::Binary { input, .. } => Some(input.foreground),
            Reading::Levels(_) => None,
        };
        Ok(Pairs { images: stored, crops, notes: census.notes(foreground) })
    }

    /// What is probably not meant, of images in files.
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// The crop of a draw. Crops whose target is empty or full teach little: where one comes,
    /// others of random images are tried, a few times.
    ///
    /// # Errors
    /// A file cannot be read any more, or is another one now.
    pub fn pair(&self, draw: Draw) -> Result<Pair, TrainError> {
        let mut rng = draw.rng();
        let mut pair = self.binary_crop(draw.split, self.place(draw), &mut rng)?;
        for _ in 1..DRAWS {
            if teaches(&pair) {
                break;
            }
            let images = self.crops.images(draw.split, self.images.len()).len();
            let other = rng.random_range(0..images);
            pair = self.binary_crop(draw.split, other, &mut rng)?;
        }
        Ok(self.crops.augmented(draw.split, pair, &mut rng))
    }

    /// The level sets that images are learnt by; none if they are binary.
    pub fn level_sets(&self) -> Option<LevelSets> {
        self.images.first().and_then(Stored::level_sets)
    }

    /// The crop of a draw with all of its levels; none if images are binary.
    ///
    /// # Errors
    /// A file cannot be read any more, or is another one now.
    pub fn grey_pair(&self, draw: Draw) -> Result<Option<GreyPair>, TrainError> {
        match self.crop(draw.split, self.place(draw), &mut draw.rng())? {
            AnyPair::Grey(pair, _) => Ok(Some(pair)),
            AnyPair::Binary(_) => Ok(None),
        }
    }

    /// The place of a draw's image among those of its split.
    fn place(&self, draw: Draw) -> usize {
        draw.of(self.crops.images(draw.split, self.images.len()).len())
    }

    /// A crop of an image of a split; of a grey image, one of its level sets.
    fn binary_crop(
        &self,
        split: Split,
        place: usize,
        rng: &mut ChaCha8Rng,
    ) -> Result<Pair, TrainError> {
        Ok(match self.crop(split, place, rng)? {
            AnyPair::Binary(pair) => pair,
            AnyPair::Grey(pair, sets) => pair.any_level(sets, rng),
        })
    }

    fn crop(
        &self,
        split: Split,
        place: usize,
        rng: &mut ChaCha8Rng,
    ) -> Result<AnyPair, TrainError> {
        let index = self.crops.image(split, place, self.images.len());
        let pair = self.images[index].get(&self.crops)?;
        let corner = self.crops.any_place(split, pair.size(), rng);
        Ok(pair.crop(corner, (self.crops.size, self.crops.size)))
    }
}

/// Draws of a crop until one with foreground and background is found.
const DRAWS: u32 = 20;

fn teaches(pair: &Pair) -> bool {
    let ones = pair.target.count_ones();
    ones > 0 && ones < pair.target.area() as u64
}
