//! A network's parameter: a slider and a field.

use std::collections::BTreeSet;

use leptos::html::Input;
use leptos::prelude::*;
use web_sys::KeyboardEvent;

use super::frames::{Latest, now_ms};
use super::{CopyButtons, CopyItem, NumberField, use_highlight};
use crate::labs::code::{Exported, Language, code};
use crate::labs::highlight::Part;
use crate::labs::parameters::{Parameters, Place, SLIDER, Steps};
use crate::labs::play::Player;
use crate::piecewise::Decimal;

/// Digits after the point that dragging gives.
const DRAG_PLACES: u32 = 1;
/// Most parameters of a group that is open at first.
const OPEN: usize = 16;

/// Which parameters stay still along a path, and how that is changed.
#[derive(Clone, Copy)]
pub(in crate::web) struct Moves {
    /// Those that stay.
    pub still: Memo<BTreeSet<Place>>,
    /// Lets these move, or not.
    pub set: Callback<(Vec<Place>, bool)>,
}

/// A parameter's slider and number field.
///
/// Keys on the slider: arrows ±0.1, with Shift ±0.01, PageUp and PageDown ±1, Home and End to the ends.
/// A double click goes back to `reset`. Beyond ±5, the slider's range grows to hold the value.
#[component]
fn Parameter(
    place: Place,
    #[prop(into)] value: Signal<Decimal>,
    set: impl Fn(Decimal) + Copy + 'static,
    reset: impl Fn() -> Decimal + Copy + 'static,
    playing: Option<RwSignal<Player>>,
    moves: Option<Moves>,
) -> impl IntoView {
    let slider = NodeRef::<Input>::new();
    let ends = move || {
        let value = value.get().to_f64();
        (f64::from(SLIDER.0).min(value.floor()), f64::from(SLIDER.1).max(value.ceil()))
    };
    // In this order: a slider clamps its value to the range it has.
    Effect::new(move || {
        if let Some(slider) = slider.get() {
            let (min, max) = ends();
            slider.set_min(&min.to_string());
            slider.set_max(&max.to_string());
            slider.set_value(&value.get().to_f64().to_string());
        }
    });
    let set_rounded = move |number: f64, places: u32| {
        if let Some(rounded) = Decimal::round(number, places) {
            set(rounded);
        }
    };
    let press = move |event: KeyboardEvent| {
        let (min, max) = ends();
        let now = value.get_untracked();
        let key = event.key();
        match key.as_str() {
            "Home" => set_rounded(min, 0),
            "End" => set_rounded(max, 0),
            key => {
                let key = match key {
                    "ArrowRight" => "ArrowUp",
                    "ArrowLeft" => "ArrowDown",
                    other => other,
                };
                let Some(next) = Steps::Tenths.next(now, key, event.shift_key()) else { return };
                let inside = next.to_f64().clamp(min, max);
                if inside == next.to_f64() { set(next) } else { set_rounded(inside, 0) }
            }
        }
        event.prevent_default();
    };
    let dragged = Latest::new();
    let drag = move |number: f64| dragged.set(number, move |number| set_rounded(number, DRAG_PLACES));
    let name = place.to_string();
    let label = place.label();
    view! {
        <div class="parameter" {..use_highlight().part(Part::Parameter(place))}>
            <label for=name.clone() inner_html=place.mathml()></label>
            <input
                type="range"
                step="any"
                id=name.clone()
                node_ref=slider
                data-testid=format!("param-{name}")
                aria-label=label.clone()
                aria-valuetext=move || format!("{label} = {}", value.get())
                on:input:target=move |event| drag(event.target().value_as_number())
                on:keydown=press
                on:dblclick=move |_| set(reset())
            />
            <NumberField
                testid=format!("param-{name}-value")
                label=place.label()
                value
                set=move |number| {
                    set(number);
                    Ok(())
                }
            />
            {playing.map(|playing| view! { <Play place value playing/> })}
            {moves.map(|moves| moves_box(moves, vec![place], place.to_string(), place.label()))}
        </div>
    }
}

/// A box that says whether parameters move along the path: ticked if all of them do.
fn moves_box(moves: Moves, places: Vec<Place>, name: String, label: String) -> impl IntoView {
    let all = places.clone();
    let is_on = Memo::new(move |_| moves.still.with(|still| !places.iter().any(|place| still.contains(place))));
    view! {
        <span class="moves-box">
            <input
                type="checkbox"
                title="Moves along the path"
                aria-label=format!("{label} moves")
                data-testid=format!("moves-{name}")
                prop:checked=is_on
                on:change:target=move |event| moves.set.run((all.clone(), event.target().checked()))
            />
        </span>
    }
}

/// A button that moves a slider to and fro, or stops it.
#[component]
fn Play(place: Place, value: Signal<Decimal>, playing: RwSignal<Player>) -> impl IntoView {
    let is_on = Memo::new(move |_| playing.read().plays(place));
    view! {
        <button
            type="button"
            class="quiet play"
            data-testid=format!("play-{place}")
            aria-label=format!("Play {}", place.label())
            aria-pressed=move || is_on.get().to_string()
            on:click=move |_| playing.update(|playing| playing.toggle(place, value.get_untracked(), now_ms()))
        >
            {move || if is_on.get() { "■" } else { "▶" }}
        </button>
    }
}

/// All parameters, a group for each matrix and vector, that can be folded. Rebuilt only when shapes change.
#[component]
pub(in crate::web) fn ParameterGroups(
    #[prop(into)] parameters: Signal<Parameters>,
    /// Where a double click goes back to; where it has no such parameter, to 0.
    #[prop(into)]
    reset: Signal<Parameters>,
    set: impl Fn(Place, Decimal) + Copy + Send + Sync + 'static,
    /// Whether biases can be changed; if not, they are not shown.
    #[prop(into, default = Signal::stored(true))]
    biases: Signal<bool>,
    /// Those that play, if parameters can.
    #[prop(optional)]
    playing: Option<RwSignal<Player>>,
    /// Which of them move along a path, if they are a path's.
    #[prop(optional)]
    moves: Option<Moves>,
) -> impl IntoView {
    let hidden = Memo::new(move |_| parameters.read().hidden());
    let parameter = move |place: Place| {
        let value = Memo::new(move |_| parameters.read().get(place).unwrap_or_default());
        let reset = move || reset.read_untracked().get(place).unwrap_or_default();
        view! { <Parameter place value set=move |number| set(place, number) reset playing moves/> }
    };
    let group = move |places: Vec<Place>| {
        let name = places[0].matrix();
        let (letter, layer) = name.split_at(1);
        let rows = places.iter().filter(|place| place.column.unwrap_or(0) == 0).count();
        let shape = if letter == "W" { format!("{rows} × {}", places.len() / rows) } else { rows.to_string() };
        let is_open = places.len() <= OPEN;
        // Hundreds of sliders that nobody looks at would cost time with every change: they are made when first seen.
        let is_made = RwSignal::new(is_open);
        let is_bias = places[0].column.is_none();
        let is_hidden = move || is_bias && !biases.get();
        let testid = format!("group-{name}");
        let (letter, layer) = (letter.to_owned(), layer.to_owned());
        let (group_places, matrix) = (places.clone(), format!("All of {name}"));
        view! {
            <div class="group-row" class:gone=is_hidden>
                <details class="group" open=is_open data-testid=testid on:toggle=move |_| is_made.set(true)>
                    <summary>
                        <b>{letter}<sub>{layer}</sub></b>
                        <span class="shape">{shape}</span>
                    </summary>
                    {move || is_made.get().then(|| places.clone().into_iter().map(parameter).collect_view())}
                </details>
                {moves.map(|moves| moves_box(moves, group_places, name, matrix))}
            </div>
        }
    };
    move || {
        // Read, not only tracked: a memo that nobody has read knows nothing of its sources.
        hidden.get();
        let places = parameters.read_untracked().places();
        let groups = places.chunk_by(|a, b| a.matrix() == b.matrix());
        groups.map(|places| group(places.to_vec())).collect_view()
    }
}

/// Buttons that copy a network as code.
#[component]
pub(in crate::web) fn CopyNet(#[prop(into)] network: Signal<Exported>) -> impl IntoView {
    let item = move |language: Language| CopyItem {
        name: language.name(),
        testid: format!("copy-{}", language.name().to_lowercase()),
        title: "Copy the network: the function, and all its numbers",
        file: language.file(),
        text: Callback::new(move |()| code(&network.read_untracked(), language)),
    };
    view! { <CopyButtons label="Copy the network:" items=Language::ALL.map(item).into()/> }
}
