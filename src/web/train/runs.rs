//! The runs so far, side by side.

use leptos::prelude::*;
use serde_json::json;

use crate::labs::train::{Form, RunHistory, TrainLab};
use crate::protocol::RunId;
use crate::web::keeping;
use crate::web::state::use_labs;

/// All runs' curves as one table: those of a single run as they are, of several with the run's name in front.
pub(in crate::web) fn csv(lab: &TrainLab) -> String {
    let runs: Vec<&RunHistory> = lab.runs().collect();
    match runs[..] {
        [run] => run.to_csv(),
        _ => {
            let mut csv = String::from("run,step,epoch,seconds,loss,train_accuracy,validation_accuracy\n");
            for run in runs {
                let name = run.name.replace([',', '"', '\n'], " ");
                for line in run.to_csv().lines().skip(1) {
                    csv += &format!("{name},{line}\n");
                }
            }
            csv
        }
    }
}

/// A table of the runs: what differs between them, how far they came, and whether they are drawn.
#[component]
pub(super) fn Runs(lab: RwSignal<TrainLab>, form: RwSignal<Form>) -> impl IntoView {
    let ids = Memo::new(move |_| lab.read().runs().map(|run| run.id).collect::<Vec<RunId>>());
    // Names of the settings that are not the same in all runs, and each run's values.
    let differing = Memo::new(move |_| {
        let lab = lab.read();
        let all: Vec<_> = lab.runs().map(RunHistory::settings).collect();
        let Some(first) = all.first() else { return Vec::new() };
        let differs = |index: &usize| all.iter().any(|settings| settings[*index].1 != first[*index].1);
        (0..first.len()).filter(differs).map(|index| first[index].0).collect::<Vec<_>>()
    });
    let json = move || {
        let row = |run: &RunHistory| {
            let last = run.last_record();
            json!({
                "id": run.id, "name": run.name, "shown": run.is_shown, "steps": run.losses.len(),
                "train": last.map(|record| record.train_accuracy),
                "validation": last.and_then(|record| record.validation_accuracy),
                "losses": run.losses.iter().take(5).collect::<Vec<_>>(),
            })
        };
        json!(lab.read().runs().map(row).collect::<Vec<_>>()).to_string()
    };
    view! {
        <div class:gone=move || ids.read().len() < 2 data-testid="runs" data-value=json>
            <h2>"Runs"</h2>
            <div class="scroll wide" tabindex="0" role="region" aria-label="Runs">
                <table class="small runs">
                    <thead>
                        <tr>
                            <th scope="col">"run"</th>
                            {move || differing.get().into_iter().map(|name| view! { <th scope="col">{name}</th> }).collect_view()}
                            <th scope="col">"steps"</th>
                            <th scope="col">"train"</th>
                            <th scope="col">"validation"</th>
                            <td></td>
                        </tr>
                    </thead>
                    <tbody>{move || ids.get().into_iter().map(|id| view! { <Row lab form id differing/> }).collect_view()}</tbody>
                </table>
            </div>
            <p class="note">"Settings that all runs share are not listed. The same settings and seed give the same numbers."</p>
        </div>
    }
}

#[component]
fn Row(lab: RwSignal<TrainLab>, form: RwSignal<Form>, id: RunId, differing: Memo<Vec<&'static str>>) -> impl IntoView {
    let of = move |read: fn(&RunHistory) -> String| {
        move || lab.with(|lab| lab.runs().find(|run| run.id == id).map(read).unwrap_or_default())
    };
    let percent = |share: f64| format!("{:.1} %", share * 100.0);
    let is_shown = move || lab.with(|lab| lab.runs().any(|run| run.id == id && run.is_shown));
    let colour = lab.with_untracked(|lab| lab.runs().find(|run| run.id == id).map_or(0, |run| run.colour));
    let is_last = move || lab.with(|lab| lab.run.as_ref().is_some_and(|run| run.id == id));
    let values = move || {
        let settings =
            lab.with(|lab| lab.runs().find(|run| run.id == id).map(RunHistory::settings).unwrap_or_default());
        let value =
            |name: &&'static str| settings.iter().find(|setting| setting.0 == *name).map(|setting| setting.1.clone());
        differing.read().iter().map(|name| view! { <td><b>{value(name)}</b></td> }).collect_view()
    };
    let show = move |shown: bool| {
        lab.update(|lab| {
            if let Some(run) = lab.run_mut(id) {
                run.is_shown = shown;
            }
        });
    };
    let labs = use_labs();
    let rename = move |name: String| {
        lab.update(|lab| {
            if let Some(run) = lab.run_mut(id).filter(|_| !name.trim().is_empty()) {
                run.name = name.trim().chars().take(40).collect();
            }
        });
        keeping::save_run(labs, id);
    };
    // The same seed gives the same initial weights.
    let again = move |_| {
        if let Some(config) =
            lab.with_untracked(|lab| lab.runs().find(|run| run.id == id).map(|run| run.config.clone()))
        {
            form.set(Form::from(&config));
        }
    };
    view! {
        <tr>
            <td class="run-name">
                <input type="checkbox" data-testid=format!("show-run-{id}") aria-label="Draw this run" prop:checked=is_shown on:change:target=move |event| show(event.target().checked())/>
                <span class=format!("swatch run-{colour}")></span>
                <input type="text" data-testid=format!("name-run-{id}") aria-label="The run’s name" prop:value=of(|run| run.name.clone()) on:change:target=move |event| rename(event.target().value())/>
            </td>
            {values}
            <td>{of(|run| run.losses.len().to_string())}</td>
            <td>{move || lab.with(|lab| lab.runs().find(|run| run.id == id).and_then(|run| run.last_record()).map(|record| percent(record.train_accuracy)))}</td>
            <td>{move || lab.with(|lab| lab.runs().find(|run| run.id == id).and_then(|run| run.last_record()).and_then(|record| record.validation_accuracy).map(percent))}</td>
            <td>
                <button type="button" class="quiet inline" data-testid=format!("again-run-{id}") title="Put these settings back into the form" on:click=again>"Settings"</button>
                <button type="button" class="quiet inline" class:hidden=is_last data-testid=format!("forget-run-{id}") title="Take this run out of the comparison" on:click=move |_| lab.update(|lab| lab.forget(id))>"Remove"</button>
            </td>
        </tr>
    }
}
