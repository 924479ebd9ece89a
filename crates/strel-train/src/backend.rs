//! Where tensors live.

use burn::tensor::Device;
use serde::{Deserialize, Serialize};

/// Where a network learns. On the CPU there are fused kernels; elsewhere Burn's own operations do the same,
/// to other roundings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Backend {
    /// The processor.
    #[default]
    Cpu,
    /// The first GPU of CUDA; of a program built with the feature `cuda`.
    Cuda,
    /// The GPU that wgpu chooses; of a program built with the feature `wgpu`.
    Wgpu,
}

impl Backend {
    /// The device, without gradients.
    ///
    /// # Errors
    /// The program was built without this backend; the text says how to build it.
    ///
    /// ```
    /// use strel_train::backend::Backend;
    ///
    /// assert!(Backend::Cpu.device().is_ok());
    /// ```
    pub fn device(self) -> Result<Device, String> {
        match self {
            Backend::Cpu => Ok(Device::flex()),
            #[cfg(feature = "cuda")]
            Backend::Cuda => Ok(Device::cuda(0)),
            #[cfg(feature = "wgpu")]
            Backend::Wgpu => Ok(Device::wgpu(burn::tensor::DeviceKind::DefaultDevice)),
            #[cfg(not(feature = "cuda"))]
            Backend::Cuda => Err(missing("cuda")),
            #[cfg(not(feature = "wgpu"))]
            Backend::Wgpu => Err(missing("wgpu")),
        }
    }
}

#[cfg(not(all(feature = "cuda", feature = "wgpu")))]
fn missing(name: &str) -> String {
    format!(
        "`backend` is {name}; expected cpu: this program was built without it, as by `cargo build \
         --release -p strel --features {name}`"
    )
}
