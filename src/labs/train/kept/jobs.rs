//! What is still to be written or removed, one after the other: what comes later takes the place of what waits.

use std::collections::VecDeque;

use super::RunKey;

/// A piece of work on a run's files.
#[derive(Clone, Debug, PartialEq)]
pub enum Job<B> {
    /// Write the record.
    Record(RunKey, B),
    /// Write the checkpoint of an epoch.
    Checkpoint(RunKey, usize, B),
    /// Remove the checkpoint.
    RemoveCheckpoint(RunKey),
    /// Remove all.
    Remove(RunKey),
}

/// Work that waits, of bytes of some kind.
#[derive(Debug)]
pub struct Jobs<B> {
    waiting: VecDeque<Job<B>>,
    is_busy: bool,
}

impl<B> Default for Jobs<B> {
    fn default() -> Self {
        Self { waiting: VecDeque::new(), is_busy: false }
    }
}

impl<B> Job<B> {
    /// Of which run.
    pub fn key(&self) -> &RunKey {
        match self {
            Self::Record(key, _) | Self::Checkpoint(key, ..) | Self::RemoveCheckpoint(key) | Self::Remove(key) => key,
        }
    }

    /// Whether this makes an earlier one needless.
    fn replaces(&self, earlier: &Self) -> bool {
        self.key() == earlier.key()
            && match self {
                Self::Remove(_) => true,
                Self::Record(..) => matches!(earlier, Self::Record(..)),
                Self::Checkpoint(..) | Self::RemoveCheckpoint(_) => {
                    matches!(earlier, Self::Checkpoint(..) | Self::RemoveCheckpoint(_))
                }
            }
    }
}

impl<B> Jobs<B> {
    /// Adds a job. Returns whether someone has to begin with [`take`](Self::take); else that goes on already.
    pub fn push(&mut self, job: Job<B>) -> bool {
        self.waiting.retain(|earlier| !job.replaces(earlier));
        self.waiting.push_back(job);
        !std::mem::replace(&mut self.is_busy, true)
    }

    /// What to do now; `None` when all is done.
    pub fn take(&mut self) -> Option<Job<B>> {
        let next = self.waiting.pop_front();
        self.is_busy = next.is_some();
        next
    }
}
