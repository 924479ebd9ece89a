//! What is evaluated in part equals the whole network.

use strel_image::{BitImage, Border, Engine};

use super::draft::Draft;
use super::moves::{Neighbourhood, kick};
use super::trace::{Known, Trace};
use super::update::Update;
use super::{Loss, TrainingPair};
use crate::random::Random;
use crate::{
    Bisel, Combination, CombinationRule, Exactness, MorphologicalNeuron, Operator, OutputChannel,
};

/// A network of 1, 2, 3 and 2 channels that leaves images as they are.
fn start(border: Border) -> Draft {
    let layer = |inputs: usize, outputs: usize| {
        let dilation = Operator::Dilation("O".parse().unwrap());
        let neurons = vec![MorphologicalNeuron::activated(dilation); inputs];
        let rule = match inputs {
            1 => CombinationRule::Identity,
            _ => CombinationRule::Union(vec![true; inputs]),
        };
        let combination = Combination { rule, complement: false, exactness: Exactness::Activated };
        Bisel { inputs, outputs: vec![OutputChannel { neurons, combination }; outputs] }
    };
    Draft { border, layers: vec![layer(1, 2), layer(2, 3), layer(3, 2)] }
}

fn image(height: usize, width: usize, random: &mut Random) -> BitImage {
    BitImage::from_fn(height, width, |_, _| random.below(3) == 0)
}

fn pairs(random: &mut Random) -> Vec<TrainingPair> {
    let sizes = [(5, 7), (1, 65), (9, 64), (0, 3)];
    let pair = |(height, width)| TrainingPair {
        inputs: vec![image(height, width, random)],
        targets: vec![image(height, width, random), image(height, width, random)],
    };
    sizes.map(pair).into()
}

/// The outputs of a changed network, as an update gives them.
fn updated(trace: &Trace, changed: &Draft, pair: usize, engine: &Engine) -> Vec<BitImage> {
    let layer = trace.draft.layers.len() - 1;
    let Some(update) = Update::new(trace, changed) else {
        let outputs = 0..trace.draft.layers[layer].outputs.len();
        let known = |output| trace.image(pair, Known::Channel { layer, output }).clone();
        return outputs.map(known).collect();
    };
    let mut images = vec![BitImage::new(0, 0); update.changed()];
    update.run(engine, |known| trace.image(pair, known), &mut images);
    let mut images = images.into_iter();
    let outputs = update.outputs().iter();
    outputs
        .map(|stays| match stays {
            Some(known) => trace.image(pair, *known).clone(),
            None => images.next().unwrap(),
        })
        .collect()
}

#[test]
fn updates_equal_the_whole_network() {
    let (mut random, engine) = (Random::new(1), Engine::default());
    let pairs = pairs(&mut random);
    let all: Vec<usize> = (0..pairs.len()).collect();
    let (mut lower, mut different) = (0, 0);
    for border in [Border::Replicate, Border::Reflect, Border::Zero, Border::One] {
        let mut draft = start(border);
        for _ in 0..60 {
            draft = kick(&draft, (2, 3), &mut random).0;
            let trace = Trace::new(draft.clone(), &pairs, Loss::Pixels, &engine);
            let neighbours = Neighbourhood::new(&draft, (2, 3), None);
            let moves =
                [neighbours.single(), neighbours.double(), neighbours.translations()].concat();
            let moves = [moves, neighbours.edges(true)].concat();
            let chosen = moves.get(random.below(moves.len().max(1)));
            let Some(changed) = chosen.and_then(|chosen| chosen.apply(&draft)) else { continue };
            let network = changed.clone().network().unwrap();
            let mut loss = 0.0;
            for (index, pair) in pairs.iter().enumerate() {
                let whole = network.apply(&pair.inputs).unwrap();
                assert_eq!(updated(&trace, &changed, index, &engine), whole, "{chosen:?}");
                let losses = whole.iter().zip(&pair.targets).map(|(o, t)| Loss::Pixels.of(o, t));
                loss += losses.sum::<f64>();
            }
            different += usize::from(loss != trace.loss());
            let expected = (loss < trace.loss()).then_some(loss);
            assert_eq!(trace.lower_loss(&changed, &all, usize::MAX, &engine), expected);
            lower += usize::from(expected.is_some());
        }
    }
    assert!(lower > 20 && different > 60, "{lower} moves lower the loss, {different} change it");
}

#[test]
fn borders_and_duals_differ_at_the_edge_alone() {
    let mut random = Random::new(2);
    let image = image(40, 50, &mut random);
    let borders = [Border::Replicate, Border::Reflect, Border::Zero, Border::One];
    for (border, free) in borders.into_iter().flat_map(|border| [(border, false), (border, true)]) {
        let (mut found, mut different) = (0, false);
        for _ in 0..30 {
            let draft = kick(&start(border), (1, 1), &mut random).0;
            let outputs = |draft: Draft| {
                draft.network().unwrap().apply(std::slice::from_ref(&image)).unwrap()
            };
            for chosen in Neighbourhood::new(&draft, (1, 1), None).edges(free) {
                found += 1;
                let dual = outputs(chosen.apply(&draft).unwrap());
                for (one, other) in outputs(draft.clone()).iter().zip(&dual) {
                    let inner = |image: &BitImage| image.crop(3, 3, 34, 44).unwrap();
                    assert_eq!(inner(one), inner(other), "{border}, {chosen:?}");
                    different |= one != other;
                }
            }
        }
        let constant = free || matches!(border, Border::Zero | Border::One);
        assert_eq!((found > 0, different), (constant, constant), "{border}");
    }
}
