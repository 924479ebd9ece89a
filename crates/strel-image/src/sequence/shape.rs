//! How a sequence writes structuring elements.

use std::fmt;

use super::Sequence;
use crate::{ImageError, StructuringElement};

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    Rectangle {
        width: usize,
        height: usize,
    },
    Disk {
        radius: usize,
    },
    Cross {
        radius: usize,
    },
    /// A line at 45 degrees.
    Rising {
        length: usize,
    },
    /// A line at 135 degrees.
    Falling {
        length: usize,
    },
    Picture(StructuringElement),
}

impl Shape {
    /// The element of this shape.
    pub(super) fn element(&self) -> Result<StructuringElement, ImageError> {
        let (height, width) = self.window();
        let limit = Sequence::MAX_PIXELS;
        if height.checked_mul(width).is_none_or(|pixels| pixels > limit) {
            return Err(ImageError::WindowTooLarge { limit });
        }
        match *self {
            Shape::Rectangle { width, height } => StructuringElement::rectangle(height, width),
            Shape::Disk { radius } => StructuringElement::disk(radius),
            Shape::Cross { radius } => StructuringElement::cross(radius),
            Shape::Rising { length } => StructuringElement::line(length, 45),
            Shape::Falling { length } => StructuringElement::line(length, 135),
            Shape::Picture(ref element) => Ok(element.clone()),
        }
    }

    fn window(&self) -> (usize, usize) {
        match *self {
            Shape::Rectangle { width, height } => (height, width),
            Shape::Disk { radius } | Shape::Cross { radius } => {
                let side = radius.saturating_mul(2).saturating_add(1);
                (side, side)
            }
            Shape::Rising { length } | Shape::Falling { length } => (length, length),
            Shape::Picture(ref element) => element.window().size(),
        }
    }
}

impl fmt::Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Shape::Rectangle { width, height } => write!(f, "{width}.{height}"),
            Shape::Disk { radius } => write!(f, "D{radius}"),
            Shape::Cross { radius } => write!(f, "X{radius}"),
            Shape::Rising { length } => write!(f, "/{length}"),
            Shape::Falling { length } => write!(f, "\\{length}"),
            Shape::Picture(element) => {
                write!(f, "[{}]", element.to_string().replace('\n', "/"))
            }
        }
    }
}
