//! A network's parameter: a slider and a field.

use leptos::html::Input;
use leptos::prelude::*;
use web_sys::KeyboardEvent;

use super::NumberField;
use crate::labs::parameters::{Place, SLIDER};
use crate::piecewise::Decimal;

/// Digits after the point that dragging gives.
const DRAG_PLACES: u32 = 1;

/// A parameter's slider and number field.
///
/// Keys on the slider: arrows ±0.1, with Shift ±0.01, PageUp and PageDown ±1, Home and End to the ends.
/// A double click goes back to `reset`. Beyond ±5, the slider's range grows to hold the value.
#[component]
pub(in crate::web) fn Parameter(
    place: Place,
    #[prop(into)] value: Signal<Decimal>,
    set: impl Fn(Decimal) + Copy + 'static,
    reset: impl Fn() -> Decimal + Copy + 'static,
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
            slider.set_value(&value.get().to_string());
        }
    });
    let set_rounded = move |number: f64, places: u32| {
        if let Some(rounded) = Decimal::round(number, places) {
            set(rounded);
        }
    };
    let press = move |event: KeyboardEvent| {
        let (min, max) = ends();
        let now = value.get_untracked().to_f64();
        let (step, places) = if event.shift_key() { (0.01, 2) } else { (0.1, DRAG_PLACES) };
        // Finer digits that were typed stay: a step adds to them.
        let places = places.max(value.get_untracked().places());
        let target = match event.key().as_str() {
            "ArrowRight" | "ArrowUp" => now + step,
            "ArrowLeft" | "ArrowDown" => now - step,
            "PageUp" => now + 1.0,
            "PageDown" => now - 1.0,
            "Home" => min,
            "End" => max,
            _ => return,
        };
        event.prevent_default();
        set_rounded(target.clamp(min, max), places);
    };
    let name = place.to_string();
    let label = place.label();
    view! {
        <div class="parameter">
            <label for=name.clone() inner_html=place.mathml()></label>
            <input
                type="range"
                step="any"
                id=name.clone()
                node_ref=slider
                data-testid=format!("param-{name}")
                aria-label=label.clone()
                aria-valuetext=move || format!("{label} = {}", value.get())
                on:input:target=move |event| set_rounded(event.target().value_as_number(), DRAG_PLACES)
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
        </div>
    }
}
