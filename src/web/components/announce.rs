//! What has changed, for those who hear the page.

use std::time::Duration;

use leptos::prelude::*;

/// An answer is read out when it has rested this long: nobody can listen to a slider's every step.
const REST: Duration = Duration::from_millis(800);

/// Reads an answer out, politely, once it has changed and rested.
#[component]
pub(in crate::web) fn Announce(#[prop(into)] text: Signal<String>) -> impl IntoView {
    let said = RwSignal::new(String::new());
    let say = leptos::leptos_dom::helpers::debounce(REST, move |now: String| {
        said.try_set(now);
    });
    let say = StoredValue::new_local(say);
    Effect::new(move |before: Option<String>| {
        let now = text.get();
        // What stands there when the lab opens is read like all else.
        if before.is_some_and(|before| before != now) {
            say.update_value(|say| say(now.clone()));
        }
        now
    });
    view! { <p class="visually-hidden" role="status" data-testid="announced">{move || said.get()}</p> }
}
