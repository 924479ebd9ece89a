//! Files read and written row by row, against whole images.

use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use strel_image::files::{
    FileError, FileProblem, Foreground, Format, RowReader, decode, encode, write_rows,
};
use strel_image::{BitImage, RowSource};
use tempfile::TempDir;

use super::png::png;
use super::tiff::{bytes_of_bits, group4, tiff_of_strips};
use super::{image, options};

fn stored(folder: &TempDir, bytes: &[u8]) -> PathBuf {
    let path = folder.path().join("image");
    fs::write(&path, bytes).unwrap();
    path
}

/// The image in a file, `rows` rows at a time.
fn by_rows(path: &Path, foreground: Foreground, rows: usize) -> Result<BitImage, FileError> {
    let mut reader = RowReader::open(path, foreground)?;
    let (height, width) = reader.size();
    // What the image held does not count.
    let mut image = BitImage::filled(height, width, true);
    for start in (0..height).step_by(rows) {
        reader.read_rows(&mut image, start..height.min(start + rows))?;
    }
    Ok(image)
}

#[track_caller]
fn same_by_rows(bytes: &[u8]) {
    let folder = tempfile::tempdir().unwrap();
    let path = stored(&folder, bytes);
    for foreground in [Foreground::Black, Foreground::White] {
        let whole = decode(bytes, &options(foreground, None)).unwrap();
        for rows in [1, 2, 3, 1000] {
            assert_eq!(by_rows(&path, foreground, rows).unwrap(), whole, "{rows} rows a time");
        }
    }
}

/// An image, and its strips of 3 rows.
fn striped() -> (BitImage, Vec<BitImage>) {
    let image = BitImage::from_fn(8, 70, |row, col| (row * 31 + col * col * 7) % 5 < 2);
    let strips = [(0, 3), (3, 3), (6, 2)];
    let strips = strips.map(|(row, rows)| image.crop(row, 0, rows, 70).unwrap());
    (image, strips.to_vec())
}

/// A TIFF file whose strips of 3 rows are coded by a function.
fn striped_tiff(tags: &[(u16, u32)], code: impl Fn(&BitImage) -> Vec<u8>) -> Vec<u8> {
    let strips: Vec<Vec<u8>> = striped().1.iter().map(code).collect();
    let strips: Vec<&[u8]> = strips.iter().map(Vec::as_slice).collect();
    let size = [(256, 70), (257, 8), (278, 3)];
    tiff_of_strips(&[&size[..], tags].concat(), &strips, false)
}

fn packed(image: &BitImage) -> Vec<u8> {
    let file = encode(image, Format::Pbm, Foreground::Black).unwrap();
    file[file.len() - 9 * image.height()..].to_vec()
}

/// PackBits: each row a literal run.
fn pack_bits(image: &BitImage) -> Vec<u8> {
    packed(image).chunks(9).flat_map(|row| [&[8], row].concat()).collect()
}

/// Deflate: one stored block.
fn deflate(image: &BitImage) -> Vec<u8> {
    let bytes = packed(image);
    let length = bytes.len() as u16;
    let (mut a, mut b) = (1_u32, 0);
    for &byte in &bytes {
        a = (a + u32::from(byte)) % 65521;
        b = (b + a) % 65521;
    }
    let header = [&[0x78, 0x01, 0x01], &length.to_le_bytes()[..], &(!length).to_le_bytes()];
    [&header.concat(), &bytes[..], &(b << 16 | a).to_be_bytes()].concat()
}

/// LZW: codes of 9 bits, none of a string.
fn lzw(image: &BitImage) -> Vec<u8> {
    let codes = [256].into_iter().chain(packed(image).into_iter().map(u32::from)).chain([257]);
    bytes_of_bits(&codes.map(|code| format!("{code:09b}")).collect::<String>())
}

#[test]
fn every_kind_of_bits_is_read_by_rows() {
    let (image, _) = striped();
    same_by_rows(&encode(&image, Format::Pbm, Foreground::Black).unwrap());
    same_by_rows(&encode(&image, Format::Tiff, Foreground::Black).unwrap());
    for interpretation in [0, 1] {
        let file = |method, code: fn(&BitImage) -> Vec<u8>| {
            striped_tiff(&[(259, method), (262, interpretation)], code)
        };
        for (method, code) in [
            (1, packed as fn(&BitImage) -> Vec<u8>),
            (4, group4),
            (5, lzw),
            (8, deflate),
            (32773, pack_bits),
        ] {
            let bytes = file(method, code);
            let ones = [Foreground::Black, Foreground::White][interpretation as usize];
            assert_eq!(decode(&bytes, &options(ones, None)).unwrap(), image, "method {method}");
            same_by_rows(&bytes);
        }
    }
    let reversed =
        |strip: &BitImage| group4(strip).iter().map(|byte| byte.reverse_bits()).collect();
    same_by_rows(&striped_tiff(&[(259, 4), (262, 0), (266, 2)], reversed));
}

#[test]
fn white_rows_may_be_left_out_of_a_strip() {
    let file = striped_tiff(&[(259, 4), (262, 0)], |strip| {
        group4(&strip.crop(0, 0, 1, strip.width()).unwrap())
    });
    let (mut image, _) = striped();
    (0..8)
        .filter(|row| row % 3 > 0)
        .for_each(|row| (0..70).for_each(|col| image.set(row, col, false)));
    assert_eq!(decode(&file, &options(Foreground::Black, None)).unwrap(), image);
    same_by_rows(&file);
}

#[test]
fn codes_longer_than_a_block_are_read() {
    let noisy = BitImage::from_fn(400, 4000, |row, col| (row * 7 + col * col * 31) % 11 < 5);
    let file = encode(&noisy, Format::Tiff, Foreground::Black).unwrap();
    assert!(file.len() > 200_000);
    same_by_rows(&file);
}

#[test]
fn large_pages_are_written_in_strips() {
    // 2 MiB are 6 rows and a part of one.
    let wide = BitImage::from_fn(8, 2_500_000, |row, col| (row + col / 3) % 5 == 0);
    same_by_rows(&encode(&wide, Format::Tiff, Foreground::Black).unwrap());
    let tall = BitImage::from_fn(4200, 4096, |row, col| (row * row + col / 9) % 50 == 0);
    same_by_rows(&encode(&tall, Format::Tiff, Foreground::Black).unwrap());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn rows_are_written_as_images_are(
        image in (1..20usize, 1..300usize).prop_flat_map(|(height, width)| image(height, width)),
        white in any::<bool>(),
    ) {
        let foreground = if white { Foreground::White } else { Foreground::Black };
        let folder = tempfile::tempdir().unwrap();
        for (name, format) in [("a.tif", Format::Tiff), ("a.pbm", Format::Pbm)] {
            let from = stored(&folder, &encode(&image, Format::Pbm, foreground).unwrap());
            let to = folder.path().join(name);
            write_rows(&to, &mut RowReader::open(from, foreground).unwrap(), foreground).unwrap();
            prop_assert_eq!(fs::read(to).unwrap(), encode(&image, format, foreground).unwrap());
        }
    }
}

#[test]
fn other_files_do_not_come_by_rows() {
    let folder = tempfile::tempdir().unwrap();
    let refusal = |bytes: &[u8]| {
        let error = RowReader::open(stored(&folder, bytes), Foreground::Black).err().unwrap();
        assert!(matches!(error.problem, FileProblem::NotByRows { .. }), "{error}");
        error.to_string()
    };
    let neither = "the image does not come row by row: it is neither raw PBM nor TIFF";
    let grey = png(::png::ColorType::Grayscale, ::png::BitDepth::Eight, 3, &[0, 255, 0]);
    for bytes in [&grey[..], b"P1 3 1 010", b"P5 3 1 255\n\x00\xff\x00"] {
        assert!(refusal(bytes).ends_with(neither));
    }
    let error = RowReader::open(folder.path(), Foreground::Black).err().unwrap();
    assert!(matches!(error.problem, FileProblem::Read(_)), "{error}");
    let size = [(256, 3), (257, 1), (258, 8), (262, 1)];
    let grey = tiff_of_strips(&size, &[&[0, 255, 0]], false);
    assert!(refusal(&grey).ends_with("TIFF in tiles, or of more than 1 bit a pixel"));
    // One strip of 40 MB.
    let size = [(256, 80_000), (257, 4000), (259, 8), (262, 0), (278, 4000)];
    let large = tiff_of_strips(&size, &[&[0; 20_000]], false);
    assert!(refusal(&large).ends_with("a strip takes 40000000 bytes, more than 33554432"));
}

#[test]
fn damage_is_told_with_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let refusal = |bytes: &[u8]| {
        let path = stored(&folder, bytes);
        let message = by_rows(&path, Foreground::Black, 1).err().unwrap().to_string();
        message.strip_prefix(&format!("{}: ", path.display())).unwrap().to_owned()
    };
    assert!(refusal(b"P4 9 2\n\x00\x00\x00").ends_with("but the file ends after 3 bytes"));
    assert!(refusal(b"P4 0 2\n").ends_with("no pixels"));
    let mut file = striped_tiff(&[(259, 4), (262, 0)], group4);
    let codes: Vec<usize> = striped().1.iter().map(|strip| group4(strip).len()).collect();
    file[8 + codes[0]..][..codes[1]].fill(0);
    assert_eq!(refusal(&file), "damaged or incomplete TIFF: the code of row 3");
    let short = tiff_of_strips(&[(256, 16), (257, 2), (262, 0)], &[&[1, 2, 3]], false);
    let expected = "damaged or incomplete TIFF: strip 0 has 3 bytes, expected 4";
    assert_eq!(refusal(&short), expected);
}

/// Rows that end in an error.
struct Interrupted(FileError);

impl RowSource for Interrupted {
    type Error = FileError;

    fn size(&self) -> (usize, usize) {
        (1 << 20, 64)
    }

    fn read_rows(&mut self, _: &mut BitImage, to: Range<usize>) -> Result<(), FileError> {
        let problem = FileProblem::NotByRows { reason: format!("{} rows", to.len()) };
        Err(std::mem::replace(&mut self.0, FileError { path: "after".into(), problem }))
    }
}

#[test]
fn no_part_of_a_file_is_left() {
    let folder = tempfile::tempdir().unwrap();
    let source = || {
        let problem = FileProblem::NotByRows { reason: "it broke".to_owned() };
        Interrupted(FileError { path: "before".into(), problem })
    };
    let refusal = |name: &str| {
        let path = folder.path().join(name);
        write_rows(path, &mut source(), Foreground::Black).unwrap_err().to_string()
    };
    for name in ["a.tif", "a.pbm"] {
        assert_eq!(refusal(name), "before: the image does not come row by row: it broke");
    }
    assert!(refusal("a.png").ends_with("PNG is written as a whole"));
    assert!(refusal("a.gif").contains("expected a name that ends with"));
    assert!(refusal("nowhere/a.tif").contains("nowhere/a.tif: the file cannot be written"));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
}

/// A blank page of some rows of 32,000 pixels. A white row takes a bit of CCITT code: no other file is compressed so far.
fn blank(rows: u32) -> Vec<u8> {
    let code = bytes_of_bits(&["1".repeat(rows as usize), "000000000001".repeat(2)].concat());
    let tags = [(256, 32_000), (257, rows), (259, 4), (262, 0)];
    tiff_of_strips(&tags, &[&code], false)
}

#[test]
fn blank_pages_are_read_whatever_their_size() {
    let whole = decode(&blank(70_000), &options(Foreground::Black, None)).unwrap();
    assert_eq!((whole.size(), whole.count_ones()), ((70_000, 32_000), 0));
    // More than a page may take of memory comes by rows.
    let large = blank(300_000);
    let problem = decode(&large, &options(Foreground::Black, None)).unwrap_err();
    assert!(matches!(problem, FileProblem::TooLarge { .. }), "{problem}");
    let folder = tempfile::tempdir().unwrap();
    let mut rows = RowReader::open(stored(&folder, &large), Foreground::White).unwrap();
    let mut block = BitImage::new(1000, 32_000);
    for _ in 0..300 {
        rows.read_rows(&mut block, 0..1000).unwrap();
        assert_eq!(block.count_ones(), 32_000_000);
    }
}
