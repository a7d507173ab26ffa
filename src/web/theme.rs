//! The colours: the visitor's choice, kept in the browser, and what charts are drawn with.

use leptos::prelude::*;

use super::browser;
use crate::plot::Theme;

const KEY: &str = "piecewise.theme";

/// Which colours the visitor wants.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Choice {
    System,
    Light,
    Dark,
}

#[derive(Clone, Copy)]
struct ThemeContext(Signal<Theme>);

/// The colours to draw with.
pub(super) fn use_theme() -> Signal<Theme> {
    use_context::<ThemeContext>().map_or_else(|| Signal::stored(Theme::LIGHT), |context| context.0)
}

/// The visitor's choice of colours, kept in the browser; sets the document's attribute and the charts' theme.
pub(super) fn theme_choice() -> RwSignal<Choice> {
    let choice = RwSignal::new(match browser::stored(KEY).as_deref() {
        Some("light") => Choice::Light,
        Some("dark") => Choice::Dark,
        _ => Choice::System,
    });
    let system_dark = RwSignal::new(browser::matches_media("(prefers-color-scheme: dark)"));
    if let Ok(Some(list)) = window().match_media("(prefers-color-scheme: dark)") {
        let on_change = wasm_bindgen::closure::Closure::<dyn Fn()>::new(move || {
            system_dark.set(browser::matches_media("(prefers-color-scheme: dark)"));
        });
        list.set_onchange(Some(wasm_bindgen::JsCast::unchecked_ref(on_change.as_ref())));
        // For as long as the page lives.
        on_change.forget();
    }
    let is_dark = Memo::new(move |_| match choice.get() {
        Choice::System => system_dark.get(),
        Choice::Light => false,
        Choice::Dark => true,
    });
    provide_context(ThemeContext(Signal::derive(move || if is_dark.get() { Theme::DARK } else { Theme::LIGHT })));
    Effect::new(move || {
        if let Some(root) = document().document_element() {
            let word = if is_dark.get() { "dark" } else { "light" };
            // An attribute of our own on an element that exists is never refused.
            drop(root.set_attribute("data-theme", word));
        }
    });
    choice
}

#[component]
pub(super) fn ThemeSwitch(choice: RwSignal<Choice>) -> impl IntoView {
    let entry = move |value: Choice, word: &'static str, title: &'static str| {
        view! {
            <button
                type="button"
                class="quiet"
                title=title
                data-testid=format!("theme-{word}")
                aria-pressed=move || (choice.get() == value).to_string()
                on:click=move |_| {
                    choice.set(value);
                    browser::store(KEY, word);
                }
            >
                {match value {
                    Choice::System => "Auto",
                    Choice::Light => "Light",
                    Choice::Dark => "Dark",
                }}
            </button>
        }
    };
    view! {
        <div class="switch" role="group" aria-label="Colours">
            {entry(Choice::System, "system", "Colours as the system has them")}
            {entry(Choice::Light, "light", "Ink on paper")}
            {entry(Choice::Dark, "dark", "Light on dark")}
        </div>
    }
}
