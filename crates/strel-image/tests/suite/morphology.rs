//! The operators against their definitions, and the laws that they obey.

use crate::random::{
    borders, elements, image, images, low_elements, pairs, sparse_elements, widths,
};
use proptest::prelude::*;
use strel_image::{BitImage, Border, StructuringElement, close, dilate, erode, naive, open};

proptest! {
    #[test]
    fn operators_equal_their_definitions(
        image in images(),
        element in prop_oneof![elements(), sparse_elements()],
        border in borders(),
    ) {
        let (dilated, eroded) = (dilate(&image, &element, border), erode(&image, &element, border));
        prop_assert!(dilated == naive::dilate(&image, &element, border), "{element}\n{image}");
        prop_assert!(eroded == naive::erode(&image, &element, border), "{element}\n{image}");
    }

    /// What lies between the two is read outside the image, and from one block of rows to the next.
    #[test]
    fn openings_and_closings_equal_their_definitions(
        image in images(),
        element in prop_oneof![elements(), low_elements()],
        border in borders(),
    ) {
        let eroded = naive::erode(&image, &element, border);
        let opened = naive::dilate(&eroded, &element, border);
        prop_assert!(open(&image, &element, border) == opened, "{element}\n{image}");
        let dilated = naive::dilate(&image, &element, border);
        let closed = naive::erode(&dilated, &element, border);
        prop_assert!(close(&image, &element, border) == closed, "{element}\n{image}");
    }

    #[test]
    fn adjunction((x, y) in pairs(), element in elements()) {
        let dilated_fits = dilate(&x, &element, Border::Neutral).is_subset(&y).unwrap();
        let fits_eroded = x.is_subset(&erode(&y, &element, Border::Neutral)).unwrap();
        prop_assert_eq!(dilated_fits, fits_eroded);
    }

    /// Random pairs seldom satisfy either side of the adjunction: these satisfy both.
    #[test]
    fn adjunction_where_it_holds(x in images(), element in elements()) {
        let dilated = dilate(&x, &element, Border::Neutral);
        prop_assert!(x.is_subset(&erode(&dilated, &element, Border::Neutral)).unwrap());
        let eroded = erode(&x, &element, Border::Neutral);
        prop_assert!(dilate(&eroded, &element, Border::Neutral).is_subset(&x).unwrap());
    }

    #[test]
    fn duality(x in images(), element in elements(), border in borders()) {
        let dual = match border {
            Border::Zero => Border::One,
            Border::One => Border::Zero,
            Border::Neutral | Border::Replicate | Border::Reflect => border,
        };
        let dilated = dilate(&x.complement(), &element.reflect(), border);
        prop_assert_eq!(dilated, erode(&x, &element, dual).complement());
    }

    #[test]
    fn translating_the_element_translates_the_result(
        (x, corner) in (20..30usize, widths()).prop_flat_map(|(height, width)| {
            (image(height, width + 20), (0..=8isize, 0..=8isize))
        }),
        element in elements(),
    ) {
        // Far from the border: what an element of 9x9 moved by 8 pixels reads lies inside the
        // image.
        let zero = Border::Zero;
        let frame = BitImage::from_fn(x.height(), x.width(), |row, col| {
            (9..x.height() - 9).contains(&row) && (9..x.width() - 9).contains(&col)
        });
        let x = x.intersection(&frame).unwrap();
        let (dy, dx) = corner;
        let translated = dilate(&x, &element.translate(dy, dx).unwrap(), zero);
        let shift = StructuringElement::from_offsets([(dy, dx)]).unwrap();
        prop_assert_eq!(&translated, &dilate(&dilate(&x, &shift, zero), &element, zero));
        prop_assert_eq!(&translated, &naive::dilate(&dilate(&x, &element, zero), &shift, zero));
    }

    #[test]
    fn increasing((x, y) in pairs(), element in elements(), border in borders()) {
        let larger = x.union(&y).unwrap();
        for operator in [dilate, erode, open, close] {
            let (inner, outer) = (operator(&x, &element, border), operator(&larger, &element, border));
            prop_assert!(inner.is_subset(&outer).unwrap());
        }
    }

    #[test]
    fn extensive_with_the_origin(x in images(), element in elements(), border in borders()) {
        let with_origin = element.offsets().chain([(0, 0)]);
        let element = StructuringElement::from_offsets(with_origin).unwrap();
        prop_assert!(x.is_subset(&dilate(&x, &element, border)).unwrap());
        prop_assert!(erode(&x, &element, border).is_subset(&x).unwrap());
    }

    #[test]
    fn opening_and_closing_are_filters(x in images(), element in elements()) {
        let opened = open(&x, &element, Border::Neutral);
        prop_assert!(opened.is_subset(&x).unwrap());
        prop_assert_eq!(&open(&opened, &element, Border::Neutral), &opened);
        let closed = close(&x, &element, Border::Neutral);
        prop_assert!(x.is_subset(&closed).unwrap());
        prop_assert_eq!(&close(&closed, &element, Border::Neutral), &closed);
    }

    #[test]
    fn empty_element_gives_constants(x in images(), border in borders()) {
        let element = StructuringElement::empty(3, 2).unwrap();
        prop_assert_eq!(dilate(&x, &element, border).count_ones(), 0);
        prop_assert_eq!(erode(&x, &element, border), BitImage::filled(x.height(), x.width(), true));
    }
}

#[test]
fn hot_pixel_and_full_square_of_two() {
    let hot = BitImage::from_fn(5, 6, |row, col| (row, col) == (2, 3));
    let square = StructuringElement::rectangle(2, 2).unwrap();
    let dilated = dilate(&hot, &square, Border::Neutral);
    assert_eq!(dilated.ones().collect::<Vec<_>>(), [(1, 2), (1, 3), (2, 2), (2, 3)]);
}

#[test]
fn idempotence_fails_at_a_replicated_border() {
    let image: BitImage = "#.#.".parse().unwrap();
    let element: StructuringElement = "#.o#.".parse().unwrap();
    let opened = open(&image, &element, Border::Replicate);
    assert_eq!(opened.to_string(), "..#.");
    assert_eq!(open(&opened, &element, Border::Replicate).to_string(), "....");
}

#[test]
fn offsets_far_beyond_the_image_read_the_border() {
    let image: BitImage = ".##".parse().unwrap();
    let far = StructuringElement::from_offsets([(0, -50_000_000)]).unwrap();
    assert_eq!(dilate(&image, &far, Border::Zero).to_string(), "...");
    assert_eq!(dilate(&image, &far, Border::One).to_string(), "###");
    assert_eq!(dilate(&image, &far, Border::Replicate).to_string(), "###");
    assert_eq!(dilate(&image, &far.reflect(), Border::Replicate).to_string(), "...");
}

#[test]
fn images_without_pixels_stay_so() {
    let square = StructuringElement::rectangle(3, 3).unwrap();
    for (height, width) in [(0, 0), (0, 7), (7, 0)] {
        let image = BitImage::new(height, width);
        for border in Border::ALL {
            assert_eq!(dilate(&image, &square, border), image);
            assert_eq!(erode(&image, &square, border), image);
        }
    }
}

/// The right edge of a row that is kept for the next block shares a word with that block's first row.
#[test]
fn the_edge_of_kept_rows_is_kept() {
    let element: StructuringElement = "
        ###.#####
        .###o..#.
    "
    .parse()
    .unwrap();
    for (height, width) in [(5, 60), (5, 64), (8, 128), (30, 189)] {
        let image = BitImage::from_fn(height, width, |row, col| (row * row + col * 7) % 11 < 6);
        for border in Border::ALL {
            let dilated = naive::dilate(&image, &element, border);
            let closed = naive::erode(&dilated, &element, border);
            assert_eq!(close(&image, &element, border), closed, "{border}");
        }
    }
}
