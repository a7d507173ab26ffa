//! A network's weights as code: to go on with elsewhere.

use num_traits::{One, Signed, Zero};

use super::numbers::exact;
use crate::piecewise::{Layer, Net, Rational, to_f64};

/// A language to write weights in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// Arrays, and a function.
    NumPy,
    /// A `Sequential` with its weights.
    PyTorch,
    /// `{"layers": [{"weight": …, "bias": …}]}`
    Json,
    /// Equations, exact.
    Latex,
}

impl Language {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::NumPy, Self::PyTorch, Self::Json, Self::Latex];

    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::NumPy => "NumPy",
            Self::PyTorch => "PyTorch",
            Self::Json => "JSON",
            Self::Latex => "LaTeX",
        }
    }
}

/// The network's weights in a language. Numbers are the nearest f64, but in LaTeX exact.
pub fn code(net: &Net, language: Language) -> String {
    let layers = net.layers();
    match language {
        Language::NumPy => {
            let mut text = String::from("import numpy as np\n\n");
            for (index, layer) in layers.iter().enumerate() {
                let number = index + 1;
                text += &format!("W{number} = np.array({})\n", matrix(layer));
                text += &format!("b{number} = np.array({})\n", row(&layer.bias));
            }
            text += "\n\ndef f(x):\n    h = np.atleast_1d(x)\n";
            for index in 1..layers.len() {
                text += &format!("    h = np.maximum(W{index} @ h + b{index}, 0)\n");
            }
            text += &format!("    return (W{0} @ h + b{0})[0]\n", layers.len());
            text
        }
        Language::PyTorch => {
            let mut text = String::from("import torch\n\n");
            let mut modules = Vec::new();
            for layer in layers {
                let columns = layer.weights.first().map_or(net.inputs(), Vec::len);
                modules.push(format!("    torch.nn.Linear({columns}, {}, dtype=torch.float64),\n", layer.bias.len()));
            }
            text += &format!("net = torch.nn.Sequential(\n{})\n", modules.join("    torch.nn.ReLU(),\n"));
            text += "with torch.no_grad():\n";
            for (index, layer) in layers.iter().enumerate() {
                let at = 2 * index;
                let columns = layer.weights.first().map_or(net.inputs(), Vec::len);
                text += &format!(
                    "    net[{at}].weight.copy_(torch.tensor({}, dtype=torch.float64).reshape({}, {columns}))\n",
                    matrix(layer),
                    layer.bias.len()
                );
                text += &format!("    net[{at}].bias.copy_(torch.tensor({}, dtype=torch.float64))\n", row(&layer.bias));
            }
            text
        }
        Language::Json => {
            let layer = |layer: &Layer| format!("{{\"weight\": {}, \"bias\": {}}}", matrix(layer), row(&layer.bias));
            format!("{{\"layers\": [{}]}}\n", layers.iter().map(layer).collect::<Vec<_>>().join(", "))
        }
        Language::Latex => {
            let mut text = String::from("\\begin{align*}\n");
            for (index, layer) in layers.iter().enumerate() {
                let number = index + 1;
                let rows: Vec<_> = layer.weights.iter().map(|row| latex_row(row, " & ")).collect();
                text += &format!("W_{{{number}}} &= \\begin{{pmatrix}} {} \\end{{pmatrix}}, &\n", rows.join(" \\\\ "));
                let bias = latex_row(&layer.bias, " \\\\ ");
                let end = if number == layers.len() { "" } else { " \\\\" };
                text += &format!("b_{{{number}}} &= \\begin{{pmatrix}} {bias} \\end{{pmatrix}}{end}\n");
            }
            text + "\\end{align*}\n"
        }
    }
}

/// The network as equations, one a neuron: `h1 = ReLU(a + b − 1)`, with the inputs' names; the last is `f = …`.
/// Neurons are counted through all hidden layers.
pub fn equations(net: &Net, inputs: &[String]) -> Vec<String> {
    let mut names = inputs.to_vec();
    let mut lines = Vec::new();
    let mut neuron = 0;
    for (index, layer) in net.layers().iter().enumerate() {
        let is_output = index + 1 == net.layers().len();
        let mut next = Vec::new();
        for (weights, bias) in layer.weights.iter().zip(&layer.bias) {
            neuron += 1;
            let name = if is_output { "f".to_owned() } else { format!("h{neuron}") };
            let sum = sum(weights, bias, &names);
            lines.push(if is_output { format!("{name} = {sum}") } else { format!("{name} = ReLU({sum})") });
            next.push(name);
        }
        names = next;
    }
    lines
}

/// `a − 2b + 1`: terms that are 0 are left out.
fn sum(weights: &[Rational], bias: &Rational, names: &[String]) -> String {
    let one = Rational::one();
    let mut text = String::new();
    let mut add = |size: Rational, is_negative: bool, name: &str| {
        text += match (text.is_empty(), is_negative) {
            (true, false) => "",
            (true, true) => "−",
            (false, false) => " + ",
            (false, true) => " − ",
        };
        if size != one || name.is_empty() {
            text += &exact(&size);
            text += if name.is_empty() { "" } else { "·" };
        }
        text += name;
    };
    for (weight, name) in weights.iter().zip(names).filter(|(weight, _)| !weight.is_zero()) {
        add(weight.abs(), weight.is_negative(), name);
    }
    if !bias.is_zero() {
        add(bias.abs(), bias.is_negative(), "");
    }
    if text.is_empty() { "0".into() } else { text }
}

fn row(values: &[Rational]) -> String {
    let number = |value: &Rational| format!("{:?}", to_f64(value));
    format!("[{}]", values.iter().map(number).collect::<Vec<_>>().join(", "))
}

fn matrix(layer: &Layer) -> String {
    format!("[{}]", layer.weights.iter().map(|weights| row(weights)).collect::<Vec<_>>().join(", "))
}

fn latex_row(values: &[Rational], between: &str) -> String {
    let number = |value: &Rational| {
        if value.denom().is_one() {
            value.numer().to_string()
        } else {
            format!("\\tfrac{{{}}}{{{}}}", value.numer(), value.denom())
        }
    };
    values.iter().map(number).collect::<Vec<_>>().join(between)
}
