//! TIFF files of samples of every kind, against a naive reading of what was written.

use std::io::Write;

use flate2::write::ZlibEncoder;
use proptest::prelude::*;
use strel_image::files::Pages;
use weezl::BitOrder;

use super::tiff::{TiffPage, bytes_of_bits, tiff_of_pages};

/// How samples are stored.
#[derive(Clone, Debug)]
struct Layout {
    size: (usize, usize),
    bits: usize,
    /// White is zero, black is zero, RGB, palette.
    photometric: u32,
    /// Unspecified, premultiplied or straight alpha.
    extra: Vec<u32>,
    planar: bool,
    /// Sides of 16 or 32 pixels.
    tile: Option<(usize, usize)>,
    rows_a_strip: usize,
    /// None, LZW, deflate, PackBits.
    code: u32,
    differences: bool,
    reversed: bool,
    big_endian: bool,
}

impl Layout {
    fn colours(&self) -> usize {
        if self.photometric == 2 { 3 } else { 1 }
    }

    fn samples(&self) -> usize {
        self.colours() + self.extra.len()
    }

    fn max(&self) -> u32 {
        (1 << self.bits) - 1
    }

    /// The bytes of a part of a row: samples of the pixels that lie in the image, zeros elsewhere.
    fn row(&self, sample: impl Fn(usize) -> u32, count: usize, together: usize) -> Vec<u8> {
        let mut values: Vec<u32> = (0..count).map(sample).collect();
        if self.differences {
            for index in (together..count).rev() {
                values[index] = values[index].wrapping_sub(values[index - together]) & self.max();
            }
        }
        if self.bits == 16 && !self.big_endian {
            return values.iter().flat_map(|&value| (value as u16).to_le_bytes()).collect();
        }
        let bits = self.bits;
        bytes_of_bits(&values.iter().map(|value| format!("{value:0bits$b}")).collect::<String>())
    }

    fn encode(&self, bytes: &[u8]) -> Vec<u8> {
        let mut code = match self.code {
            5 => weezl::encode::Encoder::with_tiff_size_switch(BitOrder::Msb, 8)
                .encode(bytes)
                .unwrap(),
            8 => {
                let mut encoder = ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
                encoder.write_all(bytes).unwrap();
                encoder.finish().unwrap()
            }
            32773 => pack_bits(bytes),
            _ => bytes.to_vec(),
        };
        if self.reversed {
            code.iter_mut().for_each(|byte| *byte = byte.reverse_bits());
        }
        code
    }

    /// The file of an image whose pixels are one after the other.
    fn file(&self, pixels: &[u32], palette: &[u32]) -> Vec<u8> {
        let (height, width) = self.size;
        let (rows, cols) = self.tile.unwrap_or((self.rows_a_strip.min(height), width));
        let planes = if self.planar { self.samples() } else { 1 };
        let together = self.samples() / planes;
        let mut chunks = Vec::new();
        for plane in 0..planes {
            for top in (0..height).step_by(rows) {
                for left in (0..width).step_by(cols) {
                    let bottom =
                        if self.tile.is_some() { top + rows } else { height.min(top + rows) };
                    let part = (top..bottom).flat_map(|row| {
                        let sample = |index: usize| {
                            let col = left + index / together;
                            if row >= height || col >= width {
                                return 0;
                            }
                            pixels[(row * width + col) * self.samples() + plane + index % together]
                        };
                        self.row(sample, cols * together, together)
                    });
                    chunks.push(self.encode(&part.collect::<Vec<_>>()));
                }
            }
        }
        let mut tags = vec![
            (256, vec![width as u32]),
            (257, vec![height as u32]),
            (258, vec![self.bits as u32; self.samples()]),
            (259, vec![self.code]),
            (262, vec![self.photometric]),
            (266, vec![if self.reversed { 2 } else { 1 }]),
            (277, vec![self.samples() as u32]),
            (284, vec![if self.planar { 2 } else { 1 }]),
            (317, vec![if self.differences { 2 } else { 1 }]),
        ];
        match self.tile {
            Some((rows, cols)) => tags.extend([(322, vec![cols as u32]), (323, vec![rows as u32])]),
            None => tags.push((278, vec![self.rows_a_strip as u32])),
        }
        if !self.extra.is_empty() {
            tags.push((338, self.extra.clone()));
        }
        if self.photometric == 3 {
            tags.push((320, palette.to_vec()));
        }
        tiff_of_pages(&[TiffPage { tags, chunks }], self.big_endian)
    }

    /// The levels of the colours of a pixel.
    fn levels(&self, pixel: &[u32], palette: &[u32]) -> Vec<u8> {
        let max = self.max();
        let alpha = self.extra.iter().position(|&kind| kind > 0);
        let level = |&sample: &u32| {
            let sample = if self.photometric == 0 { max - sample } else { sample };
            let shown = match alpha.map(|index| (self.extra[index], pixel[self.colours() + index]))
            {
                Some((1, alpha)) => max.min(sample + max - alpha),
                Some((_, alpha)) => (sample * alpha + max * (max - alpha)) / max,
                None => sample,
            };
            match shown {
                0 => 0,
                shown if shown == max => 255,
                shown => (shown * 255 / max).clamp(1, 254) as u8,
            }
        };
        if self.photometric == 3 {
            let places = 1 << self.bits;
            return [0, 1, 2]
                .map(|plane| (palette[plane * places + pixel[0] as usize] >> 8) as u8)
                .to_vec();
        }
        pixel[..self.colours()].iter().map(level).collect()
    }
}

/// A byte before each run of bytes that are alike, or of up to three others.
fn pack_bits(bytes: &[u8]) -> Vec<u8> {
    let mut code = Vec::new();
    let mut rest = bytes;
    while let Some(&first) = rest.first() {
        let run = rest.iter().take(128).take_while(|&&byte| byte == first).count();
        if run > 1 {
            code.extend([(257 - run) as u8, first]);
            rest = &rest[run..];
        } else {
            let literal = rest.len().min(3);
            code.push(literal as u8 - 1);
            code.extend(&rest[..literal]);
            // A byte that says nothing.
            code.push(128);
            rest = &rest[literal..];
        }
    }
    code
}

fn layouts() -> impl Strategy<Value = Layout> {
    let sizes = (1..40usize, 1..40usize);
    let kinds = (
        prop::sample::select(vec![1, 2, 3, 4, 7, 8, 8, 16, 16]),
        0..4u32,
        prop::collection::vec(0..3u32, 0..3),
    );
    let tiles =
        prop::option::of((prop::sample::select(vec![16, 32]), prop::sample::select(vec![16, 48])));
    let codes = prop::sample::select(vec![1, 5, 8, 32773]);
    let flags = any::<[bool; 4]>();
    (sizes, kinds, tiles, 1..9usize, codes, flags).prop_map(
        |(size, (bits, photometric, mut extra), tile, rows_a_strip, code, flags)| {
            let [planar, differences, reversed, big_endian] = flags;
            if photometric == 3 {
                // A palette goes without transparency.
                extra.fill(0);
            }
            let bits = if photometric == 3 { bits.min(8) } else { bits };
            let differences = differences && matches!(code, 5 | 8) && matches!(bits, 8 | 16);
            Layout {
                size,
                bits,
                photometric,
                extra,
                planar,
                tile,
                rows_a_strip,
                code,
                differences,
                reversed,
                big_endian,
            }
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn samples_of_every_kind_are_read_by_value(layout in layouts(), seed in any::<u32>()) {
        let mut state = seed | 1;
        let mut random = |most: u32| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 8) % (most + 1)
        };
        let (height, width) = layout.size;
        let count = height * width * layout.samples();
        let pixels: Vec<u32> = (0..count).map(|_| random(layout.max())).collect();
        let palette: Vec<u32> = (0..3usize << layout.bits.min(8)).map(|_| random(65535)).collect();
        let file = layout.file(&pixels, &palette);
        let planes = Pages::of_bytes("file", &file).unwrap().read_grey(0).unwrap().image;
        for (index, pixel) in pixels.chunks(layout.samples()).enumerate() {
            let expected = layout.levels(pixel, &palette);
            let found: Vec<u8> = planes.iter().map(|plane| plane.levels()[index]).collect();
            let equal = found == expected || found.len() == 1 && expected.iter().all(|level| *level == found[0]);
            prop_assert!(equal, "pixel {index}: {found:?}, expected {expected:?}");
        }
    }
}
