//! The settings of the next run.

use leptos::prelude::*;
use serde_json::json;

use super::problem;
use crate::data::augment::MAX_PADDING;
use crate::labs::numbers::{bytes, duration};
use crate::labs::train::{EstimateState, Form, Preset, ScheduleKind, TrainLab, presets};
use crate::nn::Init;
use crate::protocol::{About, Command, Host};
use crate::train::{Config, Field};
use crate::web::components::{Note, Options, Select, number_options};
use crate::web::{browser, client};

/// What is to be said of the number of workers.
fn workers_note(host: Host) -> String {
    match (host.is_isolated, host.workers_max) {
        (false, _) => "This page may not share memory between workers, so there is 1. Have it served with the headers Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp for more.".into(),
        (true, 1) if host.cores > 1 => "This browser gives workers no memory to share, so there is 1.".into(),
        (true, 1) => "This device has one core for this page.".into(),
        (true, most) => format!("1 to {most}: they share each layer. To repeat a run exactly, use the same number of workers."),
    }
}

#[component]
pub(super) fn Settings(lab: RwSignal<TrainLab>, form: RwSignal<Form>) -> impl IntoView {
    let locked = Memo::new(move |_| lab.read().status.has_run());
    let invalid = move |field: Field| (lab.read().problem_field() == Some(field)).then_some("true");
    let text = move |testid: &'static str,
                     label: &'static str,
                     field: Field,
                     get: fn(&Form) -> &String,
                     set: fn(&mut Form) -> &mut String| {
        view! {
            <div class="row">
                <label for=testid>{label}</label>
                <input
                    type="text"
                    inputmode="decimal"
                    autocomplete="off"
                    spellcheck="false"
                    id=testid
                    data-testid=testid
                    disabled=move || locked.get()
                    aria-invalid=move || invalid(field)
                    prop:value=move || get(&form.read()).clone()
                    on:input:target=move |event| {
                        let typed = event.target().value();
                        form.update(|form| *set(form) = typed);
                        lab.update(|lab| {
                            if lab.problem_field() == Some(field) {
                                lab.problem = None;
                            }
                        });
                    }
                />
            </div>
            {problem(lab, move |about| about == About::Setting(field))}
        }
    };
    let check = move |testid: &'static str, text: &'static str, get: fn(&Form) -> bool, set: fn(&mut Form, bool)| {
        view! {
            <label class="check">
                <input type="checkbox" data-testid=testid disabled=move || locked.get() prop:checked=move || get(&form.read()) on:change:target=move |event| form.update(|form| set(form, event.target().checked()))/>
                {text}
            </label>
        }
    };
    // As many as are of use, as soon as that is known, unless something was typed before.
    let host = Memo::new(move |_| lab.read().host);
    Effect::new(move || {
        if let Some(host) = host.get() {
            form.update(|form| form.suggest_workers(host));
        }
    });
    let is_open = RwSignal::new(false);
    // A message must not stand where nobody looks.
    Effect::new(move || {
        let inside = [Field::Subset, Field::HeldOut, Field::Momentum, Field::WeightDecay, Field::Schedule];
        if lab.read().problem_field().is_some_and(|field| inside.contains(&field)) {
            is_open.set(true);
        }
    });
    let init = Memo::new(move |_| form.read().init);
    let inits: Options<Init> = vec![
        (Init::He, "he".into(), "He: N(0, 2/n)".into()),
        (Init::Homework, "homework".into(), "Homework: N(0, 1)/n".into()),
    ];
    let padding = Memo::new(move |_| usize::from(form.read().augment.padding));
    let schedule = Memo::new(move |_| form.read().schedule);
    let schedules: Options<ScheduleKind> = vec![
        (ScheduleKind::Constant, "constant".into(), "constant rate".into()),
        (ScheduleKind::Step, "step".into(), "in steps".into()),
        (ScheduleKind::Cosine, "cosine".into(), "half a cosine".into()),
    ];
    view! {
        <h2>"Settings"</h2>
        <Presets lab form/>
        {text("hidden-widths", "Hidden widths", Field::Hidden, |form| &form.hidden, |form| &mut form.hidden)}
        <div class="row">
            <Select testid="init" label="Initial weights" options=inits value=init set=move |init| form.update(|form| form.init = init) disabled=locked/>
        </div>
        {text("learning-rate", "Learning rate", Field::LearningRate, |form| &form.learning_rate, |form| &mut form.learning_rate)}
        {text("batch-size", "Batch size", Field::BatchSize, |form| &form.batch_size, |form| &mut form.batch_size)}
        {text("epochs", "Epochs", Field::Epochs, |form| &form.epochs, |form| &mut form.epochs)}
        <div class="with-button">
            {text("seed", "Seed", Field::Seed, |form| &form.seed, |form| &mut form.seed)}
            <button
                type="button"
                class="quiet"
                title="Draw another seed"
                data-testid="seed-new"
                disabled=move || locked.get()
                on:click=move |_| form.update(|form| form.seed = browser::fresh_seed().to_string())
            >
                "New"
            </button>
        </div>
        {text("workers", "Workers", Field::Workers, |form| &form.workers, |form| &mut form.workers)}
        <p class="note" data-testid="workers-note">{move || lab.read().host.map(workers_note)}</p>
        <h2>"Augmentation, training images only"</h2>
        <div class="row">
            {check("augment-crop", "Random crop", |form| form.augment.crop, |form, on| form.augment.crop = on)}
            {check("augment-flip", "Flip", |form| form.augment.flip, |form, on| form.augment.flip = on)}
        </div>
        <div class="row">
            <Select testid="augment-padding" label="Padding, pixels" options=number_options(0..=usize::from(MAX_PADDING)) value=padding set=move |padding| form.update(|form| form.augment.padding = padding as u8) disabled=locked/>
        </div>
        <details class="group" data-testid="more-settings" prop:open=is_open on:toggle:target=move |event| is_open.set(event.target().open())>
            <summary><b>"More settings"</b></summary>
            {text("subset", "Images: 500, or 50 per class", Field::Subset, |form| &form.subset, |form| &mut form.subset)}
            {text("held-out", "Held out for validation", Field::HeldOut, |form| &form.held_out, |form| &mut form.held_out)}
            <div class="row">{check("random-labels", "Random labels (no validation)", |form| form.random_labels, |form, on| form.random_labels = on)}</div>
            {text("momentum", "Momentum", Field::Momentum, |form| &form.momentum, |form| &mut form.momentum)}
            {text("weight-decay", "Weight decay", Field::WeightDecay, |form| &form.weight_decay, |form| &mut form.weight_decay)}
            <div class="row">
                <Select testid="schedule" label="Schedule" options=schedules value=schedule set=move |kind| form.update(|form| form.schedule = kind) disabled=locked/>
            </div>
            <div class:gone=move || schedule.get() != ScheduleKind::Step>
                {text("step-every", "Every n epochs", Field::Schedule, |form| &form.step_every, |form| &mut form.step_every)}
                {text("step-factor", "Rate times", Field::Schedule, |form| &form.step_factor, |form| &mut form.step_factor)}
            </div>
        </details>
        <Estimated lab form/>
    }
}

/// Settings to begin with.
#[component]
fn Presets(lab: RwSignal<TrainLab>, form: RwSignal<Form>) -> impl IntoView {
    let locked = Memo::new(move |_| lab.read().status.has_run());
    // What the machine and the data have to do with is no preset's.
    let with_own = |form: &Form, config: &Config| {
        let Form { seed, held_out, workers, .. } = form.clone();
        Form { seed, held_out, workers, ..Form::from(config) }
    };
    let now = Signal::derive(move || {
        let form = form.get();
        presets()
            .into_iter()
            .find(|preset| with_own(&form, &preset.config) == form)
            .map(|preset| preset.about.to_owned())
    });
    let button = |preset: Preset| {
        let Preset { word, name, about, config, is_long } = preset;
        let take = move |_| {
            form.update(|form| *form = with_own(form, &config));
            lab.update(|lab| lab.problem = None);
            if is_long {
                estimate(lab, form);
            }
        };
        view! { <button type="button" class="quiet" data-testid=format!("preset-{word}") disabled=move || locked.get() title=about on:click=take>{name}</button> }
    };
    view! {
        <div class="presets" role="group" aria-label="Presets">{presets().into_iter().map(button).collect_view()}</div>
        <Note testid="preset-note" all=presets().iter().map(|preset| preset.about).collect() now otherwise="Settings of your own, or one of these to start from."/>
    }
}

/// Asks what a run with the settings on screen would take.
fn estimate(lab: RwSignal<TrainLab>, form: RwSignal<Form>) {
    match form.read_untracked().parse() {
        Ok(config) => {
            if lab.read_untracked().can_start() {
                client::send(&Command::Estimate { config });
            }
        }
        Err(problem) => lab.update(|lab| lab.problem = Some(problem)),
    }
}

/// What a run would take, measured before it starts.
#[component]
fn Estimated(lab: RwSignal<TrainLab>, form: RwSignal<Form>) -> impl IntoView {
    let state = Memo::new(move |_| lab.read().estimate.clone());
    let can_ask = Memo::new(move |_| lab.read().can_start() && state.read().as_ref().is_none_or(|state| state.is_done));
    let is_current = Memo::new(move |_| {
        let config = form.read().parse().ok();
        state.read().as_ref().is_some_and(|state| config.as_ref() == Some(&state.config))
    });
    let text = move || {
        let state = state.get().filter(|_| is_current.get());
        match state {
            None => "Takes two seconds to measure how long these settings would run.".to_owned(),
            Some(EstimateState { is_done: false, .. }) => "Measuring…".to_owned(),
            Some(EstimateState { estimate: None, .. }) => "Could not be measured.".to_owned(),
            Some(EstimateState { estimate: Some(estimate), config, .. }) => format!(
                "{} {} in all: {} an epoch, {} of them. Memory: {} beside the data.",
                // What workers wait for each other is not in it.
                if config.workers > 1 { "At least" } else { "About" },
                duration(estimate.seconds),
                duration(estimate.seconds_per_epoch),
                config.epochs,
                bytes(estimate.bytes)
            ),
        }
    };
    let json = move || {
        state.get().filter(|state| is_current.get() && state.is_done).and_then(|state| state.estimate).map_or_else(
            || "null".to_owned(),
            |estimate| {
                json!({ "seconds": estimate.seconds, "epoch": estimate.seconds_per_epoch, "bytes": estimate.bytes })
                    .to_string()
            },
        )
    };
    view! {
        <div class="row">
            <button type="button" data-testid="estimate" disabled=move || !can_ask.get() on:click=move |_| estimate(lab, form)>"Estimate time and memory"</button>
        </div>
        <p class="aside" aria-live="polite" data-testid="estimate-result" data-value=json>{text}</p>
    }
}
