//! What can be wrong with a dense layer or a batch.

use thiserror::Error;

/// Why a dense layer could not be made or run. Neurons, classes and inputs count from 0.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum DenseError {
    /// A neuron that reads an input which the layer does not have.
    #[error("neuron {neuron} reads input {input}, but the layer has {inputs} inputs")]
    NoSuchInput {
        /// The neuron.
        neuron: usize,
        /// The input that it reads.
        input: usize,
        /// Inputs of the layer.
        inputs: usize,
    },
    /// A threshold gate whose sum takes more than 63 bits.
    #[error("the weights of neuron {neuron} sum to {total} in absolute value, 2^63 or more")]
    GateTooHeavy {
        /// The neuron.
        neuron: usize,
        /// The sum of the weights' absolute values.
        total: u128,
    },
    /// More inputs than an index has numbers.
    #[error("a layer has at most {most} inputs, not {found}")]
    TooManyInputs {
        /// The most there may be.
        most: usize,
        /// Inputs that were asked for.
        found: usize,
    },
    /// A score layer without classes.
    #[error("a score layer has one class at least")]
    NoClass,
    /// A class whose weights are not as many as the inputs.
    #[error("class {class} has {found} weights, but the layer has {inputs} inputs")]
    WeightCount {
        /// The class.
        class: usize,
        /// Inputs of the layer.
        inputs: usize,
        /// Weights that were given.
        found: usize,
    },
    /// Biases that are not one a class.
    #[error("{classes} classes take as many biases, not {found}")]
    BiasCount {
        /// Classes of the layer.
        classes: usize,
        /// Biases that were given.
        found: usize,
    },
    /// A weight that is infinite or no number.
    #[error("the weight of class {class} for input {input} is {found}, not a finite number")]
    WeightNotFinite {
        /// The class.
        class: usize,
        /// The input.
        input: usize,
        /// What it is.
        found: String,
    },
    /// A bias that is infinite or no number.
    #[error("the bias of class {class} is {found}, not a finite number")]
    BiasNotFinite {
        /// The class.
        class: usize,
        /// What it is.
        found: String,
    },
    /// A batch whose samples do not have the layer's inputs.
    #[error("the samples have {found} inputs (columns), but the layer has {inputs}")]
    BatchWidth {
        /// Inputs of the layer.
        inputs: usize,
        /// Columns of the batch.
        found: usize,
    },
}
