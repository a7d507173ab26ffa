//! A chart on a canvas: sharp on any screen, redrawn at most once a frame, with a crosshair, a legend and exports.

use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use leptos::html::{Canvas, Div};
use leptos::prelude::*;
use wasm_bindgen::prelude::*;
use web_sys::{KeyboardEvent, PointerEvent, ResizeObserver, WheelEvent};

use super::canvas::CanvasSurface;
use super::frames::before_next_paint;
use super::held::is_slider_held;
use super::pinch::{Pinch, touches};
use super::readout::{Legend, Readout};
use crate::plot::{Chart, Easing, Frame, Style, Theme, beside, to_svg};
use crate::web::browser;
use crate::web::theme::use_theme;

/// Size of an exported SVG.
const SVG_SIZE: (u32, u32) = (960, 540);
/// How much a turn of the wheel, or a key, zooms.
const ZOOM: f64 = 1.15;
/// An arrow key moves the crosshair by this share of the axis, with Shift by a fifth of it.
const KEY: f64 = 0.02;

/// What the crosshair shows at an x.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::web) struct Hover {
    /// The point to mark, in the chart's coordinates.
    pub at: (f64, f64),
    /// What is there.
    pub note: Readout,
}

/// How a plane is moved, in its own coordinates.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::web) enum Motion {
    /// What is shown is this much further right and up.
    Pan(f64, f64),
    /// What is shown is this many times as wide; the point stays where it is.
    Zoom((f64, f64), f64),
    /// Back to how it was at first.
    Home,
}

/// Where a plot is pointed at, by the pointer or the crosshair's keys.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::web) struct Pointing {
    /// In the chart's coordinates.
    pub at: (f64, f64),
    /// How much of them one CSS pixel is, across and up.
    pub per_px: (f64, f64),
}

/// What is pointed at.
#[derive(Clone, Debug, PartialEq)]
struct Pointed {
    /// In CSS pixels.
    at: (f64, f64),
    /// Whether a line and a dot mark it.
    has_line: bool,
    note: Readout,
}

/// A chart with its crosshair, its legend and its export buttons.
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
    spot: Option<Callback<(f64, f64), Option<Readout>>>,
    /// Hears points where the pointer is pressed and moved, and whether each is the first of a stroke.
    #[prop(optional, into)]
    draw: Option<Callback<((f64, f64), bool)>>,
    /// Whether a finger draws; if not, it scrolls the page.
    #[prop(optional, into)]
    finger_draws: Option<Signal<bool>>,
    /// Hears how a plane is dragged, zoomed and sent home.
    #[prop(optional, into)]
    motion: Option<Callback<Motion>>,
    /// Hears where the plot is pointed at, and when it is not any more.
    #[prop(optional, into)]
    point: Option<Callback<Option<Pointing>>>,
    /// Points to be marked over the picture: those that are lit.
    #[prop(optional, into)]
    lit: Option<Signal<Vec<(f64, f64)>>>,
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
    let frame = RwSignal::new(None::<(Arc<Frame>, f64)>);
    // In CSS pixels from the holder's corner.
    let pointer = RwSignal::new(None::<(f64, f64)>);
    // Whether keys moved it last: then what is there is said, too.
    let is_by_keys = RwSignal::new(false);

    let is_held = is_slider_held();
    let easing = StoredValue::new(Easing::default());
    // Paints, and says whether the axis goes on to move.
    let paint = move |has_legend: bool| -> bool {
        let (Some(canvas), Some(holder)) = (canvas.get_untracked(), holder.get_untracked()) else { return false };
        let scale = window().device_pixel_ratio().max(1.0);
        let size = [holder.client_width(), holder.client_height()].map(|css| (f64::from(css) * scale).round() as u32);
        let [width, height] = size;
        if width < 40 || height < 40 {
            return false;
        }
        if (canvas.width(), canvas.height()) != (width, height) {
            canvas.set_width(width);
            canvas.set_height(height);
        }
        let Some(mut surface) = CanvasSurface::new(canvas) else { return false };
        let style = Style { theme: theme.get_untracked(), scale, has_legend };
        let mut chart = chart.get_untracked();
        let mut is_moving = false;
        if let Some(wanted) = chart.y_range() {
            let is_calm = browser::matches_media("(prefers-reduced-motion: reduce)");
            let now_ms = window().performance().map_or(0.0, |clock| clock.now());
            let mut shown = wanted;
            easing.update_value(|easing| {
                (shown, is_moving) = easing.at(wanted, is_held.get_untracked(), is_calm, now_ms)
            });
            chart.set_y_range(shown);
        }
        match chart.draw(&mut surface, &style) {
            Ok(drawn) => frame.set(Some((Arc::new(drawn), scale))),
            Err(error) => leptos::logging::error!("a chart could not be drawn: {error}"),
        }
        is_moving
    };

    // A frame may come when the plot is gone, and with it all that it would read.
    let is_alive = Arc::new(AtomicBool::new(true));
    on_cleanup({
        let is_alive = is_alive.clone();
        move || is_alive.store(false, Ordering::Relaxed)
    });
    let once_a_frame = move |act: Rc<dyn Fn()>| {
        let is_asked = Rc::new(Cell::new(false));
        let is_alive = is_alive.clone();
        move || {
            if !is_asked.replace(true) {
                let (is_asked, is_alive, act) = (is_asked.clone(), is_alive.clone(), act.clone());
                before_next_paint(move || {
                    is_asked.set(false);
                    if is_alive.load(Ordering::Relaxed) {
                        act();
                    }
                });
            }
        }
    };
    let step = RwSignal::new(0_u32);
    let repaint = once_a_frame(Rc::new(move || {
        if paint(false) {
            step.update(|step| *step = step.wrapping_add(1));
        }
    }));
    Effect::new(move || {
        chart.track();
        theme.track();
        resized.track();
        is_held.track();
        step.track();
        repaint();
    });
    watch_size(holder, resized);

    // Whether the last point belongs to the stroke that goes on.
    let is_stroke = StoredValue::new(false);
    let stroke = move |event: &PointerEvent, is_first: bool| {
        let (Some(draw), Some((frame, scale))) = (draw, frame.get_untracked()) else { return };
        if event.pointer_type() == "touch" && !finger_draws.is_some_and(|signal| signal.get_untracked()) {
            return;
        }
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
        let (top, height) = (frame.y_px.0 / scale, (frame.y_px.1 - frame.y_px.0) / scale);
        Some(
            view! { <div class="selection" style=format!("left:{left}px;top:{top}px;width:{}px;height:{height}px", right - left)></div> },
        )
    };
    let whole = move |zoom: RwSignal<Option<(f64, f64)>>| {
        let is_whole = move || zoom.read().is_none();
        view! { <button type="button" class="quiet" class:hidden=is_whole data-testid="zoom-reset" title="Show the whole x axis; a double click on the plot does the same" on:click=move |_| zoom.set(None)>"Whole"</button> }
    };

    let go = move |to: Motion| {
        if let Some(motion) = motion {
            motion.run(to);
        }
    };
    // By CSS pixels right and down: what was under the pointer stays there.
    let pan = move |right: f64, down: f64| {
        let Some((frame, scale)) = frame.get_untracked() else { return };
        let unit = |px: (f64, f64), data: (f64, f64)| (data.1 - data.0) / (px.1 - px.0) * scale;
        go(Motion::Pan(-right * unit(frame.x_px, frame.x), down * unit(frame.y_px, frame.y)));
    };
    let zoom_at = move |at: (f64, f64), factor: f64| {
        let Some((frame, scale)) = frame.get_untracked() else { return };
        if let (Some(x), Some(y)) = (frame.x_at(at.0 * scale), frame.y_at(at.1 * scale)) {
            go(Motion::Zoom((x, y), factor));
        }
    };
    let home = move || {
        go(Motion::Home);
        if let Some(zoom) = zoom {
            zoom.set(None);
        }
    };
    let held = StoredValue::new(None::<(f64, f64)>);
    let drag = move |event: &PointerEvent| {
        let at = (f64::from(event.client_x()), f64::from(event.client_y()));
        let is_held = event.buttons() & 1 == 1 && event.pointer_type() != "touch";
        let before = held.get_value().filter(|_| event.type_() == "pointermove");
        held.set_value(is_held.then_some(at));
        if let (Some(before), true) = (before, is_held) {
            pan(at.0 - before.0, at.1 - before.1);
        }
    };
    let wheel = move |event: WheelEvent| {
        if motion.is_some() {
            event.prevent_default();
            let at = (f64::from(event.offset_x()), f64::from(event.offset_y()));
            zoom_at(at, if event.delta_y() > 0.0 { ZOOM } else { 1.0 / ZOOM });
        }
    };
    // Two fingers move the plane; one scrolls the page.
    let pinch = StoredValue::new(None::<Pinch>);
    let fingers = move |event: web_sys::TouchEvent| {
        let now = holder.get_untracked().filter(|_| motion.is_some()).and_then(|holder| touches(&event, &holder));
        if let Some(now) = now {
            event.prevent_default();
            if let Some(before) = pinch.get_value() {
                pan(now.middle.0 - before.middle.0, now.middle.1 - before.middle.1);
                zoom_at(now.middle, before.apart / now.apart);
            }
        }
        pinch.set_value(now);
    };
    let move_to = move |event: PointerEvent| {
        select(&event);
        drag(&event);
        is_by_keys.set(false);
        pointer.set(Some((f64::from(event.offset_x()), f64::from(event.offset_y()))));
        stroke(&event, event.type_() == "pointerdown");
    };
    let leave = move || {
        pointer.set(None);
        choose(());
    };

    let keys = move |event: KeyboardEvent| {
        let Some((frame, scale)) = frame.get_untracked() else { return };
        if event.ctrl_key() || event.meta_key() || event.alt_key() {
            return;
        }
        let (left, right) = (frame.x_px.0 / scale, frame.x_px.1 / scale);
        let (top, bottom) = (frame.y_px.0 / scale, frame.y_px.1 / scale);
        let middle = ((left + right) / 2.0, (top + bottom) / 2.0);
        let at = pointer.get_untracked().unwrap_or(middle);
        let share = if event.shift_key() { KEY / 5.0 } else { KEY };
        let step = (right - left) * share;
        let to = match event.key().as_str() {
            "ArrowLeft" => (-step, 0.0),
            "ArrowRight" => (step, 0.0),
            "ArrowUp" if spot.is_some() => (0.0, -step),
            "ArrowDown" if spot.is_some() => (0.0, step),
            "Home" => (left - at.0, 0.0),
            "End" => (right - at.0, 0.0),
            "+" | "=" if motion.is_some() => return zoom_at(middle, 1.0 / ZOOM),
            "-" if motion.is_some() => return zoom_at(middle, ZOOM),
            "0" => return home(),
            "Escape" => return pointer.set(None),
            _ => return,
        };
        event.prevent_default();
        is_by_keys.set(true);
        if motion.is_some() {
            // The plane moves under a crosshair that stays in its middle.
            pan(-to.0, -to.1);
            pointer.set(Some(middle));
        } else {
            pointer.set(Some(((at.0 + to.0).clamp(left, right), (at.1 + to.1).clamp(top, bottom))));
        }
    };

    if let Some(point) = point {
        Effect::new(move || {
            let pointing = pointer.get().zip(frame.get_untracked()).and_then(|((left, top), (frame, scale))| {
                let unit = |px: (f64, f64), data: (f64, f64)| (data.1 - data.0) / (px.1 - px.0) * scale;
                Some(Pointing {
                    at: (frame.x_at(left * scale)?, frame.y_at(top * scale)?),
                    per_px: (unit(frame.x_px, frame.x), unit(frame.y_px, frame.y)),
                })
            });
            point.run(pointing);
        });
    }
    let lit_marks = move || {
        let (lit, (frame, scale)) = (lit?, frame.get()?);
        let mark = |&at: &(f64, f64)| {
            let at = frame.px_of(at);
            let (left, top) = (at.0 / scale, at.1 / scale);
            frame
                .area()
                .has(at)
                .then(|| view! { <div class="lit-mark" style=format!("left:{left}px;top:{top}px")></div> })
        };
        Some(lit.read().iter().map(mark).collect_view())
    };
    let pointed = Memo::new(move |_| {
        let (frame, scale) = frame.get()?;
        let (pointer_x, pointer_y) = pointer.get()?;
        let x = frame.x_at(pointer_x * scale)?;
        // The chart may have moved under a pointer that rests.
        chart.track();
        if let Some(spot) = spot {
            let note = spot.run((x, frame.y_at(pointer_y * scale)?))?;
            return Some(Pointed { at: (pointer_x, pointer_y), has_line: false, note });
        }
        let Hover { at, note } = hover(x)?;
        let (left, top) = frame.px_of(at);
        Some(Pointed { at: (left / scale, top / scale), has_line: true, note })
    });
    let crosshair = move || {
        let pointed = pointed.get().filter(|pointed| pointed.has_line)?;
        let (frame, scale) = frame.get_untracked()?;
        let ((left, top), (line_top, line_bottom)) = (pointed.at, (frame.y_px.0 / scale, frame.y_px.1 / scale));
        let is_inside = (line_top..=line_bottom).contains(&top);
        Some(view! {
            <div class="crosshair" style=format!("left:{left}px;top:{line_top}px;height:{}px", line_bottom - line_top)></div>
            {is_inside.then(|| view! { <div class="crosshair-dot" style=format!("left:{left}px;top:{top}px")></div> })}
        })
    };
    let entries = Memo::new(move |_| chart.with(|chart| chart.legend(&theme.get())));
    let words = move || pointed.read().as_ref().map(|pointed| pointed.note.view(&entries.read(), &theme.read()));
    let note = NodeRef::<Div>::new();
    // Its place follows from its size, which is known when it stands in the page.
    let place = once_a_frame(Rc::new(move || {
        let (Some(note), Some(holder)) = (note.get_untracked(), holder.get_untracked()) else { return };
        let (Some(pointed), Some((frame, scale))) = (pointed.get_untracked(), frame.get_untracked()) else { return };
        let css = |points: &[(f64, f64)]| points.iter().map(|at| (at.0 / scale, at.1 / scale)).collect::<Vec<_>>();
        let size = (f64::from(note.offset_width()), f64::from(note.offset_height()));
        let room = (f64::from(holder.client_width()), f64::from(holder.client_height()));
        let (left, top) = beside(pointed.at, size, room, &css(&frame.marks), &css(&frame.ink));
        drop(note.set_attribute("style", &format!("left:{left}px;top:{top}px")));
    }));
    Effect::new(move || {
        pointed.track();
        place();
    });
    let spoken = move || match (is_by_keys.get(), pointed.read().as_ref()) {
        (true, Some(pointed)) => pointed.note.in_words(),
        _ => String::new(),
    };

    let save_svg = move |_| {
        let style = Style::alone(Theme::LIGHT);
        match chart.with_untracked(|chart| to_svg(chart, &style, SVG_SIZE)) {
            Ok((svg, _)) => browser::download_text(&format!("{file}.svg"), "image/svg+xml", &svg),
            Err(error) => leptos::logging::error!("a chart could not be drawn: {error}"),
        }
    };
    let save_png = move |_| {
        paint(true);
        if let Some(url) = canvas.get_untracked().and_then(|canvas| canvas.to_data_url().ok()) {
            browser::download_url(&format!("{file}.png"), &url);
        }
        paint(false);
    };
    let save_csv = move |_| browser::download_text(&format!("{file}.csv"), "text/csv", &csv());
    let help = match (motion.is_some(), spot.is_some()) {
        (true, _) => "Plot. Arrow keys move the plane, plus and minus zoom, 0 goes back.",
        (false, true) => "Plot. Arrow keys move the crosshair.",
        (false, false) => "Plot. Left and right arrow keys move the crosshair.",
    };

    view! {
        <figure class="plot">
            <div
                class="plot-holder"
                class:finger-draws=move || finger_draws.is_some_and(|signal| signal.get())
                tabindex="0"
                role="group"
                aria-label=help
                data-testid=format!("{testid}-holder")
                node_ref=holder
                on:pointermove=move_to
                on:pointerdown=move_to
                on:pointerleave=move |_| leave()
                on:pointercancel=move |_| leave()
                on:pointerup=move |_| choose(())
                on:dblclick=move |_| home()
                on:wheel=wheel
                on:touchstart=fingers
                on:touchmove=fingers
                on:touchend=move |_| pinch.set_value(None)
                on:touchcancel=move |_| pinch.set_value(None)
                on:keydown=keys
                on:blur=move |_| pointer.set(None)
            >
                <canvas node_ref=canvas data-testid=testid role="img" aria-label=move || label.get()></canvas>
                {lit_marks}
                {crosshair}
                <div node_ref=note class="crosshair-text" class:gone=move || pointed.read().is_none()>{words}</div>
                {selected}
            </div>
            <p class="visually-hidden" aria-live="polite" data-testid=format!("{testid}-spoken")>{spoken}</p>
            <Legend entries theme/>
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
