//! Data sets of this machine, which are not in the repository.

use std::fs;
use std::path::{Path, PathBuf};

/// The folder of a data set, if it is there.
pub fn folder(set: &str) -> Option<PathBuf> {
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let data = std::env::var_os("STREL_DATA_DIR").map_or(shared, PathBuf::from);
    fs::canonicalize(data.join(set)).ok()
}
