//! The vector instructions of the kernels.

use std::env;
use std::sync::LazyLock;

use pulp::Arch;
#[cfg(target_arch = "x86_64")]
use pulp::x86::{V3, V4};
use strel_image::Kernel;

/// The best ones of this processor; or, as of the packed engine, those that `STREL_KERNEL` names, since
/// others round sums in another order.
pub fn arch() -> Arch {
    static ARCH: LazyLock<Arch> = LazyLock::new(|| match env::var_os(Kernel::VARIABLE) {
        None => Arch::new(),
        // Programs refuse what is no kernel before they train.
        Some(_) => Kernel::from_environment().ok().and_then(of).unwrap_or_default(),
    });
    *ARCH
}

/// Those of a kernel, if the processor has them all.
fn of(kernel: Kernel) -> Option<Arch> {
    match kernel {
        Kernel::Portable => Some(Arch::Scalar),
        #[cfg(target_arch = "x86_64")]
        Kernel::Avx2 => V3::try_new().map(Arch::V3),
        #[cfg(target_arch = "x86_64")]
        Kernel::Avx512 => V4::try_new().map(Arch::V4),
        #[cfg(not(target_arch = "x86_64"))]
        _ => None,
    }
}

/// The instruction set that the kernels run on here, for reports: for example `AVX2 and FMA`.
pub fn instruction_set() -> String {
    let arch = format!("{:?}", arch());
    match arch.split('(').next().unwrap_or_default() {
        "V3" => "AVX2 and FMA".into(),
        "V4" => "AVX-512".into(),
        "Scalar" => "portable".into(),
        other => other.into(),
    }
}
