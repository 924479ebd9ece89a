//! What a process holds in memory.

use std::fs;

/// The most memory that this process has held so far, in bytes, where the system tells.
pub fn peak() -> Option<u64> {
    field("VmHWM:")
}

/// What it holds now.
pub fn now() -> Option<u64> {
    field("VmRSS:")
}

fn field(name: &str) -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let value = status.lines().find_map(|line| line.strip_prefix(name))?;
    let kilobytes: u64 = value.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(1024 * kilobytes)
}
