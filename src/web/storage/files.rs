//! Uploaded files for later visits: each set in a folder of its own, with a description that is written last. A folder
//! without one was not finished, or is to be forgotten.

use js_sys::{Array, Uint8Array};
use web_sys::{Blob, File};

use super::folder::{self, Content};
use super::locks::{self, Held, Mode};
use crate::labs::train::kept::{FileSet, Trouble};
use crate::web::uploads::Upload;

const FILES: &str = "files";
const DESCRIPTION: &str = "description";

/// The lock that a tab holds, with others, while it uses a set, and alone while it removes one.
fn lock(name: &str) -> String {
    format!("piecewise.files.{name}")
}

/// Keeps a tab's use of a set in everyone's mind: nobody removes it meanwhile.
pub(in crate::web) async fn use_set(name: &str) -> Option<Held> {
    locks::take(&lock(name), Mode::Shared).await
}

/// All sets that are whole, with their names, the last kept first.
pub(in crate::web) async fn list() -> Vec<(String, FileSet)> {
    let mut sets = Vec::new();
    for name in folder::list(&[FILES]).await {
        if let Some(set) = description(&name).await {
            sets.push((name, set));
        }
    }
    sets.sort_by(|a, b| b.1.saved_ms.total_cmp(&a.1.saved_ms));
    sets
}

async fn description(name: &str) -> Option<FileSet> {
    let file = folder::file(&[FILES, name], DESCRIPTION).await.ok()?;
    FileSet::decode(&folder::bytes(&file, 0.0, file.size()).await?)
}

/// Copies files into a new set of this name. Whoever calls this uses the set already.
pub(in crate::web) async fn keep(name: &str, files: &[Upload], set: &FileSet) -> Result<(), Trouble> {
    let result = write(name, files, set).await;
    if result.is_err() {
        folder::remove(&[FILES], name).await;
    }
    result
}

async fn write(name: &str, files: &[Upload], set: &FileSet) -> Result<(), Trouble> {
    let path = [FILES, name];
    for (number, upload) in files.iter().enumerate() {
        let blob: &Blob = &upload.file;
        folder::write(&path, &number.to_string(), Content::Blob(blob.clone())).await?;
    }
    folder::write(&path, DESCRIPTION, Content::Bytes(Uint8Array::from(&set.encode()[..]))).await
}

/// The files of a set with their paths; `None` if one of them is gone, as when the browser has made room.
pub(in crate::web) async fn open(name: &str, set: &FileSet) -> Option<Vec<Upload>> {
    let mut files = Vec::new();
    for (number, (path, bytes)) in set.files.iter().enumerate() {
        let file = folder::file(&[FILES, name], &number.to_string()).await.ok()?;
        if file.size() as u64 != *bytes {
            return None;
        }
        let blob: &Blob = &file;
        let own_name = path.rsplit('/').next().unwrap_or(path);
        let file = File::new_with_blob_sequence(&Array::of1(blob), own_name).ok()?;
        files.push(Upload { file, path: path.clone() });
    }
    Some(files)
}

/// Forgets a set, unless another tab uses it. Returns whether it did.
pub(in crate::web) async fn forget(name: &str) -> bool {
    let Some(_alone) = locks::take_alone(&lock(name)).await else { return false };
    folder::remove(&[FILES], name).await;
    true
}

/// Keeps a set for this visit only.
pub(in crate::web) async fn put_aside(name: &str) {
    folder::remove(&[FILES, name], DESCRIPTION).await;
}

/// Removes what was left unfinished or put aside by a tab that is gone.
pub(in crate::web) async fn clean() {
    for name in folder::list(&[FILES]).await {
        if description(&name).await.is_none() {
            forget(&name).await;
        }
    }
}
