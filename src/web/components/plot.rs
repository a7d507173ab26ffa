//! A chart on a canvas: sharp on any screen, redrawn at most once a frame, with a crosshair, a legend and exports.

use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use leptos::html::{Canvas, Div};
use leptos::prelude::*;
use wasm_bindgen::prelude::*;
use web_sys::{Element, KeyboardEvent, PointerEvent, ResizeObserver, WheelEvent};

use super::canvas::CanvasSurface;
use super::figures::{Shown, use_figures};
use super::frames::before_next_paint;
use super::handles::{Handles, Hands};
use super::held::is_control_held;
use super::pinch::{Pinch, touches};
use super::readout::{Legend, Readout};
use crate::labs::printout::FIGURE_PX;
use crate::plot::{Chart, Easing, Frame, Motion, Style, Theme, Window, beside, to_svg};
use crate::web::browser;
use crate::web::present::use_magnification;
use crate::web::theme::use_theme;

/// Size of an exported SVG.
const SVG_SIZE: (u32, u32) = (960, 540);
/// How much a key zooms.
const ZOOM: f64 = 1.15;
/// How much a pixel of the wheel zooms, and of two fingers on a touchpad, which the browser tells as a wheel with Ctrl.
const WHEEL: (f64, f64) = (0.0014, 0.01);
/// Pixels that a pointer moves before it drags the plot and is no click.
const SLACK_PX: f64 = 3.0;
/// Pixels of a wheel's line.
const LINE_PX: f64 = 16.0;
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

/// A point of the picture that can be pressed.
#[derive(Clone, Copy)]
pub(in crate::web) struct PlotMark {
    /// Where, in the chart's coordinates, if it is there.
    pub at: Signal<Option<(f64, f64)>>,
    /// What pressing it does.
    pub label: &'static str,
    /// Hears that it is pressed.
    pub press: Callback<()>,
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
    /// Whether the pointer draws; if not, it moves the plot.
    #[prop(optional, into)]
    draws: Option<Signal<bool>>,
    /// Hears how a plane is dragged, zoomed and sent home.
    #[prop(optional, into)]
    motion: Option<Callback<Motion>>,
    /// Hears where the plot is pointed at, and when it is not any more.
    #[prop(optional, into)]
    point: Option<Callback<Option<Pointing>>>,
    /// Points to be marked over the picture: those that are lit.
    #[prop(optional, into)]
    lit: Option<Signal<Vec<(f64, f64)>>>,
    /// The part that is shown instead of all: chosen by hand, or pinned.
    #[prop(optional)]
    chosen: Option<RwSignal<Option<Window>>>,
    /// What can be taken hold of.
    #[prop(optional, into)]
    hands: Option<Hands>,
    /// A point that can be pressed.
    #[prop(optional, into)]
    mark: Option<PlotMark>,
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

    let magnification = use_magnification();
    let is_held = is_control_held();
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
        let style = Style { theme: theme.get_untracked(), scale: scale * magnification.get_untracked(), has_legend };
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
        magnification.track();
        resized.track();
        is_held.track();
        step.track();
        repaint();
    });
    watch_size(holder, resized);

    // In CSS pixels from the holder's corner.
    let from_corner = move |x: i32, y: i32| {
        let corner = holder.get_untracked()?.get_bounding_client_rect();
        Some((f64::from(x) - corner.left(), f64::from(y) - corner.top()))
    };
    let place = move |event: &PointerEvent| from_corner(event.client_x(), event.client_y());
    let is_drawing = move || draws.is_some_and(|draws| draws.get_untracked());
    let can_move = motion.is_some() || chosen.is_some();
    // Whether the last point belongs to the stroke that goes on.
    let is_stroke = StoredValue::new(false);
    let stroke = move |event: &PointerEvent, is_first: bool| {
        let (Some(draw), Some((frame, scale))) = (draw, frame.get_untracked()) else { return };
        if !is_drawing() {
            return;
        }
        let Some(at) = place(event).map(|at| (at.0 * scale, at.1 * scale)) else { return };
        if event.buttons() & 1 == 0 {
            is_stroke.set_value(false);
        } else if let (Some(x), Some(y)) = (frame.x_at(at.0), frame.y_at(at.1)) {
            draw.run(((x, y), is_first || !is_stroke.get_value()));
            is_stroke.set_value(true);
        } else {
            is_stroke.set_value(false);
        }
    };
    let seen = move || frame.get_untracked().map(|(frame, _)| Window { x: frame.x, y: frame.y });
    let go = move |to: Motion| {
        if let Some(motion) = motion {
            motion.run(to);
        }
        if let Some(chosen) = chosen {
            // Several motions may come in a frame.
            if let Some(from) = chosen.get_untracked().or_else(seen) {
                chosen.set(from.moved(to));
            }
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
    let home = move || go(Motion::Home);
    // Where the pointer was last, while it is down, and whether it has moved far enough to be no click.
    let held = StoredValue::new(None::<((f64, f64), bool)>);
    let drag = move |event: &PointerEvent| {
        let at = (f64::from(event.client_x()), f64::from(event.client_y()));
        let is_ours = can_move && !is_drawing() && event.pointer_type() != "touch";
        let is_held = is_ours && event.buttons() & 1 == 1;
        if let (true, "pointerdown", Some(holder)) = (is_held, event.type_().as_str(), holder.get_untracked()) {
            // The pointer may leave the plot while it drags it. It is down, so it can be captured.
            drop(holder.set_pointer_capture(event.pointer_id()));
        }
        let before = held.get_value().filter(|_| is_held && event.type_() == "pointermove");
        let Some((before, was_drag)) = before else { return held.set_value(is_held.then_some((at, false))) };
        let (right, down) = (at.0 - before.0, at.1 - before.1);
        if was_drag || right.hypot(down) >= SLACK_PX {
            held.set_value(Some((at, true)));
            pan(right, down);
        }
    };
    // Over a plot the page scrolls on, unless the plot has the focus, by a click or a key, or Ctrl is held, which two
    // fingers on a touchpad do, too.
    let wheel = move |event: WheelEvent| {
        let is_pinch = event.ctrl_key() || event.meta_key();
        let has_focus = || {
            let (holder, active) = (holder.get_untracked(), document().active_element());
            holder.is_some_and(|holder| active.is_some_and(|active| holder.contains(Some(&active))))
        };
        if !can_move || !(is_pinch || has_focus()) {
            return;
        }
        event.prevent_default();
        let unit = if event.delta_mode() == WheelEvent::DOM_DELTA_PIXEL { 1.0 } else { LINE_PX };
        let strength = if is_pinch && event.delta_y().abs() < 40.0 { WHEEL.1 } else { WHEEL.0 };
        let turn = (event.delta_y() * unit * strength).clamp(-0.5, 0.5);
        if let Some(at) = from_corner(event.client_x(), event.client_y()) {
            zoom_at(at, turn.exp());
        }
    };
    // Two fingers move the plane; one scrolls the page.
    let pinch = StoredValue::new(None::<Pinch>);
    let fingers = move |event: web_sys::TouchEvent| {
        let now = holder.get_untracked().filter(|_| can_move).and_then(|holder| touches(&event, &holder));
        if let Some(now) = now {
            event.prevent_default();
            if let Some(before) = pinch.get_value() {
                pan(now.middle.0 - before.middle.0, now.middle.1 - before.middle.1);
                zoom_at(now.middle, before.apart / now.apart);
            }
        }
        pinch.set_value(now);
    };
    // Whether the pointer is on something that lies over the picture.
    let is_elsewhere = StoredValue::new(false);
    let move_to = move |event: PointerEvent| {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        // A handle and a mark have their own use for the pointer.
        if target.is_some_and(|target| target.closest(".handles, .plot-mark").ok().flatten().is_some()) {
            is_elsewhere.set_value(true);
            return pointer.set(None);
        }
        is_elsewhere.set_value(false);
        drag(&event);
        is_by_keys.set(false);
        pointer.set(place(&event));
        stroke(&event, event.type_() == "pointerdown");
    };
    let leave = move || pointer.set(None);

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
            "+" | "=" if can_move => return zoom_at(if chosen.is_some() { at } else { middle }, 1.0 / ZOOM),
            "-" if can_move => return zoom_at(if chosen.is_some() { at } else { middle }, ZOOM),
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
            let (x, y) = (at.0 + to.0, at.1 + to.1);
            // Beyond its edge the plot goes on.
            if chosen.is_some() && pointer.get_untracked().is_some() && !(left..=right).contains(&x) {
                pan(-to.0, 0.0);
            }
            pointer.set(Some((x.clamp(left, right), y.clamp(top, bottom))));
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
            if pointing.is_some() || !is_elsewhere.get_value() {
                point.run(pointing);
            }
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

    use_figures().add(Callback::new(move |()| {
        let (svg, _) = chart.with_untracked(|chart| to_svg(chart, &Style::alone(Theme::PRINTED), FIGURE_PX)).ok()?;
        Some(Shown { svg, caption: label.get_untracked(), file })
    }));
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
    let help = match (motion.is_some(), chosen.is_some(), spot.is_some()) {
        (true, ..) => "Plot. Arrow keys move the plane, plus and minus zoom, 0 goes back.",
        (false, true, _) => "Plot. Left and right arrow keys move the crosshair, plus and minus zoom, 0 goes back.",
        (false, false, true) => "Plot. Arrow keys move the crosshair.",
        (false, false, false) => "Plot. Left and right arrow keys move the crosshair.",
    };
    let marked = move |PlotMark { at, label, press }: PlotMark| {
        move || {
            let ((x, y), (frame, scale)) = (at.get()?, frame.get()?);
            let (left, top) = frame.px_of((x, y));
            let is_seen = (frame.x_px.0..=frame.x_px.1).contains(&left) && (frame.y_px.0..=frame.y_px.1).contains(&top);
            let style = format!("left:{}px;top:{}px", left / scale, top / scale);
            is_seen.then(|| view! { <button type="button" class="plot-mark" data-testid="plot-mark" aria-label=label title=label style=style on:click=move |_| press.run(())></button> })
        }
    };
    let pin = move |chosen: RwSignal<Option<Window>>| {
        let is_pinned = Memo::new(move |_| chosen.read().is_some());
        let press = move |_| chosen.set(if is_pinned.get_untracked() { None } else { seen() });
        let title = move || {
            if is_pinned.get() {
                "Back to the whole picture, with axes that follow it; 0 or a double click does the same"
            } else {
                "Keep these axes, whatever changes"
            }
        };
        view! {
            <button type="button" class="quiet" data-testid="plot-pin" data-value=move || if is_pinned.get() { "pinned" } else { "free" } title=title on:click=press>
                {move || if is_pinned.get() { "Home" } else { "Pin axes" }}
            </button>
        }
    };

    view! {
        <figure class="plot">
            <div
                class="plot-holder"
                class:moves=can_move
                class:draws=move || draws.is_some_and(|draws| draws.get())
                tabindex="0"
                role="group"
                aria-label=help
                data-testid=format!("{testid}-holder")
                node_ref=holder
                on:pointermove=move_to
                on:pointerdown=move_to
                on:pointerleave=move |_| leave()
                on:pointercancel=move |_| leave()
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
                {mark.map(marked)}
                {hands.map(|hands| view! { <Handles hands placed=frame/> })}
            </div>
            <p class="visually-hidden" aria-live="polite" data-testid=format!("{testid}-spoken")>{spoken}</p>
            <Legend entries theme/>
            <figcaption class="plot-tools">
                {chosen.map(pin)}
                <button type="button" class="quiet" data-testid="export-png" title="Save the plot as PNG" on:click=save_png>"PNG"</button>
                <button type="button" class="quiet" data-testid="export-svg" title="Save the plot as SVG" on:click=save_svg>"SVG"</button>
                <button type="button" class="quiet" data-testid="export-csv" title="Save the plot's data as CSV" on:click=save_csv>"CSV"</button>
            </figcaption>
        </figure>
    }
}

/// Counts up whenever the element's size changes.
pub(in crate::web) fn watch_size(holder: NodeRef<Div>, resized: RwSignal<u32>) {
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
