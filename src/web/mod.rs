//! The page: its screens, their components, and what the browser keeps for it.

mod address;
mod app;
mod backprop;
mod bench;
mod browser;
mod client;
mod components;
mod drops;
mod embed;
mod figure;
mod function;
mod gates;
mod hearing;
mod home;
mod keeping;
mod keys;
mod no_trainer;
mod notebook;
mod offline;
mod path;
mod plane;
mod present;
mod router;
mod solved;
mod state;
mod storage;
mod stories;
mod theme;
mod train;
mod uploads;

/// Shows the page.
pub fn start_page() {
    console_error_panic_hook::set_once();
    // What index.html shows until now.
    if let Some(loading) = leptos::prelude::document().get_element_by_id("loading") {
        loading.remove();
    }
    leptos::mount::mount_to_body(app::App);
}
