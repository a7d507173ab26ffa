//! Keeps what should outlive a reload, and brings it back: runs, the form, uploaded files; and sees to it that two tabs do
//! not take the same run for theirs.

mod copies;
mod files;
mod runs;
mod tabs;

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::time::Duration;

use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::BroadcastChannel;

use super::state::Labs;
use super::storage::locks::Held;
use super::{browser, client, storage};
use crate::labs::train::kept::{RunKey, Trouble};
use crate::labs::train::{Form, Problem, Status};
use crate::protocol::{About, DataSummary, Event};

pub(in crate::web) use copies::{export, import};
pub(in crate::web) use files::{forget_set, load_data_of, open_set};
pub(in crate::web) use runs::{
    edit, forget, forget_checkpoint, keep_checkpoint, reach, resume, save_now, save_run, save_soon,
};
pub(in crate::web) use tabs::show;

/// In local storage: the form as it was last.
const FORM: &str = "piecewise.form";
/// Runs of earlier visits whose curves are drawn at once.
const SHOWN: usize = 5;

/// What this tab has.
#[derive(Default)]
struct Mine {
    /// Locks of runs.
    runs: HashMap<RunKey, Held>,
    /// The lock of the set of files that the data come from.
    set: Option<Held>,
    /// Locks of sets that were added to: the worker may have to be given their files again.
    parts: Vec<Held>,
    /// Why the last checkpoint and the last record of the run under way were not kept.
    failed: (Option<Trouble>, Option<Trouble>),
    /// The epoch of the last checkpoint of the run under way that was kept.
    epoch: Option<usize>,
    /// The epoch that the run under way has reached.
    reached: usize,
    /// Runs whose record is to be written in a while.
    due: Vec<RunKey>,
    /// To other tabs.
    channel: Option<BroadcastChannel>,
}

thread_local! {
    static MINE: RefCell<Mine> = RefCell::default();
    static LABS: Cell<Option<Labs>> = const { Cell::new(None) };
}

/// The name of the lock of whoever has a run.
fn lock_of(key: &RunKey) -> String {
    format!("piecewise.run.{}", key.as_str())
}

/// A key that no run has.
fn fresh_key() -> RunKey {
    RunKey::new(browser::random_bits())
}

/// Says what could not be done.
fn complain(labs: Labs, about: About, message: impl Into<String>) {
    let problem = Problem { about, message: message.into() };
    labs.train.update(|lab| lab.problem = Some(problem));
}

/// Begins: the form is as it was, and what happens to files is heard of.
pub(in crate::web) fn begin(labs: Labs) {
    LABS.set(Some(labs));
    if let Some(form) = browser::stored(FORM).as_deref().and_then(Form::restore) {
        labs.form.set(form);
    }
    let write = leptos::leptos_dom::helpers::debounce(Duration::from_millis(300), move |()| {
        browser::store(FORM, &labs.form.with_untracked(Form::keep));
    });
    let write = StoredValue::new_local(write);
    Effect::new(move |was: Option<()>| {
        labs.form.track();
        if was.is_some() {
            write.update_value(|write| write(()));
        }
    });
    storage::runs::listen(move |job, result| runs::written(labs, job, result));
}

/// Takes note of what the worker says, once the lab has.
pub(in crate::web) fn follow(labs: Labs, event: &Event, before: &Before) {
    match event {
        Event::Started { .. } => runs::started(labs, before),
        Event::Report { report: Some(_), .. } | Event::Scale { scale: Some(_), .. } | Event::FirstLayer { .. } => {
            save_soon(labs);
        }
        Event::Gradients { total, done, .. } if total == done => save_soon(labs),
        Event::LossLine { line, .. } if line.evidence.is_some() => save_soon(labs),
        Event::LearningRate { .. } | Event::Paused { .. } => runs::save(labs, current_key(labs)),
        Event::Ended { .. } => runs::over(labs, current_key(labs)),
        Event::Crashed { .. } => {
            files::OPENED.take();
            runs::over(labs, current_key(labs));
        }
        Event::Refused { .. } | Event::Unavailable { .. } => {
            files::OPENED.take();
            let current = current_key(labs).filter(|_| labs.train.with_untracked(|lab| lab.status.has_run()));
            let others = MINE.with_borrow(|mine| {
                mine.runs.keys().filter(|key| Some(*key) != current.as_ref()).cloned().collect::<Vec<_>>()
            });
            others.iter().for_each(|key| runs::release(labs, key));
        }
        // The data are on their way still: what a lost worker had comes one load after the other.
        Event::Data(_) if files::IS_SWITCHING.take() || client::is_restoring() => {}
        Event::Data(data) => {
            let opened = files::OPENED.take();
            if *data != before.data {
                files::took_data(labs, opened);
            }
        }
        _ => {}
    }
}

/// What was before an event that may change it.
pub(in crate::web) struct Before {
    data: DataSummary,
    /// The run that was asked for has settings of its own, not the form's.
    has_own_settings: bool,
}

/// Takes note of how things are before an event.
pub(in crate::web) fn before(labs: Labs) -> Before {
    labs.train.with_untracked(|lab| Before {
        data: lab.data.clone(),
        has_own_settings: lab.opening.is_some() || lab.resuming.is_some(),
    })
}

fn current_key(labs: Labs) -> Option<RunKey> {
    labs.train.with_untracked(|lab| lab.run.as_ref().and_then(|run| run.key.clone()))
}

/// What an earlier visit has left is brought back, once a visit, when it is first needed.
pub(in crate::web) fn restore_earlier_visit(labs: Labs) {
    static DONE: std::sync::Once = std::sync::Once::new();
    DONE.call_once(|| {
        tabs::hear_others(labs);
        spawn_local(async move {
            storage::files::clean().await;
            // What a tab that is gone has left of a run before its first record.
            for key in storage::runs::unfinished().await {
                forget(labs, key);
            }
            tabs::refresh(labs).await;
            let shown = labs.kept.with_untracked(|kept| {
                let readable = kept.runs.iter().filter(|run| run.head.is_some());
                readable.take(SHOWN).map(|run| run.key.clone()).collect::<Vec<_>>()
            });
            for key in shown.into_iter().rev() {
                show(labs, key).await;
            }
            let last = files::last_set();
            let is_free = labs.train.with_untracked(|train| train.status == Status::Idle);
            if is_free && labs.kept.with_untracked(|kept| kept.sets.iter().any(|(name, _)| *name == last)) {
                open_set(labs, last).await;
            }
        });
    });
}
