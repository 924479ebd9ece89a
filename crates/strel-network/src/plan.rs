//! A binarized network made ready to run.

mod batch;
mod bisel;
mod dense;
mod step;

use std::borrow::Cow;
use std::fmt;

use strel_image::dense::ScoreLayer;
use strel_image::{BitImage, Engine, Plan};

use crate::chain::{Effect, Stage, check_image_size};
use crate::classify::refuse_classifier;
use crate::plane::common_size;
use crate::{Bisel, Layer, Network, NetworkError, Place, Scores};
use batch::Batch;
use bisel::plan_layers;
use step::Step;

/// A network compiled for images of any size that it reads, and for any number of them and of
/// threads.
///
/// Consecutive BiSEL layers run together, block by block of rows, while the rows are in the nearest
/// cache. Complements, constants and operators that are given twice cost nothing, channels that the
/// output does not depend on are not computed. A dense layer reads all samples of a batch at once.
///
/// ```
/// use strel_image::{BitImage, Border};
/// use strel_network::{Bisel, Layer, MorphologicalNeuron, Network, Operator};
///
/// let pair = "O#".parse()?;
/// let mut erosion = MorphologicalNeuron::activated(Operator::Erosion(pair));
/// erosion.complement = true;
/// let layers = vec![Layer::Bisel(Bisel::one_to_one(erosion)); 2];
/// let plan = Network::new(Border::Replicate, layers)?.plan();
///
/// let image: BitImage = "###.#.##".parse()?;
/// assert_eq!(plan.apply_one(&image)?.to_string(), "##...###");
/// // The second erosion, of a complement, is a dilation.
/// assert_eq!(
///     plan.to_string(),
///     "a0 = input 0, replicated outside\n\
///      a1 = a0 and a0[0,+1], replicated outside\n\
///      a2 = a1 or a1[0,+1]\n\
///      output a2\n\
///      a word: 4 operations, 2 shifts, 10 words moved"
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct NetworkPlan {
    sizes: Vec<Stage>,
    steps: Vec<Step>,
    scores: Option<ScoreLayer>,
}

impl Network {
    /// The network's plan, to be kept where there are several images.
    pub fn plan(&self) -> NetworkPlan {
        let same_kind = |left: &Layer, right: &Layer| {
            matches!((left, right), (Layer::Bisel(_), Layer::Bisel(_)))
        };
        let runs = self.layers().chunk_by(same_kind);
        let step = |run: &[Layer]| match &run[0] {
            Layer::Bisel(_) => {
                let bisels: Vec<&Bisel> = run.iter().filter_map(Layer::bisel).collect();
                Some(Step::Bisels(plan_layers(&bisels, self.border())))
            }
            Layer::MaxPool { .. } => Some(Step::MaxPool),
            Layer::Dense(dense) => Some(Step::Dense(dense.set_layer())),
            Layer::Scores(_) => None,
        };
        NetworkPlan {
            sizes: self.layers().iter().map(Layer::stage).collect(),
            steps: runs.filter_map(step).collect(),
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
        self.check_one_to_one()?;
        Ok(self.features(std::slice::from_ref(image))?.remove(0))
    }

    /// The engine's plan of a network of BiSEL layers of one input and one output channel, for
    /// instance to run it on [rows](strel_image::PlannedRows).
    ///
    /// # Errors
    /// [`NetworkError::NotOneToOne`], [`NetworkError::Classifier`] or [`NetworkError::NotBisel`] for
    /// another network.
    pub fn one_to_one(&self) -> Result<&Plan, NetworkError> {
        self.check_one_to_one()?;
        if let [Step::Bisels(plan)] = &self.steps[..] {
            return Ok(plan);
        }
        let other = self.sizes.iter().position(|stage| stage.effect != Effect::Keeps).unwrap_or(0);
        let (place, found) = (Place::layer(other), self.sizes[other].effect.to_string());
        Err(NetworkError::NotBisel { place, found })
    }

    /// [`apply`](Self::apply) for many inputs of any sizes that the network reads, by an engine whose
    /// threads claim them one by one.
    ///
    /// # Errors
    /// As [`apply`](Self::apply), for the first input that is not right.
    pub fn apply_batch(
        &self,
        engine: &Engine,
        batch: &[Vec<BitImage>],
    ) -> Result<Vec<Vec<BitImage>>, NetworkError> {
        self.refuse_classifier()?;
        Ok(self.run(engine, batch)?.into_images().into_iter().map(Cow::into_owned).collect())
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

    /// The classes of many inputs, as [`Network::classify`], whatever the batch and the engine.
    ///
    /// # Errors
    /// Those of [`scores_batch`](Self::scores_batch).
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

    /// The plan's steps, and for those of BiSEL layers what they cost a pixel, and how an engine runs
    /// them on images of a size, as [`Plan::describe`].
    pub fn describe(&self, engine: &Engine, size: (usize, usize)) -> String {
        let mut size = size;
        let mut texts = Vec::new();
        for step in &self.steps {
            texts.push(step.describe(engine, size));
            size = step.output_size(size);
        }
        texts.extend(self.scores_text());
        texts.join("\n")
    }

    /// What the scores of a classifier read; the outputs of another network.
    pub(crate) fn features(&self, images: &[BitImage]) -> Result<Vec<BitImage>, NetworkError> {
        let batch = [images];
        let mut outputs = self.run(&Engine::default(), &batch)?.into_images();
        Ok(outputs.remove(0).into_owned())
    }

    /// Runs all layers but scores.
    fn run<'a>(
        &self,
        engine: &Engine,
        batch: &'a [impl AsRef<[BitImage]>],
    ) -> Result<Batch<'a>, NetworkError> {
        for images in batch {
            let sizes = images.as_ref().iter().map(BitImage::size);
            check_image_size(&self.sizes, common_size(self.inputs(), sizes)?)?;
        }
        let samples = batch.iter().map(|images| Cow::Borrowed(images.as_ref())).collect();
        let steps = self.steps.iter();
        Ok(steps.fold(Batch::Images(samples), |batch, step| step.run(engine, batch)))
    }

    fn inputs(&self) -> usize {
        self.sizes.first().map_or(0, |first| first.inputs)
    }

    fn check_one_to_one(&self) -> Result<(), NetworkError> {
        self.refuse_classifier()?;
        match (self.inputs(), self.sizes.last().map_or(0, |last| last.outputs)) {
            (1, 1) => Ok(()),
            (inputs, outputs) => Err(NetworkError::NotOneToOne { inputs, outputs }),
        }
    }

    fn scores_text(&self) -> Option<String> {
        let layer = self.scores.as_ref()?;
        Some(format!("scores: {} inputs, {} classes", layer.inputs(), layer.classes()))
    }

    fn refuse_classifier(&self) -> Result<(), NetworkError> {
        refuse_classifier(self.scores.as_ref().map(ScoreLayer::classes))
    }
}

impl fmt::Display for NetworkPlan {
    /// The steps one after the other, those of BiSEL layers as a [`Plan`] prints them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let steps = self.steps.iter().map(Step::to_string);
        f.write_str(&steps.chain(self.scores_text()).collect::<Vec<_>>().join("\n"))
    }
}
