//! Files that were dropped on the page, those in dropped folders too.

use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{DataTransfer, File, FileSystemDirectoryEntry, FileSystemEntry, FileSystemFileEntry};

use crate::web::uploads::{SLICE, Upload, breathe};

/// What was dropped. It has to be looked at before the event is over; folders are read after that.
///
/// # Errors
/// A sentence, if there is no file in the folders.
pub(in crate::web) fn dropped(transfer: &DataTransfer) -> impl Future<Output = Result<Vec<Upload>, String>> + use<> {
    let items = transfer.items();
    let entries: Vec<FileSystemEntry> =
        (0..items.length()).filter_map(|index| items.get(index)?.webkit_get_as_entry().ok().flatten()).collect();
    let plain: Vec<Upload> = transfer
        .files()
        .map(|files| (0..files.length()).filter_map(|index| files.get(index)).map(Upload::new).collect())
        .unwrap_or_default();
    async move {
        // Where nothing is known of entries, or there are no folders, the files are as they are.
        if entries.iter().all(FileSystemEntry::is_file) { Ok(plain) } else { in_folders(entries).await }
    }
}

/// All files in the folders. Each is waited for, so the page lives meanwhile.
async fn in_folders(mut entries: Vec<FileSystemEntry>) -> Result<Vec<Upload>, String> {
    let mut files = Vec::new();
    while let Some(entry) = entries.pop() {
        // Browsers do not agree on the names of these classes, but on what entries say of themselves.
        if entry.is_directory() {
            entries.extend(inside(entry.unchecked_ref()).await);
        } else if let Some(file) = file_of(entry.unchecked_ref()).await {
            let path = entry.full_path().trim_start_matches('/').to_owned();
            files.push(Upload { file, path });
            if files.len().is_multiple_of(SLICE) {
                breathe().await;
            }
        }
    }
    if files.is_empty() {
        return Err(
            "There is no file in what was dropped. Drop the folder that holds CIFAR-10’s batches, or the batches."
                .into(),
        );
    }
    Ok(files)
}

/// A folder's entries. A reader gives them in portions, the last of which is empty.
async fn inside(folder: &FileSystemDirectoryEntry) -> Vec<FileSystemEntry> {
    let reader = folder.create_reader();
    let mut entries = Vec::new();
    loop {
        let portion = JsFuture::from(js_sys::Promise::new(&mut |resolve, reject| {
            // A refusal comes by `reject`.
            drop(reader.read_entries_with_callback_and_callback(&resolve, &reject));
        }));
        let Ok(portion) = portion.await else { return entries };
        let portion = js_sys::Array::from(&portion);
        if portion.length() == 0 {
            return entries;
        }
        entries.extend(portion.iter().map(|entry| entry.unchecked_into::<FileSystemEntry>()));
    }
}

/// The file; none where it cannot be had.
async fn file_of(entry: &FileSystemFileEntry) -> Option<File> {
    let promise = js_sys::Promise::new(&mut |resolve, reject| entry.file_with_callback_and_callback(&resolve, &reject));
    JsFuture::from(promise).await.ok()?.dyn_into().ok()
}
