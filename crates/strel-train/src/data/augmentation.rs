//! Training images that are moved, turned, scaled and mirrored at random.

use rand::RngExt;
use rand::rngs::ChaCha8Rng;
use serde::{Deserialize, Serialize};
use strel_image::BitImage;

use crate::ranges::expect;

/// How far training images may go from those of the files. Without settings they stay as they are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub struct Augmentation {
    /// Most pixels that an image moves up or down, and left or right; 0 to 16.
    pub shift: usize,
    /// Most degrees that it turns to either side; 0 to 180.
    pub rotate: f64,
    /// Most of its size that it gains or loses, as a share; 0 to 0.5.
    pub scale: f64,
    /// Whether half of the images, at random, are mirrored, left to right.
    pub mirror: bool,
}

impl Augmentation {
    /// What is wrong with the values, if anything is.
    pub(crate) fn check(&self) -> Result<(), String> {
        let Augmentation { shift, rotate, scale, .. } = *self;
        expect(shift <= 16, "augment.shift", shift, "0 to 16 pixels")?;
        expect((0.0..=180.0).contains(&rotate), "augment.rotate", rotate, "0 to 180 degrees")?;
        expect((0.0..=0.5).contains(&scale), "augment.scale", scale, "a share of 0 to 0.5")
    }

    /// A motion within these bounds, uniformly at random.
    pub fn draw(&self, rng: &mut ChaCha8Rng) -> Motion {
        let shift = self.shift as i32;
        let down_right = [(); 2].map(|()| rng.random_range(-shift..=shift));
        let angle = rng.random_range(-self.rotate..=self.rotate).to_radians();
        let scale = 1.0 + rng.random_range(-self.scale..=self.scale);
        Motion { down_right, angle, scale, mirrored: self.mirror && rng.random() }
    }
}

/// A motion of an image within its frame. What comes from outside of the frame is background.
///
/// ```
/// use strel_image::BitImage;
/// use strel_train::data::Motion;
///
/// let image: BitImage = "
///     .#..
///     .##.
///     ....
/// ".parse()?;
/// let moved: BitImage = "
///     ..#.
///     ..##
///     ....
/// ".parse()?;
/// let right = Motion { down_right: [0, 1], ..Motion::NONE };
/// assert_eq!(right.apply(&image), moved);
/// # Ok::<(), strel_image::ImageError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Motion {
    /// Pixels downwards and to the right, last of all.
    pub down_right: [i32; 2],
    /// Radians, clockwise, around the centre.
    pub angle: f64,
    /// The size after the motion, of the size before; above 0.
    pub scale: f64,
    /// Whether the last column comes first, before all else.
    pub mirrored: bool,
}

impl Motion {
    /// The motion that leaves all as it is.
    pub const NONE: Self = Motion { down_right: [0, 0], angle: 0.0, scale: 1.0, mirrored: false };

    /// The image after the motion: each pixel has the value of the nearest one of the image where it
    /// comes from. So level sets of a grey image stay nested.
    pub fn apply(&self, image: &BitImage) -> BitImage {
        if *self == Self::NONE {
            return image.clone();
        }
        let (height, width) = image.size();
        let centre = [height, width].map(|pixels| (pixels as f64 - 1.0) / 2.0);
        let [down, right] = self.down_right.map(f64::from);
        let (sin, cos) = self.angle.sin_cos();
        BitImage::from_fn(height, width, |row, col| {
            let y = (row as f64 - down - centre[0]) / self.scale;
            let x = (col as f64 - right - centre[1]) / self.scale;
            let row = (cos * y - sin * x + centre[0]).round();
            let col = (sin * y + cos * x + centre[1]).round();
            let inside = |at: f64, pixels: usize| at >= 0.0 && at < pixels as f64;
            if !(inside(row, height) && inside(col, width)) {
                return false;
            }
            let col = col as usize;
            image.get(row as usize, if self.mirrored { width - 1 - col } else { col })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;
    use std::f64::consts::FRAC_PI_2;

    const L: &str = "
        #....
        #....
        #....
        #....
        ###..";

    #[test]
    fn quarter_turns_are_clockwise_and_mirroring_comes_first() {
        let image: BitImage = L.parse().unwrap();
        let turned: BitImage = "#####\n#....\n#....\n.....\n.....".parse().unwrap();
        assert_eq!(Motion { angle: FRAC_PI_2, ..Motion::NONE }.apply(&image), turned);
        let mirrored: BitImage = ".....\n.....\n#....\n#....\n#####".parse().unwrap();
        let motion = Motion { angle: FRAC_PI_2, mirrored: true, ..Motion::NONE };
        assert_eq!(motion.apply(&image), mirrored);
    }

    #[test]
    fn scaling_keeps_the_centre_and_shifts_follow() {
        let image: BitImage = ".....\n.....\n..#..\n.....\n.....".parse().unwrap();
        let grown: BitImage = ".....\n.###.\n.###.\n.###.\n.....".parse().unwrap();
        assert_eq!(Motion { scale: 3.0, ..Motion::NONE }.apply(&image), grown);
        let lower: BitImage = ".....\n.....\n###..\n###..\n###..".parse().unwrap();
        let motion = Motion { scale: 3.0, down_right: [1, -1], ..Motion::NONE };
        assert_eq!(motion.apply(&image), lower);
    }

    #[test]
    fn motions_fill_their_bounds_and_none_is_no_motion() {
        let mut rng = ChaCha8Rng::seed_from_u64(0);
        let bounds = Augmentation { shift: 2, rotate: 90.0, scale: 0.5, mirror: true };
        let motions: Vec<Motion> = (0..400).map(|_| bounds.draw(&mut rng)).collect();
        for axis in 0..2 {
            let shifts: Vec<i32> = motions.iter().map(|motion| motion.down_right[axis]).collect();
            assert!((-2..=2).all(|shift| shifts.contains(&shift)));
            assert!(shifts.iter().all(|shift| shift.abs() <= 2));
        }
        let spans = |of: fn(&Motion) -> f64, from: f64, to: f64| {
            let (low, high) = motions.iter().map(of).fold((to, from), |(low, high), value| {
                assert!((from..=to).contains(&value));
                (low.min(value), high.max(value))
            });
            assert!(high - low > 0.95 * (to - from), "{low} to {high}");
        };
        spans(|motion| motion.angle, -FRAC_PI_2, FRAC_PI_2);
        spans(|motion| motion.scale, 0.5, 1.5);
        let mirrored = motions.iter().filter(|motion| motion.mirrored).count();
        assert!((150..250).contains(&mirrored));

        assert_eq!(Augmentation::default().draw(&mut rng), Motion::NONE);
    }
}
