//! What is known of the network that is shown.

use leptos::prelude::*;
use serde_json::json;

use super::{Here, go_on};
use crate::labs::gates::Part;
use crate::labs::plane::gate::gate;
use crate::labs::plane::run::{PlaneRun, SEEDS, wrong};
use crate::labs::plane::words;
use crate::piecewise::bounds::max_regions_of_plane;
use crate::web::components::Answer;
use crate::web::router::{Lab, go_to};
use crate::web::state::use_labs;

#[component]
pub(super) fn Answers(here: Here) -> impl IntoView {
    let report = here.report;
    let of = move |value: &dyn Fn(&crate::protocol::PlaneReport) -> String| {
        report.read().as_deref().map_or_else(|| "–".into(), value)
    };
    let regions = Signal::derive(move || of(&|report| report.picture.regions.to_string()));
    let bound = Signal::derive(move || max_regions_of_plane(&here.lab.read().hidden).to_string());
    let wrong_now = Signal::derive(move || of(&|report| wrong(&report.verdicts[0]).to_string()));
    let proved = Signal::derive(move || {
        of(&|report| (!report.verdicts[0].is_empty() && wrong(&report.verdicts[0]) == 0).to_string())
    });
    view! {
        <h2>"Regions"</h2>
        <p class="status big"><Answer testid="plane-regions" value=regions><b>{move || of(&|report| words::regions(report))}</b></Answer></p>
        <p class="aside">
            "in this window. A network of these widths has at most "
            <Answer testid="plane-bound" value=bound>{move || words::bound(&here.lab.read().hidden)}</Answer>
            " on the whole plane."
        </p>
        <p><Answer testid="plane-dead" value=Signal::derive(move || of(&|report| words::dead(&report.picture.activity)))>{move || of(&|report| words::dead(&report.picture.activity))}</Answer></p>
        <h2>"Right or wrong"</h2>
        <p class="status big"><Answer testid="plane-wrong" value=wrong_now><b>{move || of(&|report| words::standing(&report.verdicts[0]))}</b></Answer></p>
        <p><Answer testid="plane-proved" value=proved>{move || of(&|report| words::proof(&report.verdicts[0]).to_owned())}</Answer></p>
        <p class="aside">{move || of(&words::losses)}</p>
        <Prove here/>
        <SeedsTried here/>
        <p class="note">
            "The weights are f32, so fractions whose denominators are powers of two, and every sign is that of these very numbers: "
            <Answer testid="plane-decisions" value=Signal::derive(move || of(&|report| format!("{:?}", report.picture.decisions)))>{move || of(&|report| words::decisions(report.picture.decisions))}</Answer>
            " Regions are counted by which neurons are on."
        </p>
    }
}

/// Takes the network to the gate lab, where the points are a gate's.
#[component]
fn Prove(here: Here) -> impl IntoView {
    let labs = use_labs();
    let is_gate = Memo::new(move |_| here.lab.read().recipe.shape.gate().is_some());
    let problem = RwSignal::new(None::<String>);
    Effect::new(move || {
        here.lab.track();
        problem.set(None);
    });
    let press = move |_| {
        let Some(report) = here.report.get_untracked() else { return };
        match here.lab.with_untracked(|lab| gate(lab, &report.weights)) {
            Ok(gate) => {
                labs.gates.update(|lab| (lab.part, lab.gate) = (Part::Plane, gate));
                go_to(Lab::Gates);
            }
            Err(message) => problem.set(Some(message)),
        }
    };
    move || {
        is_gate.get().then(|| {
            view! {
                <p>
                    <button type="button" data-testid="plane-prove" disabled=move || here.report.read().is_none() on:click=press>"Hand it to the prover"</button>
                </p>
                {move || problem.get().map(|message| view! { <p class="error" role="alert" data-testid="error">{message}</p> })}
                <p class="note">"Points are a sample of a gate. The gate lab decides over the whole plane, with the weights rounded to six places."</p>
            }
        })
    }
}

/// The same from ten seeds: how often does it fail?
#[component]
fn SeedsTried(here: Here) -> impl IntoView {
    let labs = use_labs();
    let run = labs.plane_run;
    let tried = Memo::new(move |_| run.read().seeds.clone());
    let is_stuck = move || here.report.read().is_none() || tried.read().as_ref().is_some_and(|(_, is_over)| !is_over);
    let press = move |_| {
        run.update(PlaneRun::try_seeds);
        go_on(labs);
    };
    let value = Signal::derive(move || {
        tried
            .read()
            .as_ref()
            .filter(|(_, is_over)| *is_over)
            .map_or_else(|| "–".into(), |(wrong, _)| json!(wrong).to_string())
    });
    view! {
        <div class="row buttons">
            <button type="button" data-testid="plane-try-seeds" disabled=is_stuck title="Trains the same network from this seed and the nine after it" on:click=press>"Try ten seeds"</button>
        </div>
        <p class="aside" aria-live="polite"><Answer testid="plane-seeds" value>{move || tried.read().as_ref().map(|(wrong, is_over)| words::seeds(wrong, *is_over, SEEDS))}</Answer></p>
    }
}
