//! The labs' state, as plain structs: what a screen shows is derived from them, and nothing else.
//!
//! A lab that a link can restore has `encode` and `decode`, for the part of the address after `?`.

pub mod backprop;
pub mod bench;
pub mod between;
pub mod challenges;
pub mod code;
pub mod diagram;
pub mod formula;
pub mod function;
pub mod gates;
pub mod handles;
pub mod highlight;
pub mod history;
pub mod home;
pub mod keys;
pub mod notation;
pub mod notebook;
pub mod numbers;
pub mod parameters;
pub mod path;
pub mod plane;
pub mod play;
pub mod printout;
pub mod share;
pub mod stories;
pub mod train;
pub mod trainer;
pub mod writing;
