//! A number to type, and an answer to read.

use leptos::prelude::*;

use crate::piecewise::Decimal;

/// A field for a decimal. While it is edited it shows what is typed, and each number on the way counts; a text
/// that is none is marked, with a sentence below, and the number from before the edit is back.
#[component]
pub(in crate::web) fn NumberField(
    /// Name for test hooks.
    testid: String,
    /// What a screen reader says.
    label: String,
    /// The number.
    #[prop(into)]
    value: Signal<Decimal>,
    /// Takes a new number, or says in a sentence why not.
    set: impl Fn(Decimal) -> Result<(), String> + Copy + 'static,
) -> impl IntoView {
    let draft = RwSignal::new(None::<String>);
    let before = StoredValue::new(None::<Decimal>);
    let error = RwSignal::new(None::<String>);
    let shown = move || draft.get().unwrap_or_else(|| value.get().to_string());
    let edit = move |text: String| {
        let old = before.get_value().unwrap_or_else(|| value.get_untracked());
        before.set_value(Some(old));
        let result = text.parse::<Decimal>().map_err(|error| error.to_string()).and_then(set);
        if result.is_err() {
            // It was the number a moment ago, so it is never refused.
            drop(set(old));
        }
        error.set(result.err());
        draft.set(Some(text));
    };
    let leave = move || {
        draft.set(None);
        before.set_value(None);
        error.set(None);
    };
    let error_id = format!("{testid}-error");
    let described_by = error_id.clone();
    view! {
        <span class="number-field">
            <input
                type="text"
                inputmode="decimal"
                autocomplete="off"
                spellcheck="false"
                data-testid=testid
                aria-label=label
                aria-invalid=move || error.read().is_some().then_some("true")
                aria-describedby=move || error.read().is_some().then(|| described_by.clone())
                prop:value=shown
                on:input:target=move |event| edit(event.target().value())
                on:blur=move |_| leave()
                on:keydown=move |event| {
                    if event.key() == "Enter" || event.key() == "Escape" {
                        leave();
                    }
                }
            />
            {move || {
                error
                    .get()
                    .map(|message| {
                        view! { <span class="field-error" role="alert" id=error_id.clone() data-testid="error">{message}</span> }
                    })
            }}
        </span>
    }
}

/// One answer: a sentence whose value tests and other programs can read.
#[component]
pub(in crate::web) fn Answer(
    /// Name for test hooks.
    testid: &'static str,
    /// Machine-readable.
    #[prop(into)]
    value: Signal<String>,
    /// For people.
    children: Children,
) -> impl IntoView {
    view! { <span data-testid=testid data-value=move || value.get()>{children()}</span> }
}
