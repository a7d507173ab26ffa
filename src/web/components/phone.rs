//! A lab on a phone: its picture stays in sight above the controls, with the verdict in one line.

use leptos::html::Div;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

/// As in the style sheet.
const PHONE: &str = "(max-width: 720px)";

/// The verdict in one line, above the picture. On a phone only: elsewhere the answers stand beside it, as they do for
/// those who hear the page.
#[component]
pub(in crate::web) fn Glance(#[prop(into)] text: Signal<String>) -> impl IntoView {
    view! { <p class="glance" aria-hidden="true" data-testid="glance">{move || text.get()}</p> }
}

/// Puts a lab's picture before its controls on a phone, so that the keyboard goes through them as they are seen. Its
/// sections are those of the classes `picture` and `controls`; of a picture in parts, the one of the class `first` goes.
pub(in crate::web) fn picture_first_on_phones(lab: NodeRef<Div>) {
    let place = move |is_phone: bool| {
        let Some(lab) = lab.get_untracked() else { return };
        let of = |selector: &str| lab.query_selector(selector).ok().flatten();
        let (Some(picture), Some(controls)) = (of(":scope > .picture"), of(":scope > .controls")) else { return };
        // All stand in the page, so none is refused.
        drop(match (of(":scope > .first, :scope > .picture > .first"), is_phone) {
            (Some(first), true) => controls.before_with_node_1(&first),
            (Some(first), false) => picture.prepend_with_node_1(&first),
            (None, true) => controls.before_with_node_1(&picture),
            (None, false) => controls.after_with_node_1(&picture),
        });
    };
    let Ok(Some(list)) = window().match_media(PHONE) else { return };
    let query = list.clone();
    Effect::new(move || {
        if lab.get().is_some() && query.matches() {
            place(true);
        }
    });
    let query = list.clone();
    let on_change = Closure::<dyn Fn()>::new(move || place(query.matches()));
    // A listener of one's own is never refused, neither when it comes nor when it goes.
    drop(list.add_event_listener_with_callback("change", on_change.as_ref().unchecked_ref()));
    let kept = StoredValue::new_local((list, on_change));
    on_cleanup(move || {
        kept.with_value(|(list, on_change)| {
            drop(list.remove_event_listener_with_callback("change", on_change.as_ref().unchecked_ref()));
        });
    });
}
