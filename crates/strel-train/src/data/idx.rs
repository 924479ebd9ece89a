//! IDX files: arrays of bytes, the format of MNIST.
//!
//! | bytes | what |
//! | --- | --- |
//! | 2 | zero |
//! | 1 | the type of the elements: 8 for unsigned bytes, the only one that is read |
//! | 1 | the number of dimensions |
//! | 4 each | the dimensions, big-endian |
//! | the rest | the elements, the last dimension running fastest |

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use flate2::bufread::MultiGzDecoder;

use crate::TrainError;

/// An array of bytes.
#[derive(Clone, Debug, PartialEq)]
pub struct Idx {
    /// The dimensions.
    pub shape: Vec<usize>,
    /// The elements, the last dimension running fastest.
    pub elements: Vec<u8>,
}

impl Idx {
    /// Reads a file, gzipped or not, with this many dimensions.
    ///
    /// # Errors
    /// The file cannot be read, its gzip is damaged, it is no IDX file of bytes, has another number
    /// of dimensions, or more or fewer elements than its dimensions say. The message names the file.
    ///
    /// ```
    /// use strel_train::data::Idx;
    ///
    /// let folder = tempfile::tempdir()?;
    /// let path = folder.path().join("labels");
    /// std::fs::write(&path, [0, 0, 8, 1, 0, 0, 0, 3, 5, 0, 4])?;
    /// assert_eq!(Idx::load(&path, 1)?, Idx { shape: vec![3], elements: vec![5, 0, 4] });
    /// assert!(Idx::load(&path, 3).unwrap_err().to_string().contains("found 1"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn load(path: &Path, dimensions: usize) -> Result<Self, TrainError> {
        let failed = |source| TrainError::Read { path: path.to_owned(), source };
        let mut file = BufReader::new(File::open(path).map_err(failed)?);
        let gzipped = file.fill_buf().map_err(failed)?.starts_with(&[0x1f, 0x8b]);
        let read = match gzipped {
            true => parse(MultiGzDecoder::new(file), dimensions)
                .map_err(|problem| format!("the gzipped content: {problem}")),
            false => parse(file, dimensions),
        };
        read.map_err(|problem| TrainError::Data(format!("{}: {problem}", path.display())))
    }
}

fn parse(mut content: impl Read, dimensions: usize) -> Result<Idx, String> {
    let mut magic = [0; 4];
    content.read_exact(&mut magic).map_err(|error| format!("no IDX header: {error}"))?;
    let [0, 0, kind, found] = magic else {
        return Err(format!("expected an IDX file, which begins 00 00, found {magic:02x?}"));
    };
    if kind != 8 {
        return Err(format!("expected IDX elements of type 08, unsigned bytes, found {kind:02x}"));
    }
    if usize::from(found) != dimensions {
        return Err(format!("expected an IDX array of {dimensions} dimensions, found {found}"));
    }
    let mut shape = Vec::new();
    for _ in 0..dimensions {
        let mut side = [0; 4];
        content.read_exact(&mut side).map_err(|error| format!("a cut IDX header: {error}"))?;
        shape.push(u32::from_be_bytes(side) as usize);
    }
    let sides = shape.iter().map(usize::to_string).collect::<Vec<_>>().join(" x ");
    let size = shape.iter().try_fold(1_usize, |size, side| size.checked_mul(*side));
    let size = size.ok_or_else(|| format!("the IDX header claims {sides} bytes"))?;
    let mut elements = Vec::new();
    // One more than claimed, to see whether there is more.
    let read = content.take((size as u64).saturating_add(1)).read_to_end(&mut elements);
    read.map_err(|error| format!("damaged after {} elements: {error}", elements.len()))?;
    match elements.len() {
        all if all == size => Ok(Idx { shape, elements }),
        fewer if fewer < size => {
            Err(format!("the IDX header claims {sides} = {size} bytes, but {fewer} follow"))
        }
        _ => Err(format!("the IDX header claims {sides} = {size} bytes, but more follow")),
    }
}
