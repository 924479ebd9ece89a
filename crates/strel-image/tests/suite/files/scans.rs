//! Scanned pages, where they are.

use std::path::PathBuf;

use strel_image::files::{Foreground, ReadOptions, decode, encode, read};

use super::{WRITTEN, options};

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
    assert!(
        message.contains(" to 255); expected two levels, or a `threshold` such as 1"),
        "{message}"
    );
    let page = read(&path, &options(Foreground::Black, Some(128))).unwrap();
    assert_eq!(page.size(), (939, 532));
}

#[test]
fn truncated_pages_are_refused() {
    let Some(pages) = pages() else { return };
    for name in ["feyn.tif", "table.27.tif", "patent.png", "lucasta.150.jpg"] {
        let file = std::fs::read(pages.join(name)).unwrap();
        for eighths in 0..8 {
            let part = &file[..file.len() * eighths / 8];
            assert!(
                decode(part, &options(Foreground::Black, Some(128))).is_err(),
                "{name} {eighths}"
            );
        }
    }
}
