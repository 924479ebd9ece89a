//! Pairs of image files in two folders.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use strel_image::files::{FileError, Format, Pages, ReadOptions};
use unicode_normalization::UnicodeNormalization;

use super::Pair;
use super::census::Census;
use crate::TrainError;

/// A pair of images of the same size, with the name that they share.
#[derive(Clone, Debug, PartialEq)]
pub struct ImagePair {
    /// The file name without folder and ending.
    pub name: String,
    /// The images.
    pub pair: Pair,
}

/// The files of a pair.
#[derive(Clone, Debug, PartialEq)]
pub struct PairFiles {
    /// The file name without folder and ending, and the number of the page if there are several.
    pub name: String,
    /// The file of the input.
    pub input: PathBuf,
    /// The file of the wanted output.
    pub target: PathBuf,
    /// The page of both files; the first is page 0.
    pub page: usize,
}

/// What was found, and what the user should know of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Noted<T> {
    /// What was found.
    pub found: T,
    /// Sentences that are no errors.
    pub notes: Vec<String>,
}

/// Finds the images of two folders, matched by file name without its ending, in the order of their
/// names. Names are compared as Unicode does (NFC): an accent is the same in one character or two.
///
/// A file is an image if its name ends like one, or its content begins like one. Others are passed over with a note,
/// and files whose names begin with a dot without. Files of several pages are several pairs.
///
/// # Errors
/// A folder cannot be read or holds no image, an image has no partner in the other folder or one of another number of
/// pages, or two have the same name.
pub fn find_pairs(inputs: &Path, targets: &Path) -> Result<Noted<Vec<PairFiles>>, TrainError> {
    let mut notes = Vec::new();
    let mut images = |folder| {
        let (images, others) = images_and_others(folder)?;
        notes.extend(passed_over(folder, &others));
        by_name(images)
    };
    let (input_files, mut target_files) = (images(inputs)?, images(targets)?);
    let mut pairs = Vec::new();
    for (name, input) in input_files {
        let target = target_files.remove(&name).ok_or_else(|| no_partner(&input, targets))?;
        pairs.extend(PairFiles::of_pages(&name.to_string_lossy(), &input, &target)?);
    }
    match target_files.into_values().next() {
        Some(target) => Err(no_partner(&target, inputs)),
        None if pairs.is_empty() => {
            Err(TrainError::Data(format!("folder {} holds no image", inputs.display())))
        }
        None => Ok(Noted { found: pairs, notes }),
    }
}

/// Reads the images of two folders, in the order of [`find_pairs`]; `input` and `target` say how.
///
/// # Errors
/// Those of [`find_pairs`] and [`read_pairs`].
pub fn load_pairs(
    inputs: &Path,
    targets: &Path,
    input: &ReadOptions,
    target: &ReadOptions,
) -> Result<Noted<Vec<ImagePair>>, TrainError> {
    let files = find_pairs(inputs, targets)?;
    let mut pairs = read_pairs(files.found, input, target)?;
    pairs.notes.splice(0..0, files.notes);
    Ok(pairs)
}

/// Reads pairs of images, with notes on what is probably not meant.
///
/// # Errors
/// Those of [`PairFiles::read`], of each pair that has one.
pub fn read_pairs(
    files: Vec<PairFiles>,
    input: &ReadOptions,
    target: &ReadOptions,
) -> Result<Noted<Vec<ImagePair>>, TrainError> {
    let mut census = Census::default();
    let read = |files: PairFiles| {
        let pair = files.read(input, target)?;
        census.count(&pair);
        Ok(ImagePair { pair, name: files.name })
    };
    let pairs = TrainError::all(files.into_iter().map(read))?;
    Ok(Noted { found: pairs, notes: census.notes(Some(input.foreground)) })
}

/// The images of a folder, in no order.
///
/// # Errors
/// The folder cannot be read.
pub fn images_in(folder: &Path) -> Result<Vec<PathBuf>, TrainError> {
    Ok(images_and_others(folder)?.0)
}

impl PairFiles {
    /// The pairs of the pages of two files.
    fn of_pages(name: &str, input: &Path, target: &Path) -> Result<Vec<Self>, TrainError> {
        // What is wrong with a file is told when it is read, beside what is wrong with others.
        let (pages, target_pages) = match (Pages::open(input), Pages::open(target)) {
            (Ok(pages), Ok(target_pages)) => (pages.count(), target_pages.count()),
            _ => (1, 1),
        };
        if pages != target_pages {
            return Err(TrainError::Data(format!(
                "{} has {pages} pages and its target {} has {target_pages}; expected as many",
                input.display(),
                target.display()
            )));
        }
        let pair = |page: usize| {
            let number = if pages > 1 { format!("-{}", page + 1) } else { String::new() };
            let (input, target) = (input.to_owned(), target.to_owned());
            PairFiles { name: format!("{name}{number}"), input, target, page }
        };
        Ok((0..pages).map(pair).collect())
    }

    /// Reads both images; `input` and `target` say how.
    ///
    /// # Errors
    /// A file cannot be read, or the images differ in size.
    pub fn read(&self, input: &ReadOptions, target: &ReadOptions) -> Result<Pair, TrainError> {
        let read = |path: &Path, options| -> Result<_, FileError> {
            Ok(Pages::open(path)?.read(self.page, options)?.image)
        };
        let pair = Pair { input: read(&self.input, input)?, target: read(&self.target, target)? };
        self.check_sizes(pair.input.size(), pair.target.size())?;
        Ok(pair)
    }

    /// An error unless the two sizes are one.
    pub(super) fn check_sizes(
        &self,
        (h, w): (usize, usize),
        (th, tw): (usize, usize),
    ) -> Result<(), TrainError> {
        if (h, w) == (th, tw) {
            return Ok(());
        }
        Err(TrainError::Data(format!(
            "{} is {h} x {w} pixels and its target {} is {th} x {tw}; expected the same size",
            self.input.display(),
            self.target.display()
        )))
    }
}

fn no_partner(file: &Path, folder: &Path) -> TrainError {
    TrainError::Data(format!(
        "{} has no partner of that name (the ending may differ) in folder {}",
        file.display(),
        folder.display()
    ))
}

/// Files by their names without endings.
fn by_name(files: Vec<PathBuf>) -> Result<BTreeMap<OsString, PathBuf>, TrainError> {
    let mut named = BTreeMap::new();
    for path in files {
        let name = path.file_stem().unwrap_or_default();
        let name = match name.to_str() {
            Some(text) => text.nfc().collect::<String>().into(),
            None => name.to_owned(),
        };
        if let Some(other) = named.insert(name, path.clone()) {
            return Err(TrainError::Data(format!(
                "{} and {} have the same name; expected one image of each name",
                other.display(),
                path.display()
            )));
        }
    }
    Ok(named)
}

/// The images of a folder, and the names of its other files, in order.
fn images_and_others(folder: &Path) -> Result<(Vec<PathBuf>, Vec<String>), TrainError> {
    if !folder.is_dir() {
        return Err(TrainError::Data(format!(
            "there is no folder {}; expected one of images",
            folder.display()
        )));
    }
    let failed = |source| TrainError::Read { path: folder.to_owned(), source };
    let (mut images, mut others) = (Vec::new(), Vec::new());
    for entry in fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if name.starts_with('.') || path.is_dir() {
            continue;
        }
        match is_image(&path).map_err(|source| TrainError::Read { path: path.clone(), source })? {
            true => images.push(path),
            false => others.push(name),
        }
    }
    // The order of a folder is that of its file system.
    images.sort();
    others.sort();
    Ok((images, others))
}

/// How the names of images end.
const ENDINGS: [&str; 8] = ["png", "tif", "tiff", "pbm", "pgm", "pnm", "jpg", "jpeg"];

/// Whether a file is meant as an image, though it may be damaged.
fn is_image(path: &Path) -> io::Result<bool> {
    let ending = path.extension().unwrap_or_default().to_ascii_lowercase();
    if ENDINGS.iter().any(|known| ending == *known) {
        return Ok(true);
    }
    let mut start = Vec::new();
    // A pipe would be waited for.
    if fs::metadata(path)?.is_file() {
        File::open(path)?.take(8).read_to_end(&mut start)?;
    }
    Ok(Format::of_content(&start).is_ok())
}

/// A note on the files of a folder that are no images, if there are some.
fn passed_over(folder: &Path, others: &[String]) -> Option<String> {
    let folder = folder.display();
    match others {
        [] => None,
        [name] => Some(format!("{name} in folder {folder} is no image, and passed over")),
        [first, .., last] => Some(format!(
            "{} files in folder {folder} are no images, and passed over: {first} to {last}",
            others.len()
        )),
    }
}
