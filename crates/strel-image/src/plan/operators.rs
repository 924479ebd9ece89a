//! The operators that are made of dilations and erosions.

use super::builder::{GateTerm, Operand, PlanBuilder};
use crate::StructuringElement;

/// Operators made of others; the free functions of the same names define them.
impl PlanBuilder {
    /// The [opening](crate::open) of an operand.
    pub fn open(&mut self, operand: Operand, element: &StructuringElement) -> Operand {
        let eroded = self.erode(operand, element);
        self.dilate(eroded, element)
    }

    /// The [closing](crate::close) of an operand.
    pub fn close(&mut self, operand: Operand, element: &StructuringElement) -> Operand {
        let dilated = self.dilate(operand, element);
        self.erode(dilated, element)
    }

    /// The [white top-hat](crate::white_top_hat) of an operand.
    pub fn white_top_hat(&mut self, operand: Operand, element: &StructuringElement) -> Operand {
        let opened = self.open(operand, element);
        self.difference(operand, opened)
    }

    /// The [black top-hat](crate::black_top_hat) of an operand.
    pub fn black_top_hat(&mut self, operand: Operand, element: &StructuringElement) -> Operand {
        let closed = self.close(operand, element);
        self.difference(closed, operand)
    }

    /// The [gradient](crate::gradient) of an operand.
    pub fn gradient(&mut self, operand: Operand, element: &StructuringElement) -> Operand {
        let (dilated, eroded) = (self.dilate(operand, element), self.erode(operand, element));
        self.difference(dilated, eroded)
    }

    /// The [inner gradient](crate::inner_gradient) of an operand.
    pub fn inner_gradient(&mut self, operand: Operand, element: &StructuringElement) -> Operand {
        let eroded = self.erode(operand, element);
        self.difference(operand, eroded)
    }

    /// The [outer gradient](crate::outer_gradient) of an operand.
    pub fn outer_gradient(&mut self, operand: Operand, element: &StructuringElement) -> Operand {
        let dilated = self.dilate(operand, element);
        self.difference(dilated, operand)
    }

    /// The [hit-or-miss transform](crate::hit_or_miss) of an operand.
    pub fn hit_or_miss(
        &mut self,
        operand: Operand,
        hit: &StructuringElement,
        miss: &StructuringElement,
    ) -> Operand {
        let hits = self.erode(operand, hit);
        let missed = self.dilate(operand, &miss.reflect());
        self.difference(hits, missed)
    }

    /// The [rank filter](crate::rank) of an operand.
    pub fn rank(
        &mut self,
        operand: Operand,
        element: &StructuringElement,
        at_least: usize,
    ) -> Operand {
        let offsets = element.offsets();
        let terms: Vec<_> = offsets.map(|offset| GateTerm { operand, offset, weight: 1 }).collect();
        let at_least = i64::try_from(at_least).unwrap_or(i64::MAX);
        self.gate(&terms, at_least).expect("an element has fewer than 2^63 offsets")
    }

    /// The [median](crate::median) of an operand.
    pub fn median(&mut self, operand: Operand, element: &StructuringElement) -> Operand {
        self.rank(operand, element, element.len().div_ceil(2))
    }
}
