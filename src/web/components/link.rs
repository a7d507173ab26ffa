//! A button that copies the address with the whole state in it.

use std::time::Duration;

use leptos::prelude::*;

use crate::web::browser::{self, Copied};
use crate::web::router;

/// How long the button says that it is done.
const DONE: Duration = Duration::from_secs(2);

#[component]
pub(in crate::web) fn CopyLink(
    /// The lab's word in the address.
    path: &'static str,
    /// Its state, as the address has it.
    state: impl Fn() -> String + Copy + 'static,
) -> impl IntoView {
    let done = RwSignal::new(None::<Copied>);
    let copy = move |_| {
        // The address is written when the state has rested; the link is that of the state as it is.
        let page = router::page();
        browser::copy(format!("{page}#/{path}?{}", state()), "piecewise-link.txt", move |copied| {
            if done.try_set(Some(copied)).is_none() {
                let undone = move || {
                    done.try_set(None);
                };
                set_timeout(undone, DONE);
            }
        });
    };
    view! {
        <button type="button" class="quiet" data-testid="copy-link" data-value=move || (done.get() == Some(Copied::Clipboard)).to_string() title="Copy a link to this state, weights included" on:click=copy>
            {move || match done.get() {
                None => "Copy link",
                Some(Copied::Clipboard) => "Link copied",
                Some(Copied::File) => "Link saved as a file",
            }}
        </button>
    }
}
