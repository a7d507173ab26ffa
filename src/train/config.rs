//! What a run is, complete: with the data, it determines every number.

use serde::{Deserialize, Serialize};

use super::checkpoint::MAX_CHECKPOINT;
use super::team::most_rows;
use super::{Schedule, Selection, Subset, selection};
use crate::data::augment::{Augment, MAX_PADDING};
use crate::data::{CLASSES, Dataset, PIXELS};
use crate::nn::Init;

/// Most members of a team.
pub const MAX_WORKERS: usize = 16;

/// Most memory that a run may ask for, of the 4 GiB that a browser gives a WebAssembly module.
const MAX_BYTES: u64 = 3 << 30;
/// What a worker needs for nothing in particular: stack, code's data, packed blocks of matrices.
const WORKER_BYTES: u64 = 6 << 20;
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
    /// Of SGD, before the schedule.
    pub learning_rate: f32,
    /// Images a step; the last step of an epoch takes what is left.
    pub batch_size: usize,
    /// Passes over the training images.
    pub epochs: usize,
    /// Of initial weights, shuffling, augmentation and random labels.
    pub seed: u64,
    /// What is done to training images; their accuracy is measured on augmented ones then, as in the notebook.
    pub augment: Augment,
    /// Whether training labels are drawn at random, once for the run. Validation is not measured then.
    pub random_labels: bool,
    /// μ of `v ← μ·v + g`, `w ← w - rate·v`: from 0 to below 1; 0 is plain SGD.
    pub momentum: f32,
    /// λ of `g ← g + λ·w`, from 0 to 1; 0 is none.
    pub weight_decay: f32,
    /// How the learning rate changes by itself.
    pub schedule: Schedule,
    /// Which of the training images are used.
    pub subset: Subset,
    /// How many of those are held out to validate on, if the data have no images for that: 0, or fewer than there are.
    pub held_out: usize,
    /// Members of the team that trains it, 1 to [`MAX_WORKERS`]: they sum in another order for each number.
    pub workers: usize,
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
    /// `Config::augment`, its padding
    Padding,
    /// `Config::momentum`
    Momentum,
    /// `Config::weight_decay`
    WeightDecay,
    /// `Config::schedule`
    Schedule,
    /// `Config::subset`
    Subset,
    /// `Config::held_out`
    HeldOut,
    /// `Config::workers`
    Workers,
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
    /// Wider than is of use.
    #[error("The padding must be a whole number from 0 to {MAX_PADDING} pixels.")]
    Padding,
    /// Negative, 1 or more, or no number.
    #[error("The momentum must be a number from 0 to below 1, such as 0.9.")]
    Momentum,
    /// Negative, above 1, or no number.
    #[error("The weight decay must be a number from 0 to 1, such as 0.0005.")]
    WeightDecay,
    /// Steps of no epochs, or a factor that does not lower the rate.
    #[error(
        "The step schedule needs a whole number of epochs from 1 on, and a factor above 0 and at most 1, such as 0.1."
    )]
    Schedule,
    /// None, or too many.
    #[error("The number of workers must be a whole number from 1 to {MAX_WORKERS}.")]
    Workers,
    /// No images.
    #[error("The subset must have at least 1 training image.")]
    EmptySubset,
    /// More images than there are.
    #[error("The subset has {subset} images, but there are {images} to train on. Choose at most {images}.")]
    Subset {
        /// Asked for.
        subset: usize,
        /// There.
        images: usize,
    },
    /// A class with fewer images than are asked for of each.
    #[error(
        "The subset has {each} images of each class, but class {class} has only {images} to train on. Choose at most {images} per class, the first so many of all, or load more batches."
    )]
    PerClass {
        /// Asked for.
        each: usize,
        /// The class with the fewest.
        class: usize,
        /// There, of that class.
        images: usize,
    },
    /// Nothing would be left.
    #[error(
        "{held_out} images are to be held out of {images}, and at least 1 must be left to train on. Hold out fewer."
    )]
    HeldOut {
        /// Asked for.
        held_out: usize,
        /// Chosen.
        images: usize,
    },
    /// There is a validation split.
    #[error(
        "The data have {validation} images to validate on, so none of the training images need be held out. Hold out 0, or load the data without the test batch."
    )]
    HeldOutBeside {
        /// There.
        validation: usize,
    },
}

impl Default for Config {
    /// The homework's settings, but for narrower layers, which a laptop trains in minutes, and He's
    /// initial weights, which start without the plateau.
    fn default() -> Self {
        Self {
            hidden: vec![512, 512],
            init: Init::He,
            learning_rate: 0.15,
            batch_size: 256,
            epochs: 30,
            seed: 1,
            augment: Augment::default(),
            random_labels: false,
            momentum: 0.0,
            weight_decay: 0.0,
            schedule: Schedule::Constant,
            subset: Subset::All,
            held_out: 0,
            workers: 1,
        }
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
            Self::Padding => Field::Padding,
            Self::Momentum => Field::Momentum,
            Self::WeightDecay => Field::WeightDecay,
            Self::Schedule => Field::Schedule,
            Self::EmptySubset | Self::Subset { .. } | Self::PerClass { .. } => Field::Subset,
            Self::HeldOut { .. } | Self::HeldOutBeside { .. } => Field::HeldOut,
            Self::Workers => Field::Workers,
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
        check_learning_rate(self.learning_rate)?;
        if !(1..=MAX_BATCH).contains(&self.batch_size) {
            return Err(ConfigError::BatchSize);
        }
        if !(1..=MAX_EPOCHS).contains(&self.epochs) {
            return Err(ConfigError::Epochs);
        }
        self.check_extras()?;
        let bytes = self.bytes().saturating_add(data_bytes);
        if bytes > MAX_BYTES {
            return Err(ConfigError::TooLarge { gib: bytes as f64 / f64::from(1 << 30) });
        }
        Ok(())
    }

    /// Checks that a run with these settings can start on these data.
    ///
    /// # Errors
    /// The first setting that does not do.
    pub fn check_on(&self, data: &Dataset) -> Result<(), ConfigError> {
        self.check_beside(data)?;
        Selection::of(self, data).map(drop)
    }

    /// Checks that a run with these settings has room beside these data.
    pub(super) fn check_beside(&self, data: &Dataset) -> Result<(), ConfigError> {
        self.check(((data.train.len() + data.validation.len()) * PIXELS) as u64)
    }

    fn check_extras(&self) -> Result<(), ConfigError> {
        if self.augment.padding > MAX_PADDING {
            return Err(ConfigError::Padding);
        }
        if !(0.0..1.0).contains(&self.momentum) {
            return Err(ConfigError::Momentum);
        }
        if !(0.0..=1.0).contains(&self.weight_decay) {
            return Err(ConfigError::WeightDecay);
        }
        if let Schedule::Step { every, factor } = self.schedule
            && (every == 0 || !(factor > 0.0 && factor <= 1.0))
        {
            return Err(ConfigError::Schedule);
        }
        if matches!(self.subset, Subset::First(0) | Subset::PerClass(0)) {
            return Err(ConfigError::EmptySubset);
        }
        if !(1..=MAX_WORKERS).contains(&self.workers) {
            return Err(ConfigError::Workers);
        }
        Ok(())
    }

    /// Images of these data that an epoch trains on, and that are validated on.
    pub fn images(&self, data: &Dataset) -> (usize, usize) {
        selection::counts(self, data)
    }

    /// Steps of an epoch on these data.
    pub fn steps_per_epoch(&self, data: &Dataset) -> usize {
        self.images(data).0.div_ceil(self.batch_size)
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

    /// Memory that a run holds, of all workers together: weights, the last good weights, and with momentum its
    /// velocities; activations, gradients by them, batches, what the workers show each other, and checkpoints on their way.
    pub fn bytes(&self) -> u64 {
        let widths = self.widths();
        let (inputs, outputs) = (widths[0] as u64, widths[1..].iter().map(|&width| width as u64));
        let (all, widest) = (outputs.clone().fold(0, u64::saturating_add), outputs.max().unwrap_or(0));
        let (rows, workers) = (most_rows(self) as u64, self.workers as u64);
        // Each worker has its batch, as bytes, and all activations; of the widest layer all have two gradients together.
        // (Small layers, of which every worker has a copy, are not worth counting.)
        let batch = inputs / 4;
        let mut numbers = workers.saturating_mul(all.saturating_add(batch)).saturating_add(widest.saturating_mul(2));
        if workers > 1 {
            // What is passed on, and the board's two halves.
            numbers = numbers.saturating_add(widest).saturating_add(widest.max(inputs + 1).saturating_mul(2));
        }
        let copies = if self.momentum > 0.0 { 3 } else { 2 };
        let numbers = numbers.saturating_mul(rows).saturating_add(self.parameters().saturating_mul(copies));
        // A checkpoint stands in memory twice while it is made: collected, and as bytes.
        let checkpoint = self.parameters().saturating_mul(4 * (copies - 1));
        let made = if checkpoint <= MAX_CHECKPOINT as u64 { 2 * checkpoint } else { 0 };
        numbers.saturating_mul(4).saturating_add(made).saturating_add(workers.saturating_mul(WORKER_BYTES))
    }
}

/// Whether it is a learning rate.
pub(super) fn check_learning_rate(rate: f32) -> Result<(), ConfigError> {
    if rate.is_finite() && rate > 0.0 { Ok(()) } else { Err(ConfigError::LearningRate) }
}
