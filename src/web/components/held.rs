//! Whether a control is held.

use leptos::ev::{pointercancel, pointerdown, pointerup};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::Element;

/// What moves a number while a pointer is down on it: sliders, handles, fields that are scrubbed, and the drawn network's
/// lines and nodes, which are taken hold of from a little way off.
const CONTROLS: &str = "input[type=range], [role=slider], .scrubbed, .network-area.over";

/// Whether a pointer is down on a control that moves numbers, anywhere on the page.
pub(super) fn is_control_held() -> RwSignal<bool> {
    let is_held = RwSignal::new(false);
    let down = window_event_listener(pointerdown, move |event| {
        let element = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        // A selector that is written down here is a right one.
        if element.is_some_and(|element| element.closest(CONTROLS).ok().flatten().is_some()) {
            is_held.set(true);
        }
    });
    let let_go = move || {
        if is_held.get_untracked() {
            is_held.set(false);
        }
    };
    let up = window_event_listener(pointerup, move |_| let_go());
    let cancel = window_event_listener(pointercancel, move |_| let_go());
    on_cleanup(move || {
        down.remove();
        up.remove();
        cancel.remove();
    });
    is_held
}
