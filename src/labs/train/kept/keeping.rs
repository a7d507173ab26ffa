//! What is kept and what is forgotten.

use super::{KeptRun, RunKey};

/// Runs that are kept, those under way among them.
pub const MAX_RUNS: usize = 30;

/// Room for the checkpoints of all runs together. One of the default network has 7 MB.
pub const MAX_CHECKPOINT_BYTES: u64 = 1 << 30;

/// What is to be forgotten.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Drop {
    /// All of a run.
    Run(RunKey),
    /// A run's checkpoint only: its curves stay.
    Checkpoint(RunKey),
}

/// What is to be forgotten of these runs, the newest of which comes first: the oldest runs, if there are too many, and the
/// oldest checkpoints, if they take too much room. Nothing of a run that a tab has now, and no checkpoint from which a run
/// can go on while there is another to be forgotten.
pub fn to_drop(runs: &[KeptRun], is_held: impl Fn(&RunKey) -> bool) -> Vec<Drop> {
    let mut dropped = Vec::new();
    let surplus = runs.len().saturating_sub(MAX_RUNS);
    let (mut kept, mut gone) = (Vec::new(), 0);
    for run in runs.iter().rev() {
        if gone < surplus && !is_held(&run.key) {
            gone += 1;
            dropped.push(Drop::Run(run.key.clone()));
        } else {
            kept.push(run);
        }
    }
    let size = |run: &KeptRun| run.checkpoint.as_ref().map_or(0, |checkpoint| checkpoint.bytes);
    let mut all: u64 = kept.iter().map(|run| size(run)).sum();
    let free = || kept.iter().filter(|run| !is_held(&run.key) && run.checkpoint.is_some());
    let (over, to_go): (Vec<&&KeptRun>, Vec<_>) = free().partition(|run| run.to_go().is_none());
    for run in over.into_iter().chain(to_go) {
        if all <= MAX_CHECKPOINT_BYTES {
            break;
        }
        all -= size(run);
        dropped.push(Drop::Checkpoint(run.key.clone()));
    }
    dropped
}
