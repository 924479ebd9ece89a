//! Whether two operators are one.

use std::iter;

use strel_image::{BitImage, Engine, Plan};

use crate::random::Random;

/// How two operators compare.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Equivalence {
    /// They are equal on every image of every size, up to its edge: the laws of morphology make the
    /// same plan of both.
    SameOperators,
    /// No proof, but no difference on random images with so many pixels either.
    NoDifference {
        /// Pixels that were compared.
        pixels: u64,
    },
    /// They differ on this image.
    Different {
        /// The image.
        image: BitImage,
    },
}

/// Rows and columns up to which all images are compared, and rows or columns of thin random ones: what
/// lies beyond two edges at once shows there alone.
const SMALL: usize = 3;

/// Thin images of each size and density.
const THIN: usize = 8;

/// Rows and columns of a random image: many, of which few are at the edge, but some.
const SIZE: (usize, usize) = (64, 512);

/// Random images, of about 10^8 pixels together.
const IMAGES: u64 = 3052;

/// Densities of random images, in 64ths, from sparse to dense. Where only large elements fit or hit
/// little, all but few pixels must be alike.
const DENSITIES: [usize; 9] = [1, 2, 4, 12, 32, 52, 60, 62, 63];

/// Compares two operators of one input and one output: by their plans, else on all images of up to 3x3
/// pixels and on random ones, thin ones and ones of about 10^8 pixels, whose density differs from image
/// to image.
///
/// Cost: a few seconds where the plans differ and the operators do not.
///
/// # Panics
/// A plan has more inputs or outputs.
///
/// ```
/// use strel_image::{Border, Sequence};
/// use strel_network::{Equivalence, equivalence};
///
/// let plan = |text: &str| text.parse::<Sequence>().map(|s| s.plan(Border::Replicate));
/// assert_eq!(equivalence(&plan("! + d3.3 + !")?, &plan("e3.3")?, 0), Equivalence::SameOperators);
/// let Equivalence::Different { image } = equivalence(&plan("e3.3")?, &plan("e3.1")?, 0) else {
///     panic!("they differ on most images")
/// };
/// assert_ne!(plan("e3.3")?.apply(&image), plan("e3.1")?.apply(&image));
/// # Ok::<(), strel_image::ImageError>(())
/// ```
pub fn equivalence(left: &Plan, right: &Plan, seed: u64) -> Equivalence {
    if left.is_same(right) {
        return Equivalence::SameOperators;
    }
    let (engine, mut random) = (Engine::default(), Random::new(seed));
    let mut outputs = [(); 2].map(|()| vec![BitImage::new(0, 0)]);
    let sizes = thin_sizes().chain(iter::repeat_n(SIZE, IMAGES as usize));
    let random_images = sizes.enumerate().map(|(index, (height, width))| {
        let density = DENSITIES[index % DENSITIES.len()];
        BitImage::from_fn(height, width, |_, _| random.below(64) < density)
    });
    for image in small_images().chain(random_images) {
        for (plan, output) in [left, right].into_iter().zip(&mut outputs) {
            plan.run_into(&engine, &[&image], output).expect("one input and one output");
        }
        if outputs[0] != outputs[1] {
            return Equivalence::Different { image };
        }
    }
    Equivalence::NoDifference { pixels: IMAGES * (SIZE.0 * SIZE.1) as u64 }
}

/// All images of 1x1 to 3x3 pixels.
fn small_images() -> impl Iterator<Item = BitImage> {
    let sizes = (1..=SMALL).flat_map(|height| (1..=SMALL).map(move |width| (height, width)));
    sizes.flat_map(|(height, width)| {
        (0..1u32 << (height * width)).map(move |pixels| {
            BitImage::from_fn(height, width, |row, col| pixels >> (row * width + col) & 1 == 1)
        })
    })
}

/// Sizes of thin images, each as often as it takes for [`THIN`] of each density.
fn thin_sizes() -> impl Iterator<Item = (usize, usize)> {
    let sizes = (1..=SMALL).flat_map(|thin| [(thin, SIZE.0), (SIZE.0, thin)]);
    sizes.flat_map(|size| iter::repeat_n(size, THIN * DENSITIES.len()))
}
