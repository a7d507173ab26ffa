//! `#/backprop`: see a gradient, derive it, check it.

mod layers;
mod network;
mod question8;

use leptos::prelude::*;

use super::browser;
use super::components;
use super::router::Lab;
use super::state::use_labs;
use crate::labs::backprop::Part;
use crate::labs::backprop::challenges::CHALLENGES;
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

/// The head of the controls.
#[component]
fn Head(#[prop(into)] lead: String) -> impl IntoView {
    let labs = use_labs();
    let parts = vec![
        (Part::Question8, "A weight used twice", "part-question8"),
        (Part::Layers, "Layer by layer", "part-layers"),
    ];
    let part = Signal::derive(move || labs.backprop.read().part);
    view! { <components::Head lab=Lab::Backprop title="Backprop lab" challenges=&CHALLENGES parts part choose=move |part| labs.backprop.update(|lab| lab.part = part) lead/> }
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
