//! The network in LaTeX: the formula of f, then its matrices, exact.

use super::Exported;
use crate::labs::formula::symbolic_body;
use crate::labs::notation::Notation;
use crate::piecewise::Rational;

const TEX: Notation = Notation::Latex;

/// Equations in `align*`.
pub(super) fn latex(network: &Exported) -> String {
    let layers = network.net.layers();
    let body = symbolic_body(TEX, layers.len(), network.activation, network.biases);
    let column = |entries: Vec<String>| TEX.matrix(&entries.into_iter().map(|entry| vec![entry]).collect::<Vec<_>>());
    let written = |values: &[Rational]| values.iter().map(|value| TEX.exact(value)).collect::<Vec<_>>();
    let mut lines = vec![format!("f(x) &= {body}")];
    if network.inputs.len() > 1 {
        lines.push(format!("x &= {}", column(network.inputs.iter().map(|name| input(name)).collect())));
    }
    for (index, layer) in layers.iter().enumerate() {
        let number = (index + 1).to_string();
        let rows: Vec<_> = layer.weights.iter().map(|row| written(row)).collect();
        let mut line = format!("{} &= {}", TEX.matrix_symbol("W", &number), TEX.matrix(&rows));
        if network.biases {
            line += &format!(", & {} &= {}", TEX.matrix_symbol("b", &number), column(written(&layer.bias)));
        }
        lines.push(line);
    }
    format!("\\begin{{align*}}\n{}\n\\end{{align*}}\n", lines.join(" \\\\\n"))
}

/// x1 is x₁; other names are written as they are.
fn input(name: &str) -> String {
    match name.strip_prefix('x').and_then(|number| number.parse().ok()) {
        Some(number) => TEX.numbered("x", number),
        None => TEX.variable(name),
    }
}
