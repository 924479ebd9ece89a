//! Sizes, images, structuring elements and operators from a fuzzer's bytes.

use libfuzzer_sys::arbitrary::{Result, Unstructured};
use strel_image::{BitImage, StructuringElement};

use super::case::{Operator, Term};

/// Widths around the limits of a word and of a vector, and any others.
const WIDTHS: [usize; 10] = [0, 1, 2, 63, 64, 65, 127, 128, 129, 513];

pub fn size(bytes: &mut Unstructured) -> Result<(usize, usize)> {
    let height = bytes.int_in_range(0..=12)?;
    let width =
        if bytes.arbitrary()? { *bytes.choose(&WIDTHS)? } else { bytes.int_in_range(0..=200)? };
    Ok((height, width))
}

/// Noise of one of three densities, drawn from a seed: few bytes make a whole image.
pub fn image(bytes: &mut Unstructured, (height, width): (usize, usize)) -> Result<BitImage> {
    let (mut state, density) = (bytes.arbitrary::<u64>()?, bytes.int_in_range(0..=2)?);
    let words = (0..height * width.div_ceil(64)).map(|_| {
        let (a, b) = (next(&mut state), next(&mut state));
        [a & b, a, a | b][density]
    });
    let words: Vec<u64> = words.collect();
    Ok(BitImage::from_words(height, width, &words).expect("as many words as the size needs"))
}

/// SplitMix64 (Steele, Lea & Flood 2014).
fn next(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mixed = (*state ^ *state >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ mixed >> 31
}

pub fn operator(bytes: &mut Unstructured, results: usize) -> Result<Operator> {
    let at = bytes.choose_index(results)?;
    Ok(match bytes.int_in_range(0..=10)? {
        0 => Operator::Dilate(at, element(bytes)?),
        1 => Operator::Erode(at, element(bytes)?),
        2 => Operator::Open(at, element(bytes)?),
        3 => Operator::Close(at, element(bytes)?),
        4 => {
            let element = element(bytes)?;
            let at_least = bytes.int_in_range(0..=element.len() + 1)?;
            Operator::Rank(at, element, at_least)
        }
        5 => Operator::HitOrMiss(at, element(bytes)?, element(bytes)?),
        6 => Operator::Complement(at),
        7 => Operator::Union(places(bytes, results)?),
        8 => Operator::Intersection(places(bytes, results)?),
        9 => Operator::Difference(at, bytes.choose_index(results)?),
        _ => Operator::Gate(terms(bytes, results)?, bytes.int_in_range(-40..=80)?),
    })
}

fn places(bytes: &mut Unstructured, results: usize) -> Result<Vec<usize>> {
    (0..bytes.int_in_range(0..=4)?).map(|_| bytes.choose_index(results)).collect()
}

fn terms(bytes: &mut Unstructured, results: usize) -> Result<Vec<Term>> {
    let term = |bytes: &mut Unstructured| {
        let weight = if bytes.arbitrary()? {
            bytes.int_in_range(-3..=9)?
        } else {
            bytes.arbitrary::<i16>()?.into()
        };
        Ok((bytes.choose_index(results)?, offset(bytes)?, weight))
    };
    (0..bytes.int_in_range(0..=12)?).map(|_| term(bytes)).collect()
}

fn offset(bytes: &mut Unstructured) -> Result<(isize, isize)> {
    Ok((bytes.int_in_range(-12..=12)?, bytes.int_in_range(-200..=200)?))
}

/// A window of any pixels, a usual shape, or a few offsets far apart.
fn element(bytes: &mut Unstructured) -> Result<StructuringElement> {
    let element = match bytes.int_in_range(0..=4)? {
        0 => return window(bytes),
        1 => StructuringElement::disk(bytes.int_in_range(0..=5)?),
        2 => StructuringElement::line(bytes.int_in_range(1..=40)?, 45 * bytes.int_in_range(0..=3)?),
        3 => StructuringElement::rectangle(bytes.int_in_range(1..=4)?, bytes.int_in_range(1..=70)?),
        _ => {
            let count = bytes.int_in_range(1..=5)?;
            let offsets = (0..count).map(|_| offset(bytes)).collect::<Result<Vec<_>>>()?;
            StructuringElement::from_offsets(offsets)
        }
    };
    Ok(element.expect("neither empty nor large"))
}

/// Up to 8x8 pixels, with any origin; none of them, too.
fn window(bytes: &mut Unstructured) -> Result<StructuringElement> {
    let (height, width) = (bytes.int_in_range(1..=8)?, bytes.int_in_range(1..=8)?);
    let pixels: u64 = bytes.arbitrary()?;
    let mask: Vec<bool> = (0..height * width).map(|place| pixels >> place & 1 == 1).collect();
    let origin = (bytes.choose_index(height)?, bytes.choose_index(width)?);
    let element = StructuringElement::from_mask(height, width, origin, &mask);
    let empty = || StructuringElement::empty(height, width).expect("a window of pixels");
    Ok(element.unwrap_or_else(|_| empty()))
}
