//! Image files: written and read back, and files that are not what they should be.

mod damage;
mod jpeg;
mod orientation;
mod pages;
mod png;
mod pnm;
mod resolution;
mod rows;
mod samples;
mod scans;
mod tiff;
#[cfg(unix)]
mod writing;

use std::fs;

use crate::random::image;
use proptest::prelude::*;
use strel_image::BitImage;
use strel_image::files::{
    FileProblem, Foreground, Format, ReadOptions, decode, encode, read, write,
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
fn foreign_and_empty_files_are_refused() {
    assert_eq!(refusal(b""), "expected a PNG, TIFF, PBM, PGM or JPEG image, found an empty file");
    assert!(refusal(b"P6 1 1 255\nabc").ends_with("found a file that begins P6 1 1 2"));
    let message = refusal(b"GIF89a");
    assert!(message.ends_with("found a file that begins GIF89a"), "{message}");
}

#[test]
fn grey_images_need_a_threshold() {
    let grey = b"P5 3 1 255\n\x05\x80\xfb";
    assert_eq!(
        refusal(grey),
        "the image is grey (5 to 251); expected two levels, or a `threshold` such as 128"
    );
    let white = |threshold| decode(grey, &options(Foreground::White, Some(threshold))).unwrap();
    assert_eq!(white(0x80).to_string(), ".##");
    assert_eq!(white(0x81).to_string(), "..#");
    for outside in [0, 5, 252] {
        let problem = decode(grey, &options(Foreground::White, Some(outside))).unwrap_err();
        assert!(problem.to_string().contains("the image's levels are 5 to 251"), "{problem}");
    }
}

#[test]
fn of_two_grey_levels_the_darker_is_black() {
    for (dark, light) in [(0, 1), (1, 255), (0, 255), (99, 100)] {
        let levels = [dark, light, light, dark];
        let raw = [&b"P5 4 1 255\n"[..], &levels].concat();
        let sixteen = [&b"P5 4 1 65535\n"[..], &levels.map(|level| [0, level]).concat()].concat();
        let tags = [(256, 4), (257, 1), (258, 8), (262, 1)];
        let in_png = png::png(::png::ColorType::Grayscale, ::png::BitDepth::Eight, 4, &levels);
        for file in [raw, sixteen, in_png, tiff::tiff(&tags, &levels, false)] {
            assert_eq!(ink(&file).unwrap(), "#..#", "{dark} {light}");
        }
    }
    let mask = b"P5 3 1 255\n\x00\x01\x00";
    let problem = decode(mask, &options(Foreground::Black, Some(128))).unwrap_err().to_string();
    let expected = "the threshold 128 would make all pixels black, for the image's levels are 0 to 1; \
                    expected 1 to 1, or none";
    assert_eq!(problem, expected);
}
