//! Files that are dropped anywhere on the page.

use leptos::prelude::*;
use web_sys::DragEvent;

use super::router::{self, Lab};
use super::state::Labs;
use super::train;

/// Files that are dropped anywhere on the page are loaded in the train lab, and never opened in place of the page.
pub(super) fn take_drops(labs: Labs) {
    let has_files =
        |event: &DragEvent| event.data_transfer().is_some_and(|transfer| transfer.types().includes(&"Files".into(), 0));
    let mark = |is_over: bool| {
        if let Some(body) = document().body() {
            // A word without blanks is never refused.
            drop(body.class_list().toggle_with_force("dropping", is_over));
        }
    };
    let over = window_event_listener(leptos::ev::dragover, move |event| {
        if has_files(&event) {
            event.prevent_default();
            mark(true);
        }
    });
    let leave = window_event_listener(leptos::ev::dragleave, move |event| {
        // Only what leaves the window has nowhere to go.
        if event.related_target().is_none() {
            mark(false);
        }
    });
    let drop_files = window_event_listener(leptos::ev::drop, move |event| {
        if !has_files(&event) {
            return;
        }
        event.prevent_default();
        mark(false);
        if let Some(transfer) = event.data_transfer() {
            router::go_to(Lab::Train);
            train::load_dropped(labs.train, &transfer);
        }
    });
    on_cleanup(move || {
        over.remove();
        leave.remove();
        drop_files.remove();
    });
}
