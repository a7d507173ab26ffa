//! A chart on a canvas: sharp on any screen, redrawn at most once a frame, with a crosshair and exports.

use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use leptos::html::{Canvas, Div};
use leptos::prelude::*;
use plotters::prelude::IntoDrawingArea;
use plotters_canvas::CanvasBackend;
use wasm_bindgen::prelude::*;
use web_sys::{PointerEvent, ResizeObserver};

use super::frames::before_next_paint;
use crate::plot::{Chart, Frame, Style, Theme, to_svg};
use crate::web::app::use_theme;
use crate::web::browser;

/// Size of an exported SVG.
const SVG_SIZE: (u32, u32) = (960, 540);

/// What the crosshair shows at an x.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::web) struct Hover {
    /// The point to mark, in the chart's coordinates.
    pub at: (f64, f64),
    /// What is there.
    pub text: String,
}

/// What is at a point of a chart of two variables.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::web) struct Spot {
    /// For the line below the pointer.
    pub text: String,
}

/// A chart with its crosshair and its export buttons.
#[component]
pub(in crate::web) fn Plot<C>(
    /// Name for test hooks.
    testid: &'static str,
    /// What the picture shows, for those who cannot see it.
    #[prop(into)]
    label: Signal<String>,
    /// The picture.
    chart: Memo<C>,
    /// The crosshair's answer at an x.
    hover: impl Fn(f64) -> Option<Hover> + Copy + Send + Sync + 'static,
    /// The answer at a point, for charts of two variables.
    #[prop(optional, into)]
    spot: Option<Callback<(f64, f64), Option<Spot>>>,
    /// Hears points where the pointer is pressed and moved, and whether each is the first of a stroke.
    #[prop(optional, into)]
    draw: Option<Callback<((f64, f64), bool)>>,
    /// Holds the part of the x axis that is shown: dragging over the plot chooses it, a double click shows all.
    #[prop(optional)]
    zoom: Option<RwSignal<Option<(f64, f64)>>>,
    /// The picture's data as CSV.
    csv: impl Fn() -> String + Copy + 'static,
    /// The start of exported files' names.
    file: &'static str,
) -> impl IntoView
where
    C: Chart + Clone + PartialEq + Send + Sync + 'static,
{
    let theme = use_theme();
    let canvas = NodeRef::<Canvas>::new();
    let holder = NodeRef::<Div>::new();
    let resized = RwSignal::new(0_u32);
    let frame = RwSignal::new(None::<(Frame, f64)>);
    let pointer = RwSignal::new(None::<(f64, f64)>);

    let paint = move || {
        let (Some(canvas), Some(holder)) = (canvas.get_untracked(), holder.get_untracked()) else { return };
        let scale = window().device_pixel_ratio().max(1.0);
        let size = [holder.client_width(), holder.client_height()].map(|css| (f64::from(css) * scale).round() as u32);
        let [width, height] = size;
        if width < 40 || height < 40 {
            return;
        }
        if (canvas.width(), canvas.height()) != (width, height) {
            canvas.set_width(width);
            canvas.set_height(height);
        }
        let Some(backend) = CanvasBackend::with_canvas_object(canvas) else { return };
        let style = Style { theme: theme.get_untracked(), scale };
        match chart.get_untracked().draw(&backend.into_drawing_area(), &style) {
            Ok(drawn) => frame.set(Some((drawn, scale))),
            Err(error) => leptos::logging::error!("a chart could not be drawn: {error}"),
        }
    };

    // A frame may come when the plot is gone, and with it all that it would read.
    let is_alive = Arc::new(AtomicBool::new(true));
    on_cleanup({
        let is_alive = is_alive.clone();
        move || is_alive.store(false, Ordering::Relaxed)
    });
    let is_asked = Rc::new(Cell::new(false));
    Effect::new(move || {
        chart.track();
        theme.track();
        resized.track();
        if !is_asked.replace(true) {
            let (is_asked, is_alive) = (is_asked.clone(), is_alive.clone());
            before_next_paint(move || {
                is_asked.set(false);
                if is_alive.load(Ordering::Relaxed) {
                    paint();
                }
            });
        }
    });
    watch_size(holder, resized);

    // Whether the last point belongs to the stroke that goes on.
    let is_stroke = StoredValue::new(false);
    let stroke = move |event: &PointerEvent, is_first: bool| {
        let (Some(draw), Some((frame, scale))) = (draw, frame.get_untracked()) else { return };
        let at = (f64::from(event.offset_x()) * scale, f64::from(event.offset_y()) * scale);
        if event.buttons() & 1 == 0 {
            is_stroke.set_value(false);
        } else if let (Some(x), Some(y)) = (frame.x_at(at.0), frame.y_at(at.1)) {
            draw.run(((x, y), is_first || !is_stroke.get_value()));
            is_stroke.set_value(true);
        } else {
            is_stroke.set_value(false);
        }
    };
    // Where a drag that chooses a part of the axis began, and where it is, in the data's x.
    let selection = RwSignal::new(None::<(f64, f64)>);
    let select = move |event: &PointerEvent| {
        let Some((frame, scale)) = frame.get_untracked().filter(|_| zoom.is_some()) else { return };
        let at = frame.x_at(f64::from(event.offset_x()) * scale);
        match (event.type_().as_str(), at) {
            ("pointerdown", Some(x)) if event.button() == 0 => selection.set(Some((x, x))),
            (_, Some(x)) if event.buttons() & 1 == 1 => {
                selection.update(|selection| *selection = selection.map(|(from, _)| (from, x)));
            }
            _ => {}
        }
    };
    let choose = move |_| {
        let (Some(zoom), Some((from, to)), Some((frame, _))) = (zoom, selection.get_untracked(), frame.get_untracked())
        else {
            return;
        };
        selection.set(None);
        let (low, high) = (from.min(to), from.max(to));
        // Less than a fiftieth of the axis is a click with an unsteady hand.
        if high - low > (frame.x.1 - frame.x.0) / 50.0 {
            zoom.set(Some((low, high)));
        }
    };
    let selected = move || {
        let ((from, to), (frame, scale)) = (selection.get()?, frame.get()?);
        let [left, right] = [from.min(to), from.max(to)].map(|x| frame.px_of((x, 0.0)).0 / scale);
        let (top, height) = (f64::from(frame.y_px.0) / scale, f64::from(frame.y_px.1 - frame.y_px.0) / scale);
        Some(
            view! { <div class="selection" style=format!("left:{left}px;top:{top}px;width:{}px;height:{height}px", right - left)></div> },
        )
    };
    let whole = move |zoom: RwSignal<Option<(f64, f64)>>| {
        let is_whole = move || zoom.read().is_none();
        view! { <button type="button" class="quiet" class:hidden=is_whole data-testid="zoom-reset" title="Show the whole x axis; a double click on the plot does the same" on:click=move |_| zoom.set(None)>"Whole"</button> }
    };
    let move_to = move |event: PointerEvent| {
        select(&event);
        pointer.set(Some((f64::from(event.offset_x()), f64::from(event.offset_y()))));
        stroke(&event, event.type_() == "pointerdown");
    };
    let crosshair = move || {
        let (frame, scale) = frame.get()?;
        let (pointer_x, pointer_y) = pointer.get()?;
        let x = frame.x_at(pointer_x * scale)?;
        // The chart may have moved under a pointer that rests.
        chart.track();
        if let Some(spot) = spot {
            let Spot { text } = spot.run((x, frame.y_at(pointer_y * scale)?))?;
            let is_right = x > (frame.x.0 + frame.x.1) / 2.0;
            let style = format!("left:{pointer_x}px;top:{}px", pointer_y + 18.0);
            return Some(view! { <div class="crosshair-text" class:left=is_right style=style>{text}</div> }.into_any());
        }
        let Hover { at, text } = hover(x)?;
        let (left, top) = frame.px_of(at);
        let (left, top) = (left / scale, top / scale);
        let is_right = at.0 > (frame.x.0 + frame.x.1) / 2.0;
        let (line_top, line_height) = (f64::from(frame.y_px.0) / scale, f64::from(frame.y_px.1 - frame.y_px.0) / scale);
        Some(
            view! {
            <div class="crosshair" style=format!("left:{left}px;top:{line_top}px;height:{line_height}px")></div>
            <div class="crosshair-dot" style=format!("left:{left}px;top:{top}px")></div>
            <div class="crosshair-text" class:left=is_right style=format!("left:{left}px;top:{line_top}px")>{text}</div>
            }
            .into_any(),
        )
    };

    let save_svg = move |_| {
        let style = Style { theme: Theme::LIGHT, scale: 1.0 };
        match to_svg(&chart.get_untracked(), &style, SVG_SIZE) {
            Ok(svg) => browser::download_text(&format!("{file}.svg"), "image/svg+xml", &svg),
            Err(error) => leptos::logging::error!("a chart could not be drawn: {error}"),
        }
    };
    let save_png = move |_| {
        if let Some(url) = canvas.get_untracked().and_then(|canvas| canvas.to_data_url().ok()) {
            browser::download_url(&format!("{file}.png"), &url);
        }
    };
    let save_csv = move |_| browser::download_text(&format!("{file}.csv"), "text/csv", &csv());

    view! {
        <figure class="plot">
            <div
                class="plot-holder"
                node_ref=holder
                on:pointermove=move_to
                on:pointerdown=move_to
                on:pointerleave=move |_| {
                    pointer.set(None);
                    choose(());
                }
                on:pointerup=move |_| choose(())
                on:dblclick=move |_| {
                    if let Some(zoom) = zoom {
                        zoom.set(None);
                    }
                }
            >
                <canvas node_ref=canvas data-testid=testid role="img" aria-label=move || label.get()></canvas>
                {crosshair}
                {selected}
            </div>
            <figcaption class="plot-tools">
                {zoom.map(whole)}
                <button type="button" class="quiet" data-testid="export-png" title="Save the plot as PNG" on:click=save_png>"PNG"</button>
                <button type="button" class="quiet" data-testid="export-svg" title="Save the plot as SVG" on:click=save_svg>"SVG"</button>
                <button type="button" class="quiet" data-testid="export-csv" title="Save the plot's data as CSV" on:click=save_csv>"CSV"</button>
            </figcaption>
        </figure>
    }
}

/// Counts up whenever the element's size changes.
fn watch_size(holder: NodeRef<Div>, resized: RwSignal<u32>) {
    let observer = StoredValue::new_local(None::<(ResizeObserver, Closure<dyn Fn()>)>);
    Effect::new(move || {
        let Some(holder) = holder.get() else { return };
        let on_resize = Closure::<dyn Fn()>::new(move || {
            resized.try_update(|count| *count = count.wrapping_add(1));
        });
        if let Ok(created) = ResizeObserver::new(on_resize.as_ref().unchecked_ref()) {
            created.observe(&holder);
            observer.set_value(Some((created, on_resize)));
        }
    });
    on_cleanup(move || {
        observer.update_value(|observer| {
            if let Some((observer, _)) = observer.take() {
                observer.disconnect();
            }
        });
    });
}
