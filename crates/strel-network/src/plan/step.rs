//! The steps of a plan.

use std::borrow::Cow;
use std::fmt;

use strel_image::dense::SetLayer;
use strel_image::{BitImage, Engine, Plan, max_pool};

use super::batch::Batch;

/// What is run at once.
#[derive(Clone, Debug)]
pub(super) enum Step {
    Bisels(Plan),
    MaxPool,
    Dense(SetLayer),
}

impl Step {
    pub(super) fn run<'a>(&self, engine: &Engine, batch: Batch<'a>) -> Batch<'a> {
        match self {
            Self::Bisels(plan) => {
                let samples = batch.into_images();
                let inputs: Vec<Vec<&BitImage>> =
                    samples.iter().map(|images| images.iter().collect()).collect();
                let outputs = plan.run_batch(engine, &inputs).expect("the images were checked");
                Batch::Images(outputs.into_iter().map(Cow::Owned).collect())
            }
            Self::MaxPool => {
                let pool = |images: Cow<[BitImage]>| images.iter().map(max_pool).collect();
                Batch::Images(batch.into_images().into_iter().map(pool).collect())
            }
            Self::Dense(layer) => {
                let rows = batch.into_rows(layer.inputs());
                Batch::Rows(layer.run(engine, &rows).expect("a row has all inputs of the layer"))
            }
        }
    }

    /// What the step does to images of a size.
    pub(super) fn describe(&self, engine: &Engine, size: (usize, usize)) -> String {
        match self {
            Self::Bisels(plan) => plan.describe(engine, size),
            _ => self.to_string(),
        }
    }

    /// Height and width of what becomes of images of a size.
    pub(super) fn output_size(&self, (height, width): (usize, usize)) -> (usize, usize) {
        match self {
            Self::Bisels(_) => (height, width),
            Self::MaxPool => (height / 2, width / 2),
            Self::Dense(_) => (1, 1),
        }
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bisels(plan) => plan.fmt(f),
            Self::MaxPool => write!(f, "2x2 max-pool"),
            Self::Dense(layer) => {
                write!(f, "dense layer: {} inputs, {} neurons", layer.inputs(), layer.outputs())
            }
        }
    }
}
