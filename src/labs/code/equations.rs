//! A network as equations, one a neuron.

use num_traits::{One, Signed, Zero};

use crate::labs::numbers::exact;
use crate::piecewise::{Net, Rational};

/// Names for what is computed, in order of preference.
const NAMES: [&str; 8] = ["f", "y", "g", "z", "F", "Y", "G", "Z"];

/// The output's name: f, unless an input is called so.
pub fn output_name(inputs: &[String]) -> &'static str {
    NAMES.into_iter().find(|name| !inputs.iter().any(|input| input == name)).unwrap_or("output")
}

/// The letter of the neurons' names, h1, h2, …: no input is called so.
fn neuron_letter(inputs: &[String]) -> &'static str {
    let is_numbered = |input: &String, letter: &str| {
        input
            .strip_prefix(letter)
            .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let is_free = |letter: &&str| !inputs.iter().any(|input| is_numbered(input, letter));
    ["h", "n", "s", "t", "H", "N", "S", "T"].into_iter().find(is_free).unwrap_or("neuron")
}

/// The network as equations, one a neuron: `h1 = ReLU(a + b − 1)`, with the inputs' names; the last is `f = …`.
/// Neurons are counted through all hidden layers. Where inputs have these names, others are taken.
pub fn equations(net: &Net, inputs: &[String]) -> Vec<String> {
    let (output, letter) = (output_name(inputs), neuron_letter(inputs));
    let mut names = inputs.to_vec();
    let mut lines = Vec::new();
    let mut neuron = 0;
    for (index, layer) in net.layers().iter().enumerate() {
        let is_output = index + 1 == net.layers().len();
        let mut next = Vec::new();
        for (weights, bias) in layer.weights.iter().zip(&layer.bias) {
            neuron += 1;
            let name = if is_output { output.to_owned() } else { format!("{letter}{neuron}") };
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
