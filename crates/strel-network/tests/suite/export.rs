//! Exports against the network itself, by the tools that they are for.

mod c;
mod cases;
mod json;
mod onnx;
mod python;
mod tools;
mod verilog;
