//! The search for an input on which a float network and a binarized one differ.

use strel_image::BitImage;

use super::shrink::shrink;
use crate::certificate::Difference;
use crate::random::Random;
use crate::{FloatLayer, FloatNetwork, Network, NetworkError, NetworkPlan, Plane};

/// The largest side of the images that are tried.
const MAX_SIDE: usize = 32;

/// A difference, if one is found on at most `patches` inputs, and how many inputs were tried; at most
/// as many again are tried to make it small.
pub(super) fn difference(
    float: &FloatNetwork,
    binarized: &Network,
    patches: usize,
) -> Result<(Option<Difference>, usize), NetworkError> {
    let plan = binarized.plan();
    let mut search = Search { float, plan, left: patches, tried: 0 };
    let Some(found) = search.find()? else {
        return Ok((None, search.tried));
    };
    search.left = patches;
    let patch = shrink(&mut search, found)?;
    let difference = search.worst(&patch)?.map(|pixel| pixel.report(&search, &patch));
    Ok((difference, search.tried))
}

pub(super) struct Search<'a> {
    float: &'a FloatNetwork,
    plan: NetworkPlan,
    /// How many inputs may still be tried.
    pub(super) left: usize,
    tried: usize,
}

/// A pixel of the outputs.
struct Pixel {
    output: usize,
    row: usize,
    col: usize,
    float: f64,
    binarized: bool,
}

impl Search<'_> {
    /// An input on which the networks differ.
    fn find(&mut self) -> Result<Option<Vec<BitImage>>, NetworkError> {
        let (height, width) = self.field();
        let pixels = self.float.inputs() * height * width;
        let few = u32::try_from(pixels).ok().and_then(|pixels| 1_usize.checked_shl(pixels));
        if let Some(count) = few.filter(|count| *count <= self.left) {
            for code in 0..count {
                let patch = self.patch((height, width), |index| code >> index & 1 == 1);
                if self.differs(&patch)? {
                    return Ok(Some(patch));
                }
            }
        }
        let mut random = Random::new(0);
        while self.left > 0 {
            // Small images differ at their borders.
            let small = random.below(4) == 0 && !self.has_one_size();
            let size = match small {
                true => (1 + random.below(height), 1 + random.below(width)),
                false => (height, width),
            };
            let density = 1 + random.below(9);
            let start = self.patch(size, |_| random.below(10) < density);
            if let Some(patch) = self.climb(start, &mut random)? {
                return Ok(Some(patch));
            }
        }
        Ok(None)
    }

    /// Flips pixel after pixel, in random order, and keeps what brings an output nearer to a
    /// difference, until there is one or no flip helps.
    fn climb(
        &mut self,
        mut patch: Vec<BitImage>,
        random: &mut Random,
    ) -> Result<Option<Vec<BitImage>>, NetworkError> {
        let (height, width) = patch[0].size();
        let count = patch.len() * height * width;
        let (mut best, mut unhelpful) = (self.violation(&patch)?, 0);
        let mut order: Vec<usize> = (0..count).collect();
        random.shuffle(&mut order);
        for &index in order.iter().cycle() {
            if best.differs {
                return Ok(Some(patch));
            }
            if unhelpful == count || self.left == 0 {
                return Ok(None);
            }
            flip(&mut patch, index);
            let found = self.violation(&patch)?;
            if found.differs || found.size > best.size {
                (best, unhelpful) = (found, 0);
            } else {
                flip(&mut patch, index);
                unhelpful += 1;
            }
        }
        Ok(None)
    }

    /// Whether the networks differ on an input.
    pub(super) fn differs(&mut self, patch: &[BitImage]) -> Result<bool, NetworkError> {
        Ok(self.violation(patch)?.differs)
    }

    fn violation(&mut self, patch: &[BitImage]) -> Result<Violation, NetworkError> {
        self.left = self.left.saturating_sub(1);
        self.tried += 1;
        Ok(self.worst(patch)?.map_or(Violation::NONE, |pixel| pixel.violation()))
    }

    /// The pixel of the outputs that differs most, or comes nearest to it.
    fn worst(&self, patch: &[BitImage]) -> Result<Option<Pixel>, NetworkError> {
        let planes: Vec<Plane> = patch.iter().map(Plane::from).collect();
        let (float, binarized) = (self.float.features(&planes)?, self.plan.features(patch)?);
        let (height, width) = float[0].size();
        let pixels = (0..float.len() * height * width).map(|index| {
            let (output, place) = (index / (height * width), index % (height * width));
            let (row, col) = (place / width, place % width);
            Pixel {
                output,
                row,
                col,
                float: float[output].get(row, col),
                binarized: binarized[output].get(row, col),
            }
        });
        Ok(pixels.max_by(|left, right| left.violation().order(&right.violation())))
    }

    /// Whether inputs of other sizes than the patches' may be refused.
    pub(super) fn has_one_size(&self) -> bool {
        self.float.least_image_size().is_some()
    }

    /// Height and width of the pixels that an output pixel can depend on, of a patch at most; of the
    /// smallest images where not all sizes are read.
    fn field(&self) -> (usize, usize) {
        let before = |(height, width): (usize, usize), layer: &FloatLayer| {
            let (height, width) = match layer {
                FloatLayer::Bisel(bisel) => {
                    (height + bisel.kernel.0 - 1, width + bisel.kernel.1 - 1)
                }
                FloatLayer::MaxPool { .. } => (2 * height, 2 * width),
                FloatLayer::Dense(_) | FloatLayer::Scores(_) => (height, width),
            };
            (height.min(MAX_SIDE), width.min(MAX_SIDE))
        };
        let layers = self.float.layers().iter().rev();
        self.float.least_image_size().unwrap_or_else(|| layers.fold((1, 1), before))
    }

    /// Images whose pixels are numbered channel by channel, row by row.
    fn patch(
        &self,
        (height, width): (usize, usize),
        mut pixel: impl FnMut(usize) -> bool,
    ) -> Vec<BitImage> {
        let image = |channel: usize| {
            BitImage::from_fn(height, width, |row, col| {
                pixel((channel * height + row) * width + col)
            })
        };
        (0..self.float.inputs()).map(image).collect()
    }
}

/// By how much an output of the float network is on the other side of 1/2 than it should be.
#[derive(Clone, Copy)]
struct Violation {
    differs: bool,
    size: f64,
}

impl Violation {
    /// That of images without pixels.
    const NONE: Self = Self { differs: false, size: f64::NEG_INFINITY };

    fn order(&self, other: &Self) -> std::cmp::Ordering {
        self.differs.cmp(&other.differs).then(self.size.total_cmp(&other.size))
    }
}

impl Pixel {
    fn violation(&self) -> Violation {
        let above = self.float - 0.5;
        Violation {
            differs: (self.float > 0.5) != self.binarized,
            size: if self.binarized { -above } else { above },
        }
    }

    fn report(&self, search: &Search, patch: &[BitImage]) -> Difference {
        let rows = |image: &BitImage| image.to_string().lines().map(str::to_owned).collect();
        Difference {
            patch: patch.iter().map(rows).collect(),
            border: search.float.border().to_string(),
            output: self.output + 1,
            row: self.row,
            col: self.col,
            float: self.float,
            binarized: self.binarized,
        }
    }
}

/// Flips the pixel with this number, counted channel by channel, row by row.
pub(super) fn flip(patch: &mut [BitImage], index: usize) {
    let (height, width) = patch[0].size();
    let (channel, place) = (index / (height * width), index % (height * width));
    let (row, col) = (place / width, place % width);
    let value = patch[channel].get(row, col);
    patch[channel].set(row, col, !value);
}
