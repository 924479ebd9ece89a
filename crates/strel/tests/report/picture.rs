//! Screenshots, and how much they differ.

use std::fs::File;
use std::io::{BufReader, BufWriter};
use std::path::Path;

/// A grey picture.
pub struct Picture {
    width: usize,
    levels: Vec<u8>,
}

impl Picture {
    /// Reads a PNG of grey or coloured pixels.
    pub fn read(file: &Path) -> Self {
        let opened = File::open(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let mut reader = png::Decoder::new(BufReader::new(opened)).read_info().unwrap();
        let mut bytes = vec![0; reader.output_buffer_size().unwrap()];
        let frame = reader.next_frame(&mut bytes).unwrap();
        let samples = frame.color_type.samples();
        let colours = samples.min(3);
        let grey =
            |pixel: &[u8]| pixel[..colours].iter().map(|&level| u32::from(level)).sum::<u32>();
        let pixels = bytes[..frame.buffer_size()].chunks_exact(samples);
        let levels = pixels.map(|pixel| (grey(pixel) / colours as u32) as u8).collect();
        Picture { width: frame.width as usize, levels }
    }

    pub fn write(&self, file: &Path) {
        let height = self.levels.len() / self.width;
        let file = BufWriter::new(File::create(file).unwrap());
        let mut encoder = png::Encoder::new(file, self.width as u32, height as u32);
        encoder.set_compression(png::Compression::High);
        encoder.write_header().unwrap().write_image_data(&self.levels).unwrap();
    }

    /// Its upper left part.
    pub fn cut(&self, width: usize, height: usize) -> Self {
        let rows = self.levels.chunks_exact(self.width).take(height);
        Picture { width, levels: rows.flat_map(|row| row[..width].iter().copied()).collect() }
    }

    /// The means of squares of `side` pixels; what is left over at the right and below is left out.
    pub fn coarse(&self, side: usize) -> Self {
        let (width, height) = (self.width / side, self.levels.len() / self.width / side);
        let mean = |place: usize| {
            let (top, left) = (place / width * side, place % width * side);
            let row = |row: usize| &self.levels[row * self.width + left..][..side];
            let sum: usize = (top..top + side).flat_map(row).map(|&level| usize::from(level)).sum();
            (sum / (side * side)) as u8
        };
        Picture { width, levels: (0..width * height).map(mean).collect() }
    }

    /// The mean level, 0 to 255.
    pub fn mean(&self) -> f64 {
        self.levels.iter().map(|&level| f64::from(level)).sum::<f64>() / self.levels.len() as f64
    }

    /// The mean difference of levels, 0 to 255.
    pub fn difference(&self, other: &Self) -> f64 {
        assert_eq!((self.width, self.levels.len()), (other.width, other.levels.len()));
        let pairs = self.levels.iter().zip(&other.levels);
        pairs.map(|(a, b)| f64::from(a.abs_diff(*b))).sum::<f64>() / self.levels.len() as f64
    }
}
