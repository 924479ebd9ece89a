//! The input on which the networks are said to differ, run again.

use strel_image::BitImage;

use super::CheckFailure;
use crate::{Difference, FloatNetwork, Network, Plane};

/// What a float output may be off by.
const TOLERANCE: f64 = 1e-12;

pub(super) fn check_difference(
    difference: &Difference,
    float: &FloatNetwork,
    binarized: &Network,
) -> Result<(), CheckFailure> {
    let refuse = |what: String| Err(CheckFailure::Difference { what });
    if difference.border != float.border().to_string() {
        return refuse(format!("border is {}, expected {}", difference.border, float.border()));
    }
    let Some(images) = images(difference) else {
        return refuse("patch is no picture of rows of '.' and '#', all of one length".to_owned());
    };
    let planes: Vec<Plane> = images.iter().map(Plane::from).collect();
    let (y, x) = (float.features(&planes)?, binarized.plan().features(&images)?);
    let channel = difference.output.wrapping_sub(1);
    let (row, col) = (difference.row, difference.col);
    let (height, width) = y[0].size();
    if channel >= y.len() || row >= height || col >= width {
        return refuse(format!(
            "pixel ({row}, {col}) of output {} is not there",
            difference.output
        ));
    }
    let (float, binarized) = (y[channel].get(row, col), x[channel].get(row, col));
    let as_claimed = (float - difference.float).abs() <= TOLERANCE
        && (difference.float > 0.5) == (float > 0.5)
        && binarized == difference.binarized;
    if as_claimed && (float > 0.5) != binarized {
        Ok(())
    } else {
        Err(CheckFailure::Replay { float, binarized })
    }
}

/// The images of a patch.
fn images(difference: &Difference) -> Option<Vec<BitImage>> {
    let read = |rows: &Vec<String>| {
        let width = rows.first()?.len();
        let picture = rows.iter().all(|row| row.len() == width && row.chars().all(is_pixel));
        let one = |row: usize, col: usize| rows[row].chars().nth(col) == Some('#');
        picture.then(|| BitImage::from_fn(rows.len(), width, one))
    };
    difference.patch.iter().map(read).collect()
}

fn is_pixel(pixel: char) -> bool {
    matches!(pixel, '.' | '#')
}
