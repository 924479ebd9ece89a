//! Eight words a vector: AVX-512 with VBMI2, whose funnel shift is one instruction.

use std::arch::x86_64::*;

use super::vector::Vector;

impl Vector for __m512i {
    const WORDS: usize = 8;

    #[inline(always)]
    unsafe fn load(words: *const u64) -> Self {
        // SAFETY: the caller's promise; the instruction takes any alignment.
        unsafe { _mm512_loadu_si512(words.cast()) }
    }

    #[inline(always)]
    unsafe fn store(self, words: *mut u64) {
        // SAFETY: the caller's promise; the instruction takes any alignment.
        unsafe { _mm512_storeu_si512(words.cast(), self) }
    }

    #[inline(always)]
    unsafe fn fill(word: u64) -> Self {
        // SAFETY: the caller has AVX-512.
        unsafe { _mm512_set1_epi64(word.cast_signed()) }
    }

    #[inline(always)]
    unsafe fn and(self, other: Self) -> Self {
        // SAFETY: the caller has AVX-512.
        unsafe { _mm512_and_si512(self, other) }
    }

    #[inline(always)]
    unsafe fn or(self, other: Self) -> Self {
        // SAFETY: the caller has AVX-512.
        unsafe { _mm512_or_si512(self, other) }
    }

    #[inline(always)]
    unsafe fn xor(self, other: Self) -> Self {
        // SAFETY: the caller has AVX-512.
        unsafe { _mm512_xor_si512(self, other) }
    }

    #[inline(always)]
    unsafe fn funnel(low: Self, high: Self, shift: u32) -> Self {
        // SAFETY: the caller has AVX-512 and VBMI2. The instruction takes the lower half of
        // high:low >> shift.
        unsafe { _mm512_shrdv_epi64(low, high, _mm512_set1_epi64(i64::from(shift))) }
    }
}
