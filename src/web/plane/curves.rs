//! Regions and losses over the steps that were seen.

use leptos::prelude::*;

use super::Here;
use crate::labs::numbers::{count, significant};
use crate::labs::plane::run::Seen;
use crate::plot::{FunctionChart, PlotLine, Stroke, nice_range};
use crate::web::components::{Hover, Plot, Readout, Row};
use crate::web::state::use_labs;

#[component]
pub(super) fn Curves(here: Here) -> impl IntoView {
    let run = use_labs().plane_run;
    let curve = Memo::new(move |_| run.read().curve.clone());
    // Where the picture stands.
    let step = Memo::new(move |_| here.step());
    let regions = Memo::new(move |_| {
        curve.with(|curve| {
            chart(
                curve,
                step.get(),
                "regions",
                &[(Stroke::Main, "regions", |seen| seen.regions.map(|regions| regions as f64))],
            )
        })
    });
    let losses = Memo::new(move |_| {
        let training = |seen: &Seen| seen.losses[0];
        let validation = |seen: &Seen| seen.losses[1];
        let has_validation = curve.read().iter().any(|seen| seen.losses[1].is_some());
        let lines: [Line; 2] = [(Stroke::Main, "training", training), (Stroke::Learned, "validation", validation)];
        curve.with(|curve| chart(curve, step.get(), "loss", &lines[..1 + usize::from(has_validation)]))
    });
    let csv = move || {
        let mut csv = String::from("step,regions,training loss,validation loss,training points not right\n");
        for Seen { step, regions, losses, wrong } in curve.read_untracked().iter() {
            let [training, validation] = losses.map(|loss| loss.map(|loss| loss.to_string()).unwrap_or_default());
            let regions = regions.map(|regions| regions.to_string()).unwrap_or_default();
            csv += &format!("{step},{regions},{training},{validation},{wrong}\n");
        }
        csv
    };
    let seen = move |x: f64| {
        let nearest = |a: &&Seen, b: &&Seen| (a.step as f64 - x).abs().total_cmp(&(b.step as f64 - x).abs());
        curve.read_untracked().iter().min_by(nearest).copied()
    };
    let note = |seen: &Seen| {
        let loss = |name: &str, loss: Option<f64>| loss.map(|loss| Row::new(name, significant(loss, 3)));
        let regions = seen.regions.map(|regions| Row::new("regions", count(regions)));
        let rows = regions.into_iter().chain([Row::new("not right", count(seen.wrong))]);
        let losses = [loss("training loss", seen.losses[0]), loss("validation loss", seen.losses[1])];
        let title = format!("step {}", count(seen.step));
        Readout { title, rows: rows.chain(losses.into_iter().flatten()).collect(), ..Readout::default() }
    };
    let regions_at = move |x: f64| {
        let seen = seen(x)?;
        Some(Hover { at: (seen.step as f64, seen.regions? as f64), note: note(&seen) })
    };
    let losses_at = move |x: f64| {
        seen(x).map(|seen| Hover { at: (seen.step as f64, seen.losses[0].unwrap_or_default()), note: note(&seen) })
    };
    view! {
        <h2>"Over the steps"</h2>
        <div class="short-plot">
            <Plot testid="plot-plane-regions" label="Regions in the window against steps" chart=regions hover=regions_at csv file="piecewise-plane-regions"/>
            <Plot testid="plot-plane-losses" label="Mean cross-entropy against steps" chart=losses hover=losses_at csv file="piecewise-plane-losses"/>
        </div>
        <p class="note">"Each picture that was shown is a point of the curves. Regions are counted anew when the window moves."</p>
    }
}

/// How a line looks, its name, and its value.
type Line = (Stroke, &'static str, fn(&Seen) -> Option<f64>);

fn chart(curve: &[Seen], step: usize, y_label: &str, lines: &[Line]) -> FunctionChart {
    let line = |(stroke, name, value): &Line| PlotLine {
        points: curve.iter().filter_map(|seen| Some((seen.step as f64, value(seen)?))).collect(),
        stroke: *stroke,
        name: (*name).into(),
    };
    let lines: Vec<PlotLine> = lines.iter().map(line).collect();
    let largest = lines.iter().flat_map(|line| &line.points).map(|point| point.1).fold(0.0, f64::max);
    let here = lines.first().and_then(|line| line.points.iter().find(|point| point.0 == step as f64)).copied();
    let last = curve.last().map_or(1, |seen| seen.step.max(1));
    let y = (0.0, nice_range(0.0, largest.max(1e-3)).1);
    FunctionChart {
        x: (0.0, last as f64),
        y,
        kinks: here.into_iter().collect(),
        lines,
        chords: Vec::new(),
        x_label: "steps".into(),
        y_label: y_label.into(),
    }
}
