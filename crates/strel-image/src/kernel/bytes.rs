//! Bytes to bits and back, 64 pixels a word.

#[cfg(target_arch = "x86_64")]
use std::arch::x86_64::*;

/// The lowest bit of each byte.
const LOWEST: u64 = u64::from_le_bytes([1; 8]);

/// All bits of each byte but the highest.
const ALL_BUT_HIGHEST: u64 = u64::from_le_bytes([0x7f; 8]);

/// For each byte, a byte of 0 or 1 a bit, lowest first.
static SPREAD: [u64; 256] = spread();

/// Bit k of the words is whether byte k is not 0; bits past the bytes are zeros.
pub(super) fn pack(words: &mut [u64], bytes: &[u8]) {
    pack_blocks(words, bytes, pack_64);
}

/// Byte k is `one` where bit k of the words is 1, else 0.
pub(super) fn unpack(words: &[u64], one: u8, bytes: &mut [u8]) {
    unpack_blocks(words, bytes, |word, block| unpack_64(word, one, block));
}

/// Packs blocks of 64 bytes, the last one filled up with zeros.
#[inline(always)]
fn pack_blocks(words: &mut [u64], bytes: &[u8], pack: impl Fn(&[u8; 64]) -> u64) {
    let (blocks, rest) = bytes.as_chunks();
    for (word, block) in words.iter_mut().zip(blocks) {
        *word = pack(block);
    }
    if !rest.is_empty() {
        let mut block = [0; 64];
        block[..rest.len()].copy_from_slice(rest);
        words[blocks.len()] = pack(&block);
    }
}

/// Unpacks to blocks of 64 bytes, and to the part of one that is left.
#[inline(always)]
fn unpack_blocks(words: &[u64], bytes: &mut [u8], unpack: impl Fn(u64, &mut [u8; 64])) {
    let (blocks, rest) = bytes.as_chunks_mut();
    for (word, block) in words.iter().zip(&mut *blocks) {
        unpack(*word, block);
    }
    if !rest.is_empty() {
        let mut block = [0; 64];
        unpack(words[blocks.len()], &mut block);
        rest.copy_from_slice(&block[..rest.len()]);
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
pub(super) fn pack_avx2(words: &mut [u64], bytes: &[u8]) {
    pack_blocks(words, bytes, |block| pack_64_avx2(block));
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
pub(super) fn unpack_avx2(words: &[u64], one: u8, bytes: &mut [u8]) {
    unpack_blocks(words, bytes, |word, block| unpack_64_avx2(word, one, block));
}

/// Bit k of the word is whether byte k is not 0.
fn pack_64(bytes: &[u8; 64]) -> u64 {
    let (eights, _) = bytes.as_chunks();
    let packed = eights.iter().rev().map(|&eight| pack_eight(eight));
    packed.fold(0, |word, byte| word << 8 | byte)
}

fn pack_eight(bytes: [u8; 8]) -> u64 {
    let bytes = u64::from_le_bytes(bytes);
    // A byte that is not 0 carries into its highest bit, or has it.
    let nonzero = (((bytes & ALL_BUT_HIGHEST) + ALL_BUT_HIGHEST) | bytes) >> 7 & LOWEST;
    // Adds the bit of byte k, shifted from 8 k to 56 + k; no two of the 64 products meet.
    nonzero.wrapping_mul(0x0102_0408_1020_4080) >> 56
}

/// Byte k is `one` where bit k of the word is 1, else 0.
fn unpack_64(word: u64, one: u8, bytes: &mut [u8; 64]) {
    let (eights, _) = bytes.as_chunks_mut();
    for (eight, byte) in eights.iter_mut().zip(word.to_le_bytes()) {
        *eight = (SPREAD[usize::from(byte)] * u64::from(one)).to_le_bytes();
    }
}

const fn spread() -> [u64; 256] {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        let mut bit = 0;
        while bit < 8 {
            table[byte] |= (byte as u64 >> bit & 1) << (8 * bit);
            bit += 1;
        }
        byte += 1;
    }
    table
}

/// [`pack_64`], 32 bytes at a time.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn pack_64_avx2(bytes: &[u8; 64]) -> u64 {
    let half = |from: usize| {
        // SAFETY: 32 of the 64 bytes; the instruction takes any alignment.
        let bytes = unsafe { _mm256_loadu_si256(bytes[from..from + 32].as_ptr().cast()) };
        let zeros = _mm256_movemask_epi8(_mm256_cmpeq_epi8(bytes, _mm256_setzero_si256()));
        u64::from(!zeros.cast_unsigned())
    };
    half(0) | half(32) << 32
}

/// [`unpack_64`], 32 bytes at a time.
#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn unpack_64_avx2(word: u64, one: u8, bytes: &mut [u8; 64]) {
    // In each half, which holds the four bytes twice, byte k takes the one with its bit.
    let places =
        _mm256_set_epi64x(0x0303_0303_0303_0303, 0x0202_0202_0202_0202, 0x0101_0101_0101_0101, 0);
    let bits = _mm256_set1_epi64x(0x8040_2010_0804_0201_u64.cast_signed());
    let one = _mm256_set1_epi8(one.cast_signed());
    for (bytes, half) in bytes.as_chunks_mut::<32>().0.iter_mut().zip([word, word >> 32]) {
        let spread = _mm256_shuffle_epi8(_mm256_set1_epi32(half as i32), places);
        let set = _mm256_cmpeq_epi8(_mm256_and_si256(spread, bits), bits);
        // SAFETY: 32 bytes; the instruction takes any alignment.
        unsafe { _mm256_storeu_si256(bytes.as_mut_ptr().cast(), _mm256_and_si256(set, one)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_but_0_is_1() {
        for byte in 0..=u8::MAX {
            for place in 0..64 {
                let mut bytes = [0; 64];
                bytes[place] = byte;
                assert_eq!(pack_64(&bytes), u64::from(byte != 0) << place);
            }
        }
    }

    #[cfg(target_arch = "x86_64")]
    #[test]
    fn vectors_do_as_words_do() {
        if !is_x86_feature_detected!("avx2") {
            return;
        }
        let mut word = 1_u64;
        for step in 0..1000_usize {
            word = word.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            let (mut left, mut right) = ([0; 64], [9; 64]);
            unpack_64(word, step as u8, &mut left);
            // SAFETY: the processor has AVX2.
            unsafe { unpack_64_avx2(word, step as u8, &mut right) };
            assert_eq!(left, right);
            // SAFETY: the processor has AVX2.
            assert_eq!(pack_64(&left), unsafe { pack_64_avx2(&left) });
        }
    }
}
