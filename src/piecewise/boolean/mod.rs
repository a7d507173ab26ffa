//! Boolean functions as ReLU networks: read an expression, make its truth table, compile it to a network.

mod compile;
mod expression;

pub use compile::{Encoding, Form, compile, wrong_rows};
pub use expression::{Expression, Formula, MAX_VARIABLES, ParseError};
