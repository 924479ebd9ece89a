//! The float network in a file.

use serde::{Deserialize, Serialize};

use super::archive::{Archive, ArchiveReader};
use crate::{FileProblem, FloatBisel, FloatNetwork, NeuronBank};

pub(super) const FORMAT: &str = "strel.float-network";

/// The sizes of a layer.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sizes {
    inputs: usize,
    outputs: usize,
    kernel: (usize, usize),
}

pub(super) fn write(network: &FloatNetwork) -> Archive {
    let mut archive = Archive::new(FORMAT);
    archive.metadata("border", network.border());
    archive.metadata("threshold", network.threshold());
    let mut sizes = Vec::new();
    for (index, layer) in network.layers().iter().enumerate() {
        let &FloatBisel { inputs, outputs, kernel, .. } = layer;
        let window = [kernel.0, kernel.1];
        write_bank(&mut archive, index, "bise", &layer.bise, &[outputs, inputs], &window);
        if let Some(lui) = &layer.lui {
            write_bank(&mut archive, index, "lui", lui, &[outputs], &[inputs]);
        }
        sizes.push(Sizes { inputs, outputs, kernel });
    }
    archive.json("layers", &sizes);
    archive
}

/// Writes a bank of neurons of a layer: `neurons` is the shape of the bank, `size` that of one
/// neuron's weights.
fn write_bank(
    archive: &mut Archive,
    layer: usize,
    bank: &str,
    values: &NeuronBank,
    neurons: &[usize],
    size: &[usize],
) {
    let name = |part| tensor_name(layer, bank, part);
    archive.floats(name("weights"), &[neurons, size].concat(), &values.weights);
    archive.floats(name("bias"), neurons, &values.bias);
    archive.floats(name("scale"), neurons, &values.scale);
}

pub(super) fn read(archive: &mut ArchiveReader) -> Result<FloatNetwork, FileProblem> {
    let border = archive.parsed("border", str::parse)?;
    let threshold = archive.parsed("threshold", str::parse)?;
    let sizes: Vec<Sizes> = archive.json("layers")?;
    let layers: Result<_, FileProblem> =
        sizes.iter().enumerate().map(|(index, sizes)| read_layer(archive, index, sizes)).collect();
    Ok(FloatNetwork::new(border, threshold, layers?)?)
}

fn read_layer(
    archive: &mut ArchiveReader,
    layer: usize,
    sizes: &Sizes,
) -> Result<FloatBisel, FileProblem> {
    let &Sizes { inputs, outputs, kernel } = sizes;
    let window = [kernel.0, kernel.1];
    let bise = read_bank(archive, layer, "bise", &[outputs, inputs], &window)?;
    let lui = (inputs > 1)
        .then(|| read_bank(archive, layer, "lui", &[outputs], &[inputs]))
        .transpose()?;
    Ok(FloatBisel { inputs, outputs, kernel, bise, lui })
}

fn read_bank(
    archive: &mut ArchiveReader,
    layer: usize,
    bank: &str,
    neurons: &[usize],
    size: &[usize],
) -> Result<NeuronBank, FileProblem> {
    let name = |part| tensor_name(layer, bank, part);
    Ok(NeuronBank {
        weights: archive.floats(name("weights"), &[neurons, size].concat())?,
        bias: archive.floats(name("bias"), neurons)?,
        scale: archive.floats(name("scale"), neurons)?,
    })
}

fn tensor_name(layer: usize, bank: &str, part: &str) -> String {
    format!("layer{}.{bank}.{part}", layer + 1)
}
