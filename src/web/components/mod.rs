//! Parts that screens share.

mod announce;
mod canvas;
mod challenges;
mod exact;
mod field;
mod frames;
mod head;
mod held;
mod link;
mod matrix;
mod note;
mod parameter;
mod pinch;
mod plot;
mod readout;
mod select;
mod slices;
mod tools;
mod undo;

pub(super) use announce::Announce;
pub(super) use challenges::{Challenges, solved};
pub(super) use exact::ExactToggle;
pub(super) use field::{Answer, NumberField};
pub(super) use frames::Latest;
pub(super) use head::Head;
use link::CopyLink;
pub(super) use matrix::Matrix;
pub(super) use note::Note;
pub(super) use parameter::{CopyCode, CopyNet, Moves, ParameterGroups};
pub(super) use plot::{Hover, Motion, Plot};
pub(super) use readout::{Readout, Row};
pub(super) use select::{Options, Select, number_options};
pub(super) use slices::{Slices, at_once};
pub(super) use tools::Tools;
use undo::Undo;
