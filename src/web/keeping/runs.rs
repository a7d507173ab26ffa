//! Runs: whose they are, and when what of them is written.

use std::time::Duration;

use js_sys::{Date, Uint8Array};
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::tabs::{look_at_locks, tell_others};
use super::{Before, LABS, MINE, complain, current_key, fresh_key, lock_of};
use crate::labs::train::kept::{Drop, Job, KeptHead, RunKey, Trouble, record, to_drop};
use crate::labs::train::{Form, Resuming, RunHistory, TrainLab};
use crate::protocol::{About, Command, RunId};
use crate::train::CheckpointHead;
use crate::web::client;
use crate::web::state::Labs;
use crate::web::storage::locks;
use crate::web::storage::runs::{self, RunJob};

/// A run's record is written at most so often while it goes on.
const RECORD_EVERY_MS: u64 = 5_000;

/// A run has started, or goes on: from now on it is this tab's.
pub(super) fn started(labs: Labs, before: &Before) {
    let mut key = None;
    labs.train.update(|lab| {
        if let Some(run) = &mut lab.run {
            if run.key.is_none() {
                run.key = Some(fresh_key());
                run.started_ms = Date::now();
            }
            key.clone_from(&run.key);
        }
    });
    let Some(key) = key else { return };
    if before.has_own_settings {
        let config = labs.train.with_untracked(|lab| lab.run.as_ref().map(|run| run.config.clone()));
        labs.form.update(|form| config.iter().for_each(|config| *form = Form::from(config)));
    }
    // One run at a time: an earlier one is over.
    let epoch = labs.kept.with_untracked(|kept| Some(kept.find(&key)?.checkpoint.as_ref()?.head.epoch));
    MINE.with_borrow_mut(|mine| {
        mine.runs.retain(|held, _| *held == key);
        (mine.failed, mine.epoch) = ((None, None), epoch);
    });
    labs.kept.update(|kept| {
        kept.here = [key.clone()].into();
        kept.trouble = None;
    });
    spawn_local(async move {
        let is_mine = MINE.with_borrow(|mine| mine.runs.contains_key(&key));
        if !is_mine && let Some(held) = locks::take_alone(&lock_of(&key)).await {
            MINE.with_borrow_mut(|mine| drop(mine.runs.insert(key.clone(), held)));
        }
        save(labs, Some(key));
    });
}

/// The run is over: others may go on with it.
pub(super) fn over(labs: Labs, key: Option<RunKey>) {
    save(labs, key.clone());
    if let Some(key) = key {
        release(labs, &key);
    }
}

pub(super) fn release(labs: Labs, key: &RunKey) {
    MINE.with_borrow_mut(|mine| drop(mine.runs.remove(key)));
    labs.kept.update(|kept| {
        kept.here.remove(key);
    });
}

/// The run under way has reached an epoch: its next checkpoint is of that.
pub(in crate::web) fn reach(epoch: usize) {
    MINE.with_borrow_mut(|mine| mine.reached = epoch);
}

/// Keeps a checkpoint of the run under way.
pub(in crate::web) fn keep_checkpoint(run: RunId, checkpoint: Uint8Array) {
    let Some(labs) = LABS.get() else { return };
    let key = labs.train.with_untracked(|lab| lab.run.as_ref().filter(|last| last.id == run)?.key.clone());
    if let Some(key) = key {
        runs::push(Job::Checkpoint(key, MINE.with_borrow(|mine| mine.reached), checkpoint));
    }
}

pub(super) fn epoch_of(checkpoint: &Uint8Array) -> Option<usize> {
    let first = |length: usize| checkpoint.subarray(0, length.min(checkpoint.length() as usize) as u32).to_vec();
    let length = CheckpointHead::len(&first(CheckpointHead::PRELUDE)).ok()?;
    CheckpointHead::read(&first(length)).ok().map(|head| head.epoch)
}

/// Keeps a run's record as it is now, unless another tab has the run by now.
pub(super) fn save(labs: Labs, key: Option<RunKey>) {
    let Some(key) = key else { return };
    MINE.with_borrow_mut(|mine| mine.due.retain(|due| *due != key));
    if labs.kept.with_untracked(|kept| kept.elsewhere.contains(&key)) {
        return;
    }
    let record =
        labs.train.with_untracked(|lab| lab.runs().find(|run| run.key.as_ref() == Some(&key)).map(record::encode));
    if let Some(record) = record {
        runs::push(Job::Record(key, Uint8Array::from(&record[..])));
    }
}

/// Keeps a run of this visit as it is now.
pub(in crate::web) fn save_run(labs: Labs, id: RunId) {
    save(labs, labs.train.with_untracked(|lab| lab.runs().find(|run| run.id == id)?.key.clone()));
}

/// Keeps the last run's record in a while.
pub(in crate::web) fn save_soon(labs: Labs) {
    let Some(key) = current_key(labs) else { return };
    let is_new = MINE.with_borrow_mut(|mine| {
        let is_new = !mine.due.contains(&key);
        if is_new {
            mine.due.push(key.clone());
        }
        is_new
    });
    if is_new {
        // It may have been written meanwhile.
        let write = move || {
            if MINE.with_borrow(|mine| mine.due.contains(&key)) {
                save(labs, Some(key));
            }
        };
        set_timeout(write, Duration::from_millis(RECORD_EVERY_MS));
    }
}

/// The page may be closed soon: what is due is written now.
pub(in crate::web) fn save_now(labs: Labs) {
    if labs.train.with_untracked(|lab| lab.status.has_run()) {
        save(labs, current_key(labs));
    }
}

/// A job on a run's files is done, or could not be done.
pub(super) fn written(labs: Labs, job: &RunJob, result: Result<(), Trouble>) {
    let key = job.key().clone();
    let is_current = current_key(labs).as_ref() == Some(&key);
    if is_current {
        let trouble = MINE.with_borrow_mut(|mine| {
            match job {
                Job::Checkpoint(_, epoch, _) => {
                    mine.failed.0 = result.err();
                    if result.is_ok() {
                        mine.epoch = Some(*epoch);
                    }
                }
                Job::Record(..) => mine.failed.1 = result.err(),
                Job::RemoveCheckpoint(_) | Job::Remove(_) => mine.epoch = None,
            }
            mine.failed.0.or(mine.failed.1).map(|trouble| trouble.of_run(mine.epoch))
        });
        if labs.kept.with_untracked(|kept| kept.trouble != trouble) {
            labs.kept.update(|kept| kept.trouble = trouble);
        }
    }
    // Of a copy or a change of a run that is not under way.
    if let (Err(trouble), false) = (result, is_current) {
        complain(labs, About::Command, trouble.of_copy());
    }
    if let (Ok(()), Job::Checkpoint(_, epoch, checkpoint)) = (result, job) {
        // Known without looking, in a run of short epochs many times a second.
        let bytes = u64::from(checkpoint.length());
        let mut is_known = false;
        labs.kept.update(|kept| is_known = kept.has_checkpoint(&key, *epoch, bytes));
        if is_known {
            return forget_the_oldest(labs);
        }
    }
    spawn_local(async move {
        match runs::find(&key).await {
            Some(run) => {
                if labs.kept.with_untracked(|kept| kept.find(&key) != Some(&run)) {
                    labs.kept.update(|kept| kept.put(run));
                }
            }
            None => labs.kept.update(|kept| kept.runs.retain(|run| run.key != key)),
        }
        forget_the_oldest(labs);
        tell_others();
    });
}

/// Makes room for what is newer.
fn forget_the_oldest(labs: Labs) {
    let dropped = labs.kept.with_untracked(|kept| to_drop(&kept.runs, |key| kept.is_held(key)));
    for drop in dropped {
        match drop {
            Drop::Run(key) => forget(labs, key),
            Drop::Checkpoint(key) => forget_checkpoint(labs, key),
        }
    }
}

/// Changes a run's name or note, here and in storage.
pub(in crate::web) fn edit(labs: Labs, key: RunKey, change: impl FnOnce(&mut RunHistory) + 'static) {
    let is_here = labs.train.with_untracked(|lab| lab.runs().any(|run| run.key.as_ref() == Some(&key)));
    if is_here {
        labs.train.update(|lab| {
            if let Some(run) = lab.run_of_key(&key) {
                change(run);
            }
        });
        return save(labs, Some(key));
    }
    spawn_local(async move {
        let Some(_mine) = locks::take_alone(&lock_of(&key)).await else { return };
        if let Some(mut run) = runs::read(&key).await {
            change(&mut run);
            runs::push(Job::Record(key, Uint8Array::from(&record::encode(&run)[..])));
        }
    });
}

/// Forgets a run, unless a tab has it.
pub(in crate::web) fn forget(labs: Labs, key: RunKey) {
    spawn_local(async move {
        let Some(_mine) = locks::take_alone(&lock_of(&key)).await else {
            return look_at_locks(labs).await;
        };
        // Its curves may be drawn still, but they are not kept again.
        labs.train.update(|lab| {
            if let Some(run) = lab.run_of_key(&key) {
                run.key = None;
            }
        });
        runs::push(Job::Remove(key));
    });
}

/// Forgets a run's checkpoint, unless a tab has the run; its curves stay.
pub(in crate::web) fn forget_checkpoint(labs: Labs, key: RunKey) {
    spawn_local(async move {
        match locks::take_alone(&lock_of(&key)).await {
            Some(_mine) => runs::push(Job::RemoveCheckpoint(key)),
            None => look_at_locks(labs).await,
        }
    });
}

/// Goes on with a kept run from its checkpoint, if no other tab has it.
pub(in crate::web) fn resume(labs: Labs, key: RunKey) {
    let say = move |message: &str| complain(labs, About::Command, message);
    spawn_local(async move {
        let Some(held) = locks::take_alone(&lock_of(&key)).await else {
            say("Another tab goes on with this run. Close that tab, or stop the run there.");
            return look_at_locks(labs).await;
        };
        let checkpoint = match runs::checkpoint(&key).await {
            Some(file) => runs::all_bytes(&file).await,
            None => None,
        };
        let head = labs.kept.with_untracked(|kept| kept.find(&key).and_then(|run| run.head.clone()));
        let (Some(bytes), Some(head)) = (checkpoint, head) else {
            return say("The checkpoint of this run is gone. Start the run again.");
        };
        if !labs.train.with_untracked(TrainLab::can_start) {
            return say("Load the run’s data first, and let what is under way end.");
        }
        let mut run = 0;
        labs.train.update(|lab| {
            run = lab.new_run();
            let KeptHead { name, note, started_ms, .. } = head;
            lab.resuming = Some(Resuming { key: key.clone(), name, note, started_ms });
        });
        MINE.with_borrow_mut(|mine| drop(mine.runs.insert(key, held)));
        client::send(&Command::ResumeFrom { run, bytes, rate_changes: Vec::new() });
    });
}
