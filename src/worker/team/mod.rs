//! A team of workers: a trainer and the members that it starts, each with its own copy of this program and its own
//! memory. What they share is two `SharedArrayBuffer`s: the board, and a few counters to meet by.

mod assemble;
mod member;

use js_sys::{Int32Array, Reflect, SharedArrayBuffer, Uint8Array};
use wasm_bindgen::prelude::*;
use web_sys::{Worker, WorkerGlobalScope};

use super::now;
use crate::protocol::Host;
use crate::train::{Lost, MAX_WORKERS, Team};

pub(super) use assemble::Assembly;
pub(super) use member::{is_member, start_member};

/// Counters: who has come to this meeting, meetings held, and whether someone is lost.
const ARRIVED: u32 = 0;
const HELD: u32 = 1;
const LOST: u32 = 2;
const COUNTERS: u32 = 3;

/// Looks at a counter before a member goes to sleep, half a millisecond or so: to wake it takes nearly as long.
const LOOKS: usize = 20_000;
/// How long the trainer waits for the others after it has come, at least; and how many times as long as it took itself
/// since they last met, pauses included, up to a minute. A member that was ended says nothing.
const PATIENCE_MS: f64 = 10_000.0;
const LONGEST_PATIENCE_MS: f64 = 60_000.0;
const PATIENCE: f64 = 10.0;

/// A member's view of its team.
struct SharedTeam {
    rank: usize,
    size: usize,
    board: Uint8Array,
    counters: Int32Array,
    /// When the last meeting ended.
    met: f64,
    /// Those that this trainer has started, in its end only. They end with it.
    _others: Vec<Member>,
}

/// A worker that ends when this is dropped.
struct Member {
    worker: Worker,
    _on_message: Closure<dyn FnMut(web_sys::MessageEvent)>,
    _on_error: Closure<dyn FnMut(web_sys::Event)>,
}

impl Drop for Member {
    fn drop(&mut self) {
        self.worker.set_onmessage(None);
        self.worker.set_onerror(None);
        self.worker.terminate();
    }
}

/// `Atomics` on an array of shared numbers, where nothing can fail. The bindings of js-sys expect that, and make an object in
/// each call to be ready for it: thousands while a member looks, which then have to be collected.
mod atomics {
    use js_sys::Int32Array;
    use wasm_bindgen::prelude::*;

    #[wasm_bindgen]
    extern "C" {
        #[wasm_bindgen(js_namespace = Atomics)]
        pub(super) fn load(array: &Int32Array, index: u32) -> i32;
        #[wasm_bindgen(js_namespace = Atomics)]
        pub(super) fn store(array: &Int32Array, index: u32, value: i32) -> i32;
        #[wasm_bindgen(js_namespace = Atomics)]
        pub(super) fn add(array: &Int32Array, index: u32, value: i32) -> i32;
        #[wasm_bindgen(js_namespace = Atomics)]
        pub(super) fn notify(array: &Int32Array, index: u32) -> u32;
        #[wasm_bindgen(js_namespace = Atomics)]
        pub(super) fn wait(array: &Int32Array, index: u32, value: i32, timeout_ms: f64);
    }
}

impl SharedTeam {
    fn new(
        rank: usize,
        size: usize,
        board: &SharedArrayBuffer,
        counters: &SharedArrayBuffer,
        others: Vec<Member>,
    ) -> Self {
        let (board, counters) = (Uint8Array::new(board), Int32Array::new(counters));
        Self { rank, size, board, counters, met: now(), _others: others }
    }

    fn held(&self) -> i32 {
        atomics::load(&self.counters, HELD)
    }

    fn all_are_here(&self) -> Result<(), Lost> {
        if atomics::load(&self.counters, LOST) == 0 { Ok(()) } else { Err(Lost) }
    }

    /// Waits until so many meetings were not the last.
    fn sleep(&self, before: i32) -> Result<(), Lost> {
        if (0..LOOKS).any(|_| self.held() != before) {
            return Ok(());
        }
        // Members wait for orders as long as it takes; the trainer ends them when it is gone.
        let patience = match self.rank {
            0 => (PATIENCE * (now() - self.met)).clamp(PATIENCE_MS, LONGEST_PATIENCE_MS),
            _ => f64::INFINITY,
        };
        let mut end = now() + patience;
        // A second chance: while a computer sleeps, its clock may go on.
        let mut is_last = false;
        while self.held() == before {
            let mut left = end - now();
            if left <= 0.0 {
                if is_last {
                    // So that no later meeting counts on who is missing.
                    lose(&self.counters);
                    return Err(Lost);
                }
                (is_last, left) = (true, PATIENCE_MS / 5.0);
                end = now() + left;
            }
            atomics::wait(&self.counters, HELD, before, left);
        }
        Ok(())
    }
}

impl Team for SharedTeam {
    fn rank(&self) -> usize {
        self.rank
    }

    fn size(&self) -> usize {
        self.size
    }

    fn write(&mut self, at: usize, bytes: &[u8]) {
        self.board.subarray(at as u32, (at + bytes.len()) as u32).copy_from(bytes);
    }

    fn read(&mut self, at: usize, bytes: &mut [u8]) {
        self.board.subarray(at as u32, (at + bytes.len()) as u32).copy_to(bytes);
    }

    fn meet(&mut self) -> Result<(), Lost> {
        let before = self.held();
        // Who is lost from here on ends this meeting, so that nobody sleeps through it.
        self.all_are_here()?;
        let earlier = atomics::add(&self.counters, ARRIVED, 1);
        if earlier + 1 == self.size as i32 {
            atomics::store(&self.counters, ARRIVED, 0);
            wake(&self.counters);
        } else {
            self.sleep(before)?;
        }
        self.met = now();
        self.all_are_here()
    }
}

/// Ends a meeting.
fn wake(counters: &Int32Array) {
    atomics::add(counters, HELD, 1);
    atomics::notify(counters, HELD);
}

/// Ends all meetings, now and later: a member is lost.
fn lose(counters: &Int32Array) {
    atomics::store(counters, LOST, 1);
    wake(counters);
}

/// Who can train together in this browser.
pub(super) fn host() -> Host {
    let global = js_sys::global();
    let has = |name: &str| Reflect::has(&global, &name.into()).unwrap_or(false);
    let is_isolated = Reflect::get(&global, &"crossOriginIsolated".into()).is_ok_and(|value| value.is_truthy());
    let can_share = is_isolated && has("SharedArrayBuffer") && has("Worker");
    let cores = global.unchecked_into::<WorkerGlobalScope>().navigator().hardware_concurrency() as usize;
    Host { cores, workers_max: if can_share { cores.clamp(1, MAX_WORKERS) } else { 1 }, is_isolated }
}
