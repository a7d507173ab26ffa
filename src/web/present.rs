//! Presenting a lab: plot and verdict large, and keys in place of controls.

use std::time::Duration;

use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::router::Lab;

/// How much larger a plot's letters and lines are then.
const MAGNIFICATION: f64 = 1.7;
/// What plays a sweep, in the labs that have one.
const PLAY: &str = ".controls button.play";
/// The presets, in the labs that have some.
const PRESETS: &str = ".controls .presets button";
/// What goes a step forward, and back, in a lab that shows its steps.
const STEPS: [&str; 2] = ["[data-testid=step-next]", "[data-testid=step-back]"];

/// Whether a lab is presented.
#[derive(Clone, Copy)]
pub(super) struct Presenting(RwSignal<bool>);

/// Whether a lab is presented.
pub(super) fn use_presenting() -> Presenting {
    use_context().expect("App provides the presentation")
}

/// How many times as large a plot's letters and lines are as on the page.
pub(super) fn use_magnification() -> Signal<f64> {
    let presenting = use_presenting();
    Signal::derive(move || if presenting.0.get() { MAGNIFICATION } else { 1.0 })
}

impl Presenting {
    pub(super) fn new() -> Self {
        Self(RwSignal::new(false))
    }

    /// Begins, over the whole screen where that is allowed.
    pub(super) fn start(self) {
        self.0.set(true);
        if let Some(root) = document().document_element() {
            drop(root.request_fullscreen());
        }
    }

    fn stop(self) {
        self.0.set(false);
        if document().fullscreen_element().is_some() {
            document().exit_fullscreen();
        }
    }
}

fn all(selector: &str) -> Vec<HtmlElement> {
    let Ok(list) = document().query_selector_all(selector) else { return Vec::new() };
    (0..list.length()).filter_map(|index| list.get(index)?.dyn_into().ok()).collect()
}

fn text(selector: &str) -> String {
    all(selector).first().and_then(|element| element.text_content()).unwrap_or_default()
}

/// Starts the first sweep, or stops the one that plays.
fn play() {
    let buttons = all(PLAY);
    let playing = buttons.iter().find(|button| button.get_attribute("aria-pressed").as_deref() == Some("true"));
    if let Some(button) = playing.or(buttons.first()) {
        button.click();
    }
}

/// Shows what is presented in large, and what the keys do, as long as a lab is presented.
#[component]
pub(super) fn PresentBar(lab: Memo<Lab>) -> impl IntoView {
    let presenting = use_presenting();
    // The preset that was chosen last: its place, its name, and what it shows.
    let preset = RwSignal::new(None::<(usize, String, String)>);
    let step = move |forward: bool| {
        if let Some(button) = all(STEPS[usize::from(!forward)]).first() {
            return button.click();
        }
        let buttons = all(PRESETS);
        let now = preset.with_untracked(|preset| preset.as_ref().map(|(place, ..)| *place));
        let next = match (now, forward) {
            (None, true) => 0,
            (None, false) => buttons.len().saturating_sub(1),
            (Some(place), true) => place + 1,
            (Some(place), false) => place.wrapping_sub(1),
        };
        let Some(button) = buttons.get(next) else { return };
        button.click();
        let name = button.text_content().unwrap_or_default();
        // The note is there when what follows from the click is.
        let take = move || {
            preset.try_set(Some((next, name.clone(), text("[data-testid=preset-note]"))));
        };
        set_timeout(take, Duration::ZERO);
    };
    let keys = window_event_listener(leptos::ev::keydown, move |event: KeyboardEvent| {
        let is_with_others = event.ctrl_key() || event.meta_key() || event.alt_key();
        if !presenting.0.get_untracked()
            || event.default_prevented()
            || is_with_others
            || !all("dialog[open]").is_empty()
        {
            return;
        }
        let target = event.target().and_then(|target| target.dyn_into::<HtmlElement>().ok());
        let is_control = target.is_some_and(|target| matches!(target.tag_name().as_str(), "BUTTON" | "A" | "SUMMARY"));
        match event.key().as_str() {
            " " if !is_control => play(),
            "ArrowRight" | "PageDown" => step(true),
            "ArrowLeft" | "PageUp" => step(false),
            "Escape" => presenting.stop(),
            _ => return,
        }
        event.prevent_default();
    });
    // A browser leaves the full screen by Escape without a word to the page's keys.
    let left = window_event_listener_untyped("fullscreenchange", move |_| {
        if document().fullscreen_element().is_none() {
            presenting.0.set(false);
        }
    });
    on_cleanup(move || {
        keys.remove();
        left.remove();
    });
    Effect::new(move || {
        let is_on = presenting.0.get();
        if let Some(root) = document().document_element() {
            // An attribute of our own is never refused.
            drop(if is_on { root.set_attribute("data-present", "") } else { root.remove_attribute("data-present") });
        }
        if is_on && let Some(main) = all("main").first() {
            drop(main.focus());
        }
    });
    Effect::new(move || {
        lab.track();
        preset.set(None);
    });
    let hints = move || {
        lab.track();
        let mut hints = Vec::new();
        if !all(PLAY).is_empty() {
            hints.push("Space plays");
        }
        if !all(STEPS[0]).is_empty() {
            hints.push("← → steps");
        } else if !all(PRESETS).is_empty() {
            hints.push("← → presets");
        }
        hints.push("Esc leaves");
        hints.join(" · ")
    };
    let shown = move || {
        preset.get().map(|(_, name, note)| view! { <b data-testid="present-preset">{name}</b> " " <span>{note}</span> })
    };
    move || {
        presenting.0.get().then(|| {
            view! {
                <aside class="present-bar" aria-label="Presentation">
                    <h1 class="visually-hidden">{move || lab.get().title()}</h1>
                    <p class="present-preset" aria-live="polite">{shown}</p>
                    <p class="aside">{hints}</p>
                    <button type="button" data-testid="present-leave" on:click=move |_| presenting.stop()>"Leave"</button>
                </aside>
            }
        })
    }
}
