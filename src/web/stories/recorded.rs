//! Curves of recorded runs, which say that they are.

use leptos::context::Provider;
use leptos::prelude::*;

use crate::labs::train::recorded::{self, Recording};
use crate::web::components::{Figures, Plot};
use crate::web::train::{csv, curves_chart, hover};

#[component]
pub(super) fn RecordedRuns(runs: &'static [&'static Recording]) -> impl IntoView {
    let lab = StoredValue::new(recorded::lab(runs));
    let chart = Memo::new(move |_| lab.with_value(|lab| curves_chart(&lab.runs().collect::<Vec<_>>())));
    let chosen = RwSignal::new(None);
    let shown = Memo::new(move |_| {
        let mut chart = chart.get();
        chart.view = chosen.get().map(|window: crate::plot::Window| window.x);
        chart
    });
    let names = runs.iter().map(|run| run.name).collect::<Vec<_>>().join(",");
    let caption = recorded::caption(runs);
    let label = caption.clone();
    let hover = move |x: f64| lab.with_value(|lab| hover(lab, &shown.read_untracked(), x));
    view! {
        <figure class="recorded" data-testid="recorded" data-value=names>
            // The lab's plot is the one to take away, not this one.
            <Provider value=Figures::new()>
                <Plot testid="plot-recorded" label=label chart=shown hover chosen csv=move || lab.with_value(csv) file="piecewise-recorded"/>
            </Provider>
            <figcaption>{caption}</figcaption>
        </figure>
    }
}
