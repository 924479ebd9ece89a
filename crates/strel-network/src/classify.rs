//! Networks that end with scores.

use strel_image::BitImage;

use crate::scores::best_class;
use crate::{FloatNetwork, Network, NetworkError, Plane, Scores};

impl FloatNetwork {
    /// The scores W.x - b of a classifier for one plane a channel, one a class, computed in `f64`.
    ///
    /// # Errors
    /// [`NetworkError::NoClassifier`], [`NetworkError::ImageCount`], [`NetworkError::ImageSize`],
    /// [`NetworkError::InputSize`].
    ///
    /// # Cost
    /// That of [`forward`](Self::forward).
    pub fn scores(&self, inputs: &[Plane]) -> Result<Vec<f64>, NetworkError> {
        let layer = classifier(self.scores_layer())?;
        Ok(layer.values(&values(&self.features(inputs)?)))
    }

    /// As [`scores`](Self::scores) with every neuron thresholded, as in
    /// [`forward_hard`](Self::forward_hard).
    ///
    /// # Errors
    /// Those of [`scores`](Self::scores).
    pub fn scores_hard(&self, inputs: &[BitImage]) -> Result<Vec<f64>, NetworkError> {
        let layer = classifier(self.scores_layer())?;
        Ok(layer.values(&bits(&self.features_hard(inputs)?)))
    }

    /// The class with the largest of the [`scores`](Self::scores), counted from 0; the first of them
    /// in a tie.
    ///
    /// # Errors
    /// Those of [`scores`](Self::scores).
    pub fn classify(&self, inputs: &[Plane]) -> Result<usize, NetworkError> {
        Ok(best_class(&self.scores(inputs)?))
    }

    /// [`classify`](Self::classify) of many samples.
    ///
    /// # Errors
    /// Those of [`scores`](Self::scores), for the first sample that is not right.
    pub fn classify_batch(
        &self,
        samples: &[impl AsRef<[Plane]>],
    ) -> Result<Vec<usize>, NetworkError> {
        let layer = classifier(self.scores_layer())?;
        let class = |planes: &Vec<Plane>| best_class(&layer.values(&values(planes)));
        Ok(self.features_batch(samples)?.iter().map(class).collect())
    }

    /// As [`classify_batch`](Self::classify_batch) with every neuron thresholded, as in
    /// [`scores_hard`](Self::scores_hard).
    ///
    /// # Errors
    /// Those of [`classify_batch`](Self::classify_batch).
    pub fn classify_hard_batch(
        &self,
        samples: &[impl AsRef<[BitImage]>],
    ) -> Result<Vec<usize>, NetworkError> {
        let layer = classifier(self.scores_layer())?;
        let class = |images: &Vec<BitImage>| best_class(&layer.values(&bits(images)));
        Ok(self.features_hard_batch(samples)?.iter().map(class).collect())
    }
}

impl Network {
    /// The scores W.x - b of a classifier for one image a channel, one a class, computed in `f64`.
    ///
    /// They are those of the float network with hard thresholds, if every neuron equals its operator
    /// on binary inputs: the same bits.
    ///
    /// # Errors
    /// [`NetworkError::NoClassifier`], [`NetworkError::ImageCount`], [`NetworkError::ImageSize`],
    /// [`NetworkError::InputSize`].
    ///
    /// # Cost
    /// That of [`apply`](Self::apply), and one addition a weight of the last layer.
    ///
    /// ```
    /// use strel_image::{BitImage, Border};
    /// use strel_network::{Layer, Network, Scores, Shape};
    ///
    /// // The first class counts pixels of the upper row, the second one those of the lower row.
    /// let scores = Scores {
    ///     inputs: Shape { channels: 1, height: 2, width: 2 },
    ///     classes: 2,
    ///     weights: vec![1.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0, 1.0],
    ///     bias: vec![0.0, 0.5],
    /// };
    /// let network = Network::new(Border::Zero, vec![Layer::Scores(scores)])?;
    /// let image: BitImage = ".#\n##".parse()?;
    /// assert_eq!(network.scores(std::slice::from_ref(&image))?, [1.0, 1.5]);
    /// assert_eq!(network.classify(&[image])?, 1);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn scores(&self, images: &[BitImage]) -> Result<Vec<f64>, NetworkError> {
        let layer = classifier(self.scores_layer())?;
        Ok(layer.values(&bits(&self.plan().features(images)?)))
    }

    /// The class with the largest of the [`scores`](Self::scores), counted from 0; the first of them
    /// in a tie.
    ///
    /// # Errors
    /// Those of [`scores`](Self::scores).
    pub fn classify(&self, images: &[BitImage]) -> Result<usize, NetworkError> {
        Ok(best_class(&self.scores(images)?))
    }
}

fn classifier(scores: Option<&Scores>) -> Result<&Scores, NetworkError> {
    scores.ok_or(NetworkError::NoClassifier)
}

/// Refuses a classifier, of so many classes, for what gives images.
pub(crate) fn refuse_classifier(classes: Option<usize>) -> Result<(), NetworkError> {
    classes.map_or(Ok(()), |classes| Err(NetworkError::Classifier { classes }))
}

/// All values, channel by channel.
fn values(planes: &[Plane]) -> Vec<f64> {
    planes.iter().flat_map(Plane::values).copied().collect()
}

/// All pixels as 0 and 1, channel by channel.
fn bits(images: &[BitImage]) -> Vec<f64> {
    images.iter().flat_map(BitImage::pixels).map(f64::from).collect()
}
