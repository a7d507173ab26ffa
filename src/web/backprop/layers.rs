//! Question 10: each layer's gradients, derived and measured, with mistakes to catch.

use leptos::prelude::*;
use serde_json::json;

use super::network::Network;
use super::{Head, TableExports};
use crate::labs::backprop::BackpropLab;
use crate::labs::backprop::challenges::{CHALLENGES, solved_now};
use crate::labs::backprop::layers::{
    Checked, EPS, LayerLab, Report, SIZE, Subject, TOLERANCE, error_of, mistake_formula, mistake_title, mistake_word,
};
use crate::labs::backprop::table::Table;
use crate::labs::numbers::scientific;
use crate::nn::faulty::Mistake;
use crate::web::browser;
use crate::web::components::{Answer, Challenges, Matrix, Tools};
use crate::web::state::use_labs;

#[component]
pub(super) fn LayersPage() -> impl IntoView {
    let lab = use_labs().backprop;
    let layers = Memo::new(move |_| lab.read().layers.clone());
    let report = Memo::new(move |_| layers.read().report());
    let answers = Memo::new(move |_| lab.read().question8.answers());
    let solved = Signal::derive(move || {
        solved_now(&lab.read().question8, &answers.read(), &layers.read(), &report.read()).to_vec()
    });
    view! {
        <div class="lab">
            <section class="controls" aria-label="Layer">
                <Head lead="Each layer’s backward pass is checked entry by entry. Plant a mistake and see what a failed check looks like."/>
                <Controls lab layers/>
            </section>
            <section class="picture flowing" aria-label="Tables">
                <Network report/>
                <Tables report/>
            </section>
            <section class="answers" aria-label="Answers">
                <Verdict layers report/>
                <Challenges list=&CHALLENGES now=solved/>
            </section>
        </div>
    }
}

fn change(lab: RwSignal<BackpropLab>, act: impl FnOnce(&mut LayerLab)) {
    lab.update(|lab| act(&mut lab.layers));
}

fn mistake_of(word: &str) -> Mistake {
    Mistake::ALL.into_iter().find(|&mistake| mistake_word(mistake) == word).unwrap_or_default()
}

#[component]
fn Controls(lab: RwSignal<BackpropLab>, layers: Memo<LayerLab>) -> impl IntoView {
    let subject = Memo::new(move |_| layers.read().subject);
    let is_hidden = Memo::new(move |_| layers.read().mystery.is_some());
    let mistakes = move || {
        let subject = subject.get();
        let chosen = layers.read_untracked().mistake;
        Mistake::ALL
            .into_iter()
            .filter(|&mistake| subject.allows(mistake))
            .map(|mistake| view! { <option value=mistake_word(mistake) selected=mistake == chosen>{mistake_title(mistake)}</option> })
            .collect_view()
    };
    let guess = move || {
        is_hidden.get().then(|| {
            view! {
                <div class="row">
                    <label for="guess">"It is"</label>
                    <select
                        id="guess"
                        data-testid="guess"
                        prop:value=move || mistake_word(layers.read().guess)
                        on:change:target=move |event| change(lab, |layers| layers.guess = mistake_of(&event.target().value()))
                    >
                        <option value="none">"…"</option>
                        {Mistake::ALL[1..].iter().map(|&mistake| view! { <option value=mistake_word(mistake)>{mistake_title(mistake)}</option> }).collect_view()}
                    </select>
                </div>
                <p>
                    <Answer testid="guess-verdict" value=Signal::derive(move || if layers.read().is_found() { "right" } else { "open" }.to_owned())>
                        {move || match layers.read() {
                            found if found.is_found() => "Right, that is the mistake.",
                            open if open.guess == Mistake::None => "A mistake is hidden in the whole network. Which one?",
                            _ => "No, that one would look different.",
                        }}
                    </Answer>
                </p>
            }
        })
    };
    view! {
        <Tools
            state=layers
            history=use_labs().layers_history
            set=move |content| change(lab, |layers| *layers = content)
            start=LayerLab::default
            start_title="Back to the layer that the page starts with"
            path="backprop"
            link=move || lab.read_untracked().encode()
        />
        <div class="row">
            <label for="layer">"Layer"</label>
            <select
                id="layer"
                data-testid="layer"
                prop:value=move || subject.get().word()
                on:change:target=move |event| {
                    let word = event.target().value();
                    if let Some(subject) = Subject::ALL.into_iter().find(|subject| subject.word() == word) {
                        change(lab, |layers| {
                            layers.subject = subject;
                            layers.mistake = Mistake::None;
                            layers.mystery = None;
                        });
                    }
                }
            >
                {Subject::ALL
                    .map(|choice| view! { <option value=choice.word() selected=move || subject.get() == choice>{choice.title()}</option> })
                    .collect_view()}
            </select>
        </div>
        <div class="row">
            <label for="mistake">"Mistake"</label>
            <select
                id="mistake"
                data-testid="mistake"
                disabled=move || is_hidden.get()
                prop:value=move || mistake_word(layers.read().mistake)
                on:change:target=move |event| change(lab, |layers| layers.mistake = mistake_of(&event.target().value()))
            >
                {mistakes}
            </select>
        </div>
        <p class="aside" data-testid="mistake-formula">
            {move || if is_hidden.get() { "One of them, somewhere in the whole network." } else { mistake_formula(layers.read().mistake) }}
        </p>
        <div class="row">
            <button type="button" data-testid="layer-seed-new" on:click=move |_| change(lab, |layers| layers.seed = browser::fresh_seed())>
                "New numbers"
            </button>
            <button type="button" data-testid="hide-mistake" on:click=move |_| change(lab, |layers| layers.hide_mistake(browser::fresh_seed()))>
                "Hide a mistake"
            </button>
        </div>
        {guess}
        <p class="note">
            {format!(
                "Batch, inputs and outputs are all {SIZE}, on purpose: a missing transpose or a wrong axis then has the right shape, and only a check can find it.",
            )}
        </p>
    }
}

#[component]
fn Tables(report: Memo<Report>) -> impl IntoView {
    let plain = |table: &Table| {
        let table = table.clone();
        view! { <Matrix testid=format!("given-{}", table.name) table=Signal::stored(table)/> }
    };
    let pair = |checked: &Checked| {
        let Checked { derived, measured, .. } = checked.clone();
        let values = derived.values.clone();
        let against = measured.clone();
        let wrong = Callback::new(move |at: (usize, usize)| error_of(values[at], against[at]) > TOLERANCE);
        let name = derived.name.clone();
        let title = if checked.wrong == 0 { "agrees".to_owned() } else { format!("{} wrong", checked.wrong) };
        view! {
            <div class="checked" class:failed=checked.wrong != 0>
                <p class="verdict">{title}</p>
                <div class="matrices">
                    <Matrix testid=format!("derived-{name}") table=Signal::stored(derived) wrong/>
                    <Matrix testid=format!("measured-{name}") table=Signal::stored(Table::new("measured", measured))/>
                </div>
            </div>
        }
    };
    view! {
        <h2>"Forward"</h2>
        <div class="matrices">
            {move || report.read().given.iter().map(plain).collect_view()} {move || plain(&report.read().output)}
        </div>
        <h2>"Backward, derived and measured"</h2>
        <div class="pairs">{move || report.read().checked.iter().map(pair).collect_view()}</div>
        <TableExports tables=move || report.read_untracked().tables() file="piecewise-layers"/>
    }
}

#[component]
fn Verdict(layers: Memo<LayerLab>, report: Memo<Report>) -> impl IntoView {
    let is_right = move || report.read().is_right();
    let value = Signal::derive(move || if is_right() { "right" } else { "wrong" }.to_owned());
    let worst = Signal::derive(move || {
        report.read().checked.iter().map(|checked| checked.worst.0).fold(0.0, f64::max).to_string()
    });
    let headline = move || report.read().in_words(layers.read().subject.title());
    let rows = move || {
        let row = |checked: &Checked| {
            let (error, (i, j)) = checked.worst;
            view! {
                <tr class:wrong=checked.wrong != 0>
                    <td>{checked.derived.name.clone()}</td>
                    <td>{format!("{} of {}", checked.wrong, checked.derived.values.len())}</td>
                    <td>{scientific(error)}</td>
                    <td>{format!("{}, {}", i + 1, j + 1)}</td>
                </tr>
            }
        };
        report.read().checked.iter().map(row).collect_view()
    };
    let json = move || {
        let row = |checked: &Checked| json!({ "name": checked.derived.name, "wrong": checked.wrong, "worst": checked.worst.0 });
        json!(report.read().checked.iter().map(row).collect::<Vec<_>>()).to_string()
    };
    view! {
        <h2>"Gradient check"</h2>
        <p class="status"><Answer testid="layer-verdict" value><b>{headline}</b></Answer></p>
        <div class="scroll" data-testid="layer-checks" data-value=json tabindex="0" role="region" aria-label="Checks by layer">
            <table>
                <thead>
                    <tr>
                        <th scope="col">"gradient"</th>
                        <th scope="col">"wrong"</th>
                        <th scope="col">"largest error"</th>
                        <th scope="col">"at"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        <p class="note">
            <Answer testid="grad-max-error" value=worst>
                {format!("Relative error |a − b| / max(|a|, |b|) against central differences in f64 with ε = {EPS:.0e}; above {TOLERANCE:.0e} an entry counts as wrong.").replace("e-", "e−")}
            </Answer>
        </p>
    }
}
