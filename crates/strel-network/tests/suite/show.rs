//! Networks as text.

use strel_image::{Border, StructuringElement};
use strel_network::{
    Bisel, Combination, CombinationRule, Exactness, Layer, MorphologicalNeuron, Network, Operator,
    OutputChannel,
};

fn element(picture: &str) -> StructuringElement {
    picture.parse().unwrap()
}

/// The union of three openings by sticks, with one approximate neuron.
pub fn sticks() -> Network {
    let sticks = [
        element(".....\n.....\n##O##\n.....\n....."),
        element("....#\n...#.\n..O..\n.#...\n#...."),
        element("..#..\n..#..\n..O..\n..#..\n..#.."),
    ];
    let erosions = sticks.iter().map(|stick| OutputChannel {
        neurons: vec![MorphologicalNeuron::activated(Operator::Erosion(stick.clone()))],
        combination: Combination::identity(),
    });
    let first = Bisel { inputs: 1, outputs: erosions.collect() };
    let mut dilations: Vec<MorphologicalNeuron> = sticks
        .iter()
        .map(|stick| MorphologicalNeuron::activated(Operator::Dilation(stick.clone())))
        .collect();
    dilations[1].exactness = Exactness::Approximate;
    dilations[2].complement = true;
    let rule = CombinationRule::Union(vec![true, true, true]);
    let combination = Combination { rule, complement: true, exactness: Exactness::Activated };
    let second =
        Bisel { inputs: 3, outputs: vec![OutputChannel { neurons: dilations, combination }] };
    Network::new(Border::Replicate, vec![Layer::Bisel(first), Layer::Bisel(second)]).unwrap()
}

#[test]
fn sticks_as_text() {
    let expected = "\
binarized network 1 → 3 → 1, border replicate, 7 neurons: 6 activated, 1 approximate

layer 1: 1 → 3

  y1 = x1 ⊖ B    y2 = x1 ⊖ B    y3 = x1 ⊖ B
  activated      activated      activated
  .....          ....#          ..#..
  .....          ...#.          ..#..
  ##O##          ..O..          ..O..
  .....          .#...          ..#..
  .....          #....          ..#..

layer 2: 3 → 1

  y1 = ¬(z1 ∪ z2 ∪ z3), activated

    z1 = x1 ⊕ B       z2 = x2 ⊕ B       z3 = ¬(x3 ⊕ B)
    activated         approximate       activated
    .....             ....#             ..#..
    .....             ...#.             ..#..
    ##O##             ..O..             ..O..
    .....             .#...             ..#..
    .....             #....             ..#..
";
    assert_eq!(sticks().to_string(), expected);
}

#[test]
fn constants_and_single_members() {
    let constant = MorphologicalNeuron {
        operator: Operator::Constant(true),
        complement: true,
        exactness: Exactness::Approximate,
    };
    let neuron = MorphologicalNeuron::activated(Operator::Dilation(element("O#")));
    let rule = CombinationRule::Intersection(vec![true, false]);
    let combination = Combination { rule, complement: true, exactness: Exactness::Approximate };
    let first = OutputChannel { neurons: vec![constant.clone(), neuron.clone()], combination };
    let rule = CombinationRule::Constant(false);
    let combination = Combination { rule, complement: true, exactness: Exactness::Activated };
    let second = OutputChannel { neurons: vec![constant, neuron], combination };
    let layer = Layer::Bisel(Bisel { inputs: 2, outputs: vec![first, second] });
    let network = Network::new(Border::One, vec![layer]).unwrap();
    let expected = "\
binarized network 2 → 2, border one, 6 neurons: 3 activated, 3 approximate

layer 1: 2 → 2

  y1 = ¬z1, approximate

    z1 = 0 everywhere
    approximate

  y2 = 1 everywhere, activated
";
    assert_eq!(network.to_string(), expected);
}
