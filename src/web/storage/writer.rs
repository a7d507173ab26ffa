//! Writing in a worker, for browsers that let only workers write files: Safari before 26, and WebKitGTK.
//!
//! The worker is the trainer's program under another name, started when first needed. What is written there takes the
//! file's place at once, so one that is cut off is known by its checksum only.

use std::cell::RefCell;
use std::collections::HashMap;
use std::time::Duration;

use js_sys::{Array, Function, Promise, Uint8Array};
use leptos::prelude::set_timeout;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    Blob, DedicatedWorkerGlobalScope, Event, FileSystemSyncAccessHandle, MessageEvent, Worker, WorkerOptions,
    WorkerType,
};

use super::folder::{self, Content};
use crate::labs::train::kept::Trouble;
use crate::labs::trainer::{PATIENCE_MS, Program};

/// By its name a worker knows that it is to write, and no trainer.
const NAME: &str = "writer";
/// Bytes of a file that are written at once.
const PIECE: f64 = 4_194_304.0;
/// The name of the exception of a browser in which this does not work either.
const MISSING: &str = "NotSupportedError";

/// The page's end.
#[derive(Default)]
struct Writer {
    worker: Option<Worker>,
    is_up: bool,
    queue: Vec<Array>,
    /// Who waits for the answer to which message.
    waiting: HashMap<u32, Function>,
    next: u32,
}

thread_local!(static WRITER: RefCell<Writer> = RefCell::default());

/// Writes a file.
pub(super) async fn write(path: &[&str], name: &str, content: Content) -> Result<(), Trouble> {
    let path: Array = path.iter().copied().map(JsValue::from_str).collect();
    let content: JsValue = match content {
        Content::Bytes(bytes) => bytes.into(),
        Content::Blob(blob) => blob.into(),
    };
    let answer = Promise::new(&mut |resolve, _| {
        WRITER.with_borrow_mut(|writer| writer.send(&path, name, &content, resolve));
    });
    match JsFuture::from(answer).await.ok().and_then(|answer| answer.as_string()) {
        None => Ok(()),
        Some(name) => Err(Trouble::of(&name)),
    }
}

impl Writer {
    fn send(&mut self, path: &Array, name: &str, content: &JsValue, answer: Function) {
        if self.worker.is_none() {
            match start_worker() {
                Ok(worker) => self.worker = Some(worker),
                Err(_) => return drop(answer.call1(&JsValue::NULL, &MISSING.into())),
            }
        }
        self.next += 1;
        self.waiting.insert(self.next, answer);
        let message = Array::of4(&self.next.into(), path, &name.into(), content);
        match &self.worker {
            Some(worker) if self.is_up => drop(worker.post_message(&message)),
            _ => self.queue.push(message),
        }
    }

    fn hear(&mut self, answer: &JsValue) {
        let Some(answer) = answer.dyn_ref::<Array>() else {
            // The greeting.
            self.is_up = true;
            for message in self.queue.drain(..) {
                if let Some(worker) = &self.worker {
                    drop(worker.post_message(&message));
                }
            }
            return;
        };
        let number = answer.get(0).as_f64().unwrap_or_default() as u32;
        if let Some(resolve) = self.waiting.remove(&number) {
            drop(resolve.call1(&JsValue::NULL, &answer.get(1)));
        }
    }

    /// It is lost: nothing that waits was written.
    fn give_up(&mut self) {
        if let Some(worker) = self.worker.take() {
            worker.terminate();
        }
        self.is_up = false;
        self.queue.clear();
        for (_, resolve) in self.waiting.drain() {
            drop(resolve.call1(&JsValue::NULL, &MISSING.into()));
        }
    }
}

fn start_worker() -> Result<Worker, JsValue> {
    let options = WorkerOptions::new();
    options.set_type(WorkerType::Module);
    options.set_name(NAME);
    let worker = Worker::new_with_options(&Program::Baseline.script(), &options)?;
    let on_message = Closure::<dyn Fn(MessageEvent)>::new(|message: MessageEvent| {
        WRITER.with_borrow_mut(|writer| writer.hear(&message.data()));
    });
    let on_error = Closure::<dyn Fn(Event)>::new(|event: Event| {
        event.prevent_default();
        WRITER.with_borrow_mut(Writer::give_up);
    });
    worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
    // For as long as the page lives.
    on_message.forget();
    on_error.forget();
    let look = || {
        WRITER.with_borrow_mut(|writer| {
            if !writer.is_up {
                writer.give_up();
            }
        });
    };
    set_timeout(look, Duration::from_millis(PATIENCE_MS));
    Ok(worker)
}

/// Whether this worker was started to write.
pub(in crate::web) fn is_writer(scope: &DedicatedWorkerGlobalScope) -> bool {
    scope.name() == NAME
}

/// The worker's end: writes what it is given, and says how that went.
pub(in crate::web) fn start_writer(scope: &DedicatedWorkerGlobalScope) {
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
    let handle = folder::handle(&path, &name, true).await.map_err(|_| error("NotAllowedError"))?;
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
