//! Looks into the network: its first layer as images, how large its signals are, and the loss on the line that it came.

use leptos::prelude::*;
use serde_json::json;

use super::showing::Picture;
use crate::data::SIDE;
use crate::labs::numbers::{count, significant};
use crate::labs::train::TrainLab;
use crate::plot::{ChordLine, FunctionChart, PlotLine, Stroke, nice_range};
use crate::protocol::{Command, LineState};
use crate::train::WeightImage;
use crate::train::loss_line::{Chord, Evidence, FROM, LossPoint, POINTS, TO};
use crate::train::scale::expected_stds;
use crate::web::client;
use crate::web::components::{Answer, Hover, Plot, Readout, Row};

/// First-layer neurons that are shown.
const NEURONS: usize = 40;

#[component]
pub(super) fn Network(lab: RwSignal<TrainLab>) -> impl IntoView {
    let kept = Memo::new(move |_| lab.read().run.as_ref().filter(|run| run.is_kept).map(|run| run.id));
    let has_run = Memo::new(move |_| lab.read().run.is_some());
    view! {
        <p class="empty-note" class:gone=has_run>"There is no network yet: start a run, or open a model."</p>
        <div class:gone=move || !has_run.get()>
            <FirstLayer lab kept/>
            <Signals lab kept/>
            <Line lab kept/>
        </div>
    }
}

/// The strongest neurons of the first layer, after every epoch anew.
#[component]
fn FirstLayer(lab: RwSignal<TrainLab>, kept: Memo<Option<u32>>) -> impl IntoView {
    let epochs = Memo::new(move |_| lab.read().run.as_ref().map_or(0, |run| run.records.len()));
    Effect::new(move || {
        epochs.track();
        if let Some(run) = kept.get() {
            client::send(&Command::FirstLayer { run, count: NEURONS });
        }
    });
    let layer = Memo::new(move |_| lab.read().run.as_ref().and_then(|run| run.first_layer.clone()));
    let images = move || {
        let image = |image: WeightImage| {
            let label = format!(
                "Neuron {}: largest weight {}, norm {}",
                image.neuron,
                significant(f64::from(image.largest), 3),
                significant(image.norm, 3)
            );
            view! { <figure class="weights" title=label.clone() aria-label=label><Picture pixels=image.pixels side=SIDE/></figure> }
        };
        layer.get().map(|(_, images)| images.into_iter().map(image).collect_view())
    };
    let text = move || {
        layer.get().map(|(step, images)| {
            format!(
                "The {} neurons with the largest weights, after {} steps. Each is 32 × 32 × 3 weights, drawn in its own scale: grey is 0.",
                images.len(),
                count(step)
            )
        })
    };
    let json = move || {
        layer.get().map_or_else(
            || "null".to_owned(),
            |(step, images)| {
                json!({ "step": step, "neurons": images.iter().map(|image| image.neuron).collect::<Vec<_>>() })
                    .to_string()
            },
        )
    };
    view! {
        <h2>"First layer"</h2>
        <p class="aside">{text}</p>
        <div class="weight-grid" data-testid="first-layer" data-value=json>{images}</div>
    }
}

/// Why the loss begins at ln 10, and may stay there.
#[component]
fn Signals(lab: RwSignal<TrainLab>, kept: Memo<Option<u32>>) -> impl IntoView {
    let state = Memo::new(move |_| lab.read().run.as_ref().and_then(|run| run.scale.clone()));
    let config = Memo::new(move |_| lab.read().run.as_ref().map(|run| run.config.clone()));
    let is_working =
        Memo::new(move |_| kept.get().is_some() && state.read().as_ref().is_some_and(|state| state.scale.is_none()));
    let measure = move |_| {
        if let Some(run) = kept.get_untracked() {
            client::send(&Command::Scale { run });
        }
    };
    let rows = move || {
        let (state, config) = (state.get()?, config.get()?);
        let scale = state.scale?;
        let expected = expected_stds(config.init, &config.widths(), scale.input_mean_square);
        let last = scale.layers.len() - 1;
        let row = |(index, (layer, expected)): (usize, (&crate::train::scale::LayerScale, f64))| {
            let name = if index == last { "logits".to_owned() } else { format!("hidden {}", index + 1) };
            view! {
                <tr>
                    <th scope="row">{name}</th>
                    <td>{significant(expected, 3)}</td>
                    <td>{significant(layer.rms, 3)}</td>
                    <td>{significant(layer.largest, 3)}</td>
                    <td>{format!("{:.0} %", layer.positive_share * 100.0)}</td>
                </tr>
            }
        };
        Some(scale.layers.iter().zip(expected).enumerate().map(row).collect_view())
    };
    let text = move || {
        let state = state.get();
        match state {
            None => "How large pre-activations and logits are, against what the rule for initial weights predicts: why training can stall at a loss of ln 10 = 2.303.".to_owned(),
            Some(state) => match state.scale {
                None => format!("{} of {} images", count(state.done), count(state.total)),
                Some(scale) => {
                    let logits = scale.layers.last().map_or(0.0, |layer| layer.rms);
                    let tenth = if scale.largest_probability < 0.11 {
                        "The logits are so small that every class gets about a tenth, whatever the image. The gradients have the same small weights as factors, so the loss stays for a while."
                    } else {
                        "The logits are large enough to tell images apart."
                    };
                    format!(
                        "After {} steps, on {} training images: logits of size {}, a mean largest probability of {:.2} %, and a loss of {}; all classes alike would give ln 10 = {}. {tenth}",
                        count(state.step),
                        count(scale.images),
                        significant(logits, 3),
                        scale.largest_probability * 100.0,
                        significant(scale.loss, 5),
                        significant(scale.chance_loss, 5)
                    )
                }
            },
        }
    };
    let json = move || {
        state.get().and_then(|state| state.scale.map(|scale| (state.step, scale))).map_or_else(
            || "null".to_owned(),
            |(step, scale)| json!({ "step": step, "loss": scale.loss, "largest": scale.largest_probability, "rms": scale.layers.iter().map(|layer| layer.rms).collect::<Vec<_>>() }).to_string(),
        )
    };
    let has_rows = Memo::new(move |_| state.read().as_ref().is_some_and(|state| state.scale.is_some()));
    view! {
        <div class="row grid-head">
            <h2>"Signal size per layer"</h2>
            <button type="button" data-testid="scale" disabled=move || kept.get().is_none() || is_working.get() on:click=measure>"Measure now"</button>
        </div>
        <p class="aside" aria-live="polite" data-testid="scale-result" data-value=json>{text}</p>
        <div class="scroll wide" tabindex="0" role="region" aria-label="Signal size per layer" class:gone=move || !has_rows.get()>
            <table class="small">
                <thead>
                    <tr>
                        <th scope="col">"layer"</th>
                        <th scope="col">"predicted at the start"</th>
                        <th scope="col">"measured"</th>
                        <th scope="col">"largest"</th>
                        <th scope="col">"above 0"</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
            <p class="note">"Root mean square of the pre-activations. Predicted: with independent weights of standard deviation σ, v₁ = n₁σ₁²·E[x²] and vₗ₊₁ = nₗ₊₁σₗ₊₁²·vₗ / 2, since a ReLU keeps half of the square."</p>
        </div>
    }
}

/// The loss from the initial weights to those of now.
#[component]
fn Line(lab: RwSignal<TrainLab>, kept: Memo<Option<u32>>) -> impl IntoView {
    let line = Memo::new(move |_| lab.read().run.as_ref().and_then(|run| run.line.clone()));
    let is_working =
        Memo::new(move |_| kept.get().is_some() && line.read().as_ref().is_some_and(|line| line.evidence.is_none()));
    let measure = move |_| {
        if let Some(run) = kept.get_untracked() {
            client::send(&Command::LossLine { run });
        }
    };
    let chart = Memo::new(move |_| chart(line.read().as_ref()));
    let text = move || {
        match line.get() {
        None => "The loss along the straight line from the weights that the run began with to those it has now, and beyond both.".to_owned(),
        Some(LineState { points, evidence: None, .. }) => format!("{} of {POINTS} points", points.len()),
        Some(LineState { step, evidence: Some(evidence), .. }) => {
            format!("From 0 to {} steps. {}", count(step), sentence(evidence))
        }
    }
    };
    let verdict = Signal::derive(move || match line.read().as_ref().and_then(|line| line.evidence) {
        None => String::new(),
        Some(evidence) => word(evidence).to_owned(),
    });
    let hover = move |x: f64| {
        let line = line.get_untracked()?;
        let gap = |point: &&LossPoint| (point.alpha - x).abs();
        let point = line.points.iter().min_by(|a, b| gap(a).total_cmp(&gap(b)))?;
        let rows = vec![
            Row::new("loss", significant(point.loss, 4)),
            Row::new("accuracy", format!("{:.1} %", point.accuracy * 100.0)),
        ];
        let note = Readout { title: format!("α = {}", significant(point.alpha, 3)), rows, ..Readout::default() };
        Some(Hover { at: (point.alpha, point.loss), note })
    };
    let csv = move || {
        let points = line.get_untracked().map(|line| line.points).unwrap_or_default();
        let row = |point: &LossPoint| format!("{},{},{}\n", point.alpha, point.loss, point.accuracy);
        format!("alpha,loss,accuracy\n{}", points.iter().map(row).collect::<String>())
    };
    let label = Signal::derive(move || format!("The loss on the line from initial to present weights. {}", text()));
    let has_line = Memo::new(move |_| line.read().is_some());
    view! {
        <div class="row grid-head">
            <h2>"Loss on the line from the start"</h2>
            <button type="button" data-testid="loss-line" disabled=move || kept.get().is_none() || is_working.get() on:click=measure>"Measure now"</button>
        </div>
        <p class="aside" aria-live="polite"><Answer testid="loss-line-shape" value=verdict>{text}</Answer></p>
        <div class="short-plot" class:gone=move || !has_line.get()>
            <Plot testid="plot-loss-line" label chart hover csv file="piecewise-loss-line"/>
        </div>
    }
}

fn word(evidence: Evidence) -> &'static str {
    match (evidence.not_convex, evidence.not_concave) {
        (Some(_), Some(_)) => "neither",
        (None, Some(_)) => "not concave",
        (Some(_), None) => "not convex",
        (None, None) => "straight",
    }
}

fn sentence(evidence: Evidence) -> &'static str {
    match (evidence.not_convex, evidence.not_concave) {
        (Some(_), Some(_)) => {
            "Neither convex nor concave: one chord between measured points lies below the curve, another above it. Measured at 31 points, not proved; the path lab proves."
        }
        (None, Some(_)) => "Not concave (a chord lies above the curve). Looks convex at the 31 measured points.",
        (Some(_), None) => "Not convex (a chord lies below the curve). Looks concave at the 31 measured points.",
        (None, None) => "A straight line at the 31 measured points.",
    }
}

fn chart(line: Option<&LineState>) -> FunctionChart {
    let points: Vec<(f64, f64)> =
        line.map(|line| line.points.iter().map(|point| (point.alpha, point.loss)).collect()).unwrap_or_default();
    let finite = || points.iter().map(|point| point.1).filter(|loss| loss.is_finite());
    let top = finite().fold(1.0, f64::max);
    let chord = |chord: Chord| ChordLine {
        x: chord.points.map(|point| point.alpha),
        f: chord.points.map(|point| point.loss),
        chord: chord.height,
    };
    let evidence = line.and_then(|line| line.evidence).unwrap_or_default();
    let ends = points.iter().copied().filter(|(alpha, _)| *alpha == 0.0 || *alpha == 1.0);
    FunctionChart {
        x: (FROM, TO),
        y: nice_range(0.0, top),
        kinks: ends.collect(),
        lines: vec![PlotLine { points, stroke: Stroke::Main, name: String::new() }],
        chords: [evidence.not_convex, evidence.not_concave].into_iter().flatten().map(chord).collect(),
        x_label: "α: 0 is the start, 1 is now".into(),
        y_label: "loss (cross-entropy)".into(),
    }
}
