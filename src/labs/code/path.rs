//! A path of the path lab: both ends, θ(t), and what is looked at along it.

use std::fmt::Write as _;

use super::{Language, python};
use crate::labs::formula::{along_path, between_ends};
use crate::labs::notation::Notation;
use crate::labs::path::{End, PathLab, Quantity};
use crate::piecewise::Layer;

const TEX: Notation = Notation::Latex;

/// The path in a language. Parameters that stay are the same at both ends. Programs hold the nearest f64 of each
/// number; LaTeX holds the numbers themselves.
pub fn path_code(lab: &PathLab, language: Language) -> String {
    match language {
        Language::NumPy => program(lab, &NUMPY),
        Language::PyTorch => program(lab, &PYTORCH),
        Language::Json => json(lab),
        Language::Latex => latex(lab),
    }
}

/// The words in which NumPy and PyTorch differ.
struct Dialect {
    import: &'static str,
    array: (&'static str, &'static str),
    take: (&'static str, &'static str),
    broadcast: &'static str,
    relu: (&'static str, &'static str),
    arrays: &'static str,
}

const NUMPY: Dialect = Dialect {
    import: "import numpy as np",
    array: ("np.array(", ")"),
    take: ("np.asarray(", ", dtype=float)"),
    broadcast: "np.broadcast_arrays",
    relu: ("np.maximum(", ", 0)"),
    arrays: "arrays",
};
const PYTORCH: Dialect = Dialect {
    import: "import torch",
    array: ("torch.tensor(", ", dtype=torch.float64)"),
    take: ("torch.as_tensor(", ", dtype=torch.float64)"),
    broadcast: "torch.broadcast_tensors",
    relu: ("torch.relu(", ")"),
    arrays: "tensors",
};

fn program(lab: &PathLab, dialect: &Dialect) -> String {
    let around = |(before, after): (&str, &str), inner: &str| format!("{before}{inner}{after}");
    let ends = [lab.end(End::From).net(), lab.arrival().net()];
    let [from, to] = ends.each_ref().map(|net| net.layers());
    let pair = |write: &dyn Fn(&Layer) -> String, layer: usize| {
        [from, to].map(|layers| around(dialect.array, &write(&layers[layer]))).join(", ")
    };
    let mut text = format!("{}\n\n# Each at t = 0 and at t = 1.\n", dialect.import);
    for layer in 0..from.len() {
        let number = layer + 1;
        let _ = writeln!(text, "W{number} = {}", pair(&python::matrix, layer));
        let _ = writeln!(text, "b{number} = {}", pair(&|layer| python::row(&layer.bias), layer));
    }
    let _ = write!(
        text,
        "\n
def between(ends, t):
    \"\"\"The parameters at t, for each t.\"\"\"
    t = t.reshape(t.shape + (1,) * ends[0].ndim)
    return (1 - t) * ends[0] + t * ends[1]


def f(x, t):
    \"\"\"The output at x with the parameters at t. Takes numbers and {} that broadcast.\"\"\"
    x, t = {}({}, {})
    h = x[..., None]
",
        dialect.arrays,
        dialect.broadcast,
        around(dialect.take, "x"),
        around(dialect.take, "t"),
    );
    let sum = |number: usize| format!("(between(W{number}, t) @ h[..., None])[..., 0] + between(b{number}, t)");
    for number in 1..from.len() {
        let _ = writeln!(text, "    h = {}", around(dialect.relu, &sum(number)));
    }
    let _ = writeln!(text, "    return ({})[..., 0]\n\n", sum(from.len()));
    match lab.quantity {
        Quantity::Output => {
            let x = python::number(&lab.x.to_rational());
            let _ = write!(
                text,
                "def along(t):\n    \"\"\"What is drawn: the output at x = {}.\"\"\"\n    return f({x}, t)\n",
                lab.x
            );
        }
        Quantity::Loss => {
            let rows: Vec<_> =
                lab.data().iter().map(|(x, y)| python::row(&[x.to_rational(), y.to_rational()])).collect();
            let _ = write!(
                text,
                "data = {}  # x, y


def along(t):
    \"\"\"What is drawn: the mean squared error on the data.\"\"\"
    t = {}[..., None]
    return ((f(data[:, 0], t) - data[:, 1]) ** 2).mean(-1)
",
                around(dialect.array, &format!("[{}]", rows.join(", "))),
                around(dialect.take, "t"),
            );
        }
    }
    text
}

fn json(lab: &PathLab) -> String {
    let [from, to] = [lab.end(End::From).net(), lab.arrival().net()].map(|net| super::json_layers(&net));
    let mut json = serde_json::json!({ "activation": "relu", "from": from, "to": to });
    match lab.quantity {
        Quantity::Output => json["x"] = lab.x.to_f64().into(),
        Quantity::Loss => json["data"] = lab.data().iter().map(|(x, y)| [x.to_f64(), y.to_f64()].to_vec()).collect(),
    }
    format!("{json}\n")
}

/// The formula with parameters at t, then each of them as a mean of its ends; one that stays, as itself.
fn latex(lab: &PathLab) -> String {
    let from = lab.end(End::From);
    let equation = |(left, right): (String, String)| format!("{left} &= {right}");
    let mut lines = vec![equation(along_path(TEX, from.layers().len()))];
    match lab.quantity {
        Quantity::Output => lines.push(format!("x &= {}", TEX.number(lab.x))),
        Quantity::Loss => {
            let count = lab.data().len();
            lines.push(format!(
                "L(t) &= \\tfrac{{1}}{{{count}}} \\sum_{{i=1}}^{{{count}}} (f(x_i; \\theta(t)) - y_i)^2"
            ));
            let points: Vec<_> =
                lab.data().iter().map(|&(x, y)| format!("({}, {})", TEX.number(x), TEX.number(y))).collect();
            lines.push(format!("(x_i, y_i) &= {}", points.join(",\\ ")));
        }
    }
    lines.extend(between_ends(TEX, from, &lab.arrival()).into_iter().map(equation));
    format!("\\begin{{align*}}\n{}\n\\end{{align*}}\n", lines.join(" \\\\\n"))
}
