//! A report to print: the runs that are drawn, their curves, and what the other labs show.

use leptos::prelude::*;

use super::curves_chart;
use crate::labs::printout::{Part, Printout, Section, boolean_section, comparison, question8_section, run_section};
use crate::labs::train::{RunHistory, TrainLab, names_of_classes};
use crate::web::figure::figure;
use crate::web::state::{Labs, use_labs};
use crate::web::{browser, function, gates, path};

/// What can be printed of the other labs: names for test hooks, and on screen.
const LABS: [(&str, &str); 5] = [
    ("print-function", "function"),
    ("print-path", "path"),
    ("print-gates", "gate on the plane"),
    ("print-boolean", "boolean function"),
    ("print-question8", "question 8"),
];

#[component]
pub(super) fn Print(lab: RwSignal<TrainLab>) -> impl IntoView {
    let labs = use_labs();
    let with = LABS.map(|_| RwSignal::new(true));
    let check = |testid: &'static str, text: &'static str, value: RwSignal<bool>| {
        view! {
            <label class="check">
                <input type="checkbox" data-testid=testid prop:checked=value on:change:target=move |event| value.set(event.target().checked())/>
                {text}
            </label>
        }
    };
    let open = move |_| {
        let with = with.map(|signal| signal.get_untracked());
        browser::open_html(&untrack(|| printout(labs, &lab.read(), with)).to_html());
    };
    view! {
        <h2>"A report to print"</h2>
        <p class="aside">"The runs that are drawn, with their curves and settings, and what these labs show:"</p>
        <div class="row wrap">
            {LABS.into_iter().zip(with).map(|((testid, text), value)| check(testid, text, value)).collect_view()}
            <button type="button" data-testid="print" on:click=open>"Open the report"</button>
        </div>
    }
}

/// A run for a report to print, with its curves.
pub(in crate::web) fn section(run: &RunHistory) -> Section {
    let caption = "Loss of each step, bold: smoothed; train accuracy dashed, validation accuracy solid.";
    let names = names_of_classes(&run.data);
    let section = run_section(run, &names.each_ref().map(String::as_str));
    section.with(figure(&curves_chart(&[run]), caption.into()))
}

fn printout(labs: Labs, lab: &TrainLab, with: [bool; LABS.len()]) -> Printout {
    let runs: Vec<&RunHistory> = lab.runs().filter(|run| run.is_shown).collect();
    let mut sections = Vec::new();
    if runs.len() > 1 {
        let names: Vec<_> = runs.iter().map(|run| run.name.clone()).collect();
        let chart = curves_chart(&runs);
        let section = Section::new("Runs compared").with(Part::Table(comparison(runs.iter().copied())));
        sections.push(section.with(figure(&chart, format!("Learning curves of {}.", names.join(", ")))));
    }
    for run in &runs {
        sections.push(section(run));
    }
    let made: [&dyn Fn() -> Option<Section>; LABS.len()] = [
        &|| Some(function::section(&labs.function.read().network)),
        &|| Some(path::section(&labs.path.read())),
        &|| Some(gates::section(&labs.gates.read().gate)),
        &|| boolean_section(&labs.gates.read().boolean),
        &|| {
            let backprop = labs.backprop.read();
            Some(question8_section(&backprop.question8, &backprop.question8.answers()))
        },
    ];
    sections
        .extend(with.into_iter().zip(made).filter_map(|(is_wanted, section)| if is_wanted { section() } else { None }));
    Printout { title: "Piecewise: a report".into(), date: browser::today(), sections }
}
