//! A note that changes without moving what stands below it.

use leptos::prelude::*;

#[component]
pub(in crate::web) fn Note(
    /// Name for test hooks.
    testid: &'static str,
    /// All that it can say: it takes the room of the longest.
    all: Vec<&'static str>,
    /// What it says now.
    #[prop(into)]
    now: Signal<Option<String>>,
    /// What it says otherwise.
    otherwise: &'static str,
) -> impl IntoView {
    let other = |text: &'static str| view! { <span class="other" aria-hidden="true">{text}</span> };
    view! {
        <p class="note preset-note turns">
            {all.into_iter().map(other).collect_view()}
            <span data-testid=testid>{move || now.get().unwrap_or_else(|| otherwise.to_owned())}</span>
        </p>
    }
}
