//! Why a certificate is not accepted.

use thiserror::Error;

use crate::certificate::{Equality, Verdict};
use crate::{NetworkError, Place};

/// The first claim of a certificate that is wrong, or that could not be verified.
#[derive(Debug, Error)]
pub enum CheckFailure {
    /// The certificate is about another network.
    #[error("the {network} network's digest is {found}, the certificate is about {claimed}")]
    Digest {
        /// `"float"` or `"binarized"`.
        network: &'static str,
        /// The digest in the certificate.
        claimed: String,
        /// That of the network.
        found: String,
    },
    /// The two networks have other sizes or another border.
    #[error("the float network and the binarized network do not belong together")]
    Networks,
    /// A neuron without a report, or a report without a neuron.
    #[error(
        "the report of {} is missing or misplaced, found that of {}",
        named(*expected), named(*found)
    )]
    Neurons {
        /// The neuron whose report should be there.
        expected: Option<Place>,
        /// The neuron whose report is there.
        found: Option<Place>,
    },
    /// A number that is not what the weights give.
    #[error("{place}: the {what} is said to be {claimed}, found {found}")]
    Number {
        /// The neuron.
        place: Place,
        /// Which number.
        what: &'static str,
        /// The one in the certificate.
        claimed: String,
        /// The one that follows from the weights.
        found: String,
    },
    /// Another operator is nearer.
    #[error("{place}: the operator is not the nearest one")]
    Operator {
        /// The neuron.
        place: Place,
    },
    /// The binarized neuron equals the float one, or not, against the claim.
    #[error("{place}: the neuron and its binarization are said to be {claimed:?}, which is wrong")]
    Equality {
        /// The neuron.
        place: Place,
        /// What the certificate says.
        claimed: Equality,
    },
    /// An equality that takes too long to verify.
    #[error("{place}: equality could not be verified: too many inputs, or weights too far apart")]
    TooLarge {
        /// The neuron.
        place: Place,
    },
    /// The verdict does not follow.
    #[error("the verdict is {claimed}, but what is proved makes it {expected}")]
    Verdict {
        /// The one in the certificate.
        claimed: Verdict,
        /// The one that follows.
        expected: Verdict,
    },
    /// The networks are classifiers of so many classes, or none, against the claim.
    #[error("what is said of scores is about another number of classes")]
    Scores,
    /// A proof and an input that contradicts it.
    #[error("the networks are said to be equal, and to differ")]
    ProvedAndDifferent,
    /// The input on which the networks are said to differ means nothing to them.
    #[error("the difference's {what}")]
    Difference {
        /// What is wrong, and what was expected.
        what: String,
    },
    /// The networks give other outputs than is said, or do not differ.
    #[error(
        "at the pixel the float network gives {float} and the binarized one {binarized}, which is no \
         difference, or not the one that is claimed"
    )]
    Replay {
        /// Output of the float network.
        float: f64,
        /// Output of the binarized network.
        binarized: bool,
    },
    /// The input cannot be run.
    #[error(transparent)]
    Network(#[from] NetworkError),
}

fn named(place: Option<Place>) -> String {
    place.map_or("nothing".to_owned(), |place| place.to_string())
}
