//! The classifier of a run.

use std::path::Path;

use strel::image::{BitImage, Engine};
use strel::network::{Combination, CombinationRule, Layer, Network, NetworkPlan, Scores};
use strel::train::data::{Classes, Split};
use strel::train::run::Run;

use super::classifier::{Rule, Set};
use crate::commands::classes::classify_images;
use crate::error::CliError;

/// A network of a layer of sets and scores, and the images that it tells apart.
pub struct Trained {
    network: Network,
    plan: NetworkPlan,
    classes: Classes,
    folder: String,
}

impl Trained {
    pub fn open(folder: &Path) -> Result<Self, CliError> {
        let run = Run::open(folder)?;
        let network = run.network()?;
        let folder = folder.display().to_string();
        let classes = run.config()?.data.open_classes()?.ok_or_else(|| unfit(&folder))?;
        Ok(Trained { plan: network.plan(), network, classes, folder })
    }

    /// The sets of the hidden neurons, and the last layer.
    pub fn layers(&self) -> Result<(Vec<Set>, &Scores), CliError> {
        let [Layer::Dense(dense), Layer::Scores(scores)] = self.network.layers() else {
            return Err(unfit(&self.folder));
        };
        let sets: Option<Vec<Set>> = dense.neurons.iter().map(set).collect();
        Ok((sets.ok_or_else(|| unfit(&self.folder))?, scores))
    }

    pub fn inputs(&self) -> usize {
        self.classes.shape().pixels()
    }

    /// The classes of the first test images, over again where they are fewer, from their bytes.
    pub fn classify(&self, engine: &Engine, count: usize) -> Result<Vec<usize>, CliError> {
        classify_images(&self.plan, engine, &self.classes, count)
    }

    /// The level sets of the same images, one image a row.
    pub fn packed(&self, count: usize) -> BitImage {
        let mut batch = BitImage::new(count, self.inputs());
        for row in 0..count {
            let sample = self.classes.sample(Split::Test, row % self.classes.len(Split::Test));
            let pixels = sample.channels.iter().flat_map(BitImage::pixels).enumerate();
            pixels.for_each(|(input, pixel)| batch.set(row, input, pixel));
        }
        batch
    }
}

/// The set that a neuron is; none for a gate or a complement.
fn set(neuron: &Combination) -> Option<Set> {
    let (rule, members) = match &neuron.rule {
        CombinationRule::Union(flags) => (Rule::Union, flags.as_slice()),
        CombinationRule::Intersection(flags) => (Rule::Intersection, flags.as_slice()),
        // No pixel is in the union of none, and each in the intersection of none.
        CombinationRule::Constant(false) => (Rule::Union, &[][..]),
        CombinationRule::Constant(true) => (Rule::Intersection, &[][..]),
        CombinationRule::Identity | CombinationRule::Gate(_) => return None,
    };
    let members = (0..members.len()).filter(|&input| members[input]).collect();
    (!neuron.complement).then_some(Set { rule, members })
}

fn unfit(folder: &str) -> CliError {
    let wanted = "expected a run of one layer of sets and scores, as of `strel train mnist`";
    CliError::Usage(format!("{folder}: {wanted}"))
}
