//! Loops for the processor at hand.

use super::instructions::arch;
use pulp::{Simd, WithSimd};

/// Runs a computation, compiled for the vector instructions of this processor: mark it `#[inline(always)]`, and
/// all that it calls.
///
/// An `FnOnce` will not do: a closure that could run more than once becomes one by a function of the compiler's that is
/// not inlined, and is then compiled for the oldest processors, as slow and without a word.
#[inline(always)]
pub fn vectorized<R>(work: impl FnMut() -> R) -> R {
    arch().dispatch(Vectorized(work))
}

struct Vectorized<F>(F);

impl<R, F: FnMut() -> R> WithSimd for Vectorized<F> {
    type Output = R;

    #[inline(always)]
    fn with_simd<S: Simd>(mut self, _: S) -> R {
        (self.0)()
    }
}
