//! A member's end: it joins, serves, and says if it crashes.

use std::cell::RefCell;

use js_sys::{Array, Int32Array, SharedArrayBuffer, Uint8Array, Uint32Array};
use wasm_bindgen::prelude::*;
use web_sys::{DedicatedWorkerGlobalScope, ErrorEvent, MessageEvent};

use super::{SharedTeam, lose};
use crate::protocol;
use crate::train::{Config, serve};

/// By its name a worker knows that it is a member, and no trainer.
pub(super) const NAME: &str = "member";

thread_local!(static COUNTERS: RefCell<Option<Int32Array>> = const { RefCell::new(None) });

/// Whether this worker was started by a trainer.
pub(in crate::worker) fn is_member(scope: &DedicatedWorkerGlobalScope) -> bool {
    scope.name() == NAME
}

/// Runs the worker as a member.
pub(in crate::worker) fn start_member(scope: &DedicatedWorkerGlobalScope) {
    console_error_panic_hook::set_once();
    // Panics end here too, and so does a memory that is full.
    let on_error = Closure::<dyn Fn(ErrorEvent)>::new(|error: ErrorEvent| {
        error.prevent_default();
        COUNTERS.with_borrow(|counters| {
            if let Some(counters) = counters {
                lose(counters);
            }
        });
    });
    // A scope that is being ended refuses; then it is over anyway.
    drop(scope.add_event_listener_with_callback("error", on_error.as_ref().unchecked_ref()));
    on_error.forget();
    let on_message = Closure::<dyn Fn(MessageEvent)>::new({
        let scope = scope.clone();
        move |message: MessageEvent| join(&scope, &message.data().unchecked_into())
    });
    scope.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    on_message.forget();
    say(scope);
}

/// Anything that is said first means that this worker is up, and then that it has joined.
fn say(scope: &DedicatedWorkerGlobalScope) {
    // A trainer that is gone hears nothing, and that is all.
    drop(scope.post_message(&JsValue::NULL));
}

fn join(scope: &DedicatedWorkerGlobalScope, parts: &Array) {
    let places = Uint32Array::new(&parts.get(0)).to_vec();
    let (board, counters): (SharedArrayBuffer, SharedArrayBuffer) =
        (parts.get(1).unchecked_into(), parts.get(2).unchecked_into());
    let config = protocol::decode::<Config>(&Uint8Array::new(&parts.get(3)).to_vec());
    // The trainer is of the same program, so this does not happen.
    let (&[rank, size], Some(config)) = (&places[..], config) else { return };
    COUNTERS.set(Some(Int32Array::new(&counters)));
    let team = SharedTeam::new(rank as usize, size as usize, &board, &counters, Vec::new());
    say(scope);
    // Whatever ends it, the trainer knows, and ends this worker.
    let _is_lost = serve(team, &config);
}
