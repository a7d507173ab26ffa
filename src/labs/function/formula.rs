//! The network's formula in MathML: with symbols, or with its numbers.

use super::network::{Activation, NetworkLab};
use crate::labs::parameters::Parameters;
use crate::piecewise::Decimal;

/// Most parameters of a network whose matrices are written out.
const MAX_WRITTEN: usize = 120;

fn name(activation: Activation) -> &'static str {
    match activation {
        Activation::Relu => "ReLU",
        Activation::Tanh => "tanh",
    }
}

fn equation(body: &str) -> String {
    format!(
        "<math display=\"block\"><mi>f</mi><mo stretchy=\"false\">(</mo><mi>x</mi><mo stretchy=\"false\">)</mo><mo>=</mo><mrow>{body}</mrow></math>"
    )
}

fn applied(function: &str, inner: &str) -> String {
    format!("<mi>{function}</mi><mo stretchy=\"false\">(</mo><mrow>{inner}</mrow><mo stretchy=\"false\">)</mo>")
}

/// `f(x) = W₂ ReLU(W₁ x + b₁) + b₂`, nested as deep as the network is.
pub fn symbolic(layers: usize, activation: Activation, biases: bool) -> String {
    let symbol = |name: &str, layer: usize| {
        format!("<msub><mi class=\"matrix\">{name}</mi><mn>{layer}</mn></msub><mspace width=\"0.15em\"></mspace>")
    };
    let affine = |layer: usize, input: String| {
        let bias = if biases { format!("<mo>+</mo>{}", symbol("b", layer)) } else { String::new() };
        format!("{}{input}{bias}", symbol("W", layer))
    };
    let inner = affine(1, "<mi>x</mi>".into());
    let body = (2..=layers).fold(inner, |inner, layer| affine(layer, applied(name(activation), &inner)));
    equation(&body)
}

/// The formula with its numbers: for one hidden layer a constant and one hinge a neuron, without neurons that
/// add nothing; for more, matrices and vectors. `None` if that would be too long to read.
pub fn numeric(lab: &NetworkLab) -> Option<String> {
    let parameters = lab.effective();
    if parameters.places().len() > MAX_WRITTEN {
        return None;
    }
    Some(match parameters.layers() {
        [_, _] => hinges(&parameters, lab.activation),
        _ => matrices(&parameters, lab.activation, lab.biases),
    })
}

/// The number without its sign.
fn number(value: Decimal) -> String {
    match value.parts() {
        Some((above, below)) => format!("<mfrac><mn>{}</mn><mn>{below}</mn></mfrac>", above.unsigned_abs()),
        None => format!("<mn>{}</mn>", value.to_string().trim_start_matches('-')),
    }
}

fn hinges(parameters: &Parameters, activation: Activation) -> String {
    let is_zero = |value: Decimal| value == Decimal::ZERO;
    let sign = |value: Decimal| if value.to_f64() < 0.0 { "<mo>−</mo>" } else { "<mo>+</mo>" };
    let lead = |value: Decimal, first: bool| match (first, value.to_f64() < 0.0) {
        (true, false) => "",
        (true, true) => "<mo form=\"prefix\">−</mo>",
        (false, _) => sign(value),
    };
    let factor = |value: Decimal| {
        if value.to_f64().abs() == 1.0 {
            String::new()
        } else {
            format!("{}<mspace width=\"0.12em\"></mspace>", number(value))
        }
    };
    let [first, second] = parameters.layers() else { return String::new() };
    let mut body = String::new();
    for ((w, &b), &v) in first.weights.iter().zip(&first.bias).zip(&second.weights[0]) {
        if is_zero(v) || is_zero(w[0]) && is_zero(b) {
            continue;
        }
        let mut inside = String::new();
        if !is_zero(w[0]) {
            inside += &format!("{}{}<mi>x</mi>", lead(w[0], true), factor(w[0]));
        }
        if !is_zero(b) {
            inside += &format!("{}{}", lead(b, inside.is_empty()), number(b));
        }
        body += &format!("{}{}{}", lead(v, body.is_empty()), factor(v), applied(name(activation), &inside));
    }
    let constant = second.bias[0];
    if body.is_empty() || !is_zero(constant) {
        body += &format!("{}{}", lead(constant, body.is_empty()), number(constant));
    }
    equation(&body)
}

fn matrices(parameters: &Parameters, activation: Activation, biases: bool) -> String {
    let signed = |value: Decimal| {
        let minus = if value.to_f64() < 0.0 { "<mo form=\"prefix\">−</mo>" } else { "" };
        format!("<mrow>{minus}{}</mrow>", number(value))
    };
    let table = |rows: Vec<String>| format!("<mo>(</mo><mtable>{}</mtable><mo>)</mo>", rows.concat());
    let row = |cells: &[Decimal]| {
        let cells: String = cells.iter().map(|&cell| format!("<mtd>{}</mtd>", signed(cell))).collect();
        format!("<mtr>{cells}</mtr>")
    };
    let mut body = "<mi>x</mi>".to_owned();
    for (index, layer) in parameters.layers().iter().enumerate() {
        if index > 0 {
            body = applied(name(activation), &body);
        }
        let weights = table(layer.weights.iter().map(|weights| row(weights)).collect());
        let bias = table(layer.bias.iter().map(|&bias| row(&[bias])).collect());
        let plus = if biases { format!("<mo>+</mo><mrow>{bias}</mrow>") } else { String::new() };
        body = format!("<mrow>{weights}</mrow>{body}{plus}");
    }
    equation(&body)
}
