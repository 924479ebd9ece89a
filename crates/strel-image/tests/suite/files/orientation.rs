//! Images that are stored turned or mirrored: TIFF, and EXIF of PNG and JPEG.

use std::fs;

use strel_image::files::{FileProblem, Foreground, RowReader, decode, read_grey};
use strel_image::{BitImage, RowSource};

use super::jpeg::Jpeg;
use super::options;
use super::tiff::{TiffPage, bytes_of_bits, group4, page, tiff_of_pages};

/// The pixel of the stored image, of this size, that the upright one shows at a place: what the format says of rows and
/// columns by the number of the orientation.
fn stored(
    number: u32,
    (row, col): (usize, usize),
    (height, width): (usize, usize),
) -> (usize, usize) {
    let (last_row, last_col) = (height - 1, width - 1);
    match number {
        2 => (row, last_col - col),
        3 => (last_row - row, last_col - col),
        4 => (last_row - row, col),
        5 => (col, row),
        6 => (last_row - col, row),
        7 => (last_row - col, last_col - row),
        8 => (col, last_col - row),
        _ => (row, col),
    }
}

fn upright(number: u32, image: &BitImage) -> BitImage {
    let (height, width) = image.size();
    let (rows, cols) = if (5..=8).contains(&number) { (width, height) } else { (height, width) };
    BitImage::from_fn(rows, cols, |row, col| {
        let (row, col) = stored(number, (row, col), (height, width));
        image.get(row, col)
    })
}

fn letter() -> BitImage {
    BitImage::from_fn(5, 70, |row, col| row == 0 || col == 0 || (row, col) == (1, 1) || col == 66)
}

/// EXIF data that tell an orientation.
pub(super) fn exif(number: u32, big_endian: bool) -> Vec<u8> {
    tiff_of_pages(&[TiffPage { tags: vec![(274, vec![number])], chunks: Vec::new() }], big_endian)
}

/// 0 and the numbers above 8 mean nothing.
const NUMBERS: std::ops::Range<u32> = 0..12;

#[test]
fn tiff_files_are_read_upright() {
    let image = letter();
    for number in NUMBERS {
        let tags = [(256, 70), (257, 5), (259, 4), (262, 0), (274, number)];
        let bits = tiff_of_pages(&[page(&tags, &[&group4(&image)])], false);
        let expected = upright(number, &image);
        assert_eq!(decode(&bits, &Default::default()).unwrap(), expected, "{number}");
        let tags = [(256, 70), (257, 5), (258, 8), (262, 0), (274, number)];
        let bytes = tiff_of_pages(&[page(&tags, &[&image.to_bytes(255)])], true);
        assert_eq!(decode(&bytes, &options(Foreground::Black, Some(9))).unwrap(), expected);
        let file = tempfile::NamedTempFile::new().unwrap();
        fs::write(file.path(), &bytes).unwrap();
        assert_eq!(read_grey(file.path()).unwrap()[0].level_set(1).complement(), expected);
    }
}

#[test]
fn rows_come_mirrored_and_are_not_turned() {
    let image = letter();
    let file = tempfile::NamedTempFile::new().unwrap();
    for number in NUMBERS {
        let tags = [(256, 70), (257, 5), (259, 4), (262, 0), (274, number)];
        fs::write(file.path(), tiff_of_pages(&[page(&tags, &[&group4(&image)])], false)).unwrap();
        let rows = RowReader::open(file.path(), Foreground::White);
        if (3..=8).contains(&number) {
            assert!(matches!(rows.err().unwrap().problem, FileProblem::NotByRows { .. }));
            continue;
        }
        let mut rows = rows.unwrap();
        let mut found = BitImage::new(5, 70);
        rows.read_rows(&mut found, 0..2).unwrap();
        rows.read_rows(&mut found, 2..5).unwrap();
        assert_eq!(found, upright(number, &image).complement(), "{number}");
    }
}

/// A PNG file with EXIF data before or after the pixels.
fn png(image: &BitImage, exif: &[u8], behind: bool) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = ::png::Encoder::new(&mut bytes, image.width() as u32, image.height() as u32);
    encoder.set_color(::png::ColorType::Grayscale);
    encoder.set_depth(::png::BitDepth::One);
    let mut writer = encoder.write_header().unwrap();
    let chunk = ::png::chunk::eXIf;
    if !behind {
        writer.write_chunk(chunk, exif).unwrap();
    }
    let rows: Vec<String> = (0..image.height())
        .map(|row| {
            (0..image.width()).map(|col| if image.get(row, col) { '0' } else { '1' }).collect()
        })
        .collect();
    let data: Vec<u8> = rows.iter().flat_map(|row| bytes_of_bits(row)).collect();
    writer.write_image_data(&data).unwrap();
    if behind {
        writer.write_chunk(chunk, exif).unwrap();
    }
    writer.finish().unwrap();
    bytes
}

#[test]
fn png_and_jpeg_files_are_read_upright() {
    let image = letter();
    for number in NUMBERS {
        for big_endian in [false, true] {
            let exif = exif(number, big_endian);
            for behind in [false, true] {
                let file = png(&image, &exif, behind);
                let expected = upright(number, &image);
                assert_eq!(
                    decode(&file, &Default::default()).unwrap(),
                    expected,
                    "{number} {behind}"
                );
            }
            let mut jpeg = Jpeg::grey((16, 40));
            jpeg.segments.push((0xe1, [&b"Exif\0\0"[..], &exif].concat()));
            let read = decode(&jpeg.bytes(), &Default::default()).unwrap();
            assert_eq!(read, upright(number, &jpeg.black()), "{number}");
        }
    }
    // What is no EXIF does not keep pixels from being read.
    assert_eq!(decode(&png(&image, b"EXIF?", false), &Default::default()).unwrap(), image);
}

#[test]
fn the_naive_turns_are_turns() {
    let picture: BitImage = "##.\n#..".parse().unwrap();
    // Of the eighth of a turn after turn, 6 goes clockwise and 8 back.
    assert_eq!(upright(6, &picture).to_string(), "##\n.#\n..");
    assert_eq!(upright(8, &upright(6, &picture)), picture);
    for number in [2, 3, 4, 5, 7] {
        assert_eq!(upright(number, &upright(number, &picture)), picture, "{number}");
    }
}
