//! Files that are truncated, changed or absurd: refused, without a panic.

use proptest::prelude::*;
use strel_image::BitImage;
use strel_image::files::{Foreground, decode, encode};

use super::png::png;
use super::tiff::tiff;
use super::{WRITTEN, options, refusal};

#[test]
fn headers_that_claim_too_much_are_refused() {
    let tags = [(256, 4_000_000_000), (257, 4_000_000_000), (262, 1)];
    for method in [1, 3, 4, 5, 32773] {
        let message = refusal(&tiff(&[&tags[..], &[(259, method)]].concat(), &[0; 8], false));
        assert!(message.contains("claims 4000000000x4000000000 pixels"), "{method}: {message}");
    }
    let mut file = png(::png::ColorType::Grayscale, ::png::BitDepth::One, 3, &[0]);
    file[16..24].copy_from_slice(&[0x7f, 0xff, 0xff, 0xff, 0x7f, 0xff, 0xff, 0xff]);
    assert!(refusal(&file).starts_with("damaged or incomplete PNG"));
}

/// Some small files of every kind.
fn samples() -> Vec<Vec<u8>> {
    let image = BitImage::from_fn(9, 70, |row, col| (row * 31 + col * col * 7) % 5 < 2);
    let mut files: Vec<Vec<u8>> =
        WRITTEN.iter().map(|&format| encode(&image, format, Foreground::Black).unwrap()).collect();
    files.push(image_as_plain_pbm(&image));
    files.push(png(::png::ColorType::Indexed, ::png::BitDepth::Two, 3, &[0b0001_1000]));
    files.push(png(::png::ColorType::Rgba, ::png::BitDepth::Sixteen, 3, &[90; 24]));
    files.push(b"P2 # grey\n3 2\n99 1 2 3 4 95 9".to_vec());
    files.push(tiff(&[(256, 9), (257, 2), (262, 0)], &[1, 2, 3, 4], true));
    files.push(tiff(&[(256, 3), (257, 2), (258, 8), (262, 1)], &[1, 2, 3, 4, 5, 206], false));
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
