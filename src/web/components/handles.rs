//! Handles over a picture: to drag with a mouse or a finger, and to move with the arrow keys.

use std::fmt::Display;
use std::sync::Arc;

use leptos::html::Div;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent, PointerEvent};

use super::frames::Latest;
use super::use_highlight;
use crate::labs::handles::{Axes, Direction, Handle, Look, Pull, arrow, direction, key_places, nearest, places};
use crate::labs::highlight::Part;
use crate::labs::parameters::Place;
use crate::plot::Frame;

/// Where a picture's numbers are on it, and how many of its pixels a CSS pixel has.
pub(in crate::web) type Placed = Option<(Arc<Frame>, f64)>;

/// What can be taken hold of on a picture, and what happens then.
#[derive(Clone, Copy)]
pub(in crate::web) struct Hands {
    list: Signal<Vec<Handle<()>>>,
    take: Callback<String>,
    pull: Callback<Pull, Result<(), String>>,
}

impl Hands {
    /// Handles of a state. A pull always starts from the state in which the handle was taken.
    pub(in crate::web) fn new<L, G, E>(
        state: Signal<L>,
        handles: Memo<Vec<Handle<G>>>,
        pulled: impl Fn(&L, &G, &Pull) -> Result<L, E> + Send + Sync + 'static,
        set: impl Fn(L) + Send + Sync + 'static,
    ) -> Self
    where
        L: Clone + PartialEq + Send + Sync + 'static,
        G: Clone + PartialEq + Send + Sync + 'static,
        E: Display,
    {
        let taken = StoredValue::new(None::<(L, G)>);
        let take = Callback::new(move |id: String| {
            let grip = handles.with_untracked(|handles| {
                handles.iter().find(|handle| handle.id == id).map(|handle| handle.grip.clone())
            });
            taken.set_value(grip.map(|grip| (state.get_untracked(), grip)));
        });
        let pull = Callback::new(move |pull: Pull| {
            let after = taken.with_value(|taken| taken.as_ref().map(|(before, grip)| pulled(before, grip, &pull)));
            match after {
                None => Ok(()),
                Some(Err(error)) => Err(error.to_string()),
                Some(Ok(after)) => {
                    if state.with_untracked(|state| *state != after) {
                        set(after);
                    }
                    Ok(())
                }
            }
        });
        let list = Signal::derive(move || handles.with(|handles| handles.iter().map(Handle::plain).collect()));
        Self { list, take, pull }
    }
}

/// A handle that a pointer holds.
#[derive(Clone, Debug, PartialEq)]
struct Held {
    family: String,
    axes: Axes,
    pointer: i32,
    /// Where the pointer took it, and where it was, in CSS pixels.
    from: (f64, f64),
    start: (f64, f64),
    /// Which way it goes, as soon as that is known.
    direction: Option<Direction>,
    /// Where it was brought last, in the chart's numbers.
    at: (f64, f64),
}

/// Where a handle stands, in CSS pixels; one that is off the picture waits at its edge.
fn stands(frame: &Frame, scale: f64, at: (f64, f64)) -> (f64, f64) {
    let (x, y) = frame.px_of(at);
    let (x, y) = (x.clamp(frame.x_px.0, frame.x_px.1), y.clamp(frame.y_px.0, frame.y_px.1));
    (x / scale, y / scale)
}

/// The chart's numbers at a place in CSS pixels, inside the picture.
fn numbers(frame: &Frame, scale: f64, (x, y): (f64, f64)) -> (f64, f64) {
    let x = (x * scale).clamp(frame.x_px.0, frame.x_px.1);
    let y = (y * scale).clamp(frame.y_px.0, frame.y_px.1);
    (frame.x_at(x).unwrap_or(frame.x.0), frame.y_at(y).unwrap_or(frame.y.0))
}

/// Digits after the point of a drag's steps, across and up.
fn drag_places(frame: &Frame, scale: f64) -> (u32, u32) {
    let unit = |px: (f64, f64), numbers: (f64, f64)| (px.1 - px.0) / scale / (numbers.1 - numbers.0);
    (places(unit(frame.x_px, frame.x)), places(unit(frame.y_px, frame.y)))
}

/// The handles of a picture, laid over it.
#[component]
pub(in crate::web) fn Handles(
    hands: Hands,
    /// Where the picture's numbers are.
    #[prop(into)]
    placed: Signal<Placed>,
) -> impl IntoView {
    let overlay = NodeRef::<Div>::new();
    let held = RwSignal::new(None::<Held>);
    // Why the handle of a family does not go on.
    let problem = RwSignal::new(None::<(String, String)>);
    let moved = Latest::new();
    let list = Memo::new(move |_| hands.list.get());
    // What a handle changes is lit wherever it is shown.
    let highlight = use_highlight();
    let light = move |id: &str| {
        let parts = list.with_untracked(|list| {
            let changes = list.iter().find(|handle| handle.id == id).map(|handle| handle.changes.clone());
            changes.unwrap_or_default().into_iter().map(|(_, place)| Part::Parameter(place)).collect::<Vec<_>>()
        });
        highlight.light(parts);
    };
    let dim = move || {
        if held.with_untracked(Option::is_none) {
            highlight.dim();
        }
    };

    let place = move |event: &PointerEvent| {
        let corner = overlay.get_untracked()?.get_bounding_client_rect();
        Some((f64::from(event.client_x()) - corner.left(), f64::from(event.client_y()) - corner.top()))
    };
    let take = move |event: PointerEvent| {
        let (Some(at), Some((frame, scale)), Some(overlay)) =
            (place(&event), placed.get_untracked(), overlay.get_untracked())
        else {
            return;
        };
        if event.button() != 0 || held.with_untracked(Option::is_some) {
            return;
        }
        // Grips are larger than what is seen of them and may overlap: the nearest is meant.
        let found = list.with_untracked(|list| {
            let stands = |handle: &Handle<()>| stands(&frame, scale, handle.at);
            let distance = |handle: &&Handle<()>| (stands(handle).0 - at.0).hypot(stands(handle).1 - at.1);
            let found = list.iter().min_by(|a, b| distance(a).total_cmp(&distance(b)))?;
            Some((found.clone(), stands(found)))
        });
        let Some((handle, start)) = found else { return };
        // No text is selected by the drag, and the page does not take it for its own.
        event.prevent_default();
        // The pointer may leave the picture while it holds a handle. It is down, so it can be captured.
        drop(overlay.set_pointer_capture(event.pointer_id()));
        focus(&handle.id);
        hands.take.run(handle.id.clone());
        problem.set(None);
        held.set(Some(Held {
            family: handle.family,
            axes: handle.axes,
            pointer: event.pointer_id(),
            from: at,
            start,
            direction: None,
            at: handle.at,
        }));
    };
    let follow = move |event: PointerEvent| {
        let (Some(now), Some((frame, scale)), Some(mut holding)) =
            (place(&event), placed.get_untracked(), held.get_untracked())
        else {
            return;
        };
        if holding.pointer != event.pointer_id() {
            return;
        }
        let by = (now.0 - holding.from.0, now.1 - holding.from.1);
        holding.direction = holding.direction.or_else(|| direction(holding.axes, by));
        let Some(direction) = holding.direction else { return };
        let at = numbers(&frame, scale, (holding.start.0 + by.0, holding.start.1 + by.1));
        holding.at = at;
        let family = holding.family.clone();
        held.set(Some(holding));
        let pull = Pull::To { at, direction, places: drag_places(&frame, scale) };
        moved.set(pull, move |pull| {
            problem.try_set(hands.pull.run(pull).err().map(|message| (family, message)));
        });
    };
    let release = move |event: PointerEvent| {
        if held.with_untracked(|held| held.as_ref().is_some_and(|held| held.pointer == event.pointer_id())) {
            held.set(None);
            highlight.dim();
        }
    };
    let press = move |id: &str, event: KeyboardEvent| {
        if event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        let Some(handle) = list.with_untracked(|list| list.iter().find(|handle| handle.id == id).cloned()) else {
            return;
        };
        let Some((right, up)) = arrow(&event.key(), handle.axes) else { return };
        event.prevent_default();
        // The plot below has its own use for arrows.
        event.stop_propagation();
        let Some((frame, scale)) = placed.get_untracked() else { return };
        let finest = drag_places(&frame, scale);
        let places = key_places(if right != 0 { finest.0 } else { finest.1 }, event.shift_key());
        hands.take.run(handle.id.clone());
        let result = hands.pull.run(Pull::Step { right, up, places });
        problem.set(result.err().map(|message| (handle.family.clone(), message)));
        // While it moves, others of its family may come and go.
        let step = 10_f64.powi(-(places as i32));
        let target = (handle.at.0 + right as f64 * step, handle.at.1);
        request_animation_frame(move || {
            let found = list.try_with_untracked(|list| nearest(list, &handle.family, target).map(|at| at.id.clone()));
            if let Some(id) = found.flatten().filter(|id| *id != handle.id) {
                focus(&id);
            }
        });
    };
    let ids = Memo::new(move |_| list.with(|list| list.iter().map(|handle| handle.id.clone()).collect::<Vec<_>>()));
    let held_id = Memo::new(move |_| {
        let held = held.get()?;
        list.with(|list| nearest(list, &held.family, held.at).map(|handle| handle.id.clone()))
    });
    let dot = move |id: String| {
        let handle = {
            let id = id.clone();
            Memo::new(move |_| list.with(|list| list.iter().find(|handle| handle.id == id).cloned()))
        };
        let is_held = {
            let id = id.clone();
            Memo::new(move |_| held_id.read().as_ref() == Some(&id))
        };
        let style = move || {
            let (handle, (frame, scale)) = (handle.get()?, placed.get()?);
            let (left, top) = stands(&frame, scale, handle.at);
            // A note about it stays on the picture.
            let share = left * scale / (frame.x_px.0 + frame.x_px.1).max(1.0);
            let shift = -100.0 * share.clamp(0.0, 1.0);
            Some(format!("transform:translate({left:.2}px,{top:.2}px);--shift:{shift:.1}%"))
        };
        let is_low = move || {
            let (Some(handle), Some((frame, scale))) = (handle.get(), placed.get()) else { return false };
            stands(&frame, scale, handle.at).1 > 90.0
        };
        let range = move || {
            let (handle, (frame, _)) = (handle.get()?, placed.get()?);
            let (low, high) = if handle.axes == Axes::Up { frame.y } else { frame.x };
            Some((low.min(handle.number), high.max(handle.number)))
        };
        let why = {
            move || {
                let family = handle.read().as_ref().map(|handle| handle.family.clone())?;
                problem.get().filter(|(of, _)| *of == family).map(|(_, message)| message)
            }
        };
        let number = move || handle.read().as_ref().map(|handle| handle.number.to_string());
        let look = move || handle.read().as_ref().map_or(Look::Ring, |handle| handle.look);
        let testid = format!("handle-{id}");
        let enter = {
            let id = id.clone();
            move || {
                if held.with_untracked(Option::is_none) {
                    light(&id);
                }
            }
        };
        let get_focus = {
            let id = id.clone();
            move || light(&id)
        };
        view! {
            <div
                class="handle"
                class:held=is_held
                class:deep=move || look() == Look::Deep
                class:bar=move || look() == Look::Bar
                class:line=move || look() == Look::Line
                class:turn=move || look() == Look::Turn
                class:point=move || look() == Look::Point
                class:below=move || !is_low()
                role="slider"
                tabindex="0"
                data-testid=testid
                data-value=number
                aria-label=move || handle.read().as_ref().map(in_words)
                aria-valuenow=number
                aria-valuemin=move || range().map(|range| range.0.to_string())
                aria-valuemax=move || range().map(|range| range.1.to_string())
                aria-valuetext=move || handle.read().as_ref().map(|handle| handle.value.clone())
                style=style
                on:keydown=move |event| press(&id, event)
                on:pointerenter=move |_| enter()
                on:pointerleave=move |_| dim()
                on:focus=move |_| get_focus()
                on:blur=move |_| {
                    problem.set(None);
                    dim();
                }
            >
                <span class="handle-dot"></span>
                <span class="handle-note" aria-hidden="true">
                    <b>{move || handle.read().as_ref().map(|handle| format!("{}: {}", handle.name, handle.value))}</b>
                    <span>{move || handle.read().as_ref().map(short)}</span>
                    {move || why().map(|message| view! { <span class="handle-problem" data-testid="handle-problem">{message}</span> })}
                </span>
            </div>
        }
    };
    let said = move || problem.get().map(|(_, message)| message);
    view! {
        <div
            class="handles"
            class:holding=move || held.read().is_some()
            node_ref=overlay
            on:pointerdown=take
            on:pointermove=follow
            on:pointerup=release
            on:pointercancel=release
            on:dblclick=|event| event.stop_propagation()
        >
            <For each=move || ids.get() key=Clone::clone children=dot/>
        </div>
        <p class="visually-hidden" role="status">{said}</p>
    }
}

/// Gives a handle the focus, if it is there.
fn focus(id: &str) {
    let found = document().query_selector(&format!("[data-testid=\"handle-{id}\"]")).ok().flatten();
    if let Some(element) = found.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        // Only what is hidden refuses it.
        drop(element.focus());
    }
}

fn by_way<G>(handle: &Handle<G>, way: Direction, text: impl Fn(Place) -> String) -> String {
    let changes = handle.changes.iter().filter(|(own, _)| *own == way).map(|&(_, place)| text(place));
    changes.collect::<Vec<_>>().join(", ")
}

/// What a pull changes, in symbols: `↔ b₁,₂ ↕ W₂,₁,₂`.
fn short<G>(handle: &Handle<G>) -> String {
    let ways = [(Direction::Across, "↔"), (Direction::Up, "↕"), (Direction::Free, "✥")];
    let way = |(way, sign)| {
        Some(by_way(handle, way, Place::symbol)).filter(|list| !list.is_empty()).map(|list| format!("{sign} {list}"))
    };
    ways.into_iter().filter_map(way).collect::<Vec<_>>().join("   ")
}

/// What it is and what keys do, in words.
fn in_words<G>(handle: &Handle<G>) -> String {
    let ways = [
        (Direction::Across, "arrows left and right change"),
        (Direction::Up, "arrows up and down change"),
        (Direction::Free, "arrows change"),
    ];
    let way = |(way, words)| {
        Some(by_way(handle, way, Place::label)).filter(|list| !list.is_empty()).map(|list| format!("{words} {list}"))
    };
    let ways: Vec<_> = ways.into_iter().filter_map(way).collect();
    if ways.is_empty() { handle.name.clone() } else { format!("{}; {}", handle.name, ways.join("; ")) }
}
