//! Training: what to train, the loop, and what is measured on the way.
//!
//! [`Trainer`] is a loop turned inside out: each [`advance`](Trainer::advance) does one step or measures one
//! batch, so whoever drives it can pause, stop and listen in between. The arithmetic sits behind [`Engine`],
//! and is done by a [`Team`] of one or more.

pub mod checkpoint;
mod config;
mod engine;
mod gradient_check;
mod order;
mod regression;
mod report;
mod rows;
pub mod safetensors;
mod schedule;
mod team;
mod trainer;

pub use checkpoint::{Checkpoint, CheckpointError};
pub use config::{Config, ConfigError, Field, MAX_WORKERS};
pub use engine::{Engine, LocalEngine, TeamEngine, serve};
pub use gradient_check::{CheckedEntry, GradientCheck, MAX_PARAMETERS, NOISE, layer_tolerance};
pub use order::Part;
pub use regression::{FitProblem, FittedNet, Regression};
pub use report::{LayerActivity, Mistake, Report, Reporting};
pub use schedule::Schedule;
pub use team::{Lost, Solo, Team, block, board_len};
pub use trainer::{Advance, EpochRecord, RateChange, Trainer};
