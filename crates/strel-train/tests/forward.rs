//! The fast float network against the obvious one.

mod random;

use rand::rngs::ChaCha8Rng;
use rand::{RngExt, SeedableRng};
use strel_image::{BitImage, Border};
use strel_network::{FloatNetwork, Plane};
use strel_theory::Threshold;
use strel_train::forward::{apply_float, forward};

fn random_network(kernel: (usize, usize), border: Border, rng: &mut ChaCha8Rng) -> FloatNetwork {
    let layers = random::layers(&[1, 3, 2, 1], kernel, rng);
    FloatNetwork::new(border, Threshold::Tanh, layers).unwrap()
}

fn random_image(height: usize, width: usize, rng: &mut ChaCha8Rng) -> BitImage {
    BitImage::from_fn(height, width, |_, _| rng.random_bool(0.4))
}

#[test]
fn kernels_agree_with_the_definition() {
    let mut rng = ChaCha8Rng::seed_from_u64(3);
    for (height, width) in [(1, 1), (3, 70), (13, 9), (5, 64)] {
        for kernel in [(3, 3), (5, 5), (2, 4), (1, 7)] {
            for border in [Border::Replicate, Border::Reflect, Border::Zero, Border::One] {
                let network = random_network(kernel, border, &mut rng);
                let image = random_image(height, width, &mut rng);
                let pixels = image.pixels().map(|set| f32::from(u8::from(set))).collect();
                let fast = forward(network.bisels(), border, pixels, (height, width));
                let slow = network.forward(&[Plane::from(&image)]).unwrap();
                for (fast, slow) in fast.iter().zip(slow[0].values()) {
                    assert!((f64::from(*fast) - slow).abs() < 1e-5, "{fast} and {slow}");
                }
            }
        }
    }
}

#[test]
fn bands_of_a_tall_image_join_without_a_seam() {
    let mut rng = ChaCha8Rng::seed_from_u64(4);
    let network = random_network((5, 4), Border::Replicate, &mut rng);
    let image = random_image(300, 21, &mut rng);
    let pixels = image.pixels().map(|set| f32::from(u8::from(set))).collect();
    let whole = forward(network.bisels(), network.border(), pixels, image.size());
    let expected = BitImage::from_fn(300, 21, |row, col| whole[row * 21 + col] > 0.5);
    assert_eq!(apply_float(&network, &image), expected);
}

#[test]
fn every_smooth_threshold_has_its_own_output() {
    let mut rng = ChaCha8Rng::seed_from_u64(6);
    for threshold in [Threshold::Logistic, Threshold::Arctan, Threshold::Erf] {
        let layers = random::layers(&[1, 3, 2, 1], (3, 3), &mut rng);
        let network = FloatNetwork::new(Border::Replicate, threshold, layers).unwrap();
        let image = random_image(9, 11, &mut rng);
        let expected = network.forward(&[Plane::from(&image)]).unwrap()[0].threshold();
        assert_eq!(apply_float(&network, &image), expected, "{threshold}");
    }
}

#[test]
fn an_empty_image_stays_empty() {
    let mut rng = ChaCha8Rng::seed_from_u64(5);
    let network = random_network((3, 3), Border::Zero, &mut rng);
    assert_eq!(apply_float(&network, &BitImage::new(0, 7)).size(), (0, 7));
}
