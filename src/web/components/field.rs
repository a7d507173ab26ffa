//! A number to type, and an answer to read.

use leptos::html::Input;
use leptos::prelude::*;
use web_sys::{KeyboardEvent, PointerEvent};

use super::frames::Latest;
use crate::labs::parameters::Steps;
use crate::piecewise::Decimal;

/// What stands in a field while it is edited.
#[derive(Clone, Debug, PartialEq)]
struct Draft {
    text: String,
    /// The number that counts meanwhile. If another comes from elsewhere, the draft is out of date.
    counts: Decimal,
    /// Why the text is no number to take.
    problem: Option<String>,
}

/// Pixels that a pointer moves before it is a drag and no click.
const SLACK_PX: f64 = 4.0;

/// A pointer that is down on a field.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Scrub {
    from_px: f64,
    start: Decimal,
    /// Whether it has moved far enough to be no click.
    is_drag: bool,
}

/// A field for a number: click to type, drag left or right to change it. While it is edited it shows what is typed, and each number on the way counts.
///
/// A text that is none is marked, with a sentence below, and the number from before the edit counts again; the text
/// stays to be mended until Escape brings the number back, or the number changes elsewhere. ↑ and ↓ step.
#[component]
pub(in crate::web) fn NumberField(
    /// Name for test hooks.
    testid: String,
    /// What a screen reader says.
    label: String,
    /// The number.
    #[prop(into)]
    value: Signal<Decimal>,
    /// Takes a new number, or says in a sentence why not.
    set: impl Fn(Decimal) -> Result<(), String> + Copy + 'static,
    /// What ↑ and ↓ do.
    #[prop(optional)]
    steps: Steps,
) -> impl IntoView {
    let draft = RwSignal::new(None::<Draft>);
    let before = StoredValue::new(None::<Decimal>);
    let current = Memo::new(move |_| draft.get().filter(|draft| draft.counts == value.get()));
    let problem = move || current.get().and_then(|draft| draft.problem);
    let shown = move || current.get().map_or_else(|| value.get().to_string(), |draft| draft.text);
    let edit = move |text: String| {
        // An edit that was overtaken from elsewhere is over.
        let old = current.get_untracked().and(before.get_value()).unwrap_or_else(|| value.get_untracked());
        before.set_value(Some(old));
        let result = text.parse::<Decimal>().map_err(|error| error.to_string()).and_then(set);
        if result.is_err() {
            // It was the number a moment ago, so it is never refused.
            drop(set(old));
        }
        draft.set(Some(Draft { text, counts: value.get_untracked(), problem: result.err() }));
    };
    let restore = move || {
        draft.set(None);
        before.set_value(None);
    };
    let leave = move || {
        if current.get_untracked().is_none_or(|draft| draft.problem.is_none()) {
            restore();
        }
    };
    let press = move |event: KeyboardEvent| match event.key().as_str() {
        "Enter" => leave(),
        "Escape" => restore(),
        key => {
            let is_wrong = current.get_untracked().is_some_and(|draft| draft.problem.is_some());
            let next = steps.next(value.get_untracked(), key, event.shift_key());
            if let Some(next) = next.filter(|_| !is_wrong) {
                event.prevent_default();
                edit(next.to_string());
            }
        }
    };
    let input = NodeRef::<Input>::new();
    let scrub = StoredValue::new(None::<Scrub>);
    let scrubbed = Latest::new();
    let down = move |event: PointerEvent| {
        let Some(input) = input.get_untracked() else { return };
        // A field that is being edited has its own use for the pointer.
        let is_edited = document().active_element().is_some_and(|active| active.is_same_node(Some(&input)));
        if event.button() != 0 || is_edited || input.disabled() {
            return;
        }
        event.prevent_default();
        // It is down, so it can be captured.
        drop(input.set_pointer_capture(event.pointer_id()));
        let from_px = f64::from(event.client_x());
        scrub.set_value(Some(Scrub { from_px, start: value.get_untracked(), is_drag: false }));
    };
    let drag = move |event: PointerEvent| {
        let Some(mut now) = scrub.get_value() else { return };
        let right_px = f64::from(event.client_x()) - now.from_px;
        now.is_drag |= right_px.abs() >= SLACK_PX;
        scrub.set_value(Some(now));
        if let (true, Some(next)) = (now.is_drag, steps.scrubbed(now.start, right_px, event.shift_key())) {
            scrubbed.set(next, move |next| {
                restore();
                // A number that is refused leaves the one before.
                drop(set(next));
            });
        }
    };
    let lift = move |_| {
        let was_click = scrub.get_value().is_some_and(|scrub| !scrub.is_drag);
        scrub.set_value(None);
        if let (true, Some(input)) = (was_click, input.get_untracked()) {
            // Only what is hidden refuses it.
            drop(input.focus());
            input.select();
        }
    };
    let error_id = format!("{testid}-error");
    let described_by = error_id.clone();
    view! {
        <span class="number-field">
            <input
                type="text"
                class="scrubbed"
                node_ref=input
                autocomplete="off"
                spellcheck="false"
                data-testid=testid
                aria-label=label
                aria-invalid=move || problem().is_some().then_some("true")
                aria-describedby=move || problem().is_some().then(|| described_by.clone())
                prop:value=shown
                on:input:target=move |event| edit(event.target().value())
                on:blur=move |_| leave()
                on:keydown=press
                on:pointerdown=down
                on:pointermove=drag
                on:pointerup=lift
                on:pointercancel=move |_| scrub.set_value(None)
            />
            {move || {
                problem()
                    .map(|message| {
                        view! { <span class="field-error" role="alert" id=error_id.clone() data-testid="error">{message}</span> }
                    })
            }}
        </span>
    }
}

/// One answer: a sentence whose value tests and other programs can read.
#[component]
pub(in crate::web) fn Answer(
    /// Name for test hooks.
    testid: &'static str,
    /// Machine-readable.
    #[prop(into)]
    value: Signal<String>,
    /// For people.
    children: Children,
) -> impl IntoView {
    view! { <span data-testid=testid data-value=move || value.get()>{children()}</span> }
}
