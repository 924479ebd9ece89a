//! What bounds the engine: the vector instructions that plans take, and the cycles that they take.
//!
//! `cargo run --release -p strel-image --example bound -- 512 4096` takes the sizes of square
//! images. `docs/engine.md` says what the columns mean.

use std::error::Error;
use std::hint::black_box;
use std::time::Instant;

use strel_image::{BitImage, Border, Engine, ImageError, Kernel, Plan, StructuringElement};

/// Bits a vector.
const VECTOR: usize = 256;

/// Cycles of a rotation and a sum that is made from it.
const LINK: usize = 2;

/// Of so many runs the quickest counts.
const RUNS: usize = 500;

fn main() -> Result<(), Box<dyn Error>> {
    let sizes = std::env::args().skip(1).map(|size| size.parse()).collect::<Result<Vec<_>, _>>()?;
    let engine = Engine::new(Kernel::from_environment()?, 1)?;
    let plans = plans()?;
    println!("kernel {}", engine.kernel());
    for size in if sizes.is_empty() { vec![512] } else { sizes } {
        let image = rings(size);
        let vectors = (size * size / VECTOR).max(1) as f64;
        println!("\n| {size}x{size} | shifts | logical | moves | bound | cycles |");
        println!("| --- | --- | --- | --- | --- | --- |");
        for (name, plan) in &plans {
            let mut output = [BitImage::new(size, size)];
            let mut run = || plan.run_into(&engine, &[black_box(&image)], &mut output);
            let measured = cycles(|| run().expect("one input, one output")) / vectors;
            println!("| {name} | {} | {measured:.1} |", counted(plan));
        }
    }
    Ok(())
}

/// Steps of growing cost, then the operators of the benchmark.
fn plans() -> Result<Vec<(&'static str, Plan)>, ImageError> {
    let disk = StructuringElement::disk(3)?;
    let pixels =
        |offsets: &[(isize, isize)]| StructuringElement::from_offsets(offsets.iter().copied());
    let elements = [
        ("pixel below", pixels(&[(1, 0)])?),
        ("pixel beside", pixels(&[(0, 1)])?),
        ("pixels beside", pixels(&[(0, -1), (0, 1)])?),
        ("two beside", pixels(&[(0, -2), (0, -1), (0, 1), (0, 2)])?),
        ("square 3", StructuringElement::rectangle(3, 3)?),
        ("disk 2", StructuringElement::disk(2)?),
        ("disk 3", disk.clone()),
        ("disk 5", StructuringElement::disk(5)?),
        ("line 7", StructuringElement::line(7, 0)?),
        ("diagonal 7", StructuringElement::line(7, 45)?),
    ];
    let dilation = |(name, element)| (name, Plan::dilation(&element, Border::Neutral));
    let opening = Plan::unary(Border::Neutral, |plan, image| plan.open(image, &disk));
    Ok(elements.into_iter().map(dilation).chain([("opening disk 3", opening)]).collect())
}

/// Instructions for a vector of each kind, and the cycles of a core that does, all at once, two
/// shifts, four logical operations, shifts among them, and two loads and a store.
fn counted(plan: &Plan) -> String {
    let cost = plan.cost();
    // A shift across words is two of vectors and their union.
    let (shifts, logical) = (2 * cost.shifts, cost.operations);
    let quarters = (2 * shifts).max(shifts + logical);
    let bound = (quarters as f64 / 4.0).max(cost.words_moved as f64 / 3.0);
    format!("{shifts} | {logical} | {} | {bound:.1}", cost.words_moved)
}

/// The processor's cycles that some work takes at least.
fn cycles(mut work: impl FnMut()) -> f64 {
    let mut least = f64::INFINITY;
    for _ in 0..RUNS {
        work();
        let start = Instant::now();
        work();
        least = least.min(start.elapsed().as_secs_f64());
    }
    least / cycle()
}

/// The seconds of a cycle, from a chain of operations that take one each.
fn cycle() -> f64 {
    let (addend, length) = (black_box(3_u64), 10_000);
    let chains = (0..100).map(|_| {
        let start = Instant::now();
        let link = |sum: u64, _| sum.rotate_left(7).wrapping_add(addend);
        black_box((0..length).fold(black_box(1), link));
        start.elapsed().as_secs_f64()
    });
    chains.fold(f64::INFINITY, f64::min) / (LINK * length) as f64
}

fn rings(size: usize) -> BitImage {
    BitImage::from_fn(size, size, |row, col| (row * row / 7 + col * (row + col) / 13) % 9 < 5)
}
