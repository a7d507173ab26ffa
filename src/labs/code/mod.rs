//! A network as a program or as equations: to go on with elsewhere.

mod equations;
mod latex;
mod path;
mod python;

pub use equations::{equations, output_name};
pub use path::path_code;

use num_traits::Zero;

use super::function::network::{Activation, NetworkLab};
use super::parameters::Parameters;
use crate::piecewise::{Layer, Net, Rational, to_f64};

/// A language to write a network in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// Arrays, and a function of arrays.
    NumPy,
    /// A `Sequential` with its weights, and a function of tensors.
    PyTorch,
    /// `{"activation": "relu", "inputs": […], "layers": [{"weight": …, "bias": …}]}`
    Json,
    /// The formula of f and its matrices, exact.
    Latex,
}

impl Language {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::NumPy, Self::PyTorch, Self::Json, Self::Latex];

    /// A file's name for what is written in it.
    pub fn file(self) -> &'static str {
        match self {
            Self::NumPy | Self::PyTorch => "piecewise.py",
            Self::Json => "piecewise.json",
            Self::Latex => "piecewise.tex",
        }
    }

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

/// A network to be written: all that makes the function on screen.
#[derive(Clone, Debug, PartialEq)]
pub struct Exported {
    net: Net,
    activation: Activation,
    biases: bool,
    inputs: Vec<String>,
}

impl Exported {
    /// A ReLU network whose inputs have these names. The names are written in comments and formulas only.
    ///
    /// A hidden layer without neurons passes nothing on: such a network is written as the constant that it is.
    pub fn new(net: &Net, inputs: Vec<String>) -> Self {
        let is_constant = net.hidden_widths().contains(&0);
        let net = if is_constant { constant(net) } else { net.clone() };
        Self { net, activation: Activation::Relu, biases: true, inputs }
    }

    /// With its one input x, or with x1, x2, ….
    pub fn of(parameters: &Parameters) -> Self {
        let inputs = match parameters.inputs() {
            1 => vec!["x".to_owned()],
            count => (1..=count).map(|number| format!("x{number}")).collect(),
        };
        Self::new(&parameters.net(), inputs)
    }

    /// The network of the function lab, with its activation; without biases, if they do not count.
    pub fn of_function(lab: &NetworkLab) -> Self {
        Self { activation: lab.activation, biases: lab.biases, ..Self::of(&lab.effective()) }
    }
}

/// The constant network as one layer that looks at nothing.
fn constant(net: &Net) -> Net {
    let zeros = vec![Rational::zero(); net.inputs()];
    let bias = net.eval_at(&zeros);
    Net::with_inputs(net.inputs(), vec![Layer { weights: vec![zeros], bias: vec![bias] }]).expect("one number an input")
}

/// The network in a language. Programs hold the nearest f64 of each number; LaTeX holds the numbers themselves.
pub fn code(network: &Exported, language: Language) -> String {
    match language {
        Language::NumPy => python::numpy(network),
        Language::PyTorch => python::pytorch(network),
        Language::Json => json(network),
        Language::Latex => latex::latex(network),
    }
}

fn json(network: &Exported) -> String {
    let json = serde_json::json!({
        "activation": network.activation.name().to_lowercase(),
        "inputs": network.inputs,
        "layers": json_layers(&network.net),
    });
    format!("{json}\n")
}

fn json_layers(net: &Net) -> serde_json::Value {
    let numbers = |values: &[Rational]| values.iter().map(to_f64).collect::<Vec<_>>();
    let layer = |layer: &Layer| {
        let weight: Vec<_> = layer.weights.iter().map(|row| numbers(row)).collect();
        serde_json::json!({ "weight": weight, "bias": numbers(&layer.bias) })
    };
    net.layers().iter().map(layer).collect()
}
