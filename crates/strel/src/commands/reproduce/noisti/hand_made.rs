//! Operators that an expert would try.

use strel::image::{BitImage, Border, StructuringElement, open};
use strel::train::data::Pair;

use super::super::attempt::mean_dice;
use super::report::Known;
use crate::error::CliError;

/// The angles of the sticks, in degrees.
const ANGLES: [u32; 3] = [0, 45, 90];

/// The DICE of the inputs, and of the unions of openings by sticks along the three angles.
pub fn scores(test: &[Pair]) -> Result<Vec<Known>, CliError> {
    let mut rows = vec![Known::new("the input itself", mean_dice(test, BitImage::clone))];
    for length in [3, 5, 7, 9] {
        let [first, second, third] = ANGLES.map(|angle| StructuringElement::line(length, angle));
        let sticks = [first?, second?, third?];
        let name = format!("union of three openings by sticks of {length} pixels");
        rows.push(Known::new(name, mean_dice(test, |input| union_of_openings(input, &sticks))));
    }
    Ok(rows)
}

/// What lies outside the image is ignored, so that a stick may end at its edge.
fn union_of_openings(image: &BitImage, sticks: &[StructuringElement]) -> BitImage {
    let opened = sticks.iter().map(|stick| open(image, stick, Border::Neutral));
    let union = |one: BitImage, other| one.union(&other).expect("images of one size");
    opened.reduce(union).unwrap_or_else(|| image.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sticks_along_the_angles_stay_and_others_go() {
        let sticks = ANGLES.map(|angle| StructuringElement::line(3, angle).unwrap());
        let image: BitImage = "
            ...#.#..
            ..#..#..
            .#...#..
            #....#..
            .#......
            ..#.####
        "
        .parse()
        .unwrap();
        let kept: BitImage = "
            ...#.#..
            ..#..#..
            .#...#..
            #....#..
            ........
            ....####
        "
        .parse()
        .unwrap();
        assert_eq!(union_of_openings(&image, &sticks), kept);
    }
}
