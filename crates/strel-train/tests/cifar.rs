//! The binary files of CIFAR-10, made here.

use std::fs;
use std::path::Path;

use strel_network::Shape;
use strel_train::Config;
use strel_train::data::{Classes, Data, Split};

const AREA: usize = 32 * 32;

/// The levels of an image: red falls from the left to the right, green is of one level, blue marks a pixel.
fn planes(image: usize) -> Vec<u8> {
    let red = (0..AREA).map(|at| 255 - 8 * (at % 32) as u8);
    let green = (0..AREA).map(|_| 10 * image as u8);
    let blue = (0..AREA).map(|at| if at == image { 255 } else { 0 });
    red.chain(green).chain(blue).collect()
}

/// Five training files of four images and a test file, images and labels counted through.
fn write_files(folder: &Path) {
    let names = (1..=5).map(|batch| format!("data_batch_{batch}.bin"));
    for (file, name) in names.chain(["test_batch.bin".into()]).enumerate() {
        let image = |image: usize| [vec![(image % 10) as u8], planes(image)].concat();
        let bytes: Vec<u8> = (4 * file..4 * file + 4).flat_map(image).collect();
        fs::write(folder.join(name), bytes).unwrap();
    }
}

fn config(folder: &Path, settings: &[&str]) -> Config {
    let network = "[network]\nlayers = [{ dense = 6 }]\n";
    let training = "[training]\nloss = 'cross-entropy'\nfree = 1.0\nsteps = 3\nbatch = 4\n";
    let text = format!("[data.cifar-10]\nfolder = '{}'\n{network}{training}", folder.display());
    Config::from_toml(&text, "test").unwrap().with_settings(settings).unwrap()
}

fn classes(config: &Config) -> Classes {
    let Data::Classes(classes) = config.data.open().unwrap() else { panic!("labelled images") };
    classes
}

#[test]
fn colours_and_labels_are_read_in_the_order_of_the_files() {
    let folder = tempfile::tempdir().unwrap();
    write_files(folder.path());
    let levels = "data.cifar-10.levels=[100, 200]";
    let found = classes(&config(folder.path(), &[levels, "data.cifar-10.validation=0.25"]));
    assert_eq!(found.shape(), Shape { channels: 6, height: 32, width: 32 });
    assert_eq!(found.count(), 10);
    let lengths = [Split::Train, Split::Validation, Split::Test].map(|split| found.len(split));
    assert_eq!(lengths, [15, 5, 4]);
    for (split, first) in [(Split::Train, 0), (Split::Validation, 15), (Split::Test, 20)] {
        for index in 0..4 {
            let (sample, image) = (found.sample(split, index), first + index);
            assert_eq!(sample.class, image % 10);
            let counts: Vec<u64> =
                sample.channels.iter().map(|channel| channel.count_ones()).collect();
            let green = |level: usize| if 10 * image >= level { AREA as u64 } else { 0 };
            // Red is 255 - 8 column: at least 100 up to column 19, at least 200 up to column 6.
            assert_eq!(counts, [20 * 32, 7 * 32, green(100), green(200), 1, 1], "image {image}");
            assert!(sample.channels[4].get(image / 32, image % 32));
        }
    }
}

#[test]
fn grey_is_the_luma() {
    let folder = tempfile::tempdir().unwrap();
    write_files(folder.path());
    let settings = ["data.cifar-10.colour=grey", "data.cifar-10.levels=[100]"];
    let found = classes(&config(folder.path(), &settings));
    assert_eq!(found.shape().channels, 1);
    for image in [0, 7, 17] {
        let channel = &found.sample(Split::Train, image).channels[0];
        for at in 0..AREA {
            let [red, green, blue] = [0, 1, 2].map(|plane| planes(image)[plane * AREA + at]);
            let [red, green, blue] = [red, green, blue].map(f64::from);
            let luma = (0.299 * red + 0.587 * green + 0.114 * blue).round();
            assert_eq!(channel.get(at / 32, at % 32), luma >= 100.0, "image {image}, pixel {at}");
        }
    }
    let ranked = classes(&config(folder.path(), &["data.cifar-10.levels=3"]));
    assert!(ranked.levels().is_sorted() && ranked.shape().channels == 9);
}

#[test]
fn a_network_learns_on_them() {
    let folder = tempfile::tempdir().unwrap();
    write_files(folder.path());
    let config = config(folder.path(), &["data.cifar-10.colour=grey"]);
    let mut trainer = strel_train::Trainer::new(config).unwrap();
    assert!(trainer.advance().unwrap() > 0.0);
}

#[test]
fn wrong_files_are_named_with_what_is_expected() {
    let folder = tempfile::tempdir().unwrap();
    let complaint = || config(folder.path(), &[]).data.open().expect_err("wrong").to_string();
    let absent = complaint();
    for part in ["data_batch_1.bin", "is not there", "test_batch.bin", "cifar-10-binary.tar.gz"] {
        assert!(absent.contains(part), "no {part} in {absent}");
    }
    write_files(folder.path());
    let file = folder.path().join("data_batch_3.bin");
    let whole = fs::read(&file).unwrap();
    fs::write(&file, &whole[1..]).unwrap();
    let cut = complaint();
    assert!(cut.contains("data_batch_3.bin: 12291 bytes") && cut.contains("3073"), "{cut}");
    fs::write(&file, [&[10], &whole[1..]].concat()).unwrap();
    let label = complaint();
    assert!(label.contains("data_batch_3.bin: image 0 has label 10"), "{label}");
    fs::write(&file, []).unwrap();
    assert!(complaint().contains("0 bytes"));
}
