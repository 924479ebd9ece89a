//! Dense layers as text.

use std::fmt;

use crate::{Combination, CombinationRule, Dense};

/// The most neurons that are listed, and the most inputs whose names are.
const FEW: usize = 16;

impl Dense {
    /// A line a neuron, if there are few, else how many there are of each kind.
    pub(super) fn write(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, ", dense on {}\n", self.inputs)?;
        if self.neurons.len() > FEW {
            writeln!(f, "  {}", self.kinds())?;
            return writeln!(f, "  {}", self.exactness_counts());
        }
        for (neuron, number) in self.neurons.iter().zip(1..) {
            let formula = match self.inputs.pixels() {
                ..=FEW => neuron.formula('x'),
                inputs => neuron.in_words(inputs),
            };
            writeln!(f, "  y{number} = {formula}, {}", neuron.exactness)?;
        }
        Ok(())
    }

    /// How many neurons there are of each kind.
    pub(crate) fn kinds(&self) -> String {
        let kind = |neuron: &Combination| match &neuron.rule {
            CombinationRule::Identity | CombinationRule::Union(_) => 0,
            CombinationRule::Intersection(_) => 1,
            CombinationRule::Constant(_) => 2,
            CombinationRule::Gate(_) => 3,
        };
        let names = ["unions", "intersections", "constants", "gates"];
        let count = |index| self.neurons.iter().filter(|neuron| kind(neuron) == index).count();
        let counts = names.iter().enumerate().map(|(index, name)| (count(index), name));
        let present = counts.filter(|(count, _)| *count > 0);
        present.map(|(count, name)| format!("{count} {name}")).collect::<Vec<_>>().join(", ")
    }
}

impl Combination {
    /// What this is and how many of `inputs` inputs it reads.
    fn in_words(&self, inputs: usize) -> String {
        let used = (0..inputs).filter(|&input| self.uses(input)).count();
        let words = match &self.rule {
            CombinationRule::Constant(_) | CombinationRule::Identity => return self.formula('x'),
            CombinationRule::Union(_) => format!("union of {used} of {inputs} inputs"),
            CombinationRule::Intersection(_) => {
                format!("intersection of {used} of {inputs} inputs")
            }
            CombinationRule::Gate(gate) => {
                format!("gate of {used} of {inputs} inputs, sum above {}", gate.threshold)
            }
        };
        if self.complement { format!("¬({words})") } else { words }
    }
}
