//! The plane, and what plays the run: step, play, speed, and a scrubber over its steps.

use std::sync::Arc;

use leptos::prelude::*;

use super::{Here, go_on};
use crate::labs::numbers::{count, significant, subscript};
use crate::labs::plane::look::Look;
use crate::labs::plane::picture::{chart, points, shapes, window};
use crate::labs::plane::run::{Speed, stop_of, stops};
use crate::labs::plane::words;
use crate::plot::{Motion, PlaneChart, Window};
use crate::web::components::{Options, Plot, Readout, Row, Select};
use crate::web::state::use_labs;

/// Points that are drawn in one stroke are this share of the window apart; a rubber reaches so far.
const APART: f64 = 0.03;

/// What the pointer does.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Brush {
    /// Puts points of a class.
    Class(u8),
    /// Takes points away.
    Rubber,
}

#[component]
pub(super) fn Stage(here: Here) -> impl IntoView {
    let labs = use_labs();
    let Here { lab, last, report, chosen } = here;
    let all_points = Memo::new(move |_| lab.with(|lab| (lab.recipe.points(), lab.recipe.class_count())));
    let drawn =
        Memo::new(move |_| last.read().as_ref().map(|report| Arc::new(shapes(&report.picture))).unwrap_or_default());
    let looks = labs.plane_looks;
    let picture = Memo::new(move |_| {
        let (points_now, classes) = all_points.get();
        let points = Arc::new(points(&points_now, report.read().as_deref()));
        let (has_lines, has_areas) = looks.get();
        PlaneChart { has_lines, has_areas, ..chart(window(chosen.get()), drawn.get(), points, classes) }
    });
    let label = Signal::derive(move || match report.read().as_ref() {
        None => "The plane with its points".into(),
        Some(report) => {
            format!("The plane with its points after {} steps: {}", count(report.step), words::regions(report))
        }
    });
    let spot = Callback::new(move |at: (f64, f64)| look(here, at));
    let motion = Callback::new(move |motion: Motion| {
        let seen = window(chosen.get_untracked());
        chosen.set(Window { x: seen.x, y: seen.y }.moved(motion));
    });
    let csv = move || {
        let mut csv = String::from("area,class,sureness,x1,x2\n");
        for (index, cell) in drawn.read_untracked().cells.iter().enumerate() {
            let sureness = f64::from(cell.sureness) / 255.0;
            for (x, y) in &cell.corners {
                csv += &format!("{index},{},{sureness:.3},{x},{y}\n", cell.class + 1);
            }
        }
        csv
    };
    let zoom = move |factor: f64| {
        let seen = window(chosen.get_untracked());
        let middle = ((seen.x.0 + seen.x.1) / 2.0, (seen.y.0 + seen.y.1) / 2.0);
        motion.run(Motion::Zoom(middle, factor));
    };
    let brush = RwSignal::new(None::<Brush>);
    let stroke = StoredValue::new(None::<(f64, f64)>);
    let paint = Callback::new(move |(at, is_first): ((f64, f64), bool)| {
        let Some(brush) = brush.get_untracked() else { return };
        let seen = window(chosen.get_untracked());
        let reach = APART * (seen.x.1 - seen.x.0);
        let is_near = |before: (f64, f64)| (before.0 - at.0).hypot(before.1 - at.1) < reach;
        if is_first || !stroke.get_value().is_some_and(is_near) {
            stroke.set_value(Some(at));
            labs.plane.update(|lab| match brush {
                Brush::Class(class) => lab.paint(at, Some(class), reach),
                Brush::Rubber => lab.paint(at, None, reach),
            });
        }
    });
    let draws = Signal::derive(move || brush.get().is_some());
    let tool = move |tool: Brush| {
        let (testid, text) = match tool {
            Brush::Class(class) => (format!("draw-{}", class + 1), format!("Class {}", class + 1)),
            Brush::Rubber => ("draw-rubber".into(), "Rubber".into()),
        };
        let is_on = move || brush.get() == Some(tool);
        view! {
            <button type="button" class="toggle" data-testid=testid aria-pressed=move || is_on().to_string() title="While this is on, the pointer does this on the plane and does not move it" on:click=move |_| brush.set((!is_on()).then_some(tool))>
                {text}
            </button>
        }
    };
    let tools = move || {
        let classes = all_points.read().1 as u8;
        (0..classes).map(Brush::Class).chain([Brush::Rubber]).map(tool).collect_view()
    };
    let has_lines = move |event: bool| looks.update(|looks| looks.0 = event);
    let has_areas = move |event: bool| looks.update(|looks| looks.1 = event);
    view! {
        <div class="square plane-square">
            <Plot testid="plot-plane" label chart=picture hover=|_| None spot draw=paint draws motion csv file="piecewise-plane"/>
        </div>
        <Transport here/>
        <div class="row plane-tools">
            <label class="check">
                <input type="checkbox" data-testid="show-lines" prop:checked=move || looks.get().0 on:change:target=move |event| has_lines(event.target().checked())/>
                "Neurons’ lines"
            </label>
            <label class="check">
                <input type="checkbox" data-testid="show-areas" prop:checked=move || looks.get().1 on:change:target=move |event| has_areas(event.target().checked())/>
                "Fill by prediction"
            </label>
            <button type="button" class="quiet" data-testid="zoom-in" aria-label="Zoom in" on:click=move |_| zoom(0.5)>"+"</button>
            <button type="button" class="quiet" data-testid="zoom-out" aria-label="Zoom out" on:click=move |_| zoom(2.0)>"−"</button>
            <button type="button" class="quiet" data-testid="zoom-reset" on:click=move |_| motion.run(Motion::Home)>"Reset view"</button>
        </div>
        <div class="row plane-tools" role="group" aria-label="Draw points"><span class="aside">"Draw points:"</span> {tools}</div>
    }
}

/// Play, steps, speed and the scrubber.
#[component]
fn Transport(here: Here) -> impl IntoView {
    let labs = use_labs();
    let run = labs.plane_run;
    let is_playing = Memo::new(move |_| run.read().is_playing);
    let speed = Memo::new(move |_| run.read().speed);
    let is_there = Memo::new(move |_| here.report.read().is_some());
    let is_over = Memo::new(move |_| here.report.read().as_ref().is_some_and(|report| report.diverged.is_some()));
    let is_stuck = move || !is_there.get() || is_over.get();
    let per_epoch = Memo::new(move |_| here.report.read().as_ref().map_or(1, |report| report.steps_per_epoch));
    let play = move |_| {
        run.update(|run| run.play(!run.is_playing));
        go_on(labs);
    };
    let step = move |steps: usize| {
        run.update(|run| run.step(steps));
        go_on(labs);
    };
    let again = move |_| {
        run.update(|run| run.begin(&here.lab.read_untracked()));
        go_on(labs);
    };
    let speeds: Options<Speed> =
        Speed::ALL.map(|speed| (speed, speed.word().to_owned(), speed.title().to_owned())).into();
    let places = Memo::new(move |_| here.report.read().as_ref().map_or(1, |report| stops(report)));
    let place = Memo::new(move |_| {
        let scrubbed = run.read().scrubbed;
        here.report.read().as_ref().map_or(0, |report| stop_of(report, scrubbed))
    });
    let scrub = move |index: usize| {
        run.update(|run| run.scrub(index));
        go_on(labs);
    };
    let text = move || match here.report.read().as_ref() {
        None => "Step –".to_owned(),
        Some(report) => {
            let epoch = report.step / report.steps_per_epoch.max(1);
            let of = if report.step == report.steps { String::new() } else { format!(" of {}", count(report.steps)) };
            format!("Step {}{of}, epoch {}", count(report.step), count(epoch))
        }
    };
    let state = move || match (is_over.get(), is_playing.get()) {
        (true, _) => "diverged",
        (_, true) => "playing",
        _ => "paused",
    };
    let trouble = move || {
        let message = here.report.read().as_ref().and_then(|report| {
            report.diverged.map(|step| {
                format!(
                    "In step {} a weight was no number any more: the learning rate is too large for this. What is shown is step {}. Choose a smaller rate.",
                    count(step),
                    count(report.steps)
                )
            })
        });
        let message = run.read().refused.clone().filter(|message| !message.is_empty()).or(message);
        message.map(|message| view! { <p class="error" role="alert" data-testid="error">{message}</p> })
    };
    view! {
        <div class="transport" role="group" aria-label="Training">
            <div class="row buttons">
                <button type="button" class="primary" data-testid="plane-play" aria-pressed=move || is_playing.get().to_string() disabled=is_stuck on:click=play>
                    {move || if is_playing.get() { "Pause" } else { "Play" }}
                </button>
                <button type="button" data-testid="plane-step" disabled=is_stuck on:click=move |_| step(1)>"Step"</button>
                <button type="button" data-testid="plane-epoch" disabled=is_stuck title="As many steps as it takes to see every point once" on:click=move |_| step(per_epoch.get_untracked())>"Epoch"</button>
                <button type="button" data-testid="plane-again" title="Back to the same initial weights" on:click=again>"Start again"</button>
                <Select testid="plane-speed" label="Speed" options=speeds value=speed set=move |speed| run.update(|run| run.speed = speed)/>
            </div>
            <div class="row scrubber">
                <input
                    type="range"
                    min="0"
                    max=move || (places.get() - 1).to_string()
                    data-testid="plane-scrub"
                    aria-label="Step that is shown"
                    aria-valuetext=text
                    disabled=move || places.get() < 2
                    prop:value=move || { places.track(); place.get().to_string() }
                    on:input:target=move |event| scrub(event.target().value().parse().unwrap_or_default())
                />
                <span class="aside" data-testid="plane-status" data-value=state>{text}</span>
            </div>
            {trouble}
        </div>
    }
}

/// The region under the pointer, and the outputs there.
fn look(here: Here, (x, y): (f64, f64)) -> Option<Readout> {
    let report = here.report.get_untracked()?;
    let lab = here.lab.get_untracked();
    let look = Look::new(&lab.hidden, lab.recipe.class_count(), &report.weights, [x, y])?;
    let on = look.on.iter().enumerate().map(|(layer, on)| {
        let all = lab.hidden[layer];
        let list: Vec<String> = on.iter().map(|neuron| (neuron + 1).to_string()).collect();
        let text = if list.len() == all {
            "all".into()
        } else if list.is_empty() {
            "none".into()
        } else {
            list.join(", ")
        };
        Row::new(format!("on in layer {}", layer + 1), text)
    });
    let map = |(class, [a, b, c]): (usize, &[f64; 3])| {
        let (name, value) =
            (format!("z{} = {}", subscript(class + 1), significant(look.outputs[class], 3)), affine([*a, *b, *c]));
        Row::new(name, value)
    };
    let rows = std::iter::once(Row::new("prediction", format!("class {}", look.class() + 1)));
    let rows = rows.chain(look.maps.iter().enumerate().map(map)).chain(on).collect();
    let title = format!("x = ({}, {})", significant(x, 3), significant(y, 3));
    Some(Readout { title, rows, ..Readout::default() })
}

/// `2.5 x₁ − 0.3 x₂ + 1`, rounded.
fn affine([a, b, c]: [f64; 3]) -> String {
    let signed = |value: f64| format!("{} {}", if value < 0.0 { "−" } else { "+" }, significant(value.abs(), 3));
    let constant = if c == 0.0 { String::new() } else { format!(" {}", signed(c)) };
    format!("{} x₁ {} x₂{constant}", significant(a, 3), signed(b))
}
