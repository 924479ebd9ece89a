//! The scanned pages.

use std::path::Path;

use strel::image::BitImage;
use strel::image::files::{ReadOptions, read};
use strel::train::data::Pair;

use super::task::Task;
use crate::error::CliError;

/// Pages to learn from, all of Leptonica's test images, as are those of the test.
const TRAIN: [&str; 3] = ["feyn.tif", "patent.png", "rabi.png"];

/// Pages of the test.
pub const TEST: [&str; 2] = ["pageseg2.tif", "table.27.tif"];

/// Pages as they should be.
pub struct Pages {
    train: Vec<BitImage>,
    test: Vec<BitImage>,
}

impl Pages {
    pub fn load(folder: &Path) -> Result<Self, CliError> {
        let missing = TRAIN.iter().chain(&TEST).find(|name| !folder.join(name).is_file());
        if let Some(name) = missing {
            return Err(CliError::Usage(format!(
                "folder {} has no page {name}; expected {} and {} of Leptonica's test images \
                 (https://github.com/DanBloomberg/leptonica, prog/): name their folder with --data",
                folder.display(),
                TRAIN.join(", "),
                TEST.join(", ")
            )));
        }
        let page = |name: &&str| Ok(read(folder.join(name), &ReadOptions::default())?);
        let pages = |names: &[&str]| names.iter().map(page).collect::<Result<Vec<_>, CliError>>();
        Ok(Pages { train: pages(&TRAIN)?, test: pages(&TEST)? })
    }

    /// Degraded pages with what they were: to learn from, and to test on.
    pub fn degraded(&self, task: Task) -> (Vec<Pair>, Vec<Pair>) {
        let pairs = |pages: &[BitImage], first: u64| {
            let pair = |(seed, page): (u64, &BitImage)| Pair {
                input: task.degrade(page, seed),
                target: page.clone(),
            };
            (first..).zip(pages).map(pair).collect()
        };
        (pairs(&self.train, 1), pairs(&self.test, 101))
    }
}
