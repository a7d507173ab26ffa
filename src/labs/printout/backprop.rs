//! Question 8 on paper.

use ndarray::Array2;

use super::{How, Part, Section, Table};
use crate::labs::backprop;
use crate::labs::backprop::layers::{Checked, EPS, LayerLab, TOLERANCE, mistake_title};
use crate::labs::backprop::question8::{Answers, Comparison, EDITABLE, Precision, Question8, STEPS};
use crate::labs::backprop::table::cell;
use crate::labs::backprop::words::at_zero;
use crate::labs::formula::typed_matrix;
use crate::labs::notation::Notation;
use crate::labs::numbers::{counted, scientific};

/// The numbers, every step of both passes, the gradient, and how far the ways of computing it differ. Above
/// [`EDITABLE`], where the screen shows pictures, only what fits in a line.
pub fn question8_section(lab: &Question8, answers: &Answers) -> Section {
    let d = lab.dimension();
    let precision = if lab.precision == Precision::Single { "f32" } else { "f64" };
    let values = [
        ("dimension", d.to_string()),
        ("seed of the numbers drawn", lab.seed().to_string()),
        ("Θ(0)", lab.theta_zero.value().to_string()),
        ("precision", precision.to_owned()),
        ("ε of the central differences", lab.eps.to_string()),
        ("L", cell(answers.values.loss)),
    ];
    let mut section = Section::new("Backprop lab: a weight used twice")
        .with(Part::Values(values.map(|(name, value)| (name.to_owned(), value)).into()));
    if d <= EDITABLE {
        section = section.with(Part::formula(|notation| numbers(notation, lab)));
    }
    let row = |index: usize| {
        let values = answers.result_of(index);
        let text = if d <= EDITABLE { rows(&values) } else { format!("{} × {}", values.nrows(), values.ncols()) };
        vec![STEPS[index].formula.to_owned(), text, STEPS[index].reason.to_owned()]
    };
    let compared = |comparison: &Comparison| {
        let at = format!("({}, {})", comparison.at.0 + 1, comparison.at.1 + 1);
        vec![
            comparison.name.to_owned(),
            comparison.entries.to_string(),
            scientific(comparison.absolute),
            at,
            scientific(comparison.relative),
        ]
    };
    let zeros = at_zero(&answers.signs.zeros);
    if !zeros.is_empty() {
        section = section.with(Part::Verdict { how: How::Measured, text: zeros.join("\n") });
    }
    let agree = |comparison: &Comparison| {
        let (name, most) = (comparison.name, scientific(comparison.absolute));
        format!("{name}: the largest difference is {most}, of {} numbers.", comparison.entries)
    };
    let agree = answers.comparisons.iter().map(agree).collect::<Vec<_>>().join("\n");
    section
        .with(Part::Verdict { how: How::Measured, text: format!("∂L/∂W in three ways, compared.\n{agree}") })
        .with(Part::Table(Table {
            caption: format!(
                "{}, forward and back; a row of a matrix ends with a semicolon.",
                counted(STEPS.len(), "step")
            ),
            columns: ["step", "value", "because"].map(str::to_owned).into(),
            rows: (0..STEPS.len()).map(row).collect(),
        }))
        .with(Part::Table(Table {
            caption: "∂L/∂W in three ways, compared.".into(),
            columns: ["ways", "entries", "largest difference", "at row, column", "largest relative error"]
                .map(str::to_owned)
                .into(),
            rows: answers.comparisons.iter().map(compared).collect(),
        }))
}

/// A layer's gradients: what was checked, and every table.
pub fn layers_section(lab: &LayerLab) -> Section {
    let report = lab.report();
    let values = [
        ("layer", lab.subject.title().to_owned()),
        ("mistake", mistake_title(lab.mistake).to_owned()),
        ("seed of the numbers drawn", lab.seed.to_string()),
    ];
    let row = |checked: &Checked| {
        let (error, (i, j)) = checked.worst;
        let wrong = format!("{} of {}", checked.wrong, checked.derived.values.len());
        vec![checked.derived.name.clone(), wrong, scientific(error), format!("({}, {})", i + 1, j + 1)]
    };
    let table = |table: &backprop::table::Table| vec![table.name.clone(), table.shape(), rows(&table.values)];
    Section::new("Backprop lab: layer by layer")
        .with(Part::Values(values.map(|(name, value)| (name.to_owned(), value)).into()))
        .with(Part::Verdict {
            how: How::Measured,
            text: format!(
                "{}. Against central differences in f64 with ε = {EPS}; a relative error above {TOLERANCE} counts as wrong.",
                report.in_words(lab.subject.title())
            ),
        })
        .with(Part::Table(Table {
            caption: "Gradients, derived and measured.".into(),
            columns: ["gradient", "wrong", "largest relative error", "at row, column"].map(str::to_owned).into(),
            rows: report.checked.iter().map(row).collect(),
        }))
        .with(Part::Table(Table {
            caption: "All numbers; a row of a matrix ends with a semicolon.".into(),
            columns: ["table", "shape", "value"].map(str::to_owned).into(),
            rows: report.tables().iter().map(table).collect(),
        }))
}

/// W and x as typed.
fn numbers(notation: Notation, lab: &Question8) -> String {
    let d = lab.dimension();
    let w: Vec<Vec<_>> = (0..d).map(|row| (0..d).map(|column| lab.get(row, Some(column))).collect()).collect();
    let x: Vec<Vec<_>> = (0..d).map(|row| vec![lab.get(row, None)]).collect();
    let equation = |name: &str, rows: &[Vec<_>]| {
        format!("{}{}{}", notation.variable(name), notation.between('='), typed_matrix(notation, rows))
    };
    notation.display(&format!("{}{}{}", equation("W", &w), notation.between(','), equation("x", &x)))
}

fn rows(values: &Array2<f64>) -> String {
    // A vector lies down, to take less room.
    if values.ncols() == 1 {
        return values.iter().map(|&value| cell(value)).collect::<Vec<_>>().join(", ");
    }
    let row = |row: ndarray::ArrayView1<f64>| row.iter().map(|&value| cell(value)).collect::<Vec<_>>().join(", ");
    values.outer_iter().map(row).collect::<Vec<_>>().join("; ")
}
