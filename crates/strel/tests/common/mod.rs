//! What tests of the command line share.

// Each test is a program of its own that uses a part of this.
#![allow(dead_code)]

pub mod program;
pub mod small;
pub mod tree;
