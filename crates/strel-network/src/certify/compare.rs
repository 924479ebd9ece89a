//! Whether a float and a binarized network have the same sizes.

use crate::{
    FloatBisel, FloatLayer, FloatNetwork, Layer, Network, NetworkError, OutputChannel, Place,
};

pub(super) fn check_sizes(float: &FloatNetwork, binarized: &Network) -> Result<(), NetworkError> {
    let (first, count) = (Place::layer(0), float.layers().len());
    same(first, "the border", float.border(), binarized.border())?;
    same(first, "the number of layers", count, binarized.layers().len())?;
    let layers = float.layers().iter().zip(binarized.layers());
    for (index, (float, binarized)) in layers.enumerate() {
        let (place, stages) = (Place::layer(index), (float.stage(), binarized.stage()));
        same(place, "the layer", stages.0.effect, stages.1.effect)?;
        same(place, "the number of input channels", stages.0.inputs, stages.1.inputs)?;
        same(place, "the number of output channels", stages.0.outputs, stages.1.outputs)?;
        if let (FloatLayer::Bisel(float), Layer::Bisel(bisel)) = (float, binarized) {
            for (output, channel) in bisel.outputs.iter().enumerate() {
                check_identity(Place::lui(index, output), float, channel)?;
            }
        }
    }
    match float.scores_layer() == binarized.scores_layer() {
        true => Ok(()),
        false => same(Place::layer(count - 1), "a weight of the scores", "one", "another"),
    }
}

/// Where there is no LUI neuron, the combination is the identity.
fn check_identity(
    place: Place,
    float: &FloatBisel,
    channel: &OutputChannel,
) -> Result<(), NetworkError> {
    match (float.lui.is_none(), channel.combination.is_identity()) {
        (true, false) => same(place, "the combination", "the identity", "another one"),
        _ => Ok(()),
    }
}

fn same<T: PartialEq + ToString>(
    place: Place,
    what: &'static str,
    float: T,
    binarized: T,
) -> Result<(), NetworkError> {
    if float == binarized {
        return Ok(());
    }
    let (float, binarized) = (float.to_string(), binarized.to_string());
    Err(NetworkError::Mismatch { place, what, float, binarized })
}
