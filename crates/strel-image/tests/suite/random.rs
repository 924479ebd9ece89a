//! Random images and structuring elements.

use proptest::collection::vec;
use proptest::prelude::*;
use strel_image::{BitImage, Border, Engine, Kernel, StructuringElement};

/// Widths around the limits of a word, and a few others.
pub fn widths() -> impl Strategy<Value = usize> {
    prop_oneof![prop::sample::select(vec![0, 1, 63, 64, 65, 127, 128, 129]), 0..200usize]
}

/// Images of several blocks of rows, or of several strips.
pub fn large_images() -> impl Strategy<Value = BitImage> {
    let sizes = prop_oneof![
        (0..40usize, widths()),
        (0..20usize, 500..700usize),
        (300..320usize, 500..520usize),
        (0..4usize, prop::sample::select(vec![4095, 8193, 16385])),
    ];
    sizes.prop_flat_map(|(height, width)| image(height, width))
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
    elements_up_to(9, 9)
}

/// Elements of few rows: small images then take several blocks.
pub fn low_elements() -> impl Strategy<Value = StructuringElement> {
    elements_up_to(3, 15)
}

fn elements_up_to(height: usize, width: usize) -> impl Strategy<Value = StructuringElement> {
    let windows = (1..=height, 1..=width);
    let parts = windows.prop_flat_map(|(height, width)| {
        (Just((height, width)), (0..height, 0..width), vec(any::<bool>(), height * width))
    });
    parts.prop_filter_map("empty element", |((height, width), origin, mask)| {
        StructuringElement::from_mask(height, width, origin, &mask).ok()
    })
}

/// Elements up to 15x15 with any origin, from a few offsets to nearly full ones.
pub fn large_elements() -> impl Strategy<Value = StructuringElement> {
    let windows = (1..=15usize, 1..=15usize, 0..3u8);
    let parts = windows.prop_flat_map(|(height, width, density)| {
        let mask = vec(
            any::<u8>().prop_map(move |byte| byte < [25, 128, 230][density as usize]),
            height * width,
        );
        (Just((height, width)), (0..height, 0..width), mask)
    });
    parts.prop_filter_map("empty element", |((height, width), origin, mask)| {
        StructuringElement::from_mask(height, width, origin, &mask).ok()
    })
}

/// Usual shapes, whose runs are built from each other.
pub fn shapes() -> impl Strategy<Value = StructuringElement> {
    prop_oneof![
        (0..8usize).prop_map(|radius| StructuringElement::disk(radius).unwrap()),
        (1..40usize, 0..4u32).prop_map(|(length, quarter)| StructuringElement::line(
            length,
            45 * quarter
        )
        .unwrap()),
        (1..20usize, 1..80usize)
            .prop_map(|(height, width)| StructuringElement::rectangle(height, width).unwrap()),
    ]
}

/// A few offsets that may lie farther apart than the image is large.
pub fn sparse_elements() -> impl Strategy<Value = StructuringElement> {
    vec((-20..=20isize, -300..=300isize), 1..5)
        .prop_map(|offsets| StructuringElement::from_offsets(offsets).unwrap())
}

pub fn borders() -> impl Strategy<Value = Border> {
    prop::sample::select(Border::ALL.to_vec())
}

/// One-threaded engines of every kernel that the processor has.
pub fn engines() -> Vec<Engine> {
    Kernel::ALL.into_iter().filter_map(|kernel| Engine::new(kernel, 1).ok()).collect()
}
