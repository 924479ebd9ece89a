//! Four words a vector: AVX2.

use std::arch::x86_64::*;

use super::vector::{Task, Vector, Weigh};

impl Vector for __m256i {
    const WORDS: usize = 4;
    type Narrow = u64;

    #[inline(always)]
    unsafe fn load(words: *const u64) -> Self {
        // SAFETY: the caller's promise; the instruction takes any alignment.
        unsafe { _mm256_loadu_si256(words.cast()) }
    }

    #[inline(always)]
    unsafe fn store(self, words: *mut u64) {
        // SAFETY: the caller's promise; the instruction takes any alignment.
        unsafe { _mm256_storeu_si256(words.cast(), self) }
    }

    #[inline(always)]
    unsafe fn fill(word: u64) -> Self {
        // SAFETY: the caller has AVX2.
        unsafe { _mm256_set1_epi64x(word.cast_signed()) }
    }

    #[inline(always)]
    unsafe fn and(self, other: Self) -> Self {
        // SAFETY: the caller has AVX2.
        unsafe { _mm256_and_si256(self, other) }
    }

    #[inline(always)]
    unsafe fn or(self, other: Self) -> Self {
        // SAFETY: the caller has AVX2.
        unsafe { _mm256_or_si256(self, other) }
    }

    #[inline(always)]
    unsafe fn xor(self, other: Self) -> Self {
        // SAFETY: the caller has AVX2.
        unsafe { _mm256_xor_si256(self, other) }
    }

    #[inline(always)]
    unsafe fn funnel(low: Self, high: Self, shift: u32) -> Self {
        // SAFETY: the caller has AVX2. A shift by 64 gives zeros.
        unsafe {
            let right = _mm_cvtsi32_si128(shift.cast_signed());
            let left = _mm_cvtsi32_si128(64 - shift.cast_signed());
            _mm256_or_si256(_mm256_srl_epi64(low, right), _mm256_sll_epi64(high, left))
        }
    }

    #[inline(always)]
    unsafe fn right(self, shift: u32) -> Self {
        // SAFETY: the caller has AVX2.
        unsafe { _mm256_srl_epi64(self, _mm_cvtsi32_si128(shift.cast_signed())) }
    }

    #[inline(always)]
    unsafe fn left(self, shift: u32) -> Self {
        // SAFETY: the caller has AVX2.
        unsafe { _mm256_sll_epi64(self, _mm_cvtsi32_si128(shift.cast_signed())) }
    }

    #[inline(always)]
    unsafe fn is_zero(self) -> bool {
        // SAFETY: the caller has AVX2.
        unsafe { _mm256_testz_si256(self, self) == 1 }
    }

    #[target_feature(enable = "avx2")]
    #[inline(never)]
    unsafe fn run(task: impl Task) {
        // SAFETY: the caller's promise.
        unsafe { task.run::<Self>() }
    }
}

impl Weigh for __m256i {
    #[inline(always)]
    unsafe fn table(bytes: &[u8; 16]) -> Self {
        // SAFETY: the caller has AVX2; 16 bytes are read, at any alignment.
        unsafe { _mm256_broadcastsi128_si256(_mm_loadu_si128(bytes.as_ptr().cast())) }
    }

    #[inline(always)]
    unsafe fn look_up(self, places: Self) -> Self {
        // SAFETY: the caller has AVX2.
        unsafe { _mm256_shuffle_epi8(self, places) }
    }

    #[inline(always)]
    unsafe fn add_bytes(self, other: Self) -> Self {
        // SAFETY: the caller has AVX2.
        unsafe { _mm256_add_epi8(self, other) }
    }

    #[inline(always)]
    unsafe fn add_pairs(self, other: Self) -> Self {
        // SAFETY: the caller has AVX2.
        unsafe { _mm256_add_epi16(self, other) }
    }

    #[inline(always)]
    unsafe fn higher_bytes(self) -> Self {
        // SAFETY: the caller has AVX2.
        unsafe { _mm256_srli_epi16::<8>(self) }
    }

    #[inline(always)]
    unsafe fn spread(bits: u64) -> Self {
        // SAFETY: the caller has AVX2.
        unsafe {
            let places = _mm256_setr_epi16(
                1,
                2,
                4,
                8,
                16,
                32,
                64,
                128,
                256,
                512,
                1024,
                2048,
                4096,
                8192,
                16384,
                i16::MIN,
            );
            let set = _mm256_and_si256(_mm256_set1_epi16(bits as i16), places);
            _mm256_cmpeq_epi16(set, places)
        }
    }

    #[inline(always)]
    unsafe fn add_weights(self, weights: Self, mask: Self) -> Self {
        // SAFETY: the caller has AVX2. The mask's ones are -1.
        unsafe { _mm256_sub_epi32(self, _mm256_madd_epi16(weights, mask)) }
    }
}
