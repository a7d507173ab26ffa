//! `#/train`: data in, settings, runs, and their curves.

mod augmented;
mod dropped;
mod images;
mod model;
mod network;
mod own_picture;
mod print;
mod report;
mod runs;
mod settings;
mod showing;

use leptos::html::Input;
use leptos::prelude::*;
use serde_json::json;
use web_sys::{DragEvent, File};

use super::app::{restore_earlier_visit, use_labs};
use super::components::{Answer, Hover, Options, Plot, Select};
use super::{client, storage};
use crate::labs::numbers::{count, duration, scientific, significant};
use crate::labs::train::{Form, GradientReport, LayerCheck, Problem, RunHistory, Status, TrainLab, View};
use crate::plot::{Across, CurvesChart, RunCurves};
use crate::protocol::{About, Command, Source};
use crate::train::{Config, Schedule};

#[component]
pub(super) fn TrainPage() -> impl IntoView {
    let labs = use_labs();
    client::start();
    restore_earlier_visit(labs);
    view! {
        <div class="lab">
            <section class="controls" aria-label="Data and settings">
                <h1>"Train lab"</h1>
                <p class="lead">"A multilayer perceptron on 32 × 32 images, trained in this page. Nothing leaves your machine."</p>
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

#[component]
fn Data(lab: RwSignal<TrainLab>) -> impl IntoView {
    let is_over = RwSignal::new(false);
    let is_busy = Memo::new(move |_| lab.read().is_busy());
    let has_data = Memo::new(move |_| lab.read().data.train > 0);

    let load = move |files: Vec<File>| {
        // Files of a dropped folder may come when this part of the page is gone, and with it its memos.
        let is_busy = lab.with_untracked(TrainLab::is_busy);
        if !files.is_empty() && !is_busy {
            lab.update(TrainLab::start_loading);
            client::load(files);
        }
    };
    let command = move |command: Command| {
        lab.update(TrainLab::start_loading);
        client::send(&command);
    };
    let drop_files = move |event: DragEvent| {
        event.prevent_default();
        is_over.set(false);
        if let Some(transfer) = event.data_transfer() {
            let files = dropped::dropped(&transfer);
            wasm_bindgen_futures::spawn_local(async move {
                match files.await {
                    Ok(files) => load(files),
                    Err(message) => lab.update(|lab| lab.problem = Some(Problem { about: About::Data, message })),
                }
            });
        }
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
        <div
            class="drop"
            data-testid="drop"
            class:over=move || is_over.get()
            on:dragover=move |event: DragEvent| {
                event.prevent_default();
                is_over.set(true);
            }
            on:dragleave=move |_| is_over.set(false)
            on:drop=drop_files
        >
            <div class="row files">
                <FileInput testid="dataset-file" text="Choose CIFAR-10 files" disabled=is_busy load/>
                <FileInput testid="dataset-folder" text="or a folder" folder=true disabled=is_busy load/>
            </div>
            <span class="aside">"or drop files here: cifar-10-binary.tar.gz, cifar-10-python.tar.gz, or their batches"</span>
        </div>
        <div class="row">
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
                (lab.read().status == Status::Loading)
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
        <Resume lab/>
    }
}

/// A run that a reload interrupted, and what can be done with it.
#[component]
fn Resume(lab: RwSignal<TrainLab>) -> impl IntoView {
    let interrupted =
        Memo::new(move |_| lab.with(|lab| lab.interrupted.as_ref().map(|run| (run.epoch, run.config.clone()))));
    let can_resume = Memo::new(move |_| lab.read().can_start());
    let resume = move |_| {
        let Some(interrupted) = lab.with_untracked(|lab| lab.interrupted.clone()) else { return };
        let mut run = 0;
        lab.update(|lab| run = lab.new_run());
        client::send(&Command::ResumeFrom { run, bytes: interrupted.bytes, rate_changes: Vec::new() });
    };
    let discard = move |_| {
        lab.update(|lab| lab.interrupted = None);
        storage::forget_checkpoint();
    };
    let sentence = move |epoch: usize, config: &Config| {
        let widths: Vec<_> = config.hidden.iter().map(usize::to_string).collect();
        format!(
            "A run with hidden widths {} was interrupted after epoch {epoch} of {}.",
            widths.join(","),
            config.epochs
        )
    };
    move || {
        interrupted.get().map(|(epoch, config)| {
            view! {
                <div class="interrupted" data-testid="interrupted" data-value=epoch>
                    <p>{sentence(epoch, &config)} " It goes on exactly as it would have, on the same data."</p>
                    <p class="row">
                        <button type="button" class="primary" data-testid="resume-run" disabled=move || !can_resume.get() on:click=resume>"Go on"</button>
                        <button type="button" class="quiet" data-testid="discard-run" on:click=discard>"Forget it"</button>
                        <span class="aside" class:gone=can_resume>"Load its data first."</span>
                    </p>
                </div>
            }
        })
    }
}

/// A button that chooses files, or a folder.
#[component]
fn FileInput(
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
                        let list = input.files();
                        load(list.map(|list| (0..list.length()).filter_map(|i| list.get(i)).collect()).unwrap_or_default());
                        // So that choosing the same file again is a change again.
                        input.set_value("");
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
    let zoom = RwSignal::new(None::<(f64, f64)>);
    let log_loss = RwSignal::new(false);
    let smoothing = RwSignal::new(0.9_f64);
    let chart = Memo::new(move |_| {
        let lab = lab.read();
        let shown: Vec<&RunHistory> = lab.runs().filter(|run| run.is_shown).collect();
        CurvesChart {
            across: across.get(),
            view: zoom.get(),
            log_loss: log_loss.get(),
            smoothing: smoothing.get(),
            ..curves_chart(&shown)
        }
    });
    let is_empty = Memo::new(move |_| lab.read().run.is_none());
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
    let several = Memo::new(move |_| chart.read().runs.len() > 1);
    view! {
        <div class="row curve-tools">
            <Select testid="across" label="x in" options=across_options value=across set=move |choice| {
                across.set(choice);
                zoom.set(None);
            }/>
            <label class="check">
                <input type="checkbox" data-testid="log-loss" prop:checked=log_loss on:change:target=move |event| log_loss.set(event.target().checked())/>
                "logarithmic loss"
            </label>
            <label class="check" for="smoothing">"Smoothing"</label>
            <input type="range" id="smoothing" data-testid="smoothing" min="0" max="0.99" step="0.01" prop:value=move || smoothing.get().to_string() on:input:target=move |event| smoothing.set(event.target().value_as_number().clamp(0.0, 0.99))/>
        </div>
        <div class="legend" aria-hidden="true">
            {move || {
                if several.get() {
                    view! {
                        <span class="key own">"loss, from the left axis; bold: smoothed"</span>
                        <span class="key own dashed">"train accuracy"</span>
                        <span class="key own">"validation accuracy, with dots"</span>
                    }
                    .into_any()
                } else {
                    view! {
                        <span class="key loss">"loss of each step, bold: smoothed"</span>
                        <span class="key train">"train accuracy"</span>
                        <span class="key validation">"validation accuracy"</span>
                    }
                    .into_any()
                }
            }}
        </div>
        <div class="with-empty">
            <Plot testid="plot-curves" label chart hover csv zoom file="piecewise-curves"/>
            {move || {
                is_empty
                    .get()
                    .then(|| view! { <p class="empty">"Curves appear here: take the sample or choose CIFAR-10 batches, then press Start."</p> })
            }}
        </div>
        <runs::Runs lab form=labs.form/>
        <print::Print lab/>
    }
}

#[component]
fn RunAnswers(lab: RwSignal<TrainLab>, form: RwSignal<Form>) -> impl IntoView {
    let of_run = move |get: fn(&RunHistory) -> String| {
        Signal::derive(move || lab.read().run.as_ref().map(get).unwrap_or_default())
    };
    let shown = move |value: Signal<String>| {
        move || value.with(|value| if value.is_empty() { "–".to_owned() } else { value.clone() })
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
    let loss = of_run(|run| {
        run.losses.last().map(|loss| significant(f64::from(*loss), 4).replace('−', "-")).unwrap_or_default()
    });
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
    let status_text = move || {
        let lab = lab.read();
        match (lab.status, &lab.run) {
            _ if lab.is_starting => "Starting".into(),
            (Status::Idle, _) => "Waiting for data".into(),
            (Status::Loading, _) => "Loading data".into(),
            (Status::Ready, _) => "Ready to start".into(),
            (Status::Running, Some(run)) if run.measuring => "Measuring accuracy".into(),
            (Status::Running, _) => "Training".into(),
            (Status::Paused, _) => "Paused".into(),
            (Status::Finished | Status::Failed, Some(run)) => run.ended.clone().unwrap_or_default(),
            (Status::Finished | Status::Failed, None) => "Broke off".into(),
        }
    };
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
                <tr><th scope="row">"loss, last step"</th><td><Answer testid="train-loss" value=loss>{shown(loss)}</Answer></td></tr>
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
                "The engine’s f32 gradients against central differences of an f64 copy, on 32 training images; wrong is a difference above a ten-thousandth of the layer’s largest gradient, and above 10⁻⁷."
            </p>
        </div>
    }
}

#[component]
fn Records(lab: RwSignal<TrainLab>) -> impl IntoView {
    let records = Memo::new(move |_| lab.read().run.as_ref().map(|run| run.records.clone()).unwrap_or_default());
    let percent = |share: f64| format!("{:.1} %", share * 100.0);
    let rows = move || {
        let records = records.get();
        if records.is_empty() {
            return view! { <tr><td colspan="3" class="aside">"No epoch measured yet."</td></tr> }.into_any();
        }
        let row = |record: &crate::train::EpochRecord| {
            view! {
                <tr>
                    <td>{record.epoch}</td>
                    <td>{percent(record.train_accuracy)}</td>
                    <td>{record.validation_accuracy.map_or_else(|| "–".into(), percent)}</td>
                </tr>
            }
        };
        records.iter().rev().map(row).collect_view().into_any()
    };
    let json = move || {
        let record = |record: &crate::train::EpochRecord| json!({ "epoch": record.epoch, "step": record.step, "train": record.train_accuracy, "validation": record.validation_accuracy });
        json!(records.read().iter().map(record).collect::<Vec<_>>()).to_string()
    };
    view! {
        <div class="scroll" data-testid="train-records" data-value=json tabindex="0" role="region" aria-label="Accuracy after each epoch">
            <table>
                <thead><tr><th scope="col">"epoch"</th><th scope="col">"train"</th><th scope="col">"validation"</th></tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}

/// The curves of some runs, over steps.
fn curves_chart(runs: &[&RunHistory]) -> CurvesChart {
    let steps = runs.iter().map(|run| run.steps_per_epoch * run.config.epochs).max().unwrap_or(1);
    CurvesChart { runs: runs.iter().map(|run| curves(run)).collect(), steps: steps as f64, ..CurvesChart::default() }
}

fn curves(run: &RunHistory) -> RunCurves {
    let point = |step: usize, value: f64| (step as f64, value);
    let validation = run.records.iter().filter_map(|record| Some(point(record.step, record.validation_accuracy?)));
    RunCurves {
        losses: run.losses.clone(),
        train: run.records.iter().map(|record| point(record.step, record.train_accuracy)).collect(),
        validation: validation.collect(),
        steps_per_epoch: run.steps_per_epoch as f64,
        seconds: run.seconds.clone(),
        colour: run.colour,
    }
}

/// Of each run that is drawn, the loss of the step under the pointer, and the accuracies measured last before it.
fn hover(lab: &TrainLab, chart: &CurvesChart, x: f64) -> Option<Hover> {
    let shown: Vec<&RunHistory> = lab.runs().filter(|run| run.is_shown).collect();
    let mut at = None;
    let mut parts = Vec::new();
    for (run, curves) in shown.iter().zip(&chart.runs) {
        let step = (chart.step_at(curves, x).round() as usize).clamp(1, run.losses.len().max(1));
        let Some(&loss) = run.losses.get(step - 1) else { continue };
        let loss = f64::from(loss);
        let x = chart.x_of(curves, step as f64);
        if !x.is_finite() {
            continue;
        }
        at = Some((x, chart.y_of(loss)));
        let mut text = format!("step {}: loss {}", count(step), significant(loss, 4));
        if let Some(record) = run.records.iter().rev().find(|record| record.step <= step) {
            text += &format!("; epoch {}: train {:.1} %", record.epoch, record.train_accuracy * 100.0);
            if let Some(validation) = record.validation_accuracy {
                text += &format!(", validation {:.1} %", validation * 100.0);
            }
        }
        parts.push(if shown.len() > 1 { format!("{}: {text}", run.name) } else { text });
    }
    Some(Hover { at: at?, text: parts.join("\n") })
}
