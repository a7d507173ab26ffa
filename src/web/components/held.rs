//! Whether a slider is held.

use leptos::ev::{pointercancel, pointerdown, pointerup};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

/// Whether a pointer is down on a slider, anywhere on the page.
pub(super) fn is_slider_held() -> RwSignal<bool> {
    let is_held = RwSignal::new(false);
    let down = window_event_listener(pointerdown, move |event| {
        let input = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
        if input.is_some_and(|input| input.type_() == "range") {
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
