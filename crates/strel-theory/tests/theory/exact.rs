//! Truth tables of neurons in exact arithmetic, by adding up integers of any length.

use strel_theory::Neuron;

/// Digits of 32 bits, the lowest first, in units of the least positive `f64`.
const DIGITS: usize = 68;

/// The sign of a sum of finite numbers: -1, 0 or 1.
fn sign_of_sum(terms: impl Iterator<Item = f64>) -> i32 {
    let mut digits = [0_i64; DIGITS];
    for term in terms {
        add(&mut digits, term);
    }
    let mut carry = 0;
    let mut any = false;
    for digit in digits {
        let sum = digit + carry;
        any |= sum & 0xffff_ffff != 0;
        carry = sum >> 32;
    }
    match carry {
        0 => i32::from(any),
        _ => carry.signum() as i32,
    }
}

/// Adds a number, without carrying: 2^30 numbers may be added.
fn add(digits: &mut [i64], term: f64) {
    let exponent = (term.to_bits() >> 52 & 0x7ff) as usize;
    let fraction = term.to_bits() & ((1 << 52) - 1);
    let (mantissa, shift) = match exponent {
        0 => (fraction, 0),
        _ => (fraction | 1 << 52, exponent - 1),
    };
    let shifted = u128::from(mantissa) << (shift % 32);
    for (place, digit) in digits[shift / 32..].iter_mut().take(3).enumerate() {
        let part = (shifted >> (32 * place) & 0xffff_ffff) as i64;
        *digit += if term < 0.0 { -part } else { part };
    }
}

/// The outputs of a neuron for all binary inputs: entry `code` is that for x_k = bit k of `code`. An output is 1 iff
/// p (W.x - b) > 0, hence 0 at a tie.
pub fn truth_table(neuron: &Neuron) -> Vec<bool> {
    let sign_of_scale = match neuron.scale() {
        0.0 => 0,
        scale if scale > 0.0 => 1,
        _ => -1,
    };
    let output = |code: usize| {
        let chosen = neuron.weights().iter().enumerate().filter(|(k, _)| code >> k & 1 == 1);
        let terms = chosen.map(|(_, w)| *w).chain([-neuron.bias()]);
        sign_of_scale * sign_of_sum(terms) > 0
    };
    (0..1 << neuron.weights().len()).map(output).collect()
}

#[test]
fn signs_of_sums() {
    let sign = |terms: &[f64]| sign_of_sum(terms.iter().copied());
    assert_eq!(sign(&[]), 0);
    assert_eq!(sign(&[0.1, 0.2, -0.3]), 1);
    assert_eq!(sign(&[0.5, 0.25, -0.75]), 0);
    assert_eq!(sign(&[1e30, 1e-30, -1e30]), 1);
    assert_eq!(sign(&[1e30, -1e-30, -1e30]), -1);
    assert_eq!(sign(&[f64::MAX, f64::MAX, -f64::MAX]), 1);
    assert_eq!(sign(&[5e-324, -5e-324, -5e-324]), -1);
}
