//! The settings: points, network, descent.

use leptos::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};

use super::Here;
use crate::labs::numbers::count;
use crate::labs::plane::data::Shape;
use crate::labs::plane::presets::{Preset, presets};
use crate::labs::plane::{BATCHES, COUNTS, DECAYS, NOISES, OPTIMISERS, PlaneLab, RATES, VALIDATIONS, optimiser_word};
use crate::train::plane::{MAX_CLASSES, Moment, Optimiser};
use crate::web::components::{Note, Options, Select, Tools, number_options};
use crate::web::state::use_labs;

#[component]
pub(super) fn Controls(here: Here) -> impl IntoView {
    let labs = use_labs();
    let lab = here.lab;
    let change = move |act: &dyn Fn(&mut PlaneLab)| labs.plane.update(|lab| act(lab));
    let start = StoredValue::new(lab.get_untracked());
    let preset = move |preset: Preset| {
        let load = move |_| {
            start.set_value(preset.lab.clone());
            labs.plane.set(preset.lab.clone());
        };
        view! { <button type="button" class="quiet" data-testid=format!("preset-{}", preset.id) on:click=load>{preset.title}</button> }
    };
    let note = move || {
        let lab = lab.read();
        // Another seed is the same lesson.
        let is_it = |preset: &Preset| PlaneLab { seed: lab.seed, ..preset.lab.clone() } == *lab;
        presets().into_iter().find(is_it).map(|preset| preset.note.to_owned())
    };
    let shapes: Options<Shape> =
        Shape::ALL.map(|shape| (shape, shape.word().to_owned(), shape.title().to_owned())).into();
    let share = |numbers: &[u32]| -> Options<u32> {
        numbers.iter().map(|number| (*number, number.to_string(), format!("{number} %"))).collect()
    };
    let texts = |list: &[&'static str]| -> Options<&'static str> {
        list.iter().map(|text| (*text, (*text).to_owned(), (*text).to_owned())).collect()
    };
    let batches: Options<usize> = BATCHES
        .map(|batch| (batch, batch.to_string(), if batch == 0 { "all points".into() } else { batch.to_string() }))
        .into();
    let optimisers: Options<Optimiser> =
        OPTIMISERS.map(|(optimiser, title)| (optimiser, optimiser_word(optimiser).to_owned(), title.to_owned())).into();
    let shape = Memo::new(move |_| lab.read().recipe.shape);
    let problem = RwSignal::new(None::<String>);
    let set_hidden = move |text: String| {
        let mut result = Ok(());
        let mut changed = lab.get_untracked();
        if let Err(message) = changed.set_hidden(&text) {
            result = Err(message);
        } else {
            labs.plane.set(changed);
        }
        problem.set(result.err());
    };
    let of = move |get: fn(&PlaneLab) -> usize| Memo::new(move |_| get(&lab.read()));
    view! {
        <div class="presets" role="group" aria-label="Presets">{presets().into_iter().map(preset).collect_view()}</div>
        <Note testid="preset-note" all=presets().iter().map(|preset| preset.note).collect() now=Signal::derive(note) otherwise="Settings of your own. The presets are examples to start from."/>
        <Tools
            state=lab
            history=labs.plane_history
            set=move |state| labs.plane.set(state)
            start=move || start.get_value()
            start_title="Back to the settings that were loaded last"
            path="plane"
            link=move || {
                let shown = here.report.read_untracked();
                let moment = shown.as_ref().map(|report| Moment { step: report.step, weights: report.weights.clone() });
                lab.with_untracked(|lab| moment.map_or_else(|| lab.encode(), |moment| lab.encode_with(moment)))
            }
        />
        <div class="row"><Select testid="plane-data" label="Points" options=shapes value=shape set=move |shape| change(&|lab| lab.set_shape(shape))/></div>
        {move || {
            shape.get().has_classes().then(|| {
                view! { <div class="row"><Select testid="plane-classes" label="Classes" options=number_options(2..=MAX_CLASSES) value=of(|lab| lab.recipe.classes) set=move |classes| change(&|lab| lab.set_classes(classes))/></div> }
            })
        }}
        {move || {
            (shape.get() != Shape::Own).then(|| {
                view! {
                    <div class="row"><Select testid="plane-count" label="How many" options=number_options(COUNTS) value=of(|lab| lab.recipe.count) set=move |number| change(&|lab| lab.recipe.count = number)/></div>
                    <div class="row"><Select testid="plane-noise" label="Noise" options=share(&NOISES) value=Memo::new(move |_| lab.read().recipe.noise) set=move |noise| change(&|lab| lab.recipe.noise = noise)/></div>
                }
            })
        }}
        <div class="row"><Select testid="plane-validation" label="For validation" options=share(&VALIDATIONS) value=Memo::new(move |_| lab.read().recipe.validation) set=move |share| change(&|lab| lab.recipe.validation = share)/></div>
        <Seed testid="plane-draw" label="Points’ seed" value=Memo::new(move |_| lab.read().recipe.seed) set=move |seed| change(&|lab| lab.recipe.seed = seed)/>
        <PointsText here/>
        <h2>"Network"</h2>
        <div class="row">
            <label for="plane-layers">"Hidden widths"</label>
            <input type="text" inputmode="numeric" autocomplete="off" id="plane-layers" data-testid="plane-layers" aria-invalid=move || problem.read().is_some().then_some("true") prop:value=move || lab.read().hidden_text() on:change:target=move |event| set_hidden(event.target().value())/>
        </div>
        {move || problem.get().map(|message| view! { <p class="error" role="alert" data-testid="error">{message}</p> })}
        <p class="aside">{move || lab.with(|lab| {
            let widths: Vec<String> = [&[2], &lab.hidden[..], &[lab.recipe.class_count()]].concat().iter().map(usize::to_string).collect();
            format!("{}: {} parameters", widths.join("–"), count(lab.parameters()))
        })}</p>
        {move || {
            lab.with(|lab| lab.start().map(|start| start.step)).map(|step| {
                view! {
                    <p class="note">
                        {format!("It starts from weights of step {} that came with the link. ", count(step))}
                        <button type="button" class="quiet" data-testid="plane-fresh" on:click=move |_| change(&|lab| lab.start = None)>"Draw fresh ones"</button>
                    </p>
                }
            })
        }}
        <Seed testid="plane-seed" label="Weights’ seed" value=Memo::new(move |_| lab.read().seed) set=move |seed| change(&|lab| lab.seed = seed)/>
        <h2>"Descent"</h2>
        <div class="row"><Select testid="plane-optimiser" label="By" options=optimisers value=Memo::new(move |_| lab.read().optimiser) set=move |optimiser| change(&|lab| lab.optimiser = optimiser)/></div>
        <div class="row"><Select testid="plane-rate" label="Learning rate" options=texts(&RATES) value=Memo::new(move |_| lab.read().rate) set=move |rate| change(&|lab| lab.rate = rate)/></div>
        <div class="row"><Select testid="plane-decay" label="Weight decay λ" options=texts(&DECAYS) value=Memo::new(move |_| lab.read().decay) set=move |decay| change(&|lab| lab.decay = decay)/></div>
        <div class="row"><Select testid="plane-batch" label="Points a step" options=batches value=of(|lab| lab.batch) set=move |batch| change(&|lab| lab.batch = batch)/></div>
        <p class="note">"Any change begins a new run at its initial weights: He’s, with biases 0, so that at step 0 every line of the first layer goes through the origin. Trained in f32, in the worker."</p>
    }
}

/// The points as text, to be read, changed, pasted or loaded.
#[component]
fn PointsText(here: Here) -> impl IntoView {
    let labs = use_labs();
    let problem = RwSignal::new(None::<String>);
    let take = move |text: String| {
        let mut lab = here.lab.get_untracked();
        let result = lab.set_points_text(&text);
        if result.is_ok() {
            labs.plane.set(lab);
        }
        problem.set(result.err());
    };
    let load = move |file: web_sys::File| {
        spawn_local(async move {
            match JsFuture::from(file.text()).await.ok().and_then(|text| text.as_string()) {
                Some(text) => take(text),
                None => problem.set(Some(format!("“{}” could not be read. Choose it again.", file.name()))),
            }
        });
    };
    let text = Memo::new(move |_| here.lab.read().points_text());
    view! {
        <details>
            <summary>"Points as text"</summary>
            <textarea class="wide code" rows="6" spellcheck="false" data-testid="plane-points" aria-label="Points: a line each, x1, x2 and the class" prop:value=text on:change:target=move |event| take(event.target().value())></textarea>
            <label class="file">
                "Load a CSV file: "
                <input
                    type="file"
                    accept=".csv,.tsv,.txt,text/csv,text/plain"
                    data-testid="plane-file"
                    on:change:target=move |event| {
                        if let Some(file) = event.target().files().and_then(|files| files.get(0)) {
                            load(file);
                        }
                        // The same file can be chosen again.
                        event.target().set_value("");
                    }
                />
            </label>
            {move || problem.get().map(|message| view! { <p class="error" role="alert" data-testid="error">{message}</p> })}
            <p class="note">"Change the lines, or paste others: x1, x2 and the class, within ±4. They count when you leave the field."</p>
        </details>
    }
}

/// A seed to type, and a button for the next.
#[component]
fn Seed(
    testid: &'static str,
    label: &'static str,
    value: Memo<u64>,
    set: impl Fn(u64) + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let problem = RwSignal::new(false);
    let typed = move |text: String| {
        let seed = text.trim().parse::<u64>();
        problem.set(seed.is_err());
        if let Ok(seed) = seed {
            set(seed);
        }
    };
    let next = move |_| {
        problem.set(false);
        set(value.get_untracked().wrapping_add(1));
    };
    view! {
        <div class="row">
            <label for=testid>{label}</label>
            <input type="text" inputmode="numeric" autocomplete="off" id=testid data-testid=testid aria-invalid=move || problem.get().then_some("true") prop:value=move || value.get().to_string() on:change:target=move |event| typed(event.target().value())/>
            <button type="button" class="quiet" data-testid=format!("{testid}-next") title="The next seed" on:click=next>"Next"</button>
        </div>
        {move || problem.get().then(|| view! { <p class="error" role="alert" data-testid="error">"The seed must be a whole number, such as 7."</p> })}
    }
}
