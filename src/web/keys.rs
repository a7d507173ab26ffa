//! The list of all keys, behind “?”.

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::components::Dialog;
use crate::labs::keys::{GROUPS, Group, Key};

/// A button that opens the list.
#[component]
pub(super) fn KeysButton(open: RwSignal<bool>) -> impl IntoView {
    view! { <button type="button" class="quiet keys-button" data-testid="keys" aria-label="Keys" title="All keys (?)" on:click=move |_| open.set(true)>"?"</button> }
}

/// The list. It stands apart from the button, which is not shown everywhere; the key opens it, too.
#[component]
pub(super) fn KeyList(open: RwSignal<bool>) -> impl IntoView {
    let keys = window_event_listener(leptos::ev::keydown, move |event: KeyboardEvent| {
        if event.key() == "?" && !event.ctrl_key() && !event.meta_key() && !is_typing(&event) {
            open.set(true);
        }
    });
    on_cleanup(move || keys.remove());
    let key = |key: &Key| {
        let kbds: Vec<_> = key.keys.iter().map(|name| view! { <kbd>{*name}</kbd> " " }).collect();
        view! { <tr><td>{kbds}</td><td>{key.does}</td></tr> }
    };
    let group = move |group: Group| {
        view! {
            <section>
                <h3>{group.place}</h3>
                <table class="key-table"><tbody>{group.keys.iter().map(key).collect_view()}</tbody></table>
            </section>
        }
    };
    view! {
        <Dialog testid="key-list" title="Keys" open>
            <div class="key-groups">{GROUPS.map(group).collect_view()}</div>
        </Dialog>
    }
}

/// Whether the key is a letter of a text that is being typed.
fn is_typing(event: &KeyboardEvent) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    target.is_some_and(|target| match target.tag_name().as_str() {
        "TEXTAREA" | "SELECT" => true,
        "INPUT" => target.get_attribute("type").as_deref() == Some("text"),
        _ => false,
    })
}
