//! The backprop lab's challenges, and when they are solved.

use num_traits::Zero;

use super::layers::{LayerLab, Report, Subject};
use super::question8::{Answers, EDITABLE, NOTEBOOK_EPS, Precision, Question8};
use crate::labs::challenges::Challenge;
use crate::nn::gradcheck::relative_error;
use crate::piecewise::Rational;

/// In the order of the homework.
pub const CHALLENGES: [Challenge; 6] = [
    Challenge {
        id: "q8-dead",
        question: "Q8",
        task: "Find W ≠ 0 and x ≠ 0 with d ≥ 2 such that every entry of ∂L/∂W is exactly 0.",
        hint: "Look at the first step: what does ReLU pass on if every entry of y is negative?",
        solution: "Any W and x with W x < 0 in every row, such as W = −1 everywhere and x = (1, 1): then u, v and L are 0, and no gradient flows. Such neurons are called dead.",
    },
    Challenge {
        id: "q8-cancel",
        question: "Q8b",
        task: "Find numbers for which the two terms cancel in some entry: the sum is exactly 0, though neither term is.",
        hint: "Take d = 1. Then ∂L/∂W = v·u + (1 + w)·v·x with u = w·x.",
        solution: "d = 1, w = −0.5, x = −1: u = 0.5, v = 0.25, and the terms are 0.125 and −0.125. In general v·x·(1 + 2w) = 0.",
    },
    Challenge {
        id: "q8-kink",
        question: "Q8",
        task: "Put some yᵢ at exactly 0, in a row where Θ(0) matters, and choose the Θ(0) for which the closed form agrees with central differences to a thousandth of the largest entry.",
        hint: "A central difference looks to both sides of the kink, and takes the mean of the two slopes.",
        solution: "Press “Put a y at 0” and choose Θ(0) = ½: the mean of the slopes for Θ(0) = 0 and Θ(0) = 1. PyTorch uses 0, so a check at a kink fails there though nothing is wrong.",
    },
    Challenge {
        id: "q8-notebook",
        question: "Q8, notebook",
        task: "The course notebook checks with ε = 0.00001 in f32. Choose an entry for which that measurement is wrong by more than 1 %.",
        hint: "Choose f32 and click through the entries; the chart of the error against ε shows the largest.",
        solution: "With f32 and ε = 0.00001 most entries will do: L has 24 bits, and L(W + ε) − L(W − ε) is lost in its rounding. In f32, ε near 0.01 is best.",
    },
    Challenge {
        id: "q10-bias",
        question: "Q10b",
        task: "In Linear, make a mistake that leaves dL/dW and dL/dX right and dL/db wrong.",
        hint: "b is added to every row of the batch. Over what must its gradient be summed?",
        solution: "Sum over the wrong axis: with batch = outputs the shapes agree, so nothing else would tell.",
    },
    Challenge {
        id: "q10-mystery",
        question: "Q10",
        task: "Press “Hide a mistake”, read the checks, and name it.",
        hint: "Going back from the loss, gradients are right down to the mistake and wrong after it (towards the input). A factor common to all entries is a clue, too.",
        solution: "Only the db are wrong: the axis. Only the dW: the transpose. Everything is wrong by the factor 3: the mean. Everything is right down to layer 2, and layer 1 and dX are wrong: the mask.",
    },
];

/// Whether each of [`CHALLENGES`] is solved by the state on screen.
pub fn solved_now(lab: &Question8, answers: &Answers, layers: &LayerLab, report: &Report) -> [bool; 6] {
    [
        is_dead(lab, answers),
        cancels(lab),
        agrees_at_a_kink(answers),
        shows_the_notebooks_error(lab, answers),
        has_only_a_wrong_bias(layers, report),
        layers.is_found(),
    ]
}

fn is_dead(lab: &Question8, answers: &Answers) -> bool {
    let is_some = |value: &f64| *value != 0.0;
    lab.dimension() >= 2
        && lab.dimension() <= EDITABLE
        && answers.w.iter().any(is_some)
        && answers.x.iter().any(is_some)
        && lab.exact_terms().iter().all(|[outer, masked]| (outer + masked).is_zero())
}

fn cancels(lab: &Question8) -> bool {
    let is_cancelled = |[outer, masked]: &[Rational; 2]| (outer + masked).is_zero() && !outer.is_zero();
    lab.dimension() <= EDITABLE && lab.exact_terms().iter().any(is_cancelled)
}

fn agrees_at_a_kink(answers: &Answers) -> bool {
    let largest = answers.closed.sum.iter().fold(0.0_f64, |largest, value| largest.max(value.abs()));
    // Where Θ(0) is 0 the row of the second term is 0 and tells nothing; then it does not agree either.
    let tells = |row: usize| answers.closed.masked.row(row).iter().any(|&value| value != 0.0);
    let is_kink = answers.signs.zeros.iter().any(|zero| zero.bend.is_kink() && tells(zero.row));
    // Above, only some entries are compared, and these need not be in the row.
    answers.x.len() <= EDITABLE && is_kink && answers.comparisons[1].absolute < 1e-3 * largest
}

fn shows_the_notebooks_error(lab: &Question8, answers: &Answers) -> bool {
    let measured = answers.differences[lab.entry];
    lab.precision == Precision::Single
        && lab.eps.to_f64() == NOTEBOOK_EPS
        && relative_error(answers.closed.sum[lab.entry], measured) > 0.01
}

fn has_only_a_wrong_bias(layers: &LayerLab, report: &Report) -> bool {
    let wrong = |name: &str| report.checked.iter().any(|checked| checked.derived.name == name && checked.wrong > 0);
    layers.subject == Subject::Linear && wrong("dL/db") && !wrong("dL/dW") && !wrong("dL/dX")
}
