//! `#/bench`: how fast this browser multiplies matrices and trains, as a share of what it can, and how the cost grows.

use leptos::prelude::*;
use serde_json::json;

use super::client;
use super::components::{Hover, LabTitle, Plot, Readout, Row, Select};
use super::no_trainer::NoTrainer;
use super::router::Lab;
use super::state::use_labs;
use crate::labs::bench::{BenchLab, Task, place, word};
use crate::labs::numbers::{bytes, count, significant};
use crate::plot::{GrowthChart, Look, Scale, Series};
use crate::protocol::{BenchRow, Command, GrowthPoint, Over, RateRow};
use crate::train::Config;

const GROWTH: &[Task] = &[Task::Growth, Task::LargeGrowth];

#[component]
pub(super) fn BenchPage() -> impl IntoView {
    let labs = use_labs();
    client::prepare();
    let bench = labs.bench;
    let has_run = Memo::new(move |_| labs.train.read().status.has_run());
    let results = move || {
        let row = |row: &BenchRow| {
            json!({
                "name": row.name, "code": row.code, "m": row.m, "n": row.n, "k": row.k,
                "gflops": row.gflops, "median_gflops": row.median_gflops, "share_of_peak": row.share_of_peak,
            })
        };
        json!(bench.read().speeds.products.iter().map(row).collect::<Vec<_>>()).to_string()
    };
    let kernel = move || labs.train.read().kernel.clone().unwrap_or_else(|| "…".into());
    let row = |row: &BenchRow| {
        let size = if row.k == 0 { String::new() } else { format!("{} × {} × {}", row.m, row.k, row.n) };
        let code = match row.code.as_str() {
            "limit" => "registers only",
            "piecewise" => "Piecewise",
            _ => "ndarray’s dot",
        };
        view! {
            <tr class:limit=row.code == "limit" class:ours=row.code == "piecewise">
                <td>{row.name.clone()}</td>
                <td>{code}</td>
                <td>{size}</td>
                <td>{format!("{:.1}", row.gflops)}</td>
                <td>{format!("{:.1}", row.median_gflops)}</td>
                <td>
                    <span class="bar" style=format!("--share:{:.3}", row.share_of_peak.min(1.0))></span>
                    {format!("{:.0} %", row.share_of_peak * 100.0)}
                </td>
            </tr>
        }
    };
    let rows = move || {
        let bench = bench.read();
        if bench.speeds.products.is_empty() {
            return view! { <tr><td colspan="6" class="aside">{bench.empty_text()}</td></tr> }.into_any();
        }
        bench.speeds.products.iter().map(row).collect_view().into_any()
    };
    view! {
        <div class="page">
            <LabTitle lab=Lab::Bench title="Bench"/>
            <p class="lead">
                "The matrix products of one training step (3072–512–512–10, batch 256) in the worker, ours and ndarray’s, "
                "against a bare multiply-and-add loop that touches no memory. All in one run, since speeds of two runs do not compare."
            </p>
            <NoTrainer/>
            <div class="row buttons">
                <Measure task=Task::Speeds testid="bench-run" text="Measure"/>
                <Progress of=&[Task::Speeds]/>
            </div>
            {move || has_run.get().then(|| view! { <p class="note">"A run is under way; stop it to measure."</p> })}
            <Problem of=&[Task::Speeds]/>
            <div class="scroll wide" data-testid="bench-results" data-value=results tabindex="0" role="region" aria-label="Speeds">
                <table class="bench">
                    <thead>
                        <tr>
                            <th scope="col">"product"</th>
                            <th scope="col">"code"</th>
                            <th scope="col">"rows × sum × columns"</th>
                            <th scope="col">"GFLOP/s, best"</th>
                            <th scope="col">"median"</th>
                            <th scope="col">"of the limit"</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
            <p class="note">
                "Kernel: " <span data-testid="kernel" data-value=kernel>{kernel}</span>
                ". A multiplication and an addition are two operations. Best and median are of nine rounds; other work on the machine slows all rows."
            </p>
            <Rates/>
            <Growth/>
        </div>
    }
}

/// A button that starts and stops a measurement.
#[component]
fn Measure(task: Task, testid: &'static str, #[prop(into)] text: String) -> impl IntoView {
    let labs = use_labs();
    let bench = labs.bench;
    let running = Memo::new(move |_| bench.read().running);
    let is_mine = Memo::new(move |_| bench.read().task == task && running.get().is_some());
    let is_blocked = move || labs.train.read().status.has_run() || (running.get().is_some() && !is_mine.get());
    let toggle = move |_| {
        if is_mine.get_untracked() {
            client::send(&Command::StopBench);
        } else {
            bench.update(|bench: &mut BenchLab| bench.start(task));
            client::send(&task.command());
        }
    };
    view! {
        <button type="button" class:primary=task == Task::Speeds data-testid=testid disabled=is_blocked on:click=toggle>
            {move || if is_mine.get() { "Stop".to_owned() } else { text.clone() }}
        </button>
    }
}

/// How far a measurement is, while one of these is under way.
#[component]
fn Progress(of: &'static [Task]) -> impl IntoView {
    let bench = use_labs().bench;
    let running = Memo::new(move |_| {
        let bench = bench.read();
        bench.running.filter(|_| of.contains(&bench.task))
    });
    let share = move || running.get().map_or(0.0, |(done, total)| 100.0 * done as f64 / total.max(1) as f64);
    view! {
        <div class="progress" class:hidden=move || running.get().is_none() role="progressbar" aria-label="Progress of the measurement" aria-valuemin="0" aria-valuemax="100" aria-valuenow=move || format!("{:.0}", share())>
            <div style=move || format!("width:{:.1}%", share())></div>
        </div>
    }
}

/// What could not be measured, if that was one of these.
#[component]
fn Problem(of: &'static [Task]) -> impl IntoView {
    let bench = use_labs().bench;
    let message = Memo::new(move |_| {
        let bench = bench.read();
        bench.error.clone().filter(|_| of.contains(&bench.task))
    });
    move || message.get().map(|message| view! { <p class="error" role="alert" data-testid="error">{message}</p> })
}

/// What surrounds the products.
#[component]
fn Rates() -> impl IntoView {
    let bench = use_labs().bench;
    let json = move || {
        let row = |row: &RateRow| json!({ "name": row.name, "unit": row.unit, "best": row.best, "median": row.median, "share": row.share });
        json!(bench.read().speeds.rates.iter().map(row).collect::<Vec<_>>()).to_string()
    };
    let row = |row: &RateRow| {
        let share = row.share.map(|share| {
            let of = if row.unit == "MB/s" { "copying" } else { "the limit" };
            view! { <span class="bar" style=format!("--share:{:.3}", share.min(1.0))></span> {format!("{} % of {of}", significant(share * 100.0, 2))} }
        });
        let number = |value: f64| count(value.round() as usize);
        view! { <tr><td>{row.name.clone()}</td><td>{row.unit.clone()}</td><td>{number(row.best)}</td><td>{number(row.median)}</td><td>{share}</td></tr> }
    };
    view! {
        <div class="scroll wide" data-testid="bench-rates" data-value=json tabindex="0" role="region" aria-label="Speeds of reading, preparing, training and evaluating" class:gone=move || bench.read().speeds.rates.is_empty()>
            <table class="bench">
                <thead>
                    <tr><th scope="col">"around the products"</th><th scope="col">"unit"</th><th scope="col">"best"</th><th scope="col">"median"</th><th scope="col">"share"</th></tr>
                </thead>
                <tbody>{move || bench.read().speeds.rates.iter().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
}

/// How the cost of a step grows.
#[component]
fn Growth() -> impl IntoView {
    let bench = use_labs().bench;
    let json = move || {
        let point = |point: &GrowthPoint| {
            json!({
                "over": word(point.over), "at": point.at, "best_ms": point.best_ms, "median_ms": point.median_ms,
                "limit_ms": point.limit_ms, "images_per_second": 1000.0 * point.images as f64 / point.best_ms,
                "share_of_peak": point.limit_ms / point.best_ms,
            })
        };
        json!(bench.read().growth.iter().map(point).collect::<Vec<_>>()).to_string()
    };
    let chart = Memo::new(move |_| growth_chart(&bench.read()));
    let over = Memo::new(move |_| bench.read().over);
    let options = [
        (Over::Width, "hidden width, batch 256"),
        (Over::Batch, "batch size, width 512"),
        (Over::Workers, "workers, 512–512, batch 256"),
    ]
    .map(|(over, text)| (over, word(over).to_owned(), text.to_owned()));
    let label = Signal::derive(move || {
        format!("Milliseconds of a training step against {}; the table below has the numbers", word(over.get()))
    });
    let row = |point: &GrowthPoint| {
        let share = point.limit_ms / point.best_ms;
        view! {
            <tr>
                <td>{count(point.at)}</td>
                <td>{significant(point.best_ms, 3)}</td>
                <td>{significant(point.median_ms, 3)}</td>
                <td>{count((1000.0 * point.images as f64 / point.best_ms).round() as usize)}</td>
                <td><span class="bar" style=format!("--share:{:.3}", share.min(1.0))></span>{format!("{:.0} %", share * 100.0)}</td>
            </tr>
        }
    };
    let homework = Config { hidden: vec![8192, 8192], ..Config::default() };
    let large = format!("Measure width 8192 (about {})", bytes(homework.bytes()));
    view! {
        <h2>"How the cost grows"</h2>
        <p class="lead">
            "A training step of 3072–n–n–10 without data preparation, against n, against the batch, and against the workers that share it. Twice the width is four times the work, once the hidden layers outweigh the input’s. The limit is that of one core, times the workers."
        </p>
        <div class="row wrap buttons">
            <Measure task=Task::Growth testid="growth-run" text="Measure growth"/>
            <Measure task=Task::LargeGrowth testid="growth-large" text=large/>
            <Progress of=GROWTH/>
        </div>
        <Problem of=GROWTH/>
        <div class="row wrap"><Select testid="growth-over" label="Against" options=options.to_vec() value=over set=move |over| bench.update(|bench| bench.over = over)/></div>
        <div class="picture flowing" data-testid="bench-growth" data-value=json>
            <Plot
                testid="plot-growth"
                label
                chart
                hover=move |pointer| growth_hover(&bench.read_untracked(), &chart.read_untracked(), pointer)
                csv=move || bench.read_untracked().growth_csv()
                file="piecewise-growth"
            />
        </div>
        <div class="scroll wide" tabindex="0" role="region" aria-label="Cost of a step" class:gone=move || bench.read().shown().next().is_none()>
            <table class="numbers">
                <thead>
                    <tr><th scope="col">{move || word(over.get())}</th><th scope="col">"ms per step, best"</th><th scope="col">"median"</th><th scope="col">"images/s"</th><th scope="col">"of the limit"</th></tr>
                </thead>
                <tbody>{move || bench.read().shown().map(row).collect_view()}</tbody>
            </table>
        </div>
    }
}

fn growth_chart(bench: &BenchLab) -> GrowthChart {
    let points =
        |value: fn(&GrowthPoint) -> f64| bench.shown().map(|point| (point.at as f64, value(point))).collect::<Vec<_>>();
    let best = points(|point| point.best_ms);
    let (x, scale, x_label): ((f64, f64), _, _) = match bench.over {
        Over::Width => ((64.0, 4096.0), Scale::Log2, "hidden width"),
        Over::Batch => ((1.0, 1024.0), Scale::Log2, "images a step"),
        Over::Workers => ((1.0, 2.0), Scale::Linear, "workers"),
    };
    let x = best.iter().fold(x, |(low, high), point| (low.min(point.0), high.max(point.0)));
    let series = |name: &str, look, points| Series { name: name.into(), points, bars: Vec::new(), look };
    let limit = match bench.over {
        Over::Width | Over::Batch => "the multiply-add limit",
        Over::Workers => "the multiply-add limit of one core, times the workers",
    };
    GrowthChart {
        x,
        scale,
        x_label: x_label.into(),
        y_label: "ms per step".into(),
        series: vec![
            series(limit, Look::Limit, points(|point| point.limit_ms)),
            series("a step, the best of several", Look::Main, best),
        ],
    }
}

fn growth_hover(bench: &BenchLab, chart: &GrowthChart, pointer: f64) -> Option<Hover> {
    let at = chart.nearest_x(pointer)?;
    let point = bench.shown().find(|point| point.at as f64 == at)?;
    let row = |name, ms: f64, entry| Row::new(name, format!("{} ms", significant(ms, 3))).of(entry);
    let rows = vec![row("a step", point.best_ms, 1), row("at the limit", point.limit_ms, 0)];
    let note = Readout { title: place(point.over, point.at), rows, ..Readout::default() };
    Some(Hover { at: chart.at((at, point.best_ms)), note })
}
