//! Polishing: what it finds, what it never does, and its errors.

use std::ops::ControlFlow;

use strel_image::{BitImage, Border, Engine, Kernel, StructuringElement, dilate, open};
use strel_network::{
    Bisel, Combination, CombinationRule, Layer, Loss, MorphologicalNeuron, Network, NetworkError,
    Operator, OutputChannel, PolishOptions, PolishProgress, Polished, TrainingPair, polish,
};

/// Images of scattered pixels and blocks, by a fixed rule.
fn images(count: usize) -> Vec<BitImage> {
    let pixel = |seed: usize, row: usize, col: usize| {
        let noise = (row * 7919 + col * 104_729 + seed * 1_299_709) % 1009;
        noise < 90 || (row / 5 * 31 + col / 6 * 17 + seed * 13) % 7 < 2
    };
    (0..count).map(|k| BitImage::from_fn(20, 30, |row, col| pixel(k, row, col))).collect()
}

fn pairs(target: impl Fn(&BitImage) -> BitImage) -> Vec<TrainingPair> {
    let pair =
        |image: BitImage| TrainingPair { targets: vec![target(&image)], inputs: vec![image] };
    images(12).into_iter().map(pair).collect()
}

fn chain(operators: &[Operator]) -> Network {
    let layer = |operator: &Operator| {
        Layer::Bisel(Bisel::one_to_one(MorphologicalNeuron::activated(operator.clone())))
    };
    Network::new(Border::Replicate, operators.iter().map(layer).collect()).unwrap()
}

fn element(picture: &str) -> StructuringElement {
    picture.parse().unwrap()
}

fn polished(network: &Network, pairs: &[TrainingPair], options: &PolishOptions) -> Polished {
    polish(network, pairs, options, |_| ControlFlow::Continue(())).unwrap()
}

const L: &str = "
    .#.
    .O.
    .##
";

#[test]
fn finds_a_dilation_by_an_asymmetric_element() {
    let pairs = pairs(|image| dilate(image, &element(L), Border::Replicate));
    let start = chain(&[Operator::Erosion(element("#O#"))]);
    for loss in [Loss::Pixels, Loss::Dice] {
        let options = PolishOptions { loss, budget: 5000, ..PolishOptions::default() };
        let found = polished(&start, &pairs, &options);
        assert_eq!(found.report.after, 0.0);
        assert_eq!(found.network, chain(&[Operator::Dilation(element(L))]));
    }
}

#[test]
fn finds_an_opening_by_an_asymmetric_element() {
    let pairs = pairs(|image| open(image, &element(L), Border::Replicate));
    let start = chain(&[Operator::Erosion(element("O#")), Operator::Dilation(element("O#"))]);
    let found = polished(&start, &pairs, &PolishOptions { budget: 20_000, ..Default::default() });
    assert_eq!(found.report.after, 0.0, "{}", found.network);
    for pair in &pairs {
        assert_eq!(found.network.apply(&pair.inputs).unwrap(), pair.targets);
    }
}

/// A combination that has become a constant reads nothing, and takes channels in again.
#[test]
fn leaves_a_constant_combination() {
    let dilation = || MorphologicalNeuron::activated(Operator::Dilation(element("O")));
    let one = |rule| OutputChannel {
        neurons: vec![dilation(), dilation()],
        combination: Combination::activated(rule),
    };
    let first =
        Bisel { inputs: 1, outputs: vec![Bisel::one_to_one(dilation()).outputs.remove(0); 2] };
    let last = Bisel { inputs: 2, outputs: vec![one(CombinationRule::Constant(false))] };
    let layers = vec![Layer::Bisel(first), Layer::Bisel(last)];
    let start = Network::new(Border::Replicate, layers).unwrap();
    let pairs = pairs(|image| dilate(image, &element("O#"), Border::Replicate));
    let found = polished(&start, &pairs, &PolishOptions { budget: 3000, ..Default::default() });
    assert_eq!(found.report.after, 0.0, "{}", found.network);
}

#[test]
fn never_worsens_and_reports_the_truth() {
    let pairs = pairs(|image| open(image, &element("#O#"), Border::Zero).complement());
    let score = |network: &Network, loss: Loss| {
        let of = |pair: &TrainingPair| {
            loss.of(&network.apply_one(&pair.inputs[0]).unwrap(), &pair.targets[0])
        };
        pairs.iter().map(of).sum::<f64>() / pairs.len() as f64
    };
    let start = chain(&[Operator::Dilation(element("O#")), Operator::Constant(false)]);
    for loss in [Loss::Pixels, Loss::Dice] {
        for budget in [0, 1, 100, 2000] {
            let options = PolishOptions { loss, budget, block: 8, seed: 3, ..Default::default() };
            let Polished { network, report } = polished(&start, &pairs, &options);
            assert_eq!(report.before, score(&start, loss));
            assert_eq!(report.after, score(&network, loss));
            assert!(report.after <= report.before);
            assert_eq!(budget == 0, report.evaluations == 0);
            assert_eq!(budget == 0, network == start);
        }
    }
}

#[test]
fn threads_change_nothing_and_seeds_do() {
    let pairs = pairs(|image| open(image, &element(L), Border::Replicate));
    let start = chain(&[Operator::Erosion(element("#O#")), Operator::Erosion(element("O"))]);
    let run = |seed, threads| {
        let engine = Engine::new(Kernel::Portable, threads).unwrap();
        let mut steps: Vec<PolishProgress> = Vec::new();
        let options = PolishOptions { seed, budget: 1500, engine, ..Default::default() };
        let found = polish(&start, &pairs, &options, |progress| {
            steps.push(*progress);
            ControlFlow::Continue(())
        });
        (found.unwrap(), steps)
    };
    let one = run(1, 1);
    assert!(one == run(1, 2));
    assert!(one.1 != run(2, 1).1);
}

#[test]
fn an_observer_ends_the_search() {
    let pairs = pairs(|image| image.complement());
    let start = chain(&[Operator::Erosion(element("#O#"))]);
    let options = PolishOptions { block: 4, ..Default::default() };
    let found = polish(&start, &pairs, &options, |_| ControlFlow::Break(())).unwrap();
    assert_eq!(found.report.evaluations, 4);
}

#[test]
fn pairs_must_fit_the_network() {
    let network = chain(&[Operator::Constant(true)]);
    let image = BitImage::new(2, 3);
    let refused = |pairs: &[TrainingPair]| {
        let options = PolishOptions::default();
        polish(&network, pairs, &options, |_| ControlFlow::Continue(())).unwrap_err().to_string()
    };
    assert_eq!(refused(&[]), "there is no pair of images to learn from");
    let good = TrainingPair { inputs: vec![image.clone()], targets: vec![image.clone()] };
    let pair = TrainingPair { inputs: vec![], ..good.clone() };
    assert_eq!(refused(&[good.clone(), pair]), "pair 2: 0 input images, expected 1: one a channel");
    let pair = TrainingPair { targets: vec![], ..good.clone() };
    assert_eq!(refused(&[pair]), "pair 1: 0 targets, expected 1: one a channel");
    let pair = TrainingPair { targets: vec![BitImage::new(3, 3)], ..good };
    assert_eq!(refused(&[pair]), "pair 1: a target is 3x3, expected 2x3 as the inputs");
}

#[test]
fn other_layers_are_refused() {
    let pool = Network::new(Border::Zero, vec![Layer::MaxPool { channels: 1 }]).unwrap();
    let result = polish(&pool, &[], &PolishOptions::default(), |_| ControlFlow::Continue(()));
    assert!(matches!(result, Err(NetworkError::NotBisel { .. })));
}
