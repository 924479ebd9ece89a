//! How the process holds memory.

/// Keeps memory that was freed for whoever wants some next, until the process ends.
///
/// The C library of Linux gives large blocks back to the system, which hands them out again page by page, filled
/// with zeros: half of the time of a training whose tensors are large.
pub fn keep_freed_memory() {
    #[cfg(all(target_os = "linux", target_env = "gnu"))]
    for option in [libc::M_MMAP_THRESHOLD, libc::M_TRIM_THRESHOLD] {
        // SAFETY: no pointer is passed; a library that does not take the number leaves all as it was.
        unsafe { libc::mallopt(option, std::ffi::c_int::MAX) };
    }
}
