//! The functions that every network needs, as far as this one does.

use strel_image::Border;

use super::Program;
use super::schedule::windows;
use crate::export::steps::Action;

const IMAGES: &str = include_str!("support.c");
const KEPT: &str = include_str!("rows.c");
const LOOK: &str = include_str!("look.c");
const OUTSIDE: &str = include_str!("outside.c");
const FILES: &str = include_str!("files.c");
const PIXELS: &str = include_str!("pixels.c");
const FRAME: &str = include_str!("frame.c");
const POOL: &str = include_str!("pool.c");

impl Program<'_> {
    pub(super) fn support(&self) -> String {
        let Self { bits, reach, name, .. } = self;
        let mut parts = vec![format!(
            "typedef {name}_word word;\n\n\
             /* Pixels of a word. */\n#define BITS {bits}\n\
             /* Words left and right of a row, for pixels outside the image. */\n#define PAD {}\n",
            self.pad(),
        )];
        if *reach > 0 {
            parts.push(SHIFTS.replace("$REACH", &reach.to_string()));
        }
        parts.extend([IMAGES.to_owned(), FILES.to_owned()]);
        if self.reads() {
            parts.push(KEPT.to_owned());
        }
        if self.looks() || *reach > 0 {
            let value = u8::from(self.steps.border == Border::One);
            parts.push(format!(
                "/* What lies outside an image, if that is constant. */\n#define OUTSIDE {value}\n"
            ));
            parts.push(inside(self.steps.border).to_owned());
        }
        if self.looks() {
            parts.push(LOOK.to_owned());
        }
        if self.has_outside_row() {
            parts.push(OUTSIDE.to_owned());
        }
        if *reach > 0 {
            parts.extend([PIXELS.to_owned(), FRAME.to_owned()]);
        }
        if self.pools() {
            parts.push(pool(*bits));
        }
        parts.join("\n")
    }

    /// Whether rows of images are looked for that can lie outside.
    pub(super) fn looks(&self) -> bool {
        let steps = self.steps.images.iter();
        let operators = steps.filter(|step| !matches!(step.action, Action::MaxPool(_)));
        let mut windows = operators.flat_map(|step| windows(step, self.steps.border));
        windows.any(|(_, window)| window.up + window.down > 0)
    }

    fn reads(&self) -> bool {
        self.steps.images.iter().any(|step| !step.action.reads().is_empty())
    }

    fn pools(&self) -> bool {
        self.steps.images.iter().any(|step| matches!(step.action, Action::MaxPool(_)))
    }
}

const SHIFTS: &str = "\
/* Pixels that operators read outside, at most. */
#define REACH $REACH

/* The pixels n to the right of those in word i of a row, and those n to the left. */
#define RIGHT(row, i, n) \\
    ((row)[(i) + (n) / BITS] >> (n) % BITS \\
     | (row)[(i) + (n) / BITS + 1] << 1 << (BITS - 1 - (n) % BITS))
#define LEFT(row, i, n) \\
    ((row)[(i) - (n) / BITS] << (n) % BITS \\
     | (row)[(i) - (n) / BITS - 1] >> 1 >> (BITS - 1 - (n) % BITS))
";

fn inside(border: Border) -> &'static str {
    match border {
        Border::Replicate => {
            "/* The row or column that is read for one that may lie outside: the nearest. */
static ptrdiff_t inside(ptrdiff_t at, ptrdiff_t size)
{
    return at < 0 ? 0 : at < size ? at : size - 1;
}
"
        }
        Border::Reflect => {
            "/* The row or column that is read for one that may lie outside: the mirrored one. */
static ptrdiff_t inside(ptrdiff_t at, ptrdiff_t size)
{
    while (at < 0 || at >= size)
        at = at < 0 ? -1 - at : size + size - 1 - at;
    return at;
}
"
        }
        Border::Neutral | Border::Zero | Border::One => {
            "/* The row or column, or -1 where it lies outside. */
static ptrdiff_t inside(ptrdiff_t at, ptrdiff_t size)
{
    return at < size ? at : -1;
}
"
        }
    }
}

/// Pooling for words of some bits.
fn pool(bits: usize) -> String {
    // Runs of `size` bits, `size` apart.
    let mask = |size: usize| {
        (0..bits)
            .filter(|bit| (bit / size).is_multiple_of(2))
            .fold(0_u64, |mask, bit| mask | 1 << bit)
    };
    let hexadecimal = |size| format!("(word)UINT64_C(0x{:x})", mask(size));
    let sizes =
        std::iter::successors(Some(1), |size| Some(size * 2)).take_while(|size| size * 4 <= bits);
    let steps: Vec<String> =
        sizes.map(|size| format!("x = (x | x >> {size}) & {};", hexadecimal(size * 2))).collect();
    POOL.replace("SPREAD", &hexadecimal(1)).replace("EVEN_STEPS", &steps.join("\n    "))
}
