//! Layers that learn sets.

mod flat;
mod memberships;
mod windows;

pub use flat::Sets;
pub use memberships::Memberships;
pub use windows::WindowSets;
