//! Networks in C99.

mod apply;
mod head;
mod header;
mod rows;
mod schedule;
mod support;
mod table;

use crate::export::names::identifier;
use crate::export::steps::Steps;
use crate::{Network, NetworkError};
use schedule::{Rows, reach, schedule};
use table::Table;

/// Pixels of a word in C.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum WordSize {
    /// 32 pixels, for microcontrollers.
    #[default]
    Bits32,
    /// 64 pixels.
    Bits64,
}

/// A network in C.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CSource {
    /// What the names of the interface begin with, and the name of the header without its ending.
    pub name: String,
    /// The header, which documents the interface.
    pub header: String,
    /// The source, which includes the header `NAME.h`.
    pub source: String,
    /// Bytes of the constant tables that dense layers and scores read: 0 for a network of images.
    pub table_bytes: usize,
}

/// A network as one header and one source in C99, for packed images: no library, no heap, no
/// floats, and for images no multiplication.
///
/// The interface begins with `name`, other characters than ASCII letters and digits replaced:
///
/// * a network of images has `NAME_apply(input, output, height, width, scratch)`;
/// * one that ends with a dense layer has `NAME_apply(input, output, scratch)`, for images of one size;
/// * a classifier has `NAME_classify(input, scratch)`.
///
/// Images go through the network row by row: the caller gives scratch memory for the few rows that
/// are kept, as many words as the macro `NAME_SCRATCH_WORDS` says. Every operator is a function of
/// its own, its structuring element is drawn above it.
///
/// The classes of a classifier are found from integers. Where no sum of float scores is rounded,
/// which the header says, they are those of [`Network::classify`] for every input; else they may
/// differ where two scores are nearer than rounding.
///
/// # Errors
/// [`NetworkError::NotExported`].
///
/// ```
/// use strel_image::Border;
/// use strel_network::export::{WordSize, to_c};
/// use strel_network::{Bisel, Layer, MorphologicalNeuron, Network, Operator};
///
/// let erosion = MorphologicalNeuron::activated(Operator::Erosion(".#.\n#O#".parse()?));
/// let network = Network::new(Border::One, vec![Layer::Bisel(Bisel::one_to_one(erosion))])?;
/// let c = to_c(&network, "roofs", WordSize::Bits32)?;
/// assert!(c.header.contains("void roofs_apply("));
/// assert!(c.source.contains("\
/// /* layer1_output1 is x1 eroded by
///  *     .#.
///  *     #O#
///  */
/// static void layer1_output1_row(word *y, const word *const *x1, ptrdiff_t words)
/// {
///     ptrdiff_t i;
///     for (i = 0; i < words; ++i)
///         y[i] = x1[-1][i]
///              & LEFT(x1[0], i, 1) & x1[0][i] & RIGHT(x1[0], i, 1);
/// }
/// "));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn to_c(network: &Network, name: &str, words: WordSize) -> Result<CSource, NetworkError> {
    let program = Program::new(network, identifier(name), words)?;
    let functions = program.steps.images.iter().map(|step| rows::function(&program, step));
    let parts = [program.includes(), program.support()].into_iter();
    let layers = program.layers();
    let parts = parts.chain(functions).chain([head::code(&layers), program.apply()]);
    let source = parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n");
    let table_bytes = layers.iter().flat_map(|layer| &layer.tables).map(Table::bytes).sum();
    Ok(CSource { header: program.header(), source, table_bytes, name: program.name })
}

/// What is written.
struct Program<'a> {
    steps: Steps<'a>,
    rows: Vec<Rows>,
    /// Pixels that rows are read outside.
    reach: usize,
    name: String,
    /// Bits of a word.
    bits: usize,
    /// A line that says where the code comes from.
    origin: String,
}

impl<'a> Program<'a> {
    fn new(network: &'a Network, name: String, words: WordSize) -> Result<Self, NetworkError> {
        let steps = Steps::new(network)?;
        let version = env!("CARGO_PKG_VERSION");
        let digest = network.digest();
        Ok(Self {
            rows: schedule(&steps),
            reach: reach(&steps),
            steps,
            name,
            bits: match words {
                WordSize::Bits32 => 32,
                WordSize::Bits64 => 64,
            },
            origin: format!("Written by strel {version} from network {}.", &digest[..16]),
        })
    }

    fn includes(&self) -> String {
        format!("/* {} */\n#include \"{}.h\"\n", self.origin, self.name)
    }

    /// Words on each side of a row.
    fn pad(&self) -> usize {
        self.reach / self.bits + 1
    }

    /// Rows that are kept, that outside the image included.
    fn kept_rows(&self) -> usize {
        let kept = self.rows.iter().map(|rows| rows.kept).sum::<usize>();
        kept + usize::from(self.has_outside_row())
    }

    /// Names are in capitals in macros.
    fn macro_name(&self) -> String {
        self.name.to_ascii_uppercase()
    }
}
