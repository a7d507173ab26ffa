//! Lines of question 8's derivation, checked on the numbers on screen; a symbol that is pointed at says what it is.

use std::time::Duration;

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, PointerEvent};

use crate::labs::backprop::derivation::{Line, Section, lines, present};
use crate::labs::numbers::{counted, exact};
use crate::web::state::Labs;

/// Fractions are computed once the numbers have rested this long.
const REST: Duration = Duration::from_millis(150);

#[component]
pub(super) fn DerivationView(section: Section, labs: Labs) -> impl IntoView {
    // Which step of the pass is shown, and how differences are taken, changes no line.
    let question = Memo::new(move |_| {
        let question = labs.backprop.read().question8.clone();
        let entry = question.entry;
        let mut content = question.content();
        content.entry = entry;
        content
    });
    let checked = RwSignal::new(lines(&question.get_untracked(), section));
    let check = leptos::leptos_dom::helpers::debounce(REST, move |()| {
        if let Some(question) = question.try_get_untracked() {
            checked.try_set(lines(&question, section));
        }
    });
    let check = StoredValue::new_local(check);
    Effect::new(move |before: Option<()>| {
        question.track();
        if before.is_some() {
            check.update_value(|check| check(()));
        }
    });
    let pointed = RwSignal::new(None::<String>);
    let point = move |event: PointerEvent| {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let symbol = target.and_then(|target| target.closest("[data-symbol]").ok().flatten());
        if let Some(symbol) = symbol.and_then(|symbol| symbol.get_attribute("data-symbol")) {
            pointed.set(Some(symbol));
        }
    };
    let said = move || {
        let question = question.read();
        let (i, j) = question.entry;
        let value = pointed.get().and_then(|symbol| present(&question, &symbol));
        value.unwrap_or_else(|| format!("i = {}, j = {}. Point at a symbol to see its number.", i + 1, j + 1))
    };
    let all = move || checked.read().iter().map(|line| line.wrong.to_string()).collect::<Vec<_>>().join(",");
    // For those who do not point.
    let numbers = move || {
        let question = question.read();
        ["x", "y", "u", "v", "Θ", "L"]
            .iter()
            .filter_map(|symbol| present(&question, symbol))
            .map(|text| view! { <li>{text}</li> })
            .collect_view()
    };
    view! {
        <div class="derivation" data-testid="derivation" data-value=all on:pointerover=point on:pointerdown=point>
            <ol>{move || checked.read().iter().map(line).collect_view()}</ol>
            <p class="present" data-testid="derivation-present">{said}</p>
            <details><summary>"All numbers"</summary><ul class="numbers">{numbers}</ul></details>
        </div>
    }
}

fn line(line: &Line) -> AnyView {
    let Line { formula, reason, cases, wrong, is_misprint, value } = line;
    let of = if *cases == 1 { String::new() } else { format!(" in all {cases} cases") };
    let verdict = match wrong {
        0 if *is_misprint => format!("✓ holds{of} with these numbers, by chance"),
        0 => format!("✓ holds{of}"),
        wrong => format!("✗ fails in {wrong} of {}", counted(*cases, "case")),
    };
    let number = value.as_ref().map(|value| {
        let text = exact(value);
        if text.starts_with('≈') { text } else { format!("= {text}") }
    });
    view! {
        <li class:failed=*wrong != 0>
            <div class="line formula" tabindex="0" role="group" aria-label="Formula" inner_html=formula.clone()></div>
            <p class="reason">{*reason}</p>
            <p class="verdict"><span>{verdict}</span> <span class="number">{number}</span></p>
        </li>
    }
    .into_any()
}
