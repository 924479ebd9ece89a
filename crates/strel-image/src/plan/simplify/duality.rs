//! Duality by complement: unions and intersections, dilations and erosions, zeros and ones.

use crate::kernel::Rule;
use crate::plan::program::Outside;

impl Rule {
    /// The rule that joins complements to the complement.
    pub(super) fn dual(self) -> Self {
        match self {
            Rule::Union => Rule::Intersection,
            Rule::Intersection => Rule::Union,
        }
    }

    /// The join of nothing, which changes no other join.
    pub(super) fn of_nothing(self) -> bool {
        self == Rule::Intersection
    }
}

impl Outside {
    /// What the complement of an image has outside.
    pub(super) fn dual(self) -> Self {
        match self {
            Outside::Constant(value) => Outside::Constant(!value),
            Outside::Replicate | Outside::Reflect => self,
        }
    }

    /// Whether an image of one value has that value outside, too.
    pub(super) fn continues(self, value: bool) -> bool {
        self != Outside::Constant(!value)
    }
}
