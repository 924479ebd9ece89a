//! Floats of one neuron as exact integers.

/// The most binary digits of a sum.
const DIGITS: u32 = 120;

/// The numbers in units of the last place of the finest one; `None` if sums of them could have more
/// than 120 digits.
pub(super) fn in_common_units(numbers: &[f64]) -> Option<Vec<i128>> {
    let parts: Vec<(i64, i32)> =
        numbers.iter().map(|&number| mantissa_and_exponent(number)).collect();
    let finest = parts.iter().filter(|part| part.0 != 0).map(|part| part.1).min().unwrap_or(0);
    let room = DIGITS.checked_sub(numbers.len().ilog2() + 1)?;
    let scaled = |&(mantissa, exponent): &(i64, i32)| {
        if mantissa == 0 {
            return Some(0);
        }
        let shift = u32::try_from(exponent - finest).ok()?;
        let digits = 64 - mantissa.unsigned_abs().leading_zeros() + shift;
        (digits <= room).then(|| i128::from(mantissa) << shift)
    };
    parts.iter().map(scaled).collect()
}

/// The number as mantissa * 2^exponent, the mantissa odd or 0.
fn mantissa_and_exponent(number: f64) -> (i64, i32) {
    let (mut mantissa, mut exponent) = (number, 0);
    if number == 0.0 {
        return (0, 0);
    }
    while mantissa.fract() != 0.0 {
        mantissa *= 2.0;
        exponent -= 1;
    }
    while mantissa % 2.0 == 0.0 {
        mantissa /= 2.0;
        exponent += 1;
    }
    (mantissa as i64, exponent)
}
