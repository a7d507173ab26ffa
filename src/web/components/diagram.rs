//! The network drawn: its nodes and edges show and change its numbers.

use std::sync::Arc;

use leptos::html::Div;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, FocusEvent, HtmlElement, HtmlInputElement, KeyboardEvent, PointerEvent};

use super::frames::Latest;
use super::plot::watch_size;
use super::use_highlight;
use crate::labs::diagram::{
    Edge, Layout, Node, NodePlot, Pass, control, dragged, hook, name, part_of, to_svg, told, width_px,
};
use crate::labs::highlight::{Neuron, Part};
use crate::labs::numbers::significant;
use crate::labs::parameters::{Parameters, Place, SLIDER, Steps};
use crate::piecewise::Decimal;
use crate::plot::Theme;
use crate::web::browser;

/// Whether a lab's drawing is folded, in the browser's storage: this, and the name of its file.
const KEY: &str = "piecewise.fold.";
/// Its width before it stands in the page.
const WIDTH: f64 = 640.0;
/// A pointer that has moved no further than this clicks.
const CLICK_PX: f64 = 3.0;
/// A node this large has room for a number in it.
const ROOMY: f64 = 14.0;

/// Numbers with more characters than this are rounded.
const SHORT: usize = 6;

/// What a drag has hold of.
#[derive(Clone, Copy)]
struct Held {
    place: Place,
    start: Decimal,
    from: (f64, f64),
    has_moved: bool,
}

/// All that the drawing shows and does. Signals, so that it can be handed on.
#[derive(Clone, Copy)]
struct Shown {
    parameters: Signal<Parameters>,
    biases: Signal<bool>,
    plots: Signal<Vec<Vec<NodePlot>>>,
    pass: Signal<Option<Arc<Pass>>>,
    across: Signal<Option<f64>>,
    /// The one part that the Tab key comes to.
    current: RwSignal<Part>,
}

/// The drawing, which can be folded away; that is remembered.
#[component]
pub(in crate::web) fn Diagram(
    /// The numbers of its edges and nodes.
    #[prop(into)]
    parameters: Signal<Parameters>,
    /// Takes a new number.
    set: impl Fn(Place, Decimal) + Copy + Send + Sync + 'static,
    /// Whether biases count; if not, nodes are no controls.
    #[prop(into, default = Signal::stored(true))]
    biases: Signal<bool>,
    /// The pictures in its nodes: hidden layers, and the output.
    #[prop(into)]
    plots: Signal<Vec<Vec<NodePlot>>>,
    /// What its nodes hold, where a plot is pointed at.
    #[prop(into)]
    pass: Signal<Option<Arc<Pass>>>,
    /// Where that is, as a share of the width of the nodes' pictures.
    #[prop(into, default = Signal::stored(None))]
    across: Signal<Option<f64>>,
    /// Whether it is open for those who have never folded it; on a phone, it is not.
    #[prop(default = true)]
    open: bool,
    /// The exported file's name.
    file: &'static str,
) -> impl IntoView {
    let key = format!("{KEY}{file}");
    let is_open = RwSignal::new(match browser::stored(&key).as_deref() {
        Some(word) => word == "open",
        None => open && !browser::matches_media("(max-width: 720px)"),
    });
    let fold = move |event: web_sys::Event| {
        let details = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let now = details.is_some_and(|details| details.has_attribute("open"));
        if now != is_open.get_untracked() {
            is_open.set(now);
            browser::store(&key, if now { "open" } else { "closed" });
        }
    };
    let current = RwSignal::new(Part::Parameter(Place { layer: 0, row: 0, column: Some(0) }));
    let shown = Shown { parameters, biases, plots, pass, across, current };
    let shape = move || {
        let parameters = parameters.read();
        let widths = [&[parameters.inputs()], &parameters.hidden()[..], &[1]].concat();
        widths.iter().map(usize::to_string).collect::<Vec<_>>().join(" → ")
    };
    view! {
        <details class="network" open=is_open.get_untracked() data-testid="network-fold" on:toggle=fold>
            <summary data-testid="network-toggle"><b>"The network"</b> <span class="shape">{shape}</span></summary>
            {move || is_open.get().then(|| view! { <Drawing shown set file/> })}
        </details>
    }
}

#[component]
fn Drawing(
    shown: Shown,
    set: impl Fn(Place, Decimal) + Copy + Send + Sync + 'static,
    file: &'static str,
) -> impl IntoView {
    let Shown { parameters, biases, plots, current, .. } = shown;
    let highlight = use_highlight();
    let holder = NodeRef::<Div>::new();
    let area = NodeRef::<Div>::new();
    let resized = RwSignal::new(0_u32);
    watch_size(holder, resized);
    let width = Memo::new(move |_| {
        resized.track();
        holder.get().map(|holder| f64::from(holder.client_width())).filter(|width| *width > 0.0).unwrap_or(WIDTH)
    });
    let shape = Memo::new(move |_| parameters.with(|parameters| (parameters.inputs(), parameters.hidden())));
    let layout = Memo::new(move |_| shape.with(|(inputs, hidden)| Layout::new(*inputs, hidden, width.get())));
    let control_of = move |part: Part| {
        let layers = shape.with_untracked(|(_, hidden)| hidden.len() + 1);
        control(part, layers, biases.get_untracked())
    };
    let value_of = move |place: Place| parameters.read_untracked().get(place).unwrap_or_default();

    let part_at = move |event: &PointerEvent| {
        let corner = area.get_untracked()?.get_bounding_client_rect();
        let at = (f64::from(event.client_x()) - corner.left(), f64::from(event.client_y()) - corner.top());
        layout.read_untracked().at(at)
    };
    let held = StoredValue::new(None::<Held>);
    let is_over = RwSignal::new(false);
    let latest = Latest::new();
    let place_of = |event: &PointerEvent| (f64::from(event.client_x()), f64::from(event.client_y()));
    let down = move |event: PointerEvent| {
        let Some(part) = part_at(&event).filter(|_| event.button() == 0) else { return };
        highlight.light([part]);
        let Some(place) = control_of(part) else { return };
        event.prevent_default();
        held.set_value(Some(Held { place, start: value_of(place), from: place_of(&event), has_moved: false }));
        if let Some(area) = area.get_untracked() {
            // Without it, a drag that leaves the drawing ends there.
            drop(area.set_pointer_capture(event.pointer_id()));
        }
        focus(part);
    };
    let drag = move |event: PointerEvent| {
        let Some(mut now) = held.get_value() else {
            let part = part_at(&event);
            is_over.set(part.is_some_and(|part| control_of(part).is_some()));
            return highlight.light(part);
        };
        let to = place_of(&event);
        let px = (to.0 - now.from.0) - (to.1 - now.from.1);
        now.has_moved |= px.abs() > CLICK_PX;
        held.set_value(Some(now));
        if let Some(number) = dragged(now.start, px, event.shift_key()).filter(|_| now.has_moved) {
            latest.set((now.place, number), move |(place, number)| set(place, number));
        }
    };
    let let_go = move |event: PointerEvent| {
        let Some(now) = held.get_value() else { return };
        held.set_value(None);
        if !now.has_moved && event.type_() == "pointerup" {
            open_field(now.place);
        }
    };
    let leave = move |_| {
        if held.get_value().is_none() {
            highlight.dim();
            is_over.set(false);
        }
    };
    let focused = move |event: FocusEvent| {
        let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let part = target.and_then(|target| part_of(&target.get_attribute("data-testid")?));
        if let Some(part) = part {
            current.set(part);
        }
        highlight.focus(part);
    };
    let keys = move |event: KeyboardEvent| {
        let part = current.get_untracked();
        let Some(place) = control_of(part) else { return };
        let key = event.key();
        let step = |by: i64| {
            let all = controls(&layout.read_untracked(), control_of);
            let at = all.iter().position(|&other| other == part).unwrap_or(0) as i64;
            if let Some(&next) = all.get((at + by).rem_euclid(all.len().max(1) as i64) as usize) {
                focus(next);
            }
        };
        match key.as_str() {
            "ArrowRight" => step(1),
            "ArrowLeft" => step(-1),
            "Enter" => open_field(place),
            key => match Steps::Tenths.next(value_of(place), key, event.shift_key()) {
                Some(number) => set(place, number),
                None => return,
            },
        }
        event.prevent_default();
    };

    let note = move || {
        let is_dead = |part| match part {
            Part::Neuron(Neuron { layer, row }) => plots.with(|plots| {
                plots.get(layer).and_then(|rows| rows.get(row)).is_some_and(|plot: &NodePlot| plot.is_dead)
            }),
            _ => false,
        };
        let told = highlight.first().map(|part| told(part, &parameters.read(), biases.get(), is_dead(part)));
        told.filter(|text| !text.is_empty()).unwrap_or_else(|| {
            "Wider: a larger weight. Dashed: below 0. Drag a line or a node up or down to change it.".into()
        })
    };
    let save = move |_| {
        let svg =
            to_svg(&layout.read_untracked(), &parameters.read_untracked(), &plots.read_untracked(), &Theme::LIGHT);
        browser::download_text(&format!("{file}.svg"), "image/svg+xml", &svg);
    };
    // A part that is not in the drawing, such as a piece of f, dims nothing.
    let is_pointing = Memo::new(move |_| {
        let lit = highlight.lit();
        shape.with(|(inputs, hidden)| {
            let lit = lit.read();
            let neurons = hidden
                .iter()
                .enumerate()
                .flat_map(|(layer, &width)| (0..width).map(move |row| Part::Neuron(Neuron { layer, row })));
            let inputs = (0..*inputs).map(Part::Input);
            highlight.is_pointing() && neurons.chain(inputs).chain([Part::Output]).any(|part| lit.has(part))
        })
    });
    let picture = move || {
        let layout = layout.get();
        let has_biases = biases.get();
        let (width, height) = layout.size;
        let edges = layout.edges.iter().map(|edge| edge_view(shown, edge)).collect_view();
        let labels = layout.edges.iter().filter_map(|edge| label_view(shown, edge)).collect_view();
        let nodes = layout.nodes.iter().map(|node| node_view(shown, node, &layout, has_biases)).collect_view();
        view! {
            <svg viewBox=format!("0 0 {width} {height}") width=width height=height>
                <g>{edges}</g>
                <g>{labels}</g>
                <g>{nodes}</g>
            </svg>
        }
    };
    view! {
        <div class="network-holder" node_ref=holder>
            <div
                class="network-area"
                class:over=is_over
                class:passing=move || shown.pass.read().is_some()
                class:pointing=is_pointing
                node_ref=area
                data-testid="network"
                role="group"
                aria-label="The network. Left and right arrow keys go from part to part, up and down change its number."
                on:pointermove=drag
                on:pointerdown=down
                on:pointerup=let_go
                on:pointercancel=let_go
                on:pointerleave=leave
                on:focusin=focused
                on:focusout=move |_| highlight.focus(None)
                on:keydown=keys
            >
                {picture}
            </div>
        </div>
        <div class="network-foot">
            <p class="aside" data-testid="network-note">{note}</p>
            <button type="button" class="quiet" data-testid="network-svg" title="Save the drawing as SVG" on:click=save>"SVG"</button>
        </div>
    }
}

/// All parts that are controls, in the order of the arrow keys: matrix by matrix, each followed by its neurons.
fn controls(layout: &Layout, control_of: impl Fn(Part) -> Option<Place>) -> Vec<Part> {
    let edges = layout.edges.iter().map(|edge| Part::Parameter(edge.place));
    let all = edges.chain(layout.nodes.iter().map(|node| node.part));
    let mut all: Vec<_> = all.filter_map(|part| Some((control_of(part)?, part))).collect();
    // A bias after the weights of its layer.
    all.sort_by_key(|(place, _)| (place.layer, place.column.is_none(), place.row, place.column));
    all.into_iter().map(|(_, part)| part).collect()
}

fn find<E: JsCast>(testid: &str) -> Option<E> {
    let found = document().query_selector(&format!("[data-testid=\"{testid}\"]")).ok()??;
    found.dyn_into().ok()
}

fn focus(part: Part) {
    if let Some(element) = find::<web_sys::SvgElement>(&hook(part)) {
        // Focusable, as all controls of the drawing are.
        drop(element.focus());
    }
}

/// Goes to the field of a parameter, in its group, which is opened for that.
fn open_field(place: Place) {
    if let Some(group) = find::<HtmlElement>(&format!("group-{}", place.matrix())) {
        // Without a value, an attribute is never refused.
        drop(group.set_attribute("open", ""));
    }
    // A group that was folded makes its fields now.
    request_animation_frame(move || {
        request_animation_frame(move || {
            if let Some(field) = find::<HtmlInputElement>(&format!("param-{place}-value")) {
                drop(field.focus());
                field.select();
            }
        });
    });
}

/// What a control of a parameter tells those who do not see it.
fn slider(shown: Shown, part: Part, value: Memo<Decimal>, label: String) -> leptos::attr::any_attribute::AnyAttribute {
    use leptos::attr::any_attribute::IntoAnyAttribute;
    let (low, high) = (f64::from(SLIDER.0), f64::from(SLIDER.1));
    view! {
        <{..}
            role="slider"
            aria-orientation="vertical"
            aria-label=label
            aria-valuemin=move || low.min(value.get().to_f64().floor()).to_string()
            aria-valuemax=move || high.max(value.get().to_f64().ceil()).to_string()
            aria-valuenow=move || value.get().to_f64().to_string()
            aria-valuetext=move || value.get().to_string()
            tabindex=move || if shown.current.get() == part { "0" } else { "-1" }
        />
    }
    .into_any_attr()
}

fn value_memo(shown: Shown, place: Place) -> Memo<Decimal> {
    Memo::new(move |_| shown.parameters.read().get(place).unwrap_or_default())
}

fn edge_view(shown: Shown, edge: &Edge) -> impl IntoView + use<> {
    let highlight = use_highlight();
    let (place, thinness) = (edge.place, edge.thinness);
    let part = Part::Parameter(place);
    let value = value_memo(shown, place);
    let weight = move || value.get().to_f64();
    let is_idle = move || shown.pass.read().as_ref().is_some_and(|pass| pass.is_idle(place));
    view! {
        <path
            class="edge"
            class:thin=thinness < 1.0
            class:minus=move || value.get().is_negative()
            class:none=move || weight() == 0.0
            class:idle=is_idle
            class:lit=move || highlight.is_lit(part)
            d=edge.path()
            stroke-width=move || format!("{:.2}", width_px(weight()) * thinness)
            data-testid=hook(part)
            {..slider(shown, part, value, place.label())}
        ></path>
    }
}

/// A number with few digits: the drawing has little room, and the field beside the slider has them all.
fn short(number: Decimal) -> String {
    let text = number.to_string().replace('-', "−");
    if text.chars().count() > SHORT { significant(number.to_f64(), 3) } else { text }
}

fn label_view(shown: Shown, edge: &Edge) -> Option<impl IntoView + use<>> {
    let (x, y) = edge.label?;
    let place = edge.place;
    let text = move || short(shown.parameters.read().get(place).unwrap_or_default());
    let is_idle = move || shown.pass.read().as_ref().is_some_and(|pass| pass.is_idle(place));
    Some(view! { <text class="weight" class:idle=is_idle x=x y=y + 4.0 aria-hidden="true">{text}</text> })
}

fn node_view(shown: Shown, node: &Node, layout: &Layout, has_biases: bool) -> AnyView {
    let highlight = use_highlight();
    let Node { part, at: (x, y), half } = *node;
    let inputs = layout.nodes.iter().filter(|node| matches!(node.part, Part::Input(_))).count();
    let layers = layout.edges.last().map_or(1, |edge| edge.place.layer + 1);
    let is_small = !layout.has_room;
    let value = move || shown.pass.read().as_ref().and_then(|pass| pass.text(part).map(str::to_owned));
    let is_off = move || shown.pass.read().as_ref().is_some_and(|pass| pass.is_off(part));
    let symbol = name(part, inputs);
    if let Part::Input(_) = part {
        let below = move || value().unwrap_or_default();
        return view! {
            <g class="node input" class:lit=move || highlight.is_lit(part) data-testid=hook(part) data-value=move || value().unwrap_or_default()>
                <circle cx=x cy=y r=half></circle>
                <text class="name" x=x y=y + 4.5>{symbol}</text>
                <text class="value" x=x y=y + half + 15.0>{below}</text>
            </g>
        }
        .into_any();
    }
    let (layer, row) = if let Part::Neuron(Neuron { layer, row }) = part { (layer, row) } else { (layers - 1, 0) };
    let plot = Memo::new(move |_| {
        shown.plots.with(|plots| plots.get(layer).and_then(|rows| rows.get(row)).cloned().unwrap_or_default())
    });
    let (corner, side) = ((x - half + 2.0, y - half + 2.0), 2.0 * half - 4.0);
    let paths = Memo::new(move |_| plot.read().paths(corner, side));
    let place = Place { layer, row, column: None };
    let bias_now = value_memo(shown, place);
    let bias = move || {
        let number = short(bias_now.get());
        match number.strip_prefix('−') {
            Some(size) => format!("− {size}"),
            None => format!("+ {number}"),
        }
    };
    // Below the node, its value, or else its bias; where there is no room, its value in it.
    let is_out = part == Part::Output;
    let text = move || match value() {
        Some(value) => value,
        None if has_biases && (!is_small || is_out) => bias(),
        None => String::new(),
    };
    let text_y = if is_small && !is_out { y + 3.5 } else { y + half + 15.0 };
    let has_text = !is_small || is_out || half >= ROOMY;
    let hair = move || {
        let at = corner.0 + shown.across.get().filter(|share| (0.0..=1.0).contains(share))? * side;
        Some(view! { <line class="hair" x1=at x2=at y1=corner.1 y2=corner.1 + side></line> })
    };
    let told_of = match part {
        Part::Output => format!("Output f: bias {}", place.label()),
        _ => format!("Neuron {} of layer {}: bias {}", row + 1, layer + 1, place.label()),
    };
    let body = view! {
        <rect x=x - half y=y - half width=2.0 * half height=2.0 * half rx="4"></rect>
        <path class="area" d=move || paths.read().1.clone()></path>
        <path class="line" d=move || paths.read().0.clone()></path>
        {hair}
        {has_text.then(|| view! { <text class="value" class:in=is_small && !is_out x=x y=text_y>{text}</text> })}
        {is_out.then(|| view! { <text class="name" x=x y=y - half - 7.0>{symbol}</text> })}
    };
    let group = view! {
        <g
            class="node"
            class:lit=move || highlight.is_lit(part)
            class:off=is_off
            class:dead=move || plot.read().is_dead
            data-testid=hook(part)
            data-value=move || value().unwrap_or_default()
        >
            {body}
        </g>
    };
    if has_biases { group.add_any_attr(slider(shown, part, bias_now, told_of)).into_any() } else { group.into_any() }
}
