//! The operators of a network as JSON.

mod entries;
mod operators;

use crate::{FileProblem, Network};
use entries::NetworkEntry;

pub(crate) use entries::FORMAT as OPERATORS_FORMAT;

/// The JSON schema (draft 2020-12) of what [`to_json`] writes.
pub const OPERATORS_SCHEMA: &str = include_str!("json/operators.schema.json");

/// A network as JSON that people can read and other programs need no library for: structuring
/// elements are lists of picture rows, sets of inputs are text with `#` for a member. Equal networks
/// give equal text.
///
/// [`OPERATORS_SCHEMA`] describes it. Weights of gates can be as large as 63 bits: readers whose
/// numbers are all floats lose digits from 2^53 on.
///
/// ```
/// use strel_image::Border;
/// use strel_network::export::{from_json, to_json};
/// use strel_network::{Bisel, Layer, MorphologicalNeuron, Network, Operator};
///
/// let erosion = MorphologicalNeuron::activated(Operator::Erosion(".#.\n#O#".parse()?));
/// let network = Network::new(Border::One, vec![Layer::Bisel(Bisel::one_to_one(erosion))])?;
/// let text = to_json(&network);
/// let rows: Vec<&str> = text.lines().map(str::trim).collect();
/// assert!(text.contains("\"border\": \"one\""));
/// assert!(rows.windows(3).any(|rows| rows == ["\"erosion\": [", "\".#.\",", "\"#O#\""]));
/// assert_eq!(from_json(&text)?, network);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn to_json(network: &Network) -> String {
    let entry = NetworkEntry::from(network);
    let text = serde_json::to_string_pretty(&entry);
    text.expect("maps with text keys, finite numbers and text are JSON") + "\n"
}

/// The network that [`to_json`] wrote, or another program as the schema says.
///
/// # Errors
/// [`FileProblem::Operators`] with line and column for what is no such text,
/// [`FileProblem::Format`] and [`FileProblem::Version`] for that of another program or version,
/// [`FileProblem::Metadata`] and [`FileProblem::Network`] for what is no network.
pub fn from_json(text: &str) -> Result<Network, FileProblem> {
    read_json(text.as_bytes())
}

/// As [`from_json`], for bytes that may be no text.
pub(crate) fn read_json(bytes: &[u8]) -> Result<Network, FileProblem> {
    let entry: NetworkEntry = serde_json::from_slice(bytes).map_err(FileProblem::Operators)?;
    entry.network()
}
