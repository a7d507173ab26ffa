//! A button that copies the address with the whole state in it.

use std::time::Duration;

use leptos::prelude::*;

use crate::web::browser;

/// How long the button says that it is done.
const DONE: Duration = Duration::from_secs(2);

#[component]
pub(in crate::web) fn CopyLink(
    /// The lab's word in the address.
    path: &'static str,
    /// Its state, as the address has it.
    state: impl Fn() -> String + Copy + 'static,
) -> impl IntoView {
    let done = RwSignal::new(false);
    let copy = move |_| {
        // The address is written when the state has rested; the link is that of the state as it is.
        let base = window().location().href().unwrap_or_default();
        let base = base.split('#').next().unwrap_or_default();
        browser::copy(format!("{base}#/{path}?{}", state()), move |is_copied| {
            if done.try_set(is_copied).is_none() {
                let undone = move || {
                    done.try_set(false);
                };
                set_timeout(undone, DONE);
            }
        });
    };
    view! {
        <button type="button" class="quiet" data-testid="copy-link" data-value=move || done.get().to_string() title="Copy a link to this state, weights included" on:click=copy>
            {move || if done.get() { "Link copied" } else { "Copy link" }}
        </button>
    }
}
