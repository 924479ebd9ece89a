//! Networks as ONNX models.

mod builder;
mod head;
mod images;
mod proto;

use prost::Message;

use crate::export::steps::{Head, Steps};
use crate::{Network, NetworkError};
use builder::Builder;
use head::{add_neurons, add_scores};
use images::add_images;
use proto::{Attribute, Element, Graph, Model, OperatorSet, ValueInfo};

/// The version of the standard operators, and that of the file format which came with them.
const OPERATORS: i64 = 13;
const FORMAT: i64 = 7;

/// A network as the bytes of an ONNX model of standard operators, version 13, for batches of images
/// of any height and width.
///
/// The input `input` is `[batch, channels, height, width]`, truth values. The output is `output`,
/// truth values, `[batch, channels, height, width]` or, for a network that ends with a dense layer,
/// `[batch, neurons]`. A classifier has the outputs `class`, `[batch]`, integers, and `scores`,
/// `[batch, classes]`, doubles.
///
/// All numbers are integers of a type that holds their sums: results are those of
/// [`Network::apply`] for every image with pixels. So are classes and scores, where no sum of
/// scores is rounded; else they can differ from [`Network::classify`] as those in [C](super::to_c).
///
/// # Errors
/// [`NetworkError::NotExported`].
///
/// ```
/// use strel_image::Border;
/// use strel_network::export::to_onnx;
/// use strel_network::{Bisel, Layer, MorphologicalNeuron, Network, Operator};
///
/// let erosion = MorphologicalNeuron::activated(Operator::Erosion("#O#".parse()?));
/// let network = Network::new(Border::One, vec![Layer::Bisel(Bisel::one_to_one(erosion))])?;
/// # let folder = tempfile::tempdir()?;
/// # let path = folder.path().join("network.onnx");
/// std::fs::write(path, to_onnx(&network)?)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn to_onnx(network: &Network) -> Result<Vec<u8>, NetworkError> {
    let steps = Steps::new(network)?;
    let mut builder = Builder::default();
    let values = add_images(&mut builder, &steps);
    let channels: Vec<&str> = steps.outputs.iter().map(|&image| values[image].as_str()).collect();
    let together = if steps.head.is_empty() { "output" } else { "features" };
    let mut value = builder.node(together, "Concat", &channels, &[Attribute::int("axis", 1)]);
    if !steps.head.is_empty() {
        value = builder.node("pixels", "Flatten", &[&value], &[Attribute::int("axis", 1)]);
    }
    for (index, head) in steps.head.iter().enumerate() {
        let last = index + 1 == steps.head.len();
        let name = if last { "output".to_owned() } else { format!("dense{}", index + 1) };
        match head {
            Head::Dense(dense) => value = add_neurons(&mut builder, &name, dense, &value),
            Head::Scores(scores) => add_scores(&mut builder, &name, scores, &value),
        }
    }
    let graph = Graph {
        node: builder.nodes,
        name: "network".to_owned(),
        initializer: builder.constants,
        input: vec![input(&steps)],
        output: outputs(&steps),
    };
    Ok(Model {
        ir_version: FORMAT,
        producer_name: "strel".to_owned(),
        producer_version: env!("CARGO_PKG_VERSION").to_owned(),
        doc_string: network.to_string(),
        graph: Some(graph),
        opset_import: vec![OperatorSet { domain: String::new(), version: OPERATORS }],
    }
    .encode_to_vec())
}

fn input(steps: &Steps) -> ValueInfo {
    let channels = steps.inputs.to_string();
    let dims = ["batch", &channels, "height", "width"];
    ValueInfo::new("input", "binary images, foreground true", Element::Bool, &dims)
}

fn outputs(steps: &Steps) -> Vec<ValueInfo> {
    match steps.head.last() {
        None => {
            let channels = steps.outputs.len().to_string();
            let dims = ["batch", &channels, "output_height", "output_width"];
            vec![ValueInfo::new("output", "binary images", Element::Bool, &dims)]
        }
        Some(Head::Dense(dense)) => {
            let dims = ["batch", &dense.neurons.len().to_string()];
            vec![ValueInfo::new("output", "neurons", Element::Bool, &dims)]
        }
        Some(Head::Scores(scores)) => {
            let dims = ["batch", &scores.classes.to_string()];
            vec![
                ValueInfo::new(
                    "class",
                    "the first of the largest score",
                    Element::Int64,
                    &dims[..1],
                ),
                ValueInfo::new("scores", "a score a class", Element::Double, &dims),
            ]
        }
    }
}
