//! The table.

use std::fmt;

use strel::network::Equivalence;

use super::super::attempt::told;
use super::super::{counted, written_by};
use super::cell::Cell;
use super::learn::Outcome;
use super::published::{Published, published};

/// A cell learnt with a seed.
pub struct Row {
    pub cell: Cell,
    pub seed: u64,
    pub outcome: Outcome,
}

/// All rows so far.
pub struct Report {
    pub rows: Vec<Row>,
    seeds: u64,
}

/// The head of the table.
pub const HEAD: &str = "\
| operator, element, images | published float / binarized | seed | float | binarized | polished | equals the operator | certificate | attempts | seconds |
| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
";

impl Row {
    /// Whether no fresh pixel is wrong.
    fn is_perfect(&self) -> bool {
        self.outcome.scores.polished == 1.0
    }

    fn is_published(&self) -> bool {
        published(&self.cell).is_some()
    }
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Row { cell, seed, outcome: Outcome { scores: s, attempts, seconds } } = self;
        let paper = published(cell).map_or("-".into(), |Published { float, binarized }| {
            format!("{float:.3} / {binarized:.3}")
        });
        let equal = match &s.equivalence {
            Equivalence::SameOperators => "proved".into(),
            Equivalence::NoDifference { pixels } => format!("on {pixels} random pixels"),
            Equivalence::Different { .. } => "**no**".into(),
        };
        writeln!(
            f,
            "| {cell} | {paper} | {seed} | {:.4} | {:.4} | {:.4} | {equal} | {} | {attempts} | {seconds:.1} |",
            s.float,
            s.binarized,
            s.polished,
            told(s.verdict)
        )
    }
}

impl Report {
    pub fn new(seeds: u64) -> Self {
        Report { rows: Vec::new(), seeds }
    }

    /// What the rows come to.
    pub fn totals(&self) -> String {
        let of_paper: Vec<&[Row]> =
            self.cells().filter(|rows| rows.iter().all(Row::is_published)).collect();
        let paper = of_paper.iter().filter_map(|rows| published(&rows[0].cell));
        let theirs = paper.filter(|scores| scores.binarized == 1.0).count();
        let cells = |holds: &dyn Fn(&[Row]) -> bool, among: &[&[Row]]| {
            among.iter().filter(|rows| holds(rows)).count()
        };
        let any = |rows: &[Row]| rows.iter().any(Row::is_perfect);
        let every = |rows: &[Row]| rows.iter().all(Row::is_perfect);
        let equal = |row: &Row| row.outcome.scores.equivalence == Equivalence::SameOperators;
        let proved = |rows: &[Row]| rows.iter().any(equal);
        let others: Vec<&[Row]> =
            self.cells().filter(|rows| !rows.iter().all(Row::is_published)).collect();
        let line = |name: &str, among: &[&[Row]]| {
            format!(
                "{name}: {} cells; binarized DICE 1 on fresh data with one seed at least in {}, with \
                 every seed in {}; equal to the operator on every input, proved, with one seed at \
                 least in {}.\n",
                among.len(),
                cells(&any, among),
                cells(&every, among),
                cells(&proved, among)
            )
        };
        let seconds: f64 = self.rows.iter().map(|row| row.outcome.seconds).sum();
        format!(
            "{}The papers: binarized DICE 1.000 in {theirs} of these cells.\n{}{} runs, {seconds:.0} s \
             of training and polishing.\n",
            line("Published elements", &of_paper),
            line("The asymmetric element", &others),
            self.rows.len()
        )
    }

    /// The rows of each cell.
    fn cells(&self) -> impl Iterator<Item = &[Row]> {
        self.rows.chunk_by(|left, right| left.cell == right.cell)
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rows: String = self.rows.iter().map(Row::to_string).collect();
        write!(
            f,
            "# Known operators, learnt\n\n\
             {}, {} a cell.\n\n\
             Six operators by elements of 7x7 pixels, on images of 50x50; published scores are those of \
             Aouad & Talbot 2022. Half of the training pairs are random images, as the operator is known. \
             The recipe is `experiments/operators.toml`: a short training, \
             binarization, polishing; up to three attempts a seed, of which the one with the lowest \
             training loss is kept. Scores are mean DICE on 1000 fresh pairs of another seed, for MNIST of \
             the test images. `float` and `binarized` are what training ended with; polishing replaces \
             both: the certificate is that of the polished network and of the float network made of its \
             operators. `equals the operator` is proved where both become the same plan by the laws of \
             morphology, borders included; else images are random, of all densities.\n\n{}\n{HEAD}{rows}",
            written_by("operators"),
            counted(self.seeds, "seed"),
            self.totals(),
        )
    }
}
