//! The operators made of dilations and erosions, and those that count.

use crate::random::{borders, elements, engines, images};
use proptest::collection::vec;
use proptest::prelude::*;
use strel_image::{
    BitImage, Border, GateTerm, ImageError, PlanBuilder, StructuringElement, black_top_hat, close,
    gradient, hit_or_miss, inner_gradient, max_pool, median, naive, open, outer_gradient, rank,
    threshold_gate, white_top_hat,
};

type Terms = Vec<((isize, isize), i64)>;

fn terms() -> impl Strategy<Value = Terms> {
    let offsets = || (-7..=7isize, -70..=70isize);
    let weights = prop_oneof![Just(1), -3..=9i64, -70_000..70_000i64, -(1 << 58)..1i64 << 58];
    prop_oneof![vec((offsets(), weights), 0..20), vec((offsets(), Just(1)), 0..80),]
}

proptest! {
    #[test]
    fn operators_are_made_of_dilations_and_erosions(
        x in images(),
        element in elements(),
        border in borders(),
    ) {
        let (dilated, eroded) =
            (naive::dilate(&x, &element, border), naive::erode(&x, &element, border));
        let opened = naive::dilate(&eroded, &element, border);
        let closed = naive::erode(&dilated, &element, border);
        let less = |left: &BitImage, right: &BitImage| left.difference(right).unwrap();
        prop_assert_eq!(&open(&x, &element, border), &opened);
        prop_assert_eq!(&close(&x, &element, border), &closed);
        prop_assert_eq!(white_top_hat(&x, &element, border), less(&x, &opened));
        prop_assert_eq!(black_top_hat(&x, &element, border), less(&closed, &x));
        prop_assert_eq!(gradient(&x, &element, border), less(&dilated, &eroded));
        prop_assert_eq!(inner_gradient(&x, &element, border), less(&x, &eroded));
        prop_assert_eq!(outer_gradient(&x, &element, border), less(&dilated, &x));
    }

    #[test]
    fn hit_or_miss_finds_both(
        x in images(),
        (hit, miss) in (elements(), elements()),
        border in borders(),
    ) {
        let outside = match border {
            Border::Zero => Border::One,
            Border::One => Border::Zero,
            other => other,
        };
        let hits = naive::erode(&x, &hit, border);
        let misses = naive::erode(&x.complement(), &miss, outside);
        prop_assert_eq!(hit_or_miss(&x, &hit, &miss, border), hits.intersection(&misses).unwrap());
    }

    #[test]
    fn gates_count(
        x in images(),
        terms in terms(),
        quantile in 0.0..1.0f64,
        border in borders(),
    ) {
        let (low, high) = terms.iter().fold((0, 0), |(low, high), &(_, weight)| {
            (low + weight.min(0), high + weight.max(0))
        });
        let at_least = low + ((high - low) as f64 * quantile) as i64;
        for at_least in [at_least, low, low + 1, high, high + 1] {
            let expected = naive::threshold_gate(&x, &terms, at_least, border);
            prop_assert_eq!(&threshold_gate(&x, &terms, at_least, border).unwrap(), &expected);
        }
        let mut builder = PlanBuilder::new(border);
        let operand = builder.input();
        let terms: Vec<_> =
            terms.iter().map(|&(offset, weight)| GateTerm { operand, offset, weight }).collect();
        let gate = builder.gate(&terms, at_least).unwrap();
        let plan = builder.finish(&[gate]);
        let runs: Vec<_> =
            engines().iter().map(|engine| plan.run(engine, &[&x]).unwrap()).collect();
        prop_assert!(runs.iter().all(|run| *run == runs[0]));
    }

    #[test]
    fn ranks_lie_between_erosion_and_dilation(x in images(), element in elements()) {
        let zero = Border::Zero;
        let ranks: Vec<BitImage> =
            (0..=element.len() + 1).map(|least| rank(&x, &element, least, zero)).collect();
        prop_assert_eq!(&ranks[0], &BitImage::filled(x.height(), x.width(), true));
        prop_assert_eq!(&ranks[1], &naive::dilate(&x, &element.reflect(), zero));
        prop_assert_eq!(&ranks[element.len()], &naive::erode(&x, &element, zero));
        prop_assert_eq!(ranks[element.len() + 1].count_ones(), 0);
        for pair in ranks.windows(2) {
            prop_assert!(pair[1].is_subset(&pair[0]).unwrap());
        }
        prop_assert_eq!(&median(&x, &element, zero), &ranks[element.len().div_ceil(2)]);
    }

    #[test]
    fn pooling_takes_the_largest_of_four(x in images()) {
        let pooled = BitImage::from_fn(x.height() / 2, x.width() / 2, |row, col| {
            (0..4).any(|n| x.get(2 * row + n / 2, 2 * col + n % 2))
        });
        prop_assert_eq!(max_pool(&x), pooled);
    }
}

#[test]
fn heavy_gates_are_refused() {
    let image = BitImage::new(1, 1);
    let terms = [((0, 0), i64::MIN), ((0, 1), i64::MIN)];
    assert_eq!(
        threshold_gate(&image, &terms, 0, Border::Zero),
        Err(ImageError::GateTooHeavy { total: 1 << 64 })
    );
    let heaviest = [((0, 0), -(1 << 62)), ((0, 1), (1 << 62) - 1)];
    let lighter = threshold_gate(&image, &heaviest, 0, Border::One);
    assert_eq!(lighter.unwrap().to_string(), "#");
    let never = threshold_gate(&image, &[((0, 0), -1)], i64::MAX, Border::Zero);
    assert_eq!(never.unwrap().to_string(), ".");
}

#[test]
fn a_shape_finds_itself() {
    let cross = StructuringElement::cross(1).unwrap();
    let corners: StructuringElement = "#.#\n.o.\n#.#".parse().unwrap();
    let image: BitImage = "
        .#...###
        ###..###
        .#...###
    "
    .parse()
    .unwrap();
    let found = hit_or_miss(&image, &cross, &corners, Border::Zero);
    assert_eq!(found.ones().collect::<Vec<_>>(), [(1, 1)]);
}
