//! A report to print: the runs that are drawn, their curves, and what the other labs show.

use leptos::prelude::*;

use super::curves_chart;
use crate::labs::printout::{Part, Printout, Section, comparison, run_section};
use crate::labs::train::{RunHistory, TrainLab, names_of_classes};
use crate::web::app::{Labs, use_labs};
use crate::web::figure::figure;
use crate::web::{browser, function, gates, path};

#[component]
pub(super) fn Print(lab: RwSignal<TrainLab>) -> impl IntoView {
    let labs = use_labs();
    let (has_function, has_path, has_gates) = (RwSignal::new(true), RwSignal::new(true), RwSignal::new(true));
    let check = |testid: &'static str, text: &'static str, value: RwSignal<bool>| {
        view! {
            <label class="check">
                <input type="checkbox" data-testid=testid prop:checked=value on:change:target=move |event| value.set(event.target().checked())/>
                {text}
            </label>
        }
    };
    let open = move |_| {
        let with = [has_function, has_path, has_gates].map(|signal| signal.get_untracked());
        browser::open_html(&untrack(|| printout(labs, &lab.read(), with)).to_html());
    };
    view! {
        <h2>"A report to print"</h2>
        <p class="aside">"The runs that are drawn, with their curves and settings, and what these labs show:"</p>
        <div class="row wrap">
            {check("print-function", "function", has_function)}
            {check("print-path", "path", has_path)}
            {check("print-gates", "gates", has_gates)}
            <button type="button" data-testid="print" on:click=open>"Open the report"</button>
        </div>
    }
}

fn printout(labs: Labs, lab: &TrainLab, [has_function, has_path, has_gates]: [bool; 3]) -> Printout {
    let runs: Vec<&RunHistory> = lab.runs().filter(|run| run.is_shown).collect();
    let mut sections = Vec::new();
    if runs.len() > 1 {
        let names: Vec<_> = runs.iter().map(|run| run.name.clone()).collect();
        let chart = curves_chart(&runs);
        let section = Section::new("Runs compared").with(Part::Table(comparison(runs.iter().copied())));
        sections.push(section.with(figure(&chart, format!("Learning curves of {}.", names.join(", ")))));
    }
    for run in &runs {
        let caption = "Loss of each step, bold: smoothed; train accuracy dashed, validation accuracy solid.";
        let names = names_of_classes(&run.data);
        let section = run_section(run, &names.each_ref().map(String::as_str));
        sections.push(section.with(figure(&curves_chart(&[run]), caption.into())));
    }
    if has_function {
        sections.push(function::section(&labs.function.read().network));
    }
    if has_path {
        sections.push(path::section(&labs.path.read()));
    }
    if has_gates {
        sections.push(gates::section(&labs.gates.read().gate));
    }
    Printout { title: "Piecewise: a report".into(), date: browser::today(), sections }
}
