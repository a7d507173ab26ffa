//! What outlives a reload: the uploaded files and the last checkpoint, in the browser's own file system for this
//! origin. Where storage is denied or full, nothing is kept, a sentence says so, and all else works.

use std::cell::{Cell, RefCell};

use js_sys::{Promise, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Blob, File, FileSystemDirectoryHandle, FileSystemFileHandle, FileSystemGetFileOptions, FileSystemWritableFileStream,
};

use super::browser;
use leptos::prelude::window;

/// In local storage: a line for each kept file, its name in the file system and its own.
const INDEX: &str = "piecewise.files";
/// In local storage: names in the file system that are of no use any more.
const GARBAGE: &str = "piecewise.garbage";
const CHECKPOINT: &str = "checkpoint";

thread_local! {
    /// What is to become of the checkpoint next, and whether something is being done with it now.
    static WAITING: RefCell<(Option<Next>, bool)> = const { RefCell::new((None, false)) };
    /// Counts what has been decided about files, so that a slow copy is known to be out of date.
    static DECISION: Cell<u32> = const { Cell::new(0) };
}

/// What is to become of the checkpoint.
enum Next {
    Write(Uint8Array),
    Remove,
}

async fn folder() -> Result<FileSystemDirectoryHandle, JsValue> {
    let storage = js_sys::Reflect::get(&window().navigator(), &"storage".into())?;
    let storage: web_sys::StorageManager = storage.dyn_into()?;
    // A page of an address that is not safe has none.
    if !js_sys::Reflect::has(&storage, &"getDirectory".into())? {
        return Err("no file system".into());
    }
    JsFuture::from(storage.get_directory()).await?.dyn_into()
}

async fn handle(name: &str, create: bool) -> Result<FileSystemFileHandle, JsValue> {
    let options = FileSystemGetFileOptions::new();
    options.set_create(create);
    JsFuture::from(folder().await?.get_file_handle_with_options(name, &options)).await?.dyn_into()
}

async fn writable(name: &str) -> Result<FileSystemWritableFileStream, JsValue> {
    let handle = handle(name, true).await?;
    // Some browsers have the file system, but not this way to write.
    if !js_sys::Reflect::has(&handle, &"createWritable".into())? {
        return Err("files cannot be written".into());
    }
    JsFuture::from(handle.create_writable()).await?.dyn_into()
}

async fn file(name: &str) -> Result<File, JsValue> {
    JsFuture::from(handle(name, false).await?.get_file()).await?.dyn_into()
}

async fn remove(name: &str) -> Result<(), JsValue> {
    JsFuture::from(folder().await?.remove_entry(name)).await.map(drop)
}

/// The kept files: each one's name here, and its own.
fn index() -> Vec<(String, String)> {
    let lines = browser::stored(INDEX).unwrap_or_default();
    lines
        .lines()
        .filter_map(|line| line.split_once('\t'))
        .map(|(here, own)| (here.to_owned(), own.to_owned()))
        .collect()
}

/// Puts files aside to be removed on the next visit: until then, the page may still read them.
fn discard(names: impl Iterator<Item = String>) {
    let mut all = browser::stored(GARBAGE).unwrap_or_default();
    for name in names {
        all += &format!("{name}\n");
    }
    browser::store(GARBAGE, &all);
}

/// Removes what the last visit has put aside.
pub(super) async fn clean() {
    let names = browser::stored(GARBAGE).unwrap_or_default();
    browser::store(GARBAGE, "");
    for name in names.lines() {
        // One that is gone already is no harm.
        drop(remove(name).await);
    }
}

/// Keeps these files in place of those of before. Returns whether they still are what is to be kept: while they
/// were copied, others may have come, or the visitor may have wanted none.
///
/// # Errors
/// If there is no room, or no permission: then none is kept.
pub(super) async fn keep_files(files: Vec<File>) -> Result<bool, JsValue> {
    if files.is_empty() {
        return Err("no file".into());
    }
    forget_files();
    let decision = DECISION.get();
    let stamp = js_sys::Date::now();
    let here = |number: usize| format!("data-{stamp}-{number}");
    // Should the page be closed meanwhile, the next visit removes what there is.
    discard((0..files.len()).map(here));
    let mut lines = Vec::new();
    for (number, file) in files.iter().enumerate() {
        write(&here(number), |to| to.write_with_blob(file)).await?;
        lines.push(format!("{}\t{}", here(number), file.name().replace(['\n', '\t'], " ")));
    }
    if DECISION.get() != decision {
        return Ok(false);
    }
    browser::store(INDEX, &lines.join("\n"));
    let names: Vec<_> = (0..files.len()).map(here).collect();
    let garbage = browser::stored(GARBAGE).unwrap_or_default();
    let rest: String =
        garbage.lines().filter(|line| !names.iter().any(|name| name == line)).map(|line| format!("{line}\n")).collect();
    browser::store(GARBAGE, &rest);
    Ok(true)
}

async fn write(
    here: &str,
    what: impl FnOnce(&FileSystemWritableFileStream) -> Result<Promise, JsValue>,
) -> Result<(), JsValue> {
    let writable = writable(here).await?;
    JsFuture::from(what(&writable)?).await?;
    JsFuture::from(writable.close()).await.map(drop)
}

/// The kept files under their own names; none if one of them is gone.
pub(super) async fn kept_files() -> Vec<File> {
    let mut files = Vec::new();
    for (here, own) in index() {
        let Ok(file) = file(&here).await else { return Vec::new() };
        let blob: &Blob = &file;
        let Ok(file) = File::new_with_blob_sequence(&js_sys::Array::of1(blob), &own) else { return Vec::new() };
        files.push(file);
    }
    files
}

/// Keeps no files any more.
pub(super) fn forget_files() {
    DECISION.set(DECISION.get().wrapping_add(1));
    discard(index().into_iter().map(|(here, _)| here));
    browser::store(INDEX, "");
}

/// Keeps a checkpoint in place of the one of before; while one is written, only the newest waits.
pub(super) fn keep_checkpoint(checkpoint: Uint8Array) {
    next(Next::Write(checkpoint));
}

/// Does one thing with the checkpoint after the other; what waits gives way to what comes.
fn next(what: Next) {
    let is_busy = WAITING.with_borrow_mut(|waiting| {
        waiting.0 = Some(what);
        std::mem::replace(&mut waiting.1, true)
    });
    if is_busy {
        return;
    }
    wasm_bindgen_futures::spawn_local(async {
        while let Some(what) = WAITING.with_borrow_mut(|waiting| waiting.0.take()) {
            // Without room there is no checkpoint, and the run goes on all the same.
            drop(match what {
                Next::Write(bytes) => write(CHECKPOINT, |file| file.write_with_buffer_source(&bytes)).await,
                Next::Remove => remove(CHECKPOINT).await,
            });
        }
        WAITING.with_borrow_mut(|waiting| waiting.1 = false);
    });
}

/// The kept checkpoint, if there is one.
pub(super) async fn kept_checkpoint() -> Option<Vec<u8>> {
    let file = file(CHECKPOINT).await.ok()?;
    let buffer = JsFuture::from(file.array_buffer()).await.ok()?;
    Some(js_sys::Uint8Array::new(&buffer).to_vec()).filter(|bytes| !bytes.is_empty())
}

/// Drops the checkpoint, and one that waits to be written.
pub(super) fn forget_checkpoint() {
    next(Next::Remove);
}
