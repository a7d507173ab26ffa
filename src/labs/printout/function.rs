//! The function lab on paper.

use super::exact::in_full;
use super::{How, Part, Section, Table};
use crate::labs::code::{Exported, Language, code};
use crate::labs::formula;
use crate::labs::function::network::{Answers, NetworkLab};
use crate::labs::function::witness::witnesses;
use crate::labs::function::words::{
    CONTINUOUS, DECIDED, SMOOTH, bends_text, judged_by_samples, kinks, pieces, reason, shown_verdict, title, verdict,
};
use crate::labs::notation::Notation;
use crate::labs::numbers::counted;
use crate::labs::writing::Writing;
use crate::piecewise::Rational;

/// Most rows of a table; the CSV from the screen has all.
const MAX_ROWS: usize = 200;

/// The network, its formula, its picture, what is true of it and why, and a program.
pub fn function_section(lab: &NetworkLab, answers: &Answers, figure: Part) -> Section {
    let hidden = lab.hidden();
    let widths: Vec<_> = hidden.iter().map(ToString::to_string).collect();
    let (from, to) = lab.x_range();
    let shown = |number: crate::piecewise::Decimal| number.to_string().replace('-', "−");
    let values = [
        ("layers", (hidden.len() + 1).to_string()),
        ("hidden widths", widths.join(", ")),
        ("activation", lab.activation.name().to_owned()),
        ("biases", if lab.biases { "yes" } else { "none" }.to_owned()),
        ("shown", format!("x from {} to {}", shown(from), shown(to))),
    ];
    let mut section =
        Section::new("Function lab").with(Part::Values(values.map(|(name, value)| (name.into(), value)).into()));
    section = section
        .with(Part::formula(|notation| formula::symbolic(notation, hidden.len() + 1, lab.activation, lab.biases)));
    let numbers = |notation| formula::numeric(notation, &lab.effective(), lab.activation, lab.biases);
    if let (Some(mathml), Some(latex)) = (numbers(Notation::MathMl), numbers(Notation::Latex)) {
        section = section.with(Part::Formula { mathml, latex });
    }
    section = section.with(figure);
    let how = if answers.relu().is_some() { How::Proved } else { How::Measured };
    section = section.with(Part::Verdict { how, text: verdict_text(answers) });
    if answers.relu().is_some() {
        section = section.with(Part::Table(kinks_table(answers))).with(Part::Table(pieces_table(answers)));
    }
    let why = if answers.relu().is_some() { DECIDED.to_owned() } else { judged_by_samples() };
    section
        .with(Part::Verdict { how, text: format!("No discontinuities. {CONTINUOUS}\n{why}") })
        .with(Part::Code(code(&Exported::of_function(lab), Language::NumPy)))
}

fn verdict_text(answers: &Answers) -> String {
    let word = title(verdict(answers));
    let first = if answers.relu().is_some() {
        let (shown, reason) = (shown_verdict(answers).word(), reason(verdict(answers)));
        format!("{word} on the whole line; on the shown interval: {shown}. {reason}")
    } else {
        format!("{word} here, by samples. {SMOOTH}")
    };
    [vec![first], witnesses(answers, Writing::Full)].concat().join("\n")
}

fn kinks_table(answers: &Answers) -> Table {
    let kinks = kinks(answers);
    let row = |kink: &crate::piecewise::Kink| vec![in_full(&kink.x), in_full(&kink.y), bends_text(&kink.bends)];
    Table {
        caption: caption(&counted(kinks.len(), "kink"), kinks.len()),
        columns: ["x", "f(x)", "neurons that bend"].map(str::to_owned).into(),
        rows: kinks.iter().take(MAX_ROWS).map(row).collect(),
    }
}

fn pieces_table(answers: &Answers) -> Table {
    let pieces = pieces(answers);
    let end = |end: &Option<Rational>, infinite: &str| end.as_ref().map_or_else(|| infinite.to_owned(), in_full);
    let row = |piece: &crate::piecewise::Piece| {
        let (from, to) = (end(&piece.interval.start, "−∞"), end(&piece.interval.end, "∞"));
        vec![from, to, in_full(&piece.slope), in_full(&piece.intercept)]
    };
    Table {
        caption: caption(&counted(pieces.len(), "linear piece"), pieces.len()),
        columns: ["from x", "to x", "slope", "intercept"].map(str::to_owned).into(),
        rows: pieces.iter().take(MAX_ROWS).map(row).collect(),
    }
}

fn caption(what: &str, count: usize) -> String {
    if count > MAX_ROWS { format!("{what}; the first {MAX_ROWS} are printed.") } else { format!("{what}.") }
}
