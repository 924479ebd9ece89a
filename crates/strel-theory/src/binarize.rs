//! From a float neuron to an operator.

use crate::{
    ConstantRule, InputBounds, Metric, Neuron, SetOperator, TheoryError, activable_projection,
    activation, constant_projection,
};

/// How a neuron is binarized.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Method {
    /// Activated neurons only.
    Exact,
    /// The operator of an activated neuron, else the nearest constant set.
    Constant(ConstantRule),
    /// The operator of an activated neuron, else that of the nearest activable neuron.
    Activable(Metric),
}

/// A binarized neuron: an operator, complemented or not.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct BinarizedNeuron {
    /// The operator.
    pub operator: SetOperator,
    /// Whether the output of the operator is complemented.
    pub complement: bool,
}

impl BinarizedNeuron {
    /// The output for binary inputs; see [`SetOperator::apply`].
    pub fn apply(&self, inputs: &[bool]) -> bool {
        self.operator.apply(inputs) != self.complement
    }
}

/// Binarizes a neuron: exactly where it is activated within `inputs`, else by `method`.
///
/// A neuron with p = 0 is the constant 0.
///
/// # Errors
/// [`TheoryError::Length`] for bounds of another number of inputs, [`TheoryError::NotActivated`] for
/// [`Method::Exact`] where no operator fits.
///
/// # Cost
/// O(n log n), for [`Method::Activable`] that of [`activable_projection`].
///
/// ```
/// use strel_theory::{ConstantRule, InputBounds, Method, Neuron, SetOperator, binarize};
///
/// let neuron = Neuron::new(&[1.0, 1.0, 1.0, 0.1], 1.2, -1.0)?;
/// assert!(binarize(&neuron, InputBounds::BINARY, Method::Exact).is_err());
/// let nearest = binarize(&neuron, InputBounds::BINARY, Method::Constant(ConstantRule::Exact))?;
/// assert_eq!(nearest.operator, SetOperator::Dilation(vec![true, true, true, false]));
/// assert!(nearest.complement);
/// # Ok::<(), strel_theory::TheoryError>(())
/// ```
pub fn binarize(
    neuron: &Neuron,
    inputs: InputBounds,
    method: Method,
) -> Result<BinarizedNeuron, TheoryError> {
    let operator = match (activation(neuron, inputs)?.into_result(), method) {
        (Ok(fit), _) => fit.operator,
        (Err(not_activated), Method::Exact) => return Err(not_activated),
        (Err(_), Method::Constant(rule)) => {
            constant_projection(neuron.weights(), rule)?.operator(neuron)
        }
        (Err(_), Method::Activable(metric)) => activable_projection(neuron, metric).operator,
    };
    Ok(BinarizedNeuron { operator, complement: neuron.complements() })
}
