//! Routes in the address' hash: `#/function?W1=…`. Any static host will do.

use std::cell::RefCell;

use leptos::prelude::{document, window};
use wasm_bindgen::JsValue;

use super::{browser, embed};

const LAST_KEY: &str = "piecewise.last";

thread_local! {
    /// The address' hash as it was last read or written here.
    static KNOWN: RefCell<String> = const { RefCell::new(String::new()) };
}

/// A screen: the first page, the stories, or a lab.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lab {
    Home,
    Story,
    Function,
    Path,
    Gates,
    Plane,
    Backprop,
    Train,
    Bench,
    Notebook,
}

/// Where the address points to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Route {
    pub lab: Lab,
    /// The lab's state, after `?`; of a story its name and step, after `/`; of an address that leads nowhere, the address.
    pub state: String,
}

impl Lab {
    /// The stories, the labs and the notebook, as the navigation has them.
    pub(super) const ALL: [Self; 9] = [
        Self::Story,
        Self::Function,
        Self::Path,
        Self::Gates,
        Self::Plane,
        Self::Backprop,
        Self::Train,
        Self::Bench,
        Self::Notebook,
    ];

    /// The word in the address.
    pub(super) fn path(self) -> &'static str {
        match self {
            Self::Home => "",
            Self::Story => "story",
            Self::Function => "function",
            Self::Path => "path",
            Self::Gates => "gates",
            Self::Plane => "plane",
            Self::Backprop => "backprop",
            Self::Train => "train",
            Self::Bench => "bench",
            Self::Notebook => "notebook",
        }
    }

    /// The word on screen.
    pub(super) fn title(self) -> &'static str {
        match self {
            Self::Home => "Why ReLU networks bend",
            Self::Story => "Stories",
            Self::Function => "Function",
            Self::Path => "Path",
            Self::Gates => "Gates",
            Self::Plane => "Plane",
            Self::Backprop => "Backprop",
            Self::Train => "Train",
            Self::Bench => "Bench",
            Self::Notebook => "Notebook",
        }
    }
}

impl Route {
    /// Where the address points to now; one that leads nowhere to the first page.
    pub(super) fn current() -> Self {
        let hash = hash();
        KNOWN.set(hash.clone());
        let rest = hash.trim_start_matches(['#', '/']);
        let (path, state) = rest.split_once('?').unwrap_or((rest, ""));
        if let Some(place) = path.strip_prefix(Lab::Story.path()).and_then(|rest| rest.strip_prefix('/')) {
            return Self { lab: Lab::Story, state: place.to_owned() };
        }
        let Some(lab) = Lab::ALL.into_iter().find(|lab| lab.path() == path) else {
            return Self { lab: Lab::Home, state: path.to_owned() };
        };
        // Some programs escape the address when it is shared.
        let state = js_sys::decode_uri_component(state).map_or_else(|_| state.to_owned(), String::from);
        Self { lab, state }
    }
}

fn hash() -> String {
    window().location().hash().unwrap_or_default()
}

/// Goes to a lab, if it is not on screen already.
pub(super) fn go_to(lab: Lab) {
    if Route::current().lab != lab {
        // An address of the page's own is never refused.
        drop(window().location().set_hash(&format!("#/{}", lab.path())));
    }
}

/// The page's address up to its query.
pub(super) fn page() -> String {
    let address = window().location().href().unwrap_or_default();
    address.split(['#', '?']).next().unwrap_or_default().to_owned()
}

/// A lab's part of the address, with its state.
pub(super) fn hash_of(lab: Lab, state: &str) -> String {
    // What an expression may hold and an address may not.
    let state = String::from(js_sys::encode_uri(state)).replace('#', "%23");
    let mark = match lab {
        _ if state.is_empty() => "",
        Lab::Story => "/",
        _ => "?",
    };
    format!("#/{}{mark}{state}", lab.path())
}

/// Puts a lab's state into the address, without a step in the history. An address that has changed since it was last
/// read stays: whoever has opened it is to see what it holds, and the event that tells of it is on its way.
pub(super) fn keep_in_address(lab: Lab, state: &str) {
    if KNOWN.with_borrow(|known| *known != hash()) {
        return;
    }
    let hash = hash_of(lab, state);
    if let Ok(history) = window().history() {
        // Refused where addresses may not be changed (too often, say): the state is on screen all the same.
        drop(history.replace_state_with_url(&JsValue::NULL, "", Some(&hash)));
    }
    // As the browser writes it.
    KNOWN.set(self::hash());
}

/// Remembers the address of the lab that is shown, for the next visit.
pub(super) fn remember(lab: Lab, state: &str) {
    // A lab within another page is no visit.
    if lab != Lab::Home && embed::asked().is_none() {
        browser::store(LAST_KEY, &hash_of(lab, state));
    }
}

/// The lab that was shown last, and its address.
pub(super) fn last() -> Option<(Lab, String)> {
    let address = browser::stored(LAST_KEY)?;
    let path = address.strip_prefix("#/")?.split(['?', '/']).next()?;
    let lab = Lab::ALL.into_iter().find(|lab| lab.path() == path)?;
    Some((lab, address))
}

/// Names the page in the browser's tab.
pub(super) fn set_title(text: &str) {
    document().set_title(text);
}
