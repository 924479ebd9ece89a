//! Files of several pages.

use std::fs;

use strel_image::files::{
    FileError, FileProblem, Foreground, Pages, ReadOptions, RowReader, decode, read, read_grey,
    write_pages,
};
use strel_image::{BitImage, GreyImage, RowSource};

use super::png::png;
use super::tiff::{group4, page, tiff_of_pages};

/// Images of different sizes.
fn three() -> [BitImage; 3] {
    ["#..#\n.##.", "##########", ".\n#\n#"].map(|picture| picture.parse().unwrap())
}

/// All pages, by rows where they come so.
fn all(bytes: &[u8]) -> Result<Vec<BitImage>, FileError> {
    let pages = Pages::of_bytes("file", bytes)?;
    let read = |page| {
        let image = pages.read(page, &ReadOptions::default())?.image;
        if let Ok(mut rows) = pages.rows(page, Foreground::Black) {
            let mut by_rows = BitImage::new(rows.height(), rows.width());
            let height = rows.height();
            rows.read_rows(&mut by_rows, 0..height)?;
            assert_eq!(by_rows, image);
        }
        Ok(image)
    };
    (0..pages.count()).map(read).collect()
}

fn size(image: &BitImage) -> [(u16, u32); 2] {
    [(256, image.width() as u32), (257, image.height() as u32)]
}

#[test]
fn all_pages_of_a_tiff_file_are_read() {
    let pages = three();
    let page_of = |image: &BitImage, more: &[(u16, u32)]| {
        page(&[&size(image)[..], &[(259, 4), (262, 0)], more].concat(), &[&group4(image)])
    };
    let plain: Vec<_> = pages.iter().map(|image| page_of(image, &[])).collect();
    for big_endian in [false, true] {
        assert_eq!(all(&tiff_of_pages(&plain, big_endian)).unwrap(), pages);
    }
    // Reduced images of others, by the new tag and by the old one.
    let reduced = page_of(&pages[2], &[(254, 1)]);
    let old_reduced = page_of(&pages[2], &[(255, 2)]);
    let numbered = page_of(&pages[1], &[(254, 2)]);
    let file = tiff_of_pages(&[reduced.clone(), plain[0].clone(), old_reduced, numbered], false);
    assert_eq!(all(&file).unwrap(), pages[..2]);
    assert_eq!(all(&tiff_of_pages(&[reduced], false)).unwrap(), pages[2..], "there is no other");
}

#[test]
fn tiff_files_whose_pages_have_no_end_are_refused() {
    let image = &three()[0];
    let tags = [&size(image)[..], &[(259, 4), (262, 0)]].concat();
    let mut file = tiff_of_pages(&[page(&tags, &[&group4(image)])], false);
    let first: [u8; 4] = file[4..8].try_into().unwrap();
    let end = file.len() - 4;
    file[end..].copy_from_slice(&first);
    let message = all(&file).unwrap_err().to_string();
    assert!(message.ends_with("the directories of the pages go in a circle"), "{message}");
    file[end..].copy_from_slice(&[255, 255, 0, 0]);
    assert!(all(&file).unwrap_err().to_string().contains("the file ends before byte"));
}

#[test]
fn all_images_of_pnm_files_are_read() {
    let raw = b"P4 4 2\n\x90\x60P4\n10 1\n\xff\xc0P4#\n1 3 \x00\x80\x80";
    assert_eq!(all(raw).unwrap(), three());
    let plain = b"P1 4 2 1001 0110\nP1\n10 1\n1111111111\nP1\n1 3 0 1 1\nand no more";
    assert_eq!(all(plain).unwrap(), three());
    let mixed = b"P5 2 1 255\n\x00\xffP2 2 1 9\n9 0\nP4 2 1\n\x80 \n\n";
    let pictures: Vec<String> = all(mixed).unwrap().iter().map(BitImage::to_string).collect();
    assert_eq!(pictures, ["#.", ".#", "#."]);
    let message = |bytes| all(bytes).unwrap_err().to_string();
    assert_eq!(
        message(b"P4 8 1\n\x01P6 1 1 255\nabc"),
        "file: PGM of a kind that is not supported: an image at byte 8 that is neither PBM nor PGM"
    );
    assert_eq!(
        message(b"P4 8 1\n\x01more"),
        "file: damaged or incomplete PBM: expected another image or the end of the file at byte 8, found 'm'"
    );
    assert!(message(b"P4 8 1\n\x01P4 8 2\n\x01").contains("but the file ends after 1 bytes"));
}

#[test]
fn files_of_several_pages_are_not_read_as_one_image() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("two.pbm");
    fs::write(&path, b"P4 8 1\n\x01P4 8 1\n\x02").unwrap();
    let expected = format!("{}: the file has 2 pages; expected one image", path.display());
    let options = ReadOptions::default();
    assert_eq!(read(&path, &options).unwrap_err().to_string(), expected);
    assert_eq!(read_grey(&path).unwrap_err().to_string(), expected);
    assert_eq!(RowReader::open(&path, Foreground::Black).err().unwrap().to_string(), expected);
    let problem = decode(&fs::read(&path).unwrap(), &options).unwrap_err();
    assert!(matches!(problem, FileProblem::Pages { pages: 2 }));
}

#[test]
fn problems_name_the_page() {
    let grey = b"P5 3 1 255\n\x00\xff\x00P5 3 1 255\n\x05\x80\xfb";
    let pages = Pages::of_bytes("two.pgm", grey).unwrap();
    assert!(pages.read(0, &ReadOptions::default()).is_ok());
    assert_eq!(
        pages.read(1, &ReadOptions::default()).unwrap_err().to_string(),
        "two.pgm: page 2: the image is grey (5 to 251); expected two levels, or a `threshold` such as 128"
    );
}

#[test]
fn pages_are_written_and_read_back() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["a.tif", "a.pbm", "a.pgm"] {
        let path = folder.path().join(name);
        write_pages(&path, Foreground::White, |pages| -> Result<(), FileError> {
            three().iter().try_for_each(|image| pages.write(image, None))
        })
        .unwrap();
        let read = all(&fs::read(&path).unwrap()).unwrap();
        assert_eq!(read, three().map(|image| image.complement()), "{name}");
    }
    let path = folder.path().join("a.pgm");
    let ramp = GreyImage::new(1, 3, vec![0, 100, 200]).unwrap();
    write_pages(&path, Foreground::White, |pages| -> Result<(), FileError> {
        pages.write_grey(std::slice::from_ref(&ramp), None)?;
        pages.write_grey(std::slice::from_ref(&ramp), None)
    })
    .unwrap();
    let pages = Pages::open(&path).unwrap();
    assert_eq!(pages.count(), 2);
    assert_eq!(pages.read_grey(1).unwrap().image, [ramp]);
}

#[test]
fn a_file_holds_as_many_pages_as_its_format() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, count: usize| {
        let written = write_pages(folder.path().join(name), Foreground::Black, |pages| {
            three().iter().take(count).try_for_each(|image| pages.write(image, None))
        });
        written.map_err(|error: FileError| error.problem.to_string())
    };
    assert!(write("a.png", 1).is_ok());
    let one = "PNG of a kind that is not supported: a file holds one image";
    assert_eq!(write("b.png", 2).unwrap_err(), one);
    assert!(write("a.tif", 0).unwrap_err().contains("no pixels"));
    // Nothing is left of what went wrong.
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn animations_are_refused() {
    let mut bytes = Vec::new();
    let mut encoder = ::png::Encoder::new(&mut bytes, 1, 1);
    encoder.set_animated(2, 0).unwrap();
    let mut writer = encoder.write_header().unwrap();
    (0..2).for_each(|frame| writer.write_image_data(&[frame]).unwrap());
    writer.finish().unwrap();
    let message = all(&bytes).unwrap_err().to_string();
    assert!(message.ends_with("an animation of several images"), "{message}");
    let one = png(::png::ColorType::Grayscale, ::png::BitDepth::Eight, 1, &[0]);
    assert_eq!(all(&one).unwrap().len(), 1);
}
