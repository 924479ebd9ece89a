//! The file formats, how they are told apart, and the problems that name them.

use std::fmt;
use std::path::Path;

use super::FileProblem;

/// A header may claim this many pixels at most.
const MAX_PIXELS: u64 = 1 << 40;

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

    pub(super) fn damaged(self, reason: impl fmt::Display) -> FileProblem {
        FileProblem::Damaged { format: self, reason: reason.to_string() }
    }

    pub(super) fn unsupported(self, reason: impl fmt::Display) -> FileProblem {
        FileProblem::Unsupported { format: self, reason: reason.to_string() }
    }

    /// Refuses a header that claims no pixels, or more than `bytes` of file can decode to where
    /// each row takes `row_bytes` and each byte of the file makes `expansion` of them at most.
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
        let claimed = row_bytes.checked_mul(height);
        let pixels = height.checked_mul(width);
        let possible = expansion.saturating_mul(bytes);
        if claimed.is_some_and(|claimed| claimed <= possible)
            && pixels.is_some_and(|pixels| pixels <= MAX_PIXELS)
        {
            Ok(())
        } else {
            Err(FileProblem::TooLarge { format: self, height, width, bytes })
        }
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
}
