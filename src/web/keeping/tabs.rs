//! What this tab knows of others: what they write, and which runs they have.

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use leptos::prelude::*;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{BroadcastChannel, MessageEvent};

use super::{MINE, lock_of};
use crate::labs::train::kept::{KeptRun, KeptRuns, RunKey, Standing};
use crate::web::state::Labs;
use crate::web::storage::{files, locks, runs};

/// How often a tab looks whether others still have their runs.
const LOOK_EVERY_MS: u64 = 2_000;

/// Hears of what other tabs write, and looks from time to time whether they are still there.
pub(super) fn hear_others(labs: Labs) {
    let is_due = Rc::new(Cell::new(false));
    if let Ok(channel) = BroadcastChannel::new("piecewise") {
        let is_due = is_due.clone();
        let on_message = Closure::<dyn Fn(MessageEvent)>::new(move |_: MessageEvent| is_due.set(true));
        channel.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        // For as long as the page lives.
        on_message.forget();
        MINE.with_borrow_mut(|mine| mine.channel = Some(channel));
    }
    let look = move || {
        if document().hidden() {
            return;
        }
        let is_due = is_due.replace(false);
        spawn_local(async move {
            if is_due {
                refresh(labs).await;
                watch(labs).await;
            } else if labs.kept.with_untracked(|kept| kept.runs.iter().any(|run| may_change(kept, run))) {
                look_at_locks(labs).await;
            }
        });
    };
    // For as long as the page lives; the browser that has no timers has no page either.
    drop(set_interval_with_handle(look, Duration::from_millis(LOOK_EVERY_MS)));
}

fn may_change(kept: &KeptRuns, run: &KeptRun) -> bool {
    matches!(kept.standing(run), Standing::Elsewhere | Standing::Interrupted)
}

/// Says to other tabs that something was written or removed.
pub(super) fn tell_others() {
    MINE.with_borrow(|mine| {
        if let Some(channel) = &mine.channel {
            drop(channel.post_message(&JsValue::NULL));
        }
    });
}

/// Reads anew what is kept.
pub(super) async fn refresh(labs: Labs) {
    let (runs, sets) = (runs::list().await, files::list().await);
    labs.kept.update(|kept| {
        (kept.runs, kept.sets) = (runs, sets);
        kept.sort();
    });
    look_at_locks(labs).await;
}

/// Learns which runs other tabs have.
pub(super) async fn look_at_locks(labs: Labs) {
    let held = locks::held().await;
    let elsewhere = labs.kept.with_untracked(|kept| {
        let is_elsewhere = |key: &&RunKey| held.contains(&lock_of(key)) && !kept.here.contains(key);
        kept.runs.iter().map(|run| &run.key).filter(is_elsewhere).cloned().collect()
    });
    if labs.kept.with_untracked(|kept| kept.elsewhere != elsewhere) {
        labs.kept.update(|kept| kept.elsewhere = elsewhere);
    }
}

/// Draws anew what other tabs' runs have come to, of those that are drawn here.
async fn watch(labs: Labs) {
    let keys: Vec<RunKey> = labs.train.with_untracked(|lab| {
        let elsewhere = labs.kept.read_untracked().elsewhere.clone();
        lab.past.iter().filter_map(|run| run.key.clone()).filter(|key| elsewhere.contains(key)).collect()
    });
    for key in keys {
        show(labs, key).await;
    }
}

/// Draws a kept run's curves beside the others.
pub(in crate::web) async fn show(labs: Labs, key: RunKey) {
    if let Some(run) = runs::read(&key).await {
        labs.train.update(|lab| lab.show_kept(run));
    }
}
