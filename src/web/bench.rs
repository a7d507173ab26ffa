//! `#/bench`: how fast this browser multiplies matrices, as a share of what it can.

use leptos::prelude::*;
use serde_json::json;

use super::app::use_labs;
use super::client;
use crate::labs::bench::BenchLab;
use crate::protocol::{BenchRow, Command};

#[component]
pub(super) fn BenchPage() -> impl IntoView {
    let labs = use_labs();
    client::start();
    let bench = labs.bench;
    let running = Memo::new(move |_| bench.read().running);
    let has_run = Memo::new(move |_| labs.train.read().status.has_run());
    let toggle = move |_| {
        if running.get_untracked().is_some() {
            client::send(&Command::StopBench);
        } else {
            bench.update(BenchLab::start);
            client::send(&Command::Bench);
        }
    };
    let results = move || {
        let row = |row: &BenchRow| {
            json!({
                "name": row.name, "code": row.code, "m": row.m, "n": row.n, "k": row.k,
                "gflops": row.gflops, "median_gflops": row.median_gflops, "share_of_peak": row.share_of_peak,
            })
        };
        json!(bench.read().rows.iter().map(row).collect::<Vec<_>>()).to_string()
    };
    let share = move || running.get().map_or(0.0, |(done, total)| 100.0 * done as f64 / total.max(1) as f64);
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
        if bench.rows.is_empty() {
            return view! { <tr><td colspan="6" class="aside">"Nothing measured yet. Press Measure; it takes some seconds."</td></tr> }.into_any();
        }
        bench.rows.iter().map(row).collect_view().into_any()
    };
    view! {
        <div class="page">
            <h1>"Bench"</h1>
            <p class="lead">
                "The matrix products of one training step (3072–512–512–10, batch 256) in the worker, ours and ndarray’s, "
                "against a bare multiply-and-add loop that touches no memory. All in one run, since speeds of two runs do not compare."
            </p>
            <div class="row buttons">
                <button type="button" class="primary" data-testid="bench-run" disabled=move || has_run.get() on:click=toggle>
                    {move || if running.get().is_some() { "Stop" } else { "Measure" }}
                </button>
                <div class="progress" class:hidden=move || running.get().is_none() role="progressbar" aria-label="Progress of the measurement" aria-valuemin="0" aria-valuemax="100" aria-valuenow=move || format!("{:.0}", share())>
                    <div style=move || format!("width:{:.1}%", share())></div>
                </div>
            </div>
            {move || has_run.get().then(|| view! { <p class="note">"A run is under way; stop it to measure."</p> })}
            {move || bench.read().error.clone().map(|message| view! { <p class="error" role="alert" data-testid="error">{message}</p> })}
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
        </div>
    }
}
