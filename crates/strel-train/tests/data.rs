//! Data: the same bits in any order, splits that share nothing, files that are wrong.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;
use strel_image::files::{Foreground, ReadOptions, write};
use strel_image::{BitImage, Border, Sequence, naive};
use strel_train::data::*;

fn draw(seed: u64, split: Split, index: u64) -> Draw {
    Draw { seed, split, index }
}

fn operator(target: &str) -> Source {
    let target: Sequence = target.parse().unwrap();
    let images = Images::Diskorect(Diskorect::default());
    Source::Operator(Box::new(OperatorPairs::new(images, target.plan(Border::Replicate))))
}

#[test]
fn pairs_depend_on_seed_split_and_index_alone() {
    for source in [Source::Noisti(Noisti::default()), operator("oD3"), rows_of_a_page(false)] {
        let pair = |seed, split, index| source.pair(draw(seed, split, index)).unwrap();
        let five = pair(1, Split::Train, 5);
        assert_eq!(source.pairs(1, Split::Train, 4, 3).unwrap()[1], five);
        assert_ne!(pair(2, Split::Train, 5), five);
        assert_ne!(pair(1, Split::Test, 5), five);
        assert_ne!(pair(1, Split::Train, 6), five);
    }
}

#[test]
fn targets_are_what_the_operator_makes_of_inputs() {
    let element = strel_image::StructuringElement::disk(3).unwrap();
    for pair in operator("oD3").pairs(3, Split::Validation, 0, 5).unwrap() {
        let eroded = naive::erode(&pair.input, &element, Border::Replicate);
        assert_eq!(pair.target, naive::dilate(&eroded, &element, Border::Replicate));
    }
}

/// A page on which no two crops are alike.
fn page(height: usize, width: usize, seed: u64) -> Pair {
    let input = salt_and_pepper(&BitImage::new(height, width), 1.0, seed);
    Pair { target: input.complement(), input }
}

fn crops(size: usize, hold_out: HoldOut) -> Crops {
    Crops { size, shares: Shares { validation: 0.2, test: 0.2 }, hold_out, augment: false }
}

fn rows_of_a_page(augment: bool) -> Source {
    let image = ImagePair { name: "page".into(), pair: page(60, 30, 1) };
    let crops = Crops { augment, ..crops(8, HoldOut::Rows) };
    Source::Pairs(Pairs::new(vec![image], crops).unwrap())
}

/// The rows of the page at which a crop is found.
fn row_of(crop: &BitImage, page: &BitImage) -> Vec<usize> {
    let places = (0..=60 - 8).flat_map(|row| (0..=30 - 8).map(move |col| (row, col)));
    let same = places.filter(|(row, col)| page.crop(*row, *col, 8, 8).unwrap() == *crop);
    same.map(|(row, _)| row).collect()
}

#[test]
fn crops_of_splits_share_no_row() {
    let page = page(60, 30, 1);
    let parts = [(Split::Train, 0..36), (Split::Validation, 36..48), (Split::Test, 48..60)];
    for (split, rows) in parts {
        let mut seen = Vec::new();
        for pair in rows_of_a_page(false).pairs(2, split, 0, 300).unwrap() {
            assert_eq!(pair.target, pair.input.complement());
            let [row] = row_of(&pair.input, &page.input)[..] else { panic!("one place") };
            assert!(rows.contains(&row) && rows.contains(&(row + 7)), "{split:?}: row {row}");
            seen.push(row);
        }
        let ends = (seen.iter().min(), seen.iter().max());
        assert_eq!(ends, (Some(&rows.start), Some(&(rows.end - 8))), "all places come");
    }
}

#[test]
fn images_of_splits_differ_and_each_comes_once_a_pass() {
    let images: Vec<ImagePair> = (0..10)
        .map(|index| ImagePair { name: format!("{index}"), pair: page(8, 8, index) })
        .collect();
    let pairs = Pairs::new(images.clone(), crops(8, HoldOut::Images)).unwrap();
    let number = |crop: Pair| images.iter().position(|image| image.pair == crop).unwrap();
    let mut all = Vec::new();
    for (split, count) in [(Split::Train, 6), (Split::Validation, 2), (Split::Test, 2)] {
        let pass = |seed, pass: u64| -> Vec<usize> {
            let indices = pass * count..(pass + 1) * count;
            indices.map(|index| number(pairs.pair(draw(seed, split, index)).unwrap())).collect()
        };
        let sorted = |mut numbers: Vec<usize>| {
            numbers.sort_unstable();
            numbers
        };
        let first = sorted(pass(1, 0));
        assert!((0..5).all(|number| sorted(pass(1, number)) == first), "each once a pass");
        assert_eq!(sorted(pass(2, 0)), first, "whatever the seed");
        if split == Split::Train {
            assert!((1..5).any(|number| pass(1, number) != pass(1, 0)), "in another order");
        }
        all.extend(first);
    }
    all.sort_unstable();
    assert!(all.into_iter().eq(0..10), "no image is in two splits");
}

#[test]
fn augmentation_turns_input_and_target_together_in_training_alone() {
    let page = page(60, 30, 1);
    let (plain, augmented) = (rows_of_a_page(false), rows_of_a_page(true));
    let pairs = |source: &Source, split| source.pairs(2, split, 0, 100).unwrap();
    assert_eq!(pairs(&plain, Split::Validation), pairs(&augmented, Split::Validation));
    assert_eq!(pairs(&plain, Split::Test), pairs(&augmented, Split::Test));
    let mut upright = 0;
    for (pair, turned) in pairs(&plain, Split::Train).iter().zip(pairs(&augmented, Split::Train)) {
        assert_eq!(turned.target, turned.input.complement());
        assert_eq!(turned.input.count_ones(), pair.input.count_ones());
        upright += row_of(&turned.input, &page.input).len();
    }
    assert!((1..40).contains(&upright), "one in eight stays as it is, not {upright} of 100");
}

#[test]
fn crops_do_not_depend_on_what_is_held_in_memory() {
    let folder = tempfile::tempdir().unwrap();
    let [inputs, targets] = ["inputs", "targets"].map(|name| folder.path().join(name));
    for index in 0..5 {
        let page = page(50, 70, index);
        for (folder, image) in [(&inputs, &page.input), (&targets, &page.target)] {
            fs::create_dir_all(folder).unwrap();
            write(folder.join(format!("{index}.png")), image, Foreground::Black).unwrap();
        }
    }
    let options = ReadOptions::default();
    let files = find_pairs(&inputs, &targets).unwrap().found;
    let crops = crops(10, HoldOut::Rows);
    let reading = Reading::Binary { input: options, target: options };
    let open = |memory| Pairs::open(files.clone(), reading, memory, crops).unwrap();
    let loaded = load_pairs(&inputs, &targets, &options, &options).unwrap().found;
    let in_memory = Pairs::new(loaded, crops).unwrap();
    // No image, some of them, all of them.
    let opened = [open(0), open(5000), open(1 << 20)];
    for index in 0..20 {
        let draw = draw(1, Split::Train, index);
        let expected = in_memory.pair(draw).unwrap();
        assert!(opened.iter().all(|pairs| pairs.pair(draw).unwrap() == expected));
    }
    fs::remove_dir_all(&inputs).unwrap();
    let all = |pairs: &Pairs| (0..5).all(|index| pairs.pair(draw(1, Split::Train, index)).is_ok());
    assert!(all(&opened[2]) && !all(&opened[1]));
    let error = opened[0].pair(draw(1, Split::Train, 0)).unwrap_err().to_string();
    assert!(error.contains("inputs"), "{error}");
}

/// The bytes of an IDX file.
fn idx(kind: u8, shape: &[u32], elements: &[u8]) -> Vec<u8> {
    let sides = shape.iter().flat_map(|side| side.to_be_bytes());
    [0, 0, kind, shape.len() as u8]
        .into_iter()
        .chain(sides)
        .chain(elements.iter().copied())
        .collect()
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// A folder with ten training images of 2 x 2 pixels and two test images; image i has level i.
fn small_mnist() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, bytes: &[u8]| fs::write(folder.path().join(name), bytes).unwrap();
    let levels: Vec<u8> = (0..10).flat_map(|level| [level; 4]).collect();
    write("train-images-idx3-ubyte.gz", &gzip(&idx(8, &[10, 2, 2], &levels)));
    write("train-labels-idx1-ubyte", &idx(8, &[10], &[0, 1, 2, 3, 4, 5, 6, 7, 8, 9]));
    write("t10k-images-idx3-ubyte", &idx(8, &[2, 2, 2], &[200; 8]));
    write("t10k-labels-idx1-ubyte.gz", &gzip(&idx(8, &[2], &[3, 4])));
    folder
}

#[test]
fn idx_files_are_read_gzipped_or_not() {
    let folder = small_mnist();
    let train = LabelledImages::load_set(folder.path(), "train").unwrap();
    assert_eq!((train.len(), train.size()), (10, (2, 2)));
    assert!((0..10).all(|index| train.label(index) == index as u8));
    assert_eq!(train.levels(7), [7; 4]);
    let by = Thresholding { threshold: 5, size: 3, inverted: false };
    assert_eq!(train.image(5, &by), BitImage::filled(3, 3, true), "the threshold is included");
    assert_eq!(train.image(4, &by), BitImage::new(3, 3));
    let inverted = Thresholding { inverted: true, ..by };
    assert_eq!(train.image(5, &inverted), BitImage::new(3, 3));
}

#[test]
fn images_of_idx_files_are_split_and_shuffled() {
    let folder = small_mnist();
    let files = IdxConfig {
        folder: Some(folder.path().to_owned()),
        threshold: 8,
        validation: 0.2,
        ..IdxConfig::default()
    };
    let images = ImagesConfig::Mnist(files).open().unwrap();
    // Of levels 0 to 9, those from 8 on are full: they are the last two, kept for validation.
    let ones = |split, index| images.image(draw(0, split, index)).count_ones();
    assert!((0..24).all(|index| ones(Split::Train, index) == 0));
    assert!((0..6).all(|index| ones(Split::Validation, index) == 50 * 50));
    assert!((0..6).all(|index| ones(Split::Test, index) == 50 * 50));
}

#[track_caller]
fn refused(path: &Path, bytes: &[u8], parts: &[&str]) {
    fs::write(path, bytes).unwrap();
    let error = Idx::load(path, 3).unwrap_err().to_string();
    for part in [&["images"], parts].concat() {
        assert!(error.contains(part), "no `{part}` in: {error}");
    }
}

#[test]
fn wrong_idx_files_are_named_with_what_is_wrong() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("images");
    let good = idx(8, &[2, 3, 4], &[1; 24]);
    fs::write(&path, &good).unwrap();
    assert!(Idx::load(&path, 3).is_ok());
    refused(&path, b"", &["IDX header"]);
    refused(&path, b"<html>", &["expected an IDX file", "00 00"]);
    refused(&path, &idx(13, &[2, 3, 4], &[1; 24]), &["type 08", "0d"]);
    refused(&path, &idx(8, &[24], &[1; 24]), &["3 dimensions", "found 1"]);
    refused(&path, &good[..11], &["cut IDX header"]);
    refused(&path, &good[..39], &["2 x 3 x 4 = 24 bytes", "23 follow"]);
    refused(&path, &[&good[..], &[0]].concat(), &["24 bytes", "more follow"]);
    refused(&path, &idx(8, &[u32::MAX; 3], &[1; 24]), &["4294967295 x", "claims"]);
    refused(&path, &idx(8, &[1 << 20, 1 << 20, 1], &[1; 24]), &["1048576 x", "24 follow"]);
    let gzipped = gzip(&good);
    refused(&path, &gzipped[..gzipped.len() - 9], &["gzipped content", "damaged"]);
    let mut changed = gzip(&good);
    *changed.last_mut().unwrap() ^= 1;
    refused(&path, &changed, &["gzipped content", "damaged"]);
    refused(&path, &gzip(b"\0\0"), &["gzipped content", "IDX header"]);
    assert!(
        Idx::load(&folder.path().join("nowhere"), 3).unwrap_err().to_string().contains("nowhere")
    );
}

#[test]
fn wrong_sets_are_named_with_what_is_wrong() {
    let refused = |name: &str, bytes: Option<Vec<u8>>, parts: &[&str]| {
        let folder = small_mnist();
        match bytes {
            Some(bytes) => fs::write(folder.path().join(name), bytes).unwrap(),
            None => fs::remove_file(folder.path().join(name)).unwrap(),
        }
        let files = IdxConfig { folder: Some(folder.path().to_owned()), ..IdxConfig::default() };
        let error = ImagesConfig::FashionMnist(files).open().unwrap_err().to_string();
        for part in parts {
            assert!(error.contains(part), "no `{part}` in: {error}");
        }
    };
    let labels = "train-labels-idx1-ubyte";
    refused(labels, None, &["no file train-labels-idx1-ubyte.gz"]);
    refused(labels, Some(idx(8, &[9], &[0; 9])), &["10 images", labels, "9 labels"]);
    let images = "t10k-images-idx3-ubyte";
    refused(images, Some(idx(8, &[0, 28, 28], &[])), &[images, "0 x 28 x 28 pixels"]);
    refused(images, Some(idx(8, &[2, 0, 28], &[])), &[images, "2 x 0 x 28 pixels"]);
    // One training image leaves none for validation.
    let one = gzip(&idx(8, &[1, 2, 2], &[0; 4]));
    let folder = small_mnist();
    fs::write(folder.path().join("train-images-idx3-ubyte.gz"), one).unwrap();
    fs::write(folder.path().join(labels), idx(8, &[1], &[0])).unwrap();
    let files = IdxConfig { folder: Some(folder.path().to_owned()), ..IdxConfig::default() };
    let error = ImagesConfig::Mnist(files).open().unwrap_err().to_string();
    assert!(error.contains("1 training images, 0 of which for validation"), "{error}");
}

#[test]
fn images_too_few_or_too_small_are_refused() {
    let images = |count: u64, height| -> Vec<ImagePair> {
        let image = |index| ImagePair { name: format!("i{index}"), pair: page(height, 30, index) };
        (0..count).map(image).collect()
    };
    let refused = |images, hold_out, parts: &[&str]| {
        let error = Pairs::new(images, crops(8, hold_out)).unwrap_err().to_string();
        for part in parts {
            assert!(error.contains(part), "no `{part}` in: {error}");
        }
    };
    refused(images(0, 60), HoldOut::Rows, &["0 pairs"]);
    refused(images(2, 60), HoldOut::Images, &["2 pairs", "0 to test"]);
    refused(images(1, 30), HoldOut::Rows, &["`i0`", "18 rows to train, 6 to validate", "8 x 8"]);
    refused(images(5, 7), HoldOut::Images, &["`i0`", "7 x 30 pixels; no room"]);
}

/// The folder of MNIST, where it is.
fn mnist() -> Option<PathBuf> {
    let folder = std::env::var_os("STREL_DATA_DIR").map(PathBuf::from);
    let beside = || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let mnist = folder.unwrap_or_else(beside).join("mnist");
    if !mnist.is_dir() {
        println!("skipped: no MNIST in {}", mnist.display());
        return None;
    }
    Some(mnist)
}

#[test]
fn mnist_that_is_there_is_not_fetched_again() {
    let Some(folder) = mnist() else { return };
    for file in MNIST.1 {
        let path = fetch(&file, "http://127.0.0.1:1", &folder, |_| panic!("a download"));
        assert_eq!(path.unwrap(), folder.join(file.name));
    }
}

#[test]
fn mnist_is_read() {
    let Some(folder) = mnist() else { return };
    let set = |name| LabelledImages::load_set(&folder, name).unwrap();
    let (train, test) = (set("train"), set("t10k"));
    assert_eq!((train.len(), train.size(), test.len()), (60_000, (28, 28), 10_000));
    assert_eq!([0, 1, 2].map(|index| train.label(index)), [5, 0, 4]);
    let by = Thresholding { threshold: 30, size: 50, inverted: false };
    let images: Vec<u64> = (0..1000).map(|index| test.image(index, &by).count_ones()).collect();
    assert!(images.iter().all(|ones| (50..1300).contains(ones)), "ink, and more paper");
}
