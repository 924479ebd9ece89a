//! Where a value is drawn from.

use rand::RngExt;
use rand::rngs::ChaCha8Rng;
use serde::{Deserialize, Serialize};

/// The values that a parameter may take.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Range {
    /// One of these, each as likely.
    Choice(Vec<toml::Value>),
    /// A number from the first to the second.
    Uniform([f64; 2]),
    /// A number from the first to the second, both above 0, whose logarithm is uniform.
    Log([f64; 2]),
    /// A whole number from the first to the second, both included.
    Integer([i64; 2]),
}

impl Range {
    /// What is wrong with it, if anything is.
    pub(super) fn check(&self) -> Result<(), String> {
        let ordered = |low: f64, high: f64| low.is_finite() && high.is_finite() && low <= high;
        match self {
            Range::Choice(values) if values.is_empty() => {
                Err("`choice` is empty; expected at least one value".into())
            }
            Range::Uniform([low, high]) if !ordered(*low, *high) => {
                Err(format!("`uniform` is [{low}, {high}]; expected a lower and a higher number"))
            }
            Range::Log([low, high]) if !ordered(*low, *high) || *low <= 0.0 => Err(format!(
                "`log` is [{low}, {high}]; expected a lower and a higher number above 0"
            )),
            Range::Integer([low, high]) if low > high => Err(format!(
                "`integer` is [{low}, {high}]; expected a lower and a higher whole number"
            )),
            _ => Ok(()),
        }
    }

    /// A value, in TOML.
    pub(super) fn draw(&self, rng: &mut ChaCha8Rng) -> toml::Value {
        match self {
            Range::Choice(values) => values[rng.random_range(0..values.len())].clone(),
            Range::Uniform([low, high]) => rng.random_range(*low..=*high).into(),
            Range::Log([low, high]) => {
                rng.random_range(low.ln()..=high.ln()).exp().clamp(*low, *high).into()
            }
            Range::Integer([low, high]) => rng.random_range(*low..=*high).into(),
        }
    }
}
