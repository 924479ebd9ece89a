//! Images, pixel by pixel.

use crate::random::{images, pairs};
use proptest::prelude::*;
use strel_image::{BitImage, ImageError};

type Place = (usize, usize);

/// The image whose pixels are `pixel(left, right)`.
fn pixelwise(left: &BitImage, right: &BitImage, pixel: impl Fn(bool, bool) -> bool) -> BitImage {
    BitImage::from_fn(left.height(), left.width(), |row, col| {
        pixel(left.get(row, col), right.get(row, col))
    })
}

proptest! {
    #[test]
    fn set_operations_are_pixelwise((a, b) in pairs()) {
        prop_assert_eq!(a.complement(), pixelwise(&a, &a, |x, _| !x));
        prop_assert_eq!(a.union(&b).unwrap(), pixelwise(&a, &b, |x, y| x | y));
        prop_assert_eq!(a.intersection(&b).unwrap(), pixelwise(&a, &b, |x, y| x & y));
        prop_assert_eq!(a.difference(&b).unwrap(), pixelwise(&a, &b, |x, y| x & !y));
        prop_assert_eq!(a.symmetric_difference(&b).unwrap(), pixelwise(&a, &b, |x, y| x ^ y));
        prop_assert_eq!(a.is_subset(&b).unwrap(), a.difference(&b).unwrap().count_ones() == 0);
    }

    #[test]
    fn ones_are_the_pixels_that_are_set(image in images()) {
        let places = (0..image.height()).flat_map(|row| (0..image.width()).map(move |col| (row, col)));
        let expected: Vec<Place> = places.filter(|&(row, col)| image.get(row, col)).collect();
        prop_assert_eq!(image.ones().collect::<Vec<_>>(), expected.clone());
        prop_assert_eq!(image.count_ones(), expected.len() as u64);
        prop_assert_eq!(image.pixels().filter(|&pixel| pixel).count(), expected.len());
        prop_assert_eq!(image.pixels().count(), image.area());
    }

    #[test]
    fn setting_pixels_makes_the_image(image in images()) {
        let mut copy = BitImage::filled(image.height(), image.width(), true);
        for row in 0..image.height() {
            (0..image.width()).for_each(|col| copy.set(row, col, image.get(row, col)));
        }
        prop_assert_eq!(copy, image);
    }

    #[test]
    fn packed_rows_make_the_image(image in images(), noise: u64) {
        let words: Vec<u64> = image.rows().flatten().copied().collect();
        prop_assert_eq!(&BitImage::from_words(image.height(), image.width(), &words).unwrap(), &image);
        let noisy: Vec<u64> = words.iter().map(|word| word ^ noise).collect();
        let flipped = |row, col: usize| image.get(row, col) ^ (noise >> (col % 64) & 1 == 1);
        let expected = BitImage::from_fn(image.height(), image.width(), flipped);
        prop_assert_eq!(BitImage::from_words(image.height(), image.width(), &noisy).unwrap(), expected);
    }

    #[test]
    fn a_crop_is_a_part(
        (image, region) in images().prop_flat_map(|image| {
            let (height, width) = image.size();
            (Just(image), (0..=height, 0..=height, 0..=width, 0..=width))
        })
    ) {
        let (top, bottom) = (region.0.min(region.1), region.0.max(region.1));
        let (left, right) = (region.2.min(region.3), region.2.max(region.3));
        let part = image.crop(top, left, bottom - top, right - left).unwrap();
        let pixel = |row, col| image.get(top + row, left + col);
        prop_assert_eq!(part, BitImage::from_fn(bottom - top, right - left, pixel));
    }

    #[test]
    fn pictures_are_read_back(image in images()) {
        prop_assume!(image.area() > 0);
        prop_assert_eq!(image.to_string().parse::<BitImage>().unwrap(), image.clone());
        let indented = format!("\n    {}\n  ", image.to_string().replace('\n', "\n    "));
        prop_assert_eq!(indented.parse::<BitImage>().unwrap(), image);
    }
}

#[test]
fn sizes_must_agree() {
    let (a, mut b) = (BitImage::new(2, 3), BitImage::new(3, 2));
    let error = ImageError::SizeMismatch { left: (2, 3), right: (3, 2) };
    assert_eq!(error.to_string(), "the images differ in size: 2x3 and 3x2");
    for result in [a.union(&b), a.intersection(&b), a.difference(&b), a.symmetric_difference(&b)] {
        assert_eq!(result.unwrap_err(), error);
    }
    assert_eq!(a.is_subset(&b), Err(error));
    assert!(b.union_with(&a).is_err() && b == BitImage::new(3, 2));
}

#[test]
fn a_wrong_number_of_words_is_refused() {
    let error = BitImage::from_words(2, 65, &[0; 3]).unwrap_err();
    assert_eq!(error.to_string(), "an image of 2x65 takes 4 words of 64 pixels, not 3");
    assert!(BitImage::from_words(usize::MAX, usize::MAX, &[]).is_err());
    assert_eq!(BitImage::from_words(5, 0, &[]), Ok(BitImage::new(5, 0)));
}

#[test]
fn a_region_outside_is_refused() {
    let image = BitImage::new(4, 5);
    for (row, col, height, width) in
        [(0, 0, 5, 1), (4, 0, 1, 1), (0, 5, 1, 1), (1, 1, usize::MAX, 1)]
    {
        assert!(matches!(
            image.crop(row, col, height, width),
            Err(ImageError::RegionOutside { .. })
        ));
    }
    let error = image.crop(1, 2, 3, 4).unwrap_err();
    assert_eq!(error.to_string(), "the region of 3x4 at (1, 2) is not inside the image of 4x5");
}

#[test]
fn an_unknown_pixel_is_named_by_its_place() {
    let error = "\n    .#\n    .o\n".parse::<BitImage>().unwrap_err();
    let expected =
        ImageError::UnknownCharacter { line: 3, column: 6, expected: "'.' and '#'", found: 'o' };
    assert_eq!(error, expected);
}

#[test]
fn debug_is_short() {
    assert_eq!(format!("{:?}", BitImage::filled(100, 70, true)), "BitImage(100x70, 7000 ones)");
}
