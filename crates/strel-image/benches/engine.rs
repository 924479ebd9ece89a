//! The engine beside naive packed code and beside copying the same bytes.
//!
//! `cargo bench -p strel-image` compares all results bit for bit first; then it prints the median
//! times. `STREL_KERNEL=portable` and the like choose a kernel.

use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use strel_image::naive::packed;
use strel_image::{BitImage, Border, Engine, Plan, StructuringElement, kernel_name};

const ELEMENTS: [&str; 6] = ["square 3", "disk 2", "disk 3", "disk 5", "line 7", "diagonal 7"];

const SIZES: [usize; 2] = [512, 4096];

fn main() {
    check();
    println!("kernel {}", kernel_name());
    divan::main();
}

fn element(name: &str) -> StructuringElement {
    match name {
        "square 3" => StructuringElement::rectangle(3, 3),
        "disk 2" => StructuringElement::disk(2),
        "disk 3" => StructuringElement::disk(3),
        "disk 5" => StructuringElement::disk(5),
        "line 7" => StructuringElement::line(7, 0),
        "diagonal 7" => StructuringElement::line(7, 45),
        _ => unreachable!("no element is called {name}"),
    }
    .expect("the elements are small")
}

/// Blobs of about 8 pixels, as many ones as zeros.
fn image(size: usize) -> BitImage {
    let mut state = 1u64;
    let cells: Vec<bool> = (0..(size / 8 + 1).pow(2))
        .map(|_| {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            state >> 63 == 1
        })
        .collect();
    BitImage::from_fn(size, size, |row, col| {
        cells[(row + col / 3) / 8 % (size / 8 + 1) * (size / 8 + 1) + col / 8]
    })
}

fn check() {
    for size in [64, 200, 512] {
        let image = image(size);
        for name in ELEMENTS {
            let element = element(name);
            let ours = Plan::dilation(&element, Border::Neutral).apply(&image);
            assert!(ours == packed::dilate(&image, &element), "{name}");
        }
    }
}

fn cases() -> impl Iterator<Item = (usize, &'static str)> {
    SIZES.into_iter().flat_map(|size| ELEMENTS.map(|name| (size, name)))
}

fn bench_plan(bencher: Bencher, size: usize, threads: usize, plan: &Plan) {
    let engine = Engine::new(Engine::default().kernel(), threads).expect("the kernel is there");
    let (image, mut outputs) = (image(size), [BitImage::new(0, 0)]);
    bencher.counter(BytesCount::new(size * size / 8)).bench_local(|| {
        plan.run_into(&engine, &[black_box(&image)], &mut outputs).expect("one input, one output");
    });
}

/// One thread, the plan made before.
#[divan::bench(args = cases())]
fn dilation(bencher: Bencher, (size, name): (usize, &str)) {
    bench_plan(bencher, size, 1, &Plan::dilation(&element(name), Border::Neutral));
}

/// The border is made at the load here.
#[divan::bench(args = cases())]
fn erosion_replicated(bencher: Bencher, (size, name): (usize, &str)) {
    bench_plan(bencher, size, 1, &Plan::erosion(&element(name), Border::Replicate));
}

#[divan::bench(args = SIZES)]
fn opening_disk_3(bencher: Bencher, size: usize) {
    bench_plan(
        bencher,
        size,
        1,
        &Plan::unary(Border::Neutral, |plan, image| plan.open(image, &element("disk 3"))),
    );
}

#[divan::bench(args = [1, 2])]
fn square_3_at_16384(bencher: Bencher, threads: usize) {
    bench_plan(bencher, 16384, threads, &Plan::dilation(&element("square 3"), Border::Neutral));
}

#[divan::bench(args = [1, 2])]
fn disk_5_at_16384(bencher: Bencher, threads: usize) {
    bench_plan(bencher, 16384, threads, &Plan::dilation(&element("disk 5"), Border::Neutral));
}

/// The plan known from the call before, the result allocated.
#[divan::bench(args = SIZES)]
fn dilate_square_3(bencher: Bencher, size: usize) {
    let (image, element) = (image(size), element("square 3"));
    bencher.bench_local(|| strel_image::dilate(black_box(&image), &element, Border::Neutral));
}

#[divan::bench(args = cases())]
fn naive_packed_dilation(bencher: Bencher, (size, name): (usize, &str)) {
    let (image, element) = (image(size), element(name));
    bencher.bench_local(|| packed::dilate(black_box(&image), &element));
}

#[divan::bench(args = [512, 4096, 16384])]
fn copy(bencher: Bencher, size: usize) {
    let words: Vec<u64> = image(size).rows().flatten().copied().collect();
    let mut target = words.clone();
    bencher
        .counter(BytesCount::new(size * size / 8))
        .bench_local(|| black_box(&mut target).copy_from_slice(black_box(&words)));
}
