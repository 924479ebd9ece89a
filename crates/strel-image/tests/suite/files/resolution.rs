//! Resolutions, from file to file.

use strel_image::BitImage;
use strel_image::files::{
    FileError, Foreground, LengthUnit, Pages, ReadOptions, Resolution, write_pages,
};

use super::jpeg::Jpeg;
use super::orientation::exif;
use super::tiff::{TiffPage, page, tiff_of_pages};

fn resolution(horizontal: f64, vertical: f64, unit: LengthUnit) -> Option<Resolution> {
    Some(Resolution { horizontal, vertical, unit })
}

/// The resolution of the only page.
fn read(bytes: &[u8]) -> Option<Resolution> {
    let pages = Pages::of_bytes("file", bytes).unwrap();
    pages.read(0, &ReadOptions::default()).unwrap().resolution
}

fn tiff(tags: &[(u16, &[u32])]) -> TiffPage {
    let mut page = page(&[(256, 8), (257, 1), (262, 0)], &[&[0x5a]]);
    page.tags.extend(tags.iter().map(|(tag, values)| (*tag, values.to_vec())));
    page
}

#[test]
fn tiff_files_tell_their_resolution() {
    let of = |tags: &[(u16, &[u32])]| read(&tiff_of_pages(&[tiff(tags)], true));
    assert_eq!(of(&[]), None);
    let both: [(u16, &[u32]); 2] = [(282, &[300, 1]), (283, &[1501, 10])];
    assert_eq!(of(&both), resolution(300.0, 150.1, LengthUnit::Inch));
    for (number, unit) in
        [(1, LengthUnit::Unknown), (2, LengthUnit::Inch), (3, LengthUnit::Centimetre)]
    {
        assert_eq!(of(&[both[0], both[1], (296, &[number])]), resolution(300.0, 150.1, unit));
    }
    for none in [&[0, 1], &[1, 0]] {
        assert_eq!(of(&[(282, none), both[1]]), None);
    }
    // A quarter turn exchanges rows and columns.
    assert_eq!(of(&[both[0], both[1], (274, &[6])]), resolution(150.1, 300.0, LengthUnit::Inch));
}

#[test]
fn jpeg_files_tell_their_resolution() {
    let jfif = |unit, horizontal, vertical| {
        (0xe0, [&b"JFIF\0\x01\x01"[..], &[unit, 0, horizontal, 0, vertical, 0, 0]].concat())
    };
    let of = |segments| read(&Jpeg { segments, ..Jpeg::grey((8, 8)) }.bytes());
    assert_eq!(of(vec![jfif(1, 200, 100)]), resolution(200.0, 100.0, LengthUnit::Inch));
    assert_eq!(of(vec![jfif(2, 20, 10)]), resolution(20.0, 10.0, LengthUnit::Centimetre));
    assert_eq!(of(vec![jfif(0, 1, 1)]), None);
    let tags = vec![(282, vec![72, 1]), (283, vec![72, 1]), (296, vec![2])];
    let exif_data = tiff_of_pages(&[TiffPage { tags, ..TiffPage::default() }], false);
    let exif_resolution = (0xe1, [&b"Exif\0\0"[..], &exif_data].concat());
    assert_eq!(of(vec![exif_resolution]), resolution(72.0, 72.0, LengthUnit::Inch));
    assert_eq!(of(vec![(0xe1, [&b"Exif\0\0"[..], &exif(1, false)].concat())]), None);
}

#[test]
fn resolutions_are_kept_from_file_to_file() {
    let folder = tempfile::tempdir().unwrap();
    let image = BitImage::new(3, 5);
    let kept = |name: &str, resolution| {
        let path = folder.path().join(name);
        write_pages(&path, Foreground::Black, |pages| -> Result<(), FileError> {
            pages.write(&image, resolution)
        })
        .unwrap();
        Pages::open(&path).unwrap().read(0, &ReadOptions::default()).unwrap().resolution
    };
    for (horizontal, vertical) in [(300.0, 150.0), (72.27, 1.0 / 3.0), (118.11, 118.11)] {
        for unit in [LengthUnit::Unknown, LengthUnit::Inch, LengthUnit::Centimetre] {
            let given = resolution(horizontal, vertical, unit);
            assert_eq!(kept("a.tif", given), given);
        }
    }
    assert_eq!(
        kept("a.png", resolution(118.11, 40.0, LengthUnit::Centimetre)),
        resolution(118.11, 40.0, LengthUnit::Centimetre)
    );
    // PNG counts pixels to the metre.
    assert_eq!(
        kept("a.png", resolution(300.0, 300.0, LengthUnit::Inch)),
        resolution(118.11, 118.11, LengthUnit::Centimetre)
    );
    assert_eq!(
        kept("a.png", resolution(2.0, 1.0, LengthUnit::Unknown)),
        resolution(2.0, 1.0, LengthUnit::Unknown)
    );
    for name in ["a.tif", "a.png"] {
        assert_eq!(kept(name, None), None);
    }
    assert_eq!(kept("a.pbm", resolution(300.0, 300.0, LengthUnit::Inch)), None);
}
