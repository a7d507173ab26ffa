//! The switch between short numbers and exact ones.

use leptos::prelude::*;

use crate::labs::writing::Writing;

/// A box to tick for fractions, roots and polynomials in full.
#[component]
pub(in crate::web) fn ExactToggle(testid: &'static str, writing: RwSignal<Writing>) -> impl IntoView {
    let set = move |is_full: bool| writing.set(if is_full { Writing::Full } else { Writing::Short });
    view! {
        <label class="check">
            <input
                type="checkbox"
                data-testid=testid
                prop:checked=move || writing.get() == Writing::Full
                on:change:target=move |event| set(event.target().checked())
            />
            "Exact numbers in full"
        </label>
    }
}
