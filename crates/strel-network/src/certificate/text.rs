//! Certificates as text.

use std::fmt;

use super::{
    Certificate, Difference, Equality, NearestOperator, NeuronReport, ScoreReport, Verdict,
};
use crate::Place;

/// The most neurons that are listed.
const MOST_LINES: usize = 64;

impl fmt::Display for Certificate {
    /// The verdict in words, then a line a neuron that fails or, if none does, a line a neuron, 64 of
    /// them at most, then the difference that was found.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let subject = match self.scores {
            Some(_) => "at the inputs of the scores, ",
            None => "",
        };
        writeln!(f, "{}: {subject}{}", self.verdict, self.verdict.meaning())?;
        if self.is_proved() {
            self.scores.iter().try_for_each(|scores| writeln!(f, "{scores}"))?;
            if let Some(tightest) = self.tightest() {
                let margin = number(tightest.margin.unwrap_or(0.0));
                let count = self.neurons.len();
                writeln!(f, "Smallest of {count} margins: {margin}, {}.", tightest.place)?;
            }
            return write_lines(f, self.neurons.iter());
        }
        writeln!(
            f,
            "{} of {} neurons fail; those behind one that fails are judged as if it were repaired.",
            self.failures().count(),
            self.neurons.len(),
        )?;
        write_lines(f, self.failures())?;
        match &self.difference {
            Some(difference) => write!(f, "{difference}"),
            None => writeln!(f, "No difference on {} inputs that were tried.", self.patches_tried),
        }
    }
}

fn write_lines<'a>(
    f: &mut fmt::Formatter<'_>,
    mut neurons: impl Iterator<Item = &'a NeuronReport>,
) -> fmt::Result {
    neurons.by_ref().take(MOST_LINES).try_for_each(|neuron| writeln!(f, "  {neuron}"))?;
    match neurons.count() {
        0 => Ok(()),
        more => writeln!(f, "  and {more} more"),
    }
}

impl fmt::Display for ScoreReport {
    /// What the bound means for the class.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.bound {
            Some(bound) => write!(
                f,
                "Each of {} scores is within {} of that of the binarized network: the class is the same \
                 whenever its two best scores differ by more than {}.",
                self.classes,
                number_above(bound),
                number_above(2.0 * bound),
            ),
            None => {
                write!(f, "Nothing is proved of the {} scores: sums may overflow.", self.classes)
            }
        }
    }
}

impl fmt::Display for Verdict {
    /// One word.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Proved => "PROVED",
            Self::ProvedHard => "PROVED-HARD",
            Self::Refuted => "REFUTED",
            Self::Open => "OPEN",
        })
    }
}

impl Verdict {
    fn meaning(self) -> &'static str {
        match self {
            Self::Proved => {
                "the float network thresholded at 1/2 equals the binarized network for every binary \
                 input."
            }
            Self::ProvedHard => {
                "the float network with hard thresholds equals the binarized network for every \
                 binary input."
            }
            Self::Refuted => {
                "the float network thresholded at 1/2 and the binarized network differ."
            }
            Self::Open => "not every neuron is proved, and no difference is known.",
        }
    }
}

impl fmt::Display for Difference {
    /// Where the networks differ and how, then the images.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "On this input, border {}, output {} at row {}, column {} is {} in the float network and {} \
             in the binarized one:",
            self.border,
            self.output,
            self.row,
            self.col,
            self.float,
            u8::from(self.binarized),
        )?;
        for image in &self.patch {
            writeln!(f)?;
            image.iter().try_for_each(|row| writeln!(f, "    {row}"))?;
        }
        Ok(())
    }
}

impl fmt::Display for NeuronReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.place)?;
        let complement = if self.scale < 0.0 { "complement of " } else { "" };
        let operator = match (self.place, self.operator) {
            (Place::Lui { .. } | Place::Dense { .. }, NearestOperator::Dilation(size)) => {
                format!("union of {size}")
            }
            (Place::Lui { .. } | Place::Dense { .. }, NearestOperator::Erosion(size)) => {
                format!("intersection of {size}")
            }
            (_, NearestOperator::Dilation(size)) => format!("dilation by {size}"),
            (_, NearestOperator::Erosion(size)) => format!("erosion by {size}"),
            (_, NearestOperator::Constant(value)) => format!("constant {}", u8::from(value)),
        };
        match self.equality {
            Equality::Equal => {}
            Equality::Different => write!(f, "not what it is binarized to; ")?,
            Equality::Unknown => write!(f, "not known to be what it is binarized to; ")?,
        }
        match (self.output_bounds, self.margin) {
            (Some((low, high)), Some(margin)) => write!(
                f,
                "{complement}{operator}, margin {}, outputs outside ]{}, {}[",
                number(margin),
                number(low),
                number(high),
            ),
            (Some(_), None) => write!(f, "{complement}{operator} whatever its bias"),
            (None, _) if self.miss() > 0.0 => write!(
                f,
                "no operator: the {complement}{operator} misses by {}",
                number(self.miss()),
            ),
            (None, _) => write!(
                f,
                "{complement}{operator}, but p = {} leaves its outputs too near to 1/2",
                number(self.scale),
            ),
        }
    }
}

/// A number as people read it.
fn number(value: f64) -> String {
    let size = value.abs();
    if size == 0.0 || (1e-3..1e5).contains(&size) {
        format!("{value:.4}")
    } else {
        format!("{value:.2e}")
    }
}

/// A number >= 0 as people read it, rounded up.
fn number_above(value: f64) -> String {
    let unit = match value {
        1e-3..1e5 => 1e-4,
        _ => 10.0_f64.powf(value.log10().floor() - 2.0).max(f64::MIN_POSITIVE),
    };
    number((value / unit).ceil() * unit)
}
