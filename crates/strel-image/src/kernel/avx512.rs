//! Eight words a vector: AVX-512 with VBMI2, whose funnel shift is one instruction.

use std::arch::x86_64::*;

use super::vector::{Task, Vector, Weigh};

impl Vector for __m512i {
    const WORDS: usize = 8;
    type Narrow = __m256i;

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

    #[inline(always)]
    unsafe fn right(self, shift: u32) -> Self {
        // SAFETY: the caller has AVX-512.
        unsafe { _mm512_srl_epi64(self, _mm_cvtsi32_si128(shift.cast_signed())) }
    }

    #[inline(always)]
    unsafe fn left(self, shift: u32) -> Self {
        // SAFETY: the caller has AVX-512.
        unsafe { _mm512_sll_epi64(self, _mm_cvtsi32_si128(shift.cast_signed())) }
    }

    #[inline(always)]
    unsafe fn is_zero(self) -> bool {
        // SAFETY: the caller has AVX-512.
        unsafe { _mm512_test_epi64_mask(self, self) == 0 }
    }

    #[target_feature(enable = "avx512f,avx512vbmi2")]
    #[inline(never)]
    unsafe fn run(task: impl Task) {
        // SAFETY: the caller's promise.
        unsafe { task.run::<Self>() }
    }
}

/// VBMI2 comes with the byte instructions of AVX-512 BW.
impl Weigh for __m512i {
    #[inline(always)]
    unsafe fn table(bytes: &[u8; 16]) -> Self {
        // SAFETY: the caller has AVX-512; 16 bytes are read, at any alignment.
        unsafe { _mm512_broadcast_i32x4(_mm_loadu_si128(bytes.as_ptr().cast())) }
    }

    #[inline(always)]
    unsafe fn look_up(self, places: Self) -> Self {
        // SAFETY: the caller has AVX-512 BW.
        unsafe { _mm512_shuffle_epi8(self, places) }
    }

    #[inline(always)]
    unsafe fn add_bytes(self, other: Self) -> Self {
        // SAFETY: the caller has AVX-512 BW.
        unsafe { _mm512_add_epi8(self, other) }
    }

    #[inline(always)]
    unsafe fn add_pairs(self, other: Self) -> Self {
        // SAFETY: the caller has AVX-512 BW.
        unsafe { _mm512_add_epi16(self, other) }
    }

    #[inline(always)]
    unsafe fn higher_bytes(self) -> Self {
        // SAFETY: the caller has AVX-512 BW.
        unsafe { _mm512_srli_epi16::<8>(self) }
    }

    #[inline(always)]
    unsafe fn spread(bits: u64) -> Self {
        // SAFETY: the caller has AVX-512 BW.
        unsafe { _mm512_movm_epi16(bits as u32) }
    }

    #[inline(always)]
    unsafe fn add_weights(self, weights: Self, mask: Self) -> Self {
        // SAFETY: the caller has AVX-512 BW. The mask's ones are -1.
        unsafe { _mm512_sub_epi32(self, _mm512_madd_epi16(weights, mask)) }
    }
}
