//! One file a command.

pub mod apply;
pub mod bench;
pub mod binarize;
pub mod certify;
mod classes;
pub mod completions;
pub mod data;
pub mod eval;
pub mod export;
pub mod fetch;
pub mod man;
pub mod morph;
pub mod polish;
pub mod reproduce;
pub mod show;
mod stopwatch;
pub mod sweep;
pub mod train;
