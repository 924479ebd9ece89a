//! TIFF files, put together by hand.

use strel_image::BitImage;
use strel_image::files::{Foreground, Format, decode, encode};

use super::{ink, options, refusal};

/// A TIFF file of one strip with the given tags (number, value).
pub(super) fn tiff(tags: &[(u16, u32)], strip: &[u8], big_endian: bool) -> Vec<u8> {
    tiff_of_strips(tags, &[strip], big_endian)
}

pub(super) fn tiff_of_strips(tags: &[(u16, u32)], strips: &[&[u8]], big_endian: bool) -> Vec<u8> {
    tiff_of_pages(&[page(tags, strips)], big_endian)
}

/// A page of a TIFF file.
#[derive(Clone, Default)]
pub(super) struct TiffPage {
    /// Numbers of the tags and their values; those of resolutions are fractions, a pair each.
    pub tags: Vec<(u16, Vec<u32>)>,
    /// Strips or tiles.
    pub chunks: Vec<Vec<u8>>,
}

/// A page of strips whose tags have one value each.
pub(super) fn page(tags: &[(u16, u32)], strips: &[&[u8]]) -> TiffPage {
    TiffPage {
        tags: tags.iter().map(|&(tag, value)| (tag, vec![value])).collect(),
        chunks: strips.iter().map(|strip| strip.to_vec()).collect(),
    }
}

pub(super) fn tiff_of_pages(pages: &[TiffPage], big_endian: bool) -> Vec<u8> {
    let short = |value: u16| if big_endian { value.to_be_bytes() } else { value.to_le_bytes() };
    let long = |value: u32| if big_endian { value.to_be_bytes() } else { value.to_le_bytes() };
    let mut bytes = if big_endian { b"MM".to_vec() } else { b"II".to_vec() };
    bytes.extend(short(42));
    bytes.extend(long(0));
    // Where the place of the next directory is to be written.
    let mut link = 4;
    for page in pages {
        let (mut offsets, mut lengths) = (Vec::new(), Vec::new());
        for chunk in &page.chunks {
            offsets.push(bytes.len() as u32);
            lengths.push(chunk.len() as u32);
            bytes.extend(chunk);
        }
        let mut tags = page.tags.clone();
        let (of_offsets, of_lengths) =
            if tags.iter().any(|(tag, _)| *tag == 322) { (324, 325) } else { (273, 279) };
        tags.extend([(of_offsets, offsets), (of_lengths, lengths)]);
        tags.sort();
        let mut directory = short(tags.len() as u16).to_vec();
        for (tag, values) in tags {
            let (kind, count) =
                if matches!(tag, 282 | 283) { (5, values.len() / 2) } else { (4, values.len()) };
            directory.extend([short(tag), short(kind)].concat());
            directory.extend(long(count as u32));
            // One number stands in the directory itself, more of them stand before it.
            if let &[value] = &*values {
                directory.extend(long(value));
            } else {
                directory.extend(long(bytes.len() as u32));
                bytes.extend(values.into_iter().flat_map(long));
            }
        }
        let place = bytes.len() as u32;
        bytes[link..link + 4].copy_from_slice(&long(place));
        bytes.extend(directory);
        link = bytes.len();
        bytes.extend(long(0));
    }
    bytes
}

const SIZE: [(u16, u32); 2] = [(256, 10), (257, 2)];

#[test]
fn packed_tiff_files_are_read_in_both_orders_and_interpretations() {
    let rows = [0b0110_0000, 0b0100_0000, 0b1000_0000, 0b1000_0000];
    let picture = ".##......#\n#.......#.";
    for big_endian in [false, true] {
        let file = |interpretation| {
            tiff(&[&SIZE[..], &[(262, interpretation)]].concat(), &rows, big_endian)
        };
        assert_eq!(ink(&file(0)).unwrap(), picture);
        let white = decode(&file(1), &options(Foreground::White, None)).unwrap();
        assert_eq!(white.to_string(), picture);
    }
    // PackBits: two literal runs.
    let packed = [1, rows[0], rows[1], 1, rows[2], rows[3]];
    let file = tiff(&[&SIZE[..], &[(262, 0), (259, 32773)]].concat(), &packed, false);
    assert_eq!(ink(&file).unwrap(), picture);
}

#[test]
fn grey_tiff_files_are_read() {
    let tags = [(256, 3), (257, 1), (258, 8), (262, 1)];
    assert_eq!(ink(&tiff(&tags, &[0, 255, 0], false)).unwrap(), "#.#");
    assert!(refusal(&tiff(&tags, &[9, 255, 0], true)).contains("grey (0 to 255)"));
    let tags = [(256, 2), (257, 1), (258, 16), (262, 1)];
    // Two values are black and white, however near.
    assert_eq!(ink(&tiff(&tags, &[0xff, 0xff, 0xff, 0xfe], true)).unwrap(), ".#");
}

/// The CCITT Group 4 code of an image.
pub(super) fn group4(image: &BitImage) -> Vec<u8> {
    let file = encode(image, Format::Tiff, Foreground::Black).unwrap();
    // It lies between the header of 8 bytes and the directory.
    let directory = u32::from_le_bytes(file[4..8].try_into().unwrap()) as usize;
    file[8..directory].to_vec()
}

#[test]
fn fax_codes_are_read_in_both_bit_orders_and_interpretations() {
    let image: BitImage = "..##.#####\n.......#..".parse().unwrap();
    let code = group4(&image);
    let reversed: Vec<u8> = code.iter().map(|byte| byte.reverse_bits()).collect();
    let tags = |more: &[(u16, u32)]| [&SIZE[..], &[(259, 4)], more].concat();
    assert_eq!(ink(&tiff(&tags(&[(262, 0)]), &code, true)).unwrap(), image.to_string());
    let file = tiff(&tags(&[(262, 0), (266, 2)]), &reversed, true);
    assert_eq!(ink(&file).unwrap(), image.to_string());
    let inverse = tiff(&tags(&[(262, 1)]), &code, false);
    assert_eq!(ink(&inverse).unwrap(), image.complement().to_string());
}

#[test]
fn strips_of_fax_codes_are_read_one_below_the_other() {
    let image: BitImage = "#.#.......\n..##.#####\n.......#..".parse().unwrap();
    let strips =
        [group4(&image.crop(0, 0, 2, 10).unwrap()), group4(&image.crop(2, 0, 1, 10).unwrap())];
    let tags = [(256, 10), (257, 3), (259, 4), (262, 0), (278, 2)];
    let file = tiff_of_strips(&tags, &[&strips[0], &strips[1]], true);
    assert_eq!(ink(&file).unwrap(), image.to_string());
    let missing = tiff(&tags, &strips[0], true);
    assert!(ink(&missing).is_err());
}

#[test]
fn white_rows_after_a_fax_code_need_its_end_mark() {
    let code = group4(&"#.........".parse().unwrap());
    let tags = [&SIZE[..], &[(259, 4), (262, 0)]].concat();
    assert_eq!(ink(&tiff(&tags, &code, true)).unwrap(), "#.........\n..........");
    let hole = [&code[..1], &[0; 9]].concat();
    assert!(refusal(&tiff(&tags, &hole, true)).contains("the code of row "));
}

/// Bytes of a text of zeros and ones, the last one filled with zeros.
pub(super) fn bytes_of_bits(bits: &str) -> Vec<u8> {
    let byte =
        |bits: &[u8]| bits.iter().fold(0, |byte, bit| byte << 1 | (bit - b'0')) << (8 - bits.len());
    bits.as_bytes().chunks(8).map(byte).collect()
}

#[test]
fn one_dimensional_fax_codes_are_read() {
    let mark = "000000000001";
    // White 3, black 2, white 5; white 10.
    let code = [mark, "1000", "11", "1100", mark, "00111"].concat();
    let bytes = bytes_of_bits(&code);
    let tags = [&SIZE[..], &[(259, 3), (262, 0)]].concat();
    assert_eq!(ink(&tiff(&tags, &bytes, false)).unwrap(), "...##.....\n..........");
    let message = refusal(&tiff(&tags, &bytes[..bytes.len() - 1], false));
    assert_eq!(message, "damaged or incomplete TIFF: the code of row 1");
}

#[test]
fn tiff_files_of_other_kinds_are_refused_with_a_reason() {
    let reason = |tags: &[(u16, u32)]| refusal(&tiff(&[&SIZE[..], tags].concat(), &[0; 8], false));
    let unsupported = "TIFF of a kind that is not supported: ";
    assert!(reason(&[(262, 1), (259, 2)]).starts_with(unsupported));
    assert_eq!(
        reason(&[(262, 1), (259, 3), (292, 1)]),
        format!("{unsupported}two-dimensional CCITT Group 3")
    );
    assert!(reason(&[(262, 1), (259, 4)]).ends_with("the code of row 0"));
    for (tags, expected) in [
        (&[(262, 1), (258, 12)][..], "samples of [12] bits; expected 1 to 8 or 16, all alike"),
        (&[(262, 1), (258, 8), (339, 2)], "samples that are signed numbers"),
        (&[(262, 1), (258, 16), (339, 3)], "samples that are floating-point numbers"),
        (&[(262, 5), (258, 8), (277, 4)], "colours of kind 5 (CMYK)"),
        (&[(262, 1), (259, 7)], "compression 7 (JPEG)"),
        (&[(262, 1), (258, 8), (317, 2)], "predictor 2 of samples of 8 bits in code None"),
        (&[(262, 1), (254, 4)], "a page with a transparency mask"),
    ] {
        assert_eq!(reason(tags), format!("{unsupported}{expected}"));
    }
}
