//! Networks for other programs and languages, each the same function as
//! [`Network::apply`](crate::Network::apply).
//!
//! | function | what becomes of a network |
//! |----------|---------------------------|
//! | [`to_json`] | its operators, with pictures, as JSON that [`from_json`] reads back |

mod json;

pub use json::{OPERATORS_SCHEMA, from_json, to_json};
