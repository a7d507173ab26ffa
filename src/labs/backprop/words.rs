//! What the screen says about a y that is 0, and about the error of central differences there.

use super::exact::{Bend, ZeroRow};
use super::question8::EpsPoint;
use crate::labs::numbers::{scientific, significant, subscript};
use crate::nn::shared_weight::ThetaZero;

/// Most rows that are named.
const MAX_NAMED: usize = 6;

/// One sentence or two for each way in which L behaves where some y_i is 0; none if no y_i is.
pub fn at_zero(zeros: &[ZeroRow]) -> Vec<String> {
    let rows = |bend: Bend| zeros.iter().filter(move |zero| zero.bend == bend).collect::<Vec<_>>();
    let mut sentences = Vec::new();
    if zeros.iter().any(|zero| zero.bend == Bend::NoInput) {
        sentences.push("x = 0, so y, u and L are 0 whatever W is: no kink, and Θ(0) makes no difference.".to_owned());
    }
    let flat = rows(Bend::Flat);
    if !flat.is_empty() {
        sentences.push(format!(
            "{} exactly, but L is differentiable there: {}, so both one-sided slopes are equal, and Θ(0) makes no difference.",
            list(&flat, |row| format!("y{row} = 0")),
            list(&flat, |row| format!("∂L/∂u{row} = 0")),
        ));
    }
    let size = |zero: &ZeroRow| significant(zero.du, 4);
    for (bend, relation, way, consequence) in [
        (Bend::Convex, "> 0", "upwards", "Every Θ(0) from 0 to 1 gives a subgradient."),
        (
            Bend::Concave,
            "< 0",
            "downwards",
            "So L has no subgradient there; every Θ(0) from 0 to 1 gives an element of Clarke’s generalised gradient.",
        ),
    ] {
        let rows = rows(bend);
        if rows.is_empty() {
            continue;
        }
        let value = match &rows[..] {
            [zero] => format!("∂L/∂u{} = {}", subscript(zero.row + 1), size(zero)),
            rows => list(rows, |row| format!("∂L/∂u{row}")),
        };
        sentences.push(format!(
            "{} exactly, and L has a kink there, bending {way} ({value} {relation}). {consequence}",
            list(&rows, |row| format!("y{row} = 0")),
        ));
    }
    // One concave row is enough: a subgradient of the whole would be one in each row.
    if !rows(Bend::Convex).is_empty() && !rows(Bend::Concave).is_empty() {
        sentences.push("Taken together, the kinks leave L without a subgradient.".into());
    }
    if zeros.iter().any(|zero| zero.bend.is_kink()) {
        sentences.push(
            "PyTorch takes Θ(0) = 0. A central difference measures the mean of the slopes on both sides, which is Θ(0) = ½."
                .into(),
        );
    }
    sentences
}

/// What the chart of the error against ε shows. `points` are those computed so far.
pub fn error_against_eps(
    zeros: &[ZeroRow],
    theta_zero: ThetaZero,
    notebook: Option<&EpsPoint>,
    points: &[EpsPoint],
) -> String {
    let kinks: Vec<_> = zeros.iter().filter(|zero| zero.bend.is_kink()).collect();
    if !kinks.is_empty() && theta_zero != ThetaZero::Half {
        return format!(
            "This is the kink ({}): whatever ε is, a central difference measures the mean of the slopes on both sides, and the formula with Θ(0) = {} gives one of them. No ε mends that; Θ(0) = ½ does.",
            list(&kinks, |row| format!("y{row} = 0")),
            theta_zero.value(),
        );
    }
    let marked =
        notebook.map_or_else(|| "…".to_owned(), |point| format!("{} %", significant(point.entry[0] * 100.0, 3)));
    let best = |precision: usize| {
        let smallest = points.iter().min_by(|a, b| a.largest[precision].total_cmp(&b.largest[precision]));
        smallest.map_or_else(
            || "…".to_owned(),
            |point| format!("{} at ε = {}", scientific(point.largest[precision]), scientific(point.eps)),
        )
    };
    let at_kink = if kinks.is_empty() {
        ""
    } else {
        "This is the kink, where Θ(0) = ½ is what a central difference measures. "
    };
    format!(
        "{at_kink}The notebook’s ε = 10⁻⁵ in f32 is wrong by {marked} here. Smallest error over all compared entries: f32 {}, f64 {}.",
        best(0),
        best(1)
    )
}

/// `y₁ = 0, y₃ = 0`, with rows from 1 as subscripts.
fn list(zeros: &[&ZeroRow], text: impl Fn(String) -> String) -> String {
    let mut named: Vec<_> = zeros.iter().take(MAX_NAMED).map(|zero| text(subscript(zero.row + 1))).collect();
    if zeros.len() > MAX_NAMED {
        named.push("…".into());
    }
    named.join(", ")
}
