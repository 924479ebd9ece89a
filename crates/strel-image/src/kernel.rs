//! The instruction sets that the engine knows, and the choice between them at run time.
//!
//! The algorithms are written once, over a [`vector::Vector`] of words; what an instruction set adds
//! is an implementation of that trait and two thin wrappers here.

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
mod avx512;
mod bytes;
mod columns;
#[cfg_attr(not(target_arch = "x86_64"), allow(unused, reason = "only vectors weigh"))]
mod dense;
mod gate;
mod join;
mod part;
mod sets;
#[cfg_attr(not(target_arch = "x86_64"), allow(unused, reason = "only vectors weigh"))]
mod shuffles;
mod source;
mod sums;
mod transpose;
#[cfg_attr(not(target_arch = "x86_64"), allow(unused, reason = "only vectors weigh"))]
mod vector;
#[cfg_attr(not(target_arch = "x86_64"), allow(unused, reason = "only vectors weigh"))]
mod weights;

#[cfg(target_arch = "x86_64")]
use std::arch::x86_64::{__m256i, __m512i};
use std::fmt;
use std::str::FromStr;

use crate::ImageError;

pub(crate) use gate::{Addend, MAX_LEVELS};
pub(crate) use join::{Rule, Target};
pub(crate) use sets::{Literal, PlaneSets};
pub(crate) use shuffles::{GROUPS, GroupTable, MOST_WORDS, SUMS};
pub(crate) use source::{MAX_ROWS, MAX_RUN_ROWS, Read, Source};
pub(crate) use sums::{GATES, Weight};
pub(crate) use weights::{LANES, PARTS, WordWeights};

/// The instructions that the operators run with. Results never depend on it.
///
/// ```
/// use strel_image::Kernel;
///
/// assert_eq!("avx2".parse(), Ok(Kernel::Avx2));
/// assert!(Kernel::Portable.is_available() && Kernel::best().is_available());
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kernel {
    /// Words of 64 bits, for every processor.
    Portable,
    /// 256 bits at a time.
    Avx2,
    /// 512 bits at a time, with the funnel shifts of VBMI2.
    Avx512,
}

impl Kernel {
    /// Every kernel, from the slowest to the fastest.
    pub const ALL: [Kernel; 3] = [Kernel::Portable, Kernel::Avx2, Kernel::Avx512];

    /// The environment variable that forces a kernel.
    pub const VARIABLE: &str = "STREL_KERNEL";

    const NAMES: &str = "portable, avx2, avx512";

    /// Whether this processor has the instructions.
    pub fn is_available(self) -> bool {
        match self {
            Kernel::Portable => true,
            #[cfg(target_arch = "x86_64")]
            Kernel::Avx2 => is_x86_feature_detected!("avx2"),
            #[cfg(target_arch = "x86_64")]
            Kernel::Avx512 => {
                is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512vbmi2")
            }
            #[cfg(not(target_arch = "x86_64"))]
            _ => false,
        }
    }

    /// The fastest kernel that this processor has.
    pub fn best() -> Self {
        let available = Kernel::ALL.into_iter().rfind(|kernel| kernel.is_available());
        available.unwrap_or(Kernel::Portable)
    }

    /// The kernel that `STREL_KERNEL` names, or the best one where it is not set.
    ///
    /// # Errors
    /// [`ImageError::UnknownKernel`], [`ImageError::KernelUnavailable`].
    pub fn from_environment() -> Result<Self, ImageError> {
        match std::env::var_os(Kernel::VARIABLE) {
            Some(name) => name.to_string_lossy().parse::<Kernel>()?.checked(),
            None => Ok(Kernel::best()),
        }
    }

    /// This kernel.
    ///
    /// # Errors
    /// [`ImageError::KernelUnavailable`] where the processor lacks the instructions.
    pub(crate) fn checked(self) -> Result<Self, ImageError> {
        if self.is_available() { Ok(self) } else { Err(ImageError::KernelUnavailable(self)) }
    }

    /// Writes into each word of the target the join of the sources' words at its place.
    pub(crate) fn join(self, rule: Rule, target: Target, sources: &[Source]) {
        assert!(self.is_available(), "the processor has no {self}");
        match self {
            // SAFETY: words of 64 bits need no instruction set.
            Kernel::Portable => unsafe { join::join::<u64>(rule, target, sources) },
            #[cfg(target_arch = "x86_64")]
            // SAFETY: the processor has AVX2, as was checked above.
            Kernel::Avx2 => unsafe { join_avx2(rule, target, sources) },
            #[cfg(target_arch = "x86_64")]
            // SAFETY: the processor has AVX-512 and VBMI2, as was checked above.
            Kernel::Avx512 => unsafe { join_avx512(rule, target, sources) },
            #[cfg(not(target_arch = "x86_64"))]
            _ => unreachable!("the kernel is available"),
        }
    }

    /// Writes 1 into each bit of the target at which the count of the addends reaches `at_least`;
    /// neither the limit nor any count has more than `levels` bits.
    pub(crate) fn gate(self, target: &mut [u64], addends: &[Addend], levels: usize, at_least: u64) {
        assert!(self.is_available(), "the processor has no {self}");
        match self {
            // SAFETY: words of 64 bits need no instruction set.
            Kernel::Portable => unsafe { gate::gate::<u64>(target, addends, levels, at_least) },
            #[cfg(target_arch = "x86_64")]
            // SAFETY: the processor has AVX2, as was checked above.
            Kernel::Avx2 => unsafe { gate_avx2(target, addends, levels, at_least) },
            #[cfg(target_arch = "x86_64")]
            // SAFETY: the processor has AVX-512 and VBMI2, as was checked above.
            Kernel::Avx512 => unsafe { gate_avx512(target, addends, levels, at_least) },
            #[cfg(not(target_arch = "x86_64"))]
            _ => unreachable!("the kernel is available"),
        }
    }

    /// Bit k of the words is whether byte k is not 0; bits past the bytes are zeros.
    pub(crate) fn pack(self, words: &mut [u64], bytes: &[u8]) {
        assert!(self.is_available(), "the processor has no {self}");
        match self {
            #[cfg(target_arch = "x86_64")]
            // SAFETY: the processor has AVX2: AVX-512 includes it.
            Kernel::Avx2 | Kernel::Avx512 => unsafe { bytes::pack_avx2(words, bytes) },
            _ => bytes::pack(words, bytes),
        }
    }

    /// Byte k is `one` where bit k of the words is 1, else 0.
    pub(crate) fn unpack(self, words: &[u64], one: u8, bytes: &mut [u8]) {
        assert!(self.is_available(), "the processor has no {self}");
        match self {
            #[cfg(target_arch = "x86_64")]
            // SAFETY: the processor has AVX2: AVX-512 includes it.
            Kernel::Avx2 | Kernel::Avx512 => unsafe { bytes::unpack_avx2(words, one, bytes) },
            _ => bytes::unpack(words, one, bytes),
        }
    }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn join_avx2(rule: Rule, target: Target, sources: &[Source]) {
    // SAFETY: the function has AVX2.
    unsafe { join::join::<__m256i>(rule, target, sources) }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512vbmi2")]
fn join_avx512(rule: Rule, target: Target, sources: &[Source]) {
    // SAFETY: the function has AVX-512 and VBMI2.
    unsafe { join::join::<__m512i>(rule, target, sources) }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx2")]
fn gate_avx2(target: &mut [u64], addends: &[Addend], levels: usize, at_least: u64) {
    // SAFETY: the function has AVX2.
    unsafe { gate::gate::<__m256i>(target, addends, levels, at_least) }
}

#[cfg(target_arch = "x86_64")]
#[target_feature(enable = "avx512f,avx512vbmi2")]
fn gate_avx512(target: &mut [u64], addends: &[Addend], levels: usize, at_least: u64) {
    // SAFETY: the function has AVX-512 and VBMI2.
    unsafe { gate::gate::<__m512i>(target, addends, levels, at_least) }
}

impl fmt::Display for Kernel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Kernel::Portable => "portable",
            Kernel::Avx2 => "avx2",
            Kernel::Avx512 => "avx512",
        })
    }
}

impl FromStr for Kernel {
    type Err = ImageError;

    /// Reads a lower-case name; anything else is an [`ImageError::UnknownKernel`].
    fn from_str(name: &str) -> Result<Self, ImageError> {
        Kernel::ALL.into_iter().find(|kernel| kernel.to_string() == name).ok_or_else(|| {
            ImageError::UnknownKernel { expected: Kernel::NAMES, found: name.to_owned() }
        })
    }
}
