//! `strel bench dense`.

use std::fmt::Write as _;
use std::fs;
use std::hint::black_box;
use std::io::{self, Write, stdout};
use std::path::Path;

use serde::Serialize;
use strel::image::dense::{ScoreLayer, SetLayer, SetNeuron};
use strel::image::files::{Foreground, write, write_atomically};
use strel::image::{BitImage, Engine};

use crate::Answer;
use crate::cli::BenchPackedArgs;
use crate::error::CliError;

use super::ask::answer;
use super::cpu;
use super::stopwatch::{Effort, Stopwatch};
use super::uniform::Uniform;

const INPUTS: usize = 784;
const CLASSES: usize = 10;

/// Samples that are classified at once.
const BATCHES: [usize; 2] = [1, 1024];

/// The sets of a layer: their name, the least and the most members.
const SETS: [(&str, usize, usize); 2] = [("few", 8, 12), ("many", 90, 110)];

pub fn run(args: BenchPackedArgs) -> Result<Answer, CliError> {
    let (effort, neurons) = if args.quick { (Effort::QUICK, 256) } else { (Effort::FULL, 4096) };
    let classifiers =
        SETS.map(|(name, least, most)| Classifier::draw(name, args.seed, neurons, least, most));
    for classifier in &classifiers {
        BATCHES.into_iter().try_for_each(|batch| classifier.check(args.seed, batch))?;
        if let Some(folder) = &args.values {
            classifier.write_values(&folder.join(classifier.name), args.seed)?;
        }
    }
    let mut out = stdout().lock();
    if args.ask {
        answer(&mut out, |name| {
            let (classifier, batch) = find(&classifiers, name)?;
            Ok(Stopwatch::new(effort.sample, classifier.work(args.seed, batch)))
        })?;
        return Ok(Answer::Yes);
    }
    let cases = classifiers.iter().flat_map(|one| BATCHES.map(|batch| (one, batch)));
    let mut timed: Vec<_> = cases
        .map(|(one, batch)| (one, batch, Stopwatch::new(effort.sample, one.work(args.seed, batch))))
        .collect();
    for _ in 0..effort.rounds {
        for (_, _, watch) in &mut timed {
            watch.sample();
        }
    }
    let rows = timed.iter().map(|(one, batch, watch)| one.row(args.seed, *batch, watch));
    let report = Report {
        cpu: cpu(),
        kernel: engine().kernel().to_string(),
        seed: args.seed,
        quick: args.quick,
        shape: [INPUTS, neurons, CLASSES],
        rows: rows.collect(),
    };
    if args.json {
        writeln!(out, "{}", serde_json::to_string_pretty(&report).expect("plain values"))?;
    } else {
        report.write_table(&mut out)?;
    }
    Ok(Answer::Yes)
}

/// A layer of random sets, half of them united and half intersected, and random scores.
struct Classifier {
    name: &'static str,
    sets: Vec<Vec<usize>>,
    weights: Vec<Vec<f32>>,
    hidden: SetLayer,
    last: ScoreLayer,
}

impl Classifier {
    fn draw(name: &'static str, seed: u64, neurons: usize, least: usize, most: usize) -> Self {
        let mut uniform = Uniform(seed);
        let mut below = |end: usize| (uniform.next() * end as f64) as usize;
        let mut set = || -> Vec<usize> {
            let size = least + below(most - least + 1);
            (0..size).map(|_| below(INPUTS)).collect()
        };
        let sets: Vec<Vec<usize>> = (0..neurons).map(|_| set()).collect();
        let mut class = || (0..neurons).map(|_| uniform.next() as f32 - 0.5).collect();
        let weights: Vec<Vec<f32>> = (0..CLASSES).map(|_| class()).collect();
        let neuron = |(index, set): (usize, &Vec<usize>)| {
            let set = set.iter().copied();
            if unites(index) { SetNeuron::union(set) } else { SetNeuron::intersection(set) }
        };
        let hidden = SetLayer::new(INPUTS, sets.iter().enumerate().map(neuron).collect());
        let last = ScoreLayer::new(neurons, &weights, &[0.0; CLASSES]);
        Classifier {
            name,
            sets,
            weights,
            hidden: hidden.expect("the sets are valid"),
            last: last.expect("the weights are finite"),
        }
    }

    fn check(&self, seed: u64, count: usize) -> Result<(), CliError> {
        let batch = samples(seed, count);
        let hidden = self.hidden.apply(&batch);
        let same = hidden == self.hidden.apply_naive(&batch)
            && self.last.classify(&hidden) == self.last.classify_naive(&hidden);
        let wrong = || format!("{} {count}: the result is not that of the definition", self.name);
        if same { Ok(()) } else { Err(CliError::Usage(wrong())) }
    }

    /// From packed samples to classes, on one thread.
    fn work(&self, seed: u64, count: usize) -> Box<dyn FnMut()> {
        let (sets, last, engine) = (self.hidden.clone(), self.last.clone(), engine());
        let (batch, mut between, mut classes) =
            (samples(seed, count), BitImage::new(0, 0), Vec::new());
        Box::new(move || {
            sets.run_into(&engine, black_box(&batch), &mut between).expect("the widths agree");
            last.classify_into(&engine, &between, &mut classes).expect("the widths agree");
        })
    }

    fn row(&self, seed: u64, batch: usize, watch: &Stopwatch) -> Row {
        let (engine, mut classes) = (engine(), Vec::new());
        let hidden = self.hidden.apply(&samples(seed, batch));
        let scored_again = self.last.classify_into(&engine, &hidden, &mut classes);
        let each = |seconds: f64| 1e6 * seconds / batch as f64;
        Row {
            sets: self.name,
            batch,
            set_form: self.hidden.form(&engine, batch).to_string(),
            score_form: self.last.form(&engine, batch).to_string(),
            scored_again: scored_again.expect("the widths agree"),
            least_microseconds: each(watch.least()),
            median_microseconds: each(watch.median()),
        }
    }

    /// The sets, the weights and the largest batch, with what becomes of it.
    fn write_values(&self, folder: &Path, seed: u64) -> Result<(), CliError> {
        let failed = |source| CliError::Io { path: folder.to_owned(), source };
        fs::create_dir_all(folder).map_err(failed)?;
        let batch = samples(seed, BATCHES[1]);
        let hidden = self.hidden.apply(&batch);
        write(&folder.join("samples.pbm"), &batch, Foreground::Black)?;
        write(&folder.join("hidden.pbm"), &hidden, Foreground::Black)?;
        let mut sets = String::new();
        for (index, set) in self.sets.iter().enumerate() {
            let members: Vec<String> = set.iter().map(usize::to_string).collect();
            let rule = if unites(index) { "union" } else { "intersection" };
            writeln!(sets, "{rule} {}", members.join(" ")).expect("a string takes all");
        }
        let numbers = serde_json::json!({
            "weights": self.weights,
            "classes": self.last.classify(&hidden),
        });
        write_atomically(&folder.join("sets.txt"), sets.as_bytes()).map_err(failed)?;
        write_atomically(&folder.join("last.json"), numbers.to_string().as_bytes()).map_err(failed)
    }
}

fn unites(neuron: usize) -> bool {
    neuron.is_multiple_of(2)
}

fn engine() -> Engine {
    Engine::new(Engine::default().kernel(), 1).expect("the default's kernel is there")
}

/// Random samples of which half of the inputs are 1.
fn samples(seed: u64, count: usize) -> BitImage {
    let mut uniform = Uniform(!seed);
    BitImage::from_fn(count, INPUTS, |_, _| uniform.bits() >> 63 == 1)
}

fn find<'a>(
    classifiers: &'a [Classifier],
    name: &str,
) -> Result<(&'a Classifier, usize), CliError> {
    let cases = classifiers.iter().flat_map(|one| BATCHES.map(|batch| (one, batch)));
    let called = |(one, batch): &(&Classifier, usize)| format!("{} {batch}", one.name) == name;
    cases.clone().find(called).ok_or_else(|| {
        let names: Vec<String> =
            cases.map(|(one, batch)| format!("{} {batch}", one.name)).collect();
        CliError::Usage(format!("no case is called {name:?}; expected one of {}", names.join(", ")))
    })
}

#[derive(Serialize)]
struct Report {
    cpu: String,
    kernel: String,
    seed: u64,
    quick: bool,
    /// Inputs, neurons, classes.
    shape: [usize; 3],
    rows: Vec<Row>,
}

/// Times of a sample.
#[derive(Serialize)]
struct Row {
    sets: &'static str,
    batch: usize,
    set_form: String,
    score_form: String,
    /// Samples of the batch whose class took the float scores.
    scored_again: usize,
    least_microseconds: f64,
    median_microseconds: f64,
}

impl Report {
    fn write_table(&self, out: &mut impl Write) -> io::Result<()> {
        let [inputs, neurons, classes] = self.shape;
        let Report { cpu, kernel, seed, rows, .. } = self;
        writeln!(
            out,
            "{cpu}, kernel {kernel}, 1 thread, seed {seed}; {inputs} -> {neurons} -> {classes}"
        )?;
        writeln!(
            out,
            "\n{:>5}{:>7}{:>13}{:>18}{:>14}  forms",
            "sets", "batch", "us a sample", "samples a second", "scored again"
        )?;
        for row in rows {
            let median = row.median_microseconds;
            writeln!(
                out,
                "{:>5}{:>7}{median:>13.3}{:>18.0}{:>14}  {}; {}",
                row.sets,
                row.batch,
                1e6 / median,
                row.scored_again,
                row.set_form,
                row.score_form
            )?;
        }
        for (name, least, most) in SETS {
            write!(out, "\n{name}: {least} to {most} members of a set")?;
        }
        writeln!(out, "\nMedians; results were compared with the definitions before.")
    }
}
