//! What it learns from.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::TrainError;
use crate::data::{
    CifarConfig, Classes, ClassesConfig, Data, ImagesConfig, LabelledImages, Levels, Noisti,
    OperatorConfig, PairsConfig, Source, check_classes, cifar_files, data_folder, find_pairs,
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

    /// The same with absolute folders, those of `$STREL_DATA_DIR` among them: it means the same data wherever it is
    /// read, and under any environment.
    ///
    /// # Errors
    /// The working folder is not known, or a configuration cannot name a folder, as its name is not UTF-8.
    pub fn absolute(mut self) -> Result<Self, TrainError> {
        match &mut self {
            DataConfig::Pairs(pairs) => {
                make_absolute(&mut pairs.inputs)?;
                make_absolute(&mut pairs.targets)?;
            }
            data => {
                if let Some((folder, name)) = data.data_set() {
                    make_absolute(folder.get_or_insert_with(|| data_folder(name)))?;
                }
            }
        }
        Ok(self)
    }

    /// The files that [`open`](Self::open) reads; none where images are generated.
    ///
    /// # Errors
    /// A folder cannot be read, or lacks files.
    pub fn files(&self) -> Result<Vec<PathBuf>, TrainError> {
        if let DataConfig::Pairs(pairs) = self {
            let pairs = find_pairs(&pairs.inputs, &pairs.targets)?.found;
            // The pages of a file are in one file.
            let first = pairs.into_iter().filter(|pair| pair.page == 0);
            return Ok(first.flat_map(|pair| [pair.input, pair.target]).collect());
        }
        match self.clone().data_set() {
            None => Ok(Vec::new()),
            Some((folder, name)) => {
                let folder = folder.clone().unwrap_or_else(|| data_folder(name));
                match self {
                    DataConfig::Cifar10(_) => Ok(cifar_files(&folder)),
                    _ => {
                        let files = |set| LabelledImages::files_of_set(&folder, set);
                        Ok([files("train")?, files("t10k")?].concat())
                    }
                }
            }
        }
    }

    /// The folder of a data set, and its name.
    fn data_set(&mut self) -> Option<(&mut Option<PathBuf>, &'static str)> {
        match self {
            DataConfig::Mnist(files) => Some((&mut files.folder, "mnist")),
            DataConfig::FashionMnist(files) => Some((&mut files.folder, "fashion-mnist")),
            DataConfig::Cifar10(files) => Some((&mut files.folder, "cifar-10")),
            DataConfig::Operator(operator) => match &mut operator.images {
                ImagesConfig::Mnist(files) => Some((&mut files.folder, "mnist")),
                ImagesConfig::FashionMnist(files) => Some((&mut files.folder, "fashion-mnist")),
                ImagesConfig::Diskorect(_) => None,
            },
            DataConfig::Noisti(_) | DataConfig::Pairs(_) => None,
        }
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

fn make_absolute(folder: &mut PathBuf) -> Result<(), TrainError> {
    *folder = std::path::absolute(&*folder)
        .map_err(|source| TrainError::Read { path: folder.clone(), source })?;
    check_name(folder)
}

/// An error unless a configuration can name the folder.
pub(super) fn check_name(folder: &Path) -> Result<(), TrainError> {
    match folder.to_str() {
        Some(_) => Ok(()),
        None => Err(TrainError::Data(format!(
            "the name of folder {} is not UTF-8, and no configuration can hold it; expected another",
            folder.display()
        ))),
    }
}
