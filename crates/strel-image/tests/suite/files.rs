//! Image files: written and read back, and files that are not what they should be.

use std::fs;
use std::path::PathBuf;

use crate::random::image;
use proptest::prelude::*;
use strel_image::BitImage;
use strel_image::files::{
    self, FileProblem, Foreground, Format, ReadOptions, decode, encode, read, write,
};

const WRITTEN: [Format; 4] = [Format::Png, Format::Tiff, Format::Pbm, Format::Pgm];

fn options(foreground: Foreground, threshold: Option<u8>) -> ReadOptions {
    ReadOptions { foreground, threshold }
}

/// What a file says, black being the set.
fn ink(bytes: &[u8]) -> Result<String, String> {
    let image = decode(bytes, &ReadOptions::default()).map_err(|problem| problem.to_string())?;
    Ok(image.to_string())
}

fn refusal(bytes: &[u8]) -> String {
    ink(bytes).unwrap_err()
}

fn round_trip(image: &BitImage, format: Format) {
    for foreground in [Foreground::Black, Foreground::White] {
        let bytes = encode(image, format, foreground).unwrap();
        assert_eq!(Format::of_content(&bytes).unwrap(), format);
        assert!(decode(&bytes, &options(foreground, None)).unwrap() == *image, "{format}\n{image}");
        let other =
            if foreground == Foreground::Black { Foreground::White } else { Foreground::Black };
        assert_eq!(decode(&bytes, &options(other, None)).unwrap(), image.complement());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn images_are_read_back(
        image in (1..20usize, 1..300usize).prop_flat_map(|(height, width)| image(height, width)),
        format in prop::sample::select(WRITTEN.to_vec()),
    ) {
        round_trip(&image, format);
    }
}

#[test]
fn every_width_is_read_back() {
    for width in 1..=70 {
        let image = BitImage::from_fn(4, width, |row, col| (row * 31 + col * col * 7) % 5 < 2);
        WRITTEN.iter().for_each(|&format| round_trip(&image, format));
    }
}

#[test]
fn extreme_rows_are_read_back() {
    for width in [2559, 2560, 2561, 32767, 32768, 70_000] {
        let image =
            BitImage::from_fn(3, width, |row, col| row == 1 || (row == 2 && col + 1 == width));
        WRITTEN.iter().for_each(|&format| round_trip(&image, format));
    }
}

#[test]
fn files_are_written_whole_and_read() {
    let folder = tempfile::tempdir().unwrap();
    let image: BitImage = ".#.\n##.".parse().unwrap();
    for name in ["a.png", "a.tif", "a.TIFF", "a.pbm", "a.pgm"] {
        let path = folder.path().join(name);
        fs::write(&path, "what was there before").unwrap();
        write(&path, &image, Foreground::White).unwrap();
        assert_eq!(read(&path, &options(Foreground::White, None)).unwrap(), image);
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 5);
    // The content decides, not the name.
    let renamed = folder.path().join("b.png");
    fs::copy(folder.path().join("a.tif"), &renamed).unwrap();
    assert_eq!(read(&renamed, &options(Foreground::White, None)).unwrap(), image);
}

#[test]
fn problems_name_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let image = BitImage::new(2, 2);
    let nowhere = folder.path().join("missing").join("a.png");
    let message = write(&nowhere, &image, Foreground::Black).unwrap_err().to_string();
    assert!(message.starts_with(&format!("{}: the file cannot be written: ", nowhere.display())));
    let message = read(&nowhere, &ReadOptions::default()).unwrap_err().to_string();
    assert!(message.starts_with(&format!("{}: the file cannot be read: ", nowhere.display())));
    let path = folder.path().join("a.gif");
    let message = write(&path, &image, Foreground::Black).unwrap_err().to_string();
    let expected = "expected a name that ends with .png, .tif, .tiff, .pbm or .pgm";
    assert_eq!(message, format!("{}: {expected}", path.display()));
    let folder_as_file = folder.path().join("folder.png");
    fs::create_dir(&folder_as_file).unwrap();
    assert!(write(&folder_as_file, &image, Foreground::Black).is_err());
    let names: Vec<_> =
        fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names, ["folder.png"]);
}

#[test]
fn images_without_pixels_are_neither_written_nor_read() {
    for (height, width) in [(0, 0), (0, 3), (3, 0)] {
        for format in WRITTEN {
            let problem =
                encode(&BitImage::new(height, width), format, Foreground::Black).unwrap_err();
            assert!(matches!(problem, FileProblem::NoPixels { .. }));
        }
    }
    for file in ["P1 0 3", "P4 3 0\n", "P2 0 0 255", "P5 0 1 255\n"] {
        assert!(refusal(file.as_bytes()).ends_with("has no pixels"), "{file}");
    }
}

#[test]
fn plain_pnm_files_are_read() {
    assert_eq!(ink(b"P1\n3 2\n011 1 0 0").unwrap(), ".##\n#..");
    assert_eq!(ink(b"P1 # size\n#\n3 # width\n 2\n01#10\n1 1 0#\n 0").unwrap(), ".##\n#..");
    assert_eq!(ink(b"P2\n3 1\n7\n0 7 0").unwrap(), "#.#");
    assert_eq!(ink(b"P2#\r3\r1\r65535 0\t65535\x0b0 trailing").unwrap(), "#.#");
}

#[test]
fn raw_pnm_files_are_read() {
    assert_eq!(ink(b"P4\n3 2\n\x6f\x80").unwrap(), ".##\n#..");
    assert_eq!(ink(b"P4 3#wide\n 2#high\n\x60\x80more").unwrap(), ".##\n#..");
    // A blank may be a pixel.
    assert_eq!(ink(b"P4 8 1\n\n").unwrap(), "....#.#.");
    assert_eq!(ink(b"P5 3 1 255\n\x00\xff\x00").unwrap(), "#.#");
    assert_eq!(ink(b"P5 2 1 258\n\x00\x00\x01\x02").unwrap(), "#.");
}

#[test]
fn wrong_pnm_files_are_refused_with_the_place() {
    let pbm = "damaged or incomplete PBM: ";
    assert_eq!(refusal(b"P1 3 x"), format!("{pbm}expected a number at byte 5, found 'x'"));
    assert_eq!(refusal(b"P1 3"), format!("{pbm}expected a number, found the end of the file"));
    assert_eq!(refusal(b"P1 2 1 02"), format!("{pbm}expected 0 or 1 at byte 8, found '2'"));
    assert_eq!(refusal(b"P1 2 1 0 "), format!("{pbm}expected 0 or 1, found the end of the file"));
    assert_eq!(
        refusal(b"P4 9 2\n\x00\x00\x00"),
        format!(
            "{pbm}expected 2 rows of 2 bytes at least from byte 7, but the file ends after 3 bytes"
        )
    );
    assert_eq!(refusal(b"P4 1 1x\x00"), format!("{pbm}expected a blank at byte 6, found 'x'"));
    let pgm = "damaged or incomplete PGM: ";
    assert_eq!(refusal(b"P2 1 1 0 0"), format!("{pgm}the highest level is 0, expected 1 to 65535"));
    assert_eq!(refusal(b"P2 1 1 9 10"), format!("{pgm}a number before byte 11 is above 9"));
    assert_eq!(refusal(b"P5 2 1 9\n\x01\x0a"), format!("{pgm}pixel (0, 1) is above 9"));
    for file in ["P1 4294967295 4294967295 0", "P4 4294967295 4294967295 0", "P2 99999999999 1 1 0"]
    {
        assert!(refusal(file.as_bytes()).starts_with("damaged"), "{file}");
    }
}

#[test]
fn foreign_and_empty_files_are_refused() {
    assert_eq!(refusal(b""), "expected a PNG, TIFF, PBM, PGM or JPEG image, found an empty file");
    assert!(refusal(b"P6 1 1 255\nabc").ends_with("found a file that begins P6 1 1 2"));
    let message = refusal(b"GIF89a");
    assert!(message.ends_with("found a file that begins GIF89a"), "{message}");
}

#[test]
fn grey_images_need_a_threshold() {
    let grey = b"P5 3 1 255\n\x05\x80\xfb";
    assert_eq!(refusal(grey), "the image is grey (5 to 251): pass --threshold T");
    let white = |threshold| decode(grey, &options(Foreground::White, Some(threshold))).unwrap();
    assert_eq!(white(0x80).to_string(), ".##");
    assert_eq!(white(0x81).to_string(), "..#");
    assert_eq!(white(0).to_string(), "###");
}

/// A PNG file of one row.
fn png(color: png::ColorType, depth: png::BitDepth, width: u32, data: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width, 1);
    encoder.set_color(color);
    encoder.set_depth(depth);
    if color == png::ColorType::Indexed {
        encoder.set_palette(&[0, 0, 0, 255, 255, 255, 0, 0, 200][..]);
    }
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(data).unwrap();
    writer.finish().unwrap();
    bytes
}

#[test]
fn every_kind_of_png_is_read() {
    use png::{BitDepth::*, ColorType::*};
    let cases: [(_, _, _, &[u8]); 10] = [
        (Grayscale, One, 3, &[0b0100_0000]),
        (Grayscale, Two, 3, &[0b0011_0000]),
        (Grayscale, Four, 3, &[0x0f, 0x00]),
        (Grayscale, Eight, 3, &[0, 255, 0]),
        (Grayscale, Sixteen, 3, &[0, 0, 255, 255, 0, 0]),
        (GrayscaleAlpha, Eight, 3, &[0, 255, 0, 0, 0, 255]),
        (Rgb, Eight, 3, &[0, 0, 0, 255, 255, 255, 0, 0, 0]),
        (Rgba, Eight, 3, &[0, 0, 0, 255, 255, 255, 255, 255, 0, 0, 0, 255]),
        (Indexed, Two, 3, &[0b0001_0000]),
        (Indexed, Eight, 3, &[0, 1, 0]),
    ];
    for (color, depth, width, data) in cases {
        assert_eq!(ink(&png(color, depth, width, data)).unwrap(), "#.#", "{color:?} {depth:?}");
    }
    let blue = png(Indexed, Eight, 3, &[0, 1, 2]);
    assert_eq!(refusal(&blue), "the image has colours (luma 0 to 255): pass --threshold T");
    assert_eq!(decode(&blue, &options(Foreground::White, Some(24))).unwrap().to_string(), ".#.");
    assert_eq!(decode(&blue, &options(Foreground::White, Some(23))).unwrap().to_string(), ".##");
}

/// A TIFF file of one strip with the given tags (number, value).
fn tiff(tags: &[(u16, u32)], strip: &[u8], big_endian: bool) -> Vec<u8> {
    tiff_of_strips(tags, &[strip], big_endian)
}

fn tiff_of_strips(tags: &[(u16, u32)], strips: &[&[u8]], big_endian: bool) -> Vec<u8> {
    let short = |value: u16| if big_endian { value.to_be_bytes() } else { value.to_le_bytes() };
    let long = |value: u32| if big_endian { value.to_be_bytes() } else { value.to_le_bytes() };
    let mut bytes = if big_endian { b"MM".to_vec() } else { b"II".to_vec() };
    bytes.extend(short(42));
    let data: usize = strips.iter().map(|strip| strip.len()).sum();
    // One number stands in the directory itself, more of them stand before it.
    let tables = if strips.len() == 1 { 0 } else { 8 * strips.len() };
    bytes.extend(long((8 + data + tables) as u32));
    let mut offsets = Vec::new();
    for strip in strips {
        offsets.push(bytes.len() as u32);
        bytes.extend(*strip);
    }
    let lengths: Vec<u32> = strips.iter().map(|strip| strip.len() as u32).collect();
    let mut entries: Vec<(u16, u32, u32)> =
        tags.iter().map(|&(tag, value)| (tag, 1, value)).collect();
    for (tag, values) in [(273, offsets), (279, lengths)] {
        let start = bytes.len() as u32;
        entries.push((tag, values.len() as u32, if tables == 0 { values[0] } else { start }));
        bytes.extend(values.iter().filter(|_| tables > 0).flat_map(|&value| long(value)));
    }
    entries.sort();
    bytes.extend(short(entries.len() as u16));
    for (tag, count, value) in entries {
        bytes.extend(short(tag));
        bytes.extend(short(4));
        bytes.extend(long(count));
        bytes.extend(long(value));
    }
    bytes.extend(long(0));
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
    assert!(refusal(&tiff(&tags, &[0xff, 0xff, 0xff, 0xfe], true)).contains("grey (254 to 255)"));
}

/// The CCITT Group 4 code of an image.
fn group4(image: &BitImage) -> Vec<u8> {
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

#[test]
fn one_dimensional_fax_codes_are_read() {
    let mark = "000000000001";
    // White 3, black 2, white 5; white 10.
    let code = [mark, "1000", "11", "1100", mark, "00111"].concat();
    let bytes: Vec<u8> = code
        .as_bytes()
        .chunks(8)
        .map(|bits| bits.iter().fold(0, |byte, bit| byte << 1 | (bit - b'0')) << (8 - bits.len()))
        .collect();
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
        reason(&[(262, 1), (266, 2)]),
        format!("{unsupported}bits in reverse order without CCITT codes")
    );
    assert_eq!(
        reason(&[(262, 1), (259, 3), (292, 1)]),
        format!("{unsupported}two-dimensional CCITT Group 3")
    );
    assert!(reason(&[(262, 1), (259, 4)]).ends_with("the code of row 0"));
    assert!(reason(&[(262, 1), (258, 4)]).starts_with(unsupported));
}

#[test]
fn headers_that_claim_too_much_are_refused() {
    let tags = [(256, 4_000_000_000), (257, 4_000_000_000), (262, 1)];
    for method in [1, 3, 4, 5, 32773] {
        let message = refusal(&tiff(&[&tags[..], &[(259, method)]].concat(), &[0; 8], false));
        assert!(message.contains("claims 4000000000x4000000000 pixels"), "{method}: {message}");
    }
    let mut file = png(png::ColorType::Grayscale, png::BitDepth::One, 3, &[0]);
    file[16..24].copy_from_slice(&[0x7f, 0xff, 0xff, 0xff, 0x7f, 0xff, 0xff, 0xff]);
    assert!(refusal(&file).starts_with("damaged or incomplete PNG"));
}

/// Some small files of every kind.
fn samples() -> Vec<Vec<u8>> {
    let image = BitImage::from_fn(9, 70, |row, col| (row * 31 + col * col * 7) % 5 < 2);
    let mut files: Vec<Vec<u8>> =
        WRITTEN.iter().map(|&format| encode(&image, format, Foreground::Black).unwrap()).collect();
    files.push(image_as_plain_pbm(&image));
    files.push(png(png::ColorType::Indexed, png::BitDepth::Two, 3, &[0b0001_1000]));
    files.push(png(png::ColorType::Rgba, png::BitDepth::Sixteen, 3, &[90; 24]));
    files.push(b"P2 # grey\n3 2\n99 1 2 3 4 5 9".to_vec());
    files.push(tiff(&[(256, 9), (257, 2), (262, 0)], &[1, 2, 3, 4], true));
    files.push(tiff(&[(256, 3), (257, 2), (258, 8), (262, 1)], &[1, 2, 3, 4, 5, 6], false));
    files
}

fn image_as_plain_pbm(image: &BitImage) -> Vec<u8> {
    let pixels: String = image.pixels().map(|pixel| if pixel { '1' } else { '0' }).collect();
    format!("P1\n{} {}\n{pixels}", image.width(), image.height()).into_bytes()
}

#[test]
fn truncated_files_are_refused() {
    let any = options(Foreground::Black, Some(128));
    for file in samples() {
        for end in 0..file.len() {
            assert!(decode(&file[..end], &any).is_err(), "{end} of {file:?}");
        }
        assert!(decode(&file, &any).is_ok());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn mutated_files_never_panic(
        mut file in prop::sample::select(samples()),
        mutations in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6),
    ) {
        for (place, byte) in mutations {
            let place = place.index(file.len());
            file[place] = byte;
        }
        let _ = decode(&file, &options(Foreground::Black, Some(128)));
    }

    #[test]
    fn noise_never_panics(
        start in prop::sample::select(samples()),
        keep in 2..60usize,
        noise in prop::collection::vec(any::<u8>(), 0..300),
    ) {
        let file = [&start[..keep.min(start.len())], &noise].concat();
        let _ = decode(&file, &options(Foreground::Black, Some(128)));
    }
}

/// The scanned pages, where they are.
fn pages() -> Option<PathBuf> {
    let folder = std::env::var_os("STREL_DATA_DIR").map(PathBuf::from);
    let beside = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let pages = folder.unwrap_or_else(beside).join("pages");
    if !pages.is_dir() {
        println!("skipped: no scanned pages in {}", pages.display());
        return None;
    }
    Some(pages)
}

#[test]
fn scanned_pages_are_read_and_read_back() {
    let Some(pages) = pages() else { return };
    for (name, size, black) in [
        ("feyn.tif", (3300, 2528), 1_060_195),
        ("pageseg2.tif", (3300, 2560), 2_388_500),
        ("table.27.tif", (1625, 1187), 208_043),
        ("patent.png", (3408, 2320), 334_627),
        ("rabi.png", (3300, 2528), 2_470_391),
    ] {
        let page = read(pages.join(name), &ReadOptions::default()).unwrap();
        assert_eq!((page.size(), page.count_ones()), (size, black), "{name}");
        for format in WRITTEN {
            let bytes = encode(&page, format, Foreground::Black).unwrap();
            assert!(decode(&bytes, &ReadOptions::default()).unwrap() == page, "{name} as {format}");
        }
    }
}

#[test]
fn grey_photographs_need_a_threshold() {
    let Some(pages) = pages() else { return };
    let path = pages.join("lucasta.150.jpg");
    let message = read(&path, &ReadOptions::default()).unwrap_err().to_string();
    assert!(message.ends_with(" to 255): pass --threshold T"), "{message}");
    let page = files::read(&path, &options(Foreground::Black, Some(128))).unwrap();
    assert_eq!(page.size(), (939, 532));
}
