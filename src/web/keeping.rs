//! Keeps what should outlive a reload, and brings it back: runs, the form, uploaded files; and sees to it that two tabs do
//! not take the same run for theirs.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::time::Duration;

use js_sys::{Date, Uint8Array};
use leptos::prelude::*;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{BroadcastChannel, File, MessageEvent};

use super::app::Labs;
use super::storage::files;
use super::storage::locks::{self, Held};
use super::storage::runs::{self, RunJob};
use super::{browser, client};
use crate::labs::numbers::bytes;
use crate::labs::train::kept::{
    Drop, FileSet, Job, KeptHead, KeptRun, KeptRuns, Package, RunKey, Standing, Trouble, record, to_drop,
};
use crate::labs::train::{Form, Problem, Resuming, RunHistory, Status, TrainLab};
use crate::protocol::{About, Command, Event, RunId, Source};
use crate::train::CheckpointHead;

/// In local storage: the form as it was last.
const FORM: &str = "piecewise.form";
/// In the tab's storage, which outlives a reload, and in local storage: the set of files that the data were last from.
const LAST_SET: &str = "piecewise.files.last";
/// A run's record is written at most so often while it goes on.
const RECORD_EVERY_MS: u64 = 5_000;
/// How often a tab looks whether others still have their runs.
const LOOK_EVERY_MS: u64 = 2_000;
/// Runs of earlier visits whose curves are drawn at once.
const SHOWN: usize = 5;
/// The largest file that is taken for a run.
const MAX_PACKAGE: f64 = 512.0 * 1024.0 * 1024.0;

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
    /// Runs whose record is to be written in a while.
    due: Vec<RunKey>,
    /// To other tabs.
    channel: Option<BroadcastChannel>,
}

thread_local! {
    static MINE: RefCell<Mine> = RefCell::default();
    static LABS: Cell<Option<Labs>> = const { Cell::new(None) };
    /// The files being loaded are those of this set.
    static OPENED: RefCell<Option<String>> = const { RefCell::new(None) };
    /// Data are forgotten only to make place for kept ones.
    static IS_SWITCHING: Cell<bool> = const { Cell::new(false) };
    /// Counts what has been decided about files, so that a slow copy is known to be out of date.
    static DECISION: Cell<u32> = const { Cell::new(0) };
}

fn lock_of(key: &RunKey) -> String {
    format!("piecewise.run.{}", key.as_str())
}

fn fresh_key() -> RunKey {
    RunKey::new(browser::random_bits())
}

/// Begins: the form is as it was, and what happens to files is heard of.
pub(super) fn begin(labs: Labs) {
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
    runs::listen(move |job, result| written(labs, job, result));
}

/// Takes note of what the worker says, once the lab has.
pub(super) fn follow(labs: Labs, event: &Event, before: &Before) {
    match event {
        Event::Started { .. } => started(labs, before),
        Event::Report { report: Some(_), .. } | Event::Scale { scale: Some(_), .. } | Event::FirstLayer { .. } => {
            save_soon(labs);
        }
        Event::Gradients { total, done, .. } if total == done => save_soon(labs),
        Event::LossLine { line, .. } if line.evidence.is_some() => save_soon(labs),
        Event::LearningRate { .. } | Event::Paused { .. } => save(labs, current_key(labs)),
        Event::Ended { .. } => over(labs, current_key(labs)),
        Event::Crashed { .. } => {
            OPENED.take();
            over(labs, current_key(labs));
        }
        Event::Refused { .. } | Event::Unavailable { .. } => {
            OPENED.take();
            let current = current_key(labs).filter(|_| labs.train.with_untracked(|lab| lab.status.has_run()));
            let others = MINE.with_borrow(|mine| {
                mine.runs.keys().filter(|key| Some(*key) != current.as_ref()).cloned().collect::<Vec<_>>()
            });
            others.iter().for_each(|key| release(labs, key));
        }
        // The data are on their way still: what a lost worker had comes one load after the other.
        Event::Data(_) if IS_SWITCHING.take() || client::is_restoring() => {}
        Event::Data(data) => {
            let opened = OPENED.take();
            if *data != before.data {
                took_data(labs, opened);
            }
        }
        _ => {}
    }
}

/// What was before an event that may change it.
pub(super) struct Before {
    data: crate::protocol::DataSummary,
    /// The run that was asked for has settings of its own, not the form's.
    has_own_settings: bool,
}

/// Takes note of how things are before an event.
pub(super) fn before(labs: Labs) -> Before {
    labs.train.with_untracked(|lab| Before {
        data: lab.data.clone(),
        has_own_settings: lab.opening.is_some() || lab.resuming.is_some(),
    })
}

fn current_key(labs: Labs) -> Option<RunKey> {
    labs.train.with_untracked(|lab| lab.run.as_ref().and_then(|run| run.key.clone()))
}

/// A run has started, or goes on: from now on it is this tab's.
fn started(labs: Labs, before: &Before) {
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
fn over(labs: Labs, key: Option<RunKey>) {
    save(labs, key.clone());
    if let Some(key) = key {
        release(labs, &key);
    }
}

fn release(labs: Labs, key: &RunKey) {
    MINE.with_borrow_mut(|mine| drop(mine.runs.remove(key)));
    labs.kept.update(|kept| {
        kept.here.remove(key);
    });
}

/// Keeps a checkpoint of the run under way.
pub(super) fn keep_checkpoint(run: RunId, checkpoint: Uint8Array) {
    let Some(labs) = LABS.get() else { return };
    let key = labs.train.with_untracked(|lab| lab.run.as_ref().filter(|last| last.id == run)?.key.clone());
    let (Some(key), Some(epoch)) = (key, epoch_of(&checkpoint)) else { return };
    runs::push(Job::Checkpoint(key, epoch, checkpoint));
}

fn epoch_of(checkpoint: &Uint8Array) -> Option<usize> {
    let first = |length: usize| checkpoint.subarray(0, length.min(checkpoint.length() as usize) as u32).to_vec();
    let length = CheckpointHead::len(&first(CheckpointHead::PRELUDE)).ok()?;
    CheckpointHead::read(&first(length)).ok().map(|head| head.epoch)
}

/// Keeps a run's record as it is now, unless another tab has the run by now.
fn save(labs: Labs, key: Option<RunKey>) {
    let Some(key) = key else { return };
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
pub(super) fn save_run(labs: Labs, id: RunId) {
    save(labs, labs.train.with_untracked(|lab| lab.runs().find(|run| run.id == id)?.key.clone()));
}

/// Keeps the last run's record in a while.
pub(super) fn save_soon(labs: Labs) {
    let Some(key) = current_key(labs) else { return };
    let is_new = MINE.with_borrow_mut(|mine| {
        let is_new = !mine.due.contains(&key);
        if is_new {
            mine.due.push(key.clone());
        }
        is_new
    });
    if is_new {
        let write = move || {
            MINE.with_borrow_mut(|mine| mine.due.retain(|due| *due != key));
            save(labs, Some(key));
        };
        set_timeout(write, Duration::from_millis(RECORD_EVERY_MS));
    }
}

/// A job on a run's files is done, or could not be done.
fn written(labs: Labs, job: &RunJob, result: Result<(), Trouble>) {
    let key = job.key().clone();
    if current_key(labs).as_ref() == Some(&key) {
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
        runs::push(match drop {
            Drop::Run(key) => Job::Remove(key),
            Drop::Checkpoint(key) => Job::RemoveCheckpoint(key),
        });
    }
}

fn tell_others() {
    MINE.with_borrow(|mine| {
        if let Some(channel) = &mine.channel {
            drop(channel.post_message(&JsValue::NULL));
        }
    });
}

/// What an earlier visit has left is brought back, once a visit, when it is first needed.
pub(super) fn restore_earlier_visit(labs: Labs) {
    static DONE: std::sync::Once = std::sync::Once::new();
    DONE.call_once(|| {
        hear_others(labs);
        spawn_local(async move {
            files::clean().await;
            // What a tab that is gone has left of a run before its first record.
            for key in runs::unfinished().await {
                forget(labs, key);
            }
            refresh(labs).await;
            let shown = labs.kept.with_untracked(|kept| {
                let readable = kept.runs.iter().filter(|run| run.head.is_some());
                readable.take(SHOWN).map(|run| run.key.clone()).collect::<Vec<_>>()
            });
            for key in shown.into_iter().rev() {
                show(labs, key).await;
            }
            let last = last_set();
            let is_free = labs.train.with_untracked(|train| train.status == Status::Idle);
            if is_free && labs.kept.with_untracked(|kept| kept.sets.iter().any(|(name, _)| *name == last)) {
                open_set(labs, last).await;
            }
        });
    });
}

/// Hears of what other tabs write, and looks from time to time whether they are still there.
fn hear_others(labs: Labs) {
    let is_due = std::rc::Rc::new(Cell::new(false));
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

/// Reads anew what is kept.
async fn refresh(labs: Labs) {
    let (runs, sets) = (runs::list().await, files::list().await);
    labs.kept.update(|kept| {
        (kept.runs, kept.sets) = (runs, sets);
        kept.sort();
    });
    look_at_locks(labs).await;
}

/// Learns which runs other tabs have.
async fn look_at_locks(labs: Labs) {
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
pub(super) async fn show(labs: Labs, key: RunKey) {
    if let Some(run) = runs::read(&key).await {
        labs.train.update(|lab| lab.show_kept(run));
    }
}

/// Changes a run's name or note, here and in storage.
pub(super) fn edit(labs: Labs, key: RunKey, change: impl FnOnce(&mut RunHistory) + 'static) {
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
pub(super) fn forget(labs: Labs, key: RunKey) {
    spawn_local(async move {
        let Some(_mine) = locks::take_alone(&lock_of(&key)).await else {
            return look_at_locks(labs).await;
        };
        runs::push(Job::Remove(key));
    });
}

/// Goes on with a kept run from its checkpoint, if no other tab has it.
pub(super) fn resume(labs: Labs, key: RunKey) {
    let say = move |message: &str| {
        let problem = Problem { about: About::Command, message: message.into() };
        labs.train.update(|lab| lab.problem = Some(problem));
    };
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

/// Offers a run as one file to save.
pub(super) fn export(labs: Labs, key: RunKey) {
    spawn_local(async move {
        let Some(record) = runs::record(&key).await else { return };
        let checkpoint = runs::checkpoint(&key).await;
        let size = checkpoint.as_ref().map_or(0.0, |file| file.size());
        let prelude = Package::prelude(record.size() as usize, size as usize);
        let parts = js_sys::Array::of2(&Uint8Array::from(&prelude[..]), &record);
        if let Some(checkpoint) = &checkpoint {
            parts.push(checkpoint);
        }
        let name = labs.kept.with_untracked(|kept| {
            kept.find(&key).and_then(|run| run.head.as_ref()).map(|head| crate::labs::train::file_name(&head.name))
        });
        browser::download_parts(&format!("{}.piecewise-run", name.unwrap_or_else(|| "piecewise-run".into())), &parts);
    });
}

/// Takes a run in from a file.
pub(super) fn import(labs: Labs, file: File) {
    spawn_local(async move {
        let name = file.name();
        let package = if file.size() > MAX_PACKAGE {
            Err(format!("“{name}” is larger than any run. Choose a file that ends in .piecewise-run."))
        } else {
            match runs::all_bytes(&file).await {
                Some(bytes) => Package::decode(&bytes).map_err(|error| format!("“{name}”: {error}")),
                None => Err(format!("“{name}” could not be read. Choose it again.")),
            }
        };
        match package {
            Ok(Package { mut run, checkpoint }) => {
                // A copy: the run of before may be kept here, too.
                let key = fresh_key();
                run.key = Some(key.clone());
                if let Some(checkpoint) = checkpoint {
                    let checkpoint = Uint8Array::from(&checkpoint[..]);
                    let epoch = epoch_of(&checkpoint).unwrap_or_default();
                    runs::push(Job::Checkpoint(key.clone(), epoch, checkpoint));
                }
                runs::push(Job::Record(key, Uint8Array::from(&record::encode(&run)[..])));
                labs.train.update(|lab| {
                    lab.problem = None;
                    lab.show_kept(run);
                });
            }
            Err(message) => {
                labs.train.update(|lab| lab.problem = Some(Problem { about: About::Command, message }));
            }
        }
    });
}

/// The set of files that this tab's data were last from; in a new tab, any tab's.
fn last_set() -> String {
    let of_tab = window().session_storage().ok().flatten().and_then(|tab| tab.get_item(LAST_SET).ok().flatten());
    of_tab.or_else(|| browser::stored(LAST_SET)).unwrap_or_default()
}

fn remember_set(name: &str) {
    if let Ok(Some(tab)) = window().session_storage() {
        drop(tab.set_item(LAST_SET, name));
    }
    browser::store(LAST_SET, name);
}

/// Loads the files of a kept set.
pub(super) async fn open_set(labs: Labs, name: String) {
    let set =
        labs.kept.with_untracked(|kept| kept.sets.iter().find(|(own, _)| *own == name).map(|(_, set)| set.clone()));
    let Some(set) = set else { return };
    let held = files::use_set(&name).await;
    let Some(files) = files::open(&name, &set).await else {
        let message = "The browser has removed kept files to make room. Choose them again.".to_owned();
        drop(held);
        files::forget(&name).await;
        labs.train.update(|lab| lab.problem = Some(Problem { about: About::Data, message }));
        return refresh(labs).await;
    };
    if labs.train.with_untracked(TrainLab::is_busy) {
        return;
    }
    if labs.train.with_untracked(|lab| lab.data.source == Source::Files) {
        IS_SWITCHING.set(true);
        client::send(&Command::ForgetData);
    }
    labs.train.update(TrainLab::start_loading);
    MINE.with_borrow_mut(|mine| mine.set = held);
    OPENED.set(Some(name));
    client::load(files);
}

/// Forgets kept files, unless a tab uses them.
pub(super) fn forget_set(labs: Labs, name: String) {
    spawn_local(async move {
        if !files::forget(&name).await {
            let message = "These files are in use, here or in another tab. Forget the data there first.".into();
            labs.train.update(|lab| lab.problem = Some(Problem { about: About::Data, message }));
        }
        refresh(labs).await;
        tell_others();
    });
}

/// Said of files that are kept.
fn note_of(set: &FileSet) -> String {
    format!("Kept in this browser for the next visit: {}. “Forget data” removes them.", bytes(set.bytes()))
}

/// The data are others now. Files are kept for later visits; what was kept before stays, unless it is a part of what comes,
/// or the visitor wanted it gone.
fn took_data(labs: Labs, opened: Option<String>) {
    let data = labs.train.with_untracked(|lab| lab.data.clone());
    let decision = DECISION.get().wrapping_add(1);
    DECISION.set(decision);
    let before = labs.kept.with_untracked(|kept| {
        let here = kept.set_here.as_ref()?;
        kept.sets.iter().find(|(name, _)| name == here).cloned()
    });
    let is_current = move || DECISION.get() == decision;
    let note = move |text: Option<String>| labs.train.update(|lab| lab.kept = text);
    match (data.source, opened) {
        (Source::Files, Some(name)) => {
            remember_set(&name);
            let set = labs
                .kept
                .with_untracked(|kept| kept.sets.iter().find(|(own, _)| *own == name).map(|(_, set)| note_of(set)));
            labs.kept.update(|kept| kept.set_here = Some(name));
            note(set);
        }
        (Source::Files, None) => {
            let files = client::files();
            let list = files.iter().map(|file| (file.name(), file.size() as u64)).collect();
            let set = FileSet { files: list, data, saved_ms: Date::now() };
            let same = labs.kept.with_untracked(|kept| {
                kept.sets.iter().find(|(_, old)| old.is_same(&set)).map(|(name, _)| name.clone())
            });
            spawn_local(async move {
                let (name, is_there) =
                    same.map_or_else(|| (fresh_key().as_str().to_owned(), false), |name| (name, true));
                let held = files::use_set(&name).await;
                let kept = if is_there { Ok(()) } else { files::keep(&name, &files, &set).await };
                if !is_current() {
                    // Others have come meanwhile, or the visitor wants none.
                    drop(held);
                    if !is_there {
                        files::forget(&name).await;
                    }
                    return;
                }
                match kept {
                    Ok(()) => {
                        let earlier = MINE.with_borrow_mut(|mine| std::mem::replace(&mut mine.set, held));
                        remember_set(&name);
                        note(Some(note_of(&set)));
                        labs.kept.update(|kept| kept.set_here = Some(name.clone()));
                        // What these were added to is a part of them now.
                        if let Some((part, _)) = before.filter(|(part, old)| *part != name && old.is_part_of(&set)) {
                            MINE.with_borrow_mut(|mine| mine.parts.extend(earlier));
                            files::put_aside(&part).await;
                        }
                        refresh(labs).await;
                        tell_others();
                    }
                    Err(trouble) => note(Some(trouble.of_files())),
                }
            });
        }
        (Source::Sample, _) => {
            remember_set("");
            MINE.with_borrow_mut(|mine| mine.set = None);
            labs.kept.update(|kept| kept.set_here = None);
            note(None);
        }
        (Source::None, _) => {
            remember_set("");
            MINE.with_borrow_mut(|mine| {
                mine.set = None;
                mine.parts.clear();
            });
            labs.kept.update(|kept| kept.set_here = None);
            note(None);
            if let Some((name, _)) = before {
                spawn_local(async move {
                    // Another tab that uses them keeps them.
                    files::forget(&name).await;
                    refresh(labs).await;
                    tell_others();
                });
            }
        }
    }
}

/// Loads the data of a run, where they are the sample or kept.
pub(super) fn load_data_of(labs: Labs, key: &RunKey) {
    let data =
        labs.kept.with_untracked(|kept| kept.find(key).and_then(|run| run.head.as_ref()).map(|head| head.data.clone()));
    let Some(data) = data else { return };
    if labs.train.with_untracked(TrainLab::is_busy) {
        return;
    }
    match (data.source, data.sample_seed) {
        (Source::Sample, seed) => {
            labs.train.update(TrainLab::start_loading);
            client::send(&Command::LoadSample { seed: seed.unwrap_or(1) });
        }
        (Source::Files, _) => {
            let set = labs.kept.with_untracked(|kept| kept.set_for(&data).map(|(name, _)| name.clone()));
            if let Some(name) = set {
                spawn_local(open_set(labs, name));
            }
        }
        (Source::None, _) => {}
    }
}

/// Forgets a run's checkpoint, unless a tab has the run; its curves stay.
pub(super) fn forget_checkpoint(labs: Labs, key: RunKey) {
    spawn_local(async move {
        match locks::take_alone(&lock_of(&key)).await {
            Some(_mine) => runs::push(Job::RemoveCheckpoint(key)),
            None => look_at_locks(labs).await,
        }
    });
}

/// The page may be closed soon: what is due is written now.
pub(super) fn save_now(labs: Labs) {
    if labs.train.with_untracked(|lab| lab.status.has_run()) {
        save(labs, current_key(labs));
    }
}
