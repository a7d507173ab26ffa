//! Parts that screens share.

mod field;
mod parameter;
mod plot;

pub(super) use field::{Answer, NumberField};
pub(super) use parameter::Parameter;
pub(super) use plot::{Hover, Plot};
