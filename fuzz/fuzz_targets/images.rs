//! Any bytes as an image file: refused or read, without a panic and within bounded memory. What was read is written in
//! every format, and read back as it was.

#![no_main]

use libfuzzer_sys::fuzz_target;
use strel_image::BitImage;
use strel_image::files::{Foreground, Format, ReadOptions, decode, encode};

const WRITTEN: [Format; 4] = [Format::Png, Format::Tiff, Format::Pbm, Format::Pgm];

/// Larger images are read, but not written: that would only take time.
const WORTH_WRITING: usize = 1 << 16;

fuzz_target!(|bytes: &[u8]| {
    for threshold in [None, Some(128)] {
        let options = ReadOptions { foreground: Foreground::Black, threshold };
        match decode(bytes, &options) {
            Ok(image) if image.area() <= WORTH_WRITING => check_round_trip(&image, &options),
            Ok(image) => assert!(image.area() > 0),
            Err(problem) => assert!(!problem.to_string().is_empty()),
        }
    }
});

fn check_round_trip(image: &BitImage, options: &ReadOptions) {
    for format in WRITTEN {
        let bytes = encode(image, format, options.foreground).expect("a small image");
        assert_eq!(decode(&bytes, options).expect("a file just written"), *image, "{format}");
    }
}
