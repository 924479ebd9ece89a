//! Networks to export, and images for them.

use std::path::Path;

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::TestRunner;
use strel_image::files::{ReadOptions, read};
use strel_image::{BitImage, Border, StructuringElement};
use strel_network::{Bisel, Layer, MorphologicalNeuron, Network, Operator};

use crate::show::sticks;
use crate::{architecture, random};

/// A network with inputs for it, one image a channel each.
pub struct Case {
    pub network: Network,
    pub batch: Vec<Vec<BitImage>>,
}

/// As many values of a strategy, the same ones each time.
pub fn samples<S: Strategy>(strategy: S, count: usize) -> Vec<S::Value> {
    let mut runner = TestRunner::deterministic();
    (0..count).map(|_| strategy.new_tree(&mut runner).unwrap().current()).collect()
}

/// Networks of BiSEL layers: random ones, some with elements that reach far, and a real one.
pub fn bisels(count: usize) -> Vec<Case> {
    let random = samples(random::network(), count).into_iter();
    let cases = random.chain(far()).chain([sticks()]).map(|network| {
        let mut batch = samples(random::images(network.inputs()), 25);
        batch.extend((network.inputs() == 1).then(page).flatten().map(|page| vec![page]));
        Case { network, batch }
    });
    cases.collect()
}

/// Networks of all kinds of layers that have no layer of images behind a dense one.
pub fn layers(count: usize) -> Vec<Case> {
    let exported = |(network, _): &(Network, Vec<BitImage>)| {
        let dense = network.layers().iter().position(|layer| matches!(layer, Layer::Dense(_)));
        let head = &network.layers()[dense.unwrap_or(network.layers().len())..];
        head.iter().all(|layer| matches!(layer, Layer::Dense(_) | Layer::Scores(_)))
    };
    let strategy = architecture::network().prop_filter("images behind a dense layer", exported);
    samples(strategy, count)
        .into_iter()
        .map(|(network, images)| {
            let size = network.least_image_size().unwrap_or(images[0].size());
            let pixels = samples(proptest::collection::vec(0..7_usize, 3), 12);
            let batch = pixels.iter().map(|seeds| {
                let image = |channel: usize| {
                    BitImage::from_fn(size.0, size.1, |row, col| {
                        let mixed = row * seeds[0] + col * seeds[1] + row * col + seeds[2];
                        (mixed + channel).is_multiple_of(3)
                    })
                };
                (0..network.inputs()).map(image).collect()
            });
            let cropped = images.iter().map(|image| image.crop(0, 0, size.0, size.1).unwrap());
            let batch = batch.chain([cropped.collect()]).collect();
            Case { network, batch }
        })
        .collect()
}

/// Writes the inputs and results of a case that have pixels as NumPy arrays, for Python to compare:
/// `NAME_NUMBER_input.npy`, and in its place `output`, or `class` and `scores`.
pub fn write_arrays(case: &Case, name: &str, folder: &Path) {
    for (number, images) in case.batch.iter().enumerate() {
        let write = |what: &str, array: Vec<u8>| {
            std::fs::write(folder.join(format!("{name}_{number}_{what}.npy")), array).unwrap();
        };
        if let Some(classes) = case.network.classes() {
            let class = case.network.classify(images).unwrap() as i64;
            let scores = case.network.scores(images).unwrap();
            let scores = scores.iter().flat_map(|score| score.to_le_bytes()).collect();
            write("class", npy("<i8", &[], class.to_le_bytes().to_vec()));
            write("scores", npy("<f8", &[classes], scores));
        } else {
            let outputs = case.network.apply(images).unwrap();
            if outputs[0].area() == 0 {
                continue;
            }
            let dense = matches!(case.network.layers().last(), Some(Layer::Dense(_)));
            let shape = if dense { vec![outputs.len()] } else { shape(&outputs) };
            write("output", npy("|b1", &shape, pixels(&outputs)));
        }
        write("input", npy("|b1", &shape(images), pixels(images)));
    }
}

fn shape(images: &[BitImage]) -> Vec<usize> {
    vec![images.len(), images[0].height(), images[0].width()]
}

fn pixels(images: &[BitImage]) -> Vec<u8> {
    images.iter().flat_map(BitImage::pixels).map(u8::from).collect()
}

/// The bytes of a NumPy file of version 1.
fn npy(kind: &str, shape: &[usize], data: Vec<u8>) -> Vec<u8> {
    let shape: String = shape.iter().map(|size| format!("{size},")).collect();
    let header = format!("{{'descr': '{kind}', 'fortran_order': False, 'shape': ({shape})}}");
    let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
    bytes.extend(117_u16.to_le_bytes());
    bytes.extend(format!("{header:116}\n").into_bytes());
    bytes.extend(data);
    bytes
}

/// For each border: an opening by an element with far and asymmetric pixels.
fn far() -> Vec<Network> {
    let offsets = [(0, -70), (-9, 3), (2, 131), (7, 0)];
    let element = StructuringElement::from_offsets(offsets).unwrap();
    let opening = [Operator::Erosion(element.clone()), Operator::Dilation(element)];
    let borders = [Border::Replicate, Border::Reflect, Border::Zero, Border::One];
    let network = |border| {
        let layer = |operator: &Operator| {
            Layer::Bisel(Bisel::one_to_one(MorphologicalNeuron::activated(operator.clone())))
        };
        Network::new(border, opening.iter().map(layer).collect()).unwrap()
    };
    borders.map(network).to_vec()
}

/// A part of a scanned page, if `STREL_DATA_DIR` has one.
fn page() -> Option<BitImage> {
    let Some(folder) = std::env::var_os("STREL_DATA_DIR") else {
        eprintln!("no real images: set STREL_DATA_DIR");
        return None;
    };
    let path = Path::new(&folder).join("pages/feyn.tif");
    let page = read(&path, &ReadOptions::default()).unwrap();
    Some(page.crop(300, 301, 211, 421).unwrap())
}
