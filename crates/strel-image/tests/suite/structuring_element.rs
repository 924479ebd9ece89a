//! Structuring elements: construction, pictures, equality.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use crate::random::elements;
use proptest::prelude::*;
use strel_image::{ImageError, StructuringElement};

fn hash(element: &StructuringElement) -> u64 {
    let mut hasher = DefaultHasher::new();
    element.hash(&mut hasher);
    hasher.finish()
}

proptest! {
    #[test]
    fn pictures_are_read_back(element in elements()) {
        let read: StructuringElement = element.to_string().parse().unwrap();
        prop_assert_eq!((read.height(), read.width()), (element.height(), element.width()));
        prop_assert_eq!(read.origin(), element.origin());
        prop_assert_eq!(read, element);
    }

    #[test]
    fn offsets_make_the_element(element in elements()) {
        let mut offsets: Vec<_> = element.offsets().collect();
        prop_assert_eq!(offsets.len(), element.len());
        offsets.reverse();
        offsets.push(offsets[0]);
        let copy = StructuringElement::from_offsets(offsets).unwrap();
        prop_assert_eq!(hash(&copy), hash(&element));
        prop_assert_eq!(copy, element);
    }

    #[test]
    fn reflection_negates_the_offsets(element in elements()) {
        let negated: BTreeSet<_> = element.offsets().map(|(dy, dx)| (-dy, -dx)).collect();
        prop_assert_eq!(element.reflect().offsets().collect::<BTreeSet<_>>(), negated);
        prop_assert_eq!(element.reflect().reflect(), element);
    }

    #[test]
    fn translation_moves_the_offsets(element in elements(), dy in -9..9isize, dx in -9..9isize) {
        let moved: Vec<_> = element.offsets().map(|(y, x)| (y + dy, x + dx)).collect();
        let translated = element.translate(dy, dx).unwrap();
        prop_assert_eq!(translated.offsets().collect::<Vec<_>>(), moved);
        prop_assert_eq!(translated.contains_origin(), element.contains(-dy, -dx));
    }
}

#[test]
fn an_unmarked_picture_has_the_default_origin() {
    let element: StructuringElement = "####\n####".parse().unwrap();
    assert_eq!(element.origin(), (1, 2));
    assert_eq!(element, StructuringElement::rectangle(2, 4).unwrap());
}

#[test]
fn wrong_pictures_are_refused_with_their_place() {
    let parse = |text: &str| text.parse::<StructuringElement>().unwrap_err();
    assert_eq!(parse("  O#\n  .o"), ImageError::SecondOrigin { line: 2, column: 4 });
    assert_eq!(
        parse("  O#\n  x."),
        ImageError::UnknownCharacter {
            line: 2,
            column: 3,
            expected: "'.', '#', 'O' and 'o'",
            found: 'x'
        }
    );
    assert_eq!(parse("O#\n."), ImageError::RaggedPicture { line: 2, expected: 2, found: 1 });
    assert_eq!(parse("..\n.o"), ImageError::EmptyElement);
    assert_eq!(parse("\n  \n"), ImageError::EmptyElement);
}

#[test]
fn the_empty_element_is_made_by_name_alone() {
    let empty = StructuringElement::empty(2, 3).unwrap();
    assert!(empty.is_empty() && !empty.contains_origin());
    assert_eq!(empty.translate(5, 5).unwrap(), empty);
    assert_eq!(empty, StructuringElement::empty(1, 1).unwrap());
    assert_eq!(
        StructuringElement::from_mask(1, 2, None, &[false; 2]),
        Err(ImageError::EmptyElement)
    );
    assert_eq!(StructuringElement::from_offsets([]), Err(ImageError::EmptyElement));
}

#[test]
fn windows_without_a_place_for_the_origin_are_refused() {
    let outside = ImageError::OriginOutside { height: 0, width: 3, origin: (0, 1) };
    assert_eq!(StructuringElement::rectangle(0, 3), Err(outside.clone()));
    assert_eq!(StructuringElement::empty(0, 3), Err(outside));
    assert_eq!(
        StructuringElement::from_mask(0, 0, None, &[]).unwrap_err().to_string(),
        "the origin (0, 0) is not inside the window of 0x0"
    );
    assert!(StructuringElement::from_mask(2, 2, (2, 0), &[true; 4]).is_err());
    for degrees in [0, 45, 90, 135] {
        assert!(matches!(
            StructuringElement::line(0, degrees),
            Err(ImageError::OriginOutside { .. })
        ));
    }
}

#[test]
fn absurd_sizes_are_refused() {
    let too_large = ImageError::WindowTooLarge { limit: StructuringElement::MAX_WINDOW };
    let results = [
        StructuringElement::rectangle(usize::MAX, usize::MAX),
        StructuringElement::rectangle(0, usize::MAX),
        StructuringElement::disk(usize::MAX),
        StructuringElement::cross(1 << 20),
        StructuringElement::line(usize::MAX, 45),
        StructuringElement::empty(1 << 20, 1 << 20),
        StructuringElement::from_offsets([(isize::MIN, 0), (isize::MAX, 0)]),
        StructuringElement::cross(1).unwrap().translate(isize::MIN, isize::MAX),
    ];
    for result in results {
        assert_eq!(result.unwrap_err(), too_large);
    }
    assert!(matches!(
        StructuringElement::from_mask(2, 2, None, &[true; 3]),
        Err(ImageError::MaskLength { height: 2, width: 2, found: 3 })
    ));
}

#[test]
fn shapes_hold_what_they_promise() {
    for radius in 0..6 {
        let reach = radius as isize;
        let offsets = || (-reach..=reach).flat_map(|dy| (-reach..=reach).map(move |dx| (dy, dx)));
        let disk = offsets().filter(|(dy, dx)| dy * dy + dx * dx <= reach * reach);
        assert_eq!(
            StructuringElement::disk(radius).unwrap(),
            StructuringElement::from_offsets(disk).unwrap()
        );
        let cross = offsets().filter(|(dy, dx)| dy * dx == 0);
        assert_eq!(
            StructuringElement::cross(radius).unwrap(),
            StructuringElement::from_offsets(cross).unwrap()
        );
    }
    let sizes: Vec<usize> =
        [2, 3, 5].map(|radius| StructuringElement::disk(radius).unwrap().len()).to_vec();
    assert_eq!(sizes, [13, 29, 81]);
    assert_eq!(StructuringElement::line(5, 30), Err(ImageError::UnknownAngle { degrees: 30 }));
}

#[test]
fn lines_contain_their_origin() {
    for length in 1..8 {
        for degrees in [0, 45, 90, 135] {
            let line = StructuringElement::line(length, degrees).unwrap();
            assert!(line.contains_origin() && line.len() == length, "{line}");
        }
    }
}

#[test]
fn debug_is_one_line() {
    let element: StructuringElement = ".#\nO.".parse().unwrap();
    assert_eq!(format!("{element:?}"), "StructuringElement(.#/O.)");
}
