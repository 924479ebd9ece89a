//! The kernels of dense layers: the choice between the instruction sets at run time.

#[cfg(target_arch = "x86_64")]
use std::arch::x86_64::{__m256i, __m512i};

use super::shuffles::{GROUPS, GroupTable};
use super::{
    GATES, Kernel, LANES, PARTS, PlaneSets, Weight, WordWeights, columns, sets, shuffles, sums,
    transpose, weights,
};

/// A method of [`Kernel`] and its wrappers, one an instruction set, around a function that is
/// generic over the vector.
macro_rules! method {
    ($(#[$doc:meta])* $module:ident::$name:ident, ($($argument:ident: $type:ty),*)) => {
        impl Kernel {
            $(#[$doc])*
            pub(crate) fn $name(self, $($argument: $type),*) {
                #[cfg(target_arch = "x86_64")]
                #[target_feature(enable = "avx2")]
                fn avx2($($argument: $type),*) {
                    // SAFETY: the function has AVX2.
                    unsafe { $module::$name::<__m256i>($($argument),*) }
                }
                #[cfg(target_arch = "x86_64")]
                #[target_feature(enable = "avx512f,avx512vbmi2")]
                fn avx512($($argument: $type),*) {
                    // SAFETY: the function has AVX-512 and VBMI2.
                    unsafe { $module::$name::<__m512i>($($argument),*) }
                }
                assert!(self.is_available(), "the processor has no {self}");
                match self {
                    // SAFETY: words of 64 bits need no instruction set.
                    Kernel::Portable => unsafe { $module::$name::<u64>($($argument),*) },
                    #[cfg(target_arch = "x86_64")]
                    // SAFETY: the processor has AVX2, as was checked above.
                    Kernel::Avx2 => unsafe { avx2($($argument),*) },
                    #[cfg(target_arch = "x86_64")]
                    // SAFETY: the processor has AVX-512 and VBMI2, as was checked above.
                    Kernel::Avx512 => unsafe { avx512($($argument),*) },
                    #[cfg(not(target_arch = "x86_64"))]
                    _ => unreachable!("the kernel is available"),
                }
            }
        }
    };
}

method! {
    /// Transposes the 64x64 bits in each column of a block of 64 rows of [`Kernel::slice_words`]
    /// words: bit c of row r becomes bit r of row c.
    transpose::transpose, (block: &mut [u64], words: usize)
}

method! {
    /// Unites the target with the columns picked, each as many words as the target.
    columns::unite_columns, (target: &mut [u64], columns: &[u64], picked: &[u32])
}

method! {
    /// Writes the sets' rows of a block; planes and rows have [`Kernel::slice_words`] words each.
    sets::join_planes,
        (block: &mut [u64], planes: &[u64], words: usize, sets: &PlaneSets)
}

method! {
    /// Adds the float weights of the inputs that are 1 to the partial sums of a class.
    weights::add_floats, (sums: &mut [f64; LANES], sample: &[u64], weights: &[[f32; LANES]])
}

impl Kernel {
    /// Words of samples that a plane of bits has: a vector at least.
    pub(crate) fn slice_words(self) -> usize {
        match self {
            Kernel::Portable | Kernel::Avx2 => 4,
            Kernel::Avx512 => 8,
        }
    }

    /// Words of a vector.
    pub(crate) fn vector_words(self) -> usize {
        match self {
            Kernel::Portable => 1,
            Kernel::Avx2 => 4,
            Kernel::Avx512 => 8,
        }
    }

    /// Whether the instructions look up bytes in tables, as [`Kernel::add_look_ups`] needs.
    pub(crate) fn has_look_ups(self) -> bool {
        self != Kernel::Portable
    }

    /// Adds what 64 inputs of `64 * slice_words` samples give to the sums of each class; see
    /// [`shuffles`](super::shuffles).
    pub(crate) fn add_look_ups(
        self,
        block: &[u64],
        tables: &[[GroupTable; GROUPS]],
        sums: &mut [u64],
    ) {
        assert!(self.is_available() && self.has_look_ups(), "{self} cannot look up");
        match self {
            #[cfg(target_arch = "x86_64")]
            // SAFETY: the processor has AVX2, as was checked above.
            Kernel::Avx2 => unsafe { look_up_avx2(block, tables, sums) },
            #[cfg(target_arch = "x86_64")]
            // SAFETY: the processor has AVX-512 and VBMI2, as was checked above.
            Kernel::Avx512 => unsafe { look_up_avx512(block, tables, sums) },
            _ => unreachable!("the kernel looks up"),
        }
    }

    /// Bit g is whether `start` and the weights of the columns picked sum to 0 at least for gate g.
    pub(crate) fn gate_values<T: Weight>(
        self,
        start: &[T; GATES],
        columns: &[[T; GATES]],
        picked: &[u32],
    ) -> u64 {
        assert!(self.is_available(), "the processor has no {self}");
        match self {
            Kernel::Portable => sums::gate_values(start, columns, picked),
            #[cfg(target_arch = "x86_64")]
            // SAFETY: the processor has AVX2, as was checked above.
            Kernel::Avx2 => unsafe { gate_values_avx2(start, columns, picked) },
            #[cfg(target_arch = "x86_64")]
            // SAFETY: the processor has AVX-512 and VBMI2, as was checked above.
            Kernel::Avx512 => unsafe { gate_values_avx512(start, columns, picked) },
            #[cfg(not(target_arch = "x86_64"))]
            _ => unreachable!("the kernel is available"),
        }
    }

    /// Adds the rounded weights of the inputs that are 1 to the partial sums of each class; see
    /// [`weights`].
    pub(crate) fn add_weights(
        self,
        sums: &mut [[i32; PARTS]],
        sample: &[u64],
        weights: &[WordWeights],
    ) {
        assert!(self.is_available(), "the processor has no {self}");
        match self {
            Kernel::Portable => weights::add_weights_portable(sums, sample, weights),
            #[cfg(target_arch = "x86_64")]
            // SAFETY: the processor has AVX2, as was checked above.
            Kernel::Avx2 => unsafe { add_weights_avx2(sums, sample, weights) },
            #[cfg(target_arch = "x86_64")]
            // SAFETY: the processor has AVX-512 and VBMI2, as was checked above.
            Kernel::Avx512 => unsafe { add_weights_avx512(sums, sample, weights) },
            #[cfg(not(target_arch = "x86_64"))]
            _ => unreachable!("the kernel is available"),
        }
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn look_up_avx2(block: &[u64], tables: &[[GroupTable; GROUPS]], sums: &mut [u64]) {
    // SAFETY: the function has AVX2.
    unsafe { shuffles::add_look_ups::<__m256i>(block, tables, sums) }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi2")]
fn look_up_avx512(block: &[u64], tables: &[[GroupTable; GROUPS]], sums: &mut [u64]) {
    // SAFETY: the function has AVX-512 and VBMI2.
    unsafe { shuffles::add_look_ups::<__m512i>(block, tables, sums) }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn gate_values_avx2<T: Weight>(start: &[T; GATES], columns: &[[T; GATES]], picked: &[u32]) -> u64 {
    sums::gate_values(start, columns, picked)
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512vbmi2")]
fn gate_values_avx512<T: Weight>(
    start: &[T; GATES],
    columns: &[[T; GATES]],
    picked: &[u32],
) -> u64 {
    sums::gate_values(start, columns, picked)
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn add_weights_avx2(sums: &mut [[i32; PARTS]], sample: &[u64], weights: &[WordWeights]) {
    // SAFETY: the function has AVX2.
    unsafe { weights::add_weights::<__m256i>(sums, sample, weights) }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512bw,avx512vbmi2")]
fn add_weights_avx512(sums: &mut [[i32; PARTS]], sample: &[u64], weights: &[WordWeights]) {
    // SAFETY: the function has AVX-512 and VBMI2.
    unsafe { weights::add_weights::<__m512i>(sums, sample, weights) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_transposed() {
        for kernel in Kernel::ALL.into_iter().filter(|kernel| kernel.is_available()) {
            let words = kernel.slice_words();
            let before: Vec<u64> = (1..=64 * words as u64)
                .map(|n| n.wrapping_pow(7).wrapping_mul(0x9e37_79b9_7f4a_7c15))
                .collect();
            let mut after = before.clone();
            kernel.transpose(&mut after, words);
            let bit = |block: &[u64], row: usize, column: usize, bit: usize| {
                block[row * words + column] >> bit & 1
            };
            for (row, column, col) in
                (0..64 * words * 64).map(|n| (n % 64, n / 64 % words, n / 64 / words))
            {
                assert_eq!(
                    bit(&before, row, column, col),
                    bit(&after, col, column, row),
                    "{kernel}"
                );
            }
        }
    }
}
