//! Runs that outlive the page: what is known of each, where it stands, and what is said of them.
//!
//! A kept run is a [record], its curves and all that was found out about it, and, if there is one, its last
//! checkpoint. Each run has a [key](RunKey) of its own, by which its files are named and by which tabs know whose it is.

mod files;
mod jobs;
mod keeping;
mod needs;
mod package;
pub mod record;
mod trouble;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::RunHistory;
use crate::protocol::DataSummary;
use crate::train::{CheckpointHead, Config};

pub use files::FileSet;
pub use jobs::{Job, Jobs};
pub use keeping::{Drop, MAX_CHECKPOINT_BYTES, MAX_RUNS, to_drop};
pub use needs::{is_same_data, needs};
pub use package::{Package, PackageError};
pub use trouble::Trouble;

/// Names a kept run: 16 hexadecimal digits, drawn at random, so that two tabs never choose the same.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RunKey(String);

/// What a list of runs says of one, without its curves.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct KeptHead {
    /// What the visitor calls it.
    pub name: String,
    /// What the visitor has written about it.
    pub note: String,
    /// Its settings.
    pub config: Config,
    /// What it was trained on.
    pub data: DataSummary,
    /// Epochs done.
    pub epoch: usize,
    /// Share of the training images it had right after the last record.
    pub train_accuracy: Option<f64>,
    /// Share of the validation images.
    pub validation_accuracy: Option<f64>,
    /// When it began, in milliseconds since 1970.
    pub started_ms: f64,
    /// Why it is over; `None` if it was never said to be.
    pub ended: Option<String>,
    /// Whether it is over because its worker was lost, and may go on.
    pub broke_off: bool,
}

/// A run in the browser's storage.
#[derive(Clone, Debug, PartialEq)]
pub struct KeptRun {
    /// Names it.
    pub key: RunKey,
    /// What is known of it; `None` if its record cannot be read.
    pub head: Option<KeptHead>,
    /// Bytes of its record.
    pub record_bytes: u64,
    /// Its checkpoint, if it has one that can be read.
    pub checkpoint: Option<KeptCheckpoint>,
}

/// A checkpoint in the browser's storage.
#[derive(Clone, Debug, PartialEq)]
pub struct KeptCheckpoint {
    /// Its size.
    pub bytes: u64,
    /// What it says of itself.
    pub head: CheckpointHead,
}

/// Where a kept run stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It is the run under way in this tab.
    Here,
    /// Another tab has it.
    Elsewhere,
    /// Its tab or its worker was lost on the way.
    Interrupted,
    /// It is over.
    Over,
    /// Its record cannot be read.
    Unreadable,
}

/// The kept runs as this tab knows them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct KeptRuns {
    /// The newest first.
    pub runs: Vec<KeptRun>,
    /// Those that this tab has.
    pub here: BTreeSet<RunKey>,
    /// Those that other tabs have.
    pub elsewhere: BTreeSet<RunKey>,
    /// Interrupted ones that the visitor does not want to be reminded of.
    pub dismissed: BTreeSet<RunKey>,
    /// Sets of files, the last kept first, each with its name in the browser's storage.
    pub sets: Vec<(String, FileSet)>,
    /// The set that this tab's data come from.
    pub set_here: Option<String>,
    /// What is to be said of keeping runs.
    pub trouble: Option<String>,
}

impl RunKey {
    /// Of 64 random bits.
    pub fn new(bits: u64) -> Self {
        Self(format!("{bits:016x}"))
    }

    /// Reads a key, as a file's name.
    pub fn parse(text: &str) -> Option<Self> {
        let is_one = text.len() == 16 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
        is_one.then(|| Self(text.to_owned()))
    }

    /// As text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl KeptHead {
    /// What is to be listed of a run.
    pub fn of(run: &RunHistory) -> Self {
        let last = run.last_record();
        Self {
            name: run.name.clone(),
            note: run.note.clone(),
            config: run.config.clone(),
            data: run.data.clone(),
            epoch: run.epoch,
            train_accuracy: last.map(|record| record.train_accuracy),
            validation_accuracy: last.and_then(|record| record.validation_accuracy),
            started_ms: run.started_ms,
            ended: run.ended.clone(),
            broke_off: run.broke_off,
        }
    }
}

impl KeptRun {
    /// Bytes of all that is kept of it.
    pub fn bytes(&self) -> u64 {
        self.record_bytes + self.checkpoint.as_ref().map_or(0, |checkpoint| checkpoint.bytes)
    }

    /// Whether there is more of it to train: from which epoch, and of how many.
    pub fn to_go(&self) -> Option<(usize, usize)> {
        let head = &self.checkpoint.as_ref()?.head;
        (head.epoch < head.config.epochs).then_some((head.epoch, head.config.epochs))
    }
}

impl KeptRuns {
    /// Where a run stands.
    pub fn standing(&self, run: &KeptRun) -> Standing {
        match &run.head {
            _ if self.here.contains(&run.key) => Standing::Here,
            _ if self.elsewhere.contains(&run.key) => Standing::Elsewhere,
            None => Standing::Unreadable,
            Some(head) if head.ended.is_none() || head.broke_off => Standing::Interrupted,
            Some(_) => Standing::Over,
        }
    }

    /// A run, if it is kept.
    pub fn find(&self, key: &RunKey) -> Option<&KeptRun> {
        self.runs.iter().find(|run| run.key == *key)
    }

    /// Whether a tab has it now, this or another: then nothing of it may be forgotten.
    pub fn is_held(&self, key: &RunKey) -> bool {
        self.here.contains(key) || self.elsewhere.contains(key)
    }

    /// The newest run that was interrupted and can go on, unless the visitor does not want to know of it.
    pub fn interrupted(&self) -> Option<&KeptRun> {
        self.runs.iter().find(|run| {
            self.standing(run) == Standing::Interrupted && run.to_go().is_some() && !self.dismissed.contains(&run.key)
        })
    }

    /// A checkpoint of a run has taken the place of the one of before. Returns whether one was known of.
    pub fn has_checkpoint(&mut self, key: &RunKey, epoch: usize, bytes: u64) -> bool {
        let run = self.runs.iter_mut().find(|run| run.key == *key);
        let Some(checkpoint) = run.and_then(|run| run.checkpoint.as_mut()) else { return false };
        (checkpoint.head.epoch, checkpoint.bytes) = (epoch, bytes);
        true
    }

    /// The kept files that hold a run's data.
    pub fn set_for(&self, data: &DataSummary) -> Option<&(String, FileSet)> {
        self.sets.iter().find(|(_, set)| is_same_data(&set.data, data))
    }

    /// Whether a kept run was trained on these data.
    pub fn has_run_on(&self, data: &DataSummary) -> bool {
        self.runs.iter().filter_map(|run| run.head.as_ref()).any(|head| is_same_data(&head.data, data))
    }

    /// Bytes of all that is kept.
    pub fn bytes(&self) -> u64 {
        let (runs, sets) = (self.runs.iter().map(KeptRun::bytes), self.sets.iter().map(|(_, set)| set.bytes()));
        runs.chain(sets).sum()
    }

    /// Puts what is now known of a run in its place, or among the others if it is new.
    pub fn put(&mut self, run: KeptRun) {
        match self.runs.iter_mut().find(|old| old.key == run.key) {
            Some(old) => *old = run,
            None => self.runs.push(run),
        }
        self.sort();
    }

    /// The newest first; those that cannot be read last.
    pub fn sort(&mut self) {
        let started = |run: &KeptRun| run.head.as_ref().map_or(f64::NEG_INFINITY, |head| head.started_ms);
        self.runs.sort_by(|a, b| started(b).total_cmp(&started(a)).then_with(|| a.key.cmp(&b.key)));
    }
}
