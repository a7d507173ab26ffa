//! Who has a run, or kept files: a tab that does holds a lock of that name, and the browser lets go of it when the tab is
//! gone, however it went. Where the browser has no such locks, every tab takes itself for the only one.

use std::collections::BTreeSet;

use js_sys::{Array, Function, Object, Promise, Reflect};
use leptos::prelude::window;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use super::folder::rest;

const TRIES: usize = 4;
const BETWEEN_TRIES_MS: u64 = 80;

#[wasm_bindgen]
extern "C" {
    type Locks;

    #[wasm_bindgen(method, catch)]
    fn request(this: &Locks, name: &str, options: &Object, callback: &JsValue) -> Result<Promise, JsValue>;

    #[wasm_bindgen(method, catch)]
    fn query(this: &Locks) -> Result<Promise, JsValue>;
}

/// A lock that this tab has. Dropped, it is free again.
#[derive(Debug)]
pub(in crate::web) struct Held {
    /// Ends the promise for whose time the browser keeps the lock.
    release: Option<Function>,
}

impl Drop for Held {
    fn drop(&mut self) {
        if let Some(release) = &self.release {
            drop(release.call0(&JsValue::NULL));
        }
    }
}

/// How a lock is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::web) enum Mode {
    /// By one tab.
    Exclusive,
    /// By any number of tabs.
    Shared,
}

fn locks() -> Option<Locks> {
    let locks = Reflect::get(&window().navigator(), &"locks".into()).ok()?;
    locks.is_object().then(|| locks.unchecked_into())
}

/// Takes a lock; `None` if another tab, or another part of this one, has it in a way that forbids that.
pub(in crate::web) async fn take(name: &str, mode: Mode) -> Option<Held> {
    let unlocked = Some(Held { release: None });
    let Some(locks) = locks() else { return unlocked };
    let options = Object::new();
    let word = if mode == Mode::Shared { "shared" } else { "exclusive" };
    // A plain object takes any property.
    drop(Reflect::set(&options, &"ifAvailable".into(), &true.into()));
    drop(Reflect::set(&options, &"mode".into(), &word.into()));
    // Resolves to what releases the lock, or to null if it was not to be had.
    let answer = Promise::new(&mut |resolve, _| {
        let answer = resolve.clone();
        let granted = Closure::once_into_js(move |lock: JsValue| -> JsValue {
            if lock.is_null() {
                drop(answer.call1(&JsValue::NULL, &JsValue::NULL));
                return JsValue::UNDEFINED;
            }
            Promise::new(&mut |release, _| drop(answer.call1(&JsValue::NULL, &release))).into()
        });
        if locks.request(name, &options, &granted).is_err() {
            drop(resolve.call1(&JsValue::NULL, &JsValue::UNDEFINED));
        }
    });
    match JsFuture::from(answer).await {
        Ok(release) if release.is_null() => None,
        Ok(release) => Some(Held { release: release.dyn_into().ok() }),
        Err(_) => unlocked,
    }
}

/// Takes a lock for itself alone, which the browser may take a moment to give: after a tab is closed, or after this one has
/// let go of it.
pub(in crate::web) async fn take_alone(name: &str) -> Option<Held> {
    for _ in 0..TRIES {
        if let Some(held) = take(name, Mode::Exclusive).await {
            return Some(held);
        }
        rest(BETWEEN_TRIES_MS).await;
    }
    None
}

/// The names of all locks that any tab holds.
pub(in crate::web) async fn held() -> BTreeSet<String> {
    let Some(promise) = locks().and_then(|locks| locks.query().ok()) else { return BTreeSet::new() };
    let Ok(state) = JsFuture::from(promise).await else { return BTreeSet::new() };
    let of = |object: &JsValue, name: &str| Reflect::get(object, &name.into()).unwrap_or_default();
    let all: Array = of(&state, "held").dyn_into().unwrap_or_default();
    all.iter().filter_map(|lock| of(&lock, "name").as_string()).collect()
}
