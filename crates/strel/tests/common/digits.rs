//! Files of the form of MNIST.

use std::fs;
use std::path::Path;

/// Writes 40 random images and their labels into `mnist`, for training and for tests.
pub fn write_digits(data: &Path) {
    let folder = data.join("mnist");
    fs::create_dir_all(&folder).unwrap();
    for set in ["train", "t10k"] {
        let pixels: Vec<u8> =
            (0..40 * 784u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
        let images = [&[0, 0, 8, 3, 0, 0, 0, 40, 0, 0, 0, 28, 0, 0, 0, 28][..], &pixels].concat();
        fs::write(folder.join(format!("{set}-images-idx3-ubyte")), images).unwrap();
        let labels: Vec<u8> = (0..40).map(|image| image % 10).collect();
        let labels = [&[0, 0, 8, 1, 0, 0, 0, 40][..], &labels].concat();
        fs::write(folder.join(format!("{set}-labels-idx1-ubyte")), labels).unwrap();
    }
}
