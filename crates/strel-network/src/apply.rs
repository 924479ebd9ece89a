//! Running a binarized network on packed images.

use strel_image::BitImage;

use crate::{Network, NetworkError};

impl Network {
    /// The network's output channels for one image a channel. They have the size of the input,
    /// halved by each max-pool; behind a dense layer it is one pixel. Who has several inputs makes
    /// the [`plan`](Self::plan) once.
    ///
    /// # Errors
    /// [`NetworkError::ImageCount`], [`NetworkError::ImageSize`], [`NetworkError::InputSize`], and
    /// [`NetworkError::Classifier`] for a network that ends with scores.
    ///
    /// # Cost
    /// Making the plan, and height * width / 64 times its operations a word.
    pub fn apply(&self, images: &[BitImage]) -> Result<Vec<BitImage>, NetworkError> {
        self.plan().apply(images)
    }

    /// [`apply`](Self::apply) for a network of one input and one output channel.
    ///
    /// # Errors
    /// [`NetworkError::NotOneToOne`] for another network, and those of [`apply`](Self::apply).
    pub fn apply_one(&self, image: &BitImage) -> Result<BitImage, NetworkError> {
        self.plan().apply_one(image)
    }
}
