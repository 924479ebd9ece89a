//! The tables.

use std::fmt;

use strel::network::Verdict;

use super::super::attempt::told;
use super::super::{counted, written_by};
use super::learn::Row;

/// The binarized score to reach, and how far the float one may be from it.
const TARGET: f64 = 0.988;
const NEAR: f64 = 0.001;

/// An operator that no network learnt, and its mean DICE on the fresh pairs.
pub struct Known {
    name: String,
    dice: f64,
}

impl Known {
    pub fn new(name: impl Into<String>, dice: f64) -> Self {
        Known { name: name.into(), dice }
    }
}

/// What was found so far.
pub struct Report {
    pub known: Vec<Known>,
    pub rows: Vec<Row>,
    pairs: usize,
}

/// The head of the table of learnt networks, with the published ones: the best run of the authors'
/// code and another one, DICE float and binarized (Aouad & Talbot 2023; measured with their code).
pub const HEAD: &str = "\
| learnt with | trained float | trained binarized | polished float | polished binarized | certificate | seconds |
| --- | --- | --- | --- | --- | --- | --- |
| the published code, 1,079 steps of 256 pairs | 0.845 | 0.599 | | | | 1800 |
| the published code, 9,000 smaller steps | 0.965 | 0.960 | | | | 1560 |
";

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Row { seed, trained, binarized, float, polished, verdict, seconds } = self;
        writeln!(
            f,
            "| strel, seed {seed} | {trained:.4} | {binarized:.4} | {float:.4} | {polished:.4} | \
             {} | {seconds:.0} |",
            told(*verdict)
        )
    }
}

impl Report {
    pub fn new(pairs: usize) -> Self {
        Report { known: Vec::new(), rows: Vec::new(), pairs }
    }

    /// The table of what no network learnt.
    pub fn known_table(&self) -> String {
        let rows =
            self.known.iter().map(|Known { name, dice }| format!("| {name} | {dice:.4} |\n"));
        format!("| not learnt by a network | DICE |\n| --- | --- |\n{}", rows.collect::<String>())
    }

    /// What the rows come to.
    pub fn totals(&self) -> String {
        let scores = || self.rows.iter().map(|row| row.polished);
        let (low, high) = (scores().fold(1.0, f64::min), scores().fold(0.0, f64::max));
        let mean = scores().sum::<f64>() / self.rows.len().max(1) as f64;
        let count = |holds: &dyn Fn(&Row) -> bool| self.rows.iter().filter(|r| holds(r)).count();
        let proved = |row: &Row| matches!(row.verdict, Verdict::Proved | Verdict::ProvedHard);
        let longest = self.rows.iter().map(|row| row.seconds).fold(0.0, f64::max);
        format!(
            "Polished binarized DICE: lowest {low:.4}, mean {mean:.4}, highest {high:.4}. Of {}: \
             at least {TARGET} with {}, float within {NEAR} of binarized with {}, proved with {}; \
             the longest took {longest:.0} s.\n",
            counted(self.rows.len() as u64, "seed"),
            count(&|row| row.polished >= TARGET),
            count(&|row| (row.float - row.polished).abs() <= NEAR),
            count(&proved),
        )
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rows: String = self.rows.iter().map(Row::to_string).collect();
        write!(
            f,
            "# Noised sticks\n\n\
             {}.\n\n\
             Thin sticks along three directions under 10 % salt noise. Scores are mean DICE on {} fresh \
             pairs of another seed. Each seed is one run of the preset `noisti`: training, binarization, \
             polishing; `polished float` is the float network made of the polished operators, which \
             the certificate compares with them. Other work ran on the machine, too: seconds are an \
             upper bound.\n\n\
             {}\n\
             Openings ignore what lies outside of the image. *By lengths of runs* knows how often, in \
             fresh pairs, pixels whose horizontal, diagonal and upright runs are so long belong to a \
             stick, and keeps those that more often do: what is left are mostly salt pixels at the ends \
             of sticks, which nothing tells from a longer stick, and stumps of one or two pixels at the \
             edge.\n\n\
             {HEAD}{rows}\n{}",
            written_by("noisti"),
            self.pairs,
            self.known_table(),
            self.totals(),
        )
    }
}
