//! The file formats, how they are told apart, and the problems that name them.

use std::fmt;
use std::path::Path;

use super::FileProblem;

/// A header may claim this many pixels at most.
const MAX_PIXELS: u64 = 1 << 40;

/// What is decoded may take this much memory, whatever the size of its file, and beyond that
/// `MAX_EXPANSION` times as much as its file.
const MODEST_BYTES: u64 = 1 << 30;

/// No code but CCITT makes more than this many bytes of one; LZW comes near.
pub(super) const MAX_EXPANSION: u64 = 4096;

/// A row takes about this much memory more than its pixels, which counts where rows are short.
const ROW_OVERHEAD: u64 = 64;

/// A file format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// Portable Network Graphics.
    Png,
    /// Tagged Image File Format, BigTIFF included.
    Tiff,
    /// Portable bitmap.
    Pbm,
    /// Portable graymap.
    Pgm,
    /// JPEG, which is read but not written.
    Jpeg,
}

impl Format {
    /// The format that a content begins like.
    ///
    /// # Errors
    /// [`FileProblem::UnknownContent`].
    pub fn of_content(bytes: &[u8]) -> Result<Self, FileProblem> {
        match bytes {
            [0x89, b'P', b'N', b'G', ..] => Ok(Format::Png),
            [b'I', b'I', 42 | 43, 0, ..] | [b'M', b'M', 0, 42 | 43, ..] => Ok(Format::Tiff),
            [b'P', b'1' | b'4', ..] => Ok(Format::Pbm),
            [b'P', b'2' | b'5', ..] => Ok(Format::Pgm),
            [0xff, 0xd8, 0xff, ..] => Ok(Format::Jpeg),
            [] => Err(FileProblem::UnknownContent { found: "an empty file".to_owned() }),
            _ => {
                let start = bytes[..bytes.len().min(8)].escape_ascii();
                Err(FileProblem::UnknownContent { found: format!("a file that begins {start}") })
            }
        }
    }

    /// The format that a file's extension names, in capitals or not.
    ///
    /// # Errors
    /// [`FileProblem::UnknownExtension`], also for JPEG, which is not written.
    pub fn of_name(path: impl AsRef<Path>) -> Result<Self, FileProblem> {
        let extension = path.as_ref().extension().unwrap_or_default().to_ascii_lowercase();
        match extension.to_str() {
            Some("png") => Ok(Format::Png),
            Some("tif" | "tiff") => Ok(Format::Tiff),
            Some("pbm") => Ok(Format::Pbm),
            Some("pgm") => Ok(Format::Pgm),
            _ => Err(FileProblem::UnknownExtension),
        }
    }

    /// How many images a file of this format can hold.
    pub fn most_pages(self) -> usize {
        match self {
            Format::Png | Format::Jpeg => 1,
            Format::Tiff | Format::Pbm | Format::Pgm => usize::MAX,
        }
    }

    pub(super) fn damaged(self, reason: impl fmt::Display) -> FileProblem {
        FileProblem::Damaged { format: self, reason: reason.to_string() }
    }

    pub(super) fn unsupported(self, reason: impl fmt::Display) -> FileProblem {
        FileProblem::Unsupported { format: self, reason: reason.to_string() }
    }

    /// Refuses a header that claims no pixels, or more than `bytes` of file can decode to where each
    /// row takes `row_bytes` and each byte of the file makes `expansion` of them at most.
    pub(super) fn check_claim(
        self,
        (height, width): (u64, u64),
        row_bytes: u64,
        bytes: u64,
        expansion: u64,
    ) -> Result<(), FileProblem> {
        if height == 0 || width == 0 {
            return Err(FileProblem::NoPixels { height, width });
        }
        let claimed = row_bytes.saturating_mul(height);
        let pixels = height.saturating_mul(width);
        if claimed > expansion.saturating_mul(bytes) || pixels > MAX_PIXELS {
            return Err(FileProblem::TooLarge { format: self, height, width, bytes });
        }
        Ok(())
    }

    /// Refuses a decompression bomb: an image whose rows take `row_bytes` of memory each, far more
    /// than its file, and much in all. Images that are read row by row need not be held.
    pub(super) fn check_memory(
        self,
        (height, width): (u64, u64),
        row_bytes: u64,
        bytes: u64,
    ) -> Result<(), FileProblem> {
        let limit = MAX_EXPANSION.saturating_mul(bytes).max(MODEST_BYTES);
        if row_bytes.saturating_add(ROW_OVERHEAD).saturating_mul(height) > limit {
            return Err(FileProblem::TooLarge { format: self, height, width, bytes });
        }
        Ok(())
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Format::Png => "PNG",
            Format::Tiff => "TIFF",
            Format::Pbm => "PBM",
            Format::Pgm => "PGM",
            Format::Jpeg => "JPEG",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_tell_the_format() {
        assert_eq!(Format::of_name("a/page.TIF").unwrap(), Format::Tiff);
        assert_eq!(Format::of_name("page.old.png").unwrap(), Format::Png);
        for name in ["page", "page.jpg", ".png", "page.pnm"] {
            assert!(Format::of_name(name).is_err(), "{name}");
        }
    }

    #[test]
    fn unknown_contents_are_shown() {
        let problem = Format::of_content(b"GIF89a\x01\x00\x01").unwrap_err().to_string();
        assert_eq!(
            problem,
            "expected a PNG, TIFF, PBM, PGM or JPEG image, \
             found a file that begins GIF89a\\x01\\x00"
        );
    }

    #[test]
    fn claims_are_compared_with_the_file() {
        let claim = |size, row_bytes| Format::Png.check_claim(size, row_bytes, 10, 8);
        assert!(claim((80, 1), 1).is_ok());
        assert!(matches!(claim((81, 1), 1), Err(FileProblem::TooLarge { bytes: 10, .. })));
        assert!(matches!(claim((u64::MAX, 3), 3), Err(FileProblem::TooLarge { .. })));
        assert!(matches!(claim((0, 3), 3), Err(FileProblem::NoPixels { height: 0, width: 3 })));
        let huge = Format::Tiff.check_claim((1 << 21, 1 << 20), 1, u64::MAX, 1);
        assert!(matches!(huge, Err(FileProblem::TooLarge { .. })));
    }

    /// Narrow rows take more memory than their pixels do.
    #[test]
    fn bombs_are_refused() {
        let narrow = |height, bytes| Format::Tiff.check_memory((height, 1), 1, bytes);
        assert!(narrow(1 << 21, 4096).is_ok());
        assert!(matches!(narrow(1 << 28, 4096), Err(FileProblem::TooLarge { .. })));
        assert!(narrow(1 << 28, 1 << 23).is_ok());
        let samples = |bytes| Format::Png.check_memory((1 << 20, 1 << 9), 1 << 11, bytes);
        assert!(matches!(samples(4096), Err(FileProblem::TooLarge { .. })));
        assert!(samples(1 << 20).is_ok());
    }
}
