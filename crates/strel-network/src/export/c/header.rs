//! The header, which documents the interface.

use super::Program;
use crate::export::heads::IntegerScores;
use crate::export::steps::Head;

impl Program<'_> {
    pub(super) fn header(&self) -> String {
        let Self { name, bits, origin, .. } = self;
        let (capitals, inputs) = (self.macro_name(), self.steps.inputs);
        let interface = match self.steps.head.last() {
            None => self.images_interface(),
            Some(head) => self.head_interface(head),
        };
        format!(
            "/* {origin} */\n#ifndef {capitals}_H\n#define {capitals}_H\n\n\
             #include <stddef.h>\n#include <stdint.h>\n\n\
             /* {bits} pixels of a row, the leftmost one in the lowest bit. Each row begins at a new word.\n \
             * Bits right of the last pixel do not matter in inputs, and are 0 in outputs. */\n\
             typedef uint{bits}_t {name}_word;\n\n\
             /* Words of a row. */\n\
             #define {capitals}_ROW_WORDS(width) (((width) + {}) / {bits})\n\n\
             /* Number of input images. */\n#define {capitals}_INPUTS {inputs}\n\n\
             {interface}\n#endif\n",
            bits - 1,
        )
    }

    fn images_interface(&self) -> String {
        let (capitals, outputs, rows) =
            (self.macro_name(), self.steps.outputs.len(), self.kept_rows());
        let halvings =
            self.steps.outputs.first().map_or(0, |&image| self.steps.images[image].halvings);
        let size = match halvings {
            0 => "their size".to_owned(),
            _ => format!("that size divided by {}, rounded down", 1_u64 << halvings),
        };
        format!(
            "/* Number of output images. */\n#define {capitals}_OUTPUTS {outputs}\n\n\
             /* Words of scratch memory for images of some width: {rows} rows are kept. */\n\
             #define {capitals}_SCRATCH_WORDS(width) \\\n    ({rows} * ({capitals}_ROW_WORDS(width) + {}))\n\n\
             /* Takes input images of rows x columns pixels through the network. The output images have\n \
             * {size}; they do not overlap the inputs. */\n{};\n",
            2 * self.pad(),
            self.images_signature(),
        )
    }

    fn head_interface(&self, last: &Head) -> String {
        let capitals = self.macro_name();
        let (height, width) = self.input_size();
        let row = self.words(width) + 2 * self.pad();
        let words = self.head_words() + self.kept_rows() * row;
        let (count, what, comment) = match last {
            Head::Dense(dense) => (
                dense.neurons.len(),
                "OUTPUTS",
                "Takes input images through the network; output i is bit i of the output, packed as a row."
                    .to_owned(),
            ),
            Head::Scores(scores) => (scores.classes, "CLASSES", scores_comment(&IntegerScores::from(*scores))),
        };
        format!(
            "/* Height and width of the input images. */\n\
             #define {capitals}_HEIGHT {height}\n#define {capitals}_WIDTH {width}\n\n\
             #define {capitals}_{what} {count}\n\n\
             /* Words of scratch memory. */\n#define {capitals}_SCRATCH_WORDS {words}\n\n\
             /* {comment} */\n{};\n",
            self.head_signature(),
        )
    }
}

fn scores_comment(scores: &IntegerScores) -> String {
    let exact = if scores.exact {
        "no float sum is rounded, so that these are the float scores"
    } else {
        "the float scores differ by their rounding, which can decide where two are all but equal"
    };
    format!(
        "The class of input images: the first one of the largest score. The scores, one a class, are\n \
         * integers in units of 2^{}; {exact}.",
        scores.exponent
    )
}
