//! JPEG files of every sampling, scan by scan.

use strel_image::BitImage;
use strel_image::files::{Foreground, decode};

use super::options;

/// A JPEG file of blocks of 8x8 pixels that are black or white each.
pub(super) struct Jpeg {
    pub size: (usize, usize),
    /// Columns and rows of blocks of each component, luma first, in a unit of the file.
    pub samplings: Vec<(usize, usize)>,
    /// The components of each scan.
    pub scans: Vec<Vec<usize>>,
    /// What stands before the image: markers and their segments.
    pub segments: Vec<(u8, Vec<u8>)>,
}

/// Whether a block of the luma is black.
fn is_black(row: usize, col: usize) -> bool {
    (row * 5 + col * 3 + row * col) % 4 < 2
}

impl Jpeg {
    pub fn grey(size: (usize, usize)) -> Self {
        Jpeg { size, samplings: vec![(1, 1)], scans: vec![vec![0]], segments: Vec::new() }
    }

    fn largest(&self) -> (usize, usize) {
        let across = self.samplings.iter().map(|sampling| sampling.0).max().unwrap();
        (across, self.samplings.iter().map(|sampling| sampling.1).max().unwrap())
    }

    /// Which pixels are black.
    pub fn black(&self) -> BitImage {
        let ((across, down), (luma_across, luma_down)) = (self.largest(), self.samplings[0]);
        let (height, width) = self.size;
        BitImage::from_fn(height, width, |row, col| {
            is_black(row * luma_down / down / 8, col * luma_across / across / 8)
        })
    }

    pub fn bytes(&self) -> Vec<u8> {
        let mut bytes = vec![0xff, 0xd8];
        let mut segment = |marker: u8, content: &[u8]| {
            bytes.extend([0xff, marker]);
            bytes.extend((content.len() as u16 + 2).to_be_bytes());
            bytes.extend(content);
        };
        for (marker, content) in &self.segments {
            segment(*marker, content);
        }
        // All steps of quantization are 1.
        segment(0xdb, &[&[0][..], &[1; 64]].concat());
        let mut frame = vec![8];
        frame.extend((self.size.0 as u16).to_be_bytes());
        frame.extend((self.size.1 as u16).to_be_bytes());
        frame.push(self.samplings.len() as u8);
        for (index, (across, down)) in self.samplings.iter().enumerate() {
            frame.extend([index as u8 + 1, (across * 16 + down) as u8, 0]);
        }
        segment(0xc0, &frame);
        // Levels are coded by their number of bits, in 4 bits; what is not level, which is nothing, by a 0.
        let mut lengths = [0; 16];
        lengths[3] = 12;
        segment(0xc4, &[&[0x00][..], &lengths, &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]].concat());
        lengths = [0; 16];
        lengths[0] = 1;
        segment(0xc4, &[&[0x10][..], &lengths, &[0]].concat());
        for scan in &self.scans {
            let mut header = vec![scan.len() as u8];
            scan.iter().for_each(|&component| header.extend([component as u8 + 1, 0]));
            header.extend([0, 63, 0]);
            bytes.extend([0xff, 0xda]);
            bytes.extend((header.len() as u16 + 2).to_be_bytes());
            bytes.extend(header);
            bytes.extend(self.code(scan));
        }
        bytes.extend([0xff, 0xd9]);
        bytes
    }

    /// The code of a scan.
    fn code(&self, scan: &[usize]) -> Vec<u8> {
        let (across, down) = self.largest();
        let (height, width) = self.size;
        let mut bits = String::new();
        let mut last = [0; 3];
        let mut block = |component: usize, row: usize, col: usize| {
            let level = match component {
                0 if is_black(row, col) => 0,
                0 => 255,
                _ => 128,
            };
            let value = 8 * (level - 128);
            let step: i32 = value - std::mem::replace(&mut last[component], value);
            let length = (32 - step.unsigned_abs().leading_zeros()) as usize;
            bits += &format!("{length:04b}");
            if length > 0 {
                let shown = if step > 0 { step } else { step + (1 << length) - 1 };
                bits += &format!("{shown:0length$b}");
            }
            bits.push('0');
        };
        if let &[component] = scan {
            // A component alone has no more blocks than its pixels need.
            let (own_across, own_down) = self.samplings[component];
            let (rows, cols) = (
                (height * own_down).div_ceil(down).div_ceil(8),
                (width * own_across).div_ceil(across).div_ceil(8),
            );
            for row in 0..rows {
                (0..cols).for_each(|col| block(component, row, col));
            }
        } else {
            for unit_row in 0..height.div_ceil(8 * down) {
                for unit_col in 0..width.div_ceil(8 * across) {
                    for &component in scan {
                        let (own_across, own_down) = self.samplings[component];
                        for index in 0..own_across * own_down {
                            let row = unit_row * own_down + index / own_across;
                            block(component, row, unit_col * own_across + index % own_across);
                        }
                    }
                }
            }
        }
        bits += &"1".repeat(bits.len().next_multiple_of(8) - bits.len());
        let bytes = super::tiff::bytes_of_bits(&bits);
        bytes
            .into_iter()
            .flat_map(|byte| if byte == 255 { vec![255, 0] } else { vec![byte] })
            .collect()
    }
}

#[test]
fn every_sampling_and_order_of_scans_is_read() {
    let samplings = [
        [(1, 1), (1, 1), (1, 1)],
        [(2, 1), (1, 1), (1, 1)],
        [(1, 2), (1, 1), (1, 1)],
        [(2, 2), (1, 1), (1, 1)],
        [(4, 1), (1, 1), (1, 1)],
        [(2, 2), (2, 1), (1, 2)],
        // Luma that is coarser than chroma.
        [(1, 1), (2, 2), (2, 2)],
        [(1, 1), (2, 1), (1, 2)],
        [(2, 1), (1, 2), (1, 1)],
    ];
    let orders: [&[&[usize]]; 6] = [
        &[&[0, 1, 2]],
        &[&[0], &[1], &[2]],
        &[&[2], &[1], &[0]],
        &[&[1], &[0], &[2]],
        &[&[0], &[1, 2]],
        &[&[0, 1], &[2]],
    ];
    for size in [(16, 16), (33, 50), (7, 13)] {
        for samplings in samplings {
            for order in orders {
                let scans = order.iter().map(|scan| scan.to_vec()).collect();
                let segments = Vec::new();
                let jpeg = Jpeg { size, samplings: samplings.to_vec(), scans, segments };
                let read = decode(&jpeg.bytes(), &options(Foreground::Black, Some(128)));
                let read =
                    read.unwrap_or_else(|problem| panic!("{samplings:?} {order:?}: {problem}"));
                assert_eq!(read, jpeg.black(), "{size:?} {samplings:?} {order:?}");
            }
        }
    }
}

#[test]
fn grey_files_are_read_without_a_threshold_if_they_are_black_and_white() {
    let jpeg = Jpeg::grey((20, 30));
    assert_eq!(decode(&jpeg.bytes(), &Default::default()).unwrap(), jpeg.black());
}

#[test]
fn truncated_and_changed_files_do_not_panic() {
    let samplings = vec![(1, 1), (2, 2), (2, 1)];
    let scans = vec![vec![0], vec![2], vec![1]];
    let file = Jpeg { size: (16, 16), samplings, scans, segments: Vec::new() }.bytes();
    let any = options(Foreground::Black, Some(128));
    for end in 0..file.len() {
        let _ = decode(&file[..end], &any);
        for byte in [0, 1, 0x33, 0x80, 0xff] {
            let mut changed = file.clone();
            changed[end] = byte;
            let _ = decode(&changed, &any);
        }
    }
}
