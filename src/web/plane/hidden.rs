//! The plane as a hidden layer sees it.

use std::sync::Arc;

use leptos::prelude::*;

use super::Here;
use crate::labs::plane::hidden::{Folded, folded};
use crate::labs::plane::picture::{points, shapes};
use crate::plot::{PlaneChart, nice_range};
use crate::web::components::{Plot, Select, number_options};

#[component]
pub(super) fn Hidden(here: Here) -> impl IntoView {
    let chosen = RwSignal::new(1_usize);
    let layers = Memo::new(move |_| here.lab.read().hidden.len());
    let layer = Memo::new(move |_| chosen.get().min(layers.get()));
    let is_open = RwSignal::new(false);
    let seen = Memo::new(move |_| {
        let report = here.report.get().filter(|_| is_open.get())?;
        let lab = here.lab.read();
        let all = points(&lab.recipe.points(), Some(&report));
        folded(&lab.hidden[..layer.get()], &report.weights, &all, &shapes(&report.picture))
    });
    let chart = Memo::new(move |_| {
        let Folded { points, shapes, share } = seen.get().unwrap_or_default();
        let ends = |of: fn(&(f64, f64)) -> f64| {
            let values = points.iter().map(|point| of(&point.at));
            let (low, high) =
                values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| (low.min(x), high.max(x)));
            nice_range(low, high)
        };
        PlaneChart {
            x: ends(|at| at.0),
            y: ends(|at| at.1),
            labels: if share.is_some() { ["first axis", "second axis"] } else { ["h₁", "h₂"] },
            shapes: Arc::new(shapes),
            points: Arc::new(points),
            classes: here.lab.read().recipe.class_count(),
            has_lines: false,
            has_areas: true,
        }
    });
    let words = move || match seen.read().as_ref() {
        Some(Folded { share: Some(share), .. }) => format!(
            "The layer has more than two neurons: these are the two axes along which the points spread most, with {:.0} % of their variance.",
            share * 100.0
        ),
        _ => "The layer’s own neurons are the axes: the plane is folded where one of them is 0.".into(),
    };
    let csv = move || {
        let mut csv = String::from("first,second,class\n");
        for point in seen.read_untracked().iter().flat_map(|seen| &seen.points) {
            csv += &format!("{},{},{}\n", point.at.0, point.at.1, point.class + 1);
        }
        csv
    };
    let toggle = move |event: web_sys::Event| {
        let details = event.target().and_then(|target| wasm_bindgen::JsCast::dyn_into::<web_sys::Element>(target).ok());
        is_open.set(details.is_some_and(|details| details.has_attribute("open")));
    };
    view! {
        <details class="hidden-layer" on:toggle=toggle>
            <summary data-testid="plane-hidden-open">"As a hidden layer sees it"</summary>
            <div class="row"><Select testid="plane-hidden" label="After layer" options=Signal::derive(move || number_options(1..=layers.get())) value=layer set=move |layer| chosen.set(layer)/></div>
            {move || {
                is_open.get().then(|| {
                    view! { <Plot testid="plot-plane-hidden" label="The points and regions in two coordinates of a hidden layer" chart hover=|_| None csv file="piecewise-plane-hidden"/> }
                })
            }}
            <p class="note">{words}</p>
        </details>
    }
}
