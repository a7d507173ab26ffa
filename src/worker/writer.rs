//! Writes files for pages that may not do so themselves. What is written takes the file's place at once.

use js_sys::{Array, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Blob, DedicatedWorkerGlobalScope, FileSystemSyncAccessHandle, MessageEvent};

use crate::opfs::{self, WRITER};

/// Bytes of a file that are written at once.
const PIECE: f64 = 4_194_304.0;

/// Whether this worker was started to write.
pub(super) fn is_writer(scope: &DedicatedWorkerGlobalScope) -> bool {
    scope.name() == WRITER
}

/// The worker's end: writes what it is given, and says how that went.
pub(super) fn start_writer(scope: &DedicatedWorkerGlobalScope) {
    console_error_panic_hook::set_once();
    let on_message = Closure::<dyn Fn(MessageEvent)>::new({
        let scope = scope.clone();
        move |message: MessageEvent| {
            let (scope, parts) = (scope.clone(), message.data().unchecked_into::<Array>());
            spawn_local(async move {
                let problem = match write_here(&parts).await {
                    Ok(()) => JsValue::NULL,
                    Err(error) => js_sys::Reflect::get(&error, &"name".into()).unwrap_or_default(),
                };
                // A page that is gone hears nothing, and that is all.
                drop(scope.post_message(&Array::of2(&parts.get(0), &problem)));
            });
        }
    });
    scope.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    on_message.forget();
    drop(scope.post_message(&JsValue::NULL));
}

async fn write_here(parts: &Array) -> Result<(), JsValue> {
    let path: Vec<String> = parts.get(1).unchecked_into::<Array>().iter().filter_map(|name| name.as_string()).collect();
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    let (name, content) = (parts.get(2).as_string().unwrap_or_default(), parts.get(3));
    let error = |name: &str| -> JsValue {
        js_sys::Object::from_entries(&Array::of1(&Array::of2(&"name".into(), &name.into()))).unwrap_or_default().into()
    };
    let handle = opfs::handle(&path, &name, true).await.map_err(|_| error("NotAllowedError"))?;
    let access: FileSystemSyncAccessHandle = JsFuture::from(handle.create_sync_access_handle()).await?.unchecked_into();
    let written = fill(&access, &content, &error("QuotaExceededError")).await;
    access.close();
    written
}

async fn fill(access: &FileSystemSyncAccessHandle, content: &JsValue, full: &JsValue) -> Result<(), JsValue> {
    access.truncate_with_u32(0)?;
    let write = |bytes: &Uint8Array| {
        let written = access.write_with_buffer_source(bytes)?;
        if written < f64::from(bytes.length()) { Err(full.clone()) } else { Ok(()) }
    };
    if let Some(blob) = content.dyn_ref::<Blob>() {
        let mut start = 0.0;
        while start < blob.size() {
            let piece = blob.slice_with_f64_and_f64(start, (start + PIECE).min(blob.size()))?;
            write(&Uint8Array::new(&JsFuture::from(piece.array_buffer()).await?))?;
            start += PIECE;
        }
    } else {
        write(content.unchecked_ref())?;
    }
    access.flush()
}
