//! What depth buys: regions at the same number of neurons.

use leptos::prelude::*;
use serde_json::json;

use super::Head;
use crate::labs::function::depth::{BUDGETS, Counting, DepthLab, Row, SAMPLES};
use crate::labs::function::network::{NetworkLab, random};
use crate::labs::function::presets::largest;
use crate::labs::function::{self, FunctionLab};
use crate::labs::numbers::{count, significant};
use crate::labs::printout::{How, Part, Section, Table};
use crate::plot::{GrowthChart, Look, Scale, Series};
use crate::web::components::{Hover, Plot, Readout, Row as NoteRow, Select, Slices, number_options};
use crate::web::figure::figure;
use crate::web::state::use_labs;

#[component]
pub(super) fn DepthPage() -> impl IntoView {
    let labs = use_labs();
    let lab = Memo::new(move |_| labs.function.read().depth.clone());
    let counting = RwSignal::new(Counting::new(&lab.get_untracked()));
    let is_running = RwSignal::new(false);
    let slices = Slices::new();
    let go = move || {
        is_running.set(true);
        slices.start(counting.get_untracked(), Counting::advance, move |state| {
            if state.is_ok() {
                is_running.set(false);
            }
            counting.set(state.unwrap_or_else(Clone::clone));
        });
    };
    Effect::new(move || {
        let lab: DepthLab = lab.get();
        counting.set(Counting::new(&lab));
        go();
    });
    let toggle = move |_| {
        if is_running.get_untracked() {
            slices.stop();
            is_running.set(false);
        } else {
            go();
        }
    };
    let budget = Memo::new(move |_| lab.read().budget);
    let is_done = move || {
        let (done, total) = counting.read().progress();
        done == total
    };
    let share = move || {
        let (done, total) = counting.read().progress();
        100.0 * done as f64 / total as f64
    };
    let chart = Memo::new(move |_| chart(&counting.read()));
    let label = Signal::derive(move || {
        format!("Linear pieces against layers at {} hidden neurons; the table beside it has the numbers", budget.get())
    });
    view! {
        <div class="lab">
            <section class="controls" aria-label="Settings">
                <Head lead="Spread the same neurons over one hidden layer or several: how many linear pieces do they make?"/>
                <div class="row">
                    <Select testid="budget" label="Hidden neurons" options=number_options(BUDGETS) value=budget set=move |budget| labs.function.update(|lab| lab.depth.budget = budget)/>
                </div>
                <div class="row">
                    <button type="button" data-testid="depth-run" disabled=is_done on:click=toggle>
                        {move || if is_done() { "Counted" } else if is_running.get() { "Pause" } else { "Go on" }}
                    </button>
                    <div class="progress" role="progressbar" aria-label="Networks counted" data-testid="depth-progress" aria-valuenow=move || format!("{:.0}", share()) data-value=move || format!("{:.1}", share())>
                        <div style=move || format!("width:{:.1}%", share())></div>
                    </div>
                </div>
                <p class="note">
                    {format!("Counted exactly, here and now: one construction and {SAMPLES} random networks per depth (normal weights, as Randomise draws them, seeds 1 to {SAMPLES}).")}
                </p>
            </section>
            <section class="picture" aria-label="Chart">
                <Plot
                    testid="plot-depth"
                    label
                    chart
                    hover=move |place| hover(&counting.read_untracked(), &chart.read_untracked(), place)
                    csv=move || counting.read_untracked().to_csv()
                    file="piecewise-depth"
                />
            </section>
            <section class="answers" aria-label="Answers">
                <Rows counting/>
            </section>
        </div>
    }
}

#[component]
fn Rows(counting: RwSignal<Counting>) -> impl IntoView {
    let labs = use_labs();
    let json = move || {
        let row = |row: &Row| {
            json!({
                "layers": row.layers, "hidden": row.hidden, "bound": row.bound, "attained": row.is_attained,
                "construction": row.construction, "count": row.random.count, "mean": row.random.mean,
                "deviation": row.random.deviation(), "least": row.random.least, "most": row.random.most,
            })
        };
        json!(counting.read().rows.iter().map(row).collect::<Vec<_>>()).to_string()
    };
    let show = move |network: Result<NetworkLab, String>| {
        if let Ok(network) = network {
            labs.function.update(|lab: &mut FunctionLab| {
                lab.network = network;
                lab.part = function::Part::Network;
            });
        }
    };
    let row = move |row: &Row| {
        let widths: Vec<_> = row.hidden.iter().map(usize::to_string).collect();
        let random_text = if row.random.count == 0 {
            "–".to_owned()
        } else {
            format!("{} ± {}", significant(row.random.mean, 3), significant(row.random.deviation(), 2))
        };
        let construction = row.construction.map_or_else(|| "…".to_owned(), count);
        let (layers, for_construction, for_random) = (row.layers, row.hidden.clone(), row.hidden.clone());
        let take = move |_| show(largest(&for_construction));
        let draw = move |_| show(Ok(NetworkLab::of(random(&for_random, 1))));
        view! {
            <tr>
                <td>{layers}</td>
                <td>{widths.join(", ")}</td>
                <td>{count(row.bound)}</td>
                <td><button type="button" class="quiet inline" data-testid=format!("show-construction-{layers}") title="Show this network" on:click=take>{construction}</button></td>
                <td><button type="button" class="quiet inline" data-testid=format!("show-random-{layers}") title="Show the first of them" on:click=draw>{random_text}</button></td>
            </tr>
        }
    };
    view! {
        <h2>"Linear pieces"</h2>
        <div class="scroll wide small" data-testid="depth-rows" data-value=json tabindex="0" role="region" aria-label="Pieces by depth">
            <table>
                <thead>
                    <tr><th scope="col">"layers"</th><th scope="col">"widths"</th><th scope="col">"at most"</th><th scope="col">"built"</th><th scope="col">"random"</th></tr>
                </thead>
                <tbody>{move || counting.read().rows.iter().map(row).collect_view()}</tbody>
            </table>
        </div>
        <p>"Depth multiplies: a layer of k ≥ 3 neurons can cut every piece that the layers before it made into k + 1, so the number of pieces grows exponentially with the layers. Width only adds: one hidden layer of n neurons has at most n + 1 pieces."</p>
        <p>"Narrow layers do less. Two neurons cannot bend the line so that a neuron of the next layer crosses zero on all three pieces; layers of one neuron only cut off the ends. “At most” takes this into account. Where “built” is smaller, nothing is proved between the two."</p>
        <p>"Random networks have far fewer pieces: depth makes many pieces possible, not likely."</p>
        <p class="aside">"Click a number of pieces in the table to open that network."</p>
    }
}

/// Of the lines.
const NAMES: [&str; 3] = ["more is impossible", "our construction", "random networks: mean, least to most"];

fn chart(counting: &Counting) -> GrowthChart {
    let rows = &counting.rows;
    let points = |value: &dyn Fn(&Row) -> Option<f64>| {
        rows.iter().filter_map(|row| Some((row.layers as f64, value(row)?))).collect::<Vec<_>>()
    };
    let random = |row: &Row| (row.random.count > 0).then_some(row.random);
    let bars = rows.iter().filter_map(|row| {
        let random = random(row)?;
        Some((row.layers as f64, random.least as f64, random.most as f64))
    });
    let series = |name: &str, look, points, bars| Series { name: name.into(), points, bars, look };
    GrowthChart {
        x: (2.0, 6.0),
        scale: Scale::Linear,
        x_label: "layers".into(),
        y_label: "linear pieces".into(),
        series: vec![
            series(NAMES[0], Look::Limit, points(&|row| Some(row.bound as f64)), Vec::new()),
            series(NAMES[1], Look::Main, points(&|row| row.construction.map(|count| count as f64)), Vec::new()),
            series(NAMES[2], Look::Second, points(&|row| random(row).map(|random| random.mean)), bars.collect()),
        ],
    }
}

/// The table of depths for a report: bounds, and constructions counted. Random networks take too long for a page to wait.
pub(in crate::web) fn section(lab: &DepthLab) -> Section {
    let mut counting = Counting::new(lab);
    while counting.progress().0 < counting.rows.len() {
        counting.advance();
    }
    let row = |row: &Row| {
        let widths: Vec<_> = row.hidden.iter().map(usize::to_string).collect();
        vec![
            row.layers.to_string(),
            widths.join(", "),
            count(row.bound),
            row.construction.map(count).unwrap_or_default(),
        ]
    };
    let neurons = lab.budget;
    let table = Table {
        caption: String::new(),
        columns: ["layers", "hidden widths", "pieces at most", "pieces built"].map(str::to_owned).into(),
        rows: counting.rows.iter().map(row).collect(),
    };
    let built: Vec<_> = counting.rows.iter().filter_map(|row| Some((row.construction?, row.layers))).collect();
    let best = built.iter().max().copied().unwrap_or_default();
    let text = format!(
        "With {neurons} hidden neurons, one hidden layer has at most {} linear pieces; a network of {} layers was built with {}, counted exactly.",
        count(counting.rows.first().map_or(0, |row| row.bound)),
        best.1,
        count(best.0)
    );
    Section::new("Function lab: depth")
        .with(Part::Values(vec![("hidden neurons".into(), neurons.to_string())]))
        .with(figure(&chart(&counting), format!("Linear pieces against layers, {neurons} hidden neurons in all.")))
        .with(Part::Verdict { how: How::Proved, text })
        .with(Part::Table(table))
}

fn hover(counting: &Counting, chart: &GrowthChart, place: f64) -> Option<Hover> {
    let layers = chart.nearest_x(place)?;
    let row = counting.rows.iter().find(|row| row.layers as f64 == layers)?;
    let built = row.construction.map_or_else(|| "…".to_owned(), count);
    let mut rows = vec![NoteRow::new("at most", count(row.bound)).of(0), NoteRow::new("built", built).of(1)];
    if row.random.count > 0 {
        let random = format!("{} ({}–{})", significant(row.random.mean, 3), row.random.least, row.random.most);
        rows.push(NoteRow::new("random", random).of(2));
    }
    let note = Readout { title: format!("{} layers", row.layers), rows, ..Readout::default() };
    Some(Hover { at: chart.at((layers, row.construction.unwrap_or(row.bound) as f64)), note })
}
