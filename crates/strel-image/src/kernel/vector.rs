//! What the kernels need of an instruction set: a vector of words.

/// Words that one instruction reads, writes or joins.
///
/// # Safety
/// Every function needs a processor that has the instruction set of the implementation.
pub(super) trait Vector: Copy {
    /// Words a vector.
    const WORDS: usize;

    /// A vector of fewer words, of an instruction set that this one includes, for rows that are too
    /// short; single words have none.
    type Narrow: Vector;

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

    /// Each word shifted to its lower bits, by 0 to 63.
    unsafe fn right(self, shift: u32) -> Self;

    /// Each word shifted to its higher bits, by 0 to 63.
    unsafe fn left(self, shift: u32) -> Self;

    /// Whether all bits are 0.
    unsafe fn is_zero(self) -> bool;

    /// Runs a task in a function of its own, which has the instruction set.
    unsafe fn run(task: impl Task);
}

/// What can be done with any vectors.
pub(super) trait Task {
    /// # Safety
    /// The processor has the instruction set of `V`; and as the task says.
    unsafe fn run<V: Vector>(self);
}

/// What sums of weights need of an instruction set: look-ups in tables of 16 bytes, and products.
///
/// # Safety
/// As for [`Vector`].
pub(super) trait Weigh: Vector {
    /// A table, beside each 16 bytes of a vector.
    unsafe fn table(bytes: &[u8; 16]) -> Self;

    /// For each byte of `places`, which are below 16, the byte of the table there.
    unsafe fn look_up(self, places: Self) -> Self;

    /// Sums byte by byte, without carries.
    unsafe fn add_bytes(self, other: Self) -> Self;

    /// Sums of 16 bits, without carries.
    unsafe fn add_pairs(self, other: Self) -> Self;

    /// The higher byte of each 16 bits.
    unsafe fn higher_bytes(self) -> Self;

    /// Ones in each 16 bits whose bit of `bits` is 1, from the lowest on.
    unsafe fn spread(bits: u64) -> Self;

    /// Adds to each sum of 32 bits the two weights of 16 bits, with signs, that are in its place,
    /// as far as the mask has ones there.
    unsafe fn add_weights(self, weights: Self, mask: Self) -> Self;
}

impl Vector for u64 {
    const WORDS: usize = 1;
    type Narrow = Self;

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

    #[inline(always)]
    unsafe fn right(self, shift: u32) -> Self {
        self >> shift
    }

    #[inline(always)]
    unsafe fn left(self, shift: u32) -> Self {
        self << shift
    }

    #[inline(always)]
    unsafe fn is_zero(self) -> bool {
        self == 0
    }

    #[inline(never)]
    unsafe fn run(task: impl Task) {
        // SAFETY: the caller's promise.
        unsafe { task.run::<Self>() }
    }
}
