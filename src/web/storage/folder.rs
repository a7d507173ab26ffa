//! Files in the browser's own file system for this origin: listed, read, written and removed by name.

use js_sys::{AsyncIterator, Reflect, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, File, FileSystemFileHandle, FileSystemRemoveOptions, FileSystemWritableFileStream};

use super::writer;
use crate::labs::train::kept::Trouble;
use crate::opfs::{folder, handle, trouble};

/// What a file is to hold.
#[derive(Clone)]
pub(super) enum Content {
    Bytes(Uint8Array),
    Blob(Blob),
}

/// The names in a folder; none if there is no such folder.
pub(super) async fn list(path: &[&str]) -> Vec<String> {
    let Ok(folder) = folder(path, false).await else { return Vec::new() };
    let names: AsyncIterator = folder.keys();
    let mut all = Vec::new();
    loop {
        let Ok(promise) = names.next() else { return all };
        let Ok(next) = JsFuture::from(promise).await else { return all };
        let of = |name: &str| Reflect::get(&next, &name.into()).unwrap_or_default();
        match of("value").as_string() {
            Some(name) => all.push(name),
            None => return all,
        }
    }
}

/// A file, to be read.
pub(super) async fn file(path: &[&str], name: &str) -> Result<File, Trouble> {
    let handle = handle(path, name, false).await?;
    JsFuture::from(handle.get_file()).await.map(JsCast::unchecked_into).map_err(trouble)
}

/// The bytes of a part of a file.
pub(super) async fn bytes(file: &Blob, start: f64, end: f64) -> Option<Vec<u8>> {
    let part = file.slice_with_f64_and_f64(start, end).ok()?;
    let buffer = JsFuture::from(part.array_buffer()).await.ok()?;
    Some(Uint8Array::new(&buffer).to_vec())
}

/// Removes a file, or a folder and all in it. One that is gone already is no harm.
pub(super) async fn remove(path: &[&str], name: &str) {
    let options = FileSystemRemoveOptions::new();
    options.set_recursive(true);
    if let Ok(folder) = folder(path, false).await {
        drop(JsFuture::from(folder.remove_entry_with_options(name, &options)).await);
    }
}

/// Writes a file in place of one that may be there. If that fails, the one that was there stays; where there was none,
/// none stays behind.
pub(super) async fn write(path: &[&str], name: &str, content: Content) -> Result<(), Trouble> {
    let is_new = handle(path, name, false).await.is_err();
    let written = match handle(path, name, true).await {
        // Some browsers have the file system, but let only workers write.
        Ok(handle) if Reflect::has(&handle, &"createWritable".into()).unwrap_or(false) => {
            write_here(&handle, content).await
        }
        Ok(_) => writer::write(path, name, content).await,
        Err(trouble) => Err(trouble),
    };
    if written.is_err() && is_new {
        remove(path, name).await;
    }
    written
}

/// What is written takes the file's place when the stream is closed, not before.
async fn write_here(handle: &FileSystemFileHandle, content: Content) -> Result<(), Trouble> {
    let stream = JsFuture::from(handle.create_writable()).await.map_err(trouble)?;
    let stream: FileSystemWritableFileStream = stream.unchecked_into();
    let promise = match &content {
        Content::Bytes(bytes) => stream.write_with_buffer_source(bytes),
        Content::Blob(blob) => stream.write_with_blob(blob),
    };
    let written = match promise {
        Ok(promise) => JsFuture::from(promise).await.map(drop),
        Err(error) => Err(error),
    };
    if let Err(error) = written {
        // It may be over already.
        drop(JsFuture::from(stream.abort()).await);
        return Err(trouble(error));
    }
    JsFuture::from(stream.close()).await.map(drop).map_err(trouble)
}

/// Does nothing for a while.
pub(super) async fn rest(ms: u64) {
    let rest = js_sys::Promise::new(&mut |done, _| {
        let done = move || drop(done.call0(&JsValue::NULL));
        leptos::prelude::set_timeout(done, std::time::Duration::from_millis(ms));
    });
    drop(JsFuture::from(rest).await);
}
