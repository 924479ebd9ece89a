//! The picture of a network is well formed and says in words what it shows.

use proptest::prelude::*;
use strel_image::Border;
use strel_network::{
    Bisel, Combination, Layer, MorphologicalNeuron, Network, Operator, OutputChannel, draw,
};

use crate::show::{formulas, sticks, wide};
use crate::{architecture, classify, random};

/// The names of elements, which must nest.
fn assert_well_formed(svg: &str) {
    let mut open = Vec::new();
    for tag in svg.split('<').skip(1) {
        let (tag, _) = tag.split_once('>').expect("a tag ends");
        let name = tag.split(' ').next().unwrap();
        match name.strip_prefix('/') {
            Some(name) => assert_eq!(open.pop(), Some(name)),
            None if tag.ends_with('/') => {}
            None => open.push(name),
        }
        assert_eq!(tag.matches('"').count() % 2, 0, "{tag}");
    }
    assert!(open.is_empty());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn networks_of_all_layers_can_be_drawn((network, _) in architecture::network()) {
        let svg = draw(&network);
        assert_well_formed(&svg);
        prop_assert!(!svg.contains("NaN") && !svg.contains("inf"));
    }

    #[test]
    fn any_network_can_be_drawn(network in random::network()) {
        let svg = draw(&network);
        assert_well_formed(&svg);
        prop_assert!(!svg.contains("NaN") && !svg.contains("inf"));
    }
}

#[test]
fn every_picture_has_a_title() {
    let svg = draw(&sticks());
    for title in [
        "binarized network 1 → 3 → 1, border replicate, 7 neurons: 6 activated, 1 approximate",
        "Input 1",
        "Layer 1, output 2, input 1: erosion by 5 pixels, activated",
        "Layer 2, output 1, input 2: dilation by 5 pixels, approximate",
        "Layer 2, output 1, input 3: dilation by 5 pixels, complemented, activated",
        "Layer 2, output 1, LUI: union of 3 channels, complemented, activated",
    ] {
        assert!(svg.contains(&format!("<title>{title}</title>")), "{title}");
        assert!(svg.contains(&format!("aria-label=\"{title}\"")), "{title}");
    }
    let pixels = 6 * 25;
    assert_eq!(svg.matches("class=\"inside\"").count(), 6 * 5);
    assert_eq!(svg.matches("class=\"outside\"").count(), pixels - 6 * 5 + 1);
    // Six operators and the legend.
    assert_eq!(svg.matches("class=\"origin\"").count(), 7);
    assert!(!svg.contains("http://www.w3.org/1999") && !svg.contains("href"));
}

#[test]
fn formulas_and_gates_have_pictures() {
    let svg = draw(&formulas());
    assert_well_formed(&svg);
    for title in [
        "Layer 1, output 1, input 1: union of 5 erosions by 9 pixels, lossless",
        "Layer 1, output 1, input 2: intersection of 2 dilations by 4 pixels, complemented, lossless",
        "Layer 1, output 1, input 3: threshold gate of 5 weights, sum above -7, lossless",
        "Layer 1, output 1, LUI: threshold gate of 3 weights, sum above 1, complemented, lossless",
    ] {
        assert!(svg.contains(&format!("<title>{title}</title>")), "{title}");
    }
    // Five elements, two, one gate, and the legend.
    assert_eq!(svg.matches("class=\"origin\"").count(), 5 + 2 + 1 + 1);
    assert_eq!(svg.matches("class=\"negative\"").count(), 1);
}

#[test]
fn layers_without_operators_are_boxes() {
    let svg = draw(&classify::classifier().1);
    assert_well_formed(&svg);
    for title in [
        "Layer 1: a 2x2 max-pool",
        "Layer 1, output 1",
        "Layer 2: a dense layer on 1x2x3, 2 unions: 2 activated, 0 approximate",
        "Layer 3: a layer of scores on 2x1x1, 3 classes",
    ] {
        assert!(svg.contains(&format!("<title>{title}</title>")), "{title}");
    }
    let large = draw(&wide(4096));
    assert!(large.len() < 12_000, "{} bytes", large.len());
}

#[test]
fn shared_operators_have_the_same_badge() {
    let output = |picture: &str| OutputChannel {
        neurons: vec![MorphologicalNeuron::activated(Operator::Erosion(picture.parse().unwrap()))],
        combination: Combination::identity(),
    };
    let outputs = ["#O#", "O#", "#O#", "O#.", "##O"].map(output).to_vec();
    let layer = Layer::Bisel(Bisel { inputs: 1, outputs });
    let svg = draw(&Network::new(Border::Zero, vec![layer]).unwrap());
    assert_well_formed(&svg);
    // Two pairs of operators, and the legend: windows do not matter, pixels do.
    assert_eq!(svg.matches("class=\"badge\"").count(), 4 + 1);
    for (output, pixels, name) in [(1, 3, 'a'), (2, 2, 'b'), (3, 3, 'a'), (4, 2, 'b')] {
        let title = format!(
            "output {output}, input 1: erosion by {pixels} pixels, activated, shared as {name}<"
        );
        assert!(svg.contains(&title), "{title}");
    }
}

#[test]
fn exactness_is_told_by_shape_too() {
    // Two formulas, two gates, and the legend: lossless frames have a second line.
    assert_eq!(draw(&formulas()).matches("class=\"inner\"").count(), 4 + 1);
    assert_eq!(draw(&sticks()).matches("class=\"inner\"").count(), 1);
    assert!(draw(&sticks()).contains(
        ".approximate { fill: #fff6ed; stroke: #bc4c00; stroke-width: 2; stroke-dasharray"
    ));
}
