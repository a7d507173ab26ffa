//! Parts that screens share.

mod challenges;
mod field;
mod matrix;
mod parameter;
mod plot;

pub(super) use challenges::Challenges;
pub(super) use field::{Answer, NumberField};
pub(super) use matrix::Matrix;
pub(super) use parameter::{CopyCode, CopyNet, ParameterGroups};
pub(super) use plot::{Hover, Plot, Spot};
