//! What stands on every screen that needs the trainer, while there is none.

use leptos::prelude::*;

use super::client;
use super::state::use_labs;

/// Why there is no trainer, and a button to try again; nothing while there is one, or one is on its way.
#[component]
pub(super) fn NoTrainer() -> impl IntoView {
    let lab = use_labs().train;
    let message = Memo::new(move |_| lab.read().unavailable.clone());
    let again = move |_| {
        lab.update(|lab| lab.unavailable = None);
        client::start();
    };
    move || {
        message.get().map(|message| {
            view! {
                <div class="row wrap" data-testid="no-trainer">
                    <p class="error" role="alert" data-testid="error">{message}</p>
                    <button type="button" class="primary" data-testid="trainer-retry" on:click=again>"Try again"</button>
                </div>
            }
        })
    }
}
