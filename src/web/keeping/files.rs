//! Uploaded files: which are kept, and which are loaded.

use std::cell::{Cell, RefCell};

use js_sys::Date;
use leptos::prelude::*;
use wasm_bindgen_futures::spawn_local;

use super::tabs::{refresh, tell_others};
use super::{MINE, complain, fresh_key};
use crate::labs::numbers::{bytes, count};
use crate::labs::train::TrainLab;
use crate::labs::train::kept::{FileSet, RunKey};
use crate::protocol::{About, Command, Source};
use crate::web::state::Labs;
use crate::web::storage::files;
use crate::web::uploads::MAX_KEPT;
use crate::web::{browser, client};

/// In the tab's storage, which outlives a reload, and in local storage: the set of files that the data were last from.
const LAST_SET: &str = "piecewise.files.last";

thread_local! {
    /// The files being loaded are those of this set.
    pub(super) static OPENED: RefCell<Option<String>> = const { RefCell::new(None) };
    /// Data are forgotten only to make place for kept ones.
    pub(super) static IS_SWITCHING: Cell<bool> = const { Cell::new(false) };
    /// Counts what has been decided about files, so that a slow copy is known to be out of date.
    static DECISION: Cell<u32> = const { Cell::new(0) };
}

/// The set of files that this tab's data were last from; in a new tab, any tab's.
pub(super) fn last_set() -> String {
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
pub(in crate::web) async fn open_set(labs: Labs, name: String) {
    let set =
        labs.kept.with_untracked(|kept| kept.sets.iter().find(|(own, _)| *own == name).map(|(_, set)| set.clone()));
    let Some(set) = set else { return };
    let held = files::use_set(&name).await;
    let Some(files) = files::open(&name, &set).await else {
        let message = "The browser has removed kept files to make room. Choose them again.";
        drop(held);
        files::forget(&name).await;
        complain(labs, About::Data, message);
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
    client::load(files, Some(set.decision));
}

/// Forgets kept files, unless a tab uses them.
pub(in crate::web) fn forget_set(labs: Labs, name: String) {
    spawn_local(async move {
        if !files::forget(&name).await {
            let message = "These files are in use, here or in another tab. Forget the data there first.";
            complain(labs, About::Data, message);
        }
        refresh(labs).await;
        tell_others();
    });
}

/// Loads the data of a run, where they are the sample or kept.
pub(in crate::web) fn load_data_of(labs: Labs, key: &RunKey) {
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

/// Said of files that are kept.
fn note_of(set: &FileSet) -> String {
    format!("Kept in this browser for the next visit: {}. “Forget data” removes them.", bytes(set.bytes()))
}

/// The data are others now. Files are kept for later visits; what was kept before stays, unless it is a part of what comes,
/// or the visitor wanted it gone.
pub(super) fn took_data(labs: Labs, opened: Option<String>) {
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
            let (files, decision) = client::files();
            if files.len() > MAX_KEPT {
                return note(Some(format!(
                    "{} files are too many to be kept in this browser. Pack them into one archive (zip or tar.gz) to have it kept.",
                    count(files.len())
                )));
            }
            let list = files.iter().map(|upload| (upload.path.clone(), upload.file.size() as u64)).collect();
            let set = FileSet { files: list, decision, data, saved_ms: Date::now() };
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
                        // What these were added to is a part of them now, and of use only to a run on that part alone.
                        let is_needless = |(part, old): &(String, FileSet)| {
                            *part != name && old.is_part_of(&set) && !labs.kept.read_untracked().has_run_on(&old.data)
                        };
                        if let Some((part, _)) = before.filter(is_needless) {
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
