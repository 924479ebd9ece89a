//! Image files as they are in the world: of several pages, turned, with resolutions, of two levels.

mod common;

use std::fs;
use std::path::Path;

use strel::image::files::{
    FileError, Foreground, LengthUnit, Pages, ReadOptions, Resolution, read, write_pages,
};
use strel::image::{BitImage, StructuringElement};

use common::program::{refused, told};
use common::small;

const SCAN: Resolution = Resolution { horizontal: 300.0, vertical: 150.0, unit: LengthUnit::Inch };

/// Images of different sizes.
fn images() -> Vec<BitImage> {
    let image = |index: usize| {
        BitImage::from_fn(20 + index, 70, |row, col| (row * 31 + col * col * 7) % (5 + index) < 2)
    };
    (0..3).map(image).collect()
}

fn write_all(path: &Path, images: &[BitImage]) {
    write_pages(path, Foreground::Black, |pages| -> Result<(), FileError> {
        images.iter().try_for_each(|image| pages.write(image, Some(SCAN)))
    })
    .unwrap();
}

/// The pages of a file, and their resolutions.
fn read_all(path: &Path) -> (Vec<BitImage>, Vec<Option<Resolution>>) {
    let pages = Pages::open(path).unwrap();
    let page = |page| pages.read(page, &ReadOptions::default()).unwrap();
    (0..pages.count()).map(page).map(|page| (page.image, page.resolution)).unzip()
}

fn dilated() -> Vec<BitImage> {
    let square = StructuringElement::rectangle(3, 3).unwrap();
    let dilate =
        |image: &BitImage| strel::image::dilate(image, &square, strel::image::Border::Neutral);
    images().iter().map(dilate).collect()
}

#[test]
fn as_many_pages_are_written_as_were_read() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    write_all(&at.join("in.tif"), &images());
    let said = told(at, &["morph", "d3.3", "in.tif", "--out", "out.tif"]);
    assert!(said.starts_with("out.tif: 3 pages, 4410 pixels, "), "{said}");
    assert_eq!(read_all(&at.join("out.tif")), (dilated(), vec![Some(SCAN); 3]));
    told(at, &["morph", "d3.3", "in.tif", "--out", "out.pbm"]);
    assert_eq!(read_all(&at.join("out.pbm")), (dilated(), vec![None; 3]));
    told(at, &["morph", "d3.3", "out.pbm", "in.tif", "--out", "tiffs", "--format", "tif"]);
    assert_eq!(read_all(&at.join("tiffs/in.tif")).0, dilated());
    told(at, &["morph", "d3.3", "in.tif", "--out", "out.png"]);
    told(at, &["morph", "d3.3", "in.tif", "--out", "pngs"]);
    for (number, expected) in (1..).zip(dilated()) {
        for file in [format!("out-{number}.png"), format!("pngs/in-{number}.png")] {
            let (image, resolution) = read_all(&at.join(file));
            assert_eq!(image[0], expected);
            let [resolution] = resolution[..] else { panic!("one page") };
            assert_eq!(resolution.unwrap().horizontal, 118.11);
        }
    }
    assert!(!at.join("out.png").exists());
    told(at, &["data", "noise", "in.tif", "--probability", "0", "--out", "same.tif"]);
    assert_eq!(read_all(&at.join("same.tif")), (images(), vec![Some(SCAN); 3]));
}

#[test]
fn grey_pages_are_written_as_they_were_read() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    fs::write(at.join("two.pgm"), b"P5 3 1 255\n\x05\x80\xfbP5 2 1 255\n\x09\x08").unwrap();
    told(at, &["morph", "d1.1", "two.pgm", "--levels", "255", "--out", "same.pgm"]);
    let levels = |name: &str, page| {
        Pages::open(at.join(name)).unwrap().read_grey(page).unwrap().image[0].levels().to_vec()
    };
    assert_eq!((levels("same.pgm", 0), levels("same.pgm", 1)), (vec![5, 128, 251], vec![9, 8]));
    told(at, &["morph", "d1.1", "two.pgm", "--levels", "255", "--out", "p.png"]);
    assert_eq!((levels("p-1.png", 0), levels("p-2.png", 0)), (vec![5, 128, 251], vec![9, 8]));
}

#[test]
fn pages_do_not_overwrite_each_other_or_what_was_read() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    write_all(&at.join("a.tif"), &images()[..2]);
    write_all(&at.join("a-2.png"), &images()[..1]);
    let said = refused(at, &["morph", "d3.3", "a.tif", "a-2.png", "--out", "out"]);
    assert!(said.contains("a.tif and a-2.png would both be written to out/a-2.png"), "{said}");
    let said = refused(at, &["morph", "d3.3", "a.tif", "a-2.png", "--out", "."]);
    assert!(said.contains("a-2.png"), "{said}");
    // Standard output takes the pages of one file.
    let said = refused(at, &["morph", "d3.3", "a.tif", "--out", "-"]);
    assert!(said.contains("a file holds one image"), "{said}");
}

#[test]
fn large_pages_are_streamed_one_after_the_other() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    let large = BitImage::from_fn(8400, 32_000, |row, col| (row, col) == (8000, 31_999));
    write_all(&at.join("in.tif"), &[large, images().remove(0)]);
    let said = told(at, &["morph", "d3.3", "in.tif", "--out", "out.tif"]);
    assert!(
        said.contains("2 pages, 268801400 pixels, ") && said.contains("streamed in "),
        "{said}"
    );
    let (pages, resolutions) = read_all(&at.join("out.tif"));
    assert_eq!((pages[0].size(), pages[0].count_ones()), ((8400, 32_000), 6));
    assert_eq!(pages[1], dilated()[0]);
    assert_eq!(resolutions, [Some(SCAN); 2]);
}

#[test]
fn pairs_of_files_of_several_pages_are_several_pairs() {
    let folder = small::folder();
    let at = folder.path();
    for side in ["inputs", "targets"] {
        fs::create_dir(at.join(side)).unwrap();
        write_all(&at.join(side).join("scan.tif"), &images());
    }
    let said = told(at, &["eval", "run", "--inputs", "inputs", "--targets", "targets"]);
    let names: Vec<&str> = said.lines().map(|line| line.split(':').next().unwrap()).collect();
    assert_eq!(names, ["scan-1", "scan-2", "scan-3", "mean of 3"]);
    write_all(&at.join("targets/scan.tif"), &images()[..2]);
    let said = refused(at, &["eval", "run", "--inputs", "inputs", "--targets", "targets"]);
    let expected =
        "inputs/scan.tif has 3 pages and its target targets/scan.tif has 2; expected as many";
    assert!(said.contains(expected), "{said}");
}

#[test]
fn masks_of_two_levels_need_no_threshold() {
    let folder = tempfile::tempdir().unwrap();
    let at = folder.path();
    fs::write(at.join("mask.pgm"), b"P5 4 1 255\n\x00\x01\x01\x00").unwrap();
    told(at, &["morph", "d1.1", "mask.pgm", "--out", "out.pbm"]);
    let image = read(at.join("out.pbm"), &ReadOptions::default()).unwrap();
    assert_eq!(image.to_string(), "#..#");
    let said =
        refused(at, &["morph", "d1.1", "mask.pgm", "--threshold", "128", "--out", "out.png"]);
    assert!(said.contains("mask.pgm: the threshold 128 would make all pixels black"), "{said}");
    assert!(!at.join("out.png").exists());
}
