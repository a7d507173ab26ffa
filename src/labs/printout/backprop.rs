//! Question 8 on paper.

use ndarray::Array2;

use super::{Part, Section, Table};
use crate::labs::backprop::question8::{Answers, EDITABLE, Precision, Question8, STEPS};
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
        section = section.with(Part::Formula(numbers(lab)));
    }
    let row = |index: usize| {
        let values = answers.result_of(index);
        let text = if d <= EDITABLE { rows(&values) } else { format!("{} × {}", values.nrows(), values.ncols()) };
        vec![STEPS[index].formula.to_owned(), text, STEPS[index].reason.to_owned()]
    };
    let compared = |comparison: &crate::labs::backprop::question8::Comparison| {
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
        section = section.with(Part::Paragraph(zeros.join("\n")));
    }
    section
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

/// W and x as typed.
fn numbers(lab: &Question8) -> String {
    const PAGE: Notation = Notation::MathMl;
    let d = lab.dimension();
    let w: Vec<Vec<_>> = (0..d).map(|row| (0..d).map(|column| lab.get(row, Some(column))).collect()).collect();
    let x: Vec<Vec<_>> = (0..d).map(|row| vec![lab.get(row, None)]).collect();
    let equation = |name: &str, rows: &[Vec<_>]| {
        format!("{}{}{}", PAGE.variable(name), PAGE.between('='), typed_matrix(PAGE, rows))
    };
    PAGE.display(&format!("{}{}{}", equation("W", &w), PAGE.between(','), equation("x", &x)))
}

fn rows(values: &Array2<f64>) -> String {
    // A vector lies down, to take less room.
    if values.ncols() == 1 {
        return values.iter().map(|&value| cell(value)).collect::<Vec<_>>().join(", ");
    }
    let row = |row: ndarray::ArrayView1<f64>| row.iter().map(|&value| cell(value)).collect::<Vec<_>>().join(", ");
    values.outer_iter().map(row).collect::<Vec<_>>().join("; ")
}
