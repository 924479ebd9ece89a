//! Images with labels: MNIST, Fashion-MNIST and CIFAR-10.

use std::path::{Path, PathBuf};

use strel_image::BitImage;

use super::Idx;
use crate::TrainError;

/// Images of one size, grey or of several components such as colours, with a label each.
#[derive(Clone, Debug, PartialEq)]
pub struct LabelledImages {
    size: (usize, usize),
    components: usize,
    /// `[images, components, rows, columns]`.
    pixels: Vec<u8>,
    labels: Vec<u8>,
}

/// How a grey image becomes a binary one. The image is resized first: each pixel takes the level of
/// the nearest pixel of the original, centre to centre. Levels from the threshold on are foreground.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Thresholding {
    /// The lowest level of the foreground.
    pub threshold: u8,
    /// Rows and columns of the binary image.
    pub size: usize,
    /// Whether foreground and background are exchanged in the end.
    pub inverted: bool,
}

impl LabelledImages {
    /// Reads images and labels from two IDX files, gzipped or not.
    ///
    /// # Errors
    /// Those of [`Idx::load`]; there is no image or no pixel, or more images than labels, or fewer.
    pub fn load(images: &Path, labels: &Path) -> Result<Self, TrainError> {
        let Idx { shape, elements: pixels } = Idx::load(images, 3)?;
        let Idx { elements: labels_read, .. } = Idx::load(labels, 1)?;
        if pixels.is_empty() {
            let sides = shape.iter().map(usize::to_string).collect::<Vec<_>>().join(" x ");
            let file = images.display();
            return Err(TrainError::Data(format!("{file}: {sides} pixels; expected some")));
        }
        if shape[0] != labels_read.len() {
            return Err(TrainError::Data(format!(
                "{} has {} images, and {} has {} labels; expected one for each",
                images.display(),
                shape[0],
                labels.display(),
                labels_read.len()
            )));
        }
        Ok(Self::new((shape[1], shape[2]), 1, pixels, labels_read))
    }

    /// Images of levels `[images, components, rows, columns]`.
    ///
    /// # Panics
    /// There are no images, or not as many as labels.
    pub fn new(size: (usize, usize), components: usize, pixels: Vec<u8>, labels: Vec<u8>) -> Self {
        let image = size.0 * size.1 * components;
        assert!(image > 0 && !labels.is_empty() && pixels.len() == image * labels.len());
        LabelledImages { size, components, pixels, labels }
    }

    /// Reads one of the two sets of a folder in which files have the names of MNIST,
    /// `SET-images-idx3-ubyte` and `SET-labels-idx1-ubyte`, with `.gz` or without; the sets are
    /// `train` and `t10k`.
    ///
    /// # Errors
    /// A file is not there, or those of [`load`](Self::load).
    ///
    /// ```
    /// use strel_train::data::{LabelledImages, Thresholding};
    ///
    /// // A picture of 1 x 2 pixels, the digit 7.
    /// let folder = tempfile::tempdir()?;
    /// let images = [0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 2, 10, 255];
    /// std::fs::write(folder.path().join("train-images-idx3-ubyte"), images)?;
    /// let labels = [0, 0, 8, 1, 0, 0, 0, 1, 7];
    /// std::fs::write(folder.path().join("train-labels-idx1-ubyte"), labels)?;
    ///
    /// let set = LabelledImages::load_set(folder.path(), "train")?;
    /// assert_eq!((set.len(), set.label(0), set.levels(0)), (1, 7, &[10, 255][..]));
    /// let square = Thresholding { threshold: 30, size: 4, inverted: false };
    /// assert_eq!(set.image(0, &square), "
    ///     ..##
    ///     ..##
    ///     ..##
    ///     ..##
    /// ".parse()?);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn load_set(folder: &Path, set: &str) -> Result<Self, TrainError> {
        let [images, labels] = Self::files_of_set(folder, set)?;
        Self::load(&images, &labels)
    }

    /// The files of the images and of the labels that [`load_set`](Self::load_set) reads.
    ///
    /// # Errors
    /// One is not there.
    pub fn files_of_set(folder: &Path, set: &str) -> Result<[PathBuf; 2], TrainError> {
        let images = find(folder, &format!("{set}-images-idx3-ubyte"))?;
        let labels = find(folder, &format!("{set}-labels-idx1-ubyte"))?;
        Ok([images, labels])
    }

    /// The number of images.
    #[expect(clippy::len_without_is_empty, reason = "there is at least one")]
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Rows and columns of an image.
    pub fn size(&self) -> (usize, usize) {
        self.size
    }

    /// The number of components of an image: 1 of a grey one.
    pub fn components(&self) -> usize {
        self.components
    }

    /// The label of an image.
    ///
    /// # Panics
    /// There is no such image.
    pub fn label(&self, index: usize) -> u8 {
        self.labels[index]
    }

    /// The levels of an image, component after component, row by row; in MNIST, 0 is paper and 255 is
    /// ink.
    ///
    /// # Panics
    /// There is no such image.
    pub fn levels(&self, index: usize) -> &[u8] {
        let image = self.size.0 * self.size.1 * self.components;
        &self.pixels[index * image..][..image]
    }

    /// A level set of a component of an image: the pixels of this level and above.
    ///
    /// # Panics
    /// There is no such image or component.
    pub fn level_set(&self, index: usize, component: usize, level: u8) -> BitImage {
        let (height, width) = self.size;
        let levels = &self.levels(index)[component * height * width..][..height * width];
        BitImage::level_set(height, width, levels, level).expect("there is a level a pixel")
    }

    /// An image, its first component, as a binary one.
    ///
    /// # Panics
    /// There is no such image.
    pub fn image(&self, index: usize, by: &Thresholding) -> BitImage {
        let (height, width) = self.size;
        let levels = self.levels(index);
        BitImage::from_fn(by.size, by.size, |row, col| {
            let level =
                levels[nearest(row, by.size, height) * width + nearest(col, by.size, width)];
            (level >= by.threshold) != by.inverted
        })
    }
}

/// The pixel of `original` pixels whose centre is nearest to that of pixel `at` of `resized`.
fn nearest(at: usize, resized: usize, original: usize) -> usize {
    (2 * at + 1) * original / (2 * resized)
}

fn find(folder: &Path, name: &str) -> Result<PathBuf, TrainError> {
    let files = [folder.join(format!("{name}.gz")), folder.join(name)];
    files.into_iter().find(|file| file.is_file()).ok_or_else(|| {
        TrainError::Data(format!(
            "folder {} has no file {name}.gz or {name}; expected the files of MNIST or Fashion-MNIST",
            folder.display()
        ))
    })
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn resizing_keeps_and_repeats_pixels_evenly() {
        let row = |resized, original| -> Vec<usize> {
            (0..resized).map(|at| nearest(at, resized, original)).collect()
        };
        assert_eq!(row(3, 3), [0, 1, 2]);
        assert_eq!(row(6, 3), [0, 0, 1, 1, 2, 2]);
        assert_eq!(row(2, 4), [1, 3]);
        let grown = row(50, 28);
        assert_eq!((grown[0], grown[49]), (0, 27));
        assert!((0..28).all(|pixel| grown.contains(&pixel)));
    }
}
