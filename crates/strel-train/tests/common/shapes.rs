//! A small set of labelled images, in files of the form of MNIST.

use std::fs;
use std::path::Path;

/// Writes 300 training and 60 test images of 8x8 pixels: rows (class 0), columns (1) and squares (2)
/// of 180 or more on a ground of at most 60.
pub fn write_shapes(folder: &Path) {
    fs::create_dir_all(folder).unwrap();
    for (set, count, first) in [("train", 300, 0), ("t10k", 60, 300)] {
        let images: Vec<(usize, Vec<u8>)> = (first..first + count).map(shape).collect();
        let pixels: Vec<u8> = images.iter().flat_map(|(_, pixels)| pixels.clone()).collect();
        let classes: Vec<u8> = images.iter().map(|(class, _)| *class as u8).collect();
        let write = |name: &str, sides: &[u32], elements: &[u8]| {
            let header = [0, 0, 8, sides.len() as u8];
            let sides: Vec<u8> = sides.iter().flat_map(|side| side.to_be_bytes()).collect();
            let bytes = [&header[..], &sides, elements].concat();
            fs::write(folder.join(format!("{set}-{name}")), bytes).unwrap();
        };
        write("images-idx3-ubyte", &[count as u32, 8, 8], &pixels);
        write("labels-idx1-ubyte", &[count as u32], &classes);
    }
}

/// The class and the pixels of an image.
fn shape(index: usize) -> (usize, Vec<u8>) {
    let (class, row, col) = (index % 3, index / 3 % 6, index / 18 % 6);
    let inside = |y: usize, x: usize| match class {
        0 => y == row && (col..col + 3).contains(&x),
        1 => x == col && (row..row + 3).contains(&y),
        _ => (row..row + 2).contains(&y) && (col..col + 2).contains(&x),
    };
    let level = |y: usize, x: usize| {
        let grain = ((index * 31 + y * 17 + x * 7) % 60) as u8;
        if inside(y, x) { 180 + grain } else { grain }
    };
    (class, (0..64).map(|pixel| level(pixel / 8, pixel % 8)).collect())
}
