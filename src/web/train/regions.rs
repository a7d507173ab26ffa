//! The network on the line through two images: its logits as the piecewise-linear functions that they are, and every kink.

use leptos::prelude::*;
use serde_json::json;

use super::showing::{Picture, class_name};
use crate::data::{CLASSES, SIDE};
use crate::labs::numbers::{count, significant};
use crate::labs::train::{TrainLab, kinks};
use crate::piecewise::line::LineKinks;
use crate::protocol::{Command, KinksState, ShownImage};
use crate::web::client;
use crate::web::components::{Answer, Hover, Options, Plot, Readout, Row, Select};

/// Images of each class to choose from.
const EACH: usize = 10;
/// Logits in the plot's readout.
const SHOWN: usize = 3;

#[component]
pub(super) fn Regions(lab: RwSignal<TrainLab>) -> impl IntoView {
    let has_data = Memo::new(move |_| lab.read().data.train > 0);
    let has_run = Memo::new(move |_| lab.read().run.is_some());
    let needs = move || match (has_data.get(), has_run.get()) {
        (false, _) => "There are no images yet: choose CIFAR-10 or take the sample.",
        (_, false) => "There is no network yet: start a run, or open a model.",
        _ => "",
    };
    let is_ready = Memo::new(move |_| has_data.get() && has_run.get());
    view! {
        <p class="empty-note" class:gone=is_ready>{needs}</p>
        <div class:gone=move || !is_ready.get()>
            <Line lab/>
        </div>
    }
}

/// An image to choose, with its name.
fn choices(lab: &TrainLab) -> Vec<(String, Vec<u8>)> {
    let mut choices = Vec::new();
    if let Some(gallery) = &lab.gallery {
        let split = if gallery.validation { "validation image" } else { "training image" };
        let name = |image: &ShownImage| format!("{}, {split} {}", class_name(lab, image.label), count(image.index));
        // One of each class first.
        for at in 0..EACH {
            let images = gallery.classes.iter().filter_map(|images| images.get(at));
            choices.extend(images.map(|image| (name(image), image.pixels.clone())));
        }
    }
    if let Some(picked) = &lab.picked {
        choices.push((format!("the image under Images: {}", picked.about), picked.pixels.clone()));
    }
    choices
}

#[component]
fn Line(lab: RwSignal<TrainLab>) -> impl IntoView {
    let choices = Memo::new(move |_| choices(&lab.read()));
    let has_gallery = Memo::new(move |_| lab.read().gallery.is_some());
    let has_data = Memo::new(move |_| lab.read().data.train > 0);
    Effect::new(move || {
        if has_data.get() && !has_gallery.get() {
            client::send(&Command::Gallery { validation: false, skip: 0, each: EACH });
        }
    });
    let [from, to] = [0, 1].map(RwSignal::new);
    let options = Memo::new(move |_| {
        let option = |(at, (name, _)): (usize, &(String, Vec<u8>))| (at, at.to_string(), name.clone());
        choices.read().iter().enumerate().map(option).collect::<Options<usize>>()
    });
    let run = Memo::new(move |_| {
        let lab = lab.read();
        lab.run.as_ref().filter(|run| run.is_kept).map(|run| (run.id, run.origin.is_none()))
    });
    let states = Memo::new(move |_| lab.read().run.as_ref().map(|run| run.kinks.clone()).unwrap_or_default());
    // The ends of the line that was last asked for, as long as the initial weights are still to be asked.
    let waiting = RwSignal::new(None::<(u32, Vec<u8>, Vec<u8>)>);
    let shows_initial = RwSignal::new(false);
    let ask = move |_| {
        let choices = choices.read_untracked();
        let ends = choices.get(from.get_untracked()).zip(choices.get(to.get_untracked()));
        let (Some((run, knows_initial)), Some(((_, from), (_, to)))) = (run.get_untracked(), ends) else { return };
        waiting.set(knows_initial.then(|| (run, from.clone(), to.clone())));
        lab.update(|lab| {
            if let Some(run) = &mut lab.run {
                run.kinks = kinks::RunKinks::default();
            }
        });
        client::send(&Command::LineKinks { run, from: from.clone(), to: to.clone(), is_initial: false });
    };
    Effect::new(move || {
        let is_found = states.read().now.as_ref().is_some_and(|state| state.found.is_some());
        if is_found && let Some((run, from, to)) = waiting.get_untracked() {
            waiting.set(None);
            client::send(&Command::LineKinks { run, from, to, is_initial: true });
        }
    });
    let is_working = Memo::new(move |_| {
        let is_open = |state: &Option<KinksState>| state.as_ref().is_some_and(|state| state.found.is_none());
        let states = states.read();
        run.get().is_some() && (is_open(&states.now) || is_open(&states.initial))
    });
    let shown = Memo::new(move |_| {
        let states = states.get();
        if shows_initial.get() { states.initial.or(states.now) } else { states.now }
    });
    let found = Memo::new(move |_| shown.get().and_then(|state| state.found));
    let names = Memo::new(move |_| (0..CLASSES as u8).map(|class| class_name(&lab.read(), class)).collect::<Vec<_>>());
    let text = move || {
        match (shown.get(), found.get()) {
        (None, _) => "Between two images, and half as far beyond each, every logit is a piecewise-linear function of one number t. Where it bends, one neuron goes on or off: all of these places are found.".to_owned(),
        (Some(state), None) => format!("{:.0} % of the line is searched.", state.share * 100.0),
        (Some(_), Some(found)) => kinks::count_sentence(&found),
    }
    };
    let counts = move |of: &Option<KinksState>| {
        of.as_ref().and_then(|state| state.found.as_ref().map(|found| found.counts.clone()))
    };
    let json = Signal::derive(move || {
        found.read().as_ref().map_or_else(|| "null".to_owned(), |found| json!(found.counts).to_string())
    });
    let prediction =
        move || found.read().as_ref().map(|found| kinks::prediction_sentence(found, &names.read())).unwrap_or_default();
    let rows = move || {
        let states = states.get();
        let (now, initial) = (counts(&states.now)?, counts(&states.initial));
        let widths = lab.read_untracked().run.as_ref().map(|run| run.config.hidden.clone()).unwrap_or_default();
        let row = |(layer, (kinks, width)): (usize, (&usize, usize))| {
            let initial = initial.as_ref().map_or_else(|| "–".to_owned(), |counts| count(counts[layer]));
            view! {
                <tr>
                    <th scope="row">{format!("hidden {}", layer + 1)}</th>
                    <td>{count(width)}</td>
                    <td>{initial}</td>
                    <td>{count(*kinks)}</td>
                </tr>
            }
        };
        Some(now.iter().zip(widths).enumerate().map(row).collect_view())
    };
    let chart = Memo::new(move |_| kinks::chart(found.read().as_ref().unwrap_or(&LineKinks::default()), &names.read()));
    let hover = move |t: f64| {
        let found = found.get_untracked()?;
        let names = names.get_untracked();
        let mut logits: Vec<(usize, f64)> = kinks::outputs_at(&found, t).into_iter().enumerate().collect();
        logits.sort_by(|a, b| b.1.total_cmp(&a.1));
        let top = logits.first().map_or(0.0, |logit| logit.1);
        let mut rows: Vec<Row> = logits
            .iter()
            .take(SHOWN)
            .map(|&(class, value)| Row::new(names[class].clone(), significant(value, 4)))
            .collect();
        if let Some(kink) = kinks::nearest(&found, t) {
            let place = format!("t = {}", significant(kink.t, 6));
            let what = format!("{place}, layer {}, neuron {}", kink.layer + 1, kink.neuron + 1);
            rows.push(Row::new("nearest kink", format!("{what} goes {}", if kink.turns_on { "on" } else { "off" })));
        }
        let note = Readout { title: format!("t = {}", significant(t, 4)), rows, ..Readout::default() };
        Some(Hover { at: (t, top), note })
    };
    let csv = move || found.get_untracked().map(|found| kinks::csv(&found)).unwrap_or_default();
    let label = Signal::derive(move || {
        format!("The ten logits on the line through the two images. {} {}", text(), prediction())
    });
    let has_found = Memo::new(move |_| found.read().is_some());
    let has_both = Memo::new(move |_| {
        let states = states.read();
        counts(&states.now).is_some() && counts(&states.initial).is_some()
    });
    let end = move |testid: &'static str, label: &'static str, at: RwSignal<usize>| {
        let picture = move || {
            choices.read().get(at.get()).map(|(_, pixels)| view! { <Picture pixels=pixels.clone() side=SIDE/> })
        };
        view! {
            <div class="line-end">
                <div class="line-picture">{picture}</div>
                <div class="row"><Select testid label options value=at set=move |index| at.set(index)/></div>
            </div>
        }
    };
    let weights = move |initial: bool, text: &'static str| {
        view! {
            <button type="button" class="quiet" data-testid=if initial { "regions-initial" } else { "regions-now" } aria-pressed=move || (shows_initial.get() == initial).to_string() on:click=move |_| shows_initial.set(initial)>{text}</button>
        }
    };
    view! {
        <div class="row grid-head">
            <h2>"Kinks between two images"</h2>
            <button type="button" data-testid="regions-run" disabled=move || run.get().is_none() || is_working.get() || choices.read().is_empty() on:click=ask>"Find all kinks"</button>
        </div>
        <div class="line-ends">{end("regions-from", "t = 0", from)} {end("regions-to", "t = 1", to)}</div>
        <p class="aside" aria-live="polite"><Answer testid="line-kinks" value=json>{text}</Answer></p>
        <div class:gone=move || !has_found.get()>
            <div class="switch" role="group" aria-label="Which weights" class:gone=move || !has_both.get()>{weights(false, "weights of now")} {weights(true, "initial weights")}</div>
            <div class="line-plot"><Plot testid="plot-line-kinks" label chart hover csv file="piecewise-line-kinks"/></div>
            <p class="aside" data-testid="line-prediction">{prediction}</p>
            <table class="small">
                <thead>
                    <tr>
                        <th scope="col">"layer"</th>
                        <th scope="col">"neurons"</th>
                        <th scope="col">"kinks with initial weights"</th>
                        <th scope="col">"kinks now"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
            <p class="note">"Given are the network’s 32-bit numbers and the two images’ as the network gets them; the points between need not be images. A neuron of the first layer has one kink at most, one of a later layer may have many. The marks under the curves are kinks, a row for each layer."</p>
        </div>
    }
}
