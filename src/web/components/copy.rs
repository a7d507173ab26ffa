//! Buttons that copy what is on screen as text.

use leptos::prelude::*;

use crate::web::browser::{self, Copied};

/// One way to copy something.
#[derive(Clone)]
pub(in crate::web) struct CopyItem {
    /// On the button, and in what is said afterwards.
    pub name: &'static str,
    /// For test hooks.
    pub testid: String,
    /// What is copied, in a few words.
    pub title: &'static str,
    /// The file's name where copying is not allowed.
    pub file: &'static str,
    /// The text, when the button is pressed.
    pub text: Callback<(), String>,
}

/// A row of buttons, and a line that says what was copied, or where it is instead.
#[component]
pub(in crate::web) fn CopyButtons(
    /// Before the buttons.
    label: &'static str,
    /// The buttons.
    items: Vec<CopyItem>,
    /// Name of the line for test hooks.
    #[prop(default = "copied")]
    status: &'static str,
) -> impl IntoView {
    let done = RwSignal::new(String::new());
    let button = move |item: CopyItem| {
        let CopyItem { name, testid, title, file, text } = item;
        let copy = move |_| {
            browser::copy(text.run(()), file, move |copied| {
                done.try_set(match copied {
                    Copied::Clipboard => format!("Copied as {name}."),
                    Copied::File => format!("The browser does not let this page copy, so {file} was saved instead."),
                });
            });
        };
        view! {
            <button type="button" class="quiet" data-testid=testid title=title on:click=copy>
                {name}
            </button>
        }
    };
    view! {
        <p class="plot-tools copy">
            <span class="aside">{label}</span>
            {items.into_iter().map(button).collect_view()}
        </p>
        <p class="aside" aria-live="polite" data-testid=status data-value=move || done.get()>{move || done.get()}</p>
    }
}
