//! A network with two inputs on the plane, and the proof that it is a gate.

use std::sync::Arc;
use std::time::Duration;

use leptos::prelude::*;
use serde_json::json;

use super::Head;
use super::flight::Flight;
use crate::labs::between::between;
use crate::labs::code::{Exported, Language, code};
use crate::labs::diagram::Pass;
use crate::labs::formula;
use crate::labs::function::network::Activation;
use crate::labs::gates::bent;
use crate::labs::gates::challenges::{CHALLENGES, solved_now};
use crate::labs::gates::flight::closeup;
use crate::labs::gates::handles::{handles, pulled};
use crate::labs::gates::nodes::Nodes;
use crate::labs::gates::picture::{Patch, Picture, Shapes, far};
use crate::labs::gates::words::glance;
use crate::labs::gates::{Choice, GateLab, GatesLab, LAYERS, Preset, WIDTHS, presets};
use crate::labs::highlight::{Lit, Wiring};
use crate::labs::notation::Notation;
use crate::labs::numbers::{counted, exact, fraction};
use crate::labs::parameters::Parameters;
use crate::labs::printout::{Section, gate_section};
use crate::labs::writing::Writing;
use crate::piecewise::gate::{Counterexample, Prover, Spec, Verdict};
use crate::piecewise::{Decimal, to_f64};
use crate::plot::{GateChart, Motion, Region};
use crate::web::components::{
    Answer, Challenges, CopyButtons, CopyItem, CopyNet, Diagram, ExactToggle, Glance, Glide, Hands, Highlight, Note,
    ParameterGroups, Plot, PlotMark, Pointing, Readout, Row, Tools, picture_first_on_phones, within,
};
use crate::web::figure::figure;
use crate::web::state::use_labs;

/// Longest time on the main thread at once.
const SLICE_MS: f64 = 5.0;
/// A network that takes longer to cut is not drawn on the way to another: large ones come at once.
const FRAME_MS: f64 = 8.0;
/// Cuts between two looks at the clock.
const CUTS: usize = 32;

/// What is known of the network on screen.
#[derive(Clone, Default)]
struct Proof {
    faces: [usize; 3],
    verdict: Option<Verdict>,
    /// The last that was finished, for its faces.
    prover: Option<Arc<Prover>>,
}

#[component]
pub(super) fn PlanePage() -> impl IntoView {
    let lab = use_labs().gates;
    let gate = Memo::new(move |_| lab.read().gate.clone());
    let proof = prove(gate);
    let flight = Flight::new(lab);
    // What is drawn while one network goes over into another.
    let way = RwSignal::new(None::<Shapes>);
    let is_proved = Memo::new(move |_| proof.read().verdict == Some(Verdict::Proved));
    let solved = Signal::derive(move || solved_now(&gate.read(), is_proved.get()).to_vec());
    let seen = Signal::derive(move || proof.with(|proof| glance(proof.verdict.as_ref())));
    let frame = NodeRef::new();
    picture_first_on_phones(frame);
    // Where the plane is pointed at.
    let at = RwSignal::new(None::<[Decimal; 2]>);
    Highlight::provide(move |parts| {
        Lit::by(parts, &Wiring { inputs: 2, hidden: &gate.read().parameters.hidden(), kinks: &[] })
    });
    view! {
        <div class="lab dragging" node_ref=frame>
            <section class="controls" aria-label="Network">
                <Head lead="Two real inputs. Is f > 0 exactly where the gate is true? The whole plane is proved, not sampled."/>
                <Controls lab gate way/>
            </section>
            <section class="picture" aria-label="Plane">
                <Glance text=seen/>
                <Plane lab gate proof flight at way/>
                <Network lab gate proof at/>
                <Formula gate/>
            </section>
            <section class="answers" aria-label="Answers">
                <Answers gate proof flight/>
                <Challenges list=&CHALLENGES now=solved/>
            </section>
        </div>
    }
}

/// The formula of f, to read and to copy.
#[component]
fn Formula(gate: Memo<GateLab>) -> impl IntoView {
    let parameters = Memo::new(move |_| gate.read().parameters.clone());
    let symbols = move || formula::symbolic(Notation::MathMl, parameters.read().layers().len(), Activation::Relu, true);
    let numbers = move || {
        formula::numeric(Notation::MathMl, &parameters.read(), Activation::Relu, true)
            .unwrap_or_else(|| "Too many numbers for a formula: copy the network instead.".into())
    };
    let item = move |name, word: &str, title, text: fn(&Parameters) -> String| CopyItem {
        name,
        testid: format!("copy-formula-{word}"),
        title,
        file: Language::Latex.file(),
        text: Callback::new(move |()| text(&parameters.read_untracked())),
    };
    let items = vec![
        item("LaTeX with symbols", "symbols", "Copy the formula and the shapes as LaTeX", |parameters| {
            formula::symbolic_with_shapes(Notation::Latex, 2, &parameters.hidden(), Activation::Relu, true)
        }),
        item("LaTeX with numbers", "numbers", "Copy the formula with its numbers as LaTeX", |parameters| {
            formula::numeric(Notation::Latex, parameters, Activation::Relu, true)
                .unwrap_or_else(|| code(&Exported::of(parameters), Language::Latex))
        }),
    ];
    view! {
        <div class="formula" data-testid="formula" inner_html=symbols></div>
        <div class="formula numeric" data-testid="formula-numbers" inner_html=numbers></div>
        <CopyButtons label="Copy the formula:" items status="formula-copied"/>
    }
}

fn change(lab: RwSignal<GatesLab>, act: impl FnOnce(&mut GateLab)) {
    lab.update(|lab| act(&mut lab.gate));
}

/// Proves in slices, so that the page stays smooth, each time the gate changes; a newer one overtakes.
fn prove(gate: Memo<GateLab>) -> RwSignal<Proof> {
    let proof = RwSignal::new(Proof::default());
    let generation = StoredValue::new(0_u32);
    // How it is looked at changes nothing.
    let question = Memo::new(move |_| {
        let GateLab { view, lines, shading, .. } = GateLab::default();
        GateLab { view, lines, shading, ..gate.get() }
    });
    Effect::new(move || {
        let gate = question.get();
        let mine = generation.get_value().wrapping_add(1);
        generation.set_value(mine);
        let prover = gate.prover();
        work(gate, prover, mine, generation, proof);
    });
    proof
}

fn work(gate: GateLab, mut prover: Prover, mine: u32, generation: StoredValue<u32>, proof: RwSignal<Proof>) {
    if generation.try_get_value() != Some(mine) {
        return;
    }
    let clock = || window().performance().map_or(0.0, |clock| clock.now());
    let end = clock() + SLICE_MS;
    let mut is_done = false;
    while !is_done && clock() < end {
        is_done = prover.advance(CUTS);
    }
    if is_done {
        let verdict = prover.verdict(&gate.parameters.net());
        proof.try_set(Proof { faces: prover.faces(), verdict, prover: Some(Arc::new(prover)) });
    } else {
        proof.try_update(|proof| {
            proof.faces = prover.faces();
            proof.verdict = None;
        });
        set_timeout(move || work(gate, prover, mine, generation, proof), Duration::ZERO);
    }
}

/// Draws how a network goes over into the one on screen. All that is said is of that one, at once.
fn go_over(gate: Memo<GateLab>, from: Parameters, glide: Glide, way: RwSignal<Option<Shapes>>) {
    let to = gate.get_untracked().parameters;
    let draw = move |share: f64| {
        let now = gate.get_untracked();
        // Whoever takes hold of the network on its way sees it as it is.
        if now.parameters != to {
            return false;
        }
        let view = now.view;
        let prover = GateLab { parameters: between(&from, &to, share), ..now }.prover();
        let done = within(FRAME_MS, prover, |prover| prover.advance(CUTS));
        let shown = done.map(|prover| Shapes::new(&prover, far(view)));
        let is_quick = shown.is_some();
        way.set(shown);
        is_quick
    };
    glide.start(draw, move || way.set(None));
}

#[component]
fn Controls(lab: RwSignal<GatesLab>, gate: Memo<GateLab>, way: RwSignal<Option<Shapes>>) -> impl IntoView {
    let labs = use_labs();
    let glide = Glide::new();
    let choice = Memo::new(move |_| gate.read().choice);
    let layers = Memo::new(move |_| gate.read().parameters.layers().len());
    let width = Memo::new(move |_| gate.read().width());
    let parameters = Signal::derive(move || gate.read().parameters.clone());
    let network = Signal::derive(move || Exported::of(&gate.read().parameters));
    let start = StoredValue::new(gate.get_untracked().parameters);
    let before = Signal::derive(move || start.get_value());
    let preset = move |preset: Preset| {
        let (id, title) = (preset.id, preset.title);
        let load = move |_| {
            start.set_value(preset.parameters.clone());
            let from = gate.get_untracked().parameters;
            change(lab, |gate| gate.load(&preset));
            go_over(gate, from, glide, way);
        };
        view! { <button type="button" class="quiet" data-testid=format!("preset-{id}") on:click=load>{title}</button> }
    };
    let note = move || {
        let gate = gate.read();
        let is_it = |preset: &Preset| preset.parameters == gate.parameters && preset.choice == gate.choice;
        presets().into_iter().find(is_it).map(|preset| preset.note)
    };
    let number = move |id: &'static str,
                       label: &'static str,
                       values: std::ops::RangeInclusive<usize>,
                       now: Memo<usize>,
                       set: fn(&mut GateLab, usize)| {
        view! {
            <label for=id>{label}</label>
            <select
                id=id
                data-testid=id
                prop:value=move || now.get().to_string()
                on:change:target=move |event| {
                    if let Ok(value) = event.target().value().parse() {
                        change(lab, |gate| set(gate, value));
                    }
                }
            >
                {values.map(|value| view! { <option value=value selected=move || now.get() == value>{value}</option> }).collect_view()}
            </select>
        }
    };
    view! {
        <Tools
            state=Memo::new(move |_| gate.read().content())
            history=labs.gate_history
            set=move |content| change(lab, |gate| gate.set_content(content))
            start=move || GateLab { parameters: start.get_value(), ..gate.get_untracked().content() }
            start_title="Back to the weights that were loaded last"
            path="gates"
            link=move || lab.read_untracked().encode()
        />
        <div class="row">
            <label for="gate-spec">"Gate"</label>
            <select
                id="gate-spec"
                data-testid="gate-spec"
                prop:value=move || choice.get().word()
                on:change:target=move |event| {
                    let word = event.target().value();
                    if let Some(choice) = Choice::ALL.into_iter().find(|choice| choice.word() == word) {
                        change(lab, |gate| gate.choice = choice);
                    }
                }
            >
                {Choice::ALL
                    .map(|entry| view! { <option value=entry.word() selected=move || choice.get() == entry>{entry.name()}</option> })
                    .collect_view()}
            </select>
        </div>
        <p class="aside" data-testid="gate-wants">{move || choice.get().wants()}</p>
        {move || (choice.get() == Choice::Custom).then(|| view! { <Table lab gate/> })}
        <div class="row shape-row">
            {number("layers", "Layers", LAYERS, layers, |gate, layers| {
                let width = gate.width();
                gate.set_shape(layers, width);
            })}
            {number("width", "Width", WIDTHS, width, |gate, width| {
                let layers = gate.parameters.layers().len();
                gate.set_shape(layers, width);
            })}
        </div>
        <div class="presets" role="group" aria-label="Presets">{presets().into_iter().map(preset).collect_view()}</div>
        <Note testid="preset-note" all=presets().iter().map(|preset| preset.note).collect() now=Signal::derive(move || note().map(str::to_owned)) otherwise="A network of your own. The presets are examples to start from."/>
        <ParameterGroups parameters reset=before set=move |place, number| change(lab, |gate| gate.parameters.set(place, number))/>
        <CopyNet network/>
    }
}

/// The nine sign classes of a custom specification.
#[component]
fn Table(lab: RwSignal<GatesLab>, gate: Memo<GateLab>) -> impl IntoView {
    let names = ["< 0", "= 0", "> 0"];
    let cell = move |first: usize, second: usize| {
        let is_in = Memo::new(move |_| gate.read().custom.0[first][second]);
        let label = format!("x1 {}, x2 {}", names[first], names[second]);
        view! {
            <td>
                <button
                    type="button"
                    aria-label=label
                    aria-pressed=move || is_in.get().to_string()
                    class:in-set=is_in
                    data-testid=format!("spec-{first}-{second}")
                    on:click=move |_| change(lab, |gate| gate.custom.0[first][second] = !gate.custom.0[first][second])
                >
                    {move || if is_in.get() { "f > 0" } else { "f ≤ 0" }}
                </button>
            </td>
        }
    };
    let row = move |second: usize| {
        view! {
            <tr>
                <th scope="row">{format!("x₂ {}", names[second])}</th>
                {(0..3).map(|first| cell(first, second)).collect_view()}
            </tr>
        }
    };
    view! {
        <table class="spec-table">
            <tbody>
                {[2, 1, 0].map(row).collect_view()}
                <tr><td></td>{names.map(|name| view! { <th scope="col">{format!("x₁ {name}")}</th> }).collect_view()}</tr>
            </tbody>
        </table>
    }
}

#[component]
fn Plane(
    lab: RwSignal<GatesLab>,
    gate: Memo<GateLab>,
    proof: RwSignal<Proof>,
    flight: Flight,
    at: RwSignal<Option<[Decimal; 2]>>,
    way: RwSignal<Option<Shapes>>,
) -> impl IntoView {
    let view = Memo::new(move |_| gate.with(|gate| (gate.view, gate.shading)));
    let far = Memo::new(move |_| far(view.get().0));
    let shapes = Memo::new(move |_| {
        let far = far.get();
        proof.read().prover.as_ref().map(|prover| Shapes::new(prover, far)).unwrap_or_default()
    });
    let picture = Memo::new(move |_| {
        let (view, shading) = view.get();
        shapes.read().picture(view, shading)
    });
    let chart = Memo::new(move |_| match way.read().as_ref() {
        Some(shapes) => {
            let (view, shading) = view.get();
            chart(&gate.read(), &shapes.picture(view, shading), None)
        }
        None => chart(&gate.read(), &picture.read(), proof.read().verdict.as_ref()),
    });
    let label = Signal::derive(move || {
        format!("The plane with the sign regions of f; {}.", verdict_word(&proof.read()).unwrap_or("being decided"))
    });
    let spot = Callback::new(move |(x, y): (f64, f64)| look(&gate.read_untracked(), x, y));
    let point = move |pointing: Option<Pointing>| {
        let now = pointing.and_then(|pointing| rounded(&gate.read_untracked(), pointing.at));
        if at.get_untracked() != now {
            at.set(now);
        }
    };
    let csv = move || {
        let mut csv = String::from("region,sign,x1,x2\n");
        for (index, patch) in picture.read_untracked().patches.iter().enumerate() {
            for (x, y) in &patch.outline {
                csv += &format!("{index},{},{x},{y}\n", patch.sign);
            }
        }
        csv
    };
    let home = GateLab::default().view;
    let motion = Callback::new(move |motion: Motion| {
        if motion == Motion::Home {
            flight.forget()
        } else {
            flight.stop()
        }
        change(lab, |gate| match motion {
            Motion::Pan(right, up) => gate.pan(right, up),
            Motion::Zoom(at, factor) => gate.zoom(at, factor),
            Motion::Home => gate.view = home,
        });
    });
    let checkbox =
        move |testid: &'static str, text: &'static str, get: fn(&GateLab) -> bool, set: fn(&mut GateLab, bool)| {
            view! {
                <label class="check">
                    <input
                        type="checkbox"
                        data-testid=testid
                        prop:checked=move || get(&gate.read())
                        on:change:target=move |event| change(lab, |gate| set(gate, event.target().checked()))
                    />
                    {text}
                </label>
            }
        };
    let zoom = move |factor: f64| {
        let middle = gate.read_untracked().view.0;
        motion.run(Motion::Zoom(middle, factor));
    };
    let hands = Hands::new(
        gate.into(),
        Memo::new(move |_| {
            let gate = gate.read();
            let mut all = handles(&gate, gate.view);
            all.extend(bent::handles(&gate, gate.view, &picture.read().segments));
            all
        }),
        pulled,
        move |state| change(lab, |gate| *gate = state),
    );
    let at = Memo::new(move |_| found(&proof.read()).map(|c| (to_f64(&c.point[0]), to_f64(&c.point[1]))));
    let mark = PlotMark {
        at: at.into(),
        label: "Show the counterexample",
        press: Callback::new(move |()| show(gate, proof, flight)),
    };
    view! {
        <div class="row plane-tools">
            {checkbox("show-lines", "Neurons’ lines", |gate| gate.lines, |gate, on| gate.lines = on)}
            {checkbox("show-shading", "Shade by f", |gate| gate.shading, |gate, on| gate.shading = on)}
            <button type="button" class="quiet" data-testid="zoom-in" aria-label="Zoom in" on:click=move |_| zoom(0.5)>"+"</button>
            <button type="button" class="quiet" data-testid="zoom-out" aria-label="Zoom out" on:click=move |_| zoom(2.0)>"−"</button>
            <button type="button" class="quiet" data-testid="zoom-reset" on:click=move |_| motion.run(Motion::Home)>
                "Reset view"
            </button>
        </div>
        <div class="square">
            <Plot testid="plot-gate" label chart hover=|_| None spot point motion hands mark csv file="piecewise-gate"/>
        </div>
    }
}

/// The counterexample, if there is one.
fn found(proof: &Proof) -> Option<Counterexample> {
    match &proof.verdict {
        Some(Verdict::Refuted(counterexample)) => Some((**counterexample).clone()),
        _ => None,
    }
}

/// Flies to the counterexample.
fn show(gate: Memo<GateLab>, proof: RwSignal<Proof>, flight: Flight) {
    let counterexample = found(&proof.read_untracked());
    let to = counterexample.map(|counterexample| closeup(&gate.read_untracked(), &counterexample.point));
    if let Some(to) = to {
        flight.go(to);
    }
}

/// The network, with where each neuron is on, and what runs through it at the point under the pointer.
#[component]
fn Network(
    lab: RwSignal<GatesLab>,
    gate: Memo<GateLab>,
    proof: RwSignal<Proof>,
    at: RwSignal<Option<[Decimal; 2]>>,
) -> impl IntoView {
    let view = Memo::new(move |_| gate.with(|gate| gate.view));
    let far = Memo::new(move |_| far(view.get()));
    let parameters = Memo::new(move |_| gate.read().parameters.clone());
    // The network is that of the proof: while another is under way, the pictures wait.
    let nodes = Memo::new(move |before: Option<&Nodes>| {
        let proof = proof.read();
        let done = proof.prover.as_ref().filter(|_| proof.verdict.is_some());
        let nodes = done.map(|prover| Nodes::new(prover, &parameters.read_untracked().net(), far.get()));
        nodes.or_else(|| before.cloned()).unwrap_or_default()
    });
    let pictures = Memo::new(move |_| nodes.read().plots(view.get()));
    let pass = Memo::new(move |_| {
        let point = at.get()?.map(Decimal::to_rational);
        Some(Arc::new(Pass::exact(&parameters.read().net(), &point)))
    });
    view! {
        <Diagram
            parameters
            set=move |place, number| change(lab, |gate| gate.parameters.set(place, number))
            plots=pictures
            pass
            file="piecewise-gate-network"
        />
    }
}

fn verdict_word(proof: &Proof) -> Option<&'static str> {
    proof.verdict.as_ref().map(|verdict| match verdict {
        Verdict::Proved => "proved",
        Verdict::Refuted(_) => "refuted",
    })
}

#[component]
fn Answers(gate: Memo<GateLab>, proof: RwSignal<Proof>, flight: Flight) -> impl IntoView {
    let verdict = Signal::derive(move || verdict_word(&proof.read()).unwrap_or("checking").to_owned());
    let total = move || proof.read().faces.iter().sum::<usize>();
    let headline = move || match proof.read().verdict.as_ref() {
        None => format!("Checking: {}", counted(total(), "face")),
        Some(Verdict::Proved) => format!("Proved over {}", counted(total(), "face")),
        Some(Verdict::Refuted(_)) => "Refuted".to_owned(),
    };
    let found = move || found(&proof.read());
    // Where there is nothing to see any more, there is no way back from it.
    Effect::new(move || {
        if proof.read().verdict == Some(Verdict::Proved) {
            flight.forget();
        }
    });
    let fly = move |_| if flight.is_away() { flight.come_back() } else { show(gate, proof, flight) };
    let counterexample = Signal::derive(move || {
        let json = |c: Counterexample| {
            json!({
                "x": c.point.each_ref().map(fraction), "wanted": c.wanted, "found": fraction(&c.found), "dimension": c.dimension,
            })
        };
        found().map(|c| json(c).to_string()).unwrap_or_else(|| "null".into())
    });
    let writing = RwSignal::new(Writing::Short);
    let reason = move || match found() {
        None if proof.read().verdict.is_some() => {
            "On every face of the arrangement of the axes and all neurons’ lines, f has the sign that the gate wants."
                .to_owned()
        }
        None => String::new(),
        Some(c) => {
            let around = [
                "",
                " The same holds on a whole segment or ray through this point.",
                " The same holds on a whole area around this point.",
            ][c.dimension];
            let wanted = if c.wanted { "f > 0" } else { "f ≤ 0" };
            let writing = writing.get();
            let [x1, x2] = c.point.each_ref().map(|x| writing.number(x));
            format!("At x = ({x1}, {x2}) the gate wants {wanted}, but f {}.{around}", writing.equals(&c.found))
        }
    };
    let faces = Signal::derive(move || total().to_string());
    let faces_text = move || {
        let [points, lines, cells] = proof.read().faces;
        format!("{}, {} and {}", counted(points, "point"), counted(lines, "segment"), counted(cells, "cell"))
    };
    let bits = move || gate.read().bits_sentence(writing.get());
    let rows_right = Signal::derive(move || {
        let rows = gate.read().on_bits();
        rows.map(|rows| rows.iter().filter(|row| row.is_right).count().to_string()).unwrap_or_default()
    });
    let not_open = move || {
        let spec: Spec = gate.read().spec();
        spec.not_open().map(|reason| {
            let class = |signs: [i8; 2]| {
                let sign = |sign: i8| ["< 0", "= 0", "> 0"][(sign + 1) as usize];
                format!("x₁ {}, x₂ {}", sign(signs[0]), sign(signs[1]))
            };
            view! {
                <p class="warning" data-testid="not-open">
                    "No continuous function can do this: it wants f > 0 where " {class(reason.inside)}
                    ", hence also nearby, and not where " {class(reason.outside)} ", which touches it. A set {f > 0} is always open."
                </p>
            }
        })
    };
    view! {
        <h2>"Is it the gate?"</h2>
        <p class="status big"><Answer testid="gate-verdict" value=verdict><b>{headline}</b></Answer></p>
        <p class="reason"><Answer testid="gate-counterexample" value=counterexample>{reason}</Answer></p>
        <div class="row buttons" class:gone=move || found().is_none()>
            <button type="button" data-testid="show-counterexample" data-value=move || flight.word() on:click=fly>
                {move || if flight.is_away() { "Back" } else { "Show me" }}
            </button>
            <ExactToggle testid="gate-exact" writing/>
        </div>
        <p class="aside"><Answer testid="gate-faces" value=faces>{faces_text}</Answer></p>
        <p><Answer testid="gate-bits" value=rows_right>{bits}</Answer></p>
        {not_open}
        <p class="note">"Decided in exact integers. On each face f and every neuron have one sign, and the faces fill the plane, so nothing is left out."</p>
    }
}

/// The network and its proof for a report to print.
pub(in crate::web) fn section(gate: &GateLab) -> Section {
    let mut prover = gate.prover();
    while !prover.advance(CUTS) {}
    let verdict = prover.verdict(&gate.parameters.net());
    let picture = Shapes::new(&prover, far(gate.view)).picture(gate.view, gate.shading);
    let caption = format!("The signs of f on the plane. {}.", gate.choice.title());
    let figure = figure(&chart(gate, &picture, verdict.as_ref()), caption);
    match &verdict {
        Some(verdict) => gate_section(gate, prover.faces(), verdict, figure),
        None => Section::new("Gate lab").with(figure),
    }
}

fn chart(gate: &GateLab, picture: &Picture, verdict: Option<&Verdict>) -> GateChart {
    let region = |patch: &Patch| Region { outline: patch.outline.clone(), sign: patch.sign, strength: patch.strength };
    let ((x, y), half) = gate.view;
    let of = |is_boundary: bool| picture.segments.iter().filter(move |segment| (segment.layer == 0) == is_boundary);
    let quadrants = [[-1, -1], [-1, 1], [1, -1], [1, 1]];
    GateChart {
        x: (x - half, x + half),
        y: (y - half, y + half),
        regions: picture.patches.iter().map(region).collect(),
        boundary: of(true).map(|segment| segment.ends).collect(),
        lines: if gate.lines { of(false).map(|segment| (segment.ends, segment.layer)).collect() } else { Vec::new() },
        wanted: quadrants.into_iter().filter(|&signs| gate.spec().has(signs)).collect(),
        counterexample: match verdict {
            Some(Verdict::Refuted(c)) => Some((to_f64(&c.point[0]), to_f64(&c.point[1]))),
            _ => None,
        },
    }
}

/// A point as fine as the screen: decimals of about a thousandth of the view.
fn rounded(gate: &GateLab, (x, y): (f64, f64)) -> Option<[Decimal; 2]> {
    let places = (3.0 - (2.0 * gate.view.1).log10().floor()).clamp(0.0, 12.0) as u32;
    Some([Decimal::round(x, places)?, Decimal::round(y, places)?])
}

/// f and the live neurons under the pointer, at a decimal as fine as the screen.
fn look(gate: &GateLab, x: f64, y: f64) -> Option<Readout> {
    let point = rounded(gate, (x, y))?;
    let (f, live) = gate.look_at(&point.map(Decimal::to_rational));
    let layer = |(index, live): (usize, &Vec<usize>)| {
        let list = live.iter().map(usize::to_string).collect::<Vec<_>>().join(", ");
        Row::new(format!("on in layer {}", index + 1), if list.is_empty() { "none".into() } else { list })
    };
    let rows = std::iter::once(Row::new("f", exact(&f))).chain(live.iter().enumerate().map(layer)).collect();
    let [x1, x2] = point.map(|value| value.to_string().replace('-', "−"));
    Some(Readout { title: format!("x = ({x1}, {x2})"), rows, ..Readout::default() })
}
