//! The browser's own file system for this origin (OPFS), in a page or a worker: folders and files by name.

use js_sys::Reflect;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    FileSystemDirectoryHandle, FileSystemFileHandle, FileSystemGetDirectoryOptions, FileSystemGetFileOptions,
    StorageManager,
};

use crate::labs::train::kept::Trouble;

/// By this name a worker knows that it is to write files, and no trainer.
pub(crate) const WRITER: &str = "writer";

/// What an exception means.
pub(crate) fn trouble(error: JsValue) -> Trouble {
    let name = Reflect::get(&error, &"name".into()).ok().and_then(|name| name.as_string());
    Trouble::of(&name.unwrap_or_default())
}

/// The folder of all that is kept. In a page or a worker.
async fn root() -> Result<FileSystemDirectoryHandle, Trouble> {
    let get = |object: &JsValue, name: &str| Reflect::get(object, &name.into()).map_err(trouble);
    let storage = get(&get(&js_sys::global(), "navigator")?, "storage")?;
    // A page of an address that is not safe has none.
    if !storage.is_object() || !Reflect::has(&storage, &"getDirectory".into()).map_err(trouble)? {
        return Err(Trouble::Missing);
    }
    let storage: StorageManager = storage.unchecked_into();
    JsFuture::from(storage.get_directory()).await.map(JsCast::unchecked_into).map_err(trouble)
}

/// A folder by the names on the way to it.
pub(crate) async fn folder(path: &[&str], create: bool) -> Result<FileSystemDirectoryHandle, Trouble> {
    let options = FileSystemGetDirectoryOptions::new();
    options.set_create(create);
    let mut folder = root().await?;
    for name in path {
        let next = JsFuture::from(folder.get_directory_handle_with_options(name, &options)).await;
        folder = next.map_err(trouble)?.unchecked_into();
    }
    Ok(folder)
}

/// A file's handle.
pub(crate) async fn handle(path: &[&str], name: &str, create: bool) -> Result<FileSystemFileHandle, Trouble> {
    let options = FileSystemGetFileOptions::new();
    options.set_create(create);
    let folder = folder(path, create).await?;
    let handle = JsFuture::from(folder.get_file_handle_with_options(name, &options)).await;
    handle.map(JsCast::unchecked_into).map_err(trouble)
}
