//! The training loop, one piece of work at a time.

use ndarray::ArrayView2;
use rand::seq::SliceRandom;
use serde::{Deserialize, Serialize};

use super::engine::MEASURED_ROWS;
use super::gradient_check::{self, GradientCheck};
use super::{Config, Engine, LocalEngine};
use crate::data::normalise::normalise;
use crate::data::{Dataset, PIXELS, Purpose, Split, rng};

/// What is known after an epoch, or before the first (epoch 0).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EpochRecord {
    /// Epochs done.
    pub epoch: usize,
    /// Steps done.
    pub step: usize,
    /// Share of the training images classified correctly, 0–1, all measured with the weights of this moment.
    pub train_accuracy: f64,
    /// The same for the validation images, if there are any.
    pub validation_accuracy: Option<f64>,
}

/// What a call of [`Trainer::advance`] did.
#[derive(Clone, Debug, PartialEq)]
pub enum Advance {
    /// One step of SGD: the mean loss of its batch before it, and the images in it.
    Step {
        /// Mean cross-entropy.
        loss: f32,
        /// Batch size.
        images: usize,
    },
    /// Measured this many images.
    Measured {
        /// How many.
        images: usize,
    },
    /// Measured the last images of an epoch.
    Epoch(EpochRecord),
    /// All epochs are done.
    Finished,
    /// A loss or logit was no longer finite. The weights are again those of the record, the last good ones.
    Diverged {
        /// The step that found it, from 1.
        step: usize,
    },
}

enum Phase {
    /// Measuring from image `at`; `correct` so far, of the training set already if `train` is set.
    Measure {
        at: usize,
        correct: usize,
        train: Option<f64>,
    },
    /// Training from image `at` of the shuffled order.
    Steps {
        at: usize,
    },
    Done,
}

/// A run in progress.
pub struct Trainer<E = LocalEngine> {
    config: Config,
    engine: E,
    /// The order of the training images in this epoch.
    order: Vec<u32>,
    epoch: usize,
    step: usize,
    phase: Phase,
    /// Network input of a batch, rows×PIXELS.
    input: Vec<f32>,
    labels: Vec<u8>,
}

impl Trainer {
    /// A run with fresh weights. It begins by measuring them.
    pub fn new(config: Config) -> Self {
        let engine = LocalEngine::new(&config, &mut rng(config.seed, Purpose::Init, 0));
        Self::with_engine(config, engine)
    }
}

impl<E: Engine> Trainer<E> {
    /// A run on an engine of the config's shape.
    pub fn with_engine(config: Config, engine: E) -> Self {
        Self {
            config,
            engine,
            order: Vec::new(),
            epoch: 0,
            step: 0,
            phase: Phase::Measure { at: 0, correct: 0, train: None },
            input: Vec::new(),
            labels: Vec::new(),
        }
    }

    /// The settings.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// The engine.
    pub fn engine(&self) -> &E {
        &self.engine
    }

    /// Epochs done.
    pub fn epoch(&self) -> usize {
        self.epoch
    }

    /// Steps done.
    pub fn step(&self) -> usize {
        self.step
    }

    /// Images still to be trained on and to be measured until the end.
    pub fn images_left(&self, data: &Dataset) -> (usize, usize) {
        let (train, validation) = (data.train.len(), data.validation.len());
        let whole_epochs = self.config.epochs - self.epoch;
        match self.phase {
            Phase::Done => (0, 0),
            Phase::Steps { at } => (whole_epochs * train - at, whole_epochs * (train + validation)),
            Phase::Measure { at, train: measured, .. } => {
                let here = train + validation - at - if measured.is_some() { train } else { 0 };
                (whole_epochs * train, whole_epochs * (train + validation) + here)
            }
        }
    }

    /// Does the next piece of work: one step, or one batch of measuring. `data` must be the same every time.
    pub fn advance(&mut self, data: &Dataset) -> Advance {
        match self.phase {
            Phase::Done => Advance::Finished,
            Phase::Measure { at, correct, train } => self.measure(data, at, correct, train),
            Phase::Steps { at } => self.train_step(data, at),
        }
    }

    /// A check of the gradients as they are now, on the first images of the batch that comes next.
    pub fn check_gradients(&mut self, data: &Dataset) -> GradientCheck {
        let at = if let Phase::Steps { at } = self.phase { at } else { 0 };
        let count = gradient_check::IMAGES.min(data.train.len());
        let next = self.order.get(at..).unwrap_or_default().iter().map(|&index| index as usize);
        let any = 0..data.train.len();
        fill(&data.train, next.chain(any).take(count), &mut self.input, &mut self.labels);
        let seed = self.config.seed.wrapping_add(self.step as u64);
        GradientCheck::new(&mut self.engine, rows(&self.input), &self.labels, seed)
    }

    fn train_step(&mut self, data: &Dataset, at: usize) -> Advance {
        let end = (at + self.config.batch_size).min(self.order.len());
        let batch = self.order[at..end].iter().map(|&index| index as usize);
        fill(&data.train, batch, &mut self.input, &mut self.labels);
        let loss = self.engine.step(rows(&self.input), &self.labels, self.config.learning_rate);
        if !loss.is_finite() {
            return self.diverged(self.step + 1);
        }
        self.step += 1;
        self.phase = if end < self.order.len() {
            Phase::Steps { at: end }
        } else {
            self.epoch += 1;
            Phase::Measure { at: 0, correct: 0, train: None }
        };
        Advance::Step { loss, images: end - at }
    }

    fn measure(&mut self, data: &Dataset, at: usize, correct: usize, train: Option<f64>) -> Advance {
        let split = if train.is_none() { &data.train } else { &data.validation };
        let end = (at + MEASURED_ROWS).min(split.len());
        fill(split, at..end, &mut self.input, &mut self.labels);
        let logits = self.engine.logits(rows(&self.input));
        if logits.iter().any(|logit| !logit.is_finite()) {
            return self.diverged(self.step);
        }
        let right =
            logits.outer_iter().zip(&self.labels).filter(|(row, label)| argmax(row.iter()) == usize::from(**label));
        let correct = correct + right.count();
        if end < split.len() {
            self.phase = Phase::Measure { at: end, correct, train };
            return Advance::Measured { images: end - at };
        }
        let accuracy = correct as f64 / split.len() as f64;
        match train {
            None if !data.validation.is_empty() => {
                self.phase = Phase::Measure { at: 0, correct: 0, train: Some(accuracy) };
                Advance::Measured { images: end - at }
            }
            None => self.end_epoch(data, accuracy, None),
            Some(train_accuracy) => self.end_epoch(data, train_accuracy, Some(accuracy)),
        }
    }

    fn end_epoch(&mut self, data: &Dataset, train_accuracy: f64, validation_accuracy: Option<f64>) -> Advance {
        self.engine.keep();
        self.phase = if self.epoch == self.config.epochs {
            Phase::Done
        } else {
            self.order = (0..data.train.len() as u32).collect();
            self.order.shuffle(&mut rng(self.config.seed, Purpose::Shuffle, self.epoch as u64));
            Phase::Steps { at: 0 }
        };
        Advance::Epoch(EpochRecord { epoch: self.epoch, step: self.step, train_accuracy, validation_accuracy })
    }

    fn diverged(&mut self, step: usize) -> Advance {
        self.engine.restore();
        self.phase = Phase::Done;
        Advance::Diverged { step }
    }
}

fn fill(split: &Split, indices: impl Iterator<Item = usize>, input: &mut Vec<f32>, labels: &mut Vec<u8>) {
    labels.clear();
    let mut rows = 0;
    for index in indices {
        let (pixels, label) = split.get(index);
        if input.len() < (rows + 1) * PIXELS {
            input.resize((rows + 1) * PIXELS, 0.0);
        }
        normalise(pixels, &mut input[rows * PIXELS..][..PIXELS]);
        labels.push(label);
        rows += 1;
    }
    input.truncate(rows * PIXELS);
}

fn rows(input: &[f32]) -> ArrayView2<'_, f32> {
    ArrayView2::from_shape((input.len() / PIXELS, PIXELS), input).expect("whole rows")
}

/// The first index of the largest value.
fn argmax<'a>(values: impl Iterator<Item = &'a f32>) -> usize {
    let mut best = (0, f32::NEG_INFINITY);
    for (index, &value) in values.enumerate() {
        if value > best.1 {
            best = (index, value);
        }
    }
    best.0
}
