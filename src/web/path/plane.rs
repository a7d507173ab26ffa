//! A plane in parameter space as a heat map, with the path on it.

use std::time::Duration;

use leptos::prelude::*;

use super::name;
use crate::labs::numbers::significant;
use crate::labs::parameters::Place;
use crate::labs::path::handles::{handles, pulled};
use crate::labs::path::plane::{Plane, SIDE, Sampler};
use crate::labs::path::{End, PathLab};
use crate::plot::{CONTOURS, HeatChart};
use crate::web::components::{Hands, Options, Plot, Readout, Row, Select, Slices};
use crate::web::state::use_labs;

/// The map follows when a slider has rested this long.
const REST: Duration = Duration::from_millis(60);

#[component]
pub(super) fn PlanePlot(lab: Memo<PathLab>) -> impl IntoView {
    let labs = use_labs();
    // The first is computed at once: a small one takes a few milliseconds.
    let first = Sampler::new(&lab.get_untracked());
    let sampler = StoredValue::new(first.clone());
    let chart = RwSignal::new(picture(&lab.get_untracked(), first));
    let is_in_plane = RwSignal::new(sampler.with_value(Sampler::is_in_plane));
    let slices = Slices::new();
    let follow = leptos::leptos_dom::helpers::debounce(REST, move |lab: PathLab| {
        let work = Sampler::new(&lab);
        sampler.try_set_value(work.clone());
        slices.start(work, Sampler::advance, move |state| {
            if let Ok(done) = state {
                let heat = done.clone().finish();
                is_in_plane.try_set(heat.is_in_plane);
                chart.try_set(picture(&lab, done));
            }
        });
    });
    let follow = StoredValue::new_local(follow);
    Effect::new(move |before: Option<PathLab>| {
        let lab = lab.get();
        if before.is_some_and(|before| before != lab) {
            follow.update_value(|follow| follow(lab.clone()));
        }
        lab
    });
    // The path itself is at once where a hand or a slider puts it; the colours follow.
    let shown = Memo::new(move |_| {
        let mut chart = chart.get();
        let ends = handles(&lab.read());
        if let [to, from] = &ends[..] {
            chart.path = [from.at, to.at];
        }
        chart
    });
    let hands =
        Hands::new(lab.into(), Memo::new(move |_| handles(&lab.read())), pulled, move |state| labs.path.set(state));
    let label = Signal::derive(move || {
        let (low, high) = shown.read().shown();
        format!(
            "Heat map over a plane in parameter space, from {} to {}, with the path on it",
            significant(low, 3),
            significant(high, 3)
        )
    });
    let spot = Callback::new(move |(a, b): (f64, f64)| {
        let value = sampler.with_value(|sampler| sampler.at(a, b));
        let chart = shown.read_untracked();
        let row = |name: &str, value: f64, digits| Row::new(name, significant(value, digits));
        let rows = vec![row(&chart.x_label, a, 3), row(&chart.y_label, b, 3)];
        Some(Readout { title: format!("{}: {}", chart.quantity, significant(value, 5)), rows, ..Readout::default() })
    });
    let csv = move || {
        let chart = shown.read_untracked();
        let mut csv = format!("{},{},value\n", chart.x_label, chart.y_label);
        for (index, value) in chart.values.iter().enumerate() {
            let along = |(low, high): (f64, f64), at: usize| low + (high - low) * at as f64 / (SIDE - 1) as f64;
            csv += &format!("{},{},{value}\n", along(chart.x, index % SIDE), along(chart.y, index / SIDE));
        }
        csv
    };
    let note = move || match (lab.read().plane, is_in_plane.get()) {
        (Plane::Random { .. }, _) => {
            "Across: along the path, 0 is “from”, 1 is “to”. Up: a random direction at right angles to it, as long. With two parameters as axes, both ends can be dragged."
        }
        (Plane::Sliders(..), true) => "The whole path lies in this plane.",
        (Plane::Sliders(..), false) => {
            "Other parameters move too: the line is the path’s projection, and the colours are those with the others at “from”."
        }
    };
    let kind = Memo::new(move |_| matches!(lab.read().plane, Plane::Sliders(..)));
    let kinds: Options<bool> = vec![
        (false, "random".into(), "path, random direction".into()),
        (true, "sliders".into(), "two parameters".into()),
    ];
    let set_kind = move |sliders: bool| {
        labs.path.update(|lab| {
            let places = lab.end(End::From).places();
            lab.plane = if sliders { Plane::Sliders(places[0], places[1]) } else { Plane::default() };
        });
    };
    let places = Memo::new(move |_| {
        let places = lab.read().end(End::From).places();
        places.into_iter().map(|place| (place, place.to_string(), place.label())).collect::<Options<Place>>()
    });
    let chosen = move |second: bool| {
        Memo::new(move |_| match lab.read().plane {
            Plane::Sliders(a, b) => {
                if second {
                    b
                } else {
                    a
                }
            }
            Plane::Random { .. } => Place { layer: 0, row: 0, column: None },
        })
    };
    let set = move |second: bool, place: Place| {
        labs.path.update(|lab| {
            if let Plane::Sliders(a, b) = lab.plane {
                // Choosing the other axis' parameter exchanges the two.
                let (kept, old) = if second { (a, b) } else { (b, a) };
                let other = if place == kept { old } else { kept };
                lab.plane = if second { Plane::Sliders(other, place) } else { Plane::Sliders(place, other) };
            }
        });
    };
    let next = move |_| {
        labs.path.update(|lab| {
            if let Plane::Random { seed } = lab.plane {
                lab.plane = Plane::Random { seed: seed.wrapping_add(1) };
            }
        });
    };
    view! {
        <h2>"Around the path"</h2>
        <div class="row view-row">
            <Select testid="plane-kind" label="Plane" options=kinds value=kind set=set_kind/>
            {move || {
                if kind.get() {
                    view! {
                        <span class="each"><Select testid="plane-first" label="across" options=places value=chosen(false) set=move |place| set(false, place)/></span>
                        <span class="each"><Select testid="plane-second" label="up" options=places value=chosen(true) set=move |place| set(true, place)/></span>
                    }
                    .into_any()
                } else {
                    view! { <button type="button" class="quiet" data-testid="plane-next" on:click=next>"New direction"</button> }.into_any()
                }
            }}
        </div>
        <div class="plane"><Plot testid="plot-plane" label chart=shown hover=|_| None spot hands csv file="piecewise-plane"/></div>
        <p class="aside" data-testid="plane-scale">{format!("{CONTOURS} contours. ")} {note}</p>
        <p class="note">"Computed in f64, for looking; verdicts are those of the exact path."</p>
    }
}

fn picture(lab: &PathLab, sampler: Sampler) -> HeatChart {
    let heat = sampler.finish();
    let (x_label, y_label) = match lab.plane {
        Plane::Random { .. } => ("along the path".to_owned(), "a random direction".to_owned()),
        Plane::Sliders(first, second) => (first.label(), second.label()),
    };
    HeatChart {
        x: heat.across,
        y: heat.up,
        columns: SIDE,
        values: heat.values,
        path: heat.path,
        x_label,
        y_label,
        quantity: name(lab.quantity).into(),
    }
}
