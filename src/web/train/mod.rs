//! `#/train`: data in, settings, runs, and their curves.

mod augmented;
mod dropped;
mod found;
mod images;
mod kept;
mod model;
mod network;
mod own_picture;
mod print;
mod report;
mod runs;
mod settings;
mod showing;

pub(super) use print::section;
pub(super) use runs::csv;

use leptos::html::Input;
use leptos::prelude::*;
use serde_json::json;
use web_sys::{DataTransfer, File};

use super::components::{Answer, Glance, Hover, LabTitle, LinkError, Options, Plot, Readout, Row, Select};
use super::no_trainer::NoTrainer;
use super::router::Lab;
use super::state::use_labs;
use super::uploads::{self, Upload};
use super::{client, keeping};
use crate::labs::numbers::{count, duration, scientific, significant};
use crate::labs::train::{Form, GradientReport, LayerCheck, Problem, RunHistory, Status, TrainLab, View};
use crate::plot::{Across, CurvesChart, RunCurves, Window, smoothed};
use crate::protocol::{About, Command, Source};
use crate::train::Schedule;

#[component]
pub(super) fn TrainPage() -> impl IntoView {
    let labs = use_labs();
    client::prepare();
    keeping::restore_earlier_visit(labs);
    view! {
        <div class="lab">
            <section class="controls" aria-label="Data and settings">
                <LabTitle lab=Lab::Train title="Train lab"/>
                <p class="lead">"A multilayer perceptron on 32 × 32 images, trained in this page. Nothing leaves your machine."</p>
                <LinkError/>
                <NoTrainer/>
                <Data lab=labs.train/>
                <settings::Settings lab=labs.train form=labs.form/>
                <augmented::Augmented lab=labs.train form=labs.form/>
            </section>
            <section class="picture" aria-label="Learning curves">
                <Middle lab=labs.train/>
            </section>
            <section class="answers" aria-label="Answers">
                <RunAnswers lab=labs.train form=labs.form/>
            </section>
        </div>
    }
}

fn problem(lab: RwSignal<TrainLab>, shows: impl Fn(About) -> bool + Send + Sync + 'static) -> impl IntoView {
    let message = Memo::new(move |_| {
        lab.read().problem.as_ref().filter(|problem| shows(problem.about)).map(|problem| problem.message.clone())
    });
    move || message.get().map(|message| view! { <p class="error" role="alert" data-testid="error">{message}</p> })
}

/// Has the worker read files, unless it is busy.
fn load_files(lab: RwSignal<TrainLab>, files: Vec<Upload>) {
    if files.is_empty() {
        return;
    }
    if let Some(message) = lab.with_untracked(TrainLab::why_not_load) {
        return lab.update(|lab| lab.problem = Some(Problem { about: About::Data, message }));
    }
    lab.update(TrainLab::start_loading);
    client::load(files, None);
}

/// Loads what was dropped on the page.
pub(super) fn load_dropped(lab: RwSignal<TrainLab>, transfer: &DataTransfer) {
    let files = dropped::dropped(transfer);
    wasm_bindgen_futures::spawn_local(async move {
        match files.await {
            Ok(files) => load_files(lab, files),
            Err(message) => lab.update(|lab| lab.problem = Some(Problem { about: About::Data, message })),
        }
    });
}

#[component]
fn Data(lab: RwSignal<TrainLab>) -> impl IntoView {
    let is_busy = Memo::new(move |_| lab.read().is_busy());
    let has_data = Memo::new(move |_| lab.read().data.train > 0);
    let load = move |files: Vec<File>| {
        wasm_bindgen_futures::spawn_local(async move { load_files(lab, Upload::all(files).await) });
    };
    let command = move |command: Command| {
        lab.update(TrainLab::start_loading);
        client::send(&command);
    };
    let summary = move || {
        let lab = lab.read();
        let source = match lab.data.source {
            Source::None => "none",
            Source::Sample => "sample",
            Source::Files => "files",
        };
        json!({ "train": lab.data.train, "validation": lab.data.validation, "source": source }).to_string()
    };
    let summary_text = move || {
        let lab = lab.read();
        let data = &lab.data;
        if lab.is_asked() {
            return "Files are read and wait for your word, below.".into();
        }
        if let Some(loading) = &lab.loading {
            let share = if loading.total == 0 { 0.0 } else { 100.0 * loading.done as f64 / loading.total as f64 };
            return format!("Reading {} {share:.0} %", loading.name);
        }
        let validation = match data.validation {
            0 => "no validation images".into(),
            number => format!("{} to validate", count(number)),
        };
        match data.source {
            Source::None => "No data yet. Choose CIFAR-10, or take the sample.".into(),
            Source::Sample => format!("Synthetic sample: {} images to train on, {validation}.", count(data.train)),
            Source::Files => {
                let official =
                    data.official.as_ref().map(|name| format!(" This is the published {name}, byte for byte."));
                let (batches, train) = (data.batches.join(", "), count(data.train));
                format!("{batches}: {train} images to train on, {validation}.{}", official.unwrap_or_default())
            }
        }
    };
    view! {
        <h2>"Data"</h2>
        <div class="drop" data-testid="drop">
            <div class="row files">
                <FileInput testid="dataset-file" text="Choose CIFAR-10 files" disabled=is_busy load/>
                <FileInput testid="dataset-folder" text="or a folder" folder=true disabled=is_busy load/>
            </div>
            <span class="aside">"or drop them anywhere on the page: CIFAR-10’s archive or batches, zipped or not, or folders"</span>
        </div>
        <div class="row wrap">
            <button type="button" data-testid="dataset-sample" disabled=move || is_busy.get() on:click=move |_| command(Command::LoadSample { seed: 1 })>
                "Use the built-in sample"
            </button>
            <button
                type="button"
                class="quiet"
                data-testid="dataset-forget"
                disabled=move || is_busy.get() || !has_data.get()
                on:click=move |_| command(Command::ForgetData)
            >
                "Forget data"
            </button>
            {move || {
                (lab.read().status == Status::Loading && !lab.read().is_asked())
                    .then(|| {
                        view! {
                            <button type="button" class="quiet" data-testid="dataset-cancel" on:click=move |_| client::send(&Command::CancelLoad)>
                                "Cancel"
                            </button>
                        }
                    })
            }}
        </div>
        <p class="summary" aria-live="polite">
            <Answer testid="dataset-status" value=Signal::derive(summary)>{summary_text}</Answer>
        </p>
        {move || lab.read().kept.clone().map(|note| view! { <p class="note" data-testid="kept">{note}</p> })}
        {problem(lab, |about| about == About::Data)}
        <found::WhatWasFound lab/>
        <kept::KeptFiles/>
        <kept::Interrupted/>
    }
}

/// A button that chooses files, or a folder.
#[component]
pub(super) fn FileInput(
    testid: &'static str,
    text: &'static str,
    #[prop(default = true)] many: bool,
    #[prop(optional)] folder: bool,
    disabled: Memo<bool>,
    load: impl Fn(Vec<File>) + Copy + 'static,
) -> impl IntoView {
    let input = NodeRef::<Input>::new();
    view! {
        <label class="file">
            <input
                type="file"
                multiple=many
                prop:webkitdirectory=folder
                node_ref=input
                data-testid=testid
                disabled=move || disabled.get()
                on:change=move |_| {
                    if let Some(input) = input.get_untracked() {
                        let Some(list) = input.files() else { return };
                        wasm_bindgen_futures::spawn_local(async move {
                            let files = uploads::listed(list).await;
                            // So that choosing the same file again is a change again. It empties the list.
                            input.set_value("");
                            load(files);
                        });
                    }
                }
            />
            <span>{text}</span>
        </label>
    }
}

#[component]
fn RunButtons(lab: RwSignal<TrainLab>, form: RwSignal<Form>) -> impl IntoView {
    let status = Memo::new(move |_| lab.read().status);
    let can_start = move || lab.read().can_start();
    let start = move |_| match form.read_untracked().parse() {
        Ok(config) => {
            let mut run = 0;
            lab.update(|lab| run = lab.new_run());
            client::send(&Command::Start { run, config });
        }
        Err(problem) => lab.update(|lab| lab.problem = Some(problem)),
    };
    let current = move || lab.read_untracked().current_run();
    let pause = move |_| {
        if let Some(run) = current() {
            let is_paused = status.get_untracked() == Status::Paused;
            client::send(&if is_paused { Command::Resume { run } } else { Command::Pause { run } });
        }
    };
    let stop = move |_| {
        if let Some(run) = current() {
            client::send(&Command::Stop { run });
        }
    };
    let no_run = move || !status.get().has_run();
    view! {
        <div class="row buttons">
            <button type="button" class="primary" data-testid="train-start" disabled=move || !can_start() on:click=start>"Start"</button>
            <button type="button" data-testid="train-pause" disabled=no_run on:click=pause>
                {move || if status.get() == Status::Paused { "Resume" } else { "Pause" }}
            </button>
            <button type="button" data-testid="train-stop" disabled=no_run on:click=stop>"Stop"</button>
        </div>
    }
}

/// The run's buttons, and below them what was chosen to be seen.
#[component]
fn Middle(lab: RwSignal<TrainLab>) -> impl IntoView {
    let labs = use_labs();
    let done = Memo::new(move |_| lab.read().run.as_ref().map_or(0.0, |run| run.done));
    let now = Memo::new(move |_| lab.read().view);
    let entry = move |view: View, word: &'static str, text: &'static str| {
        view! {
            <button type="button" class="quiet" data-testid=format!("view-{word}") aria-pressed=move || (now.get() == view).to_string() on:click=move |_| lab.update(|lab| lab.view = view)>{text}</button>
        }
    };
    view! {
        <div class="run-head">
            <Glance text=Signal::derive(move || lab.read().glance())/>
            <RunButtons lab form=labs.form/>
            <div
                class="progress"
                role="progressbar"
                data-testid="train-progress"
                aria-label="Progress of the run"
                aria-valuemin="0"
                aria-valuemax="100"
                aria-valuenow=move || format!("{:.0}", done.get() * 100.0)
                data-value=move || format!("{:.4}", done.get())
            >
                <div style=move || format!("width:{:.2}%", done.get() * 100.0)></div>
            </div>
        </div>
        {problem(lab, |about| matches!(about, About::Command | About::Look))}
        <div class="switch views" role="group" aria-label="What to see">
            {entry(View::Curves, "curves", "Curves")} {entry(View::Images, "images", "Images")} {entry(View::Network, "network", "Network")}
        </div>
        {move || match now.get() {
            View::Curves => view! { <Curves lab/> }.into_any(),
            View::Images => view! { <images::Images lab/> }.into_any(),
            View::Network => view! { <network::Network lab/> }.into_any(),
        }}
    }
}

#[component]
fn Curves(lab: RwSignal<TrainLab>) -> impl IntoView {
    let labs = use_labs();
    let across = RwSignal::new(Across::Steps);
    let window = RwSignal::new(None::<Window>);
    let log_loss = RwSignal::new(false);
    let smoothing = RwSignal::new(0.9_f64);
    let chart = Memo::new(move |_| {
        let lab = lab.read();
        let shown: Vec<&RunHistory> = lab.runs().filter(|run| run.is_shown).collect();
        CurvesChart {
            across: across.get(),
            view: window.get().map(|window| window.x),
            log_loss: log_loss.get(),
            smoothing: smoothing.get(),
            ..curves_chart(&shown)
        }
    });
    let empty_text = Memo::new(move |_| {
        let lab = lab.read();
        lab.runs().next().is_none().then(|| lab.empty_text())
    });
    let label = Signal::derive(move || match &lab.read().run {
        Some(run) => format!("Learning curves: {} steps.", run.losses.len()),
        None => "Learning curves: no run yet.".into(),
    });
    let hover = move |x: f64| hover(&lab.read_untracked(), &chart.read_untracked(), x);
    let csv = move || runs::csv(&lab.read_untracked());
    let across_options: Options<Across> = vec![
        (Across::Steps, "steps".into(), "steps".into()),
        (Across::Epochs, "epochs".into(), "epochs".into()),
        (Across::Seconds, "seconds".into(), "seconds of work".into()),
    ];
    view! {
        <div class="row curve-tools">
            <Select testid="across" label="x in" options=across_options value=across set=move |choice| {
                across.set(choice);
                window.set(None);
            }/>
            <label class="check">
                <input type="checkbox" data-testid="log-loss" prop:checked=log_loss on:change:target=move |event| log_loss.set(event.target().checked())/>
                "logarithmic loss"
            </label>
            <label class="check" for="smoothing">"Smoothing"</label>
            <input type="range" id="smoothing" data-testid="smoothing" min="0" max="0.99" step="0.01" prop:value=move || smoothing.get().to_string() on:input:target=move |event| smoothing.set(event.target().value_as_number().clamp(0.0, 0.99))/>
        </div>
        <div class="with-empty">
            <Plot testid="plot-curves" label chart hover csv chosen=window file="piecewise-curves"/>
            {move || empty_text.get().map(|text| view! { <p class="empty" data-testid="curves-empty">{text}</p> })}
        </div>
        <runs::Runs lab form=labs.form/>
        <kept::Kept/>
        <print::Print lab/>
    }
}

#[component]
fn RunAnswers(lab: RwSignal<TrainLab>, form: RwSignal<Form>) -> impl IntoView {
    let of_run = move |get: fn(&RunHistory) -> String| {
        Signal::derive(move || lab.read().run.as_ref().map(get).unwrap_or_default())
    };
    let percent = move |value: Signal<String>| {
        move || {
            value.with(|value| {
                value.parse::<f64>().map_or_else(|_| "–".to_owned(), |share| format!("{:.1} %", share * 100.0))
            })
        }
    };
    let status = Signal::derive(move || {
        let lab = lab.read();
        // What ended before is over as soon as another start is asked for.
        (if lab.is_starting { Status::Ready } else { lab.status }).word().to_owned()
    });
    let epoch = of_run(|run| run.epoch.to_string());
    let loss = of_run(|run| run.losses.last().map(f32::to_string).unwrap_or_default());
    let loss_text = move || loss.with(|loss| loss.parse().map_or_else(|_| "–".to_owned(), |loss| significant(loss, 4)));
    let train = of_run(|run| run.last_record().map(|record| record.train_accuracy.to_string()).unwrap_or_default());
    let validation = of_run(|run| {
        run.last_record()
            .and_then(|record| record.validation_accuracy)
            .map(|accuracy| accuracy.to_string())
            .unwrap_or_default()
    });
    let rate =
        of_run(|run| if run.images_per_second > 0.0 { format!("{:.0}", run.images_per_second) } else { String::new() });
    let left = of_run(|run| run.seconds_left.map(|seconds| format!("{seconds:.1}")).unwrap_or_default());
    let status_text = move || lab.read().status_text();
    let epoch_text = move || {
        let lab = lab.read();
        lab.run.as_ref().map_or_else(|| "–".into(), |run| format!("{} of {}", run.epoch, run.config.epochs))
    };
    let is_augmented = Memo::new(move |_| lab.read().run.as_ref().is_some_and(|run| run.config.augment.is_on()));
    let memory = of_run(|run| if run.memory_bytes > 0 { run.memory_bytes.to_string() } else { String::new() });
    let mebibytes = |bytes: u64| format!("{} MiB", count((bytes >> 20) as usize));
    let memory_text = move || memory.with(|bytes| bytes.parse().map_or_else(|_| "–".to_owned(), mebibytes));
    let left_text = move || left.with(|left| left.parse().map_or_else(|_| "–".to_owned(), duration));
    let rate_text = move || rate.with(|rate| rate.parse().map_or_else(|_| "–".to_owned(), count));
    view! {
        <h2>"The run"</h2>
        <p class="status"><Answer testid="train-status" value=status><b>{status_text}</b></Answer></p>
        <table class="facts">
            <tbody>
                <tr><th scope="row">"epoch"</th><td><Answer testid="train-epoch" value=epoch>{epoch_text}</Answer></td></tr>
                <tr><th scope="row">"loss, last step"</th><td><Answer testid="train-loss" value=loss>{loss_text}</Answer></td></tr>
                <tr><th scope="row">"train accuracy"</th><td><Answer testid="train-accuracy" value=train>{percent(train)}</Answer></td></tr>
                <tr>
                    <th scope="row">"validation accuracy"</th>
                    <td><Answer testid="validation-accuracy" value=validation>{percent(validation)}</Answer></td>
                </tr>
                <tr><th scope="row">"images per second"</th><td><Answer testid="images-per-second" value=rate>{rate_text}</Answer></td></tr>
                <tr><th scope="row">"memory, all workers"</th><td><Answer testid="run-memory" value=memory>{memory_text}</Answer></td></tr>
                <tr><th scope="row">"time left"</th><td><Answer testid="eta-seconds" value=left>{left_text}</Answer></td></tr>
            </tbody>
        </table>
        {move || lab.with(|lab| lab.run.as_ref().and_then(|run| run.no_checkpoint.clone())).map(|message| view! { <p class="note" data-testid="no-checkpoint">{message}</p> })}
        <kept::NotKept/>
        <RateNow lab/>
        <report::Understand lab/>
        <GradientCheck lab/>
        <model::Model lab form/>
        <h2>"Epochs"</h2>
        <Records lab/>
        <p class="note">
            {move || is_augmented.get().then_some("Training images are measured as they are trained on, cropped and flipped anew, as in the homework; on the images themselves the train accuracy is usually higher. ")}
            "Accuracy is measured on all images with the weights of that moment, before training and after every epoch. Guessing gets 10 %, and the loss "
            <math><mi>"ln"</mi><mspace width="0.2em"></mspace><mn>"10"</mn><mo>"≈"</mo><mn>"2.303"</mn></math> "."
        </p>
    }
}

/// The learning rate of the run under way, which can be changed.
#[component]
fn RateNow(lab: RwSignal<TrainLab>) -> impl IntoView {
    let typed = RwSignal::new(None::<String>);
    let problem = RwSignal::new(None::<&'static str>);
    let rate = Memo::new(move |_| lab.read().run.as_ref().map_or(0.0, |run| run.rate));
    let has_run = Memo::new(move |_| lab.read().status.has_run());
    let id = Memo::new(move |_| lab.read().run.as_ref().map(|run| run.id));
    Effect::new(move || {
        id.get();
        typed.set(None);
    });
    let scheduled = move || {
        lab.with(|lab| {
            let run = lab.run.as_ref().filter(|run| run.config.schedule != Schedule::Constant)?;
            let factor = run.config.schedule.factor(run.epoch, run.config.epochs);
            Some(format!("times {} by the schedule", significant(factor, 3)))
        })
    };
    let shown = move || typed.get().unwrap_or_else(|| rate.get().to_string());
    let set = move |_| {
        let text = typed.get_untracked().unwrap_or_default();
        let Some(run) = lab.read_untracked().current_run() else { return };
        match text.trim().replace(',', ".").parse::<f32>() {
            Ok(learning_rate) if learning_rate > 0.0 && learning_rate.is_finite() => {
                problem.set(None);
                typed.set(None);
                client::send(&Command::SetLearningRate { run, learning_rate });
            }
            _ => problem.set(Some("The learning rate must be a number above 0, such as 0.05.")),
        }
    };
    view! {
        <div class="row" class:gone=move || !has_run.get()>
            <label for="rate-now">"Rate now"</label>
            <input type="text" inputmode="decimal" autocomplete="off" id="rate-now" data-testid="rate-now" prop:value=shown on:input:target=move |event| typed.set(Some(event.target().value()))/>
            <button type="button" data-testid="rate-set" data-value=move || rate.get().to_string() disabled=move || typed.read().is_none() on:click=set>"Set"</button>
            <span class="aside">{scheduled}</span>
        </div>
        {move || problem.get().map(|message| view! { <p class="error" role="alert" data-testid="error">{message}</p> })}
    }
}

/// The run's own gradients, checked in the worker on the live network and the batch that comes next.
#[component]
fn GradientCheck(lab: RwSignal<TrainLab>) -> impl IntoView {
    let check = Memo::new(move |_| lab.read().run.as_ref().and_then(|run| run.check.clone()));
    let is_kept = Memo::new(move |_| lab.read().run.as_ref().is_some_and(|run| run.is_kept));
    let is_checking =
        Memo::new(move |_| is_kept.get() && check.read().as_ref().is_some_and(|check| check.done < check.total));
    let start = move |_| {
        if let Some(run) = lab.read_untracked().run.as_ref().map(|run| run.id) {
            client::send(&Command::CheckGradients { run });
        }
    };
    let layers = Memo::new(move |_| check.read().as_ref().map(GradientReport::layers).unwrap_or_default());
    let verdict = Signal::derive(move || match &check.get() {
        None => String::new(),
        Some(check) if check.done < check.total => "checking".into(),
        Some(_) if layers.read().iter().any(|layer| layer.wrong > 0) => "wrong".into(),
        Some(_) => "right".into(),
    });
    let sentence = move || match &check.get() {
        None => "The run’s gradients against central differences, on sampled entries of each layer.".to_owned(),
        Some(check) if check.done < check.total && !is_kept.get() => "The check broke off with its run.".to_owned(),
        Some(check) if check.done < check.total => format!("Checking entry {} of {}", check.done, check.total),
        Some(check) => {
            let layers = layers.read();
            let compared: usize = layers.iter().map(|layer| layer.compared).sum();
            let wrong: usize = layers.iter().map(|layer| layer.wrong).sum();
            let when = format!("after {} steps", count(check.step));
            match wrong {
                0 if layers.iter().any(|layer| !layer.is_telling) => {
                    format!("No entry is wrong, {when}, but some gradients are too small to tell.")
                }
                0 => format!("All {compared} entries agree, {when}."),
                _ => format!("{wrong} of {compared} entries are wrong, {when}."),
            }
        }
    };
    let rows = move || {
        let row = |layer: &LayerCheck| {
            view! {
                <tr>
                    <td>{layer.layer + 1}</td>
                    <td>{layer.compared}</td>
                    <td>{scientific(layer.absolute)}</td>
                    <td>{scientific(layer.relative)}</td>
                    <td>{scientific(layer.largest)}</td>
                </tr>
            }
        };
        layers.read().iter().map(row).collect_view()
    };
    let json = move || {
        let row = |layer: &LayerCheck| {
            json!({
                "layer": layer.layer + 1, "compared": layer.compared, "crossed": layer.crossed,
                "absolute": layer.absolute, "relative": layer.relative, "largest": layer.largest, "wrong": layer.wrong,
            })
        };
        json!(layers.read().iter().map(row).collect::<Vec<_>>()).to_string()
    };
    let crossed = move || layers.read().iter().map(|layer| layer.crossed).sum::<usize>();
    let left_out = move || (crossed() > 0).then(|| format!("{} left out: a ReLU changed sides within ε. ", crossed()));
    view! {
        <h2>"Gradients"</h2>
        <div class="row">
            <button type="button" data-testid="check-gradients" disabled=move || !is_kept.get() || is_checking.get() on:click=start>
                "Check gradients now"
            </button>
        </div>
        <p aria-live="polite"><Answer testid="gradient-verdict" value=verdict>{sentence}</Answer></p>
        <div class:gone=move || layers.read().is_empty() data-testid="gradient-layers" data-value=json>
            <table class="small">
                <thead>
                    <tr>
                        <th scope="col">"layer"</th>
                        <th scope="col">"entries"</th>
                        <th scope="col">"largest difference"</th>
                        <th scope="col">"relative"</th>
                        <th scope="col">"largest gradient"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
            <p class="note">
                {left_out}
                "The engine’s f32 gradients against central differences of an f64 copy, on 32 training images; an entry counts as wrong if the difference exceeds a ten-thousandth of the layer’s largest gradient, and 10⁻⁷."
            </p>
        </div>
    }
}

/// Rows of the table of epochs that are there before one asks for more, and records that are in its data.
const SHOWN_RECORDS: usize = 50;
const TOLD_RECORDS: usize = 200;

/// The accuracy after each epoch, the last first. Of a long run only the last rows are there: to lay out a thousand takes
/// longer than an epoch.
#[component]
fn Records(lab: RwSignal<TrainLab>) -> impl IntoView {
    let is_whole = RwSignal::new(false);
    let known = Memo::new(move |_| lab.read().run.as_ref().map_or((0, 0), |run| (run.id, run.records.len())));
    let rows = move || {
        let (run, count) = known.get();
        let shown = if is_whole.get() { count } else { count.min(SHOWN_RECORDS) };
        (count - shown..count).rev().map(|at| (run, at)).collect::<Vec<_>>()
    };
    let row = move |(_, at): (u32, usize)| {
        let percent = |share: f64| format!("{:.1} %", share * 100.0);
        let record = lab.with_untracked(|lab| lab.run.as_ref().and_then(|run| run.records.get(at).cloned()));
        record.map(|record| {
            view! {
                <tr>
                    <td>{record.epoch}</td>
                    <td>{percent(record.train_accuracy)}</td>
                    <td>{record.validation_accuracy.map_or_else(|| "–".into(), percent)}</td>
                </tr>
            }
        })
    };
    let json = move || {
        known.track();
        let record = |record: &crate::train::EpochRecord| json!({ "epoch": record.epoch, "step": record.step, "train": record.train_accuracy, "validation": record.validation_accuracy });
        let lab = lab.read_untracked();
        let records = lab.run.as_ref().map_or(&[][..], |run| &run.records);
        json!(records[records.len().saturating_sub(TOLD_RECORDS)..].iter().map(record).collect::<Vec<_>>()).to_string()
    };
    let earlier = Memo::new(move |_| if is_whole.get() { 0 } else { known.get().1.saturating_sub(SHOWN_RECORDS) });
    view! {
        <div class="scroll" data-testid="train-records" data-value=json tabindex="0" role="region" aria-label="Accuracy after each epoch">
            <table>
                <thead><tr><th scope="col">"epoch"</th><th scope="col">"train"</th><th scope="col">"validation"</th></tr></thead>
                <tbody>
                    {move || (known.get().1 == 0).then(|| view! { <tr><td colspan="3" class="aside">"No epoch has been measured yet."</td></tr> })}
                    <For each=rows key=|row| *row children=row/>
                </tbody>
            </table>
        </div>
        {move || {
            (earlier.get() > 0).then(|| {
                view! {
                    <button type="button" class="quiet" data-testid="records-all" on:click=move |_| is_whole.set(true)>{format!("Show {} earlier epochs", count(earlier.get()))}</button>
                }
            })
        }}
    }
}

/// The curves of some runs, over steps.
pub(super) fn curves_chart(runs: &[&RunHistory]) -> CurvesChart {
    let steps = runs.iter().map(|run| run.steps_per_epoch * run.config.epochs).max().unwrap_or(1);
    CurvesChart { runs: runs.iter().map(|run| curves(run)).collect(), steps: steps as f64, ..CurvesChart::default() }
}

fn curves(run: &RunHistory) -> RunCurves {
    let point = |step: usize, value: f64| (step as f64, value);
    let validation = run.records.iter().filter_map(|record| Some(point(record.step, record.validation_accuracy?)));
    RunCurves {
        name: run.name.clone(),
        diverged_at: run.diverged_at,
        losses: run.losses.clone(),
        train: run.records.iter().map(|record| point(record.step, record.train_accuracy)).collect(),
        validation: validation.collect(),
        steps_per_epoch: run.steps_per_epoch as f64,
        seconds: run.seconds.clone(),
        colour: run.colour,
    }
}

/// Of each run that is drawn, the loss of the step under the pointer, and the accuracies measured last before it.
pub(super) fn hover(lab: &TrainLab, chart: &CurvesChart, x: f64) -> Option<Hover> {
    let shown: Vec<&RunHistory> = lab.runs().filter(|run| run.is_shown).collect();
    let percent = |accuracy: f64| format!("{:.1} %", accuracy * 100.0);
    let mut at = None;
    let mut found = Vec::new();
    for (index, (run, curves)) in shown.iter().zip(&chart.runs).enumerate() {
        let step = (chart.step_at(curves, x).round() as usize).clamp(1, run.losses.len().max(1));
        let Some(&loss) = run.losses.get(step - 1) else { continue };
        let loss = f64::from(loss);
        let x = chart.x_of(curves, step as f64);
        if !x.is_finite() {
            continue;
        }
        at = Some((x, chart.y_of(loss)));
        let record = run.records.iter().rev().find(|record| record.step <= step);
        let smooth = smoothed(&run.losses[..step], chart.smoothing).last().map_or(loss, |&loss| f64::from(loss));
        found.push((loss, smooth, index, step, record));
    }
    let rows = match &found[..] {
        [(loss, smooth, _, _, record)] if shown.len() == 1 => {
            let mut rows =
                vec![Row::new("loss", significant(*loss, 4)), Row::new("smoothed", significant(*smooth, 4)).of(0)];
            if let Some(record) = record {
                let of_epoch = |name: &str| format!("{name}, epoch {}", record.epoch);
                rows.push(Row::new(of_epoch("train"), percent(record.train_accuracy)).of(1));
                rows.extend(record.validation_accuracy.map(|v| Row::new(of_epoch("validation"), percent(v)).of(2)));
            }
            rows
        }
        _ => {
            // The best loss first.
            found.sort_by(|a, b| a.0.total_cmp(&b.0));
            let row = |&(loss, smooth, index, step, record): &(
                f64,
                f64,
                usize,
                usize,
                Option<&crate::train::EpochRecord>,
            )| {
                let train = record.map_or_else(|| "–".into(), |record| percent(record.train_accuracy));
                let validation =
                    record.and_then(|record| record.validation_accuracy).map_or_else(|| "–".into(), percent);
                let values = vec![count(step), significant(loss, 4), significant(smooth, 4), train, validation];
                Row { entry: Some(index), name: shown[index].name.clone(), values }
            };
            found.iter().map(row).collect()
        }
    };
    let (title, columns) = match (shown.len(), found.first()) {
        (1, Some(&(_, _, _, step, _))) => (format!("step {}", count(step)), Vec::new()),
        _ => ("runs, best loss first".to_owned(), vec!["step", "loss", "smoothed", "train", "validation"]),
    };
    Some(Hover { at: at?, note: Readout { title, columns, rows } })
}
