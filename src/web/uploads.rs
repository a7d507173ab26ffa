//! Files on their way to the worker, with the folders that they came in.

use leptos::prelude::window;
use wasm_bindgen_futures::JsFuture;
use web_sys::{File, FileList};

/// Files that are passed on between two frames.
pub(super) const SLICE: usize = 500;
/// Most files that are kept for the next visit: each is copied by itself.
pub(super) const MAX_KEPT: usize = 200;

/// A file, and its path within what was chosen, whose parts `/` divides.
#[derive(Clone, Debug)]
pub(super) struct Upload {
    pub file: File,
    pub path: String,
}

impl Upload {
    /// A file that may have come with a folder.
    pub(super) fn new(file: File) -> Self {
        let within = js_sys::Reflect::get(&file, &"webkitRelativePath".into()).ok().and_then(|path| path.as_string());
        let path = within.filter(|path| !path.is_empty()).unwrap_or_else(|| file.name());
        Self { file, path }
    }

    /// Files with their folders. There may be many: between slices, the page lives.
    pub(super) async fn all(files: Vec<File>) -> Vec<Self> {
        let mut uploads = Vec::with_capacity(files.len());
        for file in files {
            uploads.push(Self::new(file));
            if uploads.len().is_multiple_of(SLICE) {
                breathe().await;
            }
        }
        uploads
    }
}

/// The files of a list, which may be long: between slices, the page lives.
pub(super) async fn listed(list: FileList) -> Vec<File> {
    let mut files = Vec::with_capacity(list.length() as usize);
    for at in 0..list.length() {
        if at > 0 && (at as usize).is_multiple_of(SLICE) {
            breathe().await;
        }
        files.extend(list.get(at));
    }
    files
}

/// Lets the browser draw and hear before it goes on.
pub(super) async fn breathe() {
    let promise = js_sys::Promise::new(&mut |resolve, _| {
        // Without a timer it would never go on, but every window has one.
        drop(window().set_timeout_with_callback(&resolve));
    });
    drop(JsFuture::from(promise).await);
}
