//! Why the address' state could not be shown.

use leptos::prelude::*;

use crate::web::state::use_labs;

/// Why the address' state could not be shown, where it could not.
#[component]
pub(in crate::web) fn LinkError() -> impl IntoView {
    let labs = use_labs();
    move || {
        labs.link_error.get().map(|message| view! { <p class="error" role="alert" data-testid="error">{message}</p> })
    }
}
