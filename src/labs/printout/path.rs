//! The path lab on paper.

use super::exact::in_full;
use super::{How, Part, Section, Table};
use crate::labs::code::{Language, path_code};
use crate::labs::formula::{along_path, between_ends};
use crate::labs::notation::Notation;
use crate::labs::numbers::counted;
use crate::labs::path::{Answers, End, PathLab, Quantity};
use crate::labs::writing::Writing;
use crate::piecewise::{Decimal, PathBreak, Verdict};

/// Most parameters of a network whose ends are printed as matrices; the program has them in any case.
const MAX_MATRICES: usize = 120;

/// The path: what is looked at, both ends, the picture, what is true of it between t = 0 and t = 1, and a program.
pub fn path_section(lab: &PathLab, answers: &Answers, figure: Part) -> Section {
    let mut section = Section::new("Path lab").with(Part::Values(values(lab)));
    let equation = |notation: Notation, (left, right): (String, String)| {
        notation.display(&format!("{left}{}{}", notation.between('='), notation.group(&right)))
    };
    let layers = lab.hidden().len() + 1;
    section = section.with(Part::formula(|notation| equation(notation, along_path(notation, layers))));
    if lab.end(End::From).places().len() <= MAX_MATRICES {
        let ends = |notation: Notation| {
            let pairs = between_ends(notation, lab.end(End::From), &lab.arrival()).into_iter();
            pairs.map(move |pair| equation(notation, pair))
        };
        let both = ends(Notation::MathMl).zip(ends(Notation::Latex));
        section.parts.extend(both.map(|(mathml, latex)| Part::Formula { mathml, latex }));
    }
    section
        .with(figure)
        .with(Part::Verdict { how: How::Proved, text: verdict(answers, lab.quantity) })
        .with(Part::Table(breaks(answers)))
        .with(Part::Code(path_code(lab, Language::NumPy)))
}

fn shown(number: Decimal) -> String {
    number.to_string().replace('-', "−")
}

fn values(lab: &PathLab) -> Vec<(String, String)> {
    let widths: Vec<_> = lab.hidden().iter().map(ToString::to_string).collect();
    let places = lab.end(End::From).places();
    let still: Vec<_> = places.iter().filter(|place| !lab.moves(**place)).map(|place| place.label()).collect();
    let stays = if still.is_empty() { "nothing: all parameters move".to_owned() } else { still.join("; ") };
    let mut values = vec![("hidden widths", widths.join(", "))];
    match lab.quantity {
        Quantity::Output => values.extend([("drawn", "the output f(x; θ(t))".to_owned()), ("x", shown(lab.x))]),
        Quantity::Loss => {
            let points: Vec<_> = lab.data().iter().map(|&(x, y)| format!("({}, {})", shown(x), shown(y))).collect();
            values.extend([("drawn", "the mean squared error".to_owned()), ("data (x, y)", points.join(", "))]);
        }
    }
    values.push(("stays", stays));
    values.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

fn verdict(answers: &Answers, quantity: Quantity) -> String {
    let word = match answers.shape.verdict {
        Verdict::Linear => "A straight line",
        Verdict::Convex => "Convex",
        Verdict::Concave => "Concave",
        Verdict::Neither => "Neither convex nor concave",
    };
    let degree = answers.degree();
    let first = format!(
        "{word} for 0 ≤ t ≤ 1; for all t: {}. The highest degree of a piece between 0 and 1 is {degree}.",
        answers.line.verdict.word()
    );
    [vec![first], answers.witnesses(quantity, Writing::Full)].concat().join("\n")
}

/// Breaks between 0 and 1, as the screen counts them.
fn breaks(answers: &Answers) -> Table {
    let inside: Vec<_> = answers.inner_breaks().collect();
    let row = |at: &&PathBreak| {
        let irrational = at.t.rational().is_none();
        let t = at.t.rational().map_or_else(|| Writing::Short.algebraic(&at.t), in_full);
        vec![t, if irrational { Writing::Full.root_of(&at.t) } else { String::new() }]
    };
    Table {
        caption: format!("{} between t = 0 and t = 1.", counted(inside.len(), "break")),
        columns: ["t", "if irrational"].map(str::to_owned).into(),
        rows: inside.iter().map(row).collect(),
    }
}
