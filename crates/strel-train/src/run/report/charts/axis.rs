//! Values as places along an axis.

/// An axis from a low to a high value.
pub struct Axis {
    low: f64,
    high: f64,
    /// Where these values are.
    ends: (f64, f64),
    /// Between two ticks; `None` on a logarithmic scale.
    step: Option<f64>,
}

/// About as many ticks as an axis has.
const TICKS: f64 = 4.0;

impl Axis {
    /// An axis that holds the values between ticks.
    pub fn linear(values: impl Iterator<Item = f64>, ends: (f64, f64)) -> Self {
        let (low, high) = range(values);
        let step = nice((high - low) / TICKS);
        let (low, high) = ((low / step).floor() * step, (high / step).ceil() * step);
        let high = if high > low { high } else { low + step };
        Axis { low, high, ends, step: Some(step) }
    }

    /// The same on a logarithmic scale; a linear one where a value is not above 0.
    pub fn logarithmic(values: impl Iterator<Item = f64> + Clone, ends: (f64, f64)) -> Self {
        let (low, high) = range(values.clone());
        if low <= 0.0 {
            return Self::linear(values, ends);
        }
        // A little room where all values are one.
        let (low, high) = (low.min(high / 1.5), high);
        Axis { low, high, ends, step: None }
    }

    /// The place of a value.
    pub fn place(&self, value: f64) -> f64 {
        let scaled = |value: f64| if self.step.is_none() { value.ln() } else { value };
        let share = (scaled(value) - scaled(self.low)) / (scaled(self.high) - scaled(self.low));
        self.ends.0 + share * (self.ends.1 - self.ends.0)
    }

    /// Round values of the axis, and how they are written.
    pub fn ticks(&self) -> Vec<(f64, String)> {
        let values = self.step.map_or_else(|| self.powers(), |step| self.multiples(step));
        values.into_iter().map(|value| (value, written(value))).collect()
    }

    fn multiples(&self, step: f64) -> Vec<f64> {
        let count = ((self.high - self.low) / step).round() as usize;
        (0..=count).map(|index| self.low + index as f64 * step).collect()
    }

    /// Powers of ten, and their doubles and fives where these are few.
    fn powers(&self) -> Vec<f64> {
        let inside = |factors: &[f64]| -> Vec<f64> {
            let decades = self.low.log10().floor() as i32..=self.high.log10().ceil() as i32;
            let values = decades
                .flat_map(|decade| factors.iter().map(move |factor| factor * 10f64.powi(decade)));
            let (low, high) = (self.low * 0.999, self.high * 1.001);
            values.filter(|value| (low..=high).contains(value)).collect()
        };
        let finer: [&[f64]; 4] =
            [&[1.0], &[1.0, 3.0], &[1.0, 2.0, 5.0], &[1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0]];
        let mut ticks = finer.iter().map(|factors| inside(factors));
        let enough = ticks.find(|ticks| ticks.len() >= 3);
        enough.unwrap_or_else(|| vec![self.low, self.high])
    }
}

/// The least and the greatest value; 0 and 1 where there is none.
fn range(values: impl Iterator<Item = f64>) -> (f64, f64) {
    values
        .fold(None, |range: Option<(f64, f64)>, value| {
            let (low, high) = range.unwrap_or((value, value));
            Some((low.min(value), high.max(value)))
        })
        .unwrap_or((0.0, 1.0))
}

/// The least of 1, 2 and 5 times a power of ten that is not below the size.
fn nice(size: f64) -> f64 {
    let size = if size > 0.0 { size } else { 0.1 };
    let power = 10f64.powf(size.log10().floor());
    let factor = [1.0, 2.0, 5.0].into_iter().find(|factor| factor * power >= size * 0.999);
    factor.unwrap_or(10.0) * power
}

fn written(value: f64) -> String {
    let digits = match value.abs() {
        size if size >= 10.0 || size == 0.0 => 0,
        size => (2.0 - size.log10().floor()) as usize,
    };
    let text = format!("{value:.digits$}");
    match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(axis: &Axis) -> Vec<String> {
        axis.ticks().into_iter().map(|tick| tick.1).collect()
    }

    #[test]
    fn ticks_are_round() {
        let axis = Axis::linear([0.0, 6000.0].into_iter(), (0.0, 100.0));
        assert_eq!(labels(&axis), ["0", "2000", "4000", "6000"]);
        assert_eq!(axis.place(3000.0), 50.0);
        let axis = Axis::linear([0.61, 0.97].into_iter(), (0.0, 1.0));
        assert_eq!(labels(&axis), ["0.6", "0.7", "0.8", "0.9", "1"]);
        let axis = Axis::logarithmic([0.003, 0.2].into_iter(), (0.0, 1.0));
        assert_eq!(labels(&axis), ["0.003", "0.01", "0.03", "0.1"]);
        let axis = Axis::logarithmic([1.0, 100.0].into_iter(), (0.0, 1.0));
        assert_eq!(labels(&axis), ["1", "10", "100"]);
        assert!((axis.place(10.0) - 0.5).abs() < 1e-9);
    }

    #[test]
    fn values_that_are_all_the_same_have_an_axis() {
        for values in [[0.0, 0.0], [1.0, 1.0], [0.3, 0.3]] {
            for axis in [
                Axis::linear(values.into_iter(), (0.0, 9.0)),
                Axis::logarithmic(values.into_iter(), (0.0, 9.0)),
            ] {
                let place = axis.place(values[0]);
                assert!((0.0..=9.0).contains(&place), "{values:?}: {place}");
                assert!(axis.ticks().len() >= 2, "{values:?}");
            }
        }
        assert_eq!(labels(&Axis::linear([].into_iter(), (0.0, 1.0))).len(), 3);
    }
}
