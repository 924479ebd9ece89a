//! Networks for other programs and languages, each the same function as
//! [`Network::apply`](crate::Network::apply).
//!
//! | function | what becomes of a network |
//! |----------|---------------------------|
//! | [`to_c`] | a header and a source in C99 for packed images, without a library |
//! | [`to_onnx`] | an ONNX model of standard operators |
//! | [`to_python`] | a Python module that calls NumPy and SciPy |
//! | [`to_verilog`] | a Verilog module that takes a pixel a clock |
//! | [`to_json`] | its operators, with pictures, as JSON that [`from_json`] and network files read back |

mod c;
mod heads;
mod json;
mod names;
mod onnx;
mod python;
mod steps;
mod verilog;

pub use c::{CSource, WordSize, to_c};
pub(crate) use json::{OPERATORS_FORMAT, read_json};
pub use json::{OPERATORS_SCHEMA, from_json, to_json};
pub use onnx::to_onnx;
pub use python::to_python;
pub use verilog::to_verilog;
