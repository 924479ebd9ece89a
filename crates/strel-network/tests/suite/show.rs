//! Networks as text.

use strel_image::{Border, StructuringElement};
use strel_network::{
    Bisel, Combination, CombinationRule, Dense, Exactness, Layer, MorphologicalNeuron, Network,
    Operator, OutputChannel, Shape, ThresholdGate, WindowGate,
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

/// A union of five erosions, an intersection of two dilations, a gate, and a gate of them all.
pub fn formulas() -> Network {
    let lossless = |operator, complement| MorphologicalNeuron {
        operator,
        complement,
        exactness: Exactness::Lossless,
    };
    let erosions = ["#O.", "#o#", ".O#", "O", "#\nO"].map(element).to_vec();
    let dilations = ["#O", "O#"].map(element).to_vec();
    let weights = vec![2, -1, 0, 10, 3, 1];
    let gate = WindowGate { kernel: (2, 3), gate: ThresholdGate { weights, threshold: -7 } };
    let neurons = vec![
        lossless(Operator::UnionOfErosions(erosions), false),
        lossless(Operator::IntersectionOfDilations(dilations), true),
        lossless(Operator::Gate(gate), false),
    ];
    let gate = ThresholdGate { weights: vec![2, -1, -3], threshold: 1 };
    let rule = CombinationRule::Gate(gate);
    let combination = Combination { rule, complement: true, exactness: Exactness::Lossless };
    let layer = Bisel { inputs: 3, outputs: vec![OutputChannel { neurons, combination }] };
    Network::new(Border::One, vec![Layer::Bisel(layer)]).unwrap()
}

#[test]
fn formulas_as_text() {
    let expected = "\
binarized network 3 → 1, border one, 4 neurons: 0 activated, 4 lossless, 0 approximate

layer 1: 3 → 1

  y1 = ¬(2 z1 - z2 - 3 z3 > 1), lossless

    z1 = (x1 ⊖ B1) ∪ … ∪ (x1 ⊖ B5)    z2 = ¬((x2 ⊕ B1) ∩ (x2 ⊕ B2))
    lossless                          lossless
    #O.  #o#  .O#  O                  #O  O#

    #
    O

    z3 = Σ G x3 > -7
    lossless
     2 -1  0
    10  3  1
";
    assert_eq!(formulas().to_string(), expected);
}

#[test]
fn a_classifier_as_text() {
    let (float, network) = crate::classify::classifier();
    let expected = "\
binarized network 1 → 1 → 2 → 3, border zero, 2 neurons: 2 activated, 0 approximate

layer 1: 1 → 1, a 2x2 max-pool

layer 2: 1 → 2, dense on 1x2x3

  y1 = x1 ∪ x2 ∪ x3 ∪ x4 ∪ x5 ∪ x6, activated
  y2 = x1 ∪ x2 ∪ x3 ∪ x4 ∪ x5 ∪ x6, activated

layer 3: 2 → 3, a layer of scores on 2x1x1
";
    assert_eq!(network.to_string(), expected);
    let expected = "\
float network 1 → 1 → 2 → 3, max-pool 2x2, dense 1x2x3, scores 2x1x1, border zero, threshold tanh, 2 neurons
";
    assert_eq!(float.to_string(), expected);
}

/// A dense layer of many neurons on 28x28 pixels.
pub fn wide(neurons: usize) -> Network {
    let inputs = Shape { channels: 1, height: 28, width: 28 };
    let members = |k: usize| (0..784).map(|pixel| pixel % (k + 2) == 0).collect();
    let neuron = |k: usize| Combination {
        complement: k % 2 == 1,
        ..Combination::activated(match k % 3 {
            0 => CombinationRule::Union(members(k)),
            1 => CombinationRule::Intersection(members(k)),
            _ => CombinationRule::Constant(false),
        })
    };
    let layer = Layer::Dense(Dense { inputs, neurons: (0..neurons).map(neuron).collect() });
    Network::new(Border::Zero, vec![layer]).unwrap()
}

#[test]
fn large_dense_layers_are_summed_up() {
    let expected = "\
binarized network 1 → 4096, border zero, 4096 neurons: 4096 activated, 0 approximate

layer 1: 1 → 4096, dense on 1x28x28

  1366 unions, 1365 intersections, 1365 constants
  4096 activated, 0 approximate
";
    assert_eq!(wide(4096).to_string(), expected);
    let expected = "\
layer 1: 1 → 3, dense on 1x28x28

  y1 = union of 392 of 784 inputs, activated
  y2 = ¬(intersection of 262 of 784 inputs), activated
  y3 = 0 everywhere, activated
";
    let text = wide(3).to_string();
    assert!(text.ends_with(expected), "{text}");
}

#[test]
fn pictures_stand_side_by_side_where_the_width_allows() {
    let rows = |text: String| text.lines().filter(|line| line.contains(['⊖', '⊕'])).count();
    let network = sticks();
    // Three operators of layer 1 beside each other, and three of layer 2.
    assert_eq!(rows(network.to_string()), 2);
    assert_eq!(rows(format!("{network:200}")), 2);
    assert_eq!(rows(format!("{network:12}")), 6);
    assert_eq!(rows(format!("{network:1}")), 6);
    let narrow = format!("{network:40}");
    assert!(narrow.lines().skip(1).all(|line| line.chars().count() <= 40), "{narrow}");
}
