//! Ranges of the values of configurations.

/// Images of more pixels on a side are surely a mistake.
pub const MAX_SIZE: usize = 4096;

/// More pairs at a time are surely a mistake, and more than a memory holds.
pub const MOST: usize = 1 << 16;

/// An error unless the value is in its range.
pub fn expect(
    fits: bool,
    key: &str,
    value: impl std::fmt::Display,
    range: &str,
) -> Result<(), String> {
    if fits { Ok(()) } else { Err(format!("`{key}` is {value}; expected {range}")) }
}
