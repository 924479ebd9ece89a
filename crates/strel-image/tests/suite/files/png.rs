//! PNG files of every kind.

use strel_image::files::{Foreground, decode};

use super::{ink, options, refusal};

/// A PNG file of one row.
pub(super) fn png(
    color: ::png::ColorType,
    depth: ::png::BitDepth,
    width: u32,
    data: &[u8],
) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = ::png::Encoder::new(&mut bytes, width, 1);
    encoder.set_color(color);
    encoder.set_depth(depth);
    if color == ::png::ColorType::Indexed {
        encoder.set_palette(&[0, 0, 0, 255, 255, 255, 0, 0, 200][..]);
    }
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(data).unwrap();
    writer.finish().unwrap();
    bytes
}

#[test]
fn every_kind_of_png_is_read() {
    use ::png::{BitDepth::*, ColorType::*};
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
    assert_eq!(
        refusal(&blue),
        "the image has colours (luma 0 to 255); expected two of them, or a `threshold` such as 128"
    );
    assert_eq!(decode(&blue, &options(Foreground::White, Some(24))).unwrap().to_string(), ".#.");
    assert_eq!(decode(&blue, &options(Foreground::White, Some(23))).unwrap().to_string(), ".##");
}

#[test]
fn transparent_levels_show_white() {
    use ::png::{BitDepth::*, ColorType::*};
    // A black, a transparent and a white pixel, the transparent one of a level of its own where there are three.
    let cases: [(_, &[u8], &[u8], &str); 5] = [
        (One, &[0, 0], &[0b0010_0000], "..."),
        (Two, &[0, 1], &[0b0001_1100], "#.."),
        (Four, &[0, 7], &[0x07, 0xf0], "#.."),
        (Eight, &[0, 99], &[0, 99, 255], "#.."),
        (Sixteen, &[1, 99], &[0, 0, 1, 99, 255, 255], "#.."),
    ];
    for (depth, transparent, data, expected) in cases {
        let mut bytes = Vec::new();
        let mut encoder = ::png::Encoder::new(&mut bytes, 3, 1);
        encoder.set_color(Grayscale);
        encoder.set_depth(depth);
        encoder.set_trns(transparent);
        let mut writer = encoder.write_header().unwrap();
        writer.write_image_data(data).unwrap();
        writer.finish().unwrap();
        assert_eq!(ink(&bytes).unwrap(), expected, "{depth:?}");
    }
}
