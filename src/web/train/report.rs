//! What the network has learned: confusion, mistakes, dead neurons, on the validation images.

use leptos::prelude::*;
use serde_json::json;

use super::showing::Picture;
use crate::data::{CLASSES, SIDE};
use crate::labs::numbers::count;
use crate::labs::train::{TrainLab, names_of_classes};
use crate::protocol::{Command, Source};
use crate::train::{LayerActivity, Mistake, Report};
use crate::web::client;

/// Mistakes that are shown.
const MISTAKES: usize = 12;

#[component]
pub(super) fn Understand(lab: RwSignal<TrainLab>) -> impl IntoView {
    let state = Memo::new(move |_| lab.read().run.as_ref().and_then(|run| run.report.clone()));
    let is_kept =
        Memo::new(move |_| lab.read().run.as_ref().is_some_and(|run| run.is_kept && !run.config.random_labels));
    let has_validation = Memo::new(move |_| {
        let lab = lab.read();
        lab.data.validation > 0 || lab.run.as_ref().is_some_and(|run| run.config.held_out > 0)
    });
    let is_working =
        Memo::new(move |_| is_kept.get() && state.read().as_ref().is_some_and(|state| state.report.is_none()));
    let report = Memo::new(move |_| state.read().as_ref().and_then(|state| state.report.clone()));
    let ask = move |_| {
        if let Some(run) = lab.read_untracked().run.as_ref().map(|run| run.id) {
            client::send(&Command::Report { run, mistakes: MISTAKES });
        }
    };
    // The pictures of the mistakes, once they are known.
    Effect::new(move || {
        let Some(report) = report.get() else { return };
        let validation = !report.is_held_out;
        let missing: Vec<usize> = lab.with_untracked(|lab| {
            let indices = report.mistakes.iter().map(|mistake| mistake.index);
            indices.filter(|index| !lab.images.contains_key(&(validation, *index))).collect()
        });
        if !missing.is_empty() {
            client::send(&Command::Images { validation, indices: missing });
        }
    });
    let text = move || match &*state.read() {
        None if !has_validation.get() => {
            "Needs validation images: load the test batch, too, or hold some out.".to_owned()
        }
        None => "Runs the network, as it is now, on every validation image.".to_owned(),
        Some(state) if state.report.is_none() => format!("{} of {} images", count(state.done), count(state.total)),
        Some(state) => {
            let kind =
                if state.report.as_ref().is_some_and(|report| report.is_held_out) { "held-out" } else { "validation" };
            format!("After {} steps, on {} {kind} images.", count(state.step), count(state.total))
        }
    };
    let json = move || {
        report.with(|report| match report {
            None => "null".to_owned(),
            Some(report) => {
                let mistake = |mistake: &Mistake| json!([mistake.index, mistake.label, mistake.predicted, mistake.probability]);
                json!({ "confusion": report.confusion, "mistakes": report.mistakes.iter().map(mistake).collect::<Vec<_>>() }).to_string()
            }
        })
    };
    view! {
        <h2>"Evaluate"</h2>
        <div class="row">
            <button type="button" data-testid="report" disabled=move || !is_kept.get() || is_working.get() || !has_validation.get() on:click=ask>"Run on the validation set"</button>
        </div>
        <p class="aside" aria-live="polite" data-testid="report-result" data-value=json>{text}</p>
        {move || report.get().map(|report| view! { <Details lab report=*report/> })}
    }
}

#[component]
fn Details(lab: RwSignal<TrainLab>, report: Report) -> impl IntoView {
    // The names of the run's own data, whatever is loaded now.
    let data = lab.with_untracked(|lab| lab.run.as_ref().map(|run| run.data.clone())).unwrap_or_default();
    let source = data.source;
    let names = StoredValue::new(names_of_classes(&data));
    let name = move |class: usize| names.with_value(|names| names[class].clone());
    let short = move |class: usize| name(class).chars().take(3).collect::<String>();
    let accuracies = report.class_accuracies();
    let largest = report.confusion.iter().flatten().copied().max().unwrap_or(1).max(1);
    let row = |class: usize| {
        let cell = |predicted: usize| {
            let number = report.confusion[class][predicted];
            let share = f64::from(number) / f64::from(largest);
            let style = format!("--share:{share:.3}");
            view! { <td class:right=class == predicted class:wrong-cell=class != predicted style=style>{number}</td> }
        };
        let accuracy = accuracies[class].map_or_else(|| "–".to_owned(), |share| format!("{:.0} %", share * 100.0));
        view! { <tr><th scope="row">{short(class)}</th>{(0..CLASSES).map(cell).collect_view()}<td><b>{accuracy}</b></td></tr> }
    };
    let layer = |(index, layer): (usize, &LayerActivity)| {
        let dead = match layer.never_fired {
            0 => "none never fires".to_owned(),
            1 => "1 never fires".to_owned(),
            number => format!("{} never fire", count(number)),
        };
        view! { <li>{format!("Hidden layer {}, {} neurons: {:.0} % of activations are 0; {dead}.", index + 1, count(layer.width), layer.zero_share * 100.0)}</li> }
    };
    let (mistakes, validation) = (report.mistakes.clone(), !report.is_held_out);
    let picture = move |mistake: Mistake| {
        let image = move || lab.with(|lab| lab.picture_of_last_run(validation, mistake.index));
        let called = |label: u8| match source {
            Source::Files => name(usize::from(label)),
            _ => format!("class {label}"),
        };
        let words = format!(
            "{}, taken for {} ({:.0} %)",
            called(mistake.label),
            called(mistake.predicted),
            mistake.probability * 100.0
        );
        view! {
            <figure class="mistake">
                {move || image().map(|pixels| view! { <Picture pixels side=SIDE/> })}
                <figcaption>{words}</figcaption>
            </figure>
        }
    };
    view! {
        <div class="scroll wide" tabindex="0" role="region" aria-label="Confusion matrix">
            <table class="confusion">
                <caption>"Rows: what it is. Columns: what it was taken for."</caption>
                <thead><tr><td></td>{(0..CLASSES).map(|class| view! { <th scope="col">{short(class)}</th> }).collect_view()}<th scope="col">"right"</th></tr></thead>
                <tbody>{(0..CLASSES).map(row).collect_view()}</tbody>
            </table>
        </div>
        <ul class="layer-list">{report.layers.iter().enumerate().map(layer).collect_view()}</ul>
        <h2>"Its most confident mistakes"</h2>
        <div class="mistakes" data-testid="mistakes">{mistakes.into_iter().map(picture).collect_view()}</div>
    }
}
