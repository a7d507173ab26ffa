//! Question 8: y = Wx, u = relu(y), v = u + Wu, L = ½‖v‖².

use std::time::Duration;

use leptos::prelude::*;
use serde_json::json;

use super::{Head, TableExports};
use crate::labs::backprop::BackpropLab;
use crate::labs::backprop::challenges::{CHALLENGES, solved_now};
use crate::labs::backprop::question8::{
    Answers, Comparison, DIMENSIONS, EDITABLE, EpsPoint, NOTEBOOK_EPS, Precision, Question8, STEPS, Size, Sweep,
};
use crate::labs::backprop::table::{Table, cell};
use crate::labs::backprop::words::{at_zero, error_against_eps};
use crate::labs::numbers::{count, scientific, significant};
use crate::labs::parameters::Steps;
use crate::nn::shared_weight::ThetaZero;
use crate::piecewise::Decimal;
use crate::plot::EpsChart;
use crate::web::browser;
use crate::web::components::{Answer, Challenges, Hover, Matrix, NumberField, Plot, Readout, Row, Tools};
use crate::web::state::use_labs;

/// Longest time on the main thread at once.
const SLICE_MS: f64 = 5.0;

#[component]
pub(super) fn Question8Page() -> impl IntoView {
    let lab = use_labs().backprop;
    let question = Memo::new(move |_| lab.read().question8.clone());
    // The steps shown change no number.
    let numbers = Memo::new(move |_| {
        let mut question = question.get();
        question.step = 0;
        question
    });
    let answers = Memo::new(move |_| numbers.read().answers());
    let report = Memo::new(move |_| lab.read().layers.report());
    let solved = Signal::derive(move || {
        solved_now(&question.read(), &answers.read(), &lab.read().layers, &report.read()).to_vec()
    });
    view! {
        <div class="lab">
            <section class="controls" aria-label="Numbers">
                <Head lead="y = W x, u = ReLU(y), v = u + W u, L = ½ ‖v‖². What is ∂L/∂W, when W is used twice?"/>
                <Controls lab question/>
            </section>
            <section class="picture flowing" aria-label="Gradient">
                <Graph lab question answers/>
                <Tables lab question answers/>
                <EpsPlot question=numbers/>
            </section>
            <section class="answers" aria-label="Answers">
                <Comparisons answers/>
                <Entry lab question answers/>
                <Challenges list=&CHALLENGES now=solved/>
            </section>
        </div>
    }
}

fn change(lab: RwSignal<BackpropLab>, act: impl FnOnce(&mut Question8)) {
    lab.update(|lab| act(&mut lab.question8));
}

#[component]
fn Controls(lab: RwSignal<BackpropLab>, question: Memo<Question8>) -> impl IntoView {
    let start = StoredValue::new(question.get_untracked().content());
    let dimension = Memo::new(move |_| question.read().dimension());
    let seed = Memo::new(move |_| question.read().seed());
    let eps = Memo::new(move |_| question.read().eps);
    let seed_error = RwSignal::new(None::<String>);
    let redraw = move |dimension: usize, seed: u64| {
        seed_error.set(None);
        change(lab, |question| *question = question.redrawn(dimension, seed));
    };
    let set_seed = move |typed: String| match typed.trim().parse() {
        Ok(seed) => redraw(dimension.get_untracked(), seed),
        Err(_) => seed_error.set(Some("The seed must be a whole number, such as 7.".into())),
    };
    let theta = move || match question.read().theta_zero {
        ThetaZero::Zero => "0",
        ThetaZero::Half => "0.5",
        ThetaZero::One => "1",
    };
    let set_eps = move |eps: Decimal| {
        if eps.to_f64() <= 0.0 {
            return Err("ε must be above 0, such as 0.00001.".to_owned());
        }
        change(lab, |question| question.eps = eps);
        Ok(())
    };
    view! {
        <Tools
            state=Memo::new(move |_| question.read().content())
            history=use_labs().question8_history
            set=move |content| change(lab, |question| question.set_content(content))
            start=move || start.get_value()
            start_title="Back to the numbers that this part was opened with"
            path="backprop"
            link=move || lab.read_untracked().encode()
        />
        <div class="row">
            <label for="dimension">"Dimension d"</label>
            <select
                id="dimension"
                data-testid="dimension"
                prop:value=move || dimension.get().to_string()
                on:change:target=move |event| {
                    if let Ok(dimension) = event.target().value().parse() {
                        redraw(dimension, seed.get_untracked());
                    }
                }
            >
                {DIMENSIONS
                    .map(|choice| view! { <option value=choice selected=move || dimension.get() == choice>{choice}</option> })
                    .collect_view()}
            </select>
        </div>
        <div class="row">
            <label for="seed">"Seed"</label>
            <input
                type="text"
                inputmode="numeric"
                autocomplete="off"
                id="seed"
                data-testid="seed"
                aria-invalid=move || seed_error.read().is_some().then_some("true")
                prop:value=move || seed.get().to_string()
                on:change:target=move |event| set_seed(event.target().value())
            />
            <button
                type="button"
                class="quiet"
                title="Draw new numbers"
                data-testid="seed-new"
                on:click=move |_| redraw(dimension.get_untracked(), browser::fresh_seed())
            >
                "New"
            </button>
        </div>
        {move || seed_error.get().map(|message| view! { <p class="error" role="alert" data-testid="error">{message}</p> })}
        <div class="row">
            <label for="theta-zero">"Θ(0)"</label>
            <select
                id="theta-zero"
                data-testid="theta-zero"
                prop:value=theta
                on:change:target=move |event| {
                    let choice = match event.target().value().as_str() {
                        "0.5" => ThetaZero::Half,
                        "1" => ThetaZero::One,
                        _ => ThetaZero::Zero,
                    };
                    change(lab, |question| question.theta_zero = choice);
                }
            >
                <option value="0" selected=move || theta() == "0">"0, as PyTorch"</option>
                <option value="0.5" selected=move || theta() == "0.5">"½"</option>
                <option value="1" selected=move || theta() == "1">"1"</option>
            </select>
        </div>
        <div class="row">
            <label for="precision">"Precision"</label>
            <select
                id="precision"
                data-testid="precision"
                prop:value=move || if question.read().precision == Precision::Single { "f32" } else { "f64" }
                on:change:target=move |event| {
                    let choice = if event.target().value() == "f32" { Precision::Single } else { Precision::Double };
                    change(lab, |question| question.precision = choice);
                }
            >
                <option value="f64" selected=move || question.read().precision == Precision::Double>"f64"</option>
                <option value="f32" selected=move || question.read().precision == Precision::Single>"f32"</option>
            </select>
        </div>
        <div class="row">
            <span class="label">"ε of the differences"</span>
            <NumberField testid="eps".into() label="ε of the central differences".into() value=eps set=set_eps steps=Steps::Tenfold/>
        </div>
        <div class="row">
            <button type="button" data-testid="put-zero" disabled=move || { dimension.get() > EDITABLE } on:click=move |_| change(lab, Question8::put_a_y_at_zero)>"Set a y to 0"</button>
        </div>
        {move || match dimension.get() {
            d if d <= EDITABLE => view! { <Numbers lab question d/> }.into_any(),
            _ => view! { <p class="note">"Above d = 8 the numbers come from the seed and are shown as heat maps."</p> }.into_any(),
        }}
    }
}

#[component]
fn Numbers(lab: RwSignal<BackpropLab>, question: Memo<Question8>, d: usize) -> impl IntoView {
    let field = move |row: usize, column: Option<usize>| {
        let value = Memo::new(move |_| question.read().get(row, column));
        let (name, label) = match column {
            Some(column) => (format!("q8-W-{row}-{column}"), format!("W, row {}, column {}", row + 1, column + 1)),
            None => (format!("q8-x-{row}"), format!("x, row {}", row + 1)),
        };
        let set = move |number: Decimal| {
            change(lab, |question| question.set(row, column, number));
            Ok(())
        };
        view! { <td><NumberField testid=name label value set/></td> }
    };
    let row = move |row: usize| {
        let cells: Vec<_> = (0..d).map(|column| field(row, Some(column))).collect();
        view! { <tr>{cells}<td class="gap"></td>{field(row, None)}</tr> }
    };
    view! {
        <div class="scroll" tabindex="0" role="region" aria-label="W and x">
            <table class="typed">
                <thead>
                    <tr><th scope="colgroup" colspan=d>"W"</th><td></td><th scope="col">"x"</th></tr>
                </thead>
                <tbody>{(0..d).map(row).collect_view()}</tbody>
            </table>
        </div>
    }
}

/// Name, place, and the edges that lead to it.
const NODES: [(&str, f64, f64); 6] = [
    ("x", 40.0, 100.0),
    ("W", 190.0, 28.0),
    ("y", 140.0, 100.0),
    ("u", 250.0, 100.0),
    ("v", 360.0, 100.0),
    ("L", 460.0, 100.0),
];
/// Heads of arrows: WebKit cannot give one the colour of whatever line it ends.
const ARROWS: [&str; 3] = ["arrow", "arrow-here", "arrow-back"];
/// From, to, and the path between.
const EDGES: [(&str, &str, &str); 7] = [
    ("x", "y", "M58 100 H122"),
    ("W", "y", "M178 42 L152 86"),
    ("y", "u", "M158 100 H232"),
    ("u", "v", "M268 100 H342"),
    ("W", "v", "M207 33 L344 92"),
    ("u", "v", "M256 117 Q305 165 354 117"),
    ("v", "L", "M378 100 H442"),
];

#[component]
fn Graph(lab: RwSignal<BackpropLab>, question: Memo<Question8>, answers: Memo<Answers>) -> impl IntoView {
    let step = Memo::new(move |_| question.read().step);
    let current = move || step.get().checked_sub(1).and_then(|index| STEPS.get(index));
    let go = move |to: usize| change(lab, |question| question.step = to.min(STEPS.len()));
    let node = move |(name, x, y): (&'static str, f64, f64)| {
        let is_here = move || current().is_some_and(|step| step.node == name);
        let is_back = move || current().is_some_and(|step| step.is_backward && step.node == name);
        view! {
            <g class="node" class:here=is_here class:back=is_back>
                <circle cx=x cy=y r="17"></circle>
                <text x=x y=y + 5.0>{name}</text>
            </g>
        }
    };
    let arrow = |name: &'static str| {
        view! {
            <marker id=name viewBox="0 0 8 8" refX="7" refY="4" markerWidth="9" markerHeight="9" markerUnits="userSpaceOnUse" orient="auto-start-reverse">
                <path d="M0 0 L8 4 L0 8 z"></path>
            </marker>
        }
    };
    let edge = move |(from, to, path): (&'static str, &'static str, &'static str)| {
        let is_here =
            move || current().is_some_and(|step| if step.is_backward { step.node == from } else { step.node == to });
        let is_back = move || is_here() && current().is_some_and(|step| step.is_backward);
        view! { <path d=path class="edge" class:here=is_here class:back=is_back></path> }
    };
    let result = Signal::derive(move || {
        let index = step.get().saturating_sub(1);
        let name = STEPS[index].formula.split(" = ").next().unwrap_or_default();
        let values = answers.read().result_of(index);
        // A vector lies down, to take less room.
        let values = if STEPS[index].size == Size::Vector {
            values.reversed_axes().as_standard_layout().to_owned()
        } else {
            values
        };
        Table::new(name, values)
    });
    let row = move |index: usize| {
        let entry = STEPS[index];
        let value = move || {
            let values = answers.read().result_of(index);
            let d = question.read().dimension();
            let shape = match entry.size {
                Size::Number => "number".to_owned(),
                Size::Vector => d.to_string(),
                Size::Matrix => format!("{d} × {d}"),
            };
            let text = if entry.size != Size::Matrix && values.len() <= EDITABLE {
                values.iter().map(|value| cell(*value)).collect::<Vec<_>>().join(", ")
            } else {
                String::new()
            };
            (shape, text)
        };
        let is_shown = move || index < step.get();
        view! {
            <tr class:faint=move || !is_shown() class:here=move || index + 1 == step.get() class:back=entry.is_backward>
                <td>{entry.formula}<span class="reason">{entry.reason}</span></td>
                <td>{move || value().0}</td>
                <td data-testid=format!("step-{index}")>{move || is_shown().then(|| value().1)}</td>
            </tr>
        }
    };
    view! {
        <div class="graph-head">
            <svg class="graph" viewBox="0 0 500 150" role="img" aria-label="Computation graph: x and W give y, y gives u, u and W give v, v gives L">
                <defs>
                    {ARROWS.map(arrow).collect_view()}
                </defs>
                {EDGES.map(edge).collect_view()} {NODES.map(node).collect_view()}
            </svg>
            <div class="row buttons">
                <button type="button" data-testid="step-back" disabled=move || step.get() == 0 on:click=move |_| go(step.get_untracked() - 1)>"Back"</button>
                <button type="button" class="primary" data-testid="step-next" disabled=move || step.get() == STEPS.len() on:click=move |_| go(step.get_untracked() + 1)>
                    "Next"
                </button>
                <button type="button" class="quiet" data-testid="step-none" on:click=move |_| go(0)>"From the start"</button>
                <button type="button" class="quiet" data-testid="step-all" on:click=move |_| go(STEPS.len())>"All"</button>
                <Answer testid="step" value=Signal::derive(move || step.get().to_string())>
                    <span class="aside">{move || format!("step {} of {}", step.get(), STEPS.len())}</span>
                </Answer>
            </div>
        </div>
        <div class="scroll tall" tabindex="0" role="region" aria-label="Steps">
            <table class="steps">
                <thead><tr><th scope="col">"step"</th><th scope="col">"shape"</th><th scope="col">"value"</th></tr></thead>
                <tbody>{(0..STEPS.len()).map(row).collect_view()}</tbody>
            </table>
        </div>
        <div class="step-result" class:hidden=move || step.get() == 0><Matrix testid="step-result".into() table=result/></div>
    }
}

#[component]
fn Tables(lab: RwSignal<BackpropLab>, question: Memo<Question8>, answers: Memo<Answers>) -> impl IntoView {
    let chosen = Memo::new(move |_| question.read().entry);
    let choose = Callback::new(move |entry: (usize, usize)| change(lab, |question| question.entry = entry));
    let matrix = move |index: usize, testid: &str| {
        let table = Signal::derive(move || answers.read().tables().swap_remove(index));
        view! { <Matrix testid=testid.into() table chosen=Signal::from(chosen) choose/> }
    };
    view! {
        <h2>"∂L/∂W: the formula’s two terms, and three ways to the sum"</h2>
        <div class="matrices">
            {matrix(0, "table-outer")} <span class="operator">"+"</span> {matrix(1, "table-masked")} <span class="operator">"="</span>
            {matrix(2, "table-closed")}
        </div>
        <div class="matrices">{matrix(3, "table-reverse")} {matrix(4, "table-differences")}</div>
        <TableExports tables=move || answers.read_untracked().tables() file="piecewise-question-8"/>
    }
}

#[component]
fn Comparisons(answers: Memo<Answers>) -> impl IntoView {
    let worst = Signal::derive(move || answers.read().comparisons[2].absolute.to_string());
    let all = move || {
        let row = |c: &Comparison| json!({ "name": c.name, "entries": c.entries, "absolute": c.absolute, "relative": c.relative, "at": [c.at.0, c.at.1] });
        json!(answers.read().comparisons.iter().map(row).collect::<Vec<_>>()).to_string()
    };
    let line = move |index: usize| {
        let of = move || answers.read().comparisons[index].clone();
        let total = move || answers.read().w.len();
        let text = move || {
            let comparison = of();
            let place = if comparison.absolute == 0.0 {
                String::new()
            } else {
                format!(" at row {}, column {}", comparison.at.0 + 1, comparison.at.1 + 1)
            };
            format!("{}{place}", scientific(comparison.absolute))
        };
        let detail = move || {
            let comparison = of();
            let entries = if comparison.entries == total() {
                format!("all {} entries", count(total()))
            } else {
                format!("{} of {} entries, drawn from the seed", count(comparison.entries), count(total()))
            };
            format!("largest relative error {}; {entries}", scientific(comparison.relative))
        };
        view! {
            <dt>{move || of().name}</dt>
            <dd><b>{text}</b><br/><span class="aside">{detail}</span></dd>
        }
    };
    let zeros = move || {
        let sentences = at_zero(&answers.read().signs.zeros);
        (!sentences.is_empty()).then(|| view! { <p class="warning" data-testid="zero-note">{sentences.join(" ")}</p> })
    };
    view! {
        <h2>"Largest differences"</h2>
        <dl class="compact" data-testid="comparisons" data-value=all>{(0..3).map(line).collect_view()}</dl>
        <p class="note">
            <Answer testid="grad-max-error" value=worst>
                "Relative error of a and b: |a − b| / max(|a|, |b|), as in the notes of Stanford’s CS231n."
            </Answer>
        </p>
        {zeros}
    }
}

#[component]
fn Entry(lab: RwSignal<BackpropLab>, question: Memo<Question8>, answers: Memo<Answers>) -> impl IntoView {
    type Entry = (usize, usize);
    let index = move |name: &'static str, get: fn(Entry) -> usize, with: fn(Entry, usize) -> Entry| {
        view! {
            <input
                type="number"
                class="index"
                id=name
                data-testid=name
                min="1"
                max=move || question.read().dimension()
                prop:value=move || (get(question.read().entry) + 1).to_string()
                on:change:target=move |event| {
                    if let Ok(typed) = event.target().value().parse::<usize>() {
                        change(lab, |question| {
                            let index = typed.clamp(1, question.dimension()) - 1;
                            question.entry = with(question.entry, index);
                        });
                    }
                }
            />
        }
    };
    let place = move || {
        let (i, j) = question.read().entry;
        format!("∂L/∂W at row i = {}, column j = {}", i + 1, j + 1)
    };
    let sum = Signal::derive(move || answers.read().terms.iter().map(|term| term.product()).sum::<f64>().to_string());
    let rows = move || {
        let answers = answers.read();
        let (i, _) = question.read().entry;
        let shown = answers.terms.len().min(EDITABLE);
        // Of many, the row that counts most is always among those shown.
        let first = if i < shown { 0 } else { i + 1 - shown };
        let row = |m: usize| {
            let term = answers.terms[m];
            let killed = move |value: f64| {
                if m == i {
                    view! { <td>{cell(value)}</td> }.into_any()
                } else {
                    view! { <td class="killed" title="δ = 0, as m ≠ i">"0"</td> }.into_any()
                }
            };
            view! {
                <tr class:chosen=m == i>
                    <td>{m + 1}</td>
                    <td>{cell(term.v)}</td>
                    {killed(term.through_u)}
                    {killed(term.direct)}
                    <td>{cell(term.through_wu)}</td>
                    <td>{cell(term.product())}</td>
                </tr>
            }
        };
        (first..first + shown).map(row).collect_view()
    };
    let left_out = move || {
        let terms = answers.read().terms.len();
        (terms > EDITABLE).then(|| format!("{EDITABLE} of {terms} rows shown; the sum is over all. "))
    };
    view! {
        <h2 data-testid="entry-place">{place}</h2>
        <div class="row">
            <label for="entry-row">"Row i"</label>
            {index("entry-row", |entry| entry.0, |entry, i| (i, entry.1))}
            <label for="entry-column">"Column j"</label>
            {index("entry-column", |entry| entry.1, |entry, j| (entry.0, j))}
        </div>
        <p class="formula-line">"Σₘ vₘ · (∂uₘ + δᵢₘ uⱼ + Σₗ Wₘₗ ∂uₗ) with ∂uₗ = δₗᵢ Θ(yᵢ) xⱼ"</p>
        <div class="scroll" data-testid="chain-rule" tabindex="0" role="region" aria-label="Chain rule, term by term">
            <table class="small">
                <thead>
                    <tr>
                        <th scope="col">"m"</th>
                        <th scope="col">"vₘ"</th>
                        <th scope="col">"∂uₘ"</th>
                        <th scope="col">"δᵢₘ uⱼ"</th>
                        <th scope="col">"Σ Wₘₗ∂uₗ"</th>
                        <th scope="col">"product"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        <p>
            <Answer testid="entry-sum" value=sum><b>{move || format!("Sum: {}", sum.get().parse().map_or_else(|_| String::new(), |sum| significant(sum, 6)))}</b></Answer>
        </p>
        <p class="note">
            {left_out}
            "Grey zeros are what the Kronecker deltas kill. The problem sheet prints δᵢₘ xⱼ for the middle part; the derivative of (W u)ₘ is δᵢₘ uⱼ, as the result’s v ⊗ u confirms."
        </p>
    }
}

#[component]
fn EpsPlot(question: Memo<Question8>) -> impl IntoView {
    let points = RwSignal::new(Vec::<EpsPoint>::new());
    let notebook = RwSignal::new(None::<EpsPoint>);
    let generation = StoredValue::new(0_u32);
    Effect::new(move || {
        let sweep = question.read().sweep();
        let mine = generation.get_value().wrapping_add(1);
        generation.set_value(mine);
        notebook.set(Some(sweep.point(NOTEBOOK_EPS)));
        work(sweep, mine, generation, points);
    });
    let chart = Memo::new(move |_| {
        let points = points.read();
        let line = |get: fn(&EpsPoint) -> f64| points.iter().map(|point| (point.eps, get(point))).collect::<Vec<_>>();
        EpsChart {
            entry: [line(|point| point.entry[0]), line(|point| point.entry[1])],
            largest: [line(|point| point.largest[0]), line(|point| point.largest[1])],
            mark: notebook.get().map(|point| (point.eps, point.entry[0])),
        }
    });
    let sentence = move || {
        let question = question.read();
        error_against_eps(&question.signs().zeros, question.theta_zero, notebook.read().as_ref(), &points.read())
    };
    let hover = move |x: f64| {
        points.with_untracked(|points| {
            let distance = |point: &EpsPoint| (point.eps.log10() - x).abs();
            let point = points.iter().min_by(|a, b| distance(a).total_cmp(&distance(b)))?;
            let row = |name, index: usize| Row {
                entry: Some(index),
                name,
                values: vec![scientific(point.largest[index]), scientific(point.entry[index])],
            };
            let note = Readout {
                title: format!("ε = {}", scientific(point.eps)),
                columns: vec!["largest", "chosen"],
                rows: vec![row("f32".into(), 0), row("f64".into(), 1)],
            };
            Some(Hover { at: (point.eps.log10(), point.largest[1].log10()), note })
        })
    };
    let csv = move || {
        let mut csv = String::from("eps,entry_f32,entry_f64,largest_f32,largest_f64\n");
        for point in points.read_untracked().iter() {
            let EpsPoint { eps, entry, largest } = point;
            csv += &format!("{eps:e},{:e},{:e},{:e},{:e}\n", entry[0], entry[1], largest[0], largest[1]);
        }
        csv
    };
    let marked = Signal::derive(move || notebook.get().map(|point| point.entry[0].to_string()).unwrap_or_default());
    let all = move || {
        let row = |p: &EpsPoint| json!({ "eps": p.eps, "entry": p.entry, "largest": p.largest });
        json!(points.read().iter().map(row).collect::<Vec<_>>()).to_string()
    };
    view! {
        <h2>"Error against ε"</h2>
        <p data-testid="eps-points" data-value=all><Answer testid="notebook-error" value=marked>{sentence}</Answer></p>
        <Plot testid="plot-eps" label=Signal::derive(sentence) chart hover csv file="piecewise-eps"/>
    }
}

/// Computes in slices, so that the page stays smooth, until done or overtaken by a newer question.
fn work(mut sweep: Sweep, mine: u32, generation: StoredValue<u32>, points: RwSignal<Vec<EpsPoint>>) {
    let clock = || window().performance().map_or(0.0, |clock| clock.now());
    let end = clock() + SLICE_MS;
    let mut is_done = false;
    while !is_done && clock() < end {
        is_done = sweep.advance();
    }
    if generation.try_get_value() != Some(mine) {
        return;
    }
    if is_done {
        points.try_set(sweep.points);
    } else {
        set_timeout(move || work(sweep, mine, generation, points), Duration::ZERO);
    }
}
