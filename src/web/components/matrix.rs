//! Matrices on screen: numbers in a table, or colours in a picture.

use leptos::html::Canvas;
use leptos::prelude::*;
use ndarray::Array2;
use plotters::style::RGBColor;
use wasm_bindgen::{Clamped, JsCast};
use web_sys::{CanvasRenderingContext2d, ImageData, MouseEvent};

use crate::labs::backprop::table::{Table, cell};
use crate::web::theme::use_theme;

/// The largest matrix that is shown as numbers.
const MAX_NUMBERS: usize = 8;

/// A matrix under its name and shape. Up to 8×8 as numbers, above as a heat map: blue below 0, vermilion above.
#[component]
pub(in crate::web) fn Matrix(
    /// Name for test hooks.
    testid: String,
    /// What to show.
    #[prop(into)]
    table: Signal<Table>,
    /// The chosen entry, to be marked.
    #[prop(into, optional)]
    chosen: Option<Signal<(usize, usize)>>,
    /// Hears which entry is clicked.
    #[prop(into, optional)]
    choose: Option<Callback<(usize, usize)>>,
    /// Entries to be marked as wrong.
    #[prop(into, optional)]
    wrong: Option<Callback<(usize, usize), bool>>,
) -> impl IntoView {
    let is_small =
        Memo::new(move |_| table.with(|table| table.values.nrows().max(table.values.ncols()) <= MAX_NUMBERS));
    let json = move || {
        let rows = table.with(|table| table.values.outer_iter().map(|row| row.to_vec()).collect::<Vec<_>>());
        serde_json::json!(rows).to_string()
    };
    let body = move || {
        if is_small.get() {
            let rows = move || table.with(|table| numbers(table, chosen, choose, wrong));
            view! { <table class="matrix-numbers"><tbody>{rows}</tbody></table> }.into_any()
        } else {
            view! { <HeatMap table choose/> }.into_any()
        }
    };
    view! {
        <figure class="matrix-view" data-testid=testid data-value=json>
            <figcaption>{move || table.with(|table| table.name.clone())} <span class="shape">{move || table.with(Table::shape)}</span></figcaption>
            {body}
        </figure>
    }
}

fn numbers(
    table: &Table,
    chosen: Option<Signal<(usize, usize)>>,
    choose: Option<Callback<(usize, usize)>>,
    wrong: Option<Callback<(usize, usize), bool>>,
) -> impl IntoView + use<> {
    let entry = |at: (usize, usize), value: f64| {
        let text = if value.is_nan() { "–".to_owned() } else { cell(value) };
        let is_wrong = wrong.is_some_and(|wrong| wrong.run(at));
        let is_chosen = move || chosen.is_some_and(|chosen| chosen.get() == at);
        match choose {
            None => view! { <td class:wrong=is_wrong>{text}</td> }.into_any(),
            Some(choose) => {
                let label = format!("row {}, column {}: {text}", at.0 + 1, at.1 + 1);
                view! {
                    <td class:chosen=is_chosen class:wrong=is_wrong>
                        <button type="button" aria-label=label data-testid=format!("entry-{}-{}", at.0, at.1) on:click=move |_| choose.run(at)>
                            {text}
                        </button>
                    </td>
                }
                .into_any()
            }
        }
    };
    let row = |(i, row): (usize, ndarray::ArrayView1<f64>)| {
        let cells: Vec<_> = row.iter().enumerate().map(|(j, &value)| entry((i, j), value)).collect();
        view! { <tr>{cells}</tr> }
    };
    table.values.outer_iter().enumerate().map(row).collect_view()
}

#[component]
fn HeatMap(table: Signal<Table>, choose: Option<Callback<(usize, usize)>>) -> impl IntoView {
    let canvas = NodeRef::<Canvas>::new();
    let theme = use_theme();
    let scale = move || {
        let largest = table.with(|table| largest(&table.values));
        format!("largest: {}", cell(largest))
    };
    Effect::new(move || {
        let Some(canvas) = canvas.get() else { return };
        let theme = theme.get();
        table.with(|table| {
            let (rows, columns) = table.values.dim();
            canvas.set_width(columns as u32);
            canvas.set_height(rows as u32);
            let pixels = colours(&table.values, theme.paper, theme.function, theme.kink);
            let context = canvas
                .get_context("2d")
                .ok()
                .flatten()
                .and_then(|context| context.dyn_into::<CanvasRenderingContext2d>().ok());
            let image = ImageData::new_with_u8_clamped_array(Clamped(&pixels), columns as u32);
            if let (Some(context), Ok(image)) = (context, image) {
                // Only a picture of another origin could be refused.
                drop(context.put_image_data(&image, 0.0, 0.0));
            }
        });
    });
    let click = move |event: MouseEvent| {
        let (Some(choose), Some(canvas)) = (choose, canvas.get_untracked()) else { return };
        let at = |offset: i32, css: i32, count: u32| {
            (f64::from(offset) / f64::from(css.max(1)) * f64::from(count)).clamp(0.0, f64::from(count) - 1.0) as usize
        };
        choose.run((
            at(event.offset_y(), canvas.client_height(), canvas.height()),
            at(event.offset_x(), canvas.client_width(), canvas.width()),
        ));
    };
    let label = move || table.with(|table| format!("Heat map of {}, {}", table.name, table.shape()));
    view! {
        <canvas class="heat" class:clickable=choose.is_some() node_ref=canvas data-testid="heat-map" role="img" aria-label=label on:click=click></canvas>
        <span class="aside">{scale}</span>
    }
}

fn largest(values: &Array2<f64>) -> f64 {
    values.iter().filter(|value| !value.is_nan()).fold(0.0, |largest, value| largest.max(value.abs()))
}

/// RGBA of each entry, from `low` over `zero` to `high`; entries that are not known are transparent.
fn colours(values: &Array2<f64>, zero: RGBColor, low: RGBColor, high: RGBColor) -> Vec<u8> {
    let largest = largest(values).max(f64::MIN_POSITIVE);
    let mix =
        |from: u8, to: u8, share: f64| (f64::from(from) + (f64::from(to) - f64::from(from)) * share).round() as u8;
    let colour = |value: &f64| {
        if value.is_nan() {
            return [0; 4];
        }
        let to = if *value < 0.0 { low } else { high };
        // The square root shows small entries, too.
        let share = (value.abs() / largest).sqrt();
        [mix(zero.0, to.0, share), mix(zero.1, to.1, share), mix(zero.2, to.2, share), 255]
    };
    values.iter().flat_map(colour).collect()
}
