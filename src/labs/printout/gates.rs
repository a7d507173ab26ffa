//! The gate lab on paper: the gate on the plane, and the boolean function.

use super::exact::in_full;
use super::{How, Part, Section, Table};
use crate::labs::code::{Exported, Language, code, equations, output_name};
use crate::labs::formula;
use crate::labs::function::network::Activation;
use crate::labs::gates::GateLab;
use crate::labs::gates::boolean::BooleanLab;
use crate::labs::notation::Notation;
use crate::labs::numbers::counted;
use crate::piecewise::boolean::{Encoding, Form, Formula};
use crate::piecewise::gate::Verdict;

/// The gate: its formula, its picture, whether f is the gate and why, and a program.
pub fn gate_section(lab: &GateLab, faces: [usize; 3], verdict: &Verdict, figure: Part) -> Section {
    let parameters = &lab.parameters;
    let mut section = Section::new("Gate lab").with(Part::Values(vec![
        ("gate".into(), lab.choice.title().to_owned()),
        ("layers".into(), parameters.layers().len().to_string()),
        ("hidden widths".into(), parameters.hidden().iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")),
    ]));
    let layers = parameters.layers().len();
    section = section.with(Part::formula(|notation| formula::symbolic(notation, layers, Activation::Relu, true)));
    let numbers = |notation| formula::numeric(notation, parameters, Activation::Relu, true);
    if let (Some(mathml), Some(latex)) = (numbers(Notation::MathMl), numbers(Notation::Latex)) {
        section = section.with(Part::Formula { mathml, latex });
    }
    let [points, segments, cells] = faces;
    let text = match verdict {
        Verdict::Proved => format!(
            "f is the gate, over {}: {}, {} and {}. The lines of all neurons and the axes cut the plane into these; on each, f is affine and has the sign that the gate wants.",
            counted(points + segments + cells, "face"),
            counted(points, "point"),
            counted(segments, "segment"),
            counted(cells, "cell")
        ),
        Verdict::Refuted(found) => {
            let [x1, x2] = found.point.each_ref().map(in_full);
            let wanted = if found.wanted { "f > 0" } else { "f ≤ 0" };
            format!("f is not the gate. At x = ({x1}, {x2}) {wanted} is wanted, and f is {}.", in_full(&found.found))
        }
    };
    section
        .with(figure)
        .with(Part::Verdict { how: How::Proved, text })
        .with(Part::Code(code(&Exported::of(parameters), Language::NumPy)))
}

/// The boolean function: what was typed, its truth table, and its network; `None` while it cannot be read.
pub fn boolean_section(lab: &BooleanLab) -> Option<Section> {
    let compiled = lab.compiled().ok()?;
    let variables = &compiled.formula.variables;
    let output = output_name(variables);
    let widths: Vec<_> = compiled.net.hidden_widths().iter().map(ToString::to_string).collect();
    let expression = if lab.is_edited() { "a table, below".to_owned() } else { lab.text.clone() };
    let values = [
        ("function", expression),
        ("network", if lab.form == Form::Nand { "a circuit of NANDs" } else { "one hidden layer" }.to_owned()),
        ("inputs", if lab.encoding == Encoding::Signs { "−1 and 1" } else { "0 and 1" }.to_owned()),
        ("hidden widths", widths.join(", ")),
    ];
    let rows = compiled.table.iter().enumerate().map(|(index, &value)| {
        let bits = Formula::row_values(variables.len(), index);
        let values = compiled.values_at(index, lab.encoding);
        let output = values.last().and_then(|last| last.first()).map(in_full).unwrap_or_default();
        let bit = |bit: bool| u8::from(bit).to_string();
        bits.into_iter().map(bit).chain([bit(value), output]).collect()
    });
    let text = match compiled.wrong.len() {
        0 => format!(
            "All {} are right: {output} > 0 where true, {output} < 0 where false.",
            counted(compiled.table.len(), "row")
        ),
        wrong => format!("{wrong} of {} are wrong.", counted(compiled.table.len(), "row")),
    };
    let mut columns = variables.clone();
    columns.extend(["value".to_owned(), output.to_owned()]);
    let exported = Exported::new(&compiled.net, variables.clone());
    Some(
        Section::new("Boolean function")
            .with(Part::Values(values.map(|(name, value)| (name.to_owned(), value)).into()))
            .with(Part::Paragraph(equations(&compiled.net, variables).join("\n")))
            .with(Part::Verdict { how: How::Proved, text })
            .with(Part::Table(Table { caption: "Truth table.".into(), columns, rows: rows.collect() }))
            .with(Part::Code(code(&exported, Language::NumPy))),
    )
}
