//! The data, to look at: what there is of each class, an image in its channels, and what the network says of it.

use leptos::prelude::*;
use serde_json::json;

use super::FileInput;
use super::own_picture::own_picture;
use super::showing::{Picture, class_name};
use crate::data::normalise::{MEAN, STD, normalise};
use crate::data::{CLASSES, PIXELS, PLANE, SIDE, Statistics};
use crate::labs::numbers::{count, significant};
use crate::labs::train::{Gallery, Picked, TrainLab, names_of_classes};
use crate::protocol::{Command, ShownImage};
use crate::train::Prediction;
use crate::web::client;

/// Images of each class in the gallery.
const EACH: usize = 10;
const CHANNELS: [&str; 3] = ["red", "green", "blue"];

#[component]
pub(super) fn Images(lab: RwSignal<TrainLab>) -> impl IntoView {
    let has_data = Memo::new(move |_| lab.read().data.train > 0);
    let is_counted = Memo::new(move |_| lab.read().statistics.is_some());
    Effect::new(move || {
        if has_data.get() && !is_counted.get() {
            client::send(&Command::Statistics);
        }
    });
    view! {
        <p class="empty-note" class:gone=has_data>"There are no images yet: choose CIFAR-10 or take the sample."</p>
        <div class:gone=move || !has_data.get()>
            <div class="look">
                <Chosen lab/>
                <Answer lab/>
            </div>
            <ClassGrid lab/>
            <WhatThereIs lab/>
        </div>
    }
}

/// The images of each class, some at a time.
#[component]
fn ClassGrid(lab: RwSignal<TrainLab>) -> impl IntoView {
    let gallery = Memo::new(move |_| lab.read().gallery.clone());
    let data = Memo::new(move |_| {
        let lab = lab.read();
        (lab.data.train, lab.data.validation)
    });
    let ask = move |validation: bool, skip: usize| client::send(&Command::Gallery { validation, skip, each: EACH });
    Effect::new(move || {
        if data.get().0 > 0 && gallery.read().is_none() {
            ask(false, 0);
        }
    });
    let now =
        Memo::new(move |_| gallery.read().as_ref().map_or((false, 0), |gallery| (gallery.validation, gallery.skip)));
    let has_more = Memo::new(move |_| {
        gallery.read().as_ref().is_some_and(|gallery| gallery.classes.iter().any(|class| class.len() == EACH))
    });
    let split = move |validation: bool, text: &'static str| {
        view! {
            <button type="button" class="quiet" data-testid=if validation { "gallery-validation" } else { "gallery-train" } aria-pressed=move || (now.get().0 == validation).to_string() disabled=move || validation && data.get().1 == 0 on:click=move |_| ask(validation, 0)>{text}</button>
        }
    };
    let picked_about = Memo::new(move |_| lab.read().picked.as_ref().map(|picked| picked.about.clone()));
    let rows = move || {
        let Gallery { validation, classes, .. } = gallery.get().unwrap_or_default();
        let image = move |image: ShownImage| {
            let about =
                format!("{} {}", if validation { "validation image" } else { "training image" }, count(image.index));
            let name = format!("{about}: {}", lab.with_untracked(|lab| class_name(lab, image.label)));
            let testid = format!("image-{}-{}", if validation { "validation" } else { "train" }, image.index);
            let picked = Picked { about, label: Some(image.label), pixels: image.pixels.clone() };
            let is_picked = {
                let about = picked.about.clone();
                Memo::new(move |_| picked_about.read().as_ref() == Some(&about))
            };
            view! {
                <button type="button" class="copy-image" title=name.clone() aria-label=name data-testid=testid aria-pressed=move || is_picked.get().to_string() on:click=move |_| lab.update(|lab| lab.pick(picked.clone()))>
                    <Picture pixels=image.pixels side=SIDE/>
                </button>
            }
        };
        let row = |(class, images): (usize, Vec<ShownImage>)| {
            let name = lab.with_untracked(|lab| class_name(lab, class as u8));
            view! { <div class="class-row"><span class="class-name">{name}</span>{images.into_iter().map(image).collect_view()}</div> }
        };
        classes.into_iter().enumerate().map(row).collect_view()
    };
    let json = move || {
        let gallery = gallery.get().unwrap_or_default();
        let indices = |class: &Vec<ShownImage>| class.iter().map(|image| image.index).collect::<Vec<_>>();
        json!({ "validation": gallery.validation, "skip": gallery.skip, "classes": gallery.classes.iter().map(indices).collect::<Vec<_>>() }).to_string()
    };
    view! {
        <div class="row grid-head">
            <h2>"By class"</h2>
            <div class="switch" role="group" aria-label="Which images">{split(false, "training")} {split(true, "validation")}</div>
            <button type="button" class="quiet" data-testid="gallery-back" disabled=move || now.get().1 == 0 on:click=move |_| ask(now.get().0, now.get().1.saturating_sub(EACH))>"Back"</button>
            <button type="button" class="quiet" data-testid="gallery-next" disabled=move || !has_more.get() on:click=move |_| ask(now.get().0, now.get().1 + EACH)>"Next"</button>
        </div>
        <div class="class-grid" data-testid="gallery" data-value=json>{rows}</div>
    }
}

/// The chosen image, large, and its channels as the network gets them.
#[component]
fn Chosen(lab: RwSignal<TrainLab>) -> impl IntoView {
    let picked = Memo::new(move |_| lab.read().picked.clone());
    let problem = RwSignal::new(None::<String>);
    let under = RwSignal::new(None::<(usize, usize)>);
    let open = move |files: Vec<web_sys::File>| {
        let Some(file) = files.into_iter().next() else { return };
        wasm_bindgen_futures::spawn_local(async move {
            match own_picture(&file).await {
                Ok(pixels) => {
                    problem.set(None);
                    lab.update(|lab| lab.pick(Picked { about: file.name(), label: None, pixels }));
                }
                Err(message) => problem.set(Some(message)),
            }
        });
    };
    let channel = |pixels: &[u8], channel: usize| {
        let plane = &pixels[channel * PLANE..][..PLANE];
        let pixels = [plane, plane, plane].concat();
        view! { <figure class="channel"><Picture pixels side=SIDE/><figcaption>{CHANNELS[channel]}</figcaption></figure> }
    };
    let large = move || {
        picked.get().map(|picked| {
            let channels = (0..3).map(|at| channel(&picked.pixels, at)).collect_view();
            let place = move |event: web_sys::PointerEvent| {
                let element: web_sys::Element = event_target(&event);
                let (width, height) = (f64::from(element.client_width()), f64::from(element.client_height()));
                let at = |offset: i32, size: f64| ((f64::from(offset) / size * SIDE as f64) as usize).min(SIDE - 1);
                under.set(Some((at(event.offset_y(), height), at(event.offset_x(), width))));
            };
            view! {
                <div class="large" data-testid="picked-image" on:pointermove=place on:pointerleave=move |_| under.set(None)><Picture pixels=picked.pixels side=SIDE/></div>
                <div class="channels">{channels}</div>
            }
        })
    };
    let about = move || match picked.get() {
        None => "Click an image below, or choose a picture of your own: it is cut to a square and averaged to 32 × 32."
            .to_owned(),
        Some(Picked { about, label: None, .. }) => format!("{about}, cut to a square and averaged to 32 × 32."),
        Some(Picked { about, label: Some(label), .. }) => {
            format!("{about}: {}.", lab.with_untracked(|lab| class_name(lab, label)))
        }
    };
    let readout = move || {
        let ((row, column), picked) = (under.get()?, picked.get()?);
        let mut values = vec![0.0; PIXELS];
        normalise(&picked.pixels, &mut values);
        let at = row * SIDE + column;
        let channel = |channel: usize| {
            let place = channel * PLANE + at;
            format!("{} {} → {}", CHANNELS[channel], picked.pixels[place], significant(f64::from(values[place]), 3))
        };
        Some(format!("Row {row}, column {column}: {}", [0, 1, 2].map(channel).join(", ")))
    };
    let json = move || {
        picked.get().map_or_else(
            || "null".to_owned(),
            |picked| json!({ "about": picked.about, "label": picked.label, "pixels": picked.pixels }).to_string(),
        )
    };
    view! {
        <div class="picked" data-testid="picked" data-value=json>
            <div class="row">
                <FileInput testid="own-picture" text="Choose your own picture" many=false disabled=Memo::new(|_| false) load=open/>
            </div>
            <div class="large-row">{large}</div>
            <p class="aside" data-testid="picked-about">{about}</p>
            <p class="aside readout">{readout}</p>
            {move || problem.get().map(|message| view! { <p class="error" role="alert" data-testid="error">{message}</p> })}
        </div>
    }
}

/// What the run's network says of the chosen image, as it is now.
#[component]
fn Answer(lab: RwSignal<TrainLab>) -> impl IntoView {
    let picked = Memo::new(move |_| lab.read().picked.clone());
    let run = Memo::new(move |_| {
        let lab = lab.read();
        lab.run.as_ref().filter(|run| run.is_kept).map(|run| (run.id, run.records.len()))
    });
    let answer = Memo::new(move |_| lab.read().run.as_ref().and_then(|run| run.prediction));
    // Asked anew for another image, and after every epoch.
    Effect::new(move || {
        if let (Some((run, _)), Some(picked)) = (run.get(), picked.get()) {
            client::send(&Command::Predict { run, pixels: picked.pixels });
        }
    });
    let rows = move || {
        let (_, answer): (usize, Prediction) = answer.get()?;
        let best = answer.class();
        let row = |class: usize| {
            let share = answer.probabilities[class];
            let name = lab.with_untracked(|lab| class_name(lab, class as u8));
            let style = format!("--share:{share:.3}");
            view! {
                <tr class:best=class == best>
                    <th scope="row">{name}</th>
                    <td><span class="bar" style=style></span><span class="share">{format!("{:.1} %", share * 100.0)}</span></td>
                    <td class="aside">{significant(f64::from(answer.logits[class]), 3)}</td>
                </tr>
            }
        };
        Some((0..CLASSES).map(row).collect_view())
    };
    let has_answer = Memo::new(move |_| run.get().is_some() && answer.read().is_some() && picked.read().is_some());
    let text = move || match (run.get(), picked.read().is_some(), answer.get()) {
        (None, ..) => "Start a run, or open a model, to see what it takes an image for.".to_owned(),
        (_, false, _) => "Choose an image to see what the network takes it for.".to_owned(),
        (_, _, None) => String::new(),
        (_, _, Some((step, _))) => format!("What the network says after {} steps:", count(step)),
    };
    let json = move || {
        answer.get().filter(|_| has_answer.get()).map_or_else(
            || "null".to_owned(),
            |(step, answer)| {
                json!({ "step": step, "class": answer.class(), "probabilities": answer.probabilities }).to_string()
            },
        )
    };
    view! {
        <div class="answer-table" class:open=move || run.get().is_some() data-testid="prediction" data-value=json>
            <p class="aside">{text}</p>
            <table class="facts probabilities" class:hidden=move || !has_answer.get()>
                <thead><tr><td></td><th scope="col">"probability"</th><th scope="col">"logit"</th></tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}

/// Counts of the classes, and the channels' statistics beside the constants that are used.
#[component]
fn WhatThereIs(lab: RwSignal<TrainLab>) -> impl IntoView {
    let statistics = Memo::new(move |_| lab.read().statistics.clone());
    let names = move || {
        let name = |name: String| view! { <th scope="col">{name}</th> };
        lab.with(|lab| names_of_classes(&lab.data)).into_iter().map(name).collect_view()
    };
    let counts = move |of: fn(&(Statistics, Statistics)) -> &Statistics| {
        move || {
            statistics.with(|statistics| {
                let counts = statistics.as_ref().map(|both| of(both).class_counts)?;
                Some(counts.map(|number| view! { <td>{count(number as usize)}</td> }).collect_view())
            })
        }
    };
    let channels = move || {
        let (train, _) = statistics.get()?;
        let (mean, std) = (train.mean()?, train.std()?);
        let row = |channel: usize| {
            view! {
                <tr>
                    <th scope="row">{CHANNELS[channel]}</th>
                    <td>{format!("{:.4}", mean[channel])}</td>
                    <td>{format!("{:.4}", MEAN[channel])}</td>
                    <td>{format!("{:.4}", std[channel])}</td>
                    <td>{format!("{:.4}", STD[channel])}</td>
                </tr>
            }
        };
        Some((0..3).map(row).collect_view())
    };
    let json = move || {
        statistics.with(|statistics| match statistics {
            None => "null".to_owned(),
            Some((train, validation)) => {
                json!({ "train": train.class_counts, "validation": validation.class_counts, "mean": train.mean(), "std": train.std() }).to_string()
            }
        })
    };
    view! {
        <div data-testid="statistics" data-value=json>
            <h2>"Data set"</h2>
            <div class="scroll wide" tabindex="0" role="region" aria-label="Images by class">
                <table class="small">
                    <thead><tr><td></td>{names}</tr></thead>
                    <tbody>
                        <tr><th scope="row">"training"</th>{counts(|both| &both.0)}</tr>
                        <tr><th scope="row">"validation"</th>{counts(|both| &both.1)}</tr>
                    </tbody>
                </table>
            </div>
            <table class="small channels-table">
                <thead>
                    <tr>
                        <th scope="col">"channel"</th>
                        <th scope="col">"mean of these"</th>
                        <th scope="col">"mean used"</th>
                        <th scope="col">"std of these"</th>
                        <th scope="col">"std used"</th>
                    </tr>
                </thead>
                <tbody>{channels}</tbody>
            </table>
            <p class="note">"Of the training images, values from 0 to 1. A pixel becomes (value − mean used) / std used; the constants are CIFAR-10’s, whatever is loaded, as in the homework."</p>
        </div>
    }
}
