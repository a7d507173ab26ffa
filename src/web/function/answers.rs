//! What is true of the network on screen.

use leptos::prelude::*;
use serde_json::json;
use wasm_bindgen::JsCast;
use web_sys::{Element, PointerEvent};

use super::network::Decided;
use crate::labs::formula::layer_shapes;
use crate::labs::function::network::Answers;
use crate::labs::function::tanh::FloatChord;
use crate::labs::function::witness::witnesses;
use crate::labs::function::words::{
    CONTINUOUS, DECIDED, SMOOTH, bends_text, judged_by_samples, kinks, pieces, reason, shown_verdict, title, verdict,
};
use crate::labs::highlight::Part;
use crate::labs::notation::Notation;
use crate::labs::numbers::{counted, fraction, significant};
use crate::labs::writing::Writing;
use crate::piecewise::{Bend, Chord, Interval, Kink, Piece, Rational, Shape, bounds, to_f64};
use crate::web::components::{Answer, ExactToggle, Highlight, use_highlight};

/// Most kinks whose places are written in a sentence.
const MAX_WRITTEN: usize = 24;
/// Most rows of a table on screen; the exported CSV has all.
const MAX_ROWS: usize = 200;

fn witness_json(answers: &Answers, of: fn(&crate::labs::function::network::ReluAnswers) -> &Shape) -> String {
    let exact = |chord: &Chord| {
        json!({
            "x": chord.x.each_ref().map(fraction), "f": chord.f.each_ref().map(fraction), "chord": fraction(&chord.chord),
        })
    };
    let float = |chord: FloatChord| json!({ "x": chord.x, "f": chord.f, "chord": chord.chord });
    match answers {
        Answers::Relu(answers) => {
            let shape = of(answers);
            json!({ "not_convex": shape.not_convex.as_ref().map(exact), "not_concave": shape.not_concave.as_ref().map(exact) })
        }
        Answers::Tanh(answers) => {
            json!({ "not_convex": answers.not_convex.map(float), "not_concave": answers.not_concave.map(float) })
        }
    }
    .to_string()
}

#[component]
pub(super) fn AnswerList(decided: RwSignal<Decided>, is_pending: RwSignal<bool>) -> impl IntoView {
    let with = move |read: fn(&Decided) -> String| Signal::derive(move || decided.with(read));
    let is_tanh = Memo::new(move |_| decided.with(|decided| decided.answers.relu().is_none()));
    let hidden = Memo::new(move |_| decided.with(|decided| decided.lab.hidden()));
    let kink_list = with(|decided| {
        json!(kinks(&decided.answers).iter().map(|kink| to_f64(&kink.x)).collect::<Vec<_>>()).to_string()
    });
    let writing = RwSignal::new(Writing::Short);
    let kink_text = move || {
        decided.with(|decided| {
            let kinks = kinks(&decided.answers);
            let mut places: Vec<_> = kinks.iter().take(MAX_WRITTEN).map(|kink| writing.get().number(&kink.x)).collect();
            if kinks.len() > MAX_WRITTEN {
                places.push("…".into());
            }
            match places.len() {
                0 => "f has one slope everywhere.".to_owned(),
                _ => format!("at x = {}", places.join(", ")),
            }
        })
    };
    let kink_bound = move || {
        if is_tanh.get() {
            String::new()
        } else {
            format!("of at most {}", bounds::max_regions(&hidden.read()) - 1_u32)
        }
    };
    let witness = with(|decided| witness_json(&decided.answers, |answers| &answers.shape));
    let shown_witness = with(|decided| witness_json(&decided.answers, |answers| &answers.shown));
    let lines = move || {
        decided
            .with(|decided| witnesses(&decided.answers, writing.get()))
            .into_iter()
            .map(|line| view! { <li>{line}</li> })
            .collect_view()
    };
    let biases = Memo::new(move |_| decided.with(|decided| decided.lab.biases));
    let shapes = move || {
        let layers = hidden.with(|hidden| layer_shapes(Notation::MathMl, 1, hidden, biases.get()));
        layers.into_iter().map(|layer| format!("<math>{layer}</math>")).collect::<Vec<_>>().join("; ")
    };
    let derivative = with(|decided| match &decided.answers {
        Answers::Tanh(answers) => {
            let (low, high) = answers.derivative;
            format!("f′ runs from {} to {} here.", significant(low, 4), significant(high, 4))
        }
        Answers::Relu(_) => String::new(),
    });
    view! {
        <h2>"What is true of f" <span class="aside pending" aria-live="polite" data-testid="pending" data-value=move || is_pending.get().to_string()>{move || is_pending.get().then_some(" deciding…")}</span></h2>
        <dl>
            <dt>
                <Answer testid="kink-count" value=with(|decided| kinks(&decided.answers).len().to_string())>
                    <b>{with(|decided| counted(kinks(&decided.answers).len(), "kink"))}</b>
                </Answer>
                <span class="aside">{kink_bound}</span>
            </dt>
            <dd class:gone=is_tanh>
                <Answer testid="kink-list" value=kink_list>{kink_text}</Answer>
                <KinksTable decided writing/>
            </dd>
            <dd class:gone=move || !is_tanh.get()>
                {SMOOTH} " "
                <span data-testid="derivative-range">{derivative}</span>
            </dd>
            <dt>
                <Answer testid="shape" value=with(|decided| verdict(&decided.answers).word().to_owned())>
                    <b>{with(|decided| title(verdict(&decided.answers)).to_owned())}</b>
                </Answer>
                <span class="aside">{move || if is_tanh.get() { "here, judged from samples" } else { "on the whole line" }}</span>
            </dt>
            <dd>
                <span class:gone=is_tanh>
                    {with(|decided| reason(verdict(&decided.answers)).to_owned())} " On the shown interval: "
                    <Answer testid="shape-shown" value=with(|decided| shown_verdict(&decided.answers).word().to_owned())>
                        {with(|decided| shown_verdict(&decided.answers).word().to_owned())}
                    </Answer> "."
                </span>
                <span class:gone=move || !is_tanh.get()>
                    {judged_by_samples()}
                </span>
                <span data-testid="witness" data-value=witness>
                    <ul class="witness" data-testid="witness-shown" data-value=shown_witness>{lines}</ul>
                </span>
            </dd>
            <dt class:gone=is_tanh>
                <Answer testid="region-count" value=with(|decided| pieces(&decided.answers).len().to_string())>
                    <b>{with(|decided| counted(pieces(&decided.answers).len(), "linear piece"))}</b>
                </Answer>
                <span class="aside">
                    "of at most "
                    <Answer testid="region-bound" value=with(|decided| decided.lab.region_bound())>
                        {with(|decided| decided.lab.region_bound_text())}
                    </Answer>
                </span>
            </dt>
            <dd class:gone=is_tanh><PiecesTable decided writing/></dd>
            <dt>
                <Answer testid="discontinuity-count" value=Signal::stored("0".to_owned())><b>"0 discontinuities"</b></Answer>
            </dt>
            <dd>{CONTINUOUS}</dd>
            <dt><b>"Shapes"</b></dt>
            <dd><span data-testid="shapes" inner_html=shapes></span></dd>
        </dl>
        <div class:gone=is_tanh><ExactToggle testid="function-exact" writing/></div>
        <p class="note" class:gone=is_tanh>{DECIDED}</p>
    }
}

/// Rows as markup in one piece, since there can be many and they change while a slider moves. They hold numbers only.
/// Those that are lit are marked.
fn rows(
    cells: impl Iterator<Item = Vec<String>>,
    total: usize,
    columns: usize,
    is_lit: impl Fn(usize) -> bool,
) -> String {
    let mut html = String::new();
    for (index, row) in cells.take(MAX_ROWS).enumerate() {
        html += if is_lit(index) { "<tr class=\"lit\">" } else { "<tr>" };
        for cell in row {
            html += "<td>";
            html += &cell;
            html += "</td>";
        }
        html += "</tr>";
    }
    if total > MAX_ROWS {
        html += &format!("<tr><td colspan=\"{columns}\">and {} more, in the CSV</td></tr>", total - MAX_ROWS);
    }
    html
}

/// For a table's body: a row lights the part of its number while the pointer is on it.
fn light_rows(highlight: Highlight, part: fn(usize) -> Part) -> impl Fn(PointerEvent) + Copy {
    move |event: PointerEvent| {
        let cell = event.target().and_then(|target| target.dyn_into::<Element>().ok());
        let row = cell.and_then(|cell| cell.closest("tr").ok().flatten());
        let before = |row: &Element| {
            std::iter::successors(row.previous_element_sibling(), Element::previous_element_sibling).count()
        };
        highlight.light(row.map(|row| part(before(&row))));
    }
}

#[component]
fn KinksTable(decided: RwSignal<Decided>, writing: RwSignal<Writing>) -> impl IntoView {
    let highlight = use_highlight();
    let is_open = RwSignal::new(false);
    let html = move || {
        if !is_open.get() {
            return String::new();
        }
        decided.with(|decided| {
            let kinks = kinks(&decided.answers);
            let number = |value: &Rational| writing.get().number(value);
            let row = |kink: &Kink| vec![number(&kink.x), number(&kink.y), bends_text(&kink.bends)];
            rows(kinks.iter().map(row), kinks.len(), 3, |index| highlight.is_lit(Part::Kink(index)))
        })
    };
    let json = move || {
        let bend = |bend: &Bend| json!([bend.layer, bend.neuron]);
        let kink = |kink: &Kink| kink.bends.iter().map(bend).collect::<Vec<_>>();
        decided.with(|decided| json!(kinks(&decided.answers).iter().map(kink).collect::<Vec<_>>()).to_string())
    };
    view! {
        <details on:toggle=move |_| is_open.update(|open| *open = !*open) data-testid="kink-neurons" data-value=json>
            <summary class="aside">"Which neuron makes which kink"</summary>
            <div class="scroll" tabindex="0" role="region" aria-label="Kinks and their neurons">
                <table>
                    <thead><tr><th scope="col">"x"</th><th scope="col">"f(x)"</th><th scope="col">"neurons that bend"</th></tr></thead>
                    <tbody inner_html=html on:pointerover=light_rows(highlight, Part::Kink) on:pointerleave=move |_| highlight.dim()></tbody>
                </table>
            </div>
        </details>
    }
}

#[component]
fn PiecesTable(decided: RwSignal<Decided>, writing: RwSignal<Writing>) -> impl IntoView {
    let highlight = use_highlight();
    let json = move || {
        let piece = |piece: &Piece| {
            json!({
                "from": piece.interval.start.as_ref().map(to_f64),
                "to": piece.interval.end.as_ref().map(to_f64),
                "slope": to_f64(&piece.slope),
                "intercept": to_f64(&piece.intercept),
            })
        };
        decided.with(|decided| json!(pieces(&decided.answers).iter().map(piece).collect::<Vec<_>>()).to_string())
    };
    let html = move || {
        decided.with(|decided| {
            let pieces = pieces(&decided.answers);
            let writing = writing.get();
            let number = |value: &Rational| writing.number(value);
            let row = |piece: &Piece| {
                vec![interval_text(&piece.interval, writing), number(&piece.slope), number(&piece.intercept)]
            };
            rows(pieces.iter().map(row), pieces.len(), 3, |index| highlight.is_lit(Part::Piece(index)))
        })
    };
    view! {
        <div class="scroll" data-testid="pieces" data-value=json tabindex="0" role="region" aria-label="Pieces">
            <table>
                <thead>
                    <tr><th scope="col">"x from … to"</th><th scope="col">"slope"</th><th scope="col">"intercept"</th></tr>
                </thead>
                <tbody inner_html=html on:pointerover=light_rows(highlight, Part::Piece) on:pointerleave=move |_| highlight.dim()></tbody>
            </table>
        </div>
    }
}

fn interval_text(interval: &Interval, writing: Writing) -> String {
    let end =
        |end: &Option<_>, infinite: &str| end.as_ref().map_or_else(|| infinite.to_owned(), |end| writing.number(end));
    format!("{} … {}", end(&interval.start, "−∞"), end(&interval.end, "∞"))
}
