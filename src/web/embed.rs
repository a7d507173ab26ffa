//! The page within another one: a lab alone, that tells its height.

use leptos::prelude::*;
use wasm_bindgen::prelude::*;
use web_sys::ResizeObserver;

use super::router::{self, Lab};
use super::state::Labs;
use crate::labs::share::embed::{Embed, HEIGHT_MESSAGE, Hidden};

/// What the address asks for, if the lab is to stand alone.
pub(super) fn asked() -> Option<Embed> {
    Embed::from_query(&window().location().search().unwrap_or_default())
}

/// Lets the styles know, and the page around it, from now on.
pub(super) fn begin(embed: &Embed) {
    let Some(root) = document().document_element() else { return };
    // Attributes of our own are never refused.
    drop(root.set_attribute("data-embed", ""));
    drop(root.set_attribute("data-hide", &embed.words(" ")));
    let (Ok(Some(around)), Some(body)) = (window().parent(), document().body()) else { return };
    if around == window() {
        return;
    }
    let tell = move || {
        let Some(body) = document().body() else { return };
        let message = js_sys::Object::new();
        let height = f64::from(body.offset_height());
        // Properties of an object of our own are never refused.
        drop(js_sys::Reflect::set(&message, &"type".into(), &HEIGHT_MESSAGE.into()));
        drop(js_sys::Reflect::set(&message, &"height".into(), &height.into()));
        // A height is no secret, so it may go to whoever shows the page.
        drop(around.post_message(&message, "*"));
    };
    let on_resize = Closure::<dyn Fn()>::new(tell);
    if let Ok(observer) = ResizeObserver::new(on_resize.as_ref().unchecked_ref()) {
        observer.observe(&body);
        // For as long as the page lives.
        on_resize.forget();
    }
}

/// The way to the whole page, as the lab is now.
#[component]
pub(super) fn EmbedFoot(embed: Embed, labs: Labs, lab: Memo<Lab>) -> impl IntoView {
    let href = move || router::page() + &router::hash_of(lab.get(), &labs.encode(lab.get()).unwrap_or_default());
    // The lab's own name goes with its controls.
    let name = embed.hidden.contains(&Hidden::Controls).then(|| {
        view! { <h1 class="visually-hidden">{move || lab.get().title()}</h1> }
    });
    view! { <footer class="embed-foot">{name} <a href=href target="_blank" rel="noopener" data-testid="embed-open">"Open in Piecewise ↗"</a></footer> }
}
