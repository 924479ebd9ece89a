//! What tests of the command line share.

// Each test is a program of its own that uses a part of this.
#![allow(dead_code)]

pub mod digits;
pub mod pages;
pub mod program;
pub mod real_data;
#[path = "../../../strel-train/tests/common/shapes.rs"]
pub mod shapes;
pub mod small;
pub mod tree;
