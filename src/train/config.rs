//! What a run is, complete: with the data, it determines every number.

use serde::{Deserialize, Serialize};

use crate::data::{CLASSES, PIXELS};
use crate::nn::Init;

/// Most memory that a run may ask for, of the 4 GiB that a browser gives a WebAssembly module.
const MAX_BYTES: u64 = 3 << 30;
const MAX_LAYERS: usize = 12;
const MAX_BATCH: usize = 8192;
const MAX_EPOCHS: usize = 10_000;

/// A run's settings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Config {
    /// Hidden widths from input to output; empty for a linear classifier.
    pub hidden: Vec<usize>,
    /// How the weights start.
    pub init: Init,
    /// Of plain SGD.
    pub learning_rate: f32,
    /// Images a step; the last step of an epoch takes what is left.
    pub batch_size: usize,
    /// Passes over the training images.
    pub epochs: usize,
    /// Of initial weights and shuffling.
    pub seed: u64,
}

/// A setting, as errors name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Field {
    /// `Config::hidden`
    Hidden,
    /// `Config::learning_rate`
    LearningRate,
    /// `Config::batch_size`
    BatchSize,
    /// `Config::epochs`
    Epochs,
    /// `Config::seed`
    Seed,
}

/// Why a run cannot start. Each message is a sentence that says what to change.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ConfigError {
    /// A layer without neurons.
    #[error("Hidden layer {0} has width 0. Give every layer at least one neuron.")]
    EmptyLayer(usize),
    /// Very deep.
    #[error("{0} hidden layers are too many. Give at most {MAX_LAYERS} widths.")]
    TooDeep(usize),
    /// More memory than there is.
    #[error(
        "This network needs about {gib:.1} GiB to train, data included, and a page has 3 GiB. Use narrower layers."
    )]
    TooLarge {
        /// Estimated need.
        gib: f64,
    },
    /// Zero, negative, or no number.
    #[error("The learning rate must be a number above 0, such as 0.15.")]
    LearningRate,
    /// Zero or huge.
    #[error("The batch size must be a whole number from 1 to {MAX_BATCH}.")]
    BatchSize,
    /// Zero or huge.
    #[error("The number of epochs must be a whole number from 1 to {MAX_EPOCHS}.")]
    Epochs,
}

impl Default for Config {
    /// The homework's settings, but for narrower layers, which a laptop trains in minutes, and He's
    /// initial weights, which start without the plateau.
    fn default() -> Self {
        Self { hidden: vec![512, 512], init: Init::He, learning_rate: 0.15, batch_size: 256, epochs: 30, seed: 1 }
    }
}

impl ConfigError {
    /// The setting to change.
    pub fn field(&self) -> Field {
        match self {
            Self::EmptyLayer(_) | Self::TooDeep(_) | Self::TooLarge { .. } => Field::Hidden,
            Self::LearningRate => Field::LearningRate,
            Self::BatchSize => Field::BatchSize,
            Self::Epochs => Field::Epochs,
        }
    }
}

impl Config {
    /// Checks that a run with these settings can start beside data of this many bytes.
    ///
    /// # Errors
    /// The first setting that does not do.
    pub fn check(&self, data_bytes: u64) -> Result<(), ConfigError> {
        if let Some(layer) = self.hidden.iter().position(|&width| width == 0) {
            return Err(ConfigError::EmptyLayer(layer + 1));
        }
        if self.hidden.len() > MAX_LAYERS {
            return Err(ConfigError::TooDeep(self.hidden.len()));
        }
        if !(self.learning_rate.is_finite() && self.learning_rate > 0.0) {
            return Err(ConfigError::LearningRate);
        }
        if !(1..=MAX_BATCH).contains(&self.batch_size) {
            return Err(ConfigError::BatchSize);
        }
        if !(1..=MAX_EPOCHS).contains(&self.epochs) {
            return Err(ConfigError::Epochs);
        }
        let bytes = self.bytes().saturating_add(data_bytes);
        if bytes > MAX_BYTES {
            return Err(ConfigError::TooLarge { gib: bytes as f64 / f64::from(1 << 30) });
        }
        Ok(())
    }

    /// Inputs, hidden widths, outputs.
    pub fn widths(&self) -> Vec<usize> {
        [&[PIXELS][..], &self.hidden, &[CLASSES]].concat()
    }

    /// Weights and biases.
    pub fn parameters(&self) -> u64 {
        self.widths()
            .windows(2)
            .map(|pair| (pair[0] as u64).saturating_add(1).saturating_mul(pair[1] as u64))
            .fold(0, u64::saturating_add)
    }

    /// Memory that a run holds: weights, gradients and the last good weights; activations and their gradients.
    pub fn bytes(&self) -> u64 {
        let widths: u64 = self.widths().iter().map(|&width| width as u64).fold(0, u64::saturating_add);
        let activations = widths.saturating_mul(2 * self.batch_size.max(super::engine::MEASURED_ROWS) as u64);
        self.parameters().saturating_mul(3).saturating_add(activations).saturating_mul(4)
    }
}
