//! What layers read and give, and whether they fit together.

use std::fmt;

use serde::{Deserialize, Serialize};
use strel_image::Border;

use crate::{NetworkError, Place};

/// The size of what a layer reads that joins all pixels of all channels.
///
/// Its inputs are ordered by channel, then row, then column.
///
/// ```
/// use strel_network::Shape;
///
/// let shape = Shape { channels: 3, height: 7, width: 5 };
/// assert_eq!((shape.pixels(), shape.to_string()), (105, "3x7x5".to_owned()));
/// assert_eq!(Shape::flat(512).pixels(), 512);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Shape {
    /// Number of channels, at least 1.
    pub channels: usize,
    /// Rows of a channel, at least 1.
    pub height: usize,
    /// Columns of a channel, at least 1.
    pub width: usize,
}

impl Shape {
    /// Channels of one pixel each: what a dense layer gives.
    pub fn flat(channels: usize) -> Self {
        Self { channels, height: 1, width: 1 }
    }

    /// The pixels of all channels, those that any layer of a network can read.
    pub fn pixels(self) -> usize {
        self.channels * self.height * self.width
    }

    /// What is said of each channel, for each of its pixels.
    pub(crate) fn spread<T: Copy>(self, channels: &[T]) -> Vec<T> {
        let pixels = self.height * self.width;
        channels.iter().flat_map(|&channel| std::iter::repeat_n(channel, pixels)).collect()
    }

    /// The pixels of all channels of any shape, that of a layer at `place`.
    pub(crate) fn checked_pixels(self, place: Place) -> Result<usize, NetworkError> {
        check_positive(place, "number of rows", self.height)?;
        check_positive(place, "number of columns", self.width)?;
        let pixels = self.channels.checked_mul(self.height);
        let pixels = pixels.and_then(|pixels| pixels.checked_mul(self.width));
        let addressable = |pixels: &usize| u32::try_from(*pixels).is_ok();
        pixels.filter(addressable).ok_or(NetworkError::TooLarge { place })
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}x{}x{}", self.channels, self.height, self.width)
    }
}

/// What a layer makes of channels.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stage {
    pub(crate) inputs: usize,
    pub(crate) outputs: usize,
    pub(crate) effect: Effect,
}

/// What a layer makes of the size of channels, which tells the kinds of layers apart.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Effect {
    /// It stays.
    Keeps,
    /// Rows and columns are halved, rounded down.
    Halves,
    /// Channels of this size become channels of one pixel.
    Joins(Shape),
    /// Channels of this size become scores, which no layer reads.
    Scores(Shape),
}

impl fmt::Display for Effect {
    /// The kind of layer.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Keeps => write!(f, "a BiSEL layer"),
            Self::Halves => write!(f, "a 2x2 max-pool"),
            Self::Joins(shape) => write!(f, "a dense layer on {shape}"),
            Self::Scores(shape) => write!(f, "a layer of scores on {shape}"),
        }
    }
}

pub(crate) fn check_border(border: Border) -> Result<(), NetworkError> {
    match border {
        Border::Neutral => Err(NetworkError::Border(border)),
        _ => Ok(()),
    }
}

/// Checks that layers are a network.
pub(crate) fn check_chain(stages: &[Stage]) -> Result<(), NetworkError> {
    if stages.is_empty() {
        return Err(NetworkError::NoLayer);
    }
    let mut channels = None;
    let mut size: Option<(usize, usize)> = None;
    for (index, stage) in stages.iter().enumerate() {
        let place = Place::layer(index);
        check_positive(place, "number of input channels", stage.inputs)?;
        check_positive(place, "number of output channels", stage.outputs)?;
        if let Some(expected) = channels.replace(stage.outputs)
            && expected != stage.inputs
        {
            return Err(NetworkError::Channels { place, expected, found: stage.inputs });
        }
        match stage.effect {
            Effect::Keeps => {}
            Effect::Halves => size = size.map(|(height, width)| (height / 2, width / 2)),
            Effect::Scores(_) if index + 1 < stages.len() => {
                return Err(NetworkError::ScoresNotLast { place });
            }
            Effect::Joins(shape) | Effect::Scores(shape) => {
                let found = (shape.height, shape.width);
                if let Some(expected) = size.replace((1, 1))
                    && expected != found
                {
                    return Err(NetworkError::LayerSize { place, expected, found });
                }
            }
        }
    }
    Ok(())
}

/// Checks that images of this size suit a valid chain of layers.
pub(crate) fn check_image_size(
    stages: &[Stage],
    found: (usize, usize),
) -> Result<(), NetworkError> {
    let Some(join) = FirstJoin::of(stages) else { return Ok(()) };
    let (least, most) = (join.least_size(), join.largest_size());
    let suits = |side: usize, least: usize, most: usize| (least..=most).contains(&side);
    if suits(found.0, least.0, most.0) && suits(found.1, least.1, most.1) {
        return Ok(());
    }
    let mut expected = format!("{}x{}", least.0, least.1);
    if most != least {
        expected += &format!(" to {}x{}", most.0, most.1);
    }
    Err(NetworkError::InputSize { found, expected, place: join.place, reads: join.size })
}

/// Height and width of the smallest images that suit a valid chain of layers; `None` if any do.
pub(crate) fn least_image_size(stages: &[Stage]) -> Option<(usize, usize)> {
    FirstJoin::of(stages).map(|join| join.least_size())
}

/// The first layer that reads channels of one size only.
struct FirstJoin {
    place: Place,
    /// Height and width of the channels that it reads.
    size: (usize, usize),
    /// By how much larger images are, rounded.
    factor: usize,
}

impl FirstJoin {
    fn of(stages: &[Stage]) -> Option<Self> {
        let mut factor: usize = 1;
        for (index, stage) in stages.iter().enumerate() {
            match stage.effect {
                Effect::Keeps => {}
                Effect::Halves => factor = factor.saturating_mul(2),
                Effect::Joins(shape) | Effect::Scores(shape) => {
                    let size = (shape.height, shape.width);
                    return Some(Self { place: Place::layer(index), size, factor });
                }
            }
        }
        None
    }

    fn least_size(&self) -> (usize, usize) {
        let grown = |side: usize| side.saturating_mul(self.factor);
        (grown(self.size.0), grown(self.size.1))
    }

    fn largest_size(&self) -> (usize, usize) {
        let (height, width) = self.least_size();
        (height.saturating_add(self.factor - 1), width.saturating_add(self.factor - 1))
    }
}

pub(crate) fn check_positive(
    place: Place,
    what: &'static str,
    found: usize,
) -> Result<(), NetworkError> {
    if found > 0 {
        return Ok(());
    }
    Err(NetworkError::Size { place, what, expected: "at least 1".to_owned(), found })
}
