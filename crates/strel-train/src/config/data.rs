//! What it learns from.

use serde::{Deserialize, Serialize};

use crate::TrainError;
use crate::data::{
    CifarConfig, Classes, ClassesConfig, Data, Levels, Noisti, OperatorConfig, PairsConfig, Source,
    check_classes,
};

/// What to learn from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub enum DataConfig {
    /// Generated noised sticks.
    Noisti(Noisti),
    /// Two folders of images, matched by name.
    Pairs(PairsConfig),
    /// Images, and what an operator makes of them.
    Operator(OperatorConfig),
    /// Handwritten digits, to be told apart.
    Mnist(ClassesConfig),
    /// Pieces of clothing, to be told apart.
    FashionMnist(ClassesConfig),
    /// Photographs, to be told apart.
    #[serde(rename = "cifar-10")]
    Cifar10(CifarConfig),
}

impl DataConfig {
    /// Reads what there is to read.
    ///
    /// # Errors
    /// A folder or file cannot be read, or does not fit the configuration.
    pub fn open(&self) -> Result<Data, TrainError> {
        Ok(match self {
            DataConfig::Noisti(noisti) => Data::Pairs(Source::Noisti(noisti.clone())),
            DataConfig::Pairs(pairs) => Data::Pairs(Source::Pairs(pairs.open()?)),
            DataConfig::Operator(operator) => {
                Data::Pairs(Source::Operator(Box::new(operator.open()?)))
            }
            DataConfig::Mnist(files) => Data::Classes(files.open("mnist")?),
            DataConfig::FashionMnist(files) => Data::Classes(files.open("fashion-mnist")?),
            DataConfig::Cifar10(files) => Data::Classes(files.open()?),
        })
    }

    /// Whether samples have a class, not an image, as their target.
    pub fn has_classes(&self) -> bool {
        self.levels().is_some()
    }

    /// Reads the samples of classes; none where targets are images.
    ///
    /// # Errors
    /// A file is not there or wrong.
    pub fn open_classes(&self) -> Result<Option<Classes>, TrainError> {
        match self.open()? {
            Data::Classes(classes) => Ok(Some(classes)),
            Data::Pairs(_) => Ok(None),
        }
    }

    /// The levels of the level sets that a classifier reads.
    pub fn levels(&self) -> Option<&Levels> {
        match self {
            DataConfig::Mnist(files) | DataConfig::FashionMnist(files) => Some(&files.levels),
            DataConfig::Cifar10(files) => Some(&files.levels),
            _ => None,
        }
    }

    /// What is wrong with the values, if anything is.
    pub fn check(&self) -> Result<(), String> {
        match self {
            DataConfig::Noisti(noisti) => noisti.check(),
            DataConfig::Pairs(pairs) => pairs.check(),
            DataConfig::Operator(operator) => operator.check(),
            DataConfig::Mnist(files) | DataConfig::FashionMnist(files) => {
                check_classes(&files.levels, files.validation, &files.augment)
            }
            DataConfig::Cifar10(files) => {
                check_classes(&files.levels, files.validation, &files.augment)
            }
        }
    }
}
