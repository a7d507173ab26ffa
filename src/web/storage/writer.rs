//! Asks a worker to write, for browsers that let only workers write files: Safari before 26, and WebKitGTK.
//!
//! The worker is the trainer's program under another name, started when first needed. What is written there takes the
//! file's place at once, so one that is cut off is known by its checksum only.

use std::cell::RefCell;
use std::collections::HashMap;
use std::time::Duration;

use js_sys::{Array, Function, Promise};
use leptos::prelude::set_timeout;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Event, MessageEvent, Worker, WorkerOptions, WorkerType};

use super::folder::Content;
use crate::labs::train::kept::Trouble;
use crate::labs::trainer::{PATIENCE_MS, Program};
use crate::opfs;
use crate::web::browser;

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
    options.set_name(opfs::WRITER);
    let worker = Worker::new_with_options(&Program::Baseline.script(&browser::trainers()), &options)?;
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
