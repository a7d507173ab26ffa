//! The training loop, one piece of work at a time.

use rand::seq::SliceRandom;
use serde::{Deserialize, Serialize};

use super::checkpoint::{Checkpoint, DataPrint};
use super::config::check_learning_rate;
use super::gradient_check::{self, GradientCheck};
use super::rows::Rows;
use super::team::MEASURED_ROWS;
use super::{Config, ConfigError, Engine, LocalEngine, Lost, Selection, Solo, Team, TeamEngine};
use crate::data::augment::Choices;
use crate::data::{Dataset, Purpose, rng};
use crate::nn::Mlp;

/// What is known after an epoch, or before the first (epoch 0).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EpochRecord {
    /// Epochs done.
    pub epoch: usize,
    /// Steps done.
    pub step: usize,
    /// Share of the training images classified correctly, 0–1, all measured with the weights of this moment; of
    /// augmented ones, if there is augmentation.
    pub train_accuracy: f64,
    /// The same for the validation images, if there are any.
    pub validation_accuracy: Option<f64>,
}

/// A learning rate that was set while the run went on.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct RateChange {
    /// Steps done before the first step with it.
    pub step: usize,
    /// In place of the config's, before the schedule.
    pub learning_rate: f32,
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
    /// A member of the team is lost, and with it the run.
    Lost,
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
    /// Empty until the data are seen.
    selection: Selection,
    /// The order of the selected training images in this epoch, as places in the selection.
    order: Vec<u32>,
    /// How the training images of this phase are augmented, if they are.
    choices: Option<Choices>,
    epoch: usize,
    phase: Phase,
    /// By rising step; some may be planned.
    rate_changes: Vec<RateChange>,
    /// Of each step done.
    losses: Vec<f32>,
    /// Of epochs 0 to `epoch`; the last is missing while it is measured.
    records: Vec<EpochRecord>,
    /// Known from the first piece of work on.
    data_print: Option<DataPrint>,
    /// Whether it began with given weights, not with those that the config draws.
    began_elsewhere: bool,
    /// Of work, as far as its owner has told.
    seconds: f64,
    rows: Rows,
}

impl Trainer {
    /// A run with fresh weights in this thread. It begins by measuring them.
    pub fn new(config: Config) -> Self {
        Self::on(Solo, config).expect("nobody to lose")
    }

    /// A run in this thread that goes on from a checkpoint; see [`resume_on`](Self::resume_on).
    pub fn resume(checkpoint: Checkpoint) -> Self {
        Self::resume_on(Solo, checkpoint).expect("nobody to lose")
    }
}

impl<T: Team> Trainer<TeamEngine<T>> {
    /// A run of a team with fresh weights. It begins by measuring them.
    ///
    /// # Errors
    /// If a member is lost already.
    pub fn on(team: T, config: Config) -> Result<Self, Lost> {
        let engine = TeamEngine::new(team, &config)?;
        Ok(Self::with_engine(config, engine))
    }

    /// A run of a team that begins with these weights, of the config's shape. It begins by measuring them.
    ///
    /// # Errors
    /// If a member is lost already.
    pub fn from_net_on(team: T, config: Config, net: Mlp<f32>) -> Result<Self, Lost> {
        let engine = TeamEngine::resumed(team, &config, net, None)?;
        Ok(Self { began_elsewhere: true, ..Self::with_engine(config, engine) })
    }

    /// A run that goes on from a checkpoint, with the numbers that it would have had without a break. The data must
    /// be those of before: call [`Checkpoint::check_on`] first. The team must have as many members as the config says.
    ///
    /// # Errors
    /// If a member is lost already.
    pub fn resume_on(team: T, checkpoint: Checkpoint) -> Result<Self, Lost> {
        let Checkpoint { about, losses, net, velocity } = checkpoint;
        let engine = TeamEngine::resumed(team, &about.config, net, velocity)?;
        let mut trainer = Self::with_engine(about.config, engine);
        trainer.epoch = about.records.len().saturating_sub(1);
        trainer.records = about.records;
        trainer.losses = losses;
        trainer.rate_changes = about.rate_changes;
        trainer.data_print = Some(about.data);
        trainer.began_elsewhere = about.began_elsewhere;
        trainer.seconds = about.seconds;
        trainer.begin_steps(about.data.train());
        Ok(trainer)
    }
}

impl<E: Engine> Trainer<E> {
    /// A run on an engine of the config's shape.
    pub fn with_engine(config: Config, engine: E) -> Self {
        let mut trainer = Self {
            config,
            engine,
            selection: Selection::default(),
            order: Vec::new(),
            choices: None,
            epoch: 0,
            phase: Phase::Done,
            rate_changes: Vec::new(),
            losses: Vec::new(),
            records: Vec::new(),
            data_print: None,
            began_elsewhere: false,
            seconds: 0.0,
            rows: Rows::default(),
        };
        trainer.begin_measuring();
        trainer
    }

    /// The settings.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// The engine.
    pub fn engine(&mut self) -> &mut E {
        &mut self.engine
    }

    pub(super) fn losses_and_engine(&mut self) -> (&[f32], &mut E) {
        (&self.losses, &mut self.engine)
    }

    /// Epochs done.
    pub fn epoch(&self) -> usize {
        self.epoch
    }

    /// Steps done.
    pub fn step(&self) -> usize {
        self.losses.len()
    }

    /// The loss of each step done.
    pub fn losses(&self) -> &[f32] {
        &self.losses
    }

    /// What the epochs found, from epoch 0.
    pub fn records(&self) -> &[EpochRecord] {
        &self.records
    }

    /// Seconds of work, as last told, of before a checkpoint too.
    pub fn seconds(&self) -> f64 {
        self.seconds
    }

    /// Tells how long the run has worked, for its checkpoints; it has no clock.
    pub fn set_seconds(&mut self, seconds: f64) {
        self.seconds = seconds;
    }

    /// Whether it began with given weights, not with those that the config draws.
    pub fn began_elsewhere(&self) -> bool {
        self.began_elsewhere
    }

    /// The learning rates that were set, or are planned, by rising step.
    pub fn rate_changes(&self) -> &[RateChange] {
        &self.rate_changes
    }

    /// The learning rate of the next step, by schedule.
    pub fn learning_rate(&self) -> f32 {
        let set = self.rate_changes.iter().take_while(|change| change.step <= self.step()).last();
        let base = set.map_or(self.config.learning_rate, |change| change.learning_rate);
        (f64::from(base) * self.config.schedule.factor(self.epoch, self.config.epochs)) as f32
    }

    /// Sets the learning rate from the next step on, before the schedule; what was planned for later is dropped.
    ///
    /// # Errors
    /// If it is no number above 0.
    pub fn set_learning_rate(&mut self, learning_rate: f32) -> Result<RateChange, ConfigError> {
        check_learning_rate(learning_rate)?;
        let change = RateChange { step: self.step(), learning_rate };
        self.rate_changes.retain(|earlier| earlier.step < change.step);
        self.rate_changes.push(change);
        Ok(change)
    }

    /// Plans learning rates, as recorded in an earlier run, so that this one repeats it. Those for steps that are
    /// done already are left out.
    ///
    /// # Errors
    /// If one is no number above 0.
    pub fn plan_learning_rates(&mut self, changes: &[RateChange]) -> Result<(), ConfigError> {
        changes.iter().try_for_each(|change| check_learning_rate(change.learning_rate))?;
        let now = self.step();
        for &change in changes.iter().filter(|change| change.step >= now) {
            self.rate_changes.retain(|planned| planned.step != change.step);
            self.rate_changes.push(change);
        }
        self.rate_changes.sort_by_key(|change| change.step);
        Ok(())
    }

    /// Images still to be trained on and to be measured until the end.
    pub fn images_left(&self, data: &Dataset) -> (usize, usize) {
        let (train, validation) = self.config.images(data);
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

    /// The run's images: made at the first call, and kept.
    ///
    /// # Panics
    /// If [`Config::check_on`] refuses the data.
    pub fn selection(&mut self, data: &Dataset) -> &Selection {
        if self.selection.train().is_empty() {
            self.selection = Selection::of(&self.config, data).expect("checked before the start");
        }
        &self.selection
    }

    /// Does the next piece of work: one step, or one batch of measuring. `data` must be the same every time.
    ///
    /// # Panics
    /// If [`Config::check_on`] refuses the data.
    pub fn advance(&mut self, data: &Dataset) -> Advance {
        self.selection(data);
        if self.data_print.is_none() {
            self.data_print = Some(DataPrint::of(&self.selection, data));
        }
        let advance = match self.phase {
            Phase::Done => Ok(Advance::Finished),
            Phase::Measure { at, correct, train } => self.measure(data, at, correct, train),
            Phase::Steps { at } => self.train_step(data, at),
        };
        advance.unwrap_or_else(|Lost| {
            self.phase = Phase::Done;
            Advance::Lost
        })
    }

    /// Whether the last epoch is measured and no step of the next is done, nor has failed.
    pub(super) fn is_between_epochs(&self) -> bool {
        let is_measured = self.records.len() == self.epoch + 1;
        let has_diverged = matches!(self.phase, Phase::Done) && self.epoch < self.config.epochs;
        is_measured && !has_diverged && self.records.last().is_some_and(|record| record.step == self.step())
    }

    /// By what the data are known again, once they were seen.
    pub(super) fn data_print(&self) -> Option<DataPrint> {
        self.data_print
    }

    /// A check of the gradients as they are now, on the first images of the batch that comes next.
    ///
    /// # Errors
    /// If a member of the team is lost.
    pub fn check_gradients(&mut self, data: &Dataset) -> Result<GradientCheck, Lost> {
        let images = self.selection(data).train().len();
        let at = if let Phase::Steps { at } = self.phase { at } else { 0 };
        let next = self.order.get(at..).unwrap_or_default().iter().copied();
        let places = next.chain(0..images as u32).take(gradient_check::IMAGES.min(images));
        let indices = places.map(|place| self.selection.train()[place as usize] as usize);
        self.rows.fill_training(&self.config, &data.train, indices, self.choices.clone().as_mut());
        let seed = self.config.seed.wrapping_add(self.step() as u64);
        let (x, labels) = self.rows.numbers();
        GradientCheck::new(&mut self.engine, x, labels, seed)
    }

    fn train_step(&mut self, data: &Dataset, at: usize) -> Result<Advance, Lost> {
        let end = (at + self.config.batch_size).min(self.order.len());
        let batch = self.order[at..end].iter().map(|&place| self.selection.train()[place as usize] as usize);
        self.rows.fill_training(&self.config, &data.train, batch, self.choices.as_mut());
        let rate = self.learning_rate();
        let loss = self.engine.step(&self.rows.images[..], &self.rows.labels, rate)?;
        if !loss.is_finite() {
            return self.diverged(self.step() + 1);
        }
        self.losses.push(loss);
        if end < self.order.len() {
            self.phase = Phase::Steps { at: end };
        } else {
            self.epoch += 1;
            self.begin_measuring();
        }
        Ok(Advance::Step { loss, images: end - at })
    }

    fn begin_measuring(&mut self) {
        self.choices = self.choices_for(Purpose::AugmentMeasured);
        self.phase = Phase::Measure { at: 0, correct: 0, train: None };
    }

    /// Begins the epoch's training on `images` images, or ends the run.
    fn begin_steps(&mut self, images: usize) {
        if self.epoch == self.config.epochs {
            self.phase = Phase::Done;
            return;
        }
        self.choices = self.choices_for(Purpose::Augment);
        self.order = (0..images as u32).collect();
        self.order.shuffle(&mut rng(self.config.seed, Purpose::Shuffle, self.epoch as u64));
        self.phase = Phase::Steps { at: 0 };
    }

    fn choices_for(&self, purpose: Purpose) -> Option<Choices> {
        let augment = self.config.augment;
        augment.is_on().then(|| Choices::new(augment, self.config.seed, purpose, self.epoch))
    }

    fn measure(&mut self, data: &Dataset, at: usize, correct: usize, train: Option<f64>) -> Result<Advance, Lost> {
        let (train_images, validation_images) = (self.selection.train().len(), self.selection.measured(data));
        let images = if train.is_none() { train_images } else { validation_images };
        let end = (at + MEASURED_ROWS).min(images);
        match train {
            None => {
                let batch = self.selection.train()[at..end].iter().map(|&index| index as usize);
                self.rows.fill_training(&self.config, &data.train, batch, self.choices.as_mut());
            }
            Some(_) => self.rows.fill_validation(self.selection.validation(), data, at..end),
        }
        let logits = self.engine.logits(&self.rows.images[..])?;
        if logits.iter().any(|logit| !logit.is_finite()) {
            return self.diverged(self.step());
        }
        let right = logits
            .outer_iter()
            .zip(&self.rows.labels)
            .filter(|(row, label)| argmax(row.iter()) == usize::from(**label));
        let correct = correct + right.count();
        if end < images {
            self.phase = Phase::Measure { at: end, correct, train };
            return Ok(Advance::Measured { images: end - at });
        }
        let accuracy = correct as f64 / images as f64;
        match train {
            None if validation_images > 0 => {
                self.phase = Phase::Measure { at: 0, correct: 0, train: Some(accuracy) };
                Ok(Advance::Measured { images: end - at })
            }
            None => self.end_epoch(train_images, accuracy, None),
            Some(train_accuracy) => self.end_epoch(train_images, train_accuracy, Some(accuracy)),
        }
    }

    fn end_epoch(
        &mut self,
        images: usize,
        train_accuracy: f64,
        validation_accuracy: Option<f64>,
    ) -> Result<Advance, Lost> {
        self.engine.keep()?;
        let record = EpochRecord { epoch: self.epoch, step: self.step(), train_accuracy, validation_accuracy };
        self.records.push(record.clone());
        self.begin_steps(images);
        Ok(Advance::Epoch(record))
    }

    fn diverged(&mut self, step: usize) -> Result<Advance, Lost> {
        self.engine.restore()?;
        self.phase = Phase::Done;
        Ok(Advance::Diverged { step })
    }
}

/// The first index of the largest value.
pub(super) fn argmax<'a>(values: impl Iterator<Item = &'a f32>) -> usize {
    let mut best = (0, f32::NEG_INFINITY);
    for (index, &value) in values.enumerate() {
        if value > best.1 {
            best = (index, value);
        }
    }
    best.0
}
