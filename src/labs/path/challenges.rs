//! The path lab's challenges.

use super::presets::presets;
use super::{Answers, PathLab, Quantity};
use crate::labs::challenges::Challenge;
use crate::piecewise::{Algebraic, Rational, Verdict};

/// In rising difficulty.
pub const CHALLENGES: [Challenge; 5] = [
    Challenge {
        id: "path-neither",
        question: "Q6",
        task: "Two layers, width 2: a path of your own along which the output is neither convex nor concave for 0 ≤ t ≤ 1.",
        hint: "With x = 1, a neuron’s sum w(t) + b(t) is linear in t: let one neuron bend up at one t, and another down at a later one.",
        solution: "Press Search: most paths are neither. By hand: W₁ from (−1, −1) to (3, 3), b₁ = (0, −1) and W₂ = (1, −1) still.",
    },
    Challenge {
        id: "path-one-layer",
        question: "Q6",
        task: "Do the same with only one layer moving.",
        hint: "The last layer’s parameters give a straight line. The first layer’s go through a ReLU.",
        solution: "The homework’s example moves only W₁; change one number of it.",
    },
    Challenge {
        id: "path-convex",
        question: "Q6",
        task: "A path of your own along which the output is convex and not linear.",
        hint: "Positive weights in W₂ that do not move add up convex functions of t.",
        solution: "Width 2, only W₁ moves, from (−2, 1) to (2, −1), with W₂ = (1, 1).",
    },
    Challenge {
        id: "path-cubic",
        question: "Q6",
        task: "A path of your own with a piece of degree 3 between t = 0 and t = 1.",
        hint: "Each layer that moves adds a factor; its neurons must be on.",
        solution: "Three layers, width 1, all weights from 1 to 2, biases 0: (1 + t)³.",
    },
    Challenge {
        id: "path-irrational",
        question: "Q6",
        task: "A path of your own with a break at an irrational t between 0 and 1.",
        hint: "A break of the second hidden layer is a root of a polynomial of degree 2.",
        solution: "The preset “An irrational bend”, with −3 for −2 in b₂ at both ends: breaks where the square is 3.",
    },
];

/// Whether each of [`CHALLENGES`] is solved by the path on screen.
pub fn solved_now(lab: &PathLab, answers: Option<&Answers>) -> [bool; 5] {
    let is_own = presets().iter().all(|preset| {
        (preset.lab.end(super::End::From), preset.lab.arrival()) != (lab.end(super::End::From), lab.arrival())
    });
    let Some(answers) = answers.filter(|_| is_own && lab.quantity == Quantity::Output) else { return [false; 5] };
    let is = |verdict: Verdict| answers.shape.verdict == verdict;
    let [zero, one] = [0, 1].map(|t: i64| Algebraic::from(Rational::from_integer(t.into())));
    let is_irrational = |t: &Algebraic| t.rational().is_none() && zero < *t && *t < one;
    [
        lab.hidden() == [2] && is(Verdict::Neither),
        lab.moving_layers().len() == 1 && is(Verdict::Neither),
        is(Verdict::Convex),
        answers.degree() == 3,
        answers.pieces.breaks().iter().any(|at| is_irrational(&at.t)),
    ]
}
