//! Images of the test pairs.

use std::fmt::Write;

use strel_image::BitImage;
use strel_network::page::{Comparison, image};
use strel_network::{FloatNetwork, Network};

use crate::TrainError;
use crate::data::Pair;
use crate::forward::apply_float;

const KEY: &str = "<p class=\"soft\">Differences from the target:\
    <span class=\"key\"><i class=\"both\"></i>in both</span> \
    <span class=\"key\"><i class=\"missing\"></i>missing, a frame</span> \
    <span class=\"key\"><i class=\"extra\"></i>extra, a full square</span></p>\n";

/// Pairs, and what both networks make of their inputs.
pub fn pairs(
    float: &FloatNetwork,
    network: &Network,
    pairs: &[Pair],
) -> Result<String, TrainError> {
    let mut html = String::from(KEY);
    for (number, Pair { input, target }) in (1..).zip(pairs) {
        let binarized = network.apply_one(input)?;
        let columns = [
            ("input", input),
            ("target", target),
            ("float", &apply_float(float, input)),
            ("binarized", &binarized),
        ];
        html += "<div class=\"sample\">\n";
        for (name, of) in columns {
            figure(&mut html, name, &image(&format!("sample {number}: {name}"), of));
        }
        html += &difference(target, &binarized);
        html += "</div>\n";
    }
    Ok(html)
}

fn difference(target: &BitImage, binarized: &BitImage) -> String {
    let Some(comparison) = Comparison::new(target, binarized) else { return String::new() };
    let ((missing, extra), mut html) = (comparison.counts(), String::new());
    figure(&mut html, &format!("{missing} missing, {extra} extra"), &comparison.picture());
    html
}

pub fn figure(html: &mut String, caption: &str, picture: &str) {
    let _ = writeln!(html, "<figure>{picture}<figcaption>{caption}</figcaption></figure>");
}
