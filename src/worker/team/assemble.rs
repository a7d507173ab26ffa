//! The trainer's end: starts the other members, tells them what to serve, and waits, without blocking, until all have
//! joined.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::{Array, Function, Reflect, SharedArrayBuffer, Uint32Array};
use wasm_bindgen::prelude::*;
use web_sys::{Event, MessageEvent, Worker, WorkerGlobalScope, WorkerOptions, WorkerType};

use super::member::NAME;
use super::{COUNTERS, Member, SharedTeam};
use crate::protocol;
use crate::session::TeamUse;
use crate::train::{Config, Team, board_len};

/// A team that is coming together. If it is dropped before that, its members end.
pub(in crate::worker) struct Assembly {
    /// For what.
    pub(in crate::worker) usage: TeamUse,
    state: Rc<State>,
}

/// How long members may take to join. Their program is here already; they compile it anew.
const PATIENCE_MS: i32 = 20_000;

struct State {
    size: usize,
    board: SharedArrayBuffer,
    counters: SharedArrayBuffer,
    members: RefCell<Vec<Member>>,
    joined: Cell<usize>,
}

impl Assembly {
    /// Starts the members of a team for this. `done` is called once: with whether all have joined.
    pub(in crate::worker) fn start(usage: TeamUse, config: &Config, done: impl Fn(bool) + 'static) -> Option<Self> {
        let state = Rc::new(State {
            size: config.workers,
            board: shared_buffer(4 * board_len(config))?,
            counters: shared_buffer(4 * COUNTERS as usize)?,
            members: RefCell::default(),
            joined: Cell::new(0),
        });
        let (config, done) = (protocol::encode(config), Rc::new(done));
        give_up_after(PATIENCE_MS, &state, done.clone());
        for rank in 1..state.size {
            let member = start_member(rank, &state, &config, done.clone())?;
            state.members.borrow_mut().push(member);
        }
        Some(Self { usage, state })
    }

    /// The team, once all have joined.
    pub(in crate::worker) fn team(self) -> Box<dyn Team> {
        let State { size, board, counters, members, .. } = &*self.state;
        Box::new(SharedTeam::new(0, *size, board, counters, members.take()))
    }
}

/// A member whose program does not come or does not compile may say nothing at all, so the trainer does not wait for ever.
fn give_up_after(ms: i32, state: &Rc<State>, done: Rc<impl Fn(bool) + 'static>) {
    let state = Rc::downgrade(state);
    let look = Closure::once_into_js(move || {
        if state.upgrade().is_some_and(|state| state.joined.get() + 1 < state.size) {
            done(false);
        }
    });
    let scope: WorkerGlobalScope = js_sys::global().unchecked_into();
    // Only a browser without timers refuses; then one waits as before.
    drop(scope.set_timeout_with_callback_and_timeout_and_arguments_0(look.unchecked_ref(), ms));
}

fn start_member(rank: usize, state: &Rc<State>, config: &[u8], done: Rc<impl Fn(bool) + 'static>) -> Option<Member> {
    let options = WorkerOptions::new();
    options.set_type(WorkerType::Module);
    options.set_name(NAME);
    // The same program as this worker's own, whichever the page has chosen.
    let script = js_sys::global().unchecked_into::<WorkerGlobalScope>().location().href();
    let worker = Worker::new_with_options(&script, &options).ok()?;
    let on_message = Closure::new({
        let (state, worker, done) = (Rc::downgrade(state), worker.clone(), done.clone());
        let config = js_sys::Uint8Array::from(config);
        let is_up = Cell::new(false);
        move |_: MessageEvent| {
            let Some(state) = state.upgrade() else { return };
            if !is_up.replace(true) {
                let places = Uint32Array::from(&[rank as u32, state.size as u32][..]);
                drop(worker.post_message(&Array::of4(&places, &state.board, &state.counters, &config)));
                return;
            }
            state.joined.set(state.joined.get() + 1);
            if state.joined.get() + 1 == state.size {
                done(true);
            }
        }
    });
    let on_error = Closure::new(move |error: Event| {
        error.prevent_default();
        done(false);
    });
    worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));
    Some(Member { worker, _on_message: on_message, _on_error: on_error })
}

/// `None` if there is not so much memory.
fn shared_buffer(bytes: usize) -> Option<SharedArrayBuffer> {
    let constructor = Reflect::get(&js_sys::global(), &"SharedArrayBuffer".into()).ok()?;
    let constructor: Function = constructor.dyn_into().ok()?;
    Reflect::construct(&constructor, &Array::of1(&JsValue::from(bytes as f64))).ok()?.dyn_into().ok()
}
