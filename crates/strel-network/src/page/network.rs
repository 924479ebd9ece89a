//! The sections on a network and its certificate.

use super::html::escaped;
use super::pictures::scrollable;
use crate::{Certificate, Network, Verdict, draw};

/// A binarized network as a drawing and as text.
pub fn network_section(network: &Network) -> String {
    format!(
        "<p>Read it from left to right: each card is an operator with its structuring element, each circle a \
         union, an intersection or a channel. Frames tell how a float neuron became the operator: \
         <em>activated</em> neurons are it, <em>lossless</em> ones became a formula that equals them, \
         <em>approximate</em> ones the nearest that there is.</p>\n\
         <figure>{drawing}</figure>\n\
         <details><summary>The same as text</summary>\n<pre tabindex=\"0\">{text}</pre></details>\n",
        drawing = scrollable("drawing of the network", &draw(network)),
        text = escaped(&network.to_string()),
    )
}

/// What is proved, in words, and each neuron's part in it.
pub fn certificate_section(certificate: &Certificate) -> String {
    let words = match certificate.verdict {
        Verdict::Proved => {
            "For every binary image of every size, the float network, thresholded at 1/2, and the binarized \
             network give the same output. This is proved by bounds on each neuron, rounding included; it does \
             not rest on test images."
        }
        Verdict::ProvedHard => {
            "For every binary input, the float network with each neuron thresholded at 1/2 and the binarized \
             network give the same output. The smooth float network is another function, which may differ."
        }
        Verdict::Refuted => {
            "The two networks differ: below is a binary input on which they do. Scores on test data say how \
             often it matters."
        }
        Verdict::Open => {
            "Nothing is proved, and no difference was found either: some neuron is no operator, and no input \
             that was tried tells the networks apart."
        }
    };
    format!(
        "<p>{words}</p>\n<details><summary>Each neuron's bounds</summary>\n\
         <pre tabindex=\"0\">{}</pre></details>\n",
        escaped(&certificate.to_string())
    )
}
