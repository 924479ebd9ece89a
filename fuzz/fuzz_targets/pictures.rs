//! Any text as a picture of a structuring element and of an image: refused, or shown and read back as it was.

#![no_main]

use libfuzzer_sys::fuzz_target;
use strel_image::{BitImage, StructuringElement};

fuzz_target!(|text: &str| {
    match text.parse::<StructuringElement>() {
        Ok(element) => check_element(&element),
        Err(error) => assert!(!error.to_string().is_empty()),
    }
    match text.parse::<BitImage>() {
        Ok(image) => assert_eq!(image.to_string().parse(), Ok(image)),
        Err(error) => assert!(!error.to_string().is_empty()),
    }
});

fn check_element(element: &StructuringElement) {
    let shown: StructuringElement = element.to_string().parse().expect("a picture just shown");
    assert_eq!(shown, *element);
    assert_eq!((shown.origin(), shown.window()), (element.origin(), element.window()));
    assert_eq!(element.reflect().reflect().to_string(), element.to_string());
    assert_eq!(StructuringElement::from_offsets(element.offsets()).as_ref(), Ok(element));
}
