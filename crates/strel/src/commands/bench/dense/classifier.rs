//! A random classifier of sets.

use std::fmt::Write;
use std::fs;
use std::hint::black_box;
use std::path::Path;

use strel::image::dense::{ScoreLayer, SetLayer, SetNeuron};
use strel::image::files::{Foreground, write, write_atomically};
use strel::image::{BitImage, Engine};

use crate::commands::bench::uniform::Uniform;
use crate::error::CliError;

pub const INPUTS: usize = 784;

pub const CLASSES: usize = 10;

/// A layer of random sets, half of them united and half intersected, and random scores.
pub struct Classifier {
    pub name: &'static str,
    sets: Vec<Vec<usize>>,
    weights: Vec<Vec<f32>>,
    pub hidden: SetLayer,
    pub last: ScoreLayer,
}

impl Classifier {
    /// A random classifier whose sets have `least` to `most` members, some perhaps twice.
    pub fn draw(name: &'static str, seed: u64, neurons: usize, least: usize, most: usize) -> Self {
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

    /// Compares with the definitions.
    pub fn check(&self, seed: u64, count: usize) -> Result<(), CliError> {
        let batch = samples(seed, count);
        let hidden = self.hidden.apply(&batch);
        let same = hidden == self.hidden.apply_naive(&batch)
            && self.last.classify(&hidden) == self.last.classify_naive(&hidden);
        let wrong = || format!("{} {count}: the result is not that of the definition", self.name);
        if same { Ok(()) } else { Err(CliError::Usage(wrong())) }
    }

    /// From packed samples to classes, on one thread.
    pub fn work(&self, seed: u64, count: usize) -> Box<dyn FnMut()> {
        let (sets, last, engine) = (self.hidden.clone(), self.last.clone(), one_thread());
        let (batch, mut between, mut classes) =
            (samples(seed, count), BitImage::new(0, 0), Vec::new());
        Box::new(move || {
            sets.run_into(&engine, black_box(&batch), &mut between).expect("the widths agree");
            last.classify_into(&engine, &between, &mut classes).expect("the widths agree");
        })
    }

    /// Writes the sets, the weights and a batch, with what becomes of it.
    pub fn write_values(&self, folder: &Path, seed: u64, count: usize) -> Result<(), CliError> {
        let failed = |source| CliError::Io { path: folder.to_owned(), source };
        fs::create_dir_all(folder).map_err(failed)?;
        let batch = samples(seed, count);
        let hidden = self.hidden.apply(&batch);
        write(folder.join("samples.pbm"), &batch, Foreground::Black)?;
        write(folder.join("hidden.pbm"), &hidden, Foreground::Black)?;
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
        write_atomically(folder.join("sets.txt"), sets.as_bytes()).map_err(failed)?;
        write_atomically(folder.join("last.json"), numbers.to_string().as_bytes()).map_err(failed)
    }
}

fn unites(neuron: usize) -> bool {
    neuron.is_multiple_of(2)
}

/// The default kernel, on one thread.
pub fn one_thread() -> Engine {
    Engine::new(Engine::default().kernel(), 1).expect("the default's kernel is there")
}

/// Random samples of which half of the inputs are 1.
pub fn samples(seed: u64, count: usize) -> BitImage {
    let mut uniform = Uniform(!seed);
    BitImage::from_fn(count, INPUTS, |_, _| uniform.bits() >> 63 == 1)
}
