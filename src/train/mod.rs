//! Training: what to train, the loop, and what is measured on the way.
//!
//! [`Trainer`] is a loop turned inside out: each [`advance`](Trainer::advance) does one step or measures one
//! batch, so whoever drives it can pause, stop and listen in between. The arithmetic sits behind [`Engine`],
//! and is done by a [`Team`] of one or more.

mod alike;
pub mod checkpoint;
mod config;
mod engine;
pub mod estimate;
mod first_layer;
mod gradient_check;
mod input;
pub mod loss_line;
pub mod model;
mod order;
pub mod plane;
mod prediction;
mod pytorch;
mod regression;
mod report;
mod rows;
pub mod scale;
mod schedule;
mod selection;
mod subset;
mod team;
mod trainer;

pub use alike::{Alike, alike};
pub use checkpoint::{Checkpoint, CheckpointError, CheckpointHead};
pub use config::{Config, ConfigError, Field, MAX_WORKERS};
pub use engine::{Engine, LocalEngine, TeamEngine, serve};
pub use first_layer::WeightImage;
pub use gradient_check::{CheckedEntry, GradientCheck, MAX_PARAMETERS, NOISE, layer_tolerance};
pub use input::Input;
pub use order::Part;
pub use prediction::{Prediction, predict};
pub use pytorch::pytorch_script;
pub use regression::{FitProblem, FittedNet, Regression};
pub use report::{LayerActivity, Mistake, Report, Reporting};
pub(crate) use rows::Rows;
pub use schedule::Schedule;
pub use selection::{Selection, Validation};
pub use subset::Subset;
pub use team::{Lost, Solo, Team, block, board_len};
pub use trainer::{Advance, EpochRecord, RateChange, Trainer};
