//! Exports against the network itself, by the tools that they are for.

mod json;
mod tools;
