//! What the kernels need of an instruction set: a vector of words.

/// Words that one instruction reads, writes or joins.
///
/// # Safety
/// Every function needs a processor that has the instruction set of the implementation.
pub(super) trait Vector: Copy {
    /// Words a vector.
    const WORDS: usize;

    /// The words from `words` on.
    ///
    /// # Safety
    /// `Self::WORDS` words can be read there, at any alignment.
    unsafe fn load(words: *const u64) -> Self;

    /// Writes the words.
    ///
    /// # Safety
    /// `Self::WORDS` words can be written there, at any alignment.
    unsafe fn store(self, words: *mut u64);

    unsafe fn fill(word: u64) -> Self;
    unsafe fn and(self, other: Self) -> Self;
    unsafe fn or(self, other: Self) -> Self;
    unsafe fn xor(self, other: Self) -> Self;

    /// The union or the intersection.
    #[inline(always)]
    unsafe fn join<const UNION: bool>(self, other: Self) -> Self {
        // SAFETY: the caller's promise.
        unsafe { if UNION { self.or(other) } else { self.and(other) } }
    }

    /// For each word, the 64 bits that begin at bit `shift` (0 to 63) of `low`, continued in
    /// `high`.
    unsafe fn funnel(low: Self, high: Self, shift: u32) -> Self;
}

impl Vector for u64 {
    const WORDS: usize = 1;

    #[inline(always)]
    unsafe fn load(words: *const u64) -> Self {
        // SAFETY: the caller's promise.
        unsafe { words.read() }
    }

    #[inline(always)]
    unsafe fn store(self, words: *mut u64) {
        // SAFETY: the caller's promise.
        unsafe { words.write(self) }
    }

    #[inline(always)]
    unsafe fn fill(word: u64) -> Self {
        word
    }

    #[inline(always)]
    unsafe fn and(self, other: Self) -> Self {
        self & other
    }

    #[inline(always)]
    unsafe fn or(self, other: Self) -> Self {
        self | other
    }

    #[inline(always)]
    unsafe fn xor(self, other: Self) -> Self {
        self ^ other
    }

    #[inline(always)]
    unsafe fn funnel(low: Self, high: Self, shift: u32) -> Self {
        // Two shifts, since by 64 at once is not legal where `shift` is 0.
        low >> shift | high << 1 << (63 - shift)
    }
}
