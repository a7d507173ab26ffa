//! A network's formula: with symbols, in general, or with its numbers; on the page or in LaTeX.

use super::function::network::Activation;
use super::notation::{Count, Notation};
use super::parameters::{LayerParameters, Parameters};
use crate::piecewise::Decimal;

/// Most parameters of a network whose matrices are written out.
const MAX_WRITTEN: usize = 120;

impl Activation {
    /// In formulas.
    pub fn name(self) -> &'static str {
        match self {
            Self::Relu => "ReLU",
            Self::Tanh => "tanh",
        }
    }
}

/// `f(x) = W₂ ReLU(W₁ x + b₁) + b₂`, nested as deep as the network is.
pub fn symbolic(notation: Notation, layers: usize, activation: Activation, biases: bool) -> String {
    equation(notation, &notation.variable("x"), &symbolic_body(notation, layers, activation, biases))
}

/// What [`symbolic`] has after the sign of equality.
pub fn symbolic_body(notation: Notation, layers: usize, activation: Activation, biases: bool) -> String {
    let inner = affine(notation, "1", &notation.variable("x"), biases);
    (2..=layers).fold(inner, |inner, layer| {
        affine(notation, &layer.to_string(), &notation.applied(activation.name(), &inner), biases)
    })
}

/// LaTeX for l layers of width k and one input: `f(x) = W_l ReLU(… ReLU(W₁ x + b₁) …) + b_l`, and the shapes.
pub fn general_latex(activation: Activation, biases: bool) -> String {
    const TEX: Notation = Notation::Latex;
    let apply = |inner: &str| TEX.applied(activation.name(), inner);
    let first = apply(&affine(TEX, "1", &TEX.variable("x"), biases));
    let before = affine(TEX, "l-1", &apply(&format!("\\cdots {first} \\cdots")), biases);
    let formula = equation(TEX, &TEX.variable("x"), &affine(TEX, "l", &apply(&before), biases));
    let (one, k) = (Count::Number(1), Count::Letter('k'));
    let shape = |layer: &str, rows, columns| layer_shape(TEX, layer, rows, columns, biases);
    let shapes = [shape("1", k, one), shape("i", k, k) + "\\ (1 < i < l)", shape("l", one, k)];
    formula + &TEX.display(&shapes.join(", \\quad "))
}

/// The shapes of all matrices and vectors, a formula a layer: `W₁ ∈ ℝ^{3×1}, b₁ ∈ ℝ³`, then `W₂ ∈ ℝ^{1×3}, b₂ ∈ ℝ`.
pub fn layer_shapes(notation: Notation, inputs: usize, hidden: &[usize], biases: bool) -> Vec<String> {
    let widths: Vec<_> = [&[inputs], hidden, &[1]].concat().into_iter().map(Count::Number).collect();
    let layers = widths.windows(2).enumerate();
    layers.map(|(index, pair)| layer_shape(notation, &(index + 1).to_string(), pair[1], pair[0], biases)).collect()
}

/// The formula with symbols, and the shapes below it.
pub fn symbolic_with_shapes(
    notation: Notation,
    inputs: usize,
    hidden: &[usize],
    activation: Activation,
    biases: bool,
) -> String {
    let shapes = joined(notation, layer_shapes(notation, inputs, hidden, biases).into_iter());
    symbolic(notation, hidden.len() + 1, activation, biases) + &notation.display(&shapes)
}

fn layer_shape(notation: Notation, layer: &str, rows: Count, columns: Count, biases: bool) -> String {
    let is_in = notation.between('∈');
    let weights = format!("{}{is_in}{}", notation.matrix_symbol("W", layer), notation.space(rows, Some(columns)));
    let bias = || format!("{}{is_in}{}", notation.matrix_symbol("b", layer), notation.space(rows, None));
    if biases { joined(notation, [weights, bias()].into_iter()) } else { weights }
}

fn joined(notation: Notation, parts: impl Iterator<Item = String>) -> String {
    parts.map(|part| notation.group(&part)).collect::<Vec<_>>().join(&notation.between(','))
}

/// The formula with its numbers: for one hidden layer a constant and one hinge a neuron, without neurons that
/// add nothing; for more, matrices and vectors. `None` if that would be too long to read.
pub fn numeric(notation: Notation, parameters: &Parameters, activation: Activation, biases: bool) -> Option<String> {
    if parameters.places().len() > MAX_WRITTEN {
        return None;
    }
    let names = inputs(notation, parameters.inputs());
    let body = match parameters.layers() {
        [_, _] => hinges(notation, parameters, activation, &names),
        _ => matrices(notation, parameters, activation, biases, &names),
    };
    Some(equation(notation, &names.join(&notation.between(',')), &body))
}

/// x, or x₁, x₂, ….
fn inputs(notation: Notation, count: usize) -> Vec<String> {
    match count {
        1 => vec![notation.variable("x")],
        _ => (1..=count).map(|number| notation.numbered("x", number)).collect(),
    }
}

fn equation(notation: Notation, of: &str, body: &str) -> String {
    let left = notation.applied("f", of);
    notation.display(&format!("{left}{}{}", notation.between('='), notation.group(body)))
}

fn affine(notation: Notation, layer: &str, input: &str, biases: bool) -> String {
    let bias =
        if biases { format!("{}{}", notation.between('+'), notation.matrix_symbol("b", layer)) } else { String::new() };
    format!("{}{}{input}{bias}", notation.matrix_symbol("W", layer), notation.thin())
}

/// Adds terms to a sum: a sign, a factor unless it is 1, and what it multiplies, if anything.
fn add(notation: Notation, sum: &mut String, factor: Decimal, of: Option<&str>) {
    *sum += &match (sum.is_empty(), factor.is_negative()) {
        (true, false) => String::new(),
        (true, true) => notation.minus().to_owned(),
        (false, false) => notation.between('+'),
        (false, true) => notation.between('−'),
    };
    let is_one = factor == Decimal::from(1) || factor == Decimal::from(-1);
    match of {
        Some(of) if is_one => *sum += of,
        Some(of) => *sum += &format!("{}{}{of}", notation.size(factor), notation.thin()),
        None => *sum += &notation.size(factor),
    }
}

fn hinges(notation: Notation, parameters: &Parameters, activation: Activation, names: &[String]) -> String {
    let [first, second] = parameters.layers() else { return String::new() };
    let is_zero = |value: &Decimal| *value == Decimal::ZERO;
    let mut body = String::new();
    for ((weights, &bias), &outgoing) in first.weights.iter().zip(&first.bias).zip(&second.weights[0]) {
        let mut inside = String::new();
        for (&weight, name) in weights.iter().zip(names).filter(|(weight, _)| !is_zero(weight)) {
            add(notation, &mut inside, weight, Some(name));
        }
        if !is_zero(&bias) {
            add(notation, &mut inside, bias, None);
        }
        if !is_zero(&outgoing) && !inside.is_empty() {
            add(notation, &mut body, outgoing, Some(&notation.applied(activation.name(), &inside)));
        }
    }
    let constant = second.bias[0];
    if body.is_empty() || !is_zero(&constant) {
        add(notation, &mut body, constant, None);
    }
    body
}

fn matrices(
    notation: Notation,
    parameters: &Parameters,
    activation: Activation,
    biases: bool,
    names: &[String],
) -> String {
    let mut body = match names {
        [name] => name.clone(),
        names => notation.matrix(&names.iter().map(|name| vec![name.clone()]).collect::<Vec<_>>()),
    };
    for (index, layer) in parameters.layers().iter().enumerate() {
        if index > 0 {
            body = notation.applied(activation.name(), &body);
        }
        let weights = typed_matrix(notation, &layer.weights);
        let bias = || {
            let column: Vec<_> = layer.bias.iter().map(|&value| vec![value]).collect();
            format!("{}{}", notation.between('+'), typed_matrix(notation, &column))
        };
        body = format!("{weights}{}{body}{}", notation.thin(), if biases { bias() } else { String::new() });
    }
    body
}

/// The two sides of the equation of a ReLU network whose parameters are those at t.
pub fn along_path(notation: Notation, layers: usize) -> (String, String) {
    let t = notation.variable("t");
    let at = |name: &str, layer: usize| notation.of(&notation.matrix_symbol(name, &layer.to_string()), &t);
    let affine = |layer: usize, input: &str| {
        let (weights, bias) = (at("W", layer), at("b", layer));
        format!("{weights}{}{input}{}{bias}", notation.thin(), notation.between('+'))
    };
    let body = (2..=layers).fold(affine(1, &notation.variable("x")), |inner, layer| {
        affine(layer, &notation.applied(Activation::Relu.name(), &inner))
    });
    let theta = notation.of(&notation.variable("θ"), &t);
    (notation.applied("f", &format!("{}{}{theta}", notation.variable("x"), notation.between(';'))), body)
}

/// θ(t), matrix by matrix, as two sides of an equation: each is a mean of its two ends; one that stays, as itself.
pub fn between_ends(notation: Notation, from: &Parameters, to: &Parameters) -> Vec<(String, String)> {
    let t = notation.variable("t");
    let rest = notation.of("", &format!("{}{}{t}", notation.number(1.into()), notation.between('−')));
    let column = |layer: &LayerParameters| layer.bias.iter().map(|&value| vec![value]).collect::<Vec<_>>();
    let mut equations = Vec::new();
    for (index, (start, end)) in from.layers().iter().zip(to.layers()).enumerate() {
        let both = [("W", start.weights.clone(), end.weights.clone()), ("b", column(start), column(end))];
        for (name, start, end) in both {
            let symbol = notation.of(&notation.matrix_symbol(name, &(index + 1).to_string()), &t);
            let [first, last] = [&start, &end].map(|rows| typed_matrix(notation, rows));
            let mean = format!("{rest}{}{first}{}{t}{}{last}", notation.thin(), notation.between('+'), notation.thin());
            equations.push((symbol, if start == end { first } else { mean }));
        }
    }
    equations
}

/// A matrix of typed numbers, by rows.
pub fn typed_matrix(notation: Notation, rows: &[Vec<Decimal>]) -> String {
    let row = |row: &Vec<Decimal>| row.iter().map(|&value| notation.number(value)).collect();
    notation.matrix(&rows.iter().map(row).collect::<Vec<_>>())
}
