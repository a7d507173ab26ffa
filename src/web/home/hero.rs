//! A network to take hold of: each bend is a handle, and the verdict changes beside it.

use leptos::prelude::*;
use leptos::svg::Svg;
use web_sys::{KeyboardEvent, PointerEvent};

use crate::labs::function::handles::{HandleError, bend, move_bend, turn_bend};
use crate::labs::function::network::{Answers, NetworkLab};
use crate::labs::function::words::glance;
use crate::labs::home::{hero, reason};
use crate::labs::numbers::exact;
use crate::piecewise::{Chord, Decimal, to_f64};
use crate::web::components::{Announce, Latest};

/// The picture's size in its own units.
const SIZE: (f64, f64) = (640.0, 360.0);
/// What of the plane it shows; it does not move while one drags.
const X: (f64, f64) = (-4.0, 4.0);
const Y: (f64, f64) = (-3.0, 5.0);
/// Digits after the point of what a hand gives.
const PLACES: u32 = 1;

/// A handle that is held: its neuron, the network and the pointer's place when it was taken.
#[derive(Clone)]
struct Held {
    neuron: usize,
    before: NetworkLab,
    from: (f64, f64),
}

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
    let svg = NodeRef::<Svg>::new();
    let held = StoredValue::new(None::<Held>);
    let moved = Latest::new();
    let problem = RwSignal::new(None::<HandleError>);

    let place = move |event: &PointerEvent| {
        let rectangle = svg.get_untracked()?.get_bounding_client_rect();
        let share = |now: i32, start: f64, size: f64| (f64::from(now) - start) / size.max(1.0);
        let across = share(event.client_x(), rectangle.left(), rectangle.width());
        let down = share(event.client_y(), rectangle.top(), rectangle.height());
        Some((X.0 + across * (X.1 - X.0), Y.1 - down * (Y.1 - Y.0)))
    };
    let take = move |neuron: usize, event: PointerEvent| {
        if event.button() != 0 {
            return;
        }
        event.prevent_default();
        if let (Some(from), Some(svg)) = (place(&event), svg.get_untracked()) {
            // The pointer may leave the picture while it holds a handle.
            drop(svg.set_pointer_capture(event.pointer_id()));
            held.set_value(Some(Held { neuron, before: lab.get_untracked(), from }));
        }
    };
    let follow = move |event: PointerEvent| {
        let (Some(Held { neuron, before, from }), Some(now)) = (held.get_value(), place(&event)) else { return };
        moved.set(now, move |now: (f64, f64)| {
            let Some(start) = bend(&before, neuron) else { return };
            let x = (to_f64(&start) + now.0 - from.0).clamp(X.0, X.1);
            let mut after = before.clone();
            if let (Some(x), Some(by)) = (Decimal::round(x, PLACES), Decimal::round(now.1 - from.1, PLACES)) {
                // What the network cannot do leaves it as it is, and is said.
                let result = move_bend(&mut after, neuron, x).and_then(|()| turn_bend(&mut after, neuron, by));
                problem.try_set(result.err());
                lab.try_set(after);
            }
        });
    };
    let release = move |_| held.set_value(None);
    let press = move |neuron: usize, event: KeyboardEvent| {
        let step = |sign: i64| Decimal::new(sign, PLACES).unwrap_or_default();
        let (sideways, up) = match event.key().as_str() {
            "ArrowLeft" => (-1, 0),
            "ArrowRight" => (1, 0),
            "ArrowUp" => (0, 1),
            "ArrowDown" => (0, -1),
            _ => return,
        };
        event.prevent_default();
        lab.update(|lab| {
            let x = bend(lab, neuron).and_then(|x| Decimal::from_rational(&(x + step(sideways).to_rational())));
            let result = match x.filter(|x| sideways != 0 && (X.0..=X.1).contains(&x.to_f64())) {
                Some(x) => move_bend(lab, neuron, x),
                None => turn_bend(lab, neuron, step(up)),
            };
            problem.set(result.err());
        });
    };

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
    let handle = move |neuron: usize| {
        let x = Memo::new(move |_| bend(&lab.read(), neuron));
        let point = move || {
            let x = x.get()?;
            let answers = answers.read();
            let y = answers.relu()?.pieces.piece_at(&x).at(&x);
            Some((to_f64(&x), to_f64(&y)))
        };
        let transform = move || {
            // A handle that has left the picture waits at its edge.
            let (x, y) = point().unwrap_or((X.0, Y.0));
            let (left, top) = at((x.clamp(X.0, X.1), y.clamp(Y.0, Y.1)));
            format!("translate({left:.2} {top:.2})")
        };
        let words = move || x.get().map(|x| format!("bends at x = {}", exact(&x))).unwrap_or_default();
        view! {
            <g
                class="handle"
                role="slider"
                tabindex="0"
                data-testid=format!("handle-kink-{neuron}")
                data-value=move || x.get().map(|x| to_f64(&x).to_string())
                aria-label=format!("Neuron {}: arrows left and right move its bend, up and down its weight", neuron + 1)
                aria-valuemin=X.0
                aria-valuemax=X.1
                aria-valuenow=move || x.get().map(|x| to_f64(&x).to_string())
                aria-valuetext=words
                transform=transform
                on:pointerdown=move |event| take(neuron, event)
                on:keydown=move |event| press(neuron, event)
            >
                <circle class="grip" r="22"></circle>
                <circle r="9"></circle>
            </g>
        }
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
                    <span class="handle-problem" data-testid="handle-problem">{move || problem.get().map(|problem| problem.to_string())}</span>
                </p>
                <p class="buttons row">
                    <a class="button" href=open data-testid="hero-open">"Open this network in the lab"</a>
                    <button type="button" class="quiet" data-testid="hero-reset" on:click=move |_| lab.set(hero())>"Start again"</button>
                </p>
                <Announce text=words/>
            </div>
            <svg
                class="hero-plot"
                node_ref=svg
                viewBox=format!("0 0 {} {}", SIZE.0, SIZE.1)
                data-testid="hero"
                role="group"
                aria-label="The graph of a network with three neurons"
                on:pointermove=follow
                on:pointerup=release
                on:pointercancel=release
            >
                <polyline class="axis" points=axis_x></polyline>
                <polyline class="axis" points=axis_y></polyline>
                {chords}
                <polyline class="graph-line" points=line></polyline>
                {(0..3).map(handle).collect_view()}
            </svg>
        </section>
    }
}

fn verdict_word(answers: &Answers) -> String {
    answers.relu().map(|relu| relu.shape.verdict.word().to_owned()).unwrap_or_default()
}

fn because(answers: &Answers) -> String {
    answers.relu().map_or_else(String::new, |relu| reason(relu.shape.verdict).to_owned())
}
