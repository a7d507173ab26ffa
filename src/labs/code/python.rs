//! Programs in Python: NumPy and PyTorch. Both define `f`, which takes numbers and arrays alike.

use std::fmt::Write as _;

use super::Exported;
use crate::labs::function::network::Activation;
use crate::piecewise::{Decimal, Layer, Rational, to_f64};

/// Whole numbers up to here are f64 numbers, so that the quotient of two is the nearest f64.
const MAX_EXACT: i64 = 1 << f64::MANTISSA_DIGITS;

/// Arrays, and a function of arrays.
pub(super) fn numpy(network: &Exported) -> String {
    let mut text = String::from("import numpy as np\n\n");
    for (index, layer) in network.net.layers().iter().enumerate() {
        let number = index + 1;
        let _ = writeln!(text, "W{number} = np.array({})", matrix(layer));
        let _ = writeln!(text, "b{number} = np.array({})", row(&layer.bias));
    }
    text += "\n\n";
    text += &head(network, "arrays");
    text += &match &arguments(network)[..] {
        [x] => format!("    h = np.asarray({x}, dtype=float)[..., np.newaxis]\n"),
        all => format!("    h = np.stack(np.broadcast_arrays({}), axis=-1).astype(float)\n", all.join(", ")),
    };
    let count = network.net.layers().len();
    for layer in 1..count {
        let sum = format!("h @ W{layer}.T + b{layer}");
        text += &match network.activation {
            Activation::Relu => format!("    h = np.maximum({sum}, 0)\n"),
            Activation::Tanh => format!("    h = np.tanh({sum})\n"),
        };
    }
    let _ = writeln!(text, "    return (h @ W{count}.T + b{count})[..., 0]");
    text
}

/// A `Sequential`, its weights, and a function of tensors.
pub(super) fn pytorch(network: &Exported) -> String {
    let mut text = String::from("import torch\n\n");
    let layers = network.net.layers();
    let columns = |layer: &Layer| layer.weights.first().map_or(0, Vec::len);
    let linear = |layer: &Layer| {
        format!("    torch.nn.Linear({}, {}, dtype=torch.float64),\n", columns(layer), layer.bias.len())
    };
    let between = match network.activation {
        Activation::Relu => "    torch.nn.ReLU(),\n",
        Activation::Tanh => "    torch.nn.Tanh(),\n",
    };
    let modules: Vec<_> = layers.iter().map(linear).collect();
    let _ = writeln!(text, "net = torch.nn.Sequential(\n{})", modules.join(between));
    text += "with torch.no_grad():\n";
    for (index, layer) in layers.iter().enumerate() {
        let at = 2 * index;
        let _ = writeln!(text, "    net[{at}].weight.copy_(torch.tensor({}, dtype=torch.float64))", matrix(layer));
        let _ = writeln!(text, "    net[{at}].bias.copy_(torch.tensor({}, dtype=torch.float64))", row(&layer.bias));
    }
    text += "\n\n";
    text += &head(network, "tensors");
    let all = arguments(network);
    let _ = writeln!(text, "    inputs = [torch.as_tensor(x, dtype=torch.float64) for x in ({},)]", all.join(", "));
    text += "    return net(torch.stack(torch.broadcast_tensors(*inputs), dim=-1))[..., 0]\n";
    text
}

/// The names of f's arguments. A person's names for inputs may be words of Python, so these are x, or x1, x2, ….
fn arguments(network: &Exported) -> Vec<String> {
    match network.inputs.len() {
        1 => vec!["x".to_owned()],
        count => (1..=count).map(|number| format!("x{number}")).collect(),
    }
}

/// `def f(…):` and what it takes.
fn head(network: &Exported, arrays: &str) -> String {
    let arguments = arguments(network);
    let list = arguments.join(", ");
    let takes = match arguments.len() {
        1 => format!("Takes numbers and {arrays} of any shape; f(x) has the shape of x."),
        _ => format!("Takes numbers and {arrays} that broadcast; f({list}) has their common shape."),
    };
    let named: Vec<_> = arguments
        .iter()
        .zip(&network.inputs)
        .filter(|(argument, name)| argument != name)
        .map(|(argument, name)| format!("{argument} is {name}"))
        .collect();
    let named = if named.is_empty() { String::new() } else { format!("\n\n    {}.\n    ", named.join(", ")) };
    format!("def f({list}):\n    \"\"\"{takes}{named}\"\"\"\n")
}

/// The number as Python reads it to the nearest f64: a quotient, unless it is a decimal.
pub(super) fn number(value: &Rational) -> String {
    let small = |part: &num_bigint::BigInt| i64::try_from(part).ok().filter(|part| part.abs() <= MAX_EXACT);
    match (Decimal::from_rational(value), small(value.numer()), small(value.denom())) {
        (None, Some(above), Some(below)) => format!("{above}/{below}"),
        _ => format!("{:?}", to_f64(value)),
    }
}

/// A list of numbers.
pub(super) fn row(values: &[Rational]) -> String {
    format!("[{}]", values.iter().map(number).collect::<Vec<_>>().join(", "))
}

/// A layer's weights as a list of lists.
pub(super) fn matrix(layer: &Layer) -> String {
    format!("[{}]", layer.weights.iter().map(|weights| row(weights)).collect::<Vec<_>>().join(", "))
}
