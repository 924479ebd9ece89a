//! Small inputs on which networks differ, from large ones.

use strel_image::BitImage;

use super::search::{Search, flip};
use crate::NetworkError;

/// Takes away outer rows and columns, unless the networks read one size only, then pixels that are 1,
/// one at a time, as long as the networks differ and the search's budget lasts.
pub(super) fn shrink(
    search: &mut Search,
    mut patch: Vec<BitImage>,
) -> Result<Vec<BitImage>, NetworkError> {
    loop {
        let (height, width) = patch[0].size();
        let ones = (0..patch.len() * height * width).filter(|&index| is_one(&patch, index));
        let without = |index: usize| {
            let mut smaller = patch.clone();
            flip(&mut smaller, index);
            smaller
        };
        let crops = if search.has_one_size() { Vec::new() } else { crops(&patch) };
        let smaller = crops.into_iter().chain(ones.map(without));
        let mut found = None;
        for candidate in smaller {
            if search.left == 0 {
                break;
            }
            if search.differs(&candidate)? {
                found = Some(candidate);
                break;
            }
        }
        match found {
            Some(smaller) => patch = smaller,
            None => return Ok(patch),
        }
    }
}

/// The images without their first or last row or column.
fn crops(patch: &[BitImage]) -> Vec<Vec<BitImage>> {
    let (height, width) = patch[0].size();
    let crop = |top: usize, left: usize, height: usize, width: usize| {
        let cropped = |image: &BitImage| {
            BitImage::from_fn(height, width, |row, col| image.get(top + row, left + col))
        };
        patch.iter().map(cropped).collect()
    };
    let mut crops = Vec::new();
    if height > 1 {
        crops.extend([crop(0, 0, height - 1, width), crop(1, 0, height - 1, width)]);
    }
    if width > 1 {
        crops.extend([crop(0, 0, height, width - 1), crop(0, 1, height, width - 1)]);
    }
    crops
}

fn is_one(patch: &[BitImage], index: usize) -> bool {
    let (height, width) = patch[0].size();
    let (channel, place) = (index / (height * width), index % (height * width));
    patch[channel].get(place / width, place % width)
}
