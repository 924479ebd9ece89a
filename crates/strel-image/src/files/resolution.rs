//! Resolutions of images.

/// How many pixels of an image there are to a length.
///
/// ```
/// use strel_image::files::{LengthUnit, Resolution};
///
/// let scan = Resolution { horizontal: 300.0, vertical: 300.0, unit: LengthUnit::Inch };
/// assert_eq!(scan.transposed(), scan);
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Resolution {
    /// Pixels of a row to the unit; above 0.
    pub horizontal: f64,
    /// Pixels of a column to the unit; above 0.
    pub vertical: f64,
    /// The length.
    pub unit: LengthUnit,
}

/// The length that a [`Resolution`] counts pixels of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LengthUnit {
    /// None is given: only the ratio of the two numbers, the shape of a pixel, is known.
    Unknown,
    /// 25.4 millimetres.
    Inch,
    /// A hundredth of the metre that PNG files count by.
    Centimetre,
}

impl Resolution {
    /// A resolution read from a file, if it is one: formats write 0 where they know none.
    pub(super) fn new(horizontal: f64, vertical: f64, unit: LengthUnit) -> Option<Self> {
        let known = |pixels: f64| pixels.is_finite() && pixels > 0.0;
        (known(horizontal) && known(vertical)).then_some(Resolution { horizontal, vertical, unit })
    }

    /// Pixels to the metre, rounded; for an unknown unit, the numbers themselves.
    pub(super) fn per_metre(&self) -> (u32, u32) {
        let factor = match self.unit {
            LengthUnit::Unknown => 1.0,
            LengthUnit::Inch => 100.0 / 2.54,
            LengthUnit::Centimetre => 100.0,
        };
        let round = |pixels: f64| (pixels * factor).round() as u32;
        (round(self.horizontal), round(self.vertical))
    }

    /// The resolution of the image whose rows are the columns of this one.
    pub fn transposed(self) -> Self {
        Resolution { horizontal: self.vertical, vertical: self.horizontal, ..self }
    }
}

/// The fraction of two 32-bit numbers that is nearest to a number above 0, by continued fractions.
pub(super) fn fraction(number: f64) -> (u32, u32) {
    let largest = f64::from(u32::MAX);
    let (mut rest, mut before, mut last) = (number, (0.0, 1.0), (1.0, 0.0));
    loop {
        let whole = rest.floor();
        let next = (whole * last.0 + before.0, whole * last.1 + before.1);
        if next.0 > largest || next.1 > largest {
            break;
        }
        (before, last) = (last, next);
        if last.0 / last.1 == number {
            break;
        }
        rest = 1.0 / (rest - whole);
    }
    // A number above 2^32 has no such fraction.
    if last.1 == 0.0 { (u32::MAX, 1) } else { (last.0 as u32, last.1 as u32) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fractions_are_those_that_were_read() {
        for (over, under) in
            [(300, 1), (1, 3), (720_090, 10_000), (11811, 100), (u32::MAX, 7), (1, u32::MAX)]
        {
            let number = f64::from(over) / f64::from(under);
            let (a, b) = fraction(number);
            assert_eq!(f64::from(a) / f64::from(b), number, "{over}/{under}");
        }
        assert_eq!(fraction(300.0), (300, 1));
        assert_eq!(fraction(1e20), (u32::MAX, 1));
        let (a, b) = fraction(std::f64::consts::PI);
        assert!((f64::from(a) / f64::from(b) - std::f64::consts::PI).abs() < 1e-15);
    }

    #[test]
    fn metres_are_those_of_png() {
        let of = |pixels, unit| Resolution::new(pixels, pixels, unit).unwrap().per_metre().0;
        assert_eq!(of(300.0, LengthUnit::Inch), 11811);
        assert_eq!(of(118.11, LengthUnit::Centimetre), 11811);
        assert_eq!(of(2.0, LengthUnit::Unknown), 2);
        assert_eq!(Resolution::new(0.0, 1.0, LengthUnit::Inch), None);
        assert_eq!(Resolution::new(f64::NAN, 1.0, LengthUnit::Inch), None);
    }
}
