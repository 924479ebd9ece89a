//! Blocks of text side by side.

use std::fmt;

/// Columns of text where no others are asked for.
const WIDTH: usize = 100;

/// Blanks between blocks side by side.
const GAP: usize = 4;

/// Lines of text that stand beside other blocks.
pub(super) struct Block(pub(super) Vec<String>);

impl Block {
    fn width(&self) -> usize {
        self.0.iter().map(|line| line.chars().count()).max().unwrap_or(0)
    }

    /// This block, `width` columns wide at least.
    fn padded(&self, width: usize) -> Self {
        Self(self.0.iter().map(|line| format!("{line:<width$}")).collect())
    }
}

/// Writes blocks in rows of at most the formatter's width, an empty line before each row.
pub(super) fn write_side_by_side(
    f: &mut fmt::Formatter<'_>,
    blocks: &[Block],
    indent: usize,
) -> fmt::Result {
    let width = blocks.iter().map(Block::width).max().unwrap_or(0);
    let columns = f.width().unwrap_or(WIDTH).saturating_sub(indent);
    let a_row = ((columns + GAP) / (width + GAP)).max(1);
    for row in blocks.chunks(a_row) {
        writeln!(f)?;
        let padded: Vec<Block> = row.iter().map(|block| block.padded(width)).collect();
        for line in side_by_side(&padded, GAP) {
            writeln!(f, "{}", format!("{:indent$}{line}", "").trim_end())?;
        }
    }
    Ok(())
}

/// The lines of blocks that stand side by side.
pub(super) fn side_by_side(blocks: &[Block], gap: usize) -> Vec<String> {
    let height = blocks.iter().map(|block| block.0.len()).max().unwrap_or(0);
    let line = |index: usize| {
        let mut line = String::new();
        for block in blocks {
            let (text, width) = (block.0.get(index).map_or("", String::as_str), block.width());
            line += &format!("{text:<width$}{:gap$}", "");
        }
        line.trim_end().to_owned()
    };
    (0..height).map(line).collect()
}
