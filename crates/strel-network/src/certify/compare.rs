//! Whether a float and a binarized network have the same sizes.

use crate::{FloatBisel, FloatNetwork, Layer, Network, NetworkError, OutputChannel, Place};

pub(super) fn check_sizes(float: &FloatNetwork, binarized: &Network) -> Result<(), NetworkError> {
    let (first, layers) = (Place::layer(0), (float.layers().len(), binarized.layers().len()));
    same(first, "the border", float.border(), binarized.border())?;
    same(first, "the number of layers", layers.0, layers.1)?;
    let layers = float.layers().iter().zip(binarized.layers());
    for (index, (float, Layer::Bisel(bisel))) in layers.enumerate() {
        let place = Place::layer(index);
        same(place, "the number of input channels", float.inputs, bisel.inputs)?;
        same(place, "the number of output channels", float.outputs, bisel.outputs.len())?;
        for (output, channel) in bisel.outputs.iter().enumerate() {
            check_identity(Place::lui(index, output), float, channel)?;
        }
    }
    Ok(())
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
