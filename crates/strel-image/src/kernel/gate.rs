//! The threshold gate: a weighted count of shifted rows, 64 pixels a word, by bit-sliced adders.

use super::source::Source;
use super::vector::Vector;

/// Most bits of a count.
pub(crate) const MAX_LEVELS: usize = 63;

/// Rows to count, each pixel as 2 to the `level`.
#[derive(Clone, Copy)]
pub(crate) struct Addend<'a> {
    pub source: Source<'a>,
    pub level: u32,
}

/// Writes 1 into each bit of the target at which the count of the addends reaches `at_least`;
/// neither the limit nor any count has more than `levels` bits.
///
/// # Safety
/// The processor has the instruction set of `V`.
///
/// # Panics
/// Where an addend is shorter than the target, or there are more levels than 63.
#[inline(always)]
pub(super) unsafe fn gate<V: Vector>(
    target: &mut [u64],
    addends: &[Addend],
    levels: usize,
    at_least: u64,
) {
    let (length, words) = (target.len(), target.as_mut_ptr());
    assert!(levels <= MAX_LEVELS, "a count of {levels} bits");
    assert!(addends.iter().all(|addend| addend.source.has(length, 0)), "an addend is too short");
    let mut at = 0;
    // SAFETY: each vector ends before `length`, which no addend is shorter than.
    unsafe {
        let mut counter = Counter::<V, MAX_LEVELS>::new(levels);
        while at + V::WORDS <= length {
            counter.count(addends, at);
            counter.reaches(at_least).store(words.add(at));
            at += V::WORDS;
        }
        let mut counter = Counter::<u64, MAX_LEVELS>::new(levels);
        while at < length {
            counter.count(addends, at);
            counter.reaches(at_least).store(words.add(at));
            at += 1;
        }
    }
}

/// Counts of pixels, one bit of every count a vector: level l holds the bits of weight 2^l.
///
/// Bits wait in pairs for the adder of their level, as in a carry-save adder, so that n of them
/// cost n additions in all, not n for each level.
pub(super) struct Counter<V, const MOST: usize> {
    sums: [V; MOST],
    waiting: [V; MOST],
    /// Bit l: whether bits wait at level l.
    occupied: u64,
    levels: usize,
}

impl<V: Vector, const MOST: usize> Counter<V, MOST> {
    /// # Safety
    /// The processor has the instruction set of `V`, here and below.
    #[inline(always)]
    pub(super) unsafe fn new(levels: usize) -> Self {
        // SAFETY: the caller's promise.
        let zero = unsafe { V::fill(0) };
        Counter { sums: [zero; MOST], waiting: [zero; MOST], occupied: 0, levels }
    }

    /// Counts the addends from word `at` on, which they have `V::WORDS` words from.
    #[inline(always)]
    unsafe fn count(&mut self, addends: &[Addend], at: usize) {
        // SAFETY: the caller's promise.
        unsafe {
            self.sums[..self.levels].fill(V::fill(0));
            for addend in addends {
                let mut bits = [V::fill(0)];
                addend.source.join_into::<V, true, 1>(&mut bits, at, 0);
                self.add(addend.level as usize, bits[0]);
            }
            self.settle();
        }
    }

    /// Adds the bits that wait.
    #[inline(always)]
    pub(super) unsafe fn settle(&mut self) {
        for level in 0..self.levels {
            if self.take(level) {
                // SAFETY: the caller's promise.
                unsafe {
                    let carry = self.add_two(level, self.waiting[level], V::fill(0));
                    self.add(level + 1, carry);
                }
            }
        }
    }

    /// Adds bits at a level; past the last one they are zeros.
    #[inline(always)]
    pub(super) unsafe fn add(&mut self, mut level: usize, mut bits: V) {
        while level < self.levels && self.take(level) {
            // SAFETY: the caller's promise.
            bits = unsafe { self.add_two(level, self.waiting[level], bits) };
            level += 1;
        }
        if level < self.levels {
            self.occupied |= 1 << level;
            self.waiting[level] = bits;
        }
    }

    /// Whether bits waited at a level; they do no more.
    #[inline(always)]
    fn take(&mut self, level: usize) -> bool {
        let waited = self.occupied >> level & 1 == 1;
        self.occupied &= !(1 << level);
        waited
    }

    /// Adds two vectors of bits to a level's sum and returns the carries.
    #[inline(always)]
    unsafe fn add_two(&mut self, level: usize, left: V, right: V) -> V {
        // SAFETY: the caller's promise.
        unsafe {
            let half = left.xor(right);
            let sum = self.sums[level];
            self.sums[level] = sum.xor(half);
            left.and(right).or(sum.and(half))
        }
    }

    /// Where the count is at least `limit`, found from the lowest bit up.
    #[inline(always)]
    pub(super) unsafe fn reaches(&self, limit: u64) -> V {
        // SAFETY: the caller's promise.
        unsafe {
            let mut reached = V::fill(u64::MAX);
            for (level, &sum) in self.sums[..self.levels].iter().enumerate() {
                reached = if limit >> level & 1 == 1 { reached.and(sum) } else { reached.or(sum) };
            }
            reached
        }
    }
}
