//! The loss of a network on pairs of images.

use burn::tensor::Tensor;

use crate::data::Pair;
use crate::forward::pixels;
use crate::kernels::{Chain, write_pixels};
use crate::layers::BiMoNN;
use crate::loss::Loss;
use crate::mask::BorderMask;

/// The mean loss `[1]` of pairs of one size, found together with its gradients, image by image, by
/// the fused kernels; none for networks that those do not know.
///
/// # Panics
/// There is no pair, or they differ in size.
pub fn image_loss(
    network: &BiMoNN,
    pairs: &[Pair],
    loss: Loss,
    mask: BorderMask,
) -> Option<Tensor<1>> {
    let layers = network.chain()?;
    let size = pairs[0].input.size();
    let found = Chain::new(&layers, network.border(), size).gradients(
        pairs.len(),
        |index, x| write_pixels(&pairs[index].input, x),
        |index, y, dy| {
            let target = pixels(&pairs[index].target);
            let (y, t) = (mask.values(y, size), mask.values(&target, size));
            mask.embed(&loss.gradient(&y, &t), size, dy);
            loss.value(&y, &t, 1)
        },
    );
    Some(network.with_gradients(&found))
}
