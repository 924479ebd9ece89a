//! Writes the seeds, small inputs that fuzzing starts from:
//! `cargo run --manifest-path fuzz/Cargo.toml --example seeds`

use std::path::Path;
use std::{fs, io};

use png::{BitDepth, ColorType};
use strel_image::BitImage;
use strel_image::files::{Foreground, Format, ReadOptions, decode, encode};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let image = BitImage::from_fn(9, 70, |row, col| (row * 31 + col * col * 7) % 5 < 2);
    for (format, name) in [
        (Format::Png, "binary.png"),
        (Format::Tiff, "group4.tif"),
        (Format::Pbm, "raw.pbm"),
        (Format::Pgm, "raw.pgm"),
    ] {
        image_seed(name, &encode(&image, format, Foreground::Black)?)?;
    }
    image_seed("plain.pbm", b"P1\n# two rows\n4 2\n0110 1001\n")?;
    image_seed("plain.pgm", b"P2\n3 2\n99\n1 2 3 4 5 9\n")?;
    image_seed("grey.png", &png(ColorType::Grayscale, BitDepth::Eight, &[0, 90, 255])?)?;
    image_seed("palette.png", &png(ColorType::Indexed, BitDepth::Two, &[0b0001_1000])?)?;
    image_seed("rgba.png", &png(ColorType::Rgba, BitDepth::Sixteen, &[90; 24])?)?;
    image_seed("grey.tif", &tiff(&[(258, 8), (259, 1), (262, 1)], &[1, 2, 3, 4, 5, 6]))?;
    image_seed("packbits.tif", &tiff(&[(259, 32773), (262, 0)], &[255, 0xa0]))?;
    image_seed("group3.tif", &tiff(&[(259, 3), (262, 0)], &[0x00, 0x18, 0x00, 0x18]))?;
    image_seed("lzw.tif", &tiff(&[(259, 5), (262, 0)], &[0x80, 0x28, 0x0a, 0x02]))?;
    image_seed("grey.jpg", &jpeg())?;
    seed("pictures", "element", b"..#\n.O#\n")?;
    seed("pictures", "indented", b"\n    .#.\n    ###\n\n")?;
    seed("pictures", "line", b"o####")?;
    // Plans are made of any bytes; the arithmetic of these has no meaning.
    for place in 0..4_u8 {
        let bytes: Vec<u8> = (0..200).map(|k: u8| k.wrapping_mul(37 + place) ^ place).collect();
        seed("plans", &format!("bytes{place}"), &bytes)?;
    }
    Ok(())
}

/// A file that is read, so that it leads past the headers.
fn image_seed(name: &str, bytes: &[u8]) -> Result<(), Box<dyn std::error::Error>> {
    let options = ReadOptions { foreground: Foreground::Black, threshold: Some(128) };
    decode(bytes, &options).map_err(|problem| format!("{name}: {problem}"))?;
    Ok(seed("images", name, bytes)?)
}

fn seed(target: &str, name: &str, bytes: &[u8]) -> io::Result<()> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds").join(target);
    fs::create_dir_all(&folder)?;
    fs::write(folder.join(name), bytes)
}

/// One row of three pixels.
fn png(color: ColorType, depth: BitDepth, row: &[u8]) -> Result<Vec<u8>, png::EncodingError> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, 3, 1);
    encoder.set_color(color);
    encoder.set_depth(depth);
    if color == ColorType::Indexed {
        encoder.set_palette(&[0, 0, 0, 255, 255, 255, 0, 0, 200][..]);
    }
    let mut writer = encoder.write_header()?;
    writer.write_image_data(row)?;
    writer.finish()?;
    Ok(bytes)
}

/// Two rows of three pixels in one strip; the tags are (number, value).
fn tiff(tags: &[(u16, u32)], strip: &[u8]) -> Vec<u8> {
    let sizes = [(256, 3), (257, 2), (273, 8), (279, strip.len() as u32)];
    let mut entries = [&sizes, tags].concat();
    entries.sort_unstable();
    let mut bytes = b"II\x2a\0".to_vec();
    bytes.extend((8 + strip.len() as u32).to_le_bytes());
    bytes.extend(strip);
    bytes.extend((entries.len() as u16).to_le_bytes());
    for (tag, value) in entries {
        bytes.extend(tag.to_le_bytes());
        bytes.extend(4_u16.to_le_bytes());
        bytes.extend(1_u32.to_le_bytes());
        bytes.extend(value.to_le_bytes());
    }
    bytes.extend([0; 4]);
    bytes
}

/// A grey block of 8x8 pixels, all codes one bit long.
fn jpeg() -> Vec<u8> {
    let quantization = [&[0xff, 0xdb, 0, 67, 0][..], &[1; 64]].concat();
    let frame = [0xff, 0xc0, 0, 11, 8, 0, 8, 0, 8, 1, 1, 0x11, 0];
    let huffman = |class| [&[0xff, 0xc4, 0, 20, class, 1][..], &[0; 15], &[0]].concat();
    let scan = [0xff, 0xda, 0, 8, 1, 1, 0, 0, 63, 0, 0b0011_1111];
    let start = [0xff, 0xd8];
    let end = [0xff, 0xd9];
    [&start[..], &quantization, &frame, &huffman(0x00), &huffman(0x10), &scan, &end].concat()
}
