//! Verdicts on two operators, beside all small images.

use proptest::prelude::*;
use strel_image::{BitImage, Border, Plan, Sequence};
use strel_network::{Equivalence, equivalence};

/// All images of 3x3 pixels, and all of 1x8.
fn all_images() -> impl Iterator<Item = BitImage> {
    let of = |height: usize, width: usize| {
        let image = move |bits: u32| {
            BitImage::from_fn(height, width, |row, col| bits >> (row * width + col) & 1 == 1)
        };
        (0..1 << (height * width)).map(image)
    };
    of(3, 3).chain(of(1, 8))
}

fn sequence() -> impl Strategy<Value = String> {
    let element = prop::sample::select(vec!["3.1", "1.3", "1.1", "[O#]", "[#o]", "[O#/#.]"]);
    let step = prop_oneof![
        5 => (prop::sample::select(vec!["d", "e", "o", "c", "tw", "tb"]), element)
            .prop_map(|(operator, element)| format!("{operator}{element}")),
        1 => Just("!".to_owned()),
    ];
    prop::collection::vec(step, 1..4).prop_map(|steps| steps.join(" + "))
}

fn plan(text: &str, border: Border) -> Plan {
    text.parse::<Sequence>().unwrap().plan(border)
}

fn agree(left: &Plan, right: &Plan) -> bool {
    all_images().all(|image| left.apply(&image) == right.apply(&image))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    /// Duals are found to be equal, whatever stands for what.
    #[test]
    fn proofs_and_counter_examples_hold(left in sequence(), right in sequence()) {
        for border in [Border::Replicate, Border::Reflect, Border::Zero, Border::One] {
            let (left, right) = (plan(&left, border), plan(&right, border));
            if left.is_same(&right) {
                prop_assert!(agree(&left, &right));
                prop_assert_eq!(equivalence(&left, &right, 0), Equivalence::SameOperators);
            } else if !agree(&left, &right) {
                let Equivalence::Different { image } = equivalence(&left, &right, 0) else {
                    return Err(TestCaseError::fail("small images differ, random ones do not"));
                };
                prop_assert_ne!(left.apply(&image), right.apply(&image));
            }
        }
    }
}

/// A closing of nothing, with ones outside, fills images of up to two rows, and no others.
#[test]
fn differences_of_tiny_images_are_found() {
    let [closing, identity] = ["tw1.1 + c1.3", "tw1.1"].map(|text| plan(text, Border::One));
    let found = equivalence(&closing, &identity, 0);
    let Equivalence::Different { image } = found else { panic!("{found:?}") };
    assert!(image.height() <= 2);
}

#[test]
fn laws_of_morphology_are_proofs() {
    let same = |left, right| {
        equivalence(&plan(left, Border::Replicate), &plan(right, Border::Replicate), 1)
    };
    assert_eq!(same("e1.1 + o3.1", "! + ! + o3.1"), Equivalence::SameOperators);
    assert_eq!(same("d3.1 + d1.3", "d3.3"), Equivalence::SameOperators);
    assert_eq!(same("o3.1", "! + c3.1 + !"), Equivalence::SameOperators);
    // Idempotence is a law, but not one that plans are simplified by.
    assert!(
        matches!(same("o3.1 + o3.1", "o3.1"), Equivalence::NoDifference { pixels } if pixels > 99_999_999)
    );
}
