//! How the learning rate changes by itself in the course of a run: from epoch to epoch, never within one.

use serde::{Deserialize, Serialize};

/// What the learning rate is multiplied by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub enum Schedule {
    /// 1.
    #[default]
    Constant,
    /// `factor` to the power of the whole number of times that `every` epochs are done; PyTorch's `StepLR`.
    Step {
        /// Epochs, at least 1.
        every: usize,
        /// Above 0 and at most 1.
        factor: f32,
    },
    /// `(1 + cos(π · epochs done / all epochs)) / 2`: from 1 nearly to 0; PyTorch's `CosineAnnealingLR`, stepped once
    /// an epoch.
    Cosine,
}

impl Schedule {
    /// The multiplier in the epoch that begins after `done` of `epochs`.
    pub fn factor(self, done: usize, epochs: usize) -> f64 {
        match self {
            Self::Constant => 1.0,
            Self::Step { every, factor } => {
                f64::from(factor).powi(i32::try_from(done / every.max(1)).unwrap_or(i32::MAX))
            }
            Self::Cosine => (1.0 + (std::f64::consts::PI * done as f64 / epochs as f64).cos()) / 2.0,
        }
    }
}
