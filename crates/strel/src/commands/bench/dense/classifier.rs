//! Classifiers of sets, and what they read.

use std::fmt::Write;
use std::fs;
use std::hint::black_box;
use std::path::Path;
use std::rc::Rc;

use serde::Serialize;
use strel::image::dense::{ScoreLayer, SetLayer, SetNeuron};
use strel::image::files::{Foreground, write, write_atomically};
use strel::image::{BitImage, Engine};

use super::trained::Trained;
use crate::commands::bench::uniform::Uniform;
use crate::error::CliError;

const INPUTS: usize = 784;

const CLASSES: usize = 10;

/// The most samples that are classified at once.
pub const SAMPLES: usize = 1024;

/// A layer of sets, some united and some intersected, and scores.
pub struct Classifier {
    pub name: &'static str,
    sets: Vec<Set>,
    /// `[classes][sets]`.
    weights: Vec<Vec<f32>>,
    /// What is subtracted from the sum of each class.
    bias: Vec<f32>,
    pub hidden: SetLayer,
    pub last: ScoreLayer,
    samples: Samples,
}

/// Inputs, and what becomes of them.
#[derive(Clone)]
pub struct Set {
    pub rule: Rule,
    pub members: Vec<usize>,
}

#[derive(Clone, Copy)]
pub enum Rule {
    Union,
    Intersection,
}

/// Where samples come from.
enum Samples {
    /// They are drawn, packed, one a row.
    Drawn(BitImage),
    /// They are the test images of a run, in bytes.
    Images(Rc<Trained>),
}

/// Inputs, neurons and classes.
#[derive(Clone, Copy, Serialize)]
pub struct Shape(pub [usize; 3]);

impl Set {
    fn neuron(&self) -> SetNeuron {
        let members = self.members.iter().copied();
        match self.rule {
            Rule::Union => SetNeuron::union(members),
            Rule::Intersection => SetNeuron::intersection(members),
        }
    }

    /// The rule and the members, a line.
    fn line(&self) -> String {
        let rule = match self.rule {
            Rule::Union => "union",
            Rule::Intersection => "intersection",
        };
        self.members.iter().fold(rule.to_owned(), |mut line, member| {
            write!(line, " {member}").expect("a string takes all");
            line
        })
    }
}

impl Classifier {
    /// A random classifier whose sets have `least` to `most` members, some perhaps twice. Half of the inputs of its
    /// samples are 1.
    pub fn draw(name: &'static str, seed: u64, neurons: usize, least: usize, most: usize) -> Self {
        let mut uniform = Uniform(seed);
        let mut below = |end: usize| (uniform.next() * end as f64) as usize;
        let mut set = |index: usize| {
            let size = least + below(most - least + 1);
            let rule = if index.is_multiple_of(2) { Rule::Union } else { Rule::Intersection };
            Set { rule, members: (0..size).map(|_| below(INPUTS)).collect() }
        };
        let sets: Vec<Set> = (0..neurons).map(&mut set).collect();
        let mut class = || (0..neurons).map(|_| uniform.next() as f32 - 0.5).collect();
        let weights: Vec<Vec<f32>> = (0..CLASSES).map(|_| class()).collect();
        let mut uniform = Uniform(!seed);
        let samples = BitImage::from_fn(SAMPLES, INPUTS, |_, _| uniform.bits() >> 63 == 1);
        Self::new(name, sets, weights, vec![0.0; CLASSES], Samples::Drawn(samples))
    }

    /// The classifier of a run, and the first of its test images.
    pub fn of_run(name: &'static str, run: &Path) -> Result<Self, CliError> {
        let trained = Trained::open(run)?;
        let (sets, scores) = trained.layers()?;
        let weights = scores.weights.chunks_exact(sets.len()).map(<[f32]>::to_vec).collect();
        let bias = scores.bias.clone();
        Ok(Self::new(name, sets, weights, bias, Samples::Images(Rc::new(trained))))
    }

    fn new(
        name: &'static str,
        sets: Vec<Set>,
        weights: Vec<Vec<f32>>,
        bias: Vec<f32>,
        samples: Samples,
    ) -> Self {
        let inputs = match &samples {
            Samples::Drawn(batch) => batch.width(),
            Samples::Images(trained) => trained.inputs(),
        };
        let hidden = SetLayer::new(inputs, sets.iter().map(Set::neuron).collect());
        let last = ScoreLayer::new(sets.len(), &weights, &bias);
        let hidden = hidden.expect("the sets are valid");
        let last = last.expect("the weights are finite");
        Classifier { name, sets, weights, bias, hidden, last, samples }
    }

    pub fn shape(&self) -> Shape {
        Shape([self.samples(1).width(), self.sets.len(), self.weights.len()])
    }

    /// The members of a set, in the mean.
    pub fn mean_members(&self) -> f64 {
        let all: usize = self.sets.iter().map(|set| set.members.len()).sum();
        all as f64 / self.sets.len() as f64
    }

    /// What it is timed from.
    pub fn source(&self) -> &'static str {
        match &self.samples {
            Samples::Drawn(_) => "packed samples",
            Samples::Images(_) => "images of bytes",
        }
    }

    /// So many samples, packed, one a row.
    pub fn samples(&self, count: usize) -> BitImage {
        match &self.samples {
            Samples::Drawn(batch) => {
                batch.crop(0, 0, count, batch.width()).expect("there are as many")
            }
            Samples::Images(trained) => trained.packed(count),
        }
    }

    /// Compares with the definitions.
    pub fn check(&self, count: usize) -> Result<(), CliError> {
        let batch = self.samples(count);
        let hidden = self.hidden.apply(&batch);
        let classes = self.last.classify_naive(&hidden);
        let same =
            hidden == self.hidden.apply_naive(&batch) && self.last.classify(&hidden) == classes;
        let told = match &self.samples {
            Samples::Drawn(_) => None,
            Samples::Images(trained) => Some(trained.classify(&one_thread(), count)?),
        };
        if same && told.is_none_or(|told| told == classes) {
            return Ok(());
        }
        let wrong = format!("{} {count}: the result is not that of the definition", self.name);
        Err(CliError::Usage(wrong))
    }

    /// From samples to classes, on one thread.
    pub fn work(&self, count: usize) -> Box<dyn FnMut()> {
        let engine = one_thread();
        match &self.samples {
            Samples::Drawn(_) => {
                let (sets, last) = (self.hidden.clone(), self.last.clone());
                let batch = self.samples(count);
                let (mut between, mut classes) = (BitImage::new(0, 0), Vec::new());
                Box::new(move || {
                    let batch = black_box(&batch);
                    sets.run_into(&engine, batch, &mut between).expect("the widths agree");
                    last.classify_into(&engine, &between, &mut classes).expect("the widths agree");
                })
            }
            Samples::Images(trained) => {
                let trained = Rc::clone(trained);
                Box::new(move || {
                    black_box(trained.classify(&engine, count).expect("it did so before"));
                })
            }
        }
    }

    /// Writes the sets, the weights and a batch, with what becomes of it.
    pub fn write_values(&self, folder: &Path) -> Result<(), CliError> {
        let failed = |source| CliError::Io { path: folder.to_owned(), source };
        fs::create_dir_all(folder).map_err(failed)?;
        let batch = self.samples(SAMPLES);
        let hidden = self.hidden.apply(&batch);
        write(folder.join("samples.pbm"), &batch, Foreground::Black)?;
        write(folder.join("hidden.pbm"), &hidden, Foreground::Black)?;
        let sets: String = self.sets.iter().map(|set| set.line() + "\n").collect();
        let numbers = serde_json::json!({
            "weights": self.weights,
            "bias": self.bias,
            "classes": self.last.classify(&hidden),
        });
        write_atomically(folder.join("sets.txt"), sets.as_bytes()).map_err(failed)?;
        write_atomically(folder.join("last.json"), numbers.to_string().as_bytes()).map_err(failed)
    }
}

/// The default kernel, on one thread.
pub fn one_thread() -> Engine {
    Engine::new(Engine::default().kernel(), 1).expect("the default's kernel is there")
}
