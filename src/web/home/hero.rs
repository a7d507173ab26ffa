//! A network to take hold of: each bend is a handle, and the verdict changes beside it.

use std::sync::Arc;

use leptos::html::Div;
use leptos::prelude::*;

use crate::labs::function::handles::{Grip, handles, pulled};
use crate::labs::function::network::Answers;
use crate::labs::function::words::glance;
use crate::labs::home::{hero, reason};
use crate::piecewise::{Chord, to_f64};
use crate::plot::Frame;
use crate::web::components::{Announce, Handles, Hands, watch_size};

/// The picture's size in its own units.
const SIZE: (f64, f64) = (640.0, 360.0);
/// What of the plane it shows; it does not move while one drags.
const X: (f64, f64) = (-4.0, 4.0);
const Y: (f64, f64) = (-3.0, 5.0);

fn at((x, y): (f64, f64)) -> (f64, f64) {
    ((x - X.0) / (X.1 - X.0) * SIZE.0, (Y.1 - y) / (Y.1 - Y.0) * SIZE.1)
}

fn points(line: &[(f64, f64)]) -> String {
    line.iter()
        .map(|&point| {
            let (x, y) = at(point);
            format!("{x:.2},{y:.2}")
        })
        .collect::<Vec<_>>()
        .join(" ")
}

#[component]
pub(super) fn Hero() -> impl IntoView {
    let lab = RwSignal::new(hero());
    let answers = Memo::new(move |_| lab.read().answers());
    let holder = NodeRef::<Div>::new();
    let resized = RwSignal::new(0_u32);
    watch_size(holder, resized);
    let placed = Signal::derive(move || {
        resized.track();
        let holder = holder.get()?;
        let size = [holder.client_width(), holder.client_height()].map(f64::from);
        Some((Arc::new(Frame { x_px: (0.0, size[0]), y_px: (0.0, size[1]), x: X, y: Y, ..Frame::default() }), 1.0))
    });
    // Its bends: what the sentence beside it speaks of.
    let bends = Memo::new(move |_| {
        let answers = answers.read();
        let all = answers.relu().map(|relu| handles(&lab.read(), &relu.pieces, X)).unwrap_or_default();
        all.into_iter().filter(|handle| matches!(handle.grip, Grip::Bend { .. })).collect::<Vec<_>>()
    });
    let hands = Hands::new(lab.into(), bends, pulled, move |state| lab.set(state));

    let line = move || {
        let interval = lab.read().interval();
        let answers = answers.read();
        let (Some(relu), Some(from), Some(to)) = (answers.relu(), &interval.start, &interval.end) else {
            return String::new();
        };
        points(&relu.polyline(from, to))
    };
    let chords = move || {
        let answers = answers.read();
        let relu = answers.relu()?;
        let view = |chord: &Chord| {
            let at = |index: usize| (to_f64(&chord.x[index]), to_f64(&chord.f[index]));
            view! { <polyline class="chord" points=points(&[at(0), at(2)])></polyline> }
        };
        Some(relu.chords().map(view).collect_view())
    };
    let axis_x = points(&[(X.0, 0.0), (X.1, 0.0)]);
    let axis_y = points(&[(0.0, Y.0), (0.0, Y.1)]);
    let words = Signal::derive(move || format!("{}. {}", glance(&answers.read()), because(&answers.read())));
    let open = move || format!("#/function?{}", lab.read().encode());
    view! {
        <section class="hero" aria-labelledby="what">
            <div class="hero-words">
                <h1 id="what">"Why do ReLU networks bend?"</h1>
                <p>
                    "A network of ReLUs is made of straight pieces, and each neuron bends it once. Take hold of a ring and drag: sideways moves the bend, up and down its strength. Whatever Piecewise says of it is decided in exact fractions, and it trains a real network on CIFAR-10 too, here, on your own machine."
                </p>
                <p class="verdict" data-testid="verdict" data-value=move || verdict_word(&answers.read())>
                    <b>{move || glance(&answers.read())}</b>
                    <span>{move || because(&answers.read())}</span>
                </p>
                <p class="buttons row">
                    <a class="button" href=open data-testid="hero-open">"Open this network in the lab"</a>
                    <button type="button" class="quiet" data-testid="hero-reset" on:click=move |_| lab.set(hero())>"Start again"</button>
                </p>
                <Announce text=words/>
            </div>
            <div class="hero-plot" node_ref=holder data-testid="hero" role="group" aria-label="The graph of a network with three neurons">
                <svg viewBox=format!("0 0 {} {}", SIZE.0, SIZE.1) aria-hidden="true">
                    <polyline class="axis" points=axis_x></polyline>
                    <polyline class="axis" points=axis_y></polyline>
                    {chords}
                    <polyline class="graph-line" points=line></polyline>
                </svg>
                <Handles hands placed/>
            </div>
        </section>
    }
}

fn verdict_word(answers: &Answers) -> String {
    answers.relu().map(|relu| relu.shape.verdict.word().to_owned()).unwrap_or_default()
}

fn because(answers: &Answers) -> String {
    answers.relu().map_or_else(String::new, |relu| reason(relu.shape.verdict).to_owned())
}
