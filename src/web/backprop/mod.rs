//! `#/backprop`: see a gradient, derive it, check it.

mod layers;
mod question8;

use leptos::prelude::*;

use super::app::use_labs;
use super::browser;
use crate::labs::backprop::Part;
use crate::labs::backprop::table::{Table, to_csv, to_latex};

#[component]
pub(super) fn BackpropPage() -> impl IntoView {
    let labs = use_labs();
    let part = Memo::new(move |_| labs.backprop.read().part);
    move || match part.get() {
        Part::Question8 => view! { <question8::Question8Page/> }.into_any(),
        Part::Layers => view! { <layers::LayersPage/> }.into_any(),
    }
}

/// The head of the controls: which part, and what it is about.
#[component]
fn Head(#[prop(into)] lead: String) -> impl IntoView {
    let labs = use_labs();
    let entry = move |part: Part, title: &'static str, testid: &'static str| {
        view! {
            <button
                type="button"
                class="quiet"
                data-testid=testid
                aria-pressed=move || (labs.backprop.read().part == part).to_string()
                on:click=move |_| labs.backprop.update(|lab| lab.part = part)
            >
                {title}
            </button>
        }
    };
    view! {
        <h1>"Backprop lab"</h1>
        <div class="switch parts" role="group" aria-label="Part">
            {entry(Part::Question8, "A weight used twice", "part-question8")} {entry(Part::Layers, "Layer by layer", "part-layers")}
        </div>
        <p class="lead">{lead}</p>
        <super::app::LinkError/>
    }
}

/// Buttons that save tables.
#[component]
fn TableExports(tables: impl Fn() -> Vec<Table> + Copy + 'static, file: &'static str) -> impl IntoView {
    let save_csv = move |_| browser::download_text(&format!("{file}.csv"), "text/csv", &to_csv(&tables()));
    let save_latex = move |_| browser::download_text(&format!("{file}.tex"), "text/x-tex", &to_latex(&tables()));
    view! {
        <p class="plot-tools">
            <span class="aside">"Tables:"</span>
            <button type="button" class="quiet" data-testid="export-tables-csv" on:click=save_csv>"CSV"</button>
            <button type="button" class="quiet" data-testid="export-tables-latex" on:click=save_latex>"LaTeX"</button>
        </p>
    }
}
