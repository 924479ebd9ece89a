//! A binarized network made ready to run.

mod batch;
mod dense;

use strel_image::dense::{ScoreLayer, SetLayer};
use strel_image::{BitImage, Border, Engine, max_pool};

use crate::chain::{Stage, check_image_size};
use crate::classify::refuse_classifier;
use crate::plane::common_size;
use crate::{Bisel, Layer, Network, NetworkError, Scores};
use batch::Batch;

/// A network compiled for images of any size that it reads, and for any number of them.
///
/// The layers are run stage by stage: consecutive BiSEL layers, a max-pool, a dense layer on all
/// samples of a batch at once. The class of a sample is that of the largest score, the first of them
/// in a tie, whatever the batch and the engine.
///
/// ```
/// use strel_image::{BitImage, Border, Engine};
/// use strel_network::{Combination, CombinationRule, Dense, Layer, Network, Scores, Shape};
///
/// let row = |row| (0..4).map(|pixel| pixel / 2 == row).collect();
/// let full = |index| Combination::activated(CombinationRule::Intersection(row(index)));
/// let inputs = Shape { channels: 1, height: 2, width: 2 };
/// let dense = Layer::Dense(Dense { inputs, neurons: vec![full(0), full(1)] });
/// let scores = Layer::Scores(Scores {
///     inputs: Shape::flat(2),
///     classes: 3,
///     weights: vec![0.0, 0.0, 1.0, 0.0, 0.0, 1.0],
///     bias: vec![-0.5, 0.0, 0.0],
/// });
/// let plan = Network::new(Border::Zero, vec![dense, scores])?.plan();
///
/// let batch: [Vec<BitImage>; 3] =
///     [vec!["#.\n.#".parse()?], vec!["##\n..".parse()?], vec!["..\n##".parse()?]];
/// assert_eq!(plan.classify_batch(&Engine::default(), &batch)?, [0, 1, 2]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct NetworkPlan {
    pub(crate) border: Border,
    sizes: Vec<Stage>,
    steps: Vec<Step>,
    scores: Option<ScoreLayer>,
}

/// What is run at once.
#[derive(Clone, Debug)]
enum Step {
    Bisels(Vec<Bisel>),
    MaxPool,
    Dense(SetLayer),
}

impl Network {
    /// The network's plan, to be kept where there are several images.
    pub fn plan(&self) -> NetworkPlan {
        let mut steps: Vec<Step> = Vec::new();
        for layer in self.layers() {
            match (layer, steps.last_mut()) {
                (Layer::Bisel(bisel), Some(Step::Bisels(run))) => run.push(bisel.clone()),
                (Layer::Bisel(bisel), _) => steps.push(Step::Bisels(vec![bisel.clone()])),
                (Layer::MaxPool { .. }, _) => steps.push(Step::MaxPool),
                (Layer::Dense(dense), _) => steps.push(Step::Dense(dense.set_layer())),
                (Layer::Scores(_), _) => {}
            }
        }
        NetworkPlan {
            border: self.border(),
            sizes: self.layers().iter().map(Layer::stage).collect(),
            steps,
            scores: self.scores_layer().map(Scores::engine_layer),
        }
    }
}

impl NetworkPlan {
    /// The output channels for one image a channel, as [`Network::apply`].
    ///
    /// # Errors
    /// [`NetworkError::ImageCount`], [`NetworkError::ImageSize`], [`NetworkError::InputSize`], and
    /// [`NetworkError::Classifier`] for a network that ends with scores.
    pub fn apply(&self, images: &[BitImage]) -> Result<Vec<BitImage>, NetworkError> {
        self.refuse_classifier()?;
        self.features(images)
    }

    /// [`apply`](Self::apply) for a network of one input and one output channel.
    ///
    /// # Errors
    /// [`NetworkError::NotOneToOne`] for another network, and those of [`apply`](Self::apply).
    pub fn apply_one(&self, image: &BitImage) -> Result<BitImage, NetworkError> {
        self.refuse_classifier()?;
        let outputs = self.sizes.last().map_or(0, |last| last.outputs);
        if (self.inputs(), outputs) != (1, 1) {
            return Err(NetworkError::NotOneToOne { inputs: self.inputs(), outputs });
        }
        Ok(self.features(std::slice::from_ref(image))?.remove(0))
    }

    /// [`apply`](Self::apply) for many inputs of any sizes that the network reads.
    ///
    /// # Errors
    /// As [`apply`](Self::apply), for the first input that is not right.
    pub fn apply_batch(
        &self,
        engine: &Engine,
        batch: &[Vec<BitImage>],
    ) -> Result<Vec<Vec<BitImage>>, NetworkError> {
        self.refuse_classifier()?;
        Ok(self.run(engine, batch)?.into_images())
    }

    /// The scores of a classifier, as [`Network::scores`], of many inputs.
    ///
    /// # Errors
    /// [`NetworkError::NoClassifier`], [`NetworkError::ImageCount`], [`NetworkError::ImageSize`],
    /// [`NetworkError::InputSize`], for the first input that is not right.
    pub fn scores_batch(
        &self,
        engine: &Engine,
        batch: &[Vec<BitImage>],
    ) -> Result<Vec<Vec<f64>>, NetworkError> {
        let layer = self.scores.as_ref().ok_or(NetworkError::NoClassifier)?;
        let rows = self.run(engine, batch)?.into_rows(layer.inputs());
        Ok(layer.scores(&rows).expect("a row has all inputs of the scores"))
    }

    /// The classes of many inputs, as [`Network::classify`].
    ///
    /// # Errors
    /// Those of [`scores_batch`](Self::scores_batch).
    pub fn classify_batch(
        &self,
        engine: &Engine,
        batch: &[Vec<BitImage>],
    ) -> Result<Vec<usize>, NetworkError> {
        let layer = self.scores.as_ref().ok_or(NetworkError::NoClassifier)?;
        let rows = self.run(engine, batch)?.into_rows(layer.inputs());
        let mut classes = Vec::new();
        let run = layer.classify_into(engine, &rows, &mut classes);
        run.expect("a row has all inputs of the scores");
        Ok(classes)
    }

    /// What the scores of a classifier read; the outputs of another network.
    pub(crate) fn features(&self, images: &[BitImage]) -> Result<Vec<BitImage>, NetworkError> {
        Ok(self.run(&Engine::default(), &[images])?.into_images().remove(0))
    }

    /// Runs all layers but scores.
    fn run(
        &self,
        engine: &Engine,
        batch: &[impl AsRef<[BitImage]>],
    ) -> Result<Batch, NetworkError> {
        for images in batch {
            let sizes = images.as_ref().iter().map(BitImage::size);
            check_image_size(&self.sizes, common_size(self.inputs(), sizes)?)?;
        }
        let batch = batch.iter().map(|images| images.as_ref().to_vec()).collect();
        let run = |batch: Batch, step: &Step| match step {
            Step::Bisels(layers) => batch.map_images(|images| self.run_bisels(layers, &images)),
            Step::MaxPool => batch.map_images(|images| images.iter().map(max_pool).collect()),
            Step::Dense(layer) => {
                let rows = batch.into_rows(layer.inputs());
                Batch::Rows(layer.run(engine, &rows).expect("a row has all inputs of the layer"))
            }
        };
        Ok(self.steps.iter().fold(Batch::Images(batch), run))
    }

    fn inputs(&self) -> usize {
        self.sizes.first().map_or(0, |first| first.inputs)
    }

    fn refuse_classifier(&self) -> Result<(), NetworkError> {
        refuse_classifier(self.scores.as_ref().map(ScoreLayer::classes))
    }
}
