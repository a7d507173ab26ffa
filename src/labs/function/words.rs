//! What is true of the network, in sentences: on the screen and in a report.

use super::network::Answers;
use super::tanh::SAMPLES;
use crate::labs::numbers::counted;
use crate::piecewise::{Bend, Kink, Piece, Verdict};

/// Why there is no discontinuity.
pub const CONTINUOUS: &str =
    "Always: sums and multiples of continuous functions are continuous, and so are activations of them.";
/// Why tanh has no kinks.
pub const SMOOTH: &str =
    "tanh is differentiable everywhere, and so are sums of it and tanh of sums: no kinks, whatever the weights.";
/// How ReLU networks are judged.
pub const DECIDED: &str =
    "Decided in exact fractions of the numbers shown, on the whole line; no rounding, no tolerance.";

/// How tanh networks are judged.
pub fn judged_by_samples() -> String {
    format!(
        "Judged from {SAMPLES} points of the shown interval in f64. A chord below or above refutes a property up to rounding; a property that no sample refutes is not proved."
    )
}

/// Of the whole line; of the shown interval for tanh.
pub fn verdict(answers: &Answers) -> Verdict {
    match answers {
        Answers::Relu(answers) => answers.shape.verdict,
        Answers::Tanh(answers) => answers.verdict,
    }
}

/// Of the shown interval.
pub fn shown_verdict(answers: &Answers) -> Verdict {
    match answers {
        Answers::Relu(answers) => answers.shown.verdict,
        Answers::Tanh(answers) => answers.verdict,
    }
}

/// The verdict as a heading.
pub fn title(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Linear => "Linear",
        Verdict::Convex => "Convex",
        Verdict::Concave => "Concave",
        Verdict::Neither => "Neither convex nor concave",
    }
}

/// The verdict in one line: `3 kinks · neither convex nor concave`.
pub fn glance(answers: &Answers) -> String {
    let shape = title(verdict(answers)).to_lowercase();
    match answers {
        Answers::Relu(answers) => format!("{} · {shape}", counted(answers.pieces.kinks().len(), "kink")),
        Answers::Tanh(_) => format!("Smooth · {shape}, by samples"),
    }
}

/// Why.
pub fn reason(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Linear => "One slope everywhere. (Linear is the homework’s word for affine.)",
        Verdict::Convex => "From left to right, the slope never falls.",
        Verdict::Concave => "From left to right, the slope never rises.",
        Verdict::Neither => "From left to right, the slope rises in one place and falls in another.",
    }
}

/// The kinks; none of a tanh network.
pub fn kinks(answers: &Answers) -> &[Kink] {
    answers.relu().map_or(&[], |answers| answers.pieces.kinks())
}

/// The linear pieces; none of a tanh network.
pub fn pieces(answers: &Answers) -> &[Piece] {
    answers.relu().map_or(&[], |answers| answers.pieces.pieces())
}

/// Neurons by layer, from 1: `layer 1: 2, 3; layer 2: 1`.
pub fn bends_text(bends: &[Bend]) -> String {
    let mut text = String::new();
    for (index, bend) in bends.iter().enumerate() {
        if index > 0 && bends[index - 1].layer == bend.layer {
            text += &format!(", {}", bend.neuron);
        } else {
            let between = if index > 0 { "; " } else { "" };
            text += &format!("{between}layer {}: {}", bend.layer, bend.neuron);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::labs::function::network::{Activation, NetworkLab};

    #[test]
    fn a_glance_tells_how_many_kinks_and_which_shape() {
        let mut lab = NetworkLab::default();
        let kinks = lab.answers().relu().expect("a ReLU network").pieces.kinks().len();
        assert_eq!(glance(&lab.answers()), format!("{kinks} kinks · neither convex nor concave"));
        lab.activation = Activation::Tanh;
        assert!(glance(&lab.answers()).starts_with("Smooth · "));
    }
}
