//! What tests of the command line share.

// Each test is a program of its own that uses a part of this.
#![allow(dead_code)]

pub mod digits;
pub mod pages;
pub mod program;
pub mod real_data;
pub mod small;
pub mod tree;
