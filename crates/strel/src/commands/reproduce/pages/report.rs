//! The tables.

use std::fmt;

use strel::image::BitImage;
use strel::network::Verdict;
use strel::train::score::dice;

use super::super::attempt::told;
use super::super::written_by;
use super::data::TEST;
use super::task::Task;

/// How well a page is found again.
pub struct Score {
    dice: f64,
    /// Wrong pixels among 1000.
    wrong: f64,
}

/// What an operator makes of the test pages.
pub struct Row {
    pub name: String,
    pub scores: Vec<Score>,
}

/// A task.
pub struct Section {
    pub task: Task,
    /// The learnt networks come last, the polished one at the end.
    pub rows: Vec<Row>,
    pub verdict: Verdict,
    pub seconds: f64,
}

/// All tasks so far.
pub struct Report {
    pub sections: Vec<Section>,
    quick: bool,
}

/// Learnt rows of a section.
const LEARNT: usize = 3;

impl Score {
    pub fn of(output: &BitImage, target: &BitImage) -> Self {
        let wrong = output.count_differences(target).expect("outputs keep their size");
        let wrong = 1000.0 * wrong as f64 / target.area().max(1) as f64;
        Score { dice: dice(output, target), wrong }
    }
}

impl Row {
    fn mean_dice(&self) -> f64 {
        self.scores.iter().map(|score| score.dice).sum::<f64>() / self.scores.len() as f64
    }
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scores = self.scores.iter().map(|s| format!(" {:.4} | {:.2} |", s.dice, s.wrong));
        writeln!(f, "| {} |{} {:.4} |", self.name, scores.collect::<String>(), self.mean_dice())
    }
}

impl Section {
    /// Where the polished network stands among what was not learnt.
    fn judgement(&self) -> String {
        let (others, learnt) = self.rows.split_at(self.rows.len() - LEARNT);
        let polished = learnt[LEARNT - 1].mean_dice();
        let loses = others.iter().filter(|row| row.mean_dice() >= polished);
        let names: Vec<&str> = loses.map(|row| row.name.as_str()).collect();
        if names.is_empty() {
            return "The polished network has the best mean DICE.".into();
        }
        format!("**The polished network loses** to: {}.", names.join("; "))
    }
}

impl fmt::Display for Section {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let pages = TEST.map(|page| format!(" {page}: DICE | wrong pixels in 1000 |"));
        writeln!(f, "## {}\n", self.task)?;
        writeln!(f, "| operator |{} mean DICE |", pages.concat())?;
        writeln!(f, "| --- |{} --- |", " --- | --- |".repeat(TEST.len()))?;
        self.rows.iter().try_for_each(|row| write!(f, "{row}"))?;
        writeln!(
            f,
            "\n{} Certificate of the polished network: {}. {:.0} s of training and polishing.\n",
            self.judgement(),
            told(self.verdict),
            self.seconds
        )
    }
}

impl Report {
    pub fn new(quick: bool) -> Self {
        Report { sections: Vec::new(), quick }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sections: String = self.sections.iter().map(Section::to_string).collect();
        write!(
            f,
            "# Scanned pages\n\n\
             {}.\n\n\
             Pages of 200 to 300 dpi are degraded, and the page itself is to be found again; three are \
             learnt from, two others are the test, none of which decided anything. Noise makes so many \
             pixels in a hundred black or white at random. Ruling lines are 2 pixels thick, one every 48 \
             rows, over the whole width. Strokes are thickened: half of the pixels next to one in its \
             row or column become black, and the thin ones are wanted. The recipe is the preset `pairs`, \
             polished longer; for lines it has wider windows and carries the input. Other work ran on \
             the machine, too: seconds are an upper bound.{}\n\n\
             {sections}",
            written_by("pages"),
            if self.quick { " Quick: trained and polished for a fraction of that." } else { "" },
        )
    }
}
