//! A classifier 784 -> 4096 -> 10 from packed samples to classes, on one thread.
//!
//! `cargo bench -p strel-image --bench dense` first compares all layers with their definitions;
//! then it prints times. `STREL_KERNEL=portable` and the like choose a kernel. The sets and weights
//! are random, half of the neurons unions and half intersections, and half of the inputs are 1.

use divan::counter::ItemsCount;
use divan::{Bencher, black_box};
use strel_image::dense::{ScoreLayer, SetLayer, SetNeuron};
use strel_image::{BitImage, Engine};

const INPUTS: usize = 784;
const NEURONS: usize = 4096;
const CLASSES: usize = 10;

const SAMPLES: [usize; 3] = [1, 64, 1024];

/// The members of a set: 8 to 12, or about 100.
const MEMBERS: [Members; 2] = [Members::Few, Members::Many];

#[derive(Clone, Copy, Debug)]
enum Members {
    Few,
    Many,
}

fn main() {
    MEMBERS.into_iter().for_each(check);
    check_scores();
    divan::main();
}

/// Knuth's linear congruential generator.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (self.0 >> 33) as usize % end
    }

    /// About normal.
    fn weight(&mut self) -> f32 {
        (0..12).map(|_| self.below(1 << 24) as f32 / (1 << 24) as f32).sum::<f32>() - 6.0
    }
}

fn set_layer(members: Members) -> SetLayer {
    let mut random = Random(1);
    let mut neuron = |index: usize| {
        let size = match members {
            Members::Few => 8 + random.below(5),
            Members::Many => 90 + random.below(21),
        };
        let set: Vec<usize> = (0..size).map(|_| random.below(INPUTS)).collect();
        if index.is_multiple_of(2) { SetNeuron::union(set) } else { SetNeuron::intersection(set) }
    };
    SetLayer::new(INPUTS, (0..NEURONS).map(&mut neuron).collect()).expect("the sets are valid")
}

fn score_layer() -> ScoreLayer {
    let mut random = Random(2);
    let weights: Vec<Vec<f32>> =
        (0..CLASSES).map(|_| (0..NEURONS).map(|_| random.weight()).collect()).collect();
    ScoreLayer::new(NEURONS, &weights, &[0.0; CLASSES]).expect("the weights are finite")
}

fn samples(count: usize, width: usize, seed: u64) -> BitImage {
    let mut random = Random(seed);
    BitImage::from_fn(count, width, |_, _| random.below(2) == 1)
}

/// Calls `run` with batches of 1024 different samples in turn, so that a small one does not find
/// all that it reads in the nearest cache.
fn bench(bencher: Bencher, count: usize, width: usize, mut run: impl FnMut(&BitImage)) {
    let seeds = 0..SAMPLES[2].div_ceil(count) as u64;
    let batches: Vec<BitImage> = seeds.map(|seed| samples(count, width, 3 + seed)).collect();
    let mut next = 0;
    bencher.counter(ItemsCount::new(count)).bench_local(|| {
        next = (next + 1) % batches.len();
        run(black_box(&batches[next]));
    });
}

fn engine() -> Engine {
    Engine::new(Engine::default().kernel(), 1).expect("the kernel is there")
}

fn check(members: Members) {
    let (sets, scores, engine) = (set_layer(members), score_layer(), engine());
    println!("{members:?}: {sets}");
    for count in SAMPLES {
        let batch = samples(count, INPUTS, 3);
        let hidden = sets.run(&engine, &batch).expect("the widths agree");
        assert!(hidden == sets.apply_naive(&batch), "{members:?}, {count} samples");
        let mut classes = Vec::new();
        let again = scores.classify_into(&engine, &hidden, &mut classes).expect("widths agree");
        assert_eq!(classes, scores.classify_naive(&hidden), "{members:?}, {count} samples");
        println!(
            "{count} samples, kernel {}: sets as {}, scores as {}, {again} scored again",
            engine.kernel(),
            sets.form(&engine, count),
            scores.form(&engine, count),
        );
    }
}

fn check_scores() {
    let (scores, engine, hidden) = (score_layer(), engine(), samples(SAMPLES[2], NEURONS, 3));
    let mut classes = Vec::new();
    let again = scores.classify_into(&engine, &hidden, &mut classes).expect("the widths agree");
    assert_eq!(classes, scores.classify_naive(&hidden), "random neurons");
    println!("of {} samples of random neurons, {again} scored again", SAMPLES[2]);
}

fn cases() -> impl Iterator<Item = (Members, usize)> {
    MEMBERS.into_iter().flat_map(|members| SAMPLES.map(|count| (members, count)))
}

/// From packed samples to classes.
#[divan::bench(args = cases())]
fn classifier(bencher: Bencher, (members, count): (Members, usize)) {
    let (sets, scores, engine) = (set_layer(members), score_layer(), engine());
    let (mut hidden, mut classes) = (BitImage::new(0, 0), Vec::new());
    bench(bencher, count, INPUTS, |batch| {
        sets.run_into(&engine, batch, &mut hidden).expect("the widths agree");
        scores.classify_into(&engine, &hidden, &mut classes).expect("the widths agree");
    });
}

#[divan::bench(args = cases())]
fn sets_alone(bencher: Bencher, (members, count): (Members, usize)) {
    let (sets, engine, mut hidden) = (set_layer(members), engine(), BitImage::new(0, 0));
    bench(bencher, count, INPUTS, |batch| {
        sets.run_into(&engine, batch, &mut hidden).expect("the widths agree");
    });
}

/// Of random hidden neurons, half of which are 1.
#[divan::bench(args = SAMPLES)]
fn scores_alone(bencher: Bencher, count: usize) {
    let (scores, engine, mut classes) = (score_layer(), engine(), Vec::new());
    bench(bencher, count, NEURONS, |hidden| {
        scores.classify_into(&engine, hidden, &mut classes).expect("the widths agree");
    });
}
