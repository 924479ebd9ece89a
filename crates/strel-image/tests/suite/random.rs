//! Random images and structuring elements.

use proptest::collection::vec;
use proptest::prelude::*;
use strel_image::{BitImage, Border, StructuringElement};

/// Widths around the limits of a word, and a few others.
pub fn widths() -> impl Strategy<Value = usize> {
    prop_oneof![prop::sample::select(vec![0, 1, 63, 64, 65, 127, 128, 129]), 0..200usize]
}

/// An image of the given size, of any density.
pub fn image(height: usize, width: usize) -> impl Strategy<Value = BitImage> {
    let words = vec(any::<(u64, u64)>(), height * width.div_ceil(64));
    (words, 0..3usize).prop_map(move |(words, density)| {
        let words: Vec<u64> = words.iter().map(|&(a, b)| [a & b, a, a | b][density]).collect();
        BitImage::from_words(height, width, &words).unwrap()
    })
}

pub fn images() -> impl Strategy<Value = BitImage> {
    (0..12usize, widths()).prop_flat_map(|(height, width)| image(height, width))
}

/// Two images of one size.
pub fn pairs() -> impl Strategy<Value = (BitImage, BitImage)> {
    (0..12usize, widths())
        .prop_flat_map(|(height, width)| (image(height, width), image(height, width)))
}

/// Elements up to 9x9 with any origin, mostly asymmetric ones.
pub fn elements() -> impl Strategy<Value = StructuringElement> {
    let windows = (1..=9usize, 1..=9usize);
    let parts = windows.prop_flat_map(|(height, width)| {
        (Just((height, width)), (0..height, 0..width), vec(any::<bool>(), height * width))
    });
    parts.prop_filter_map("empty element", |((height, width), origin, mask)| {
        StructuringElement::from_mask(height, width, origin, &mask).ok()
    })
}

/// A few offsets that may lie farther apart than the image is large.
pub fn sparse_elements() -> impl Strategy<Value = StructuringElement> {
    vec((-20..=20isize, -300..=300isize), 1..5)
        .prop_map(|offsets| StructuringElement::from_offsets(offsets).unwrap())
}

pub fn borders() -> impl Strategy<Value = Border> {
    prop::sample::select(Border::ALL.to_vec())
}
