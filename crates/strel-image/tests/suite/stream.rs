//! Plans on rows that come one after the other, against the whole image.

use std::cell::Cell;
use std::convert::Infallible;
use std::ops::Range;

use crate::random::{borders, elements, image, large_elements, sparse_elements};
use proptest::prelude::*;
use strel_image::{
    BitImage, Border, Engine, ImageError, Plan, PlanBuilder, PlannedRows, RowSource,
    StructuringElement,
};

/// The rows of an image, and the most of them that were in the memory of one reader.
struct Counted<'a> {
    image: &'a BitImage,
    next: usize,
    most: &'a Cell<usize>,
}

impl RowSource for Counted<'_> {
    type Error = Infallible;

    fn size(&self) -> (usize, usize) {
        self.image.size()
    }

    fn read_rows(&mut self, image: &mut BitImage, to: Range<usize>) -> Result<(), Infallible> {
        self.most.set(self.most.get().max(image.height()));
        for row in to {
            for col in 0..image.width() {
                image.set(row, col, self.image.get(self.next, col));
            }
            self.next += 1;
        }
        Ok(())
    }
}

/// All rows of a source, `rows` at a time.
fn collected(source: &mut impl RowSource<Error = Infallible>, rows: usize) -> BitImage {
    let (height, width) = source.size();
    let mut image = BitImage::filled(height, width, true);
    for start in (0..height).step_by(rows) {
        source.read_rows(&mut image, start..height.min(start + rows)).unwrap();
    }
    image
}

fn streamed(plan: &Plan, image: &BitImage, rows: usize, asked: usize) -> BitImage {
    let most = Cell::new(0);
    let source = Counted { image, next: 0, most: &most };
    let mut planned = PlannedRows::new(plan, Engine::default(), source, rows).unwrap();
    let found = collected(&mut planned, asked);
    assert_eq!(planned.strips(), image.height().div_ceil(rows));
    let (above, below) = plan.rows_needed();
    assert!(most.get() <= rows + above + below, "{} rows held", most.get());
    found
}

/// A step of a chain: what it does, and its element.
fn build(plan: &mut PlanBuilder, chain: &[(u8, StructuringElement)]) -> Plan {
    let mut builder = plan.clone();
    let image = builder.input();
    let output = chain.iter().fold(image, |x, (kind, element)| match kind % 7 {
        0 => builder.dilate(x, element),
        1 => builder.erode(x, element),
        2 => builder.open(x, element),
        3 => builder.close(x, element),
        4 => builder.median(x, element),
        5 => builder.gradient(x, element),
        _ => {
            let dilated = builder.dilate(x, element);
            let other = builder.complement(dilated);
            let eroded = builder.erode(image, element);
            builder.union(&[other, eroded])
        }
    });
    builder.finish(&[output])
}

fn heights() -> impl Strategy<Value = usize> {
    prop_oneof![1..40usize, 100..300usize]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn strips_make_the_whole(
        image in (heights(), 1..140usize).prop_flat_map(|(height, width)| image(height, width)),
        chain in prop::collection::vec(
            (any::<u8>(), prop_oneof![elements(), large_elements(), sparse_elements()]),
            0..5,
        ),
        border in borders(),
        rows in prop::sample::select(vec![1, 2, 7, 64, 100, 1000]),
        asked in prop::sample::select(vec![1, 3, 50, 1000]),
    ) {
        let plan = build(&mut PlanBuilder::new(border), &chain);
        let found = streamed(&plan, &image, rows, asked);
        prop_assert!(found == plan.apply(&image), "{border}, {rows} rows, {chain:?}");
    }
}

#[test]
fn empty_images_have_no_strips() {
    let plan = Plan::dilation(&StructuringElement::disk(2).unwrap(), Border::Neutral);
    for (height, width) in [(0, 0), (0, 5)] {
        assert_eq!(streamed(&plan, &BitImage::new(height, width), 3, 1).size(), (height, width));
    }
    assert_eq!(streamed(&plan, &BitImage::new(4, 0), 3, 1), BitImage::new(4, 0));
}

#[test]
fn one_input_and_one_output_are_streamed() {
    let mut builder = PlanBuilder::new(Border::Zero);
    let (left, right) = (builder.input(), builder.input());
    let plan = builder.finish(&[left, right]);
    let (image, most) = (BitImage::new(2, 2), Cell::new(0));
    let source = Counted { image: &image, next: 0, most: &most };
    let refused = PlannedRows::new(&plan, Engine::default(), source, 1).err();
    assert_eq!(refused, Some(ImageError::PlanArity { expected: (2, 2), found: (1, 1) }));
}

/// A tall page under a budget scaled down with it.
#[test]
fn memory_is_bounded() {
    let image = BitImage::from_fn(2000, 1000, |row, col| (row * row / 7 + col * row) % 9 < 5);
    let disk = StructuringElement::disk(3).unwrap();
    let plan = Plan::unary(Border::Reflect, |plan, image| {
        let opened = plan.open(image, &disk);
        plan.close(opened, &disk)
    });
    let bytes = 64 << 10;
    let rows = plan.strip_rows(image.width(), bytes);
    let most = Cell::new(0);
    let source = Counted { image: &image, next: 0, most: &most };
    let mut planned = PlannedRows::new(&plan, Engine::default(), source, rows).unwrap();
    assert!(collected(&mut planned, rows) == plan.apply(&image));
    assert!(2 * most.get() * image.width().div_ceil(8) <= bytes, "{} rows", most.get());
    assert!(planned.strips() > 4);
}

#[test]
fn strips_are_not_smaller_than_what_they_compute_twice() {
    let tall = StructuringElement::rectangle(301, 1).unwrap();
    let plan = Plan::dilation(&tall, Border::Neutral);
    assert_eq!(plan.strip_rows(1000, 0), 300);
    let plan = Plan::dilation(&StructuringElement::disk(1).unwrap(), Border::Neutral);
    assert_eq!(plan.strip_rows(1000, 0), 64);
}
