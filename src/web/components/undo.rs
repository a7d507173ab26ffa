//! Buttons and keys for undo and redo.

use std::time::Duration;

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::held::is_control_held;
use crate::labs::history::History;

/// A change counts as a step when it has rested this long.
const REST: Duration = Duration::from_millis(350);

/// Undo and redo of a state, by buttons and by Ctrl+Z and Ctrl+Shift+Z (or Ctrl+Y).
#[component]
pub(in crate::web) fn Undo<T>(
    /// The state.
    #[prop(into)]
    state: Signal<T>,
    /// Its history.
    history: RwSignal<History<T>>,
    /// Puts a state from the history on screen.
    set: impl Fn(T) + Copy + Send + Sync + 'static,
) -> impl IntoView
where
    T: Clone + PartialEq + Send + Sync + 'static,
{
    let note_now = move || {
        if let Some(now) = state.try_get_untracked() {
            history.try_update(|history| history.note(&now));
        }
    };
    let is_held = is_control_held();
    let note = leptos::leptos_dom::helpers::debounce(REST, move |()| {
        // A drag that pauses goes on to be one step.
        if is_held.try_get_untracked() == Some(false) {
            note_now();
        }
    });
    let note = StoredValue::new_local(note);
    Effect::new(move |was_held: Option<bool>| {
        state.track();
        let is_held = is_held.get();
        if is_held && was_held == Some(false) {
            // What was changed before it was taken is a step of its own.
            note_now();
        } else if !is_held {
            note.update_value(|note| note(()));
        }
        is_held
    });
    let step = move |go: fn(&mut History<T>, &T) -> Option<T>| {
        let now = state.get_untracked();
        let mut found = None;
        history.update(|history| found = go(history, &now));
        if let Some(found) = found {
            set(found);
        }
    };
    let keys = window_event_listener(leptos::ev::keydown, move |event: KeyboardEvent| {
        if !(event.ctrl_key() || event.meta_key()) || is_text(&event) {
            return;
        }
        let go: fn(&mut History<T>, &T) -> Option<T> = match (event.key().to_lowercase().as_str(), event.shift_key()) {
            ("z", false) => History::undo,
            ("z", true) | ("y", _) => History::redo,
            _ => return,
        };
        event.prevent_default();
        step(go);
    });
    on_cleanup(move || keys.remove());
    let can_undo = Memo::new(move |_| state.with(|now| history.read().can_undo(now)));
    let can_redo = Memo::new(move |_| state.with(|now| history.read().can_redo(now)));
    view! {
        <button type="button" class="quiet" data-testid="undo" title="Undo (Ctrl+Z)" disabled=move || !can_undo.get() on:click=move |_| step(History::undo)>
            "Undo"
        </button>
        <button type="button" class="quiet" data-testid="redo" title="Redo (Ctrl+Shift+Z)" disabled=move || !can_redo.get() on:click=move |_| step(History::redo)>
            "Redo"
        </button>
    }
}

/// Whether the key went to a field where text is typed, which has its own undo.
fn is_text(event: &KeyboardEvent) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<web_sys::HtmlInputElement>().ok());
    target.is_some_and(|input| input.type_() == "text")
}
