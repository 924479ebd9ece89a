//! The table.

use std::fmt;

use strel::train::sweep::Spread;

use super::super::{counted, written_by};
use super::learn::Outcome;
use super::method::Method;

/// A method, and what came of it with each seed.
pub struct Row {
    pub method: Method,
    pub outcomes: Vec<Outcome>,
}

/// All rows, as far as they are.
pub struct Report {
    rows: Vec<Row>,
    width: usize,
    seeds: u64,
    epochs: u64,
}

/// The head of the table.
pub const HEAD: &str = "\
| method | published | float | thresholded | constant | activable | lossless | bytes | us | seconds |
| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
";

/// Ways to binarize, in the order of the table.
const WAYS: usize = 3;

impl Row {
    fn spread(&self, of: impl Fn(&Outcome) -> f64) -> Option<Spread> {
        Spread::of(self.outcomes.iter().map(of).collect())
    }

    fn median(&self, of: impl Fn(&Outcome) -> f64) -> f64 {
        self.spread(of).map_or(f64::NAN, |spread| spread.median)
    }

    fn accuracy(&self, of: impl Fn(&Outcome) -> f64) -> String {
        self.spread(|outcome| 100.0 * of(outcome)).map_or(String::new(), |spread| {
            let Spread { lowest, median, highest } = spread;
            let range = format!(" ({lowest:.2} to {highest:.2})");
            format!("{median:.2}{}", if lowest < highest { range } else { String::new() })
        })
    }
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let published: Vec<String> =
            self.method.published.iter().map(|percent| format!("{percent:.1}")).collect();
        write!(f, "| {} | {} |", self.method.name, published.join(" / "))?;
        write!(f, " {} |", self.accuracy(|outcome| outcome.float))?;
        write!(f, " {} |", self.accuracy(|outcome| outcome.thresholded))?;
        let is_binarized = self.outcomes.iter().all(|outcome| outcome.binarized.len() == WAYS);
        for way in 0..WAYS {
            let accuracy = |outcome: &Outcome| outcome.binarized[way].accuracy;
            let text = if is_binarized { self.accuracy(accuracy) } else { String::new() };
            write!(f, " {text} |")?;
        }
        let time = |outcome: &Outcome| outcome.binarized[WAYS - 1].microseconds;
        let time = if is_binarized { format!("{:.2}", self.median(time)) } else { String::new() };
        let (bytes, seconds) = (self.median(|o| o.bytes as f64), self.median(|o| o.seconds));
        writeln!(f, " {bytes:.0} | {time} | {seconds:.0} |")
    }
}

impl Report {
    pub fn new(methods: Vec<Method>, width: usize, seeds: u64, epochs: u64) -> Self {
        let row = |method| Row { method, outcomes: Vec::new() };
        Report { rows: methods.into_iter().map(row).collect(), width, seeds, epochs }
    }

    pub fn row(&mut self, method: usize) -> &mut Row {
        &mut self.rows[method]
    }

    /// How many seeds the methods have so far.
    fn seeds_so_far(&self) -> String {
        let least = self.rows.iter().map(|row| row.outcomes.len()).min().unwrap_or(0) as u64;
        match least < self.seeds {
            true => format!("{least} of {} a method so far", counted(self.seeds, "seed")),
            false => format!("{} a method", counted(self.seeds, "seed")),
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let begun = self.rows.iter().filter(|row| !row.outcomes.is_empty());
        let rows: String = begun.map(Row::to_string).collect();
        let Report { width, epochs, .. } = self;
        let (epochs, seeds) = (counted(*epochs, "epoch"), self.seeds_so_far());
        let ordinary = match self.rows.iter().any(|row| row.method.is_ordinary()) {
            true => {
                "; of ordinary networks, which `bench/ordinary.py` trained with PyTorch, the network \
                 as it is deployed"
            }
            false => "",
        };
        write!(
            f,
            "# Handwritten digits\n\n\
             {}.\n\n\
             MNIST, 784 -> {width} -> 10: {epochs}, {seeds}; accuracy in percent of the 10,000 test images, the median and in brackets the \
             lowest and the highest of the seeds. The last layer keeps its float weights. The methods \
             are those of `study.toml` beside the command's code, which says what each changes of the \
             presets. Test scores were seen while the recipes of sets and of gates were made.\n\n\
             *Published* are float and binarized networks of 512 neurons, by the code of Aouad & Talbot \
             2023. *Thresholded*: every hidden neuron gives 0 or 1{ordinary}. The next three columns are that network binarized: to the nearest constant \
             sets, to the nearest activated neurons, and without loss, by sets where they are exact \
             and by threshold gates elsewhere. *Bytes* and *us*, microseconds a sample of a batch of \
             1024 from its bytes to the class on one thread, are those of the last one. Other \
             work ran on the machine, too: times are upper bounds.\n\n\
             {HEAD}{rows}",
            written_by("mnist"),
        )
    }
}
