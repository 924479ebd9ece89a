//! A network as one plan, beside the plans of its operators one by one.
//!
//! `cargo bench -p strel-network` compares the results bit for bit first; then it prints the times.

use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use strel_image::{BitImage, Border, Engine, Plan, StructuringElement, kernel_name};
use strel_network::{
    Bisel, Combination, CombinationRule, Exactness, Layer, MorphologicalNeuron, Network, Operator,
    OutputChannel,
};

const CHANNELS: usize = 6;

fn main() {
    for (height, width) in [(1, 1), (40, 65), (512, 512)] {
        let image = noise(height, width);
        for border in [Border::Replicate, Border::Zero, Border::Reflect] {
            let planned = network(border).plan().apply_one(&image).expect("one channel to one");
            let engine = Engine::default();
            assert!(planned == OneByOne::new(border).apply(&engine, &image), "{border}");
        }
    }
    println!("kernel {}", kernel_name());
    println!("{}", network(Border::Replicate).plan().describe(&Engine::default(), (512, 512)));
    divan::main();
}

/// Random bits.
fn random() -> impl FnMut() -> u64 {
    let mut state = 1u64;
    move || {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (state ^ state >> 29).wrapping_mul(0xbf58_476d_1ce4_e5b9)
    }
}

fn noise(height: usize, width: usize) -> BitImage {
    let mut random = random();
    let words: Vec<u64> = (0..height * width.div_ceil(64)).map(|_| random()).collect();
    BitImage::from_words(height, width, &words).expect("as many words as the image takes")
}

/// Elements of half of the pixels of 5x5, for dilations and for erosions.
fn elements() -> [Vec<StructuringElement>; 2] {
    let mut random = random();
    let mut element = || {
        let mask: Vec<bool> = (0..25).map(|_| random() >> 63 == 1).collect();
        StructuringElement::from_mask(5, 5, None, &mask).expect("some pixel is set")
    };
    [(); 2].map(|()| (0..CHANNELS).map(|_| element()).collect())
}

/// Dilations of one channel to 6, and the union of an erosion of each.
fn network(border: Border) -> Network {
    let [dilations, erosions] = elements();
    let neurons = |elements: Vec<StructuringElement>,
                   operator: fn(StructuringElement) -> Operator| {
        let operators = elements.into_iter().map(operator);
        operators.map(MorphologicalNeuron::activated).collect::<Vec<_>>()
    };
    let channel =
        |neuron| OutputChannel { neurons: vec![neuron], combination: Combination::identity() };
    let outputs = neurons(dilations, Operator::Dilation).into_iter().map(channel).collect();
    let combination = Combination {
        rule: CombinationRule::Union(vec![true; CHANNELS]),
        complement: false,
        exactness: Exactness::Activated,
    };
    let union = OutputChannel { neurons: neurons(erosions, Operator::Erosion), combination };
    let layers = [Bisel { inputs: 1, outputs }, Bisel { inputs: CHANNELS, outputs: vec![union] }];
    Network::new(border, layers.map(Layer::Bisel).to_vec()).expect("the network is valid")
}

/// The same network, an operator at a time on whole images.
struct OneByOne {
    dilations: Vec<Plan>,
    erosions: Vec<Plan>,
}

impl OneByOne {
    fn new(border: Border) -> Self {
        let [dilations, erosions] = elements();
        OneByOne {
            dilations: dilations.iter().map(|element| Plan::dilation(element, border)).collect(),
            erosions: erosions.iter().map(|element| Plan::erosion(element, border)).collect(),
        }
    }

    fn apply(&self, engine: &Engine, image: &BitImage) -> BitImage {
        let run = |plan: &Plan, image: &BitImage| {
            plan.run(engine, &[image]).expect("one input, one output").remove(0)
        };
        let mut union = BitImage::new(image.height(), image.width());
        for (dilation, erosion) in self.dilations.iter().zip(&self.erosions) {
            let eroded = run(erosion, &run(dilation, image));
            union.union_with(&eroded).expect("images of one size");
        }
        union
    }
}

fn engine(threads: usize) -> Engine {
    Engine::new(Engine::default().kernel(), threads).expect("the kernel is there")
}

fn cases() -> impl Iterator<Item = (usize, usize)> {
    [512, 4096, 16384].into_iter().flat_map(|size| [1, 2].map(|threads| (size, threads)))
}

#[divan::bench(args = cases(), max_time = 2)]
fn planned(bencher: Bencher, (size, threads): (usize, usize)) {
    let (plan, engine) = (network(Border::Replicate).plan(), engine(threads));
    let batch = [vec![noise(size, size)]];
    bencher
        .counter(BytesCount::new(size * size / 8))
        .bench_local(|| plan.apply_batch(&engine, black_box(&batch)));
}

#[divan::bench(args = cases(), max_time = 2)]
fn operator_by_operator(bencher: Bencher, (size, threads): (usize, usize)) {
    let (network, engine) = (OneByOne::new(Border::Replicate), engine(threads));
    let image = noise(size, size);
    bencher
        .counter(BytesCount::new(size * size / 8))
        .bench_local(|| network.apply(&engine, black_box(&image)));
}

/// What [`Network::apply`] does first.
#[divan::bench]
fn making_the_plan(bencher: Bencher) {
    let network = network(Border::Replicate);
    bencher.bench_local(|| black_box(&network).plan());
}
