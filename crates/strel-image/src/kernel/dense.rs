//! The kernels of dense layers: the choice between the instruction sets at run time.

#[cfg(target_arch = "x86_64")]
use std::arch::x86_64::{__m256i, __m512i};

use super::shuffles::{GROUPS, GroupTable};
use super::{Kernel, PlaneSets, columns, rows, sets, shuffles, transpose};

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
    /// Sums up the rows of the inputs that are 1.
    rows::sum_rows,
        (rows: &[[i16; rows::CLASSES]], words: &[u64], sums: &mut [i32; rows::CLASSES])
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

    /// Whether the instructions look up bytes in tables, as `add_look_ups` needs.
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
        #[cfg(target_arch = "x86_64")]
        if self == Kernel::Avx512 {
            // SAFETY: the processor has AVX-512 and VBMI2, as was checked above.
            unsafe { look_up_avx512(block, tables, sums) }
        } else {
            // SAFETY: the processor has AVX2, as was checked above.
            unsafe { look_up_avx2(block, tables, sums) }
        }
        #[cfg(not(target_arch = "x86_64"))]
        let _ = (block, tables, sums);
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
