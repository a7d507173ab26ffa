//! All that a run needs to go on exactly where it was after an epoch, as bytes.
//!
//! Random numbers need no state: the generators of an epoch come from the seed, their purpose and the epoch. The
//! format, all numbers little-endian:
//!
//! | bytes | what |
//! |---|---|
//! | 8 | [`MAGIC`] |
//! | 4 | [`VERSION`] |
//! | 4 | M, the length of the description |
//! | 8 | L, the number of losses |
//! | 8 | W, the number of weights and biases, and again of velocities, if there is momentum |
//! | M | the description: settings, records, rates set, and what the data were; postcard |
//! | 4·(L + W) | f32: losses; then layer by layer weights (out×in) and biases; then likewise the velocities |
//! | 8 | checksum of all bytes before |
//!
//! Nothing is believed before it is checked, and no memory is asked for that the bytes do not fill.

use ndarray::{Array1, Array2};
use serde::{Deserialize, Serialize};

use super::config::check_learning_rate;
use super::{Config, ConfigError, Engine, EpochRecord, Lost, Part, RateChange, Selection, Trainer};
use crate::data::{Checksum, Dataset, Split};
use crate::nn::{Gradients, Linear, Mlp};

/// The first bytes.
pub const MAGIC: [u8; 8] = *b"PIECERUN";
/// Changes with every change of the format, that of [`Config`] included.
pub const VERSION: u32 = 3;

/// The largest that is made for the page: it is copied on its way, and the browser has to store it.
pub const MAX_CHECKPOINT: usize = 128 << 20;

const HEADER: usize = 32;
const CHECKSUM: usize = 8;

/// A run after an epoch, or before the first.
#[derive(Clone, Debug, PartialEq)]
pub struct Checkpoint {
    pub(super) about: About,
    pub(super) losses: Vec<f32>,
    pub(super) net: Mlp<f32>,
    pub(super) velocity: Option<Gradients<f32>>,
}

/// What the beginning of a checkpoint says, for those who have not read the rest.
#[derive(Clone, Debug, PartialEq)]
pub struct CheckpointHead {
    /// The run's settings.
    pub config: Config,
    /// Epochs done.
    pub epoch: usize,
    /// Of the images that the run uses.
    pub checksum: u64,
}

impl CheckpointHead {
    /// How many bytes [`read`](Self::read) needs, from the first [`PRELUDE`](Self::PRELUDE).
    ///
    /// # Errors
    /// If these are not the first bytes of a checkpoint of this version.
    pub fn len(bytes: &[u8]) -> Result<usize, CheckpointError> {
        if !bytes.starts_with(&MAGIC) {
            return Err(CheckpointError::NotOne);
        }
        match (word::<4>(bytes, 8), word::<4>(bytes, 12)) {
            (Some(version), Some(description)) if version == u64::from(VERSION) => Ok(HEADER + description as usize),
            (Some(version), _) => Err(CheckpointError::Version(version as u32)),
            (None, _) => Err(CheckpointError::NotOne),
        }
    }

    /// Reads it, of as many bytes as [`len`](Self::len) says. What follows is not looked at.
    ///
    /// # Errors
    /// If the description cannot be read.
    pub fn read(bytes: &[u8]) -> Result<Self, CheckpointError> {
        let damaged = CheckpointError::Contradiction("its description cannot be read");
        let Some(description) = bytes.get(HEADER..Self::len(bytes)?) else { return Err(damaged) };
        match postcard::take_from_bytes::<About>(description) {
            Ok((About { config, records, data, .. }, [])) if !records.is_empty() => {
                Ok(Self { config, epoch: records.len() - 1, checksum: data.checksum })
            }
            _ => Err(damaged),
        }
    }

    /// Bytes that say how long it is.
    pub const PRELUDE: usize = HEADER;
}

/// What is not numbers by the million.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct About {
    pub(super) config: Config,
    /// Of epochs 0 to the last done.
    pub(super) records: Vec<EpochRecord>,
    pub(super) rate_changes: Vec<RateChange>,
    pub(super) data: DataPrint,
    /// Whether it began with given weights, not with those that the config draws.
    pub(super) began_elsewhere: bool,
    /// Seconds of work so far.
    pub(super) seconds: f64,
}

/// By what data are known again: those that a run uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct DataPrint {
    train: usize,
    validation: usize,
    checksum: u64,
}

/// Why a run cannot go on from some bytes. Each message is a sentence that says what to do.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum CheckpointError {
    /// Something else.
    #[error("These bytes are no checkpoint of a run. Choose one that this page has written.")]
    NotOne,
    /// Of another version of this program.
    #[error("This checkpoint has format {0}, and this page reads format {VERSION}. Start the run again.")]
    Version(u32),
    /// Too few or too many bytes.
    #[error(
        "This checkpoint has {got} bytes instead of {expected}: it was not written to its end. Use an earlier one."
    )]
    Length {
        /// That there are.
        got: u64,
        /// That its head announces.
        expected: u64,
    },
    /// Bytes that were changed.
    #[error("This checkpoint is damaged: its checksum is wrong. Use an earlier one, or start the run again.")]
    Damaged,
    /// A right checksum over things that do not fit together.
    #[error("This checkpoint contradicts itself: {0}. Use an earlier one, or start the run again.")]
    Contradiction(&'static str),
    /// Settings that cannot run here.
    #[error("The settings of this checkpoint cannot run. {0}")]
    Config(#[from] ConfigError),
    /// Not the images that it was trained on.
    #[error(
        "This run was trained on {train} images and validated on {validation}, and the data that are loaded are others. Load the same data in the same order, then go on."
    )]
    OtherData {
        /// Images used.
        train: usize,
        /// Images used.
        validation: usize,
    },
}

impl DataPrint {
    /// Of the images that a run uses, and their places. Reads them all, some gigabytes a second.
    pub(super) fn of(selection: &Selection, data: &Dataset) -> Self {
        let mut checksum = Checksum::default();
        let mut add = |split: &Split, index: usize| {
            let (pixels, label) = split.get(index);
            checksum.push(&(index as u32).to_le_bytes());
            checksum.push(pixels);
            checksum.push(&[label]);
        };
        let (train, validation) = (selection.train(), selection.measured(data));
        train.iter().for_each(|&index| add(&data.train, index as usize));
        for at in 0..validation {
            let (split, index) = selection.validation().place(data, at);
            add(split, index);
        }
        Self { train: train.len(), validation, checksum: checksum.finish() }
    }

    /// Images trained on in an epoch.
    pub(super) fn train(self) -> usize {
        self.train
    }
}

/// The bytes of a checkpoint of the engine's network.
fn encode(about: &About, losses: &[f32], engine: &mut impl Engine) -> Result<Vec<u8>, Lost> {
    let description = postcard::to_stdvec(about).expect("plain data");
    let weights = about.config.parameters() as usize;
    let mut bytes = Vec::with_capacity(description.len() + size(losses.len(), &about.config));
    bytes.extend(MAGIC);
    bytes.extend(VERSION.to_le_bytes());
    bytes.extend((description.len() as u32).to_le_bytes());
    bytes.extend((losses.len() as u64).to_le_bytes());
    bytes.extend((weights as u64).to_le_bytes());
    bytes.extend(description);
    put(&mut bytes, losses);
    engine.gather(Part::Weights, &mut |piece| put(&mut bytes, piece))?;
    if about.copies() == 2 {
        engine.gather(Part::Velocity, &mut |piece| put(&mut bytes, piece))?;
    }
    let sum = checksum(&bytes);
    bytes.extend(sum.to_le_bytes());
    Ok(bytes)
}

/// Bytes of a checkpoint, without its description, which has some hundreds and 30 or so a record.
fn size(losses: usize, config: &Config) -> usize {
    let copies = if config.momentum > 0.0 { 2 } else { 1 };
    HEADER + 4 * (losses + config.parameters() as usize * copies) + CHECKSUM
}

fn put(bytes: &mut Vec<u8>, values: &[f32]) {
    for value in values {
        bytes.extend_from_slice(&value.to_le_bytes());
    }
}

fn checksum(bytes: &[u8]) -> u64 {
    let mut checksum = Checksum::default();
    checksum.push(bytes);
    checksum.finish()
}

impl Checkpoint {
    /// Reads what [`Trainer::checkpoint`] wrote.
    ///
    /// # Errors
    /// If any byte is missing, changed, or one too many.
    pub fn decode(bytes: &[u8]) -> Result<Self, CheckpointError> {
        if !bytes.starts_with(&MAGIC) {
            return Err(CheckpointError::NotOne);
        }
        let got = bytes.len() as u64;
        let (Some(version), Some(description), Some(losses), Some(weights)) =
            (word::<4>(bytes, 8), word::<4>(bytes, 12), word::<8>(bytes, 16), word::<8>(bytes, 24))
        else {
            return Err(CheckpointError::Length { got, expected: (HEADER + CHECKSUM) as u64 });
        };
        if version != u64::from(VERSION) {
            return Err(CheckpointError::Version(version as u32));
        }
        // With momentum, there are twice as many; until the description is read, both are possible.
        let expected = |copies: u64| {
            let numbers = weights.saturating_mul(copies).saturating_add(losses);
            numbers.saturating_mul(4).saturating_add(description + (HEADER + CHECKSUM) as u64)
        };
        if got != expected(1) && got != expected(2) {
            return Err(CheckpointError::Length { got, expected: expected(1) });
        }
        let (body, sum) = bytes.split_at(bytes.len() - CHECKSUM);
        if word::<8>(sum, 0) != Some(checksum(body)) {
            return Err(CheckpointError::Damaged);
        }
        let (description, numbers) = body[HEADER..].split_at(description as usize);
        let Ok((about, [])) = postcard::take_from_bytes::<About>(description) else {
            return Err(CheckpointError::Contradiction("its description cannot be read"));
        };
        about.check(losses, weights)?;
        if got != expected(about.copies()) {
            return Err(CheckpointError::Contradiction("the number of its weights is not what its settings say"));
        }
        let mut numbers = Numbers(numbers);
        let losses = numbers.take(losses as usize);
        let widths = about.config.widths();
        let net = Mlp { layers: numbers.layers(&widths) };
        let velocity = (about.copies() == 2).then(|| numbers.layers(&widths));
        Ok(Self { about, losses, net, velocity })
    }

    /// Checks that a run can go on from here with these data.
    ///
    /// # Errors
    /// If they are not those it was trained on, or leave too little memory.
    pub fn check_on(&self, data: &Dataset) -> Result<(), CheckpointError> {
        let print = self.about.data;
        let other = CheckpointError::OtherData { train: print.train, validation: print.validation };
        // The counts first: they cost nothing. And a subset larger than the data, say, is a matter of the data here.
        if self.config().images(data) != (print.train, print.validation) {
            return Err(other);
        }
        self.config().check_beside(data)?;
        match Selection::of(self.config(), data) {
            Ok(selection) if DataPrint::of(&selection, data) == print => Ok(()),
            _ => Err(other),
        }
    }

    /// The run's settings.
    pub fn config(&self) -> &Config {
        &self.about.config
    }

    /// Epochs done.
    pub fn epoch(&self) -> usize {
        self.about.records.len() - 1
    }

    /// The loss of each step done.
    pub fn losses(&self) -> &[f32] {
        &self.losses
    }

    /// What the epochs found, from epoch 0.
    pub fn records(&self) -> &[EpochRecord] {
        &self.about.records
    }

    /// The learning rates that were set, by rising step.
    pub fn rate_changes(&self) -> &[RateChange] {
        &self.about.rate_changes
    }

    /// The network.
    pub fn net(&self) -> &Mlp<f32> {
        &self.net
    }
}

impl About {
    /// How often each weight has a number: itself, and its velocity.
    fn copies(&self) -> u64 {
        if self.config.momentum > 0.0 { 2 } else { 1 }
    }

    fn check(&self, losses: u64, weights: u64) -> Result<(), CheckpointError> {
        let require = |holds: bool, what| if holds { Ok(()) } else { Err(CheckpointError::Contradiction(what)) };
        self.config.check(0)?;
        require(self.config.parameters() == weights, "the number of its weights is not what its settings say")?;
        require(self.data.train > 0, "it was trained on no images")?;
        let epochs = self.records.len();
        require(epochs > 0 && epochs <= self.config.epochs + 1, "it has more or fewer epochs than its settings say")?;
        let steps = self.data.train.div_ceil(self.config.batch_size);
        let is_right = |(epoch, record): (usize, &EpochRecord)| {
            record.epoch == epoch && Some(record.step) == epoch.checked_mul(steps)
        };
        require(self.records.iter().enumerate().all(is_right), "its epochs are out of order")?;
        require(
            (epochs as u64 - 1).checked_mul(steps as u64) == Some(losses),
            "it has more or fewer losses than steps",
        )?;
        require(self.rate_changes.is_sorted_by_key(|change| change.step), "its learning rates are out of order")?;
        for change in &self.rate_changes {
            check_learning_rate(change.learning_rate)?;
        }
        Ok(())
    }
}

/// N bytes at `at` as a number.
fn word<const N: usize>(bytes: &[u8], at: usize) -> Option<u64> {
    let word = bytes.get(at..)?.first_chunk::<N>()?;
    let mut long = [0; 8];
    long[..N].copy_from_slice(word);
    Some(u64::from_le_bytes(long))
}

/// The f32 that are still to be read. Their number was checked.
struct Numbers<'a>(&'a [u8]);

impl Numbers<'_> {
    fn take(&mut self, count: usize) -> Vec<f32> {
        let (taken, rest) = self.0.split_at(4 * count);
        self.0 = rest;
        taken.as_chunks::<4>().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect()
    }

    fn layers(&mut self, widths: &[usize]) -> Vec<Linear<f32>> {
        let layer = |pair: &[usize]| Linear {
            weight: Array2::from_shape_vec((pair[1], pair[0]), self.take(pair[0] * pair[1])).expect("as many"),
            bias: Array1::from_vec(self.take(pair[1])),
        };
        widths.windows(2).map(layer).collect()
    }
}

impl<E: Engine> Trainer<E> {
    /// The bytes to go on from, after an epoch and before its next step; `None` in the midst of one, or if a member
    /// of the team is lost, of which the next [`advance`](Trainer::advance) tells.
    pub fn checkpoint(&mut self) -> Option<Vec<u8>> {
        let data = self.data_print().filter(|_| self.is_between_epochs())?;
        let about = About {
            config: self.config().clone(),
            records: self.records().to_vec(),
            rate_changes: self.rate_changes().to_vec(),
            data,
            began_elsewhere: self.began_elsewhere(),
            seconds: self.seconds(),
        };
        let (losses, engine) = self.losses_and_engine();
        encode(&about, losses, engine).ok()
    }

    /// About how many bytes a checkpoint has now.
    pub fn checkpoint_size(&self) -> usize {
        size(self.losses().len(), self.config()) + 256 + 32 * self.records().len()
    }
}
