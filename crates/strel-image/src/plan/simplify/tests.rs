//! Simplified plans beside those that do each operator as it was asked for, and each law by name.

use proptest::collection::vec;
use proptest::prelude::*;

use crate::{
    BitImage, Border, Engine, GateTerm, Kernel, Operand, Plan, PlanBuilder, StructuringElement,
};

/// An operator of a random plan; operands are counted back from the last one.
#[derive(Clone, Debug)]
enum Random {
    Dilate(usize, StructuringElement),
    Erode(usize, StructuringElement),
    Complement(usize),
    Union(Vec<usize>),
    Intersection(Vec<usize>),
    Gate(Vec<(usize, (isize, isize), i64)>, i64),
}

fn random_element() -> impl Strategy<Value = StructuringElement> {
    let offsets = vec((-2..=2_isize, -2..=2_isize), 1..5);
    let rectangle = |(height, width)| StructuringElement::rectangle(height, width).unwrap();
    prop_oneof![
        3 => offsets.prop_map(|offsets| StructuringElement::from_offsets(offsets).unwrap()),
        2 => (1..4_usize, 1..4_usize).prop_map(rectangle),
        1 => Just(StructuringElement::empty(1, 1).unwrap()),
    ]
}

fn random_operator() -> impl Strategy<Value = Random> {
    let operand = || 0..4_usize;
    let offset = prop_oneof![Just((0, 0)), (-1..=1_isize, -1..=1_isize)];
    let weight = prop_oneof![4 => -2..4_i64, 1 => Just(1 << 40)];
    prop_oneof![
        4 => (operand(), random_element()).prop_map(|(x, element)| Random::Dilate(x, element)),
        4 => (operand(), random_element()).prop_map(|(x, element)| Random::Erode(x, element)),
        3 => operand().prop_map(Random::Complement),
        2 => vec(operand(), 0..4).prop_map(Random::Union),
        2 => vec(operand(), 0..4).prop_map(Random::Intersection),
        2 => (vec((operand(), offset, weight), 0..5), -2..5_i64)
            .prop_map(|(terms, at_least)| Random::Gate(terms, at_least)),
    ]
}

/// Two inputs and random operators; the last operands are outputs.
fn build(border: Border, random: &[Random], outputs: usize) -> (PlanBuilder, Vec<Operand>) {
    let mut plan = PlanBuilder::new(border);
    let mut operands = vec![plan.input(), plan.input()];
    for operator in random {
        let back = |&count: &usize| operands[operands.len() - 1 - count.min(operands.len() - 1)];
        let operand = match operator {
            Random::Dilate(x, element) => plan.dilate(back(x), element),
            Random::Erode(x, element) => plan.erode(back(x), element),
            Random::Complement(x) => plan.complement(back(x)),
            Random::Union(all) => plan.union(&all.iter().map(back).collect::<Vec<_>>()),
            Random::Intersection(all) => {
                plan.intersection(&all.iter().map(back).collect::<Vec<_>>())
            }
            Random::Gate(terms, at_least) => {
                let terms = terms.iter().map(|(x, offset, weight)| GateTerm {
                    operand: back(x),
                    offset: *offset,
                    weight: *weight,
                });
                plan.gate(&terms.collect::<Vec<_>>(), *at_least).unwrap()
            }
        };
        operands.push(operand);
    }
    (plan, operands.split_off(operands.len() - outputs))
}

fn random_images() -> impl Strategy<Value = Vec<BitImage>> {
    let width = prop_oneof![prop::sample::select(vec![0, 1, 2, 63, 64, 65, 128]), 0..8_usize];
    (0..7_usize, width).prop_flat_map(|(height, width)| {
        let words = vec(any::<u64>(), height * width.div_ceil(64));
        let image = words.prop_map(move |w| BitImage::from_words(height, width, &w).unwrap());
        vec(image, 2)
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3000))]

    #[test]
    fn simplified_plans_compute_the_same(
        random in vec(random_operator(), 1..9),
        images in random_images(),
        border in prop::sample::select(Border::ALL.to_vec()),
        outputs in 1..4_usize,
    ) {
        let (plan, outputs) = build(border, &random, outputs);
        let plain = Plan::new(plan.clone(), outputs.clone());
        let simplified = plan.finish(&outputs);
        let engine = Engine::new(Kernel::best(), 1).unwrap();
        let inputs: Vec<&BitImage> = images.iter().collect();
        let (found, expected) =
            (simplified.run(&engine, &inputs).unwrap(), plain.run(&engine, &inputs).unwrap());
        prop_assert!(found == expected, "{border}\n{plain}\nsimplified:\n{simplified}");
    }
}

/// The steps of a plan of one input.
fn steps(border: Border, operator: impl Fn(&mut PlanBuilder, Operand) -> Operand) -> String {
    let plan = Plan::unary(border, operator).to_string();
    plan.rsplit_once('\n').expect("the cost comes last").0.to_owned()
}

fn element(picture: &str) -> StructuringElement {
    picture.parse().unwrap()
}

#[test]
fn double_complements_vanish() {
    let found = steps(Border::Zero, |plan, x| {
        let complement = plan.complement(x);
        plan.complement(complement)
    });
    assert_eq!(found, "a0 = input 0\noutput a0");
}

#[test]
fn complements_move_through_erosions_and_their_border() {
    let dual = |border| {
        steps(border, |plan, x| {
            let complement = plan.complement(x);
            let eroded = plan.erode(complement, &element("O#"));
            plan.complement(eroded)
        })
    };
    let dilation =
        |outside| format!("a0 = input 0, {outside} outside\na1 = a0 or a0[0,+1]\noutput a1");
    assert_eq!(dual(Border::Zero), dilation("ones"));
    assert_eq!(dual(Border::Neutral), dilation("zeros"));
    assert_eq!(dual(Border::Replicate), dilation("replicated"));
}

#[test]
fn complements_move_through_joins() {
    let found = steps(Border::Zero, |plan, x| {
        let dilated = plan.dilate(x, &element("O#"));
        let (x, dilated) = (plan.complement(x), plan.complement(dilated));
        let both = plan.intersection(&[x, dilated]);
        plan.complement(both)
    });
    assert!(found.ends_with("a1 = a0 or a0[0,-1]\noutput a1"), "{found}");
}

#[test]
fn complemented_outputs_are_made_as_such() {
    let square = StructuringElement::rectangle(3, 3).unwrap();
    let found = steps(Border::Replicate, |plan, x| {
        let rank = plan.rank(x, &element("#O#"), 2);
        let dilated = plan.dilate(rank, &square);
        plan.complement(dilated)
    });
    assert!(found.contains(">= 2") && !found.contains("\na2 = not"), "{found}");
    assert!(found.contains("1 not a0[0,-1]"), "the gate is complemented:\n{found}");
    assert!(found.contains("all of") && !found.contains("any of"), "{found}");
}

#[test]
fn constants_are_computed_before() {
    let zeros = "a0 = zeros\noutput a0";
    let outside = |border, value| {
        steps(border, move |plan, x| {
            let none = plan.union(&[]);
            let constant = if value { plan.complement(none) } else { none };
            let dilated = plan.dilate(constant, &element("o#"));
            plan.intersection(&[x, dilated])
        })
    };
    assert_eq!(outside(Border::Zero, false), zeros);
    assert_eq!(outside(Border::Replicate, true), "a0 = input 0\noutput a0");
    assert_eq!(outside(Border::One, true), "a0 = input 0\noutput a0");
    // The first column reads a zero outside.
    let kept = outside(Border::Zero, true);
    assert!(kept.contains("ones, zeros outside"), "{kept}");
    let excluded = steps(Border::Zero, |plan, x| {
        let complement = plan.complement(x);
        plan.intersection(&[x, complement])
    });
    assert_eq!(excluded, zeros);
}

#[test]
fn equal_operators_are_one() {
    let found = steps(Border::Zero, |plan, x| {
        let left = plan.dilate(x, &element("O##"));
        let complement = plan.complement(x);
        let eroded = plan.erode(complement, &element("##O"));
        let right = plan.complement(eroded);
        plan.union(&[left, right])
    });
    // The right one reads ones outside, the left one zeros.
    assert_eq!(found.matches(" outside").count(), 2, "{found}");
    let found = steps(Border::Replicate, |plan, x| {
        let left = plan.dilate(x, &element("O##"));
        let complement = plan.complement(x);
        let eroded = plan.erode(complement, &element("O##").reflect());
        let right = plan.complement(eroded);
        plan.union(&[left, right])
    });
    assert!(found.contains("\na1 = a0 or") && !found.contains("a2"), "{found}");
}

#[test]
fn dilations_of_dilations_are_one_where_the_edge_allows() {
    let merges = |border, picture: &str| {
        let found = steps(border, |plan, x| {
            let dilated = plan.dilate(x, &element(picture));
            plan.dilate(dilated, &element(picture))
        });
        // The first result is not read outside the image.
        found.matches(" outside").count() == 1
    };
    for border in [Border::Neutral, Border::Zero, Border::One, Border::Replicate, Border::Reflect] {
        assert!(merges(border, "#\nO\n#"), "{border}");
    }
    // A pixel that leaves the image comes back only where the sum is taken first.
    assert!(!merges(Border::Replicate, "#o#"));
    assert!(merges(Border::Replicate, "O#") && !merges(Border::Reflect, "O#"));
}

#[test]
fn dilations_of_one_operand_are_one() {
    let found = steps(Border::Zero, |plan, x| {
        let left = plan.dilate(x, &element("o\n#\n#"));
        let right = plan.dilate(x, &element("#\n#\no"));
        plan.union(&[left, right])
    });
    assert!(found.contains("\na1 = ") && !found.contains("a2"), "{found}");
}

#[test]
fn gates_are_unions_intersections_and_small() {
    let gate = |weights: [i64; 3], at_least| {
        let found = steps(Border::Zero, |plan, operand| {
            let offsets = [(0, -1), (0, 0), (0, 1)];
            let terms = offsets.iter().zip(weights);
            let terms = terms.map(|(&offset, weight)| GateTerm { operand, offset, weight });
            plan.gate(&terms.collect::<Vec<_>>(), at_least).unwrap()
        });
        found.lines().rev().nth(1).unwrap().split_once(" = ").unwrap().1.to_owned()
    };
    assert_eq!(gate([7, 7, 7], 5), "any of a0[0,0±1]");
    assert_eq!(gate([7, 7, 7], 15), "all of a0[0,0±1]");
    assert_eq!(gate([7, 7, 7], 0), "ones");
    assert_eq!(gate([7, 7, 7], 22), "zeros");
    let least = "2 a0[0,-1] + 1 a0 + 1 a0[0,+1] >= 2";
    assert_eq!(gate([9, 3, 3], 4), least);
    assert_eq!(gate([1 << 60, 1, 1], 2), least);
    assert_eq!(gate([0, 1, -1], 1), "a0 and not a1");
}
