//! Routes in the address' hash: `#/function?W1=…`. Any static host will do.

use std::cell::RefCell;

use leptos::prelude::{document, window};
use wasm_bindgen::JsValue;

thread_local! {
    /// The address' hash as it was last read or written here.
    static KNOWN: RefCell<String> = const { RefCell::new(String::new()) };
}

/// A lab's place in the navigation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lab {
    Function,
    Path,
    Gates,
    Backprop,
    Train,
    Bench,
}

/// Where the address points to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Route {
    pub lab: Lab,
    /// The lab's state, after `?`.
    pub state: String,
}

impl Lab {
    pub(super) const ALL: [Self; 6] =
        [Self::Function, Self::Path, Self::Gates, Self::Backprop, Self::Train, Self::Bench];

    /// The word in the address.
    pub(super) fn path(self) -> &'static str {
        match self {
            Self::Function => "function",
            Self::Path => "path",
            Self::Gates => "gates",
            Self::Backprop => "backprop",
            Self::Train => "train",
            Self::Bench => "bench",
        }
    }

    /// The word on screen.
    pub(super) fn title(self) -> &'static str {
        match self {
            Self::Function => "Function",
            Self::Path => "Path",
            Self::Gates => "Gates",
            Self::Backprop => "Backprop",
            Self::Train => "Train",
            Self::Bench => "Bench",
        }
    }
}

impl Route {
    /// Where the address points to now; an unknown one to the function lab.
    pub(super) fn current() -> Self {
        let hash = hash();
        KNOWN.set(hash.clone());
        let rest = hash.trim_start_matches(['#', '/']);
        let (path, state) = rest.split_once('?').unwrap_or((rest, ""));
        let lab = Lab::ALL.into_iter().find(|lab| lab.path() == path).unwrap_or(Lab::Function);
        // Some programs escape the address when it is shared.
        let state = js_sys::decode_uri_component(state).map_or_else(|_| state.to_owned(), String::from);
        Self { lab, state }
    }
}

fn hash() -> String {
    window().location().hash().unwrap_or_default()
}

/// Puts a lab's state into the address, without a step in the history. An address that has changed since it was last
/// read stays: whoever has opened it is to see what it holds, and the event that tells of it is on its way.
pub(super) fn keep_in_address(lab: Lab, state: &str) {
    if KNOWN.with_borrow(|known| *known != hash()) {
        return;
    }
    // What an expression may hold and an address may not.
    let state = String::from(js_sys::encode_uri(state)).replace('#', "%23");
    let hash = format!("#/{}?{state}", lab.path());
    if let Ok(history) = window().history() {
        // Refused where addresses may not be changed (too often, say): the state is on screen all the same.
        drop(history.replace_state_with_url(&JsValue::NULL, "", Some(&hash)));
    }
    // As the browser writes it.
    KNOWN.set(self::hash());
}

/// Names the page in the browser's tab.
pub(super) fn set_title(text: &str) {
    document().set_title(text);
}
