//! Universal approximation: a curve, the exact interpolation, and a network that learns it in the worker.

use leptos::prelude::*;
use serde_json::json;

use super::Head;
use crate::labs::code::{Exported, Language, code};
use crate::labs::function::Part;
use crate::labs::function::fit::{FitError, FitLab, FitRun, RANGE, Target, WIDTHS};
use crate::labs::function::knots::{knots, pulled};
use crate::labs::function::network::NetworkLab;
use crate::labs::history::History;
use crate::labs::numbers::{counted, duration, exact, significant};
use crate::labs::printout::{self, How, Section};
use crate::piecewise::{Decimal, Net, to_f64};
use crate::plot::{FunctionChart, GrowthChart, Look, PlotLine, Scale, Series, Stroke, Window, nice_range};
use crate::protocol::Command;
use crate::web::client;
use crate::web::components::{Answer, Hands, Hover, Options, Plot, Readout, Row, Select, Tools, number_options};
use crate::web::figure::figure;
use crate::web::no_trainer::NoTrainer;
use crate::web::state::{Labs, use_labs};

/// Points of a drawn curve.
const POINTS: usize = 400;
/// Widths that “all” trains.
const SERIES: [usize; 6] = [1, 2, 4, 8, 16, 32];
/// Names of the interpolation's errors, the largest and the root mean square, and of what was learned.
const INTERPOLATION: [&str; 2] = ["interpolation, largest", "interpolation, root mean square"];
const LEARNED: &str = "learned, root mean square";
/// Most hinges that are written out.
const MAX_WRITTEN: usize = 16;

#[component]
pub(super) fn FitPage() -> impl IntoView {
    let labs = use_labs();
    client::prepare();
    let lab = Memo::new(move |_| labs.function.read().fit.clone());
    let run = labs.fit_run;
    // Of the same curve as the one on screen.
    let learned = Memo::new(move |_| {
        let run = run.read();
        let same = run.lab.as_ref().is_some_and(|old| is_same_curve(old, &lab.read()));
        run.progress.clone().filter(|_| same)
    });
    let error = Memo::new(move |_| lab.with(|lab| lab.construction_error(lab.width)));
    let learned_error =
        Memo::new(move |_| learned.read().as_ref().map(|progress| lab.with(|lab| lab.error(|x| progress.net.at(x)))));
    let window = RwSignal::new(None::<Window>);
    let chart =
        Memo::new(move |_| chart(&lab.read(), learned.read().as_ref().map(|progress| &progress.net), window.get()));
    let label = Signal::derive(move || {
        format!(
            "A curve, {}, and its interpolation by {}",
            lab.read().target.title(),
            counted(lab.read().width, "hinge")
        )
    });
    // The pointer moves the plot, unless it is to draw.
    let draws = RwSignal::new(false);
    let hands = Hands::new(
        lab.into(),
        Memo::new(move |_| knots(&lab.read(), window.get().map(|window| window.x))),
        pulled,
        move |state| labs.function.update(|lab| lab.fit = state),
    );
    let before = StoredValue::new(None::<(f64, f64)>);
    let draw = Callback::new(move |(point, is_first): ((f64, f64), bool)| {
        let from = before.get_value().filter(|_| !is_first);
        before.set_value(Some(point));
        labs.function.update(|lab| lab.fit.draw(from, point));
    });
    let csv = move || {
        let lab = lab.get_untracked();
        let curve = lab.curve();
        let net = Float::of(&lab.construction());
        let mut csv = String::from("x,target,construction,learned\n");
        for x in grid() {
            let learned =
                learned.read_untracked().as_ref().map(|progress| progress.net.at(x).to_string()).unwrap_or_default();
            csv += &format!("{x},{},{},{learned}\n", curve(x), net.at(x));
        }
        csv
    };
    view! {
        <div class="lab">
            <section class="controls" aria-label="Settings">
                <Head lead="With enough neurons a network comes as close as you like to any continuous curve. How close do k hinges come?"/>
                <NoTrainer/>
                <Controls lab run draws/>
            </section>
            <section class="picture flowing" aria-label="Plot">
                <div>
                    <Plot testid="plot-fit" label chart hover=move |x| hover(&lab.read_untracked(), learned.read_untracked().as_ref().map(|p| &p.net), x) draw draws chosen=window hands csv file="piecewise-fit"/>
                </div>
                <Errors lab run/>
            </section>
            <section class="answers" aria-label="Answers">
                <h2>"How close"</h2>
                <dl>
                    <dt><Answer testid="fit-error" value=Signal::derive(move || json_of(error.get()))><b>{move || significant(error.get().largest, 3)}</b></Answer> <span class="aside">"largest error of the interpolation"</span></dt>
                    <dd>{move || format!("Root mean square {}, measured at 1,001 points.", significant(error.get().rms, 3))}</dd>
                    <dt>
                        <Answer testid="fit-learned-error" value=Signal::derive(move || learned_error.get().map_or_else(|| "null".into(), json_of))>
                            <b>{move || learned_error.get().map_or_else(|| "–".into(), |error| significant(error.largest, 3))}</b>
                        </Answer>
                        <span class="aside">"largest error of the learned network"</span>
                    </dt>
                    <dd>{move || learned_error.get().map_or_else(|| "Press Train to learn the curve by gradient descent.".into(), |error| format!("Root mean square {}.", significant(error.rms, 3)))}</dd>
                </dl>
                {move || {
                    (lab.read().target == Target::Step).then(|| {
                        view! { <p class="warning">"The step is not continuous, and every network is: near 0 some point is always wrong by almost 2 or more, however many neurons. The root mean square still falls."</p> }
                    })
                }}
                <Hinges lab/>
                <p>"What a network can be is one thing; what training finds is another. Gradient descent often stops at a worse network of the same size, and another seed gives another result."</p>
                <p class="note">"The interpolation is exact: its network, evaluated in fractions, goes through every knot. Errors are measured in f64."</p>
            </section>
        </div>
    }
}

fn is_same_curve(a: &FitLab, b: &FitLab) -> bool {
    a.target == b.target && a.drawn == b.drawn && a.seed == b.seed
}

fn json_of(error: FitError) -> String {
    json!({ "largest": error.largest, "rms": error.rms }).to_string()
}

fn grid() -> impl Iterator<Item = f64> {
    (0..=POINTS).map(|index| RANGE.0 + (RANGE.1 - RANGE.0) * index as f64 / POINTS as f64)
}

/// A two-layer network in f64, for drawing.
struct Float {
    hinges: Vec<(f64, f64, f64)>,
    constant: f64,
}

impl Float {
    fn of(net: &Net) -> Self {
        let [first, second] = net.layers() else { unreachable!("an interpolation has one hidden layer") };
        let hidden = first.weights.iter().zip(&first.bias).zip(&second.weights[0]);
        Self {
            hinges: hidden.map(|((w, b), v)| (to_f64(&w[0]), to_f64(b), to_f64(v))).collect(),
            constant: to_f64(&second.bias[0]),
        }
    }

    fn at(&self, x: f64) -> f64 {
        self.hinges.iter().fold(self.constant, |sum, (w, b, v)| sum + v * (w * x + b).max(0.0))
    }
}

fn start(labs: Labs, lab: &FitLab) {
    let mut id = 0;
    labs.fit_run.update(|run| id = run.start(lab));
    client::send(&Command::Fit { id, problem: lab.problem() });
    if labs.fit_run.with_untracked(|run| run.is_held) {
        client::send(&Command::HoldFit { id, is_held: true });
    }
}

/// Starts the next width that waits, when a run has ended.
pub(in crate::web) fn go_on(labs: Labs) {
    let next = labs.fit_run.with_untracked(|run| run.queue.first().copied());
    let Some(width) = next else { return };
    let Some(lab) = labs.fit_run.with_untracked(|run| run.lab.clone()) else { return };
    labs.fit_run.update(|run| {
        run.queue.remove(0);
    });
    start(labs, &FitLab { width, ..lab });
}

#[component]
fn Controls(lab: Memo<FitLab>, run: RwSignal<FitRun>, draws: RwSignal<bool>) -> impl IntoView {
    let labs = use_labs();
    let change = move |act: &dyn Fn(&mut FitLab)| labs.function.update(|lab| act(&mut lab.fit));
    let target = Memo::new(move |_| lab.read().target);
    let width = Memo::new(move |_| lab.read().width);
    let seed = Memo::new(move |_| lab.read().seed);
    let targets: Options<Target> =
        Target::ALL.iter().map(|target| (*target, target.word().to_owned(), target.title().to_owned())).collect();
    let is_running = Memo::new(move |_| run.read().is_running);
    let is_held = Memo::new(move |_| run.read().is_held);
    let share = move || {
        run.read().progress.as_ref().map_or(0.0, |progress| 100.0 * progress.step as f64 / progress.steps as f64)
    };
    let text = move || {
        let run = run.read();
        let width = run.lab.as_ref().map_or(0, |lab| lab.width);
        let Some(progress) = &run.progress else { return String::new() };
        let left = match progress.seconds_left {
            Some(seconds) if !progress.is_over && !progress.is_held => format!(", {} left", duration(seconds)),
            _ => String::new(),
        };
        format!(
            "k = {width}: step {} of {}, mean squared error {}{left}",
            progress.step,
            progress.steps,
            significant(progress.loss, 3)
        )
    };
    let train = move |_| {
        run.update(|run| run.queue.clear());
        start(labs, &lab.get_untracked());
    };
    let train_all = move |_| {
        run.update(|run| run.queue = SERIES[1..].to_vec());
        start(labs, &FitLab { width: SERIES[0], ..lab.get_untracked() });
    };
    let hold = move |_| {
        run.update(|run| run.is_held = !run.is_held);
        client::send(&Command::HoldFit { id: run.read_untracked().id, is_held: is_held.get_untracked() });
    };
    let stop = move |_| {
        run.update(|run| run.queue.clear());
        client::send(&Command::StopFit { id: run.read_untracked().id });
    };
    let history = RwSignal::new(History::new(lab.get_untracked()));
    let start_lab = StoredValue::new(lab.get_untracked());
    let clear = move |_| change(&|lab| lab.clear());
    let has_moved = Memo::new(move |_| lab.read().knots.is_some());
    let seed_problem = RwSignal::new(false);
    let set_seed = move |text: String| match text.trim().parse::<u64>() {
        Ok(seed) => {
            seed_problem.set(false);
            change(&|lab| lab.set_seed(seed));
        }
        Err(_) => seed_problem.set(true),
    };
    let fits = move || lab.with(|lab| crate::labs::function::network::WIDTHS.contains(&lab.width));
    let take = move |_| {
        if let Some(parameters) = lab.with_untracked(FitLab::construction_parameters) {
            labs.function.update(|lab| {
                lab.network = NetworkLab::of(parameters);
                lab.part = Part::Network;
            });
        }
    };
    let problem = move || {
        run.read()
            .refused
            .clone()
            .map(|message| view! { <p class="error" role="alert" data-testid="error">{message}</p> })
    };
    view! {
        <div class="row">
            <Select testid="target" label="Curve" options=targets value=target set=move |target| change(&|lab| lab.set_target(target))/>
        </div>
        <p class="note">"Or drag the knots, or press Draw and draw one on the plot."</p>
        <Tools
            state=lab
            history
            set=move |state| labs.function.update(|lab| lab.fit = state)
            start=move || start_lab.get_value()
            start_title="Back to the curve that the page started with"
            path="function"
            link=move || labs.function.read_untracked().encode()
        />
        <div class="row tools">
            <button type="button" class="quiet" data-testid="fit-clear" title="A flat curve to draw on" on:click=clear>"Clear"</button>
            <button
                type="button"
                class="toggle"
                data-testid="fit-draw"
                aria-pressed=move || draws.get().to_string()
                title="While this is on, the pointer draws a curve on the plot and does not move it"
                on:click=move |_| draws.update(|draws| *draws = !*draws)
            >
                "Draw"
            </button>
            <button type="button" class="quiet" class:hidden=move || !has_moved.get() data-testid="fit-knots" title="Knots on the curve again, equally spaced" on:click=move |_| change(&|lab| lab.knots = None)>"Reset knots"</button>
        </div>
        <div class="row">
            <Select testid="fit-width" label="Neurons k" options=number_options(WIDTHS) value=width set=move |width| change(&|lab| lab.set_width(width))/>
        </div>
        <div class="row">
            <label for="seed">"Seed"</label>
            <input type="text" inputmode="numeric" autocomplete="off" id="seed" data-testid="seed" aria-invalid=move || seed_problem.get().then_some("true") prop:value=move || seed.get().to_string() on:change:target=move |event| set_seed(event.target().value())/>
        </div>
        {move || seed_problem.get().then(|| view! { <p class="error" role="alert" data-testid="error">"The seed must be a whole number, such as 7."</p> })}
        <label class="check">
            <input type="checkbox" data-testid="show-hinges" prop:checked=move || lab.read().hinges on:change:target=move |event| change(&|lab| lab.hinges = event.target().checked())/>
            "Show the individual hinges"
        </label>
        <div class="row buttons">
            <button type="button" class="primary" data-testid="fit-train" disabled=is_running on:click=train>"Train"</button>
            <button type="button" data-testid="fit-train-all" disabled=is_running title="Trains k = 1, 2, 4, 8, 16 and 32, one after the other" on:click=train_all>"Train k = 1 … 32"</button>
        </div>
        <div class="row buttons">
            <button type="button" data-testid="fit-pause" disabled=move || !is_running.get() on:click=hold>{move || if is_held.get() { "Resume" } else { "Pause" }}</button>
            <button type="button" data-testid="fit-stop" disabled=move || !is_running.get() on:click=stop>"Stop"</button>
            <div class="progress" role="progressbar" aria-label="Steps trained" aria-valuenow=move || format!("{:.0}", share())>
                <div style=move || format!("width:{:.1}%", share())></div>
            </div>
        </div>
        <p class="aside status two" data-testid="fit-status" data-value=move || if is_running.get() { if is_held.get() { "held" } else { "running" } } else { "idle" }>{text}</p>
        {problem}
        <button type="button" data-testid="fit-take" disabled=move || !fits() title="The interpolation’s network, weights rounded to six places" on:click=take>"Open in “Your network”"</button>
        <p class="note" class:hidden=fits>{format!("That part has networks of up to {} neurons.", crate::labs::function::network::WIDTHS.end())}</p>
        <p class="note">"Trained with all 201 points at once: 3,000 steps of Adam on the mean squared error, in f64, in the worker."</p>
    }
}

#[component]
fn Hinges(lab: Memo<FitLab>) -> impl IntoView {
    let text = move || {
        lab.with(|lab| {
            let net = lab.construction();
            let [first, second] = net.layers() else { return String::new() };
            let knots = first.bias.iter().zip(&second.weights[0]);
            let term = |(bias, change): (&crate::piecewise::Rational, &crate::piecewise::Rational)| {
                let knot = -bias;
                let inside = match to_f64(&knot) {
                    0.0 => "x".to_owned(),
                    at if at < 0.0 => format!("x + {}", exact(bias)),
                    _ => format!("x − {}", exact(&knot)),
                };
                let sign = if to_f64(change) < 0.0 { "− " } else { "+ " };
                format!("{sign}{} · relu({inside})", exact(change).trim_start_matches('−'))
            };
            let mut terms: Vec<_> = knots.take(MAX_WRITTEN).map(term).collect();
            if lab.width > MAX_WRITTEN {
                terms.push(format!("and {} more", lab.width - MAX_WRITTEN));
            }
            format!("f(x) = {}\n{}", exact(&second.bias[0]), terms.join("\n"))
        })
    };
    view! {
        <h2>"The sum of hinges"</h2>
        <pre class="hinges" data-testid="hinges">{text}</pre>
    }
}

#[component]
fn Errors(lab: Memo<FitLab>, run: RwSignal<FitRun>) -> impl IntoView {
    let curve = Memo::new(move |_| {
        let mut lab = lab.get();
        (lab.width, lab.hinges) = (1, false);
        lab
    });
    let constructed = Memo::new(move |_| {
        curve.with(|lab| WIDTHS.map(|width| (width, lab.construction_error(width))).collect::<Vec<_>>())
    });
    let learned = Memo::new(move |_| {
        let run = run.read();
        let same = run.lab.as_ref().is_some_and(|old| is_same_curve(old, &curve.read()));
        if same { run.results.clone() } else { Vec::new() }
    });
    let chart = Memo::new(move |_| {
        let points = |list: &[(usize, FitError)], of: fn(&FitError) -> f64| {
            list.iter().map(|(width, error)| (*width as f64, of(error))).collect::<Vec<_>>()
        };
        let constructed = constructed.read();
        let series = |name: &str, points, look| Series { name: name.into(), points, bars: Vec::new(), look };
        GrowthChart {
            x: (1.0, 64.0),
            scale: Scale::Log2,
            x_label: "neurons k".into(),
            y_label: "error".into(),
            series: vec![
                series(INTERPOLATION[0], points(&constructed, |error| error.largest), Look::Limit),
                series(INTERPOLATION[1], points(&constructed, |error| error.rms), Look::Main),
                series(LEARNED, points(&learned.read(), |error| error.rms), Look::Third),
            ],
        }
    });
    let hover = move |place: f64| {
        let width = chart.read_untracked().nearest_x(place)?;
        let (k, error) = *constructed.read_untracked().iter().find(|entry| entry.0 as f64 == width)?;
        let learned = learned.read_untracked().iter().find(|entry| entry.0 == k).map(|entry| entry.1.rms);
        let row = |name, value: f64, entry| Row::new(name, significant(value, 3)).of(entry);
        let rows = [row(INTERPOLATION[0], error.largest, 0), row(INTERPOLATION[1], error.rms, 1)];
        let rows = rows.into_iter().chain(learned.map(|rms| row(LEARNED, rms, 2))).collect();
        let note = Readout { title: format!("k = {k}"), rows, ..Readout::default() };
        Some(Hover { at: chart.read_untracked().at((width, error.rms)), note })
    };
    let csv = move || {
        let mut csv = String::from("neurons,construction largest,construction rms,learned largest,learned rms\n");
        for (width, error) in constructed.read_untracked().iter() {
            let learned = learned.read_untracked().iter().find(|entry| entry.0 == *width).map(|entry| entry.1);
            let (largest, rms) =
                learned.map(|error| (error.largest.to_string(), error.rms.to_string())).unwrap_or_default();
            csv += &format!("{width},{},{},{largest},{rms}\n", error.largest, error.rms);
        }
        csv
    };
    let results = move || {
        json!(learned.read().iter().map(|(width, error)| json!([width, error.rms])).collect::<Vec<_>>()).to_string()
    };
    view! {
        <h2 data-testid="fit-results" data-value=results>"Error against neurons"</h2>
        <Plot testid="plot-errors" label="Error of the interpolation and of learned networks against the number of neurons, both axes logarithmic" chart hover csv file="piecewise-errors"/>
    }
}

/// The interpolation for a report. What the worker learned is no part of the lab's state.
pub(in crate::web) fn section(lab: &FitLab) -> Section {
    let (error, hinges) = (lab.construction_error(lab.width), counted(lab.width, "hinge"));
    let title = lab.target.title();
    let text = format!(
        "The interpolation of {title} by {hinges} is off by at most {}, root mean square {}, at 1,001 points.",
        significant(error.largest, 3),
        significant(error.rms, 3)
    );
    let values = [("curve", title.to_owned()), ("hinges", lab.width.to_string())];
    let network = lab.construction_parameters().map(|parameters| Exported::of(&parameters));
    let code = network.map(|network| printout::Part::Code(code(&network, Language::NumPy)));
    let mut section = Section::new("Function lab: fit a curve")
        .with(printout::Part::Values(values.map(|(name, value)| (name.to_owned(), value)).into()))
        .with(figure(&chart(lab, None, None), format!("A curve, {title}, and its interpolation by {hinges}.")))
        .with(printout::Part::Verdict { how: How::Measured, text });
    section.parts.extend(code);
    section
}

fn chart(lab: &FitLab, learned: Option<&crate::train::FittedNet>, window: Option<Window>) -> FunctionChart {
    let curve = lab.curve();
    let net = lab.construction();
    let float = Float::of(&net);
    let line = |stroke, name: &str, f: &dyn Fn(f64) -> f64| PlotLine {
        points: grid().map(|x| (x, f(x))).collect(),
        stroke,
        name: name.into(),
    };
    let knots: Vec<(f64, f64)> = lab.points(lab.width).iter().map(|(x, y)| (to_f64(x), to_f64(y))).collect();
    let target = line(Stroke::Target, "the curve", &curve);
    let (low, high) = FunctionChart::extent(std::slice::from_ref(&target));
    let mut lines = Vec::new();
    if lab.hinges {
        lines.extend(
            float.hinges.iter().map(|(w, b, v)| line(Stroke::Thin, "one hinge", &|x| v * (w * x + b).max(0.0))),
        );
    }
    lines.push(target);
    lines.push(PlotLine { points: knots.clone(), stroke: Stroke::Main, name: "interpolation by k hinges".into() });
    let (mut low, mut high) = ((low - 0.5).min(-1.0), (high + 0.5).max(1.0));
    if let Some(learned) = learned {
        let learned = line(Stroke::Learned, "learned in the worker", &|x| learned.at(x));
        // A network that is still far off may have half of the plot for it; more would leave the curve flat.
        let (least, most) = FunctionChart::extent(std::slice::from_ref(&learned));
        let room = high - low;
        (low, high) = (low.min(least.max(low - room / 2.0)), high.max(most.min(high + room / 2.0)));
        lines.push(learned);
    }
    FunctionChart {
        x: window.map_or(RANGE, |window| window.x),
        y: window.map_or_else(|| nice_range(low, high), |window| window.y),
        lines,
        kinks: if lab.width <= 32 { knots } else { Vec::new() },
        chords: Vec::new(),
        x_label: "x".into(),
        y_label: "f(x)".into(),
    }
}

fn hover(lab: &FitLab, learned: Option<&crate::train::FittedNet>, x: f64) -> Option<Hover> {
    let x = Decimal::round(x, 2)?;
    let at = x.to_f64();
    let y = Float::of(&lab.construction()).at(at);
    // The legend's order: hinges come first where they are drawn.
    let first = usize::from(lab.hinges);
    let row = |name, value: f64, entry| Row::new(name, significant(value, 4)).of(first + entry);
    let rows = [row("the curve", lab.curve()(at), 0), row("interpolation", y, 1)];
    let rows = rows.into_iter().chain(learned.map(|net| row("learned", net.at(at), 2))).collect();
    let title = format!("x = {}", x.to_string().replace('-', "−"));
    Some(Hover { at: (at, y), note: Readout { title, rows, ..Readout::default() } })
}
