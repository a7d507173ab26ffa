//! `#/function`: drag weights, see exact kinks.

use leptos::prelude::*;
use serde_json::json;

use super::app::{LinkError, use_labs};
use super::components::{Answer, CopyCode, Hover, NumberField, ParameterGroups, Plot};
use crate::labs::function::{Answers, FunctionLab, WIDTHS, symbolic_formula};
use crate::labs::numbers::{counted, exact, fraction};
use crate::piecewise::{Chord, Decimal, Interval, Piece, Verdict, to_f64};
use crate::plot::{ChordLine, FunctionChart, nice_range};

#[component]
pub(super) fn FunctionPage() -> impl IntoView {
    let labs = use_labs();
    let lab = labs.function;
    let answers = Memo::new(move |_| lab.read().answers());
    let chart = Memo::new(move |_| chart(&lab.read(), &answers.read()));
    let width = Memo::new(move |_| {
        let (from, to) = lab.read().x_range();
        to.to_f64() - from.to_f64()
    });
    let label = Signal::derive(move || {
        let range = lab.read().x_range();
        format!("Plot of f for x from {} to {}: {}", range.0, range.1, kinks_sentence(&answers.read()))
    });
    view! {
        <div class="lab dragging">
            <section class="controls" aria-label="Parameters">
                <h1>"Function lab"</h1>
                <p class="lead">"A network with one input and one output. Drag a weight and see where it bends."</p>
                <LinkError/>
                <Controls lab/>
            </section>
            <section class="picture" aria-label="Plot">
                <div class="formula" data-testid="formula" inner_html=symbolic_formula(2)></div>
                <Plot
                    testid="plot-function"
                    label
                    chart
                    hover=move |x| hover(&answers.read_untracked(), width.get_untracked(), x)
                    csv=move || pieces_csv(&answers.read_untracked())
                    file="piecewise-function"
                />
                <div class="formula numeric" data-testid="formula-numbers" inner_html=move || lab.read().numeric_formula()></div>
            </section>
            <section class="answers" aria-label="Answers">
                <AnswerList lab answers/>
            </section>
        </div>
    }
}

#[component]
fn Controls(lab: RwSignal<FunctionLab>) -> impl IntoView {
    let set_range = move |ends: (Decimal, Decimal)| {
        let mut result = Ok(());
        lab.update(|lab| result = lab.set_x_range(ends.0, ends.1));
        result
    };
    let x_min = Memo::new(move |_| lab.read().x_range().0);
    let x_max = Memo::new(move |_| lab.read().x_range().1);
    let width = Memo::new(move |_| lab.read().width());
    let start = StoredValue::new(lab.get_untracked());

    let parameters = Signal::derive(move || lab.read().parameters().clone());
    let before = Signal::derive(move || start.with_value(|start| start.parameters().clone()));
    view! {
        <div class="row">
            <label for="width">"Hidden width"</label>
            <select
                id="width"
                data-testid="width"
                prop:value=move || width.get().to_string()
                on:change:target=move |event| {
                    if let Ok(width) = event.target().value().parse() {
                        lab.update(|lab| lab.set_width(width));
                    }
                }
            >
                {WIDTHS
                    .map(|choice| view! { <option value=choice selected=move || width.get() == choice>{choice}</option> })
                    .collect_view()}
            </select>
            <button type="button" class="quiet" data-testid="reset" title="Back to the network that the page started with" on:click=move |_| lab.set(start.get_value())>
                "Reset"
            </button>
        </div>
        <div class="row">
            <span>"Show x from"</span>
            <NumberField testid="x-min".into() label="Left end of x".into() value=x_min set=move |number| set_range((number, x_max.get_untracked()))/>
            <span>"to"</span>
            <NumberField testid="x-max".into() label="Right end of x".into() value=x_max set=move |number| set_range((x_min.get_untracked(), number))/>
        </div>
        <ParameterGroups parameters reset=before set=move |place, number| lab.update(|lab| lab.set(place, number))/>
        <CopyCode parameters/>
    }
}

#[component]
fn AnswerList(lab: RwSignal<FunctionLab>, answers: Memo<Answers>) -> impl IntoView {
    let kink_count = move || answers.read().pieces.kinks().len();
    let kink_list = move || {
        let kinks: Vec<f64> = answers.read().pieces.kinks().iter().map(|kink| to_f64(&kink.x)).collect();
        json!(kinks).to_string()
    };
    let kink_text = move || {
        let answers = answers.read();
        let kinks = answers.pieces.kinks();
        if kinks.is_empty() {
            "none".into()
        } else {
            kinks.iter().map(|kink| exact(&kink.x)).collect::<Vec<_>>().join(", ")
        }
    };
    let verdict = move || answers.read().shape.verdict;
    let shape_text = move || match verdict() {
        Verdict::Linear => "Linear",
        Verdict::Convex => "Convex",
        Verdict::Concave => "Concave",
        Verdict::Neither => "Neither convex nor concave",
    };
    let shape_reason = move || match verdict() {
        Verdict::Linear => "One slope everywhere. (Linear is the homework’s word for affine.)",
        Verdict::Convex => "From left to right, slopes never fall.",
        Verdict::Concave => "From left to right, slopes never rise.",
        Verdict::Neither => "From left to right, slopes rise somewhere and fall somewhere.",
    };
    let witness = move || {
        let answers = answers.read();
        let chord = |chord: &Option<Chord>| {
            chord.as_ref().map(|chord| {
                json!({
                    "x": chord.x.each_ref().map(fraction),
                    "f": chord.f.each_ref().map(fraction),
                    "chord": fraction(&chord.chord),
                })
            })
        };
        json!({ "not_convex": chord(&answers.shape.not_convex), "not_concave": chord(&answers.shape.not_concave) })
            .to_string()
    };
    let witness_lines = move || {
        let answers = answers.read();
        let shape = &answers.shape;
        let line = |chord: &Chord, word: &str, side: &str| {
            let [a, b, c] = chord.x.each_ref().map(exact);
            view! {
                <li>
                    "Not " {word.to_owned()} ": f(" {b} ") = " {exact(&chord.f[1])} " lies " {side.to_owned()} " the chord from x = " {a} " to " {c} ", which is "
                    {exact(&chord.chord)} " there."
                </li>
            }
        };
        let lines = [
            shape.not_convex.as_ref().map(|chord| line(chord, "convex", "above")),
            shape.not_concave.as_ref().map(|chord| line(chord, "concave", "below")),
        ];
        lines.into_iter().flatten().collect_view()
    };
    let region_count = move || answers.read().pieces.pieces().len();
    let hidden = move || lab.read().width();
    view! {
        <h2>"What is true of f"</h2>
        <dl>
            <dt>
                <Answer testid="kink-count" value=Signal::derive(move || kink_count().to_string())>
                    <b>{move || counted(kink_count(), "kink")}</b>
                </Answer>
                <span class="aside">{move || format!("of at most {}", hidden())}</span>
            </dt>
            <dd>
                "at x = " <Answer testid="kink-list" value=Signal::derive(kink_list)>{kink_text}</Answer>
            </dd>
            <dt>
                <Answer testid="shape" value=Signal::derive(move || verdict().word().to_owned())>
                    <b>{shape_text}</b>
                </Answer>
            </dt>
            <dd>
                {shape_reason}
                <span data-testid="witness" data-value=witness>
                    <ul class="witness">{witness_lines}</ul>
                </span>
            </dd>
            <dt>
                <Answer testid="region-count" value=Signal::derive(move || region_count().to_string())>
                    <b>{move || counted(region_count(), "linear piece")}</b>
                </Answer>
                <span class="aside">
                    "of at most "
                    <Answer testid="region-bound" value=Signal::derive(move || answers.read().region_bound.clone())>
                        {move || answers.read().region_bound.clone()}
                    </Answer>
                </span>
            </dt>
            <dd><PiecesTable answers/></dd>
            <dt>
                <Answer testid="discontinuity-count" value=Signal::stored("0".to_owned())><b>"0 discontinuities"</b></Answer>
            </dt>
            <dd>"Always: sums, multiples and ReLUs of continuous functions are continuous."</dd>
        </dl>
        <p class="note">"Decided in exact fractions of the decimals shown, on the whole line; no rounding, no tolerance."</p>
    }
}

#[component]
fn PiecesTable(answers: Memo<Answers>) -> impl IntoView {
    let json = move || {
        let piece = |piece: &Piece| {
            json!({
                "from": piece.interval.start.as_ref().map(to_f64),
                "to": piece.interval.end.as_ref().map(to_f64),
                "slope": to_f64(&piece.slope),
                "intercept": to_f64(&piece.intercept),
            })
        };
        json!(answers.read().pieces.pieces().iter().map(piece).collect::<Vec<_>>()).to_string()
    };
    let row = |piece: &Piece| {
        view! {
            <tr>
                <td>{interval_text(&piece.interval)}</td>
                <td>{exact(&piece.slope)}</td>
                <td>{exact(&piece.intercept)}</td>
            </tr>
        }
    };
    view! {
        <div class="scroll" data-testid="pieces" data-value=json tabindex="0" role="region" aria-label="Pieces">
            <table>
                <thead>
                    <tr><th scope="col">"x from … to"</th><th scope="col">"slope"</th><th scope="col">"intercept"</th></tr>
                </thead>
                <tbody>{move || answers.read().pieces.pieces().iter().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
}

fn interval_text(interval: &Interval) -> String {
    let end = |end: &Option<_>, infinite: &str| end.as_ref().map_or_else(|| infinite.to_owned(), exact);
    format!("{} … {}", end(&interval.start, "−∞"), end(&interval.end, "∞"))
}

fn kinks_sentence(answers: &Answers) -> String {
    let kinks = answers.pieces.kinks();
    let places = kinks.iter().map(|kink| exact(&kink.x)).collect::<Vec<_>>().join(", ");
    let word = answers.shape.verdict.word();
    match kinks.len() {
        0 => format!("no kinks; {word}."),
        count => format!("{} at x = {places}; {word}.", counted(count, "kink")),
    }
}

fn chart(lab: &FunctionLab, answers: &Answers) -> FunctionChart {
    let (from, to) = lab.x_range();
    let (from, to) = (from.to_rational(), to.to_rational());
    let line = answers.polyline(&from, &to);
    let x = (to_f64(&from), to_f64(&to));
    let chords: Vec<_> = answers
        .chords()
        .filter(|chord| chord.x.iter().all(|at| from <= *at && *at <= to))
        .map(|chord| ChordLine {
            x: chord.x.each_ref().map(to_f64),
            f: chord.f.each_ref().map(to_f64),
            chord: to_f64(&chord.chord),
        })
        .collect();
    let low = line.iter().map(|point| point.1).fold(f64::INFINITY, f64::min);
    let high = line.iter().map(|point| point.1).fold(f64::NEG_INFINITY, f64::max);
    let kinks = answers.pieces.kinks().iter().map(|kink| (to_f64(&kink.x), to_f64(&kink.y)));
    FunctionChart {
        x,
        y: nice_range(low, high),
        kinks: kinks.filter(|kink| x.0 <= kink.0 && kink.0 <= x.1).collect(),
        line,
        chords,
        y_label: "f(x)".into(),
    }
}

/// The function under the pointer, at a decimal as fine as the screen: about a thousandth of the interval.
fn hover(answers: &Answers, width: f64, x: f64) -> Option<Hover> {
    let places = (3.0 - width.log10().floor()).clamp(0.0, 12.0) as u32;
    let x = Decimal::round(x, places)?;
    let at = x.to_rational();
    let piece = answers.pieces.piece_at(&at);
    let y = piece.at(&at);
    Some(Hover {
        at: (x.to_f64(), to_f64(&y)),
        text: format!("f({}) = {}, slope {}", x.to_string().replace('-', "−"), exact(&y), exact(&piece.slope)),
    })
}

fn pieces_csv(answers: &Answers) -> String {
    let mut csv = String::from("from,to,slope,intercept\n");
    for piece in answers.pieces.pieces() {
        let end = |end: &Option<_>| end.as_ref().map(fraction).unwrap_or_default();
        let Interval { start, end: stop } = &piece.interval;
        csv += &format!("{},{},{},{}\n", end(start), end(stop), fraction(&piece.slope), fraction(&piece.intercept));
    }
    csv
}
