//! Any boolean function as a network: type it, or edit its table.

use leptos::prelude::*;
use serde_json::json;

use super::Head;
use crate::labs::code::{Exported, equations, output_name};
use crate::labs::gates::GatesLab;
use crate::labs::gates::boolean::{BooleanLab, Compiled};
use crate::labs::numbers::{counted, exact, subscript};
use crate::piecewise::boolean::{Encoding, Form, Formula, ParseError};
use crate::web::components::{Answer, CopyNet, Tools};
use crate::web::state::use_labs;

#[component]
pub(super) fn BooleanPage() -> impl IntoView {
    let lab = use_labs().gates;
    let state = Memo::new(move |_| lab.read().boolean.clone());
    let result = Memo::new(move |_| state.read().compiled());
    // The last function that could be read stays on screen while a new one is typed.
    let compiled = Memo::new(move |before: Option<&Option<Compiled>>| match &*result.read() {
        Ok(compiled) => Some(compiled.clone()),
        Err(_) => before.cloned().flatten(),
    });
    let is_stale = Memo::new(move |_| result.read().is_err());
    let stale = move || {
        let compiled = compiled.read();
        let before = compiled.as_ref().filter(|_| is_stale.get())?;
        let sentence = format!("Still shown: {}, the last expression that could be read.", before.formula.reading);
        Some(view! { <p class="warning" data-testid="stale">{sentence}</p> })
    };
    view! {
        <div class="lab">
            <section class="controls" aria-label="Function">
                <Head lead="NAND is a ReLU network, and every boolean function is a circuit of NANDs. So a ReLU network can be any of them."/>
                <Controls lab state result/>
            </section>
            <section class="picture flowing" aria-label="Network" class:stale=is_stale>
                {stale}
                {move || match compiled.get() {
                    Some(compiled) => view! { <Network state compiled/> }.into_any(),
                    // Only a link can begin with an expression that cannot be read.
                    None => view! { <p class="empty-note" data-testid="no-network">"The network stands here as soon as the expression can be read."</p> }.into_any(),
                }}
            </section>
            <section class="answers" aria-label="Answers" class:stale=is_stale>
                {move || compiled.get().map(|compiled| view! { <TruthTable lab state compiled/> })}
            </section>
        </div>
    }
}

fn change(lab: RwSignal<GatesLab>, act: impl FnOnce(&mut BooleanLab)) {
    lab.update(|lab| act(&mut lab.boolean));
}

#[component]
fn Controls(
    lab: RwSignal<GatesLab>,
    state: Memo<BooleanLab>,
    result: Memo<Result<Compiled, ParseError>>,
) -> impl IntoView {
    let labs = use_labs();
    let error = move || {
        let result = result.read();
        let error = result.as_ref().err()?;
        let text = state.read().text.clone();
        let characters: Vec<char> = text.chars().collect();
        let part = |range: std::ops::Range<usize>| characters.get(range).unwrap_or_default().iter().collect::<String>();
        let at = error.at.min(characters.len());
        let marked = if at < characters.len() { part(at..at + 1) } else { " ".into() };
        Some(view! {
            <p class="error" role="alert" data-testid="error" data-value=at>
                <code class="pointed">{part(0..at)}<mark>{marked}</mark>{part(at.min(characters.len() - usize::from(at == characters.len() && at > 0)) + 1..characters.len())}</code>
                {error.message.clone()}
            </p>
        })
    };
    let reading = move || {
        let result = result.read();
        let reading = format!("Read as {}.", result.as_ref().ok()?.formula.reading);
        Some(view! { <p class="note" data-testid="reading">{reading}</p> })
    };
    let form = move || if state.read().form == Form::Compact { "compact" } else { "nand" };
    let encoding = move || if state.read().encoding == Encoding::Bits { "bits" } else { "signs" };
    view! {
        <Tools
            state=Memo::new(move |_| state.read().content())
            history=labs.boolean_history
            set=move |content| change(lab, |lab| *lab = content)
            start=BooleanLab::default
            start_title="Back to the function that the page starts with"
            path="gates"
            link=move || lab.read_untracked().encode()
        />
        <label for="gate-expression" class="block">"Expression"</label>
        <input
            type="text"
            class="wide"
            id="gate-expression"
            data-testid="gate-expression"
            autocomplete="off"
            spellcheck="false"
            aria-invalid=move || result.read().is_err().then_some("true")
            prop:value=move || state.read().text.clone()
            on:input:target=move |event| change(lab, |lab| lab.set_text(event.target().value()))
        />
        {error}
        {reading}
        <p class="note">
            {move || {
                if state.read().is_edited() {
                    "The table was edited. It counts now, until the expression is changed."
                } else {
                    "Up to 6 variables; not, and, or, xor, nand, nor, implies, iff, parentheses, the usual symbols, or functions such as xor(a, b)."
                }
            }}
        </p>
        <div class="row">
            <label for="form">"Network"</label>
            <select
                id="form"
                data-testid="form"
                prop:value=form
                on:change:target=move |event| {
                    let form = if event.target().value() == "nand" { Form::Nand } else { Form::Compact };
                    change(lab, |lab| lab.form = form);
                }
            >
                <option value="compact" selected=move || form() == "compact">"One hidden layer"</option>
                <option value="nand" selected=move || form() == "nand">"Circuit of NANDs"</option>
            </select>
        </div>
        <div class="row">
            <label for="encoding">"Inputs"</label>
            <select
                id="encoding"
                data-testid="encoding"
                prop:value=encoding
                on:change:target=move |event| {
                    let encoding = if event.target().value() == "signs" { Encoding::Signs } else { Encoding::Bits };
                    change(lab, |lab| lab.encoding = encoding);
                }
            >
                <option value="bits" selected=move || encoding() == "bits">"0 and 1"</option>
                <option value="signs" selected=move || encoding() == "signs">"−1 and 1"</option>
            </select>
        </div>
        <p class="note">
            "On bits, a nand b = 1 − relu(a + b − 1), and relu passes a bit on unchanged. An output above 0 means true; the constant −½ puts 0 and 1 on either side."
        </p>
    }
}

#[component]
fn Network(state: Memo<BooleanLab>, compiled: Compiled) -> impl IntoView {
    let widths = compiled.net.hidden_widths();
    let numbers: usize = compiled
        .net
        .layers()
        .iter()
        .map(|layer| layer.bias.len() * (layer.weights.first().map_or(0, Vec::len) + 1))
        .sum();
    let summary = format!(
        "{}, hidden {} {}, {}",
        counted(compiled.net.layers().len(), "layer"),
        if widths.len() == 1 { "width" } else { "widths" },
        widths.iter().map(usize::to_string).collect::<Vec<_>>().join(", "),
        counted(numbers, "number")
    );
    let json = json!({ "layers": compiled.net.layers().len(), "widths": widths }).to_string();
    let network = Signal::stored(Exported::new(&compiled.net, compiled.formula.variables.clone()));
    let matrices = compiled.net.layers().iter().enumerate().map(matrix).collect::<Vec<_>>();
    let formula: Vec<_> = equations(&compiled.net, &compiled.formula.variables)
        .into_iter()
        .map(|line| view! { <li>{line}</li> })
        .collect();
    let graph = StoredValue::new(compiled);
    view! {
        <p data-testid="network-shape" data-value=json><b>{summary}</b></p>
        {move || graph.with_value(|compiled| graph_view(compiled, state.read().row, state.read().encoding))}
        <h2>"As a formula"</h2>
        <ul class="equations scroll" data-testid="equations">{formula}</ul>
        <h2>"As matrices"</h2>
        <div class="scroll net-matrices" tabindex="0" role="region" aria-label="Weights">{matrices}</div>
        <CopyNet network/>
    }
}

fn matrix((index, layer): (usize, &crate::piecewise::Layer)) -> impl IntoView + use<> {
    let row = |(weights, bias): (&Vec<crate::piecewise::Rational>, &crate::piecewise::Rational)| {
        let cells: Vec<_> = weights.iter().map(|weight| view! { <td>{exact(weight)}</td> }).collect();
        view! { <tr>{cells}<td class="bias">{exact(bias)}</td></tr> }
    };
    let rows: Vec<_> = layer.weights.iter().zip(&layer.bias).map(row).collect();
    view! {
        <figure class="matrix-view">
            <figcaption>{format!("W{0} | b{0}", subscript(index + 1))} <span class="shape">{format!("{} × {}", layer.bias.len(), layer.weights.first().map_or(0, Vec::len))}</span></figcaption>
            <table class="matrix-numbers"><tbody>{rows}</tbody></table>
        </figure>
    }
}

/// The network with every neuron's output at a row of the table.
fn graph_view(compiled: &Compiled, row: usize, encoding: Encoding) -> impl IntoView + use<> {
    const COLUMN: f64 = 130.0;
    const LINE: f64 = 44.0;
    let values = compiled.values_at(row, encoding);
    let tallest = values.iter().map(Vec::len).max().unwrap_or(1);
    let (width, height) = (COLUMN * values.len() as f64, LINE * tallest as f64 + 10.0);
    let place = |layer: usize, index: usize, count: usize| {
        (COLUMN * (layer as f64 + 0.5), height * (index as f64 + 0.5) / count as f64)
    };
    let mut edges = Vec::new();
    for (layer, weights) in compiled.net.layers().iter().enumerate() {
        for (to, line) in weights.weights.iter().enumerate() {
            for (from, weight) in line.iter().enumerate().filter(|(_, weight)| **weight != Default::default()) {
                let (x1, y1) = place(layer, from, line.len());
                let (x2, y2) = place(layer + 1, to, weights.bias.len());
                let class = if *weight > Default::default() { "edge plus" } else { "edge minus" };
                edges.push(view! { <line x1=x1 + 24.0 y1=y1 x2=x2 - 24.0 y2=y2 class=class></line> });
            }
        }
    }
    let mut nodes = Vec::new();
    for (layer, outputs) in values.iter().enumerate() {
        for (index, value) in outputs.iter().enumerate() {
            let (x, y) = place(layer, index, outputs.len());
            let name = if layer == 0 {
                compiled.formula.variables[index].clone()
            } else if layer + 1 == values.len() {
                output_name(&compiled.formula.variables).into()
            } else {
                String::new()
            };
            let name_x = if layer == 0 { x - 36.0 } else { x + 32.0 };
            let is_live = *value > Default::default();
            nodes.push(view! {
                <g class="node" class:live=is_live>
                    <circle cx=x cy=y r="19"></circle>
                    <text x=x y=y + 5.0>{exact(value)}</text>
                    <text class="name" x=name_x y=y + 5.0>{name}</text>
                </g>
            });
        }
    }
    view! {
        <div class="scroll tall" tabindex="0" role="region" aria-label="Diagram">
            <svg class="graph net" viewBox=format!("0 -16 {width} {}", height + 16.0) style=format!("min-width:{}px;max-width:{width}px", width * 0.6) role="img" aria-label="The network with every neuron’s output at the chosen row">
                {edges} {nodes}
            </svg>
        </div>
    }
}

#[component]
fn TruthTable(lab: RwSignal<GatesLab>, state: Memo<BooleanLab>, compiled: Compiled) -> impl IntoView {
    let Compiled { formula, table, wrong, net } = compiled;
    let count = formula.variables.len();
    let output = output_name(&formula.variables);
    let verdict = if wrong.is_empty() { "proved" } else { "refuted" };
    let sentence = if wrong.is_empty() {
        format!("All {} are right: {output} > 0 where true, {output} < 0 where false.", counted(table.len(), "row"))
    } else {
        format!("{} of {} are wrong.", wrong.len(), counted(table.len(), "row"))
    };
    let json = json!(table.iter().map(|&value| u8::from(value)).collect::<Vec<_>>()).to_string();
    let is_low = state.get_untracked().encoding == Encoding::Bits;
    let values = table.clone();
    let row = move |index: usize| {
        let bits = Formula::row_values(count, index);
        let x: Vec<_> = bits
            .iter()
            .map(|&bit| {
                crate::piecewise::Rational::from_integer(
                    if bit {
                        1
                    } else if is_low {
                        0
                    } else {
                        -1
                    }
                    .into(),
                )
            })
            .collect();
        let f = net.eval_at(&x);
        let cells: Vec<_> = x.iter().map(|value| view! { <td>{exact(value)}</td> }).collect();
        let is_chosen = move || state.read().row == index;
        let value = values[index];
        view! {
            <tr class:chosen=is_chosen>
                {cells}
                <td>
                    <button
                        type="button"
                        class="quiet flip"
                        data-testid=format!("truth-{index}")
                        aria-label=format!("{}: value of row {}, turn over", u8::from(value), index + 1)
                        on:click=move |_| change(lab, |lab| lab.flip(index))
                    >
                        {if value { "1" } else { "0" }}
                    </button>
                </td>
                <td>{exact(&f)}</td>
                <td>
                    <button type="button" class="quiet" data-testid=format!("row-{index}") aria-pressed=move || is_chosen().to_string() on:click=move |_| change(lab, |lab| lab.row = index)>
                        "show"
                    </button>
                </td>
            </tr>
        }
    };
    let names: Vec<_> = formula.variables.iter().map(|name| view! { <th scope="col">{name.clone()}</th> }).collect();
    view! {
        <h2>"Truth table"</h2>
        <p class="status"><Answer testid="boolean-verdict" value=Signal::stored(verdict.to_owned())><b>{sentence}</b></Answer></p>
        <div class="scroll tall" data-testid="truth-table" data-value=json tabindex="0" role="region" aria-label="Truth table">
            <table class="small truth">
                <thead>
                    <tr>{names}<th scope="col">"wanted"</th><th scope="col">{output}</th><th scope="col">"neurons"</th></tr>
                </thead>
                <tbody>{(0..table.len()).map(row).collect_view()}</tbody>
            </table>
        </div>
        <p class="note">"Click a wanted value to turn it over. The network is then made anew, and every row is checked exactly."</p>
    }
}
