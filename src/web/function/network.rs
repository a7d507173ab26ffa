//! One network: drag weights, see exact kinks.

use std::sync::Arc;

use leptos::prelude::*;

use super::Head;
use super::answers::AnswerList;
use super::morph::{OpenAsPath, morphing};
use super::play::{Playing, player};
use super::question5::Question5;
use crate::labs::code::{Exported, Language, code};
use crate::labs::diagram::{Pass, plots};
use crate::labs::formula;
use crate::labs::function::challenges::{CHALLENGES, solved_now};
use crate::labs::function::drawing::{FloatNet, lines};
use crate::labs::function::handles::{Grip, handles, pulled};
use crate::labs::function::network::{Activation, Answers, Deciding, LAYERS, NetworkLab, View, WIDTHS, random};
use crate::labs::function::presets::{largest, note, presets};
use crate::labs::function::words;
use crate::labs::handles::Handle;
use crate::labs::highlight::{Lit, Part, Wiring};
use crate::labs::notation::Notation;
use crate::labs::numbers::{counted, exact, fraction, significant};
use crate::labs::printout::{Section, function_section};
use crate::piecewise::{Decimal, Interval, to_f64};
use crate::plot::{ChordLine, FunctionChart, PlotLine, Stroke, Window, nice_range};
use crate::web::components::{
    Announce, Challenges, CopyButtons, CopyItem, CopyNet, Diagram, Glance, Hands, Highlight, Hover, Note, NumberField,
    Options, ParameterGroups, Plot, Pointing, Readout, Row, Select, Slices, Tools, at_once, number_options,
    picture_first_on_phones,
};
use crate::web::figure::figure;
use crate::web::state::{Labs, use_labs};

/// Stands where the formula with its numbers would be too long.
const TOO_LONG: &str = "Too many numbers for a formula: copy the weights instead.";
/// The pointer is at a kink within so many pixels.
const NEAR_PX: f64 = 12.0;

/// A network and what is known of it. It may be older than the network on the sliders, for as long as that one is
/// being decided.
#[derive(Clone, PartialEq)]
pub(super) struct Decided {
    pub lab: NetworkLab,
    pub answers: Answers,
}

#[component]
pub(super) fn NetworkPage() -> impl IntoView {
    let labs = use_labs();
    let lab = Memo::new(move |_| labs.function.read().network.clone());
    let (decided, is_pending) = decide(lab);
    let highlight = Highlight::provide(move |parts| {
        decided.with(|decided| {
            let (hidden, kinks) = (decided.lab.hidden(), words::kinks(&decided.answers));
            Lit::by(parts, &Wiring { inputs: 1, hidden: &hidden, kinks })
        })
    });
    let between = morphing(lab);
    // Where the plot is pointed at.
    let x = RwSignal::new(None::<Decimal>);
    let parameters = Memo::new(move |_| lab.read().parameters().clone());
    let biases = Memo::new(move |_| lab.read().biases);
    let node_plots = Memo::new(move |_| {
        let of = |decided: &Decided| plots(&decided.lab, decided.answers.relu().map(|answers| &answers.pieces));
        between.read().as_ref().map_or_else(|| of(&decided.read()), |between| of(&between.decided))
    });
    let drawn = Memo::new(move |_| {
        between.read().as_ref().map_or_else(|| parameters.get(), |between| between.decided.lab.parameters().clone())
    });
    let pass = Memo::new(move |_| Some(Arc::new(pass_at(&lab.read(), x.get()?))));
    let across = Signal::derive(move || {
        let (from, to) = lab.read().x_range();
        x.get().map(|x| (x.to_f64() - from.to_f64()) / (to.to_f64() - from.to_f64()))
    });
    let impossible = RwSignal::new([false; 2]);
    let window = RwSignal::new(None::<Window>);
    let chart = Memo::new(move |_| {
        let end = chart(&lab.read(), &decided.read(), window.get());
        between.read().as_ref().map(|between| between.chart(&lab.read(), &end, window.get())).unwrap_or(end)
    });
    let hands = Hands::new(
        lab.into(),
        Memo::new(move |_| handles_shown(&lab.read(), &decided.read(), window.get())),
        pulled,
        move |state| change(labs, |lab| *lab = state),
    );
    let label = Signal::derive(move || {
        format!("Plot for {}: {}", shown_interval(&lab.read()), in_words(&decided.read().answers))
    });
    let solved = Signal::derive(move || {
        let decided = decided.read();
        let lab = lab.read();
        let is_current = is_same_function(&decided.lab, &lab) && decided.lab.x_range() == lab.x_range();
        let answers = is_current.then_some(&decided.answers);
        solved_now(&lab, answers, impossible.get())
    });
    let symbols = Memo::new(move |_| {
        let lab = lab.read();
        formula::symbolic(Notation::MathMl, lab.hidden().len() + 1, lab.activation, lab.biases)
    });
    let seen = Signal::derive(move || words::glance(&decided.read().answers));
    let frame = NodeRef::new();
    picture_first_on_phones(frame);
    let numbers = move || numeric(&lab.read(), Notation::MathMl).unwrap_or_else(|| TOO_LONG.into());
    let point = move |pointing: Option<Pointing>| {
        highlight.light(kink_at(&chart.read_untracked(), &decided.read_untracked(), pointing));
        let now = pointing.and_then(|pointing| rounded(&lab.read_untracked(), window.get_untracked(), pointing.at.0));
        if x.get_untracked() != now {
            x.set(now);
        }
    };
    view! {
        <div class="lab dragging" node_ref=frame>
            <section class="controls" aria-label="Parameters">
                <Head lead="One input, one output. Drag a weight and see where the function bends."/>
                <Controls lab window/>
            </section>
            <section class="picture" aria-label="Plot">
                <Glance text=seen/>
                <div class="formula" data-testid="formula" inner_html=symbols></div>
                <ViewChoice lab/>
                <Plot
                    testid="plot-function"
                    label
                    chart
                    hover=move |x| hover(&lab.read_untracked(), &decided.read_untracked(), window.get_untracked(), x)
                    chosen=window
                    hands
                    point
                    lit=Signal::derive(move || lit_kinks(&highlight.lit().read(), &lab.read(), &decided.read()))
                    csv=move || csv(&lab.read_untracked(), &decided.read_untracked())
                    file="piecewise-function"
                />
                <Diagram
                    parameters=drawn
                    set=move |place, number| change(labs, |lab| lab.set(place, number))
                    biases
                    plots=node_plots
                    pass
                    across
                    file="piecewise-network"
                />
                <div class="formula numeric" data-testid="formula-numbers" inner_html=numbers></div>
                <CopyFormulas lab/>
            </section>
            <section class="answers" aria-label="Answers">
                <Announce text=label/>
                <AnswerList decided is_pending/>
                <Question5 lab impossible/>
                <Challenges list=&CHALLENGES now=solved/>
            </section>
        </div>
    }
}

/// What runs through the network at x.
fn pass_at(lab: &NetworkLab, x: Decimal) -> Pass {
    match lab.activation {
        Activation::Relu => Pass::exact(&lab.net(), &[x.to_rational()]),
        Activation::Tanh => Pass::float(&FloatNet::new(&lab.effective(), lab.activation), x.to_f64()),
    }
}

/// A decimal as fine as the screen: about a thousandth of the shown interval.
fn rounded(lab: &NetworkLab, window: Option<Window>, x: f64) -> Option<Decimal> {
    let (from, to) = interval_shown(lab, window);
    let places = (3.0 - (to.to_f64() - from.to_f64()).log10().floor()).clamp(0.0, 12.0) as u32;
    Decimal::round(x, places)
}

/// The kink under the pointer, if one is.
fn kink_at(chart: &FunctionChart, decided: &Decided, pointing: Option<Pointing>) -> Option<Part> {
    let Pointing { at, per_px } = pointing?;
    let away_px = |kink: &(f64, f64)| ((kink.0 - at.0) / per_px.0).hypot((kink.1 - at.1) / per_px.1);
    let near = chart.kinks.iter().enumerate().min_by(|(_, a), (_, b)| away_px(a).total_cmp(&away_px(b)));
    let (index, _) = near.filter(|(_, kink)| away_px(kink) <= NEAR_PX)?;
    // The chart has those in its range only.
    let before = words::kinks(&decided.answers).partition_point(|kink| to_f64(&kink.x) < chart.x.0);
    Some(Part::Kink(index + before))
}

/// Where the lit kinks are on the plot.
fn lit_kinks(lit: &Lit, shown: &NetworkLab, decided: &Decided) -> Vec<(f64, f64)> {
    let kinks = words::kinks(&decided.answers);
    let is_shown = shown.view == View::Output;
    let kinks = lit.kinks().filter_map(|index| kinks.get(index).filter(|_| is_shown));
    kinks.map(|kink| (to_f64(&kink.x), to_f64(&kink.y))).collect()
}

fn is_same_function(a: &NetworkLab, b: &NetworkLab) -> bool {
    a.parameters() == b.parameters() && a.biases == b.biases && a.activation == b.activation
}

fn numeric(lab: &NetworkLab, notation: Notation) -> Option<String> {
    formula::numeric(notation, &lab.effective(), lab.activation, lab.biases)
}

/// Copies question 2's formula as LaTeX: for any l and k, for this network, and with its numbers.
#[component]
fn CopyFormulas(lab: Memo<NetworkLab>) -> impl IntoView {
    const TEX: Notation = Notation::Latex;
    let item = |name, word: &str, title, text: fn(&NetworkLab) -> String| CopyItem {
        name,
        testid: format!("copy-formula-{word}"),
        title,
        file: Language::Latex.file(),
        text: Callback::new(move |()| text(&lab.read_untracked())),
    };
    let general = |lab: &NetworkLab| formula::general_latex(lab.activation, lab.biases);
    let symbols = |lab: &NetworkLab| formula::symbolic_with_shapes(TEX, 1, &lab.hidden(), lab.activation, lab.biases);
    // Where it would be too long to read, the formula has symbols, and the matrices follow it.
    let numbers =
        |lab: &NetworkLab| numeric(lab, TEX).unwrap_or_else(|| code(&Exported::of_function(lab), Language::Latex));
    let items = vec![
        item("LaTeX for any l and k", "general", "Copy the formula and the shapes for any l and k as LaTeX", general),
        item("LaTeX with symbols", "symbols", "Copy this network’s formula and shapes as LaTeX", symbols),
        item("LaTeX with numbers", "numbers", "Copy the formula with this network’s numbers as LaTeX", numbers),
    ];
    view! { <CopyButtons label="Copy the formula:" items status="formula-copied"/> }
}

/// Changes the network on screen.
pub(super) fn change(labs: Labs, act: impl FnOnce(&mut NetworkLab)) {
    labs.function.update(|lab| act(&mut lab.network));
}

/// Decides each network that comes, in slices if it takes long; a newer one overtakes.
fn decide(lab: Memo<NetworkLab>) -> (RwSignal<Decided>, RwSignal<bool>) {
    // The view changes no answer.
    let question = Memo::new(move |_| {
        let mut lab = lab.get();
        lab.set_view(View::Output);
        lab
    });
    let first = question.get_untracked();
    // A large one appears as soon as it is decided; until then, the page's first network stands in.
    let done = at_once(Deciding::new(&first), Deciding::advance).map(|deciding| (first.clone(), deciding.finish()));
    let (first, answers) = done.unwrap_or_else(|| (NetworkLab::default(), NetworkLab::default().answers()));
    let decided = RwSignal::new(Decided { answers, lab: first });
    let is_pending = RwSignal::new(false);
    let slices = Slices::new();
    Effect::new(move || {
        let lab = question.get();
        if lab == decided.read_untracked().lab {
            slices.stop();
            is_pending.set(false);
            return;
        }
        let deciding = Deciding::new(&lab);
        slices.start(deciding, Deciding::advance, move |state| {
            if state.is_ok() == is_pending.get_untracked() {
                is_pending.set(state.is_err());
            }
            if let Ok(deciding) = state {
                decided.set(Decided { answers: deciding.finish(), lab: lab.clone() });
            }
        });
    });
    (decided, is_pending)
}

#[component]
fn Controls(lab: Memo<NetworkLab>, window: RwSignal<Option<Window>>) -> impl IntoView {
    let labs = use_labs();
    let set_range = move |ends: (Decimal, Decimal)| {
        let mut result = Ok(());
        change(labs, |lab| result = lab.set_x_range(ends.0, ends.1));
        // The interval that is typed is the one that is shown.
        window.set(None);
        result
    };
    let x_min = Memo::new(move |_| lab.read().x_range().0);
    let x_max = Memo::new(move |_| lab.read().x_range().1);
    let start = StoredValue::new(lab.get_untracked());
    let parameters = Memo::new(move |_| lab.read().parameters().clone());
    let network = Signal::derive(move || Exported::of_function(&lab.read()));
    let before = Signal::derive(move || start.with_value(|start| start.parameters().clone()));
    let biases = Memo::new(move |_| lab.read().biases);
    let playing = player();
    view! {
        <Tools
            state=lab
            history=labs.function_history
            set=move |state| change(labs, |lab| *lab = state)
            start=move || start.get_value()
            start_title="Back to the network that was loaded last"
            path="function"
            link=move || labs.function.read_untracked().encode()
        />
        <Presets lab start window/>
        <Shape lab/>
        <div class="row range">
            <span class="label">"x axis from"</span>
            <NumberField testid="x-min".into() label="Left end of x".into() value=x_min set=move |number| set_range((number, x_max.get_untracked()))/>
            <span>"to"</span>
            <NumberField testid="x-max".into() label="Right end of x".into() value=x_max set=move |number| set_range((x_min.get_untracked(), number))/>
        </div>
        <Randomise lab/>
        <ParameterGroups parameters reset=before set=move |place, number| change(labs, |lab| lab.set(place, number)) biases playing/>
        <CopyNet network/>
        <Playing playing/>
    }
}

#[component]
fn Presets(lab: Memo<NetworkLab>, start: StoredValue<NetworkLab>, window: RwSignal<Option<Window>>) -> impl IntoView {
    let labs = use_labs();
    let list = StoredValue::new(presets());
    let take = move |preset: NetworkLab| {
        start.set_value(preset.clone());
        window.set(None);
        labs.leaping(|labs| change(*labs, |lab| *lab = preset));
    };
    let button = move |index: usize| {
        let (id, question, title) = list.with_value(|list| (list[index].id, list[index].question, list[index].title));
        let load = move |_| take(list.with_value(|list| list[index].lab.clone()));
        view! {
            <button type="button" class="quiet" data-testid=format!("preset-{id}") on:click=load>
                <span class="shape">{question}</span> " " {title}
            </button>
        }
    };
    let note = move || list.with_value(|list| note(&lab.read(), list));
    let count = list.with_value(Vec::len);
    view! {
        <details class="group" open data-testid="presets">
            <summary><b>"Presets"</b> <span class="shape">"by question"</span></summary>
            <div class="presets" role="group" aria-label="Presets">
                {(0..count).map(button).collect_view()}
            </div>
            <Note testid="preset-note" all=list.with_value(|list| list.iter().map(|preset| preset.note).collect()) now=Signal::derive(note) otherwise="A network of your own. The presets are examples to start from."/>
        </details>
    }
}

#[component]
fn Shape(lab: Memo<NetworkLab>) -> impl IntoView {
    let labs = use_labs();
    let hidden = Memo::new(move |_| lab.read().hidden());
    let layers = Memo::new(move |_| hidden.read().len() + 1);
    // 0 stands for widths that differ.
    let width = Memo::new(move |_| {
        let hidden = hidden.read();
        if hidden.iter().all(|&k| k == hidden[0]) { hidden[0] } else { 0 }
    });
    let widths = Signal::derive(move || {
        let mut options = number_options(WIDTHS);
        if width.get() == 0 {
            options.insert(0, (0, "0".into(), "differ".into()));
        }
        options
    });
    let set_layers = move |layers: usize| {
        change(labs, |lab| {
            let mut hidden = lab.hidden();
            hidden.resize(layers - 1, *hidden.last().unwrap_or(&1));
            lab.set_hidden(&hidden);
        });
    };
    let set_width = move |width: usize| {
        if width > 0 {
            change(labs, |lab| lab.set_hidden(&vec![width; lab.hidden().len()]));
        }
    };
    let each = move |layer: usize| {
        let value = Memo::new(move |_| hidden.read().get(layer).copied().unwrap_or(1));
        let set = move |width: usize| {
            change(labs, |lab| {
                let mut hidden = lab.hidden();
                hidden[layer] = width;
                lab.set_hidden(&hidden);
            });
        };
        view! {
            <span class="each">
                <Select testid=format!("width-{}", layer + 1) label=format!("{}:", layer + 1) options=number_options(WIDTHS) value set/>
            </span>
        }
    };
    // Why there is no such network, and for which widths.
    let problem = RwSignal::new(None::<(Vec<usize>, String)>);
    let most = move |_| match largest(&hidden.read_untracked()) {
        Ok(largest) => change(labs, |lab| *lab = largest),
        Err(message) => problem.set(Some((hidden.get_untracked(), message))),
    };
    let activation = Memo::new(move |_| lab.read().activation);
    let activations: Options<Activation> =
        vec![(Activation::Relu, "relu".into(), "ReLU".into()), (Activation::Tanh, "tanh".into(), "tanh".into())];
    view! {
        <div class="row shape-row">
            <Select testid="layers" label="Layers" options=number_options(LAYERS) value=layers set=set_layers/>
            <Select testid="width" label="Width" options=widths value=width set=set_width/>
        </div>
        {move || {
            let count = layers.get() - 1;
            (count > 1).then(|| view! { <div class="row widths"><span class="label">"Each layer"</span> {(0..count).map(each).collect_view()}</div> })
        }}
        <div class="row">
            <button type="button" class="quiet" data-testid="most-pieces" title="The network with the most linear pieces that we know for these layers and widths" on:click=most>
                "Most pieces for these layers"
            </button>
        </div>
        {move || {
            let stands = problem.get().filter(|(widths, _)| *widths == *hidden.read());
            stands.map(|(_, message)| view! { <p class="error" role="alert" data-testid="error">{message}</p> })
        }}
        <div class="row shape-row">
            <Select testid="activation" label="Neurons" options=activations value=activation set=move |chosen| change(labs, |lab| lab.activation = chosen)/>
            <label class="check">
                <input
                    type="checkbox"
                    data-testid="biases"
                    prop:checked=move || lab.read().biases
                    on:change:target=move |event| change(labs, |lab| lab.biases = event.target().checked())
                />
                "Biases"
            </label>
        </div>
    }
}

/// Draws random weights: those of a typed seed, or of the next one.
#[component]
fn Randomise(lab: Memo<NetworkLab>) -> impl IntoView {
    let labs = use_labs();
    let seed = RwSignal::new(0_u64);
    let problem = RwSignal::new(None::<&'static str>);
    let draw = move |number: u64| {
        seed.set(number);
        problem.set(None);
        let parameters = random(&lab.read_untracked().hidden(), number);
        change(labs, |lab| lab.set_parameters(parameters));
    };
    let typed = move |text: String| match text.trim().parse() {
        Ok(number) => draw(number),
        Err(_) => problem.set(Some("The seed must be a whole number, such as 7.")),
    };
    view! {
        <div class="row">
            <label for="seed">"Random seed"</label>
            <input
                type="text"
                inputmode="numeric"
                autocomplete="off"
                id="seed"
                data-testid="seed"
                aria-invalid=move || problem.get().is_some().then_some("true")
                prop:value=move || seed.get().to_string()
                on:change:target=move |event| typed(event.target().value())
            />
            <button type="button" class="quiet" data-testid="randomise" title="Draw all weights with the next seed" on:click=move |_| draw(seed.get_untracked().wrapping_add(1))>
                "Randomise"
            </button>
        </div>
        {move || problem.get().map(|message| view! { <p class="error" role="alert" data-testid="error">{message}</p> })}
    }
}

#[component]
fn ViewChoice(lab: Memo<NetworkLab>) -> impl IntoView {
    let labs = use_labs();
    let view_now = Memo::new(move |_| lab.read().view);
    let neuron = Memo::new(move |_| lab.read().neuron);
    let title = |view: View| match view {
        View::Output => "f(x)".to_owned(),
        View::Derivative => "f′(x)".to_owned(),
        View::Contributions => "what each neuron adds".to_owned(),
        View::PreActivations(layer) => format!("pre-activations of layer {layer}"),
    };
    let views = Memo::new(move |_| {
        View::all(lab.read().hidden().len())
            .into_iter()
            .map(|view| (view, view.word(), title(view)))
            .collect::<Options<View>>()
    });
    let neurons = Memo::new(move |_| {
        let mut options: Options<usize> = vec![(0, "0".into(), "all".into())];
        options.extend(number_options(1..=lab.read().shown_width()));
        options
    });
    let many = move || matches!(view_now.get(), View::Contributions | View::PreActivations(_));
    view! {
        <div class="row view-row">
            <Select testid="view" label="Show" options=views value=view_now set=move |view| change(labs, |lab| lab.set_view(view))/>
            <span class="each" class:hidden=move || !many()>
                <Select testid="neuron" label="Neuron" options=neurons value=neuron set=move |neuron| change(labs, |lab| lab.neuron = neuron)/>
            </span>
            <OpenAsPath lab/>
        </div>
    }
}

/// `x from −5 to 5`
fn shown_interval(lab: &NetworkLab) -> String {
    let (from, to) = lab.x_range();
    format!("x from {from} to {to}").replace('-', "−")
}

/// The answers in one sentence.
fn in_words(answers: &Answers) -> String {
    match answers {
        Answers::Tanh(tanh) => format!("no kinks; {} by samples.", tanh.verdict.word()),
        Answers::Relu(answers) => {
            let kinks = answers.pieces.kinks();
            let word = answers.shape.verdict.word();
            let places = kinks.iter().take(20).map(|kink| exact(&kink.x)).collect::<Vec<_>>().join(", ");
            match kinks.len() {
                0 => format!("no kinks; {word}."),
                count if count > 20 => format!("{}, the first at x = {places}; {word}.", counted(count, "kink")),
                count => format!("{} at x = {places}; {word}.", counted(count, "kink")),
            }
        }
    }
}

/// The network for a report to print.
pub(in crate::web) fn section(lab: &NetworkLab) -> Section {
    let decided = Decided { answers: lab.answers(), lab: lab.clone() };
    let caption = format!("f for {}: {}", shown_interval(lab), in_words(&decided.answers));
    function_section(lab, &decided.answers, figure(&chart(lab, &decided, None), caption))
}

/// The interval of x that is shown, as numbers that can be typed.
fn interval_shown(lab: &NetworkLab, window: Option<Window>) -> (Decimal, Decimal) {
    let typed = |(low, high): (f64, f64)| Some((Decimal::round(low, 12)?, Decimal::round(high, 12)?));
    window.and_then(|window| typed(window.x)).unwrap_or_else(|| lab.x_range())
}

/// What of the network can be taken hold of, on the picture as it is now.
fn handles_shown(lab: &NetworkLab, decided: &Decided, window: Option<Window>) -> Vec<Handle<Grip>> {
    // Deeper kinks are known as soon as a network of this shape is decided.
    let answers = decided.answers.relu().filter(|_| decided.lab.hidden() == lab.hidden());
    let (from, to) = interval_shown(lab, window);
    answers.map(|answers| handles(lab, &answers.pieces, (from.to_f64(), to.to_f64()))).unwrap_or_default()
}

pub(super) fn chart(shown: &NetworkLab, decided: &Decided, window: Option<Window>) -> FunctionChart {
    // The picture is never older than the sliders: while the network is being decided, it is drawn by samples.
    let is_decided = is_same_function(shown, &decided.lab);
    let mut lab = if is_decided { decided.lab.clone() } else { shown.clone() };
    lab.set_view(shown.view);
    lab.neuron = if shown.neuron <= lab.shown_width() { shown.neuron } else { 0 };
    let ends = interval_shown(shown, window);
    // It rises, as every window does.
    drop(lab.set_x_range(ends.0, ends.1));
    let (from, to) = (ends.0.to_rational(), ends.1.to_rational());
    let x = (ends.0.to_f64(), ends.1.to_f64());
    let relu = decided.answers.relu().filter(|_| is_decided);
    let unnamed = |points, stroke| PlotLine { points, stroke, name: String::new() };
    let main = |points| unnamed(points, Stroke::Main);
    let all = match (lab.view, relu) {
        (View::Output, Some(answers)) => vec![main(answers.polyline(&from, &to))],
        (View::Derivative, Some(answers)) => {
            let steps = answers.staircase(&from, &to);
            let jump = |pair: &[[(f64, f64); 2]]| unnamed(vec![pair[0][1], pair[1][0]], Stroke::Faint);
            let jumps: Vec<_> = steps.windows(2).map(jump).collect();
            jumps.into_iter().chain(steps.iter().map(|step| main(step.to_vec()))).collect()
        }
        (view, relu) => {
            let lines = lines(&lab, view, relu.map(|answers| answers.pieces.cuts()));
            let single = lines.len() == 1;
            let line = |(index, points)| match lab.view {
                _ if single => main(points),
                _ => PlotLine { points, stroke: Stroke::Neuron(index), name: neuron_name(index) },
            };
            let shown = |index: usize| single || lab.neuron == 0 || lab.neuron == index + 1;
            lines.into_iter().enumerate().filter(|(index, _)| shown(*index)).map(line).collect()
        }
    };
    let is_marked = is_decided && lab.view == View::Output;
    let (kinks, chords) = if is_marked { marks(decided, x) } else { Default::default() };
    let (low, high) = FunctionChart::extent(&all);
    FunctionChart {
        x,
        y: window.map_or_else(|| nice_range(low, high), |window| window.y),
        lines: all,
        kinks,
        chords,
        x_label: "x".into(),
        y_label: match lab.view {
            View::Output => "f(x)".into(),
            View::Derivative => "f′(x)".into(),
            View::Contributions => "weight · activation".into(),
            View::PreActivations(layer) => format!("z of layer {layer}"),
        },
    }
}

fn neuron_name(index: usize) -> String {
    format!("neuron {}", index + 1)
}

/// Kinks and chords in the shown interval.
fn marks(decided: &Decided, x: (f64, f64)) -> (Vec<(f64, f64)>, Vec<ChordLine>) {
    match &decided.answers {
        Answers::Relu(answers) => {
            let kinks = answers.pieces.kinks().iter().map(|kink| (to_f64(&kink.x), to_f64(&kink.y)));
            let chord = |chord: &crate::piecewise::Chord| ChordLine {
                x: chord.x.each_ref().map(to_f64),
                f: chord.f.each_ref().map(to_f64),
                chord: to_f64(&chord.chord),
            };
            (kinks.filter(|kink| x.0 <= kink.0 && kink.0 <= x.1).collect(), answers.chords().map(chord).collect())
        }
        Answers::Tanh(tanh) => {
            let chords = [tanh.not_convex, tanh.not_concave].into_iter().flatten();
            (Vec::new(), chords.map(|chord| ChordLine { x: chord.x, f: chord.f, chord: chord.chord }).collect())
        }
    }
}

/// What is under the pointer.
fn hover(shown: &NetworkLab, decided: &Decided, window: Option<Window>, x: f64) -> Option<Hover> {
    let x = rounded(shown, window, x)?;
    let note = |x: Decimal, rows| Readout {
        title: format!("x = {}", x.to_string().replace('-', "−")),
        rows,
        ..Readout::default()
    };
    if let (View::Output | View::Derivative, Some(answers)) = (shown.view, decided.answers.relu()) {
        let at = x.to_rational();
        let piece = answers.pieces.piece_at(&at);
        let y = if shown.view == View::Output { piece.at(&at) } else { piece.slope.clone() };
        let rows = vec![Row::new("f(x)", exact(&piece.at(&at))), Row::new("slope", exact(&piece.slope))];
        return Some(Hover { at: (x.to_f64(), to_f64(&y)), note: note(x, rows) });
    }
    let net = FloatNet::new(&decided.lab.effective(), decided.lab.activation);
    let values = net.view(shown.view, x.to_f64());
    let index = shown.neuron.saturating_sub(1);
    let value = *values.get(index)?;
    let rows = match shown.view {
        View::Output | View::Derivative => {
            let (f, slope) = net.value(x.to_f64());
            let about = |value: f64| format!("≈ {}", significant(value, 6));
            vec![Row::new("f(x)", about(f)), Row::new("slope", about(slope))]
        }
        _ if shown.neuron > 0 => vec![Row::new(neuron_name(index), significant(value, 6)).of(0)],
        // From the highest line to the lowest; a network has at most 16 neurons a layer.
        _ => {
            let mut order: Vec<usize> = (0..values.len()).collect();
            order.sort_by(|&a, &b| values[b].total_cmp(&values[a]));
            order
                .into_iter()
                .map(|index| Row::new(neuron_name(index), significant(values[index], 4)).of(index))
                .collect()
        }
    };
    Some(Hover { at: (x.to_f64(), value), note: note(x, rows) })
}

/// What is plotted, as CSV: exact fractions for pieces and slopes, f64 for what is only drawn.
fn csv(shown: &NetworkLab, decided: &Decided) -> String {
    let Some(answers) = decided.answers.relu().filter(|_| matches!(shown.view, View::Output | View::Derivative)) else {
        return lines_csv(shown, decided);
    };
    let mut csv = String::from("from,to,slope,intercept\n");
    for piece in answers.pieces.pieces() {
        let end = |end: &Option<_>| end.as_ref().map(fraction).unwrap_or_default();
        let Interval { start, end: stop } = &piece.interval;
        csv += &format!("{},{},{},{}\n", end(start), end(stop), fraction(&piece.slope), fraction(&piece.intercept));
    }
    csv
}

fn lines_csv(shown: &NetworkLab, decided: &Decided) -> String {
    let mut lab = decided.lab.clone();
    lab.set_view(shown.view);
    let lines = lines(&lab, lab.view, decided.answers.relu().map(|answers| answers.pieces.cuts()));
    let names: Vec<_> = match lab.view {
        View::Output => vec!["f".to_owned()],
        View::Derivative => vec!["derivative".to_owned()],
        _ => (1..=lines.len()).map(|neuron| format!("neuron {neuron}")).collect(),
    };
    let mut csv = format!("x,{}\n", names.join(","));
    for index in 0..lines.first().map_or(0, Vec::len) {
        let values: Vec<_> = lines.iter().map(|line| line[index].1.to_string()).collect();
        csv += &format!("{},{}\n", lines[0][index].0, values.join(","));
    }
    csv
}
