//! What several tests check.

use strel_train::Trainer;

/// Trains a network of two neurons in its first layer, which settle first: from then on, that layer
/// keeps its bits.
#[track_caller]
pub fn assert_settled_neurons_stay(mut trainer: Trainer) {
    while trainer.settled().0 < 2 {
        trainer.advance().unwrap();
    }
    let layer = trainer.network().unwrap().layers()[0].clone();
    while !trainer.is_finished() {
        trainer.advance().unwrap();
    }
    assert_eq!(trainer.network().unwrap().layers()[0], layer);
}
