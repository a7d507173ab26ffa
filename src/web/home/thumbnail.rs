//! A lab's small picture on its card: drawn from the lab as it is, after the page has been painted.

use std::time::Duration;

use leptos::prelude::*;

use crate::labs::function::network as function;
use crate::labs::home::thumbnail::{self, Form, Ink, Shape, WIDTH};
use crate::labs::path;
use crate::labs::train::recorded;
use crate::web::components::Slices;
use crate::web::notebook::use_notebook;
use crate::web::router::Lab;
use crate::web::state::use_labs;

/// Units of the picture for one of its height.
const UNIT: f64 = 100.0;
/// Cuts of a proof at once.
const CUTS: usize = 32;
/// More dots than these are drawn small.
const MANY: usize = 20;
/// The run whose curves stand for those that there are not yet.
const EXAMPLE: &str = "plain";

#[component]
pub(super) fn Thumbnail(lab: Lab) -> impl IntoView {
    let shapes = RwSignal::new(Vec::<Shape>::new());
    let note = RwSignal::new("");
    let (labs, notebook, slices) = (use_labs(), use_notebook().now, Slices::new());
    // The card may be gone meanwhile.
    let put = move |drawn: Vec<Shape>| drop(shapes.try_set(drawn));
    let draw = move || match lab {
        Lab::Function => {
            let Some(network) = labs.function.try_with_untracked(|lab| lab.network.clone()) else { return };
            slices.start(function::Deciding::new(&network), function::Deciding::advance, move |state| {
                if let Ok(deciding) = state {
                    put(thumbnail::function(&network, &deciding.finish()));
                }
            });
        }
        Lab::Path => {
            let Some(deciding) = labs.path.try_with_untracked(path::Deciding::new) else { return };
            slices.start(deciding, path::Deciding::advance, move |state| {
                if let Ok(deciding) = state {
                    put(thumbnail::path(&deciding.finish()));
                }
            });
        }
        Lab::Gates => {
            let Some(gate) = labs.gates.try_with_untracked(|lab| lab.gate.clone()) else { return };
            slices.start(
                gate.prover(),
                |prover| prover.advance(CUTS),
                move |state| {
                    if let Ok(prover) = state {
                        put(thumbnail::gate(&gate, &prover));
                    }
                },
            );
        }
        Lab::Plane => {
            let points = labs.plane.with_untracked(|lab| lab.recipe.points());
            put(labs.plane_run.with_untracked(|run| thumbnail::plane(&points, run.report.as_deref())));
        }
        Lab::Backprop => {
            put(labs.backprop.with_untracked(|lab| thumbnail::gradient(&lab.question8.answers().closed.sum)));
        }
        Lab::Train => {
            if let Some(drawn) = labs.train.with_untracked(|lab| lab.run.as_ref().map(thumbnail::run)) {
                put(drawn);
            } else if let Some(run) = recorded::find(EXAMPLE).and_then(|run| recorded::lab(&[run]).run) {
                put(thumbnail::run(&run));
                note.set("a recorded run");
            }
        }
        Lab::Bench => {
            let shares = labs
                .bench
                .with_untracked(|lab| lab.speeds.products.iter().map(|row| row.share_of_peak).collect::<Vec<_>>());
            if shares.is_empty() {
                note.set("not measured yet");
            }
            put(thumbnail::bars(&shares));
        }
        Lab::Notebook => put(notebook.with_untracked(thumbnail::notebook)),
        _ => {}
    };
    // The page is painted first: a frame comes, and then what was asked for in it.
    request_animation_frame(move || set_timeout(draw, Duration::ZERO));
    view! {
        <div class="thumbnail" data-testid=format!("thumbnail-{}", lab.path()) data-value=move || shapes.read().len()>
            <svg viewBox=format!("0 0 {} {UNIT}", WIDTH * UNIT) aria-hidden="true">{move || shapes.read().iter().map(drawn).collect_view()}</svg>
            <small>{note}</small>
        </div>
    }
}

fn drawn(shape: &Shape) -> AnyView {
    let class = match shape.ink {
        Ink::Function => "function",
        Ink::Kink => "kink",
        Ink::Positive => "positive",
        Ink::Soft => "soft",
    };
    let place = |&(x, y): &(f64, f64)| (x * UNIT, y * UNIT);
    let points = || shape.points.iter().map(place).map(|(x, y)| format!("{x:.1},{y:.1}")).collect::<Vec<_>>().join(" ");
    match shape.form {
        Form::Line => view! { <polyline class=class points=points()></polyline> }.into_any(),
        Form::Face => view! { <polygon class=class points=points()></polygon> }.into_any(),
        Form::Dots => {
            let radius = if shape.points.len() > MANY { "1.8" } else { "4" };
            let dot = |(x, y): (f64, f64)| view! { <circle class=class cx=format!("{x:.1}") cy=format!("{y:.1}") r=radius></circle> };
            shape.points.iter().map(place).map(dot).collect_view().into_any()
        }
    }
}
