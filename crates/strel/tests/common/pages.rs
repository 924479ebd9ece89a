//! Small pages of the names that `strel reproduce pages` reads.

use std::fs;
use std::path::Path;

use strel::image::BitImage;
use strel::image::files::{Foreground, write};

const NAMES: [&str; 5] = ["feyn.tif", "patent.png", "rabi.png", "pageseg2.tif", "table.27.tif"];

/// Writes a pattern for each page, which is not the same for two.
pub fn write_pages(folder: &Path) {
    fs::create_dir_all(folder).unwrap();
    for (shift, name) in NAMES.iter().enumerate() {
        let page = BitImage::from_fn(330, 70, |row, col| (row + shift) % 9 < 4 && col % 11 < 7);
        write(folder.join(name), &page, Foreground::Black).unwrap();
    }
}
