//! What is true of the path.

use leptos::prelude::*;
use serde_json::json;

use super::Decided;
use crate::labs::numbers::{counted, fraction};
use crate::labs::path::Quantity;
use crate::labs::path::words::title;
use crate::labs::writing::Writing;
use crate::piecewise::{Algebraic, Chord, PathBreak, PathPiece, PathShape, Verdict};
use crate::web::components::{Answer, ExactToggle};

/// Most rows of the table; the exported CSV has all.
const MAX_ROWS: usize = 100;
/// Most breaks whose places are written in a sentence.
const MAX_WRITTEN: usize = 20;

fn witness(shape: &PathShape) -> String {
    let chord = |chord: &Chord| {
        json!({
            "t": chord.x.each_ref().map(fraction), "f": chord.f.each_ref().map(fraction), "chord": fraction(&chord.chord),
        })
    };
    json!({ "not_convex": shape.not_convex.as_ref().map(chord), "not_concave": shape.not_concave.as_ref().map(chord) })
        .to_string()
}

#[component]
pub(super) fn AnswerList(decided: RwSignal<Decided>, is_pending: RwSignal<bool>) -> impl IntoView {
    let with = move |read: fn(&Decided) -> String| Signal::derive(move || decided.with(read));
    let writing = RwSignal::new(Writing::Short);
    let list = |lines: Vec<String>| lines.into_iter().map(|line| view! { <li>{line}</li> }).collect_view();
    let lines = move || list(decided.with(|decided| decided.answers.witnesses(decided.lab.quantity, writing.get())));
    let irrational =
        move || list(decided.with(|decided| decided.answers.irrational_breaks(MAX_WRITTEN, writing.get())));
    let reason = with(|decided| match decided.answers.shape.verdict {
        Verdict::Linear => "One polynomial of degree 1 or less between t = 0 and t = 1.".into(),
        Verdict::Convex => "The slope never falls: p″ ≥ 0 on every piece, and no break bends down.".into(),
        Verdict::Concave => "The slope never rises: p″ ≤ 0 on every piece, and no break bends up.".into(),
        Verdict::Neither => "The slope rises somewhere and falls somewhere.".into(),
    });
    let breaks_json = with(|decided| {
        let entry = |at: &PathBreak| {
            let bends: Vec<_> = at.bends.iter().map(|bend| json!([bend.layer, bend.neuron])).collect();
            json!({ "t": at.t.to_f64(), "exact": at.t.rational().map(fraction), "root_of": at.t.polynomial().to_string(), "neurons": bends })
        };
        json!(decided.answers.pieces.breaks().iter().map(entry).collect::<Vec<_>>()).to_string()
    });
    let breaks_text = Signal::derive(move || {
        decided.with(|decided| {
            let breaks: Vec<_> = decided.answers.inner_breaks().collect();
            // What an irrational one is stands below.
            let place = |at: &&PathBreak| match at.t.rational() {
                Some(t) => writing.get().number(t),
                None => Writing::Short.algebraic(&at.t),
            };
            let places: Vec<_> = breaks.iter().take(MAX_WRITTEN).map(place).collect();
            let more = if breaks.len() > MAX_WRITTEN { ", …" } else { "" };
            if places.is_empty() {
                "There are none between 0 and 1.".into()
            } else {
                format!("At t: {}{more}", places.join(", "))
            }
        })
    });
    let pieces_json = with(|decided| {
        let entry = |piece: &PathPiece| {
            json!({
                "from": piece.start.as_ref().map(Algebraic::to_f64), "to": piece.end.as_ref().map(Algebraic::to_f64),
                "degree": piece.polynomial.degree().unwrap_or(0),
                "coefficients": piece.polynomial.coefficients().iter().map(fraction).collect::<Vec<_>>(),
            })
        };
        json!(decided.answers.pieces.pieces().iter().map(entry).collect::<Vec<_>>()).to_string()
    });
    let rows = move || {
        decided.with(|decided| {
            let writing = writing.get();
            let end = |end: &Option<Algebraic>, infinite: &str| {
                end.as_ref().map_or_else(|| infinite.to_owned(), |t| writing.algebraic(t))
            };
            let mut html = String::new();
            let pieces = decided.answers.pieces.pieces();
            for piece in pieces.iter().take(MAX_ROWS) {
                // Numbers, t and signs only: nothing that would be markup.
                let text = writing.polynomial(&piece.polynomial);
                html += &format!(
                    "<tr><td>{} … {}</td><td>{}</td><td class=\"polynomial\">{text}</td></tr>",
                    end(&piece.start, "−∞"),
                    end(&piece.end, "∞"),
                    piece.polynomial.degree().unwrap_or(0)
                );
            }
            if pieces.len() > MAX_ROWS {
                html += &format!("<tr><td colspan=\"3\">and {} more, in the CSV</td></tr>", pieces.len() - MAX_ROWS);
            }
            html
        })
    };
    let layers = with(|decided| {
        let count = decided.lab.moving_layers().len();
        let factor = if decided.lab.quantity == Quantity::Loss { 2 } else { 1 };
        let layers = if count == 1 { "moving layer" } else { "moving layers" };
        let squared = if factor == 2 { ", since the error is squared" } else { "" };
        format!("With {count} {layers}, the degree is at most {}{squared}.", count * factor)
    });
    view! {
        <h2>"What is true for 0 ≤ t ≤ 1" <span class="aside pending" aria-live="polite" data-testid="pending" data-value=move || is_pending.get().to_string()>{move || is_pending.get().then_some(" deciding…")}</span></h2>
        <dl>
            <dt><Answer testid="path-shape" value=with(|decided| decided.answers.shape.verdict.word().to_owned())><b>{with(|decided| title(decided.answers.shape.verdict).to_owned())}</b></Answer></dt>
            <dd>
                {reason} " For all t: "
                <Answer testid="path-shape-line" value=with(|decided| decided.answers.line.verdict.word().to_owned())>{with(|decided| decided.answers.line.verdict.word().to_owned())}</Answer> "."
                <span data-testid="path-witness" data-value=with(|decided| witness(&decided.answers.shape))><ul class="witness">{lines}</ul></span>
            </dd>
            <dt>
                <b>"Degree " <Answer testid="path-degree" value=with(|decided| decided.answers.degree().to_string())>{with(|decided| decided.answers.degree().to_string())}</Answer></b>
                <span class="aside">"the highest between 0 and 1"</span>
            </dt>
            <dd>{layers}</dd>
            <dt><b>{with(|decided| counted(decided.answers.inner_breaks().count(), "break"))}</b></dt>
            <dd>
                <Answer testid="path-breaks" value=breaks_json>{breaks_text}</Answer>
                <ul class="witness" data-testid="irrational-breaks">{irrational}</ul>
            </dd>
            <dt><b>{with(|decided| counted(decided.answers.pieces.pieces().len(), "polynomial piece"))}</b> <span class="aside">"on the whole line of t"</span></dt>
            <dd>
                <div class="scroll small wrapped" data-testid="path-pieces" data-value=pieces_json tabindex="0" role="region" aria-label="Pieces">
                    <table>
                        <thead><tr><th scope="col">"t from … to"</th><th scope="col">"degree"</th><th scope="col">"polynomial"</th></tr></thead>
                        <tbody inner_html=rows></tbody>
                    </table>
                </div>
            </dd>
        </dl>
        <ExactToggle testid="path-exact" writing/>
        <p class="note">"Decided exactly: polynomials with rational coefficients, breaks as isolated roots; no rounding, no tolerance. Chords have rational t."</p>
    }
}
