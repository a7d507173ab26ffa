//! What is true of the path.

use leptos::prelude::*;
use serde_json::json;

use super::Decided;
use crate::labs::numbers::{approximate, counted, exact, fraction, significant};
use crate::labs::path::Quantity;
use crate::piecewise::{Algebraic, Chord, PathBreak, PathPiece, PathShape, Verdict};
use crate::web::components::Answer;

/// Most rows of the table; the exported CSV has all.
const MAX_ROWS: usize = 100;
/// Longest polynomial that is written out.
const MAX_WRITTEN: usize = 46;

fn title(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Linear => "A straight line",
        Verdict::Convex => "Convex",
        Verdict::Concave => "Concave",
        Verdict::Neither => "Neither convex nor concave",
    }
}

fn number(t: &Algebraic) -> String {
    t.rational().map_or_else(|| format!("≈\u{a0}{}", significant(t.to_f64(), 6)), exact)
}

fn witness(shape: &PathShape) -> String {
    let chord = |chord: &Chord| {
        json!({
            "t": chord.x.each_ref().map(fraction), "f": chord.f.each_ref().map(fraction), "chord": fraction(&chord.chord),
        })
    };
    json!({ "not_convex": shape.not_convex.as_ref().map(chord), "not_concave": shape.not_concave.as_ref().map(chord) })
        .to_string()
}

fn witness_lines(shape: &PathShape) -> Vec<String> {
    let line = |chord: &Chord, word: &str, side: &str| {
        let [a, b, c] = chord.x.each_ref().map(fraction_or_decimal);
        format!(
            "Not {word}: at t = {b} it is {}, {side} the chord from t = {a} to {c}, which is {} there.",
            exact(&chord.f[1]),
            exact(&chord.chord)
        )
    };
    let lines = [
        shape.not_convex.as_ref().map(|chord| line(chord, "convex", "above")),
        shape.not_concave.as_ref().map(|chord| line(chord, "concave", "below")),
    ];
    lines.into_iter().flatten().collect()
}

fn fraction_or_decimal(value: &crate::piecewise::Rational) -> String {
    let text = exact(value);
    if text.starts_with('≈') { fraction(value) } else { text }
}

fn inside(at: &PathBreak) -> bool {
    let [zero, one] = [0, 1].map(|t: i64| Algebraic::from(crate::piecewise::Rational::from_integer(t.into())));
    zero < at.t && at.t < one
}

#[component]
pub(super) fn AnswerList(decided: RwSignal<Decided>, is_pending: RwSignal<bool>) -> impl IntoView {
    let with = move |read: fn(&Decided) -> String| Signal::derive(move || decided.with(read));
    let lines = move || {
        decided
            .with(|decided| witness_lines(&decided.answers.shape))
            .into_iter()
            .map(|line| view! { <li>{line}</li> })
            .collect_view()
    };
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
    let breaks_text = with(|decided| {
        let breaks: Vec<_> = decided.answers.pieces.breaks().iter().filter(|at| inside(at)).collect();
        let irrational = breaks.iter().filter(|at| at.t.rational().is_none()).count();
        let places: Vec<_> = breaks.iter().take(20).map(|at| number(&at.t)).collect();
        let more = if breaks.len() > 20 { ", …" } else { "" };
        match (breaks.len(), irrational) {
            (0, _) => "None between 0 and 1.".into(),
            (_, 0) => format!("at t = {}{more}", places.join(", ")),
            (_, count) => format!("at t = {}{more}; {count} irrational, isolated exactly", places.join(", ")),
        }
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
    let rows = with(|decided| {
        let end = |end: &Option<Algebraic>, infinite: &str| end.as_ref().map_or_else(|| infinite.to_owned(), number);
        let mut html = String::new();
        let pieces = decided.answers.pieces.pieces();
        for piece in pieces.iter().take(MAX_ROWS) {
            // Numbers, t and signs only: nothing that would be markup.
            let text = piece.polynomial.to_string();
            let text = if text.chars().count() > MAX_WRITTEN { leading(piece) } else { text };
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
    });
    let layers = with(|decided| {
        let count = decided.lab.moving_layers().len();
        let factor = if decided.lab.quantity == Quantity::Loss { 2 } else { 1 };
        let layers = if count == 1 { "layer that moves" } else { "layers that move" };
        let squared = if factor == 2 { ", being squared" } else { "" };
        format!("{count} {layers} can give at most degree {}{squared}.", count * factor)
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
            <dt><b>{with(|decided| counted(decided.answers.pieces.breaks().iter().filter(|at| inside(at)).count(), "break"))}</b></dt>
            <dd><Answer testid="path-breaks" value=breaks_json>{breaks_text}</Answer></dd>
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
        <p class="note">"Decided exactly: polynomials with rational coefficients, breaks as isolated roots; no rounding, no tolerance. Chords have rational t."</p>
    }
}

/// The leading term of a polynomial that is too long to write out.
fn leading(piece: &PathPiece) -> String {
    let coefficients = piece.polynomial.coefficients();
    let degree = coefficients.len().saturating_sub(1);
    let power: String =
        degree.to_string().chars().filter_map(|c| "⁰¹²³⁴⁵⁶⁷⁸⁹".chars().nth(c.to_digit(10)? as usize)).collect();
    coefficients.last().map_or_else(String::new, |first| format!("{}·t{power} + …", approximate(first)))
}
