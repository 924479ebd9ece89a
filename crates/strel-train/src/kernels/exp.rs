//! The exponential function, as vectorizable code.

/// `exp(v)` for `v` in `[-87, 87]`: `2^n * 2^f` with `f` in `[-1/2, 1/2]` and a polynomial for `2^f`.
#[inline(always)]
pub fn exp(v: f32) -> f32 {
    // Adding 1.5 * 2^23 leaves the nearest integer in the low bits of the sum.
    const ROUND: f32 = 12_582_912.0;
    const LN2_HIGH: f32 = 0.693_359_4;
    const LN2_LOW: f32 = -2.121_944_4e-4;
    let shifted = v * std::f32::consts::LOG2_E + ROUND;
    let n = shifted - ROUND;
    let r = v - n * LN2_HIGH - n * LN2_LOW;
    // The Taylor polynomial of degree 7: its error on |r| <= ln(2)/2 is below 1e-8.
    let p = 1.0 / 5040.0;
    let p = p * r + 1.0 / 720.0;
    let p = p * r + 1.0 / 120.0;
    let p = p * r + 1.0 / 24.0;
    let p = p * r + 1.0 / 6.0;
    let p = p * r + 0.5;
    let p = p * r + 1.0;
    let p = p * r + 1.0;
    let power = f32::from_bits((shifted.to_bits() << 23).wrapping_add(1.0f32.to_bits()));
    p * power
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_double_precision() {
        for i in -87_000..=87_000 {
            let v = i as f32 * 1e-3;
            let exact = f64::from(v).exp();
            let error = (f64::from(exp(v)) - exact).abs();
            assert!(error <= 2e-7 * exact, "exp({v}): off by {:e}", error / exact);
        }
    }
}
