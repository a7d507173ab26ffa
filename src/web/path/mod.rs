//! `#/path`: the output, or a loss, while the parameters move on a line.

mod answers;
mod network;
mod plane;
mod search;

use leptos::prelude::*;

use super::components::{
    Announce, Challenges, CopyButtons, CopyItem, Glance, Glide, Hover, LabTitle, LinkError, Moves, Note, NumberField,
    Options, ParameterGroups, Plot, Pointing, Readout, Row, Select, Slices, Tools, at_once, number_options,
    picture_first_on_phones, within,
};
use super::router::Lab;
use super::state::use_labs;
use crate::labs::code::{Language, path_code};
use crate::labs::function::network::{LAYERS, WIDTHS};
use crate::labs::numbers::{exact, significant};
use crate::labs::parameters::Place;
use crate::labs::path::challenges::{CHALLENGES, solved_now};
use crate::labs::path::presets::presets;
use crate::labs::path::words;
use crate::labs::path::{Answers, Deciding, End, PathLab, Quantity};
use crate::labs::printout::{Section, path_section};
use crate::piecewise::{Algebraic, Chord, Decimal, Polynomial, to_f64};
use crate::plot::{ChordLine, FunctionChart, PlotLine, Stroke, Window, nice_range};
use crate::web::browser;
use crate::web::figure::figure;

/// Within this share of the axis a break is meant.
const NEAR: f64 = 0.008;
/// A path that takes longer to decide is not drawn on the way to another: large ones cut.
const FRAME_MS: f64 = 8.0;
/// Points of a curved piece.
const POINTS: usize = 48;

/// A path and what is known of it; older than the path on the sliders while that one is being decided.
#[derive(Clone, PartialEq)]
struct Decided {
    lab: PathLab,
    answers: Answers,
}

#[component]
pub(super) fn PathPage() -> impl IntoView {
    let labs = use_labs();
    let lab = Memo::new(move |_| labs.path.get());
    network::provide_highlight(lab);
    let (decided, is_pending) = decide(lab);
    let beyond = Memo::new(move |_| lab.read().beyond);
    let window = RwSignal::new(None::<Window>);
    // What is drawn while one path goes over into another.
    let (way, glide) = (RwSignal::new(None::<Decided>), Glide::new());
    let chart = Memo::new(move |_| {
        let chart_of = |decided: &Decided| chart(decided, beyond.get(), window.get());
        match way.read().as_ref() {
            Some(way) => FunctionChart { chords: Vec::new(), ..chart_of(way) },
            None => decided.with(chart_of),
        }
    });
    let leap = Callback::new(move |to: PathLab| {
        let from = lab.get_untracked();
        labs.path.set(to.clone());
        let draw = move |share: f64| {
            // Whoever takes hold of the path on its way sees it as it is.
            if lab.with_untracked(|lab| *lab != to) {
                return false;
            }
            let between = from.toward(&to, share);
            let done = within(FRAME_MS, Deciding::new(&between), Deciding::advance);
            let shown = done.map(|deciding| Decided { answers: deciding.finish(), lab: between });
            let is_quick = shown.is_some();
            way.set(shown);
            is_quick
        };
        glide.start(draw, move || way.set(None));
    });
    let label = Signal::derive(move || {
        let verdict = decided.with(|decided| decided.answers.shape.verdict.word());
        let what = if lab.read().quantity == Quantity::Loss { "The loss" } else { "The output" };
        format!("{what} along the path, t from 0 to 1: {verdict}")
    });
    // Where the plot is pointed at.
    let t = RwSignal::new(None::<Decimal>);
    let point = move |pointing: Option<Pointing>| {
        let now = pointing.and_then(|pointing| Decimal::round(pointing.at.0, 3));
        if t.get_untracked() != now {
            t.set(now);
        }
    };
    let solved = Signal::derive(move || {
        decided.with(|decided| {
            let is_current = is_same_path(&decided.lab, &lab.read());
            solved_now(&lab.read(), is_current.then_some(&decided.answers)).to_vec()
        })
    });
    let seen = Signal::derive(move || decided.with(|decided| words::glance(&decided.answers)));
    let frame = NodeRef::new();
    picture_first_on_phones(frame);
    view! {
        <div class="lab dragging" node_ref=frame>
            <section class="controls" aria-label="Path">
                <LabTitle lab=Lab::Path title="Path lab" challenges=&CHALLENGES/>
                <p class="lead">"The input stays fixed while the parameters move along a line: θ(t) = (1 − t) · from + t · to. Is the output convex in t, or concave?"</p>
                <LinkError/>
                <Controls lab leap/>
            </section>
            <section class="picture flowing split" aria-label="Plots">
                <div class="first">
                    <Glance text=seen/>
                    <div class="row view-row">
                        <QuantityChoice lab/>
                        <label class="check">
                            <input type="checkbox" data-testid="path-beyond" prop:checked=beyond on:change:target=move |event| labs.path.update(|lab| lab.beyond = event.target().checked())/>
                            "Show t beyond 0 … 1"
                        </label>
                    </div>
                    <Plot
                        testid="plot-path"
                        label
                        chart
                        hover=move |t| decided.with_untracked(|decided| hover(decided, window.get_untracked(), t))
                        chosen=window
                        csv=move || decided.with_untracked(|decided| decided.answers.to_csv())
                        point
                        file="piecewise-path"
                    />
                    <network::Network lab t/>
                </div>
                <div class="second"><plane::PlanePlot lab/></div>
            </section>
            <section class="answers" aria-label="Answers">
                <Announce text=label/>
                <answers::AnswerList decided is_pending/>
                <search::Search lab/>
                <Challenges list=&CHALLENGES now=solved/>
            </section>
        </div>
    }
}

/// Whether two states are of the same path and quantity, whatever else is shown.
fn is_same_path(a: &PathLab, b: &PathLab) -> bool {
    let same_ends = a.end(End::From) == b.end(End::From) && a.arrival() == b.arrival();
    same_ends && a.x == b.x && a.quantity == b.quantity && a.data() == b.data()
}

/// Decides each path that comes, in slices if it takes long; a newer one overtakes.
fn decide(lab: Memo<PathLab>) -> (RwSignal<Decided>, RwSignal<bool>) {
    let first = lab.get_untracked();
    // A large one appears as soon as it is decided; until then, the page's first path stands in.
    let done = at_once(Deciding::new(&first), Deciding::advance).map(|deciding| (first, deciding.finish()));
    let (first, answers) = done.unwrap_or_else(|| (PathLab::default(), PathLab::default().answers()));
    let decided = RwSignal::new(Decided { answers, lab: first });
    let is_pending = RwSignal::new(false);
    let slices = Slices::new();
    Effect::new(move || {
        let lab = lab.get();
        if decided.with_untracked(|decided| is_same_path(&decided.lab, &lab)) {
            slices.stop();
            is_pending.set(false);
            return;
        }
        slices.start(Deciding::new(&lab), Deciding::advance, move |state| {
            if state.is_ok() == is_pending.get_untracked() {
                is_pending.set(state.is_err());
            }
            if let Ok(deciding) = state {
                decided.set(Decided { answers: deciding.finish(), lab: lab.clone() });
            }
        });
    });
    (decided, is_pending)
}

#[component]
fn Controls(
    lab: Memo<PathLab>,
    /// Goes over to another path.
    leap: Callback<PathLab>,
) -> impl IntoView {
    let labs = use_labs();
    let start = StoredValue::new(lab.get_untracked());
    let edited = Memo::new(move |_| lab.read().edited);
    let parameters = Memo::new(move |_| {
        let lab = lab.read();
        lab.end(lab.edited).clone()
    });
    let before = Signal::derive(move || start.with_value(|start| start.end(edited.get_untracked()).clone()));
    let still = Memo::new(move |_| {
        let lab = lab.read();
        lab.end(End::From).places().into_iter().filter(|place| !lab.moves(*place)).collect()
    });
    let moves = Moves {
        still,
        set: Callback::new(move |(places, moves): (Vec<Place>, bool)| {
            labs.path.update(|lab| lab.set_moves(&places, moves));
        }),
    };
    let x = Memo::new(move |_| lab.read().x);
    let set_x = move |x: Decimal| {
        labs.path.update(|lab| lab.x = x);
        Ok(())
    };
    let end = move |which: End, text: &'static str, testid: &'static str| {
        view! {
            <button type="button" class="quiet" data-testid=testid aria-pressed=move || (edited.get() == which).to_string() on:click=move |_| labs.path.update(|lab| lab.edited = which)>
                {text}
            </button>
        }
    };
    let copy = move |_| {
        let parameters = labs.function.with_untracked(|lab| lab.network.effective());
        labs.path.update(|lab| lab.set_end(lab.edited, parameters));
    };
    let draw = move |_| labs.path.update(|lab| lab.randomise(lab.edited, browser::fresh_seed()));
    view! {
        <Tools
            state=lab
            history=labs.path_history
            set=move |state| labs.path.set(state)
            start=move || start.get_value()
            start_title="Back to the path that was loaded last"
            path="path"
            link=move || labs.path.read_untracked().encode()
        />
        <Presets lab start leap/>
        <Shape lab/>
        <div class="row range" class:hidden=move || lab.read().quantity == Quantity::Loss>
            <span class="label">"Input x"</span>
            <NumberField testid="path-x".into() label="The fixed input x".into() value=x set=set_x/>
        </div>
        <div class="row ends">
            <span class="label">"Sliders change"</span>
            <div class="switch parts" role="group" aria-label="End of the path">
                {end(End::From, "from, t = 0", "edit-from")} {end(End::To, "to, t = 1", "edit-to")}
            </div>
        </div>
        <div class="row tools">
            <button type="button" class="quiet" data-testid="copy-function" title="Take the network of the function lab for this end, as if it were ReLU" on:click=copy>"From the function lab"</button>
            <button type="button" class="quiet" data-testid="random-end" title="Draw random weights for this end" on:click=draw>"Random"</button>
            <button type="button" class="quiet" data-testid="swap-ends" title="Swap the two ends" on:click=move |_| labs.path.update(PathLab::swap)>"Swap ends"</button>
        </div>
        <p class="note">"Ticked parameters move along the path; the others stay at their “from” values."</p>
        <ParameterGroups
            parameters
            reset=before
            set=move |place, number| labs.path.update(|lab| lab.set(lab.edited, place, number))
            moves
        />
        <CopyPath lab/>
    }
}

/// Buttons that copy both ends, θ(t), and what is drawn, as code.
#[component]
fn CopyPath(lab: Memo<PathLab>) -> impl IntoView {
    let item = move |language: Language| CopyItem {
        name: language.name(),
        testid: format!("copy-{}", language.name().to_lowercase()),
        title: "Copy both ends, θ(t), and what is drawn",
        file: language.file(),
        text: Callback::new(move |()| path_code(&lab.read_untracked(), language)),
    };
    view! { <CopyButtons label="Copy the path:" items=Language::ALL.map(item).into()/> }
}

#[component]
fn Presets(lab: Memo<PathLab>, start: StoredValue<PathLab>, leap: Callback<PathLab>) -> impl IntoView {
    let list = StoredValue::new(presets());
    let button = move |index: usize| {
        let (id, title) = list.with_value(|list| (list[index].id, list[index].title));
        let load = move |_| {
            let preset = list.with_value(|list| list[index].lab.clone());
            start.set_value(preset.clone());
            leap.run(preset);
        };
        view! { <button type="button" class="quiet" data-testid=format!("preset-{id}") on:click=load>{title}</button> }
    };
    let note = move || {
        let lab = lab.read();
        list.with_value(|list| list.iter().find(|preset| is_same_path(&preset.lab, &lab)).map(|preset| preset.note))
    };
    view! {
        <details class="group" open data-testid="presets">
            <summary><b>"Presets"</b></summary>
            <div class="presets" role="group" aria-label="Presets">{(0..list.with_value(Vec::len)).map(button).collect_view()}</div>
            <Note testid="preset-note" all=list.with_value(|list| list.iter().map(|preset| preset.note).collect()) now=Signal::derive(move || note().map(str::to_owned)) otherwise="A path of your own. The presets are examples to start from."/>
        </details>
    }
}

#[component]
fn Shape(lab: Memo<PathLab>) -> impl IntoView {
    let labs = use_labs();
    let hidden = Memo::new(move |_| lab.read().hidden());
    let layers = Memo::new(move |_| hidden.read().len() + 1);
    let width = Memo::new(move |_| hidden.read().iter().copied().max().unwrap_or(1));
    let set = move |layers: usize, width: usize| labs.path.update(|lab| lab.set_hidden(&vec![width; layers - 1]));
    view! {
        <div class="row shape-row">
            <Select testid="layers" label="Layers" options=number_options(LAYERS) value=layers set=move |layers| set(layers, width.get_untracked())/>
            <Select testid="width" label="Width" options=number_options(WIDTHS) value=width set=move |width| set(layers.get_untracked(), width)/>
        </div>
    }
}

#[component]
fn QuantityChoice(lab: Memo<PathLab>) -> impl IntoView {
    let labs = use_labs();
    let quantity = Memo::new(move |_| lab.read().quantity);
    let options: Options<Quantity> = vec![
        (Quantity::Output, "output".into(), "output f(x; θ(t))".into()),
        (Quantity::Loss, "loss".into(), "loss on a data set".into()),
    ];
    let draft = RwSignal::new(None::<String>);
    let problem = RwSignal::new(None::<String>);
    let shown = move || draft.get().unwrap_or_else(|| lab.read().data_text());
    let take = move |text: String| {
        let mut result = Ok(());
        labs.path.update(|lab| result = lab.set_data(&text));
        // What is wrong stays to be mended.
        draft.set(result.is_err().then_some(text));
        problem.set(result.err());
    };
    view! {
        <Select testid="path-quantity" label="Show" options value=quantity set=move |quantity| labs.path.update(|lab| lab.quantity = quantity)/>
        {move || {
            (quantity.get() == Quantity::Loss).then(|| {
                view! {
                    <span class="data-field">
                        <label for="path-data">"Points x y:"</label>
                        <input type="text" id="path-data" data-testid="path-data" autocomplete="off" aria-invalid=move || problem.read().is_some().then_some("true") prop:value=shown on:change:target=move |event| take(event.target().value())/>
                        {move || problem.get().map(|message| view! { <span class="error" role="alert" data-testid="error">{message}</span> })}
                    </span>
                }
            })
        }}
    }
}

fn name(quantity: Quantity) -> &'static str {
    match quantity {
        Quantity::Output => "f(x; θ(t))",
        Quantity::Loss => "mean squared error",
    }
}

/// A polynomial in f64, for drawing.
fn float(polynomial: &Polynomial) -> impl Fn(f64) -> f64 + use<> {
    let coefficients: Vec<f64> = polynomial.coefficients().iter().map(to_f64).collect();
    move |t| coefficients.iter().rev().fold(0.0, |sum, c| sum * t + c)
}

/// The path for a report to print.
pub(super) fn section(lab: &PathLab) -> Section {
    let decided = Decided { answers: lab.answers(), lab: lab.clone() };
    let what = if lab.quantity == Quantity::Loss { "The loss" } else { "The output" };
    let caption = format!("{what} along the path: {} between t = 0 and t = 1.", decided.answers.shape.verdict.word());
    path_section(lab, &decided.answers, figure(&chart(&decided, lab.beyond, None), caption))
}

fn chart(decided: &Decided, beyond: bool, window: Option<Window>) -> FunctionChart {
    let x = window.map_or(if beyond { (-1.0, 2.0) } else { (0.0, 1.0) }, |window| window.x);
    let pieces = &decided.answers.pieces;
    let end = |end: &Option<Algebraic>, infinite: f64| end.as_ref().map_or(infinite, Algebraic::to_f64);
    let mut points = Vec::new();
    for piece in pieces.pieces() {
        let (from, to) = (end(&piece.start, x.0).max(x.0), end(&piece.end, x.1).min(x.1));
        if from > to {
            continue;
        }
        let f = float(&piece.polynomial);
        let steps = if piece.polynomial.degree().unwrap_or(0) < 2 { 1 } else { POINTS };
        points.extend((0..=steps).map(|step| from + (to - from) * step as f64 / steps as f64).map(|t| (t, f(t))));
    }
    let breaks = pieces.breaks().iter().zip(pieces.pieces()).filter_map(|(at, piece)| {
        let t = at.t.to_f64();
        (x.0 <= t && t <= x.1).then(|| (t, float(&piece.polynomial)(t)))
    });
    let kinks = breaks.collect();
    let shape = &decided.answers.shape;
    let chord = |chord: &Chord| ChordLine {
        x: chord.x.each_ref().map(to_f64),
        f: chord.f.each_ref().map(to_f64),
        chord: to_f64(&chord.chord),
    };
    let chords = [&shape.not_convex, &shape.not_concave].into_iter().flatten().map(chord).collect();
    let lines = vec![PlotLine { points, stroke: Stroke::Main, name: String::new() }];
    let (low, high) = FunctionChart::extent(&lines);
    FunctionChart {
        x,
        y: window.map_or_else(|| nice_range(low, high), |window| window.y),
        lines,
        kinks,
        chords,
        x_label: "t".into(),
        y_label: name(decided.lab.quantity).into(),
    }
}

/// What is under the pointer, at a decimal as fine as the screen; near a break, what is on left and right of it.
fn hover(decided: &Decided, window: Option<Window>, t: f64) -> Option<Hover> {
    let width = window.map_or(1.0, |window| window.x.1 - window.x.0);
    if let Some(near) = near_break(decided, t, width * NEAR) {
        return Some(near);
    }
    let places = (3.0 - width.log10().floor()).clamp(0.0, 12.0) as u32;
    let t = Decimal::round(t, places)?;
    let at = t.to_rational();
    let piece = decided.answers.pieces.piece_at(&at);
    let value = piece.polynomial.at(&at);
    let degree = piece.polynomial.degree().unwrap_or(0);
    let rows = vec![Row::new(name(decided.lab.quantity), exact(&value)), Row::new("degree", degree.to_string())];
    let note = Readout { title: format!("t = {}", t.to_string().replace('-', "−")), rows, ..Readout::default() };
    Some(Hover { at: (t.to_f64(), to_f64(&value)), note })
}

/// The break nearest to t, if it is no further than that, and which neurons are on just before it and just after it.
fn near_break(decided: &Decided, t: f64, reach: f64) -> Option<Hover> {
    let pieces = &decided.answers.pieces;
    let distance = |index: &usize| (pieces.breaks()[*index].t.to_f64() - t).abs();
    let index = (0..pieces.breaks().len()).min_by(|a, b| distance(a).total_cmp(&distance(b)))?;
    if decided.lab.quantity == Quantity::Loss || distance(&index) > reach {
        return None;
    }
    let at = pieces.breaks()[index].t.to_f64();
    let sides = decided.lab.sides(pieces, index, reach)?;
    let [before, after] = sides.each_ref().map(|side| decided.lab.live_at(side));
    let list = |on: &[usize]| match on {
        [] => "none".to_owned(),
        on => on.iter().map(usize::to_string).collect::<Vec<_>>().join(", "),
    };
    let layer = |(layer, (before, after)): (usize, (&Vec<usize>, &Vec<usize>))| {
        Row::new(format!("on in layer {}", layer + 1), format!("{} → {}", list(before), list(after)))
    };
    let [left, right] = sides.each_ref().map(|side| significant(to_f64(side), 4));
    let note = Readout {
        title: format!("Break at t ≈ {}: neurons at t = {left} → {right}", significant(at, 4)),
        rows: before.iter().zip(&after).enumerate().map(layer).collect(),
        ..Readout::default()
    };
    Some(Hover { at: (at, float(&pieces.pieces()[index].polynomial)(at)), note })
}
