//! Set operations as text.

use crate::show::constant;
use crate::{Combination, CombinationRule, ThresholdGate};

impl ThresholdGate {
    /// The weighted sum of inputs, and what it exceeds.
    fn formula(&self, input: char) -> String {
        let terms = self.weights.iter().zip(1..).filter(|(weight, _)| **weight != 0);
        let mut sum = String::new();
        for (weight, number) in terms {
            let sign = match (sum.is_empty(), *weight < 0) {
                (true, false) => "",
                (true, true) => "-",
                (false, false) => " + ",
                (false, true) => " - ",
            };
            let factor = match weight.unsigned_abs() {
                1 => String::new(),
                size => format!("{size} "),
            };
            sum += &format!("{sign}{factor}{input}{number}");
        }
        format!("{sum} > {}", self.threshold)
    }
}

impl Combination {
    /// The set operation on inputs of this name.
    pub(super) fn formula(&self, input: char) -> String {
        let (members, symbol) = match &self.rule {
            CombinationRule::Identity => (&[true][..], ""),
            CombinationRule::Union(members) => (&members[..], " ∪ "),
            CombinationRule::Intersection(members) => (&members[..], " ∩ "),
            CombinationRule::Constant(value) => return constant(*value != self.complement),
            CombinationRule::Gate(gate) if self.complement => {
                return format!("¬({})", gate.formula(input));
            }
            CombinationRule::Gate(gate) => return gate.formula(input),
        };
        let names: Vec<String> = members
            .iter()
            .enumerate()
            .filter(|(_, inside)| **inside)
            .map(|(index, _)| format!("{input}{}", index + 1))
            .collect();
        let formula = names.join(symbol);
        match self.complement {
            false => formula,
            true if names.len() == 1 => format!("¬{formula}"),
            true => format!("¬({formula})"),
        }
    }
}
