//! Constant tables.

use super::rows::wide;

/// A table in C, of the narrowest type of integers that holds its numbers.
pub(super) struct Table {
    name: String,
    values: Vec<i64>,
}

impl Table {
    pub(super) fn new(name: String, values: Vec<i64>) -> Self {
        Self { name, values }
    }

    /// The type of its numbers.
    pub(super) fn integer(&self) -> &'static str {
        self.kind().0
    }

    /// The type of its numbers, and the bytes of one.
    fn kind(&self) -> (&'static str, usize) {
        let all = |fits: fn(i64) -> bool| self.values.iter().all(|&value| fits(value));
        match () {
            () if all(|value| u8::try_from(value).is_ok()) => ("uint8_t", 1),
            () if all(|value| i8::try_from(value).is_ok()) => ("int8_t", 1),
            () if all(|value| u16::try_from(value).is_ok()) => ("uint16_t", 2),
            () if all(|value| i16::try_from(value).is_ok()) => ("int16_t", 2),
            () if all(|value| u32::try_from(value).is_ok()) => ("uint32_t", 4),
            () if all(|value| i32::try_from(value).is_ok()) => ("int32_t", 4),
            () => ("int64_t", 8),
        }
    }

    /// The bytes that it takes.
    pub(super) fn bytes(&self) -> usize {
        // A table without numbers has one that is not read, as C has no empty arrays.
        self.kind().1 * self.values.len().max(1)
    }

    /// The definition.
    pub(super) fn definition(&self) -> String {
        let integer = self.integer();
        let literal = |value: &i64| match integer {
            "int64_t" => wide(*value),
            _ => value.to_string(),
        };
        let values: Vec<String> = match &self.values[..] {
            [] => vec!["0".to_owned()],
            values => values.iter().map(literal).collect(),
        };
        let lines: Vec<String> = values.chunks(12).map(|line| line.join(", ")).collect();
        let (name, lines) = (&self.name, lines.join(",\n    "));
        format!("static const {integer} {name}[] = {{\n    {lines}\n}};\n")
    }
}
