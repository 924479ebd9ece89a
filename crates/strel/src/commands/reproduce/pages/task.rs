//! What is done to a page; the page itself is to be found again.

use std::fmt;

use strel::image::{BitImage, Border, StructuringElement, dilate};
use strel::train::data::salt_and_pepper;

/// A degradation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Task {
    /// So many pixels in a hundred become black or white at random: half of them change.
    Noise(u32),
    /// Horizontal ruling lines are drawn over the page.
    Lines,
    /// Strokes get thicker: half of the pixels next to one in its row or column become black.
    Thick,
}

/// Rows from a ruling line to the next, and of a line.
const LINES: (usize, usize) = (48, 2);

impl Task {
    pub const ALL: [Self; 5] =
        [Self::Noise(2), Self::Noise(5), Self::Noise(10), Self::Lines, Self::Thick];

    /// The page as it is to be read.
    pub fn degrade(self, page: &BitImage, seed: u64) -> BitImage {
        match self {
            Self::Noise(percent) => salt_and_pepper(page, f64::from(percent) / 100.0, seed),
            Self::Lines => ruled(page, seed),
            Self::Thick => thickened(page, seed),
        }
    }

    /// What of the preset `pairs` is otherwise: a line is told by a wide window, and by what crosses it.
    pub fn settings(self) -> &'static [&'static str] {
        match self {
            Self::Noise(_) | Self::Thick => &["polish.budget=200000", "polish.pairs=400"],
            Self::Lines => &[
                "network.channels=[1, 4, 4, 1]",
                "network.kernel=[5, 9]",
                "network.carry=true",
                "training.steps=1000",
                "polish.budget=200000",
                "polish.pairs=400",
                "polish.reach=6",
            ],
        }
    }
}

fn ruled(page: &BitImage, seed: u64) -> BitImage {
    let (spacing, thickness) = LINES;
    let first = seed as usize % spacing;
    BitImage::from_fn(page.height(), page.width(), |row, col| {
        (row + first) % spacing < thickness || page.get(row, col)
    })
}

fn thickened(page: &BitImage, seed: u64) -> BitImage {
    let cross = StructuringElement::cross(1).expect("a small element");
    let thick = dilate(page, &cross, Border::Neutral);
    let coins = salt_and_pepper(&BitImage::new(page.height(), page.width()), 1.0, seed);
    let grown = thick.intersection(&coins).expect("images of one size");
    page.union(&grown).expect("images of one size")
}

impl fmt::Display for Task {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Noise(percent) => write!(f, "salt-and-pepper noise, {percent} %"),
            Self::Lines => f.write_str("ruling lines"),
            Self::Thick => f.write_str("thickened strokes"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_ink_are_added_and_nothing_taken() {
        let page = BitImage::from_fn(100, 70, |row, col| (row / 9 + col / 7) % 3 == 0);
        for task in [Task::Lines, Task::Thick] {
            let degraded = task.degrade(&page, 1);
            assert!(page.is_subset(&degraded).unwrap() && page != degraded, "{task}");
            assert_eq!(degraded, task.degrade(&page, 1));
        }
        let lines = Task::Lines.degrade(&BitImage::new(97, 3), 0);
        assert_eq!(lines.count_ones(), 3 * (2 + 2 + 1));
        let spot = BitImage::from_fn(9, 9, |row, col| (row, col) == (4, 4));
        assert!(Task::Thick.degrade(&spot, 1).count_ones() <= 5);
    }
}
