//! Pairs of images in memory, or on disk.

use std::borrow::Cow;

use strel_image::LevelSets;
use strel_image::files::ReadOptions;

use super::{Crops, GreyPair, Pair, PairFiles};
use crate::TrainError;

/// How the files of pairs are read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Reading {
    /// As binary images.
    Binary {
        /// How inputs become binary.
        input: ReadOptions,
        /// How wanted outputs do.
        target: ReadOptions,
    },
    /// As grey or coloured images, of which level sets are taken.
    Levels(LevelSets),
}

/// A pair of images, whole.
#[derive(Clone, Debug)]
pub(super) enum AnyPair {
    Binary(Pair),
    Grey(GreyPair, LevelSets),
}

impl AnyPair {
    pub(super) fn read(files: &PairFiles, reading: Reading) -> Result<Self, TrainError> {
        Ok(match reading {
            Reading::Binary { input, target } => AnyPair::Binary(files.read(&input, &target)?),
            Reading::Levels(sets) => AnyPair::Grey(GreyPair::read(files)?, sets),
        })
    }

    /// Rows and columns.
    pub(super) fn size(&self) -> (usize, usize) {
        match self {
            AnyPair::Binary(pair) => pair.input.size(),
            AnyPair::Grey(pair, _) => pair.size(),
        }
    }

    /// The memory that the pixels take.
    pub(super) fn bytes(&self) -> usize {
        2 * match self {
            AnyPair::Binary(pair) => pair.input.rows().map(size_of_val).sum::<usize>(),
            AnyPair::Grey(pair, _) => pair.input.iter().map(|plane| plane.levels().len()).sum(),
        }
    }

    /// The same part of both images.
    pub(super) fn crop(&self, corner: (usize, usize), size: (usize, usize)) -> Self {
        match self {
            AnyPair::Binary(pair) => AnyPair::Binary(pair.crop(corner, size)),
            AnyPair::Grey(pair, sets) => AnyPair::Grey(pair.crop(corner, size), *sets),
        }
    }
}

/// A pair of images that is kept in memory, or read whenever it is needed.
#[derive(Clone, Debug)]
pub(super) enum Stored {
    InMemory(AnyPair),
    OnDisk(PairFiles, Reading),
}

impl Stored {
    /// # Errors
    /// A file cannot be read any more, or is too small for crops now.
    pub(super) fn get(&self, crops: &Crops) -> Result<Cow<'_, AnyPair>, TrainError> {
        match self {
            Stored::InMemory(pair) => Ok(Cow::Borrowed(pair)),
            Stored::OnDisk(files, reading) => {
                let pair = AnyPair::read(files, *reading)?;
                crops.check_image(&files.name, pair.size())?;
                Ok(Cow::Owned(pair))
            }
        }
    }

    /// The level sets that are taken of grey images.
    pub(super) fn level_sets(&self) -> Option<LevelSets> {
        match self {
            Stored::InMemory(AnyPair::Grey(_, sets)) | Stored::OnDisk(_, Reading::Levels(sets)) => {
                Some(*sets)
            }
            _ => None,
        }
    }
}
