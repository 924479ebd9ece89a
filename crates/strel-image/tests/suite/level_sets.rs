//! Grey images through their level sets, against grey morphology as its definition says.

use std::convert::Infallible;

use crate::random::{borders, elements};
use proptest::collection::vec;
use proptest::prelude::*;
use strel_image::files::Foreground;
use strel_image::{
    BitImage, Border, GreyImage, ImageError, LevelSets, Stacked, StructuringElement, dilate, erode,
    median, open,
};

/// Grey images of few levels and of many.
fn grey_images() -> impl Strategy<Value = GreyImage> {
    (1..9usize, 1..80usize, any::<bool>()).prop_flat_map(|(height, width, few)| {
        let level = any::<u8>().prop_map(move |level| if few { level & 0xc1 } else { level });
        vec(level, height * width)
            .prop_map(move |levels| GreyImage::new(height, width, levels).unwrap())
    })
}

/// The level at a place that may be outside; `outside` where the border reads no pixel.
fn level(image: &GreyImage, (row, col): (isize, isize), border: Border, outside: u8) -> u8 {
    let (height, width) = image.size();
    let clamp = |at: isize, length: usize| at.clamp(0, length as isize - 1) as usize;
    let inside = (0..height as isize).contains(&row) && (0..width as isize).contains(&col);
    match border {
        Border::Replicate => image.levels()[clamp(row, height) * width + clamp(col, width)],
        _ if inside => image.levels()[row as usize * width + col as usize],
        Border::Zero => 0,
        Border::One => 255,
        _ => outside,
    }
}

/// The highest level that the element, reflected, covers; the lowest that it covers.
fn grey_dilate(image: &GreyImage, element: &StructuringElement, border: Border) -> GreyImage {
    pixelwise(image, |row, col| {
        let read = |(dy, dx)| level(image, (row - dy, col - dx), border, 0);
        element.offsets().map(read).max().unwrap()
    })
}

fn grey_erode(image: &GreyImage, element: &StructuringElement, border: Border) -> GreyImage {
    pixelwise(image, |row, col| {
        let read = |(dy, dx)| level(image, (row + dy, col + dx), border, 255);
        element.offsets().map(read).min().unwrap()
    })
}

fn pixelwise(image: &GreyImage, pixel: impl Fn(isize, isize) -> u8) -> GreyImage {
    let (height, width) = image.size();
    let places = (0..height).flat_map(|row| (0..width).map(move |col| (row, col)));
    let levels = places.map(|(row, col)| pixel(row as isize, col as isize)).collect();
    GreyImage::new(height, width, levels).unwrap()
}

fn light(sets: usize) -> LevelSets {
    LevelSets::new(sets, Foreground::White).unwrap()
}

fn stack(sets: usize, image: &GreyImage, operator: impl Fn(&BitImage) -> BitImage) -> Stacked {
    let operator = |set: &BitImage| Ok::<_, Infallible>(operator(set));
    light(sets).apply(image, operator).unwrap()
}

fn greyable() -> impl Strategy<Value = Border> {
    borders().prop_filter("no oracle here", |border| *border != Border::Reflect)
}

proptest! {
    #[test]
    fn dilations_and_erosions_are_maxima_and_minima(
        image in grey_images(), element in elements(), border in greyable(),
    ) {
        let dilated = stack(255, &image, |set| dilate(set, &element, border));
        prop_assert_eq!(&dilated.image, &grey_dilate(&image, &element, border));
        let eroded = stack(255, &image, |set| erode(set, &element, border));
        prop_assert_eq!(&eroded.image, &grey_erode(&image, &element, border));
        prop_assert_eq!((dilated.unnested, eroded.unnested), (0, 0));
    }

    /// The stacking law: the level sets of the result are the results of the level sets.
    #[test]
    fn increasing_operators_commute_with_thresholds(
        image in grey_images(), element in elements(), border in borders(),
    ) {
        for operator in [
            &(|set: &BitImage| open(set, &element, border)) as &dyn Fn(&BitImage) -> BitImage,
            &|set| median(set, &element, border),
        ] {
            let stacked = stack(255, &image, operator);
            prop_assert_eq!(stacked.unnested, 0);
            for threshold in [1, 2, 64, 128, 193, 255] {
                prop_assert_eq!(
                    stacked.image.level_set(threshold), operator(&image.level_set(threshold))
                );
            }
        }
    }

    #[test]
    fn the_dark_sets_are_those_of_the_negative(image in grey_images(), element in elements()) {
        let dark = LevelSets::new(255, Foreground::Black).unwrap();
        let operator = |set: &BitImage| Ok::<_, Infallible>(dilate(set, &element, Border::Neutral));
        let stacked = dark.apply(&image, operator).unwrap();
        prop_assert_eq!(&stacked.image, &grey_erode(&image, &element.reflect(), Border::Neutral));
        prop_assert_eq!(stacked.unnested, 0);
    }

    #[test]
    fn fewer_sets_take_the_nearest_level(image in grey_images(), count in 1..=255usize) {
        let stacked = stack(count, &image, BitImage::clone).image;
        for (before, after) in image.levels().iter().zip(stacked.levels()) {
            let distance = |set: usize| {
                (f64::from(*before) - 255.0 * set as f64 / count as f64).abs()
            };
            let nearest = (0..=count).map(distance).fold(f64::INFINITY, f64::min);
            let found = (f64::from(*before) - f64::from(*after)).abs();
            prop_assert!((found - nearest).abs() <= 0.5, "{} became {}", before, after);
        }
        prop_assert_eq!(stack(count, &stacked, BitImage::clone).image, stacked);
    }
}

#[test]
fn results_that_do_not_nest_are_counted() {
    let image = GreyImage::new(1, 3, vec![0, 100, 200]).unwrap();
    let stacked = stack(255, &image, BitImage::complement);
    assert_eq!(stacked.image.levels(), [255, 155, 55]);
    // The complement of a smaller set is larger: pixel 1 comes at level 101, pixel 2 at 201.
    assert_eq!(stacked.unnested, 2);
}

#[test]
fn operators_may_fail_and_levels_are_bytes() {
    let image = GreyImage::new(1, 1, vec![7]).unwrap();
    assert_eq!(light(9).apply(&image, |_| Err("no")), Err("no"));
    for found in [0, 256] {
        assert_eq!(LevelSets::new(found, Foreground::White), Err(ImageError::LevelCount { found }));
    }
}
