//! The function lab's challenges: solved by a network of one's own.

use num_traits::{One, Signed, Zero};

use super::network::{Activation, Answers, NetworkLab};
use super::presets::{largest, presets};
use crate::labs::challenges::Challenge;
use crate::labs::parameters::Place;
use crate::piecewise::{Decimal, Rational, Verdict};

/// In the order of the homework. The last two are decided by the visitor, after a search.
pub const CHALLENGES: [Challenge; 14] = [
    Challenge {
        id: "function-shapes",
        question: "Q1",
        task: "Make a 2-layer network whose W₂ is 1 × 6.",
        hint: "W₂ has a column for each hidden neuron.",
        solution: "Two layers, width 6: W₁ is 6 × 1, b₁ has 6 entries, W₂ is 1 × 6, b₂ has 1.",
    },
    Challenge {
        id: "function-three-layers",
        question: "Q2",
        task: "Make f(x) = W₃ ReLU(W₂ ReLU(W₁x + b₁) + b₂) + b₃ with a W₂ of shape 2 × 4.",
        hint: "W₂ takes the first hidden layer’s 4 numbers to the second one’s 2.",
        solution: "Three layers, hidden widths 4 and 2.",
    },
    Challenge {
        id: "function-neither",
        question: "Q3",
        task: "Two layers, width 2: make f neither convex nor concave. No preset’s network counts.",
        hint: "One neuron must raise the slope at its kink, the other lower it, at another place.",
        solution: "relu(x) − relu(x − 1): W₁ = (1, 1), b₁ = (0, −1), W₂ = (1, −1), b₂ = 0.",
    },
    Challenge {
        id: "function-jump",
        question: "Q4a",
        task: "Come as close to a jump as you can: a piece of slope 500 or more between two kinks that are at most 0.01 apart. How many discontinuities? No preset’s network counts.",
        hint: "Two steep hinges close together: the second cancels the slope of the first.",
        solution: "100·relu(5x) − 100·relu(5x − 0.01): W₁ = (5, 5), b₁ = (0, −0.01), W₂ = (100, −100). Slope 500, and still 0 discontinuities.",
    },
    Challenge {
        id: "function-ramp",
        question: "Q4b",
        task: "Make a ramp: three pieces with slopes 0, 1, 0 from left to right.",
        hint: "A neuron that opens to the right adds its slope there; a second one can cancel it again.",
        solution: "relu(x) − relu(x − 2): W₁ = (1, 1), b₁ = (0, −2), W₂ = (1, −1).",
    },
    Challenge {
        id: "function-no-kink",
        question: "Q4c-i",
        task: "0 kinks and a slope that is not 0, with no weight equal to 0, biases not all 0.",
        hint: "Two bends at the same place can cancel: a·relu(z) − a·relu(−z) = a·z.",
        solution: "relu(x + 1) − relu(−x − 1) = x + 1: W₁ = (1, −1), b₁ = (1, −1), W₂ = (1, −1).",
    },
    Challenge {
        id: "function-all-kinks",
        question: "Q4c-ii",
        task: "Two layers, width 5: 5 kinks, all in the shown interval. No preset’s network counts.",
        hint: "Neuron i bends at −b₁ᵢ/W₁ᵢ: five different places, and no weight in W₂ that is 0.",
        solution: "W₁ all 1, b₁ = (2, 1, 0, −1, −2), W₂ = (1, −2, 2, −2, 2).",
    },
    Challenge {
        id: "function-regions",
        question: "Q4c-iii",
        task: "Three layers, at most 3 neurons in each: 12 linear pieces or more. No preset’s network counts.",
        hint: "The most is 4 · 4 = 16. The first layer should fold the line, so that a neuron of the second crosses 0 several times.",
        solution: "Press “Most regions”: that has 16. Then change it, the last bias say, and it is yours.",
    },
    Challenge {
        id: "function-depth",
        question: "Q4c-iv",
        task: "4 hidden neurons in all, three layers: more pieces than any 2-layer network with 4 neurons, which has at most 5.",
        hint: "Fold with relu(x) + relu(−x) = |x|, then bend twice: each bend counts on both sides.",
        solution: "Hidden widths 2 and 2: |x| first, then relu(|x| − 1) + relu(3 − |x|). W₁ = (1, −1), b₁ = (0, 0), W₂ has rows (1, 1) and (−1, −1), b₂ = (−1, 3), W₃ = (1, 1): kinks at −3, −1, 0, 1, 3.",
    },
    Challenge {
        id: "function-tanh",
        question: "Q4d",
        task: "With tanh: a network of your own that is neither convex nor concave, and look at its derivative. How many kinks?",
        hint: "tanh alone is convex on the left and concave on the right.",
        solution: "f = tanh x: width 1, W₁ = 1, W₂ = 1; choose tanh and the derivative view. 0 kinks.",
    },
    Challenge {
        id: "function-linear",
        question: "Q5a",
        task: "Width 2, no biases: f linear, with a slope that is not 0. The preset’s network does not count.",
        hint: "The slope left of 0 must be the slope right of 0.",
        solution: "W₁ = (2, −2), W₂ = (1, −1): f = 2x.",
    },
    Challenge {
        id: "function-convex",
        question: "Q5c",
        task: "Width 2, no biases: f convex and not linear. The preset’s network does not count.",
        hint: "The slope right of 0 must be larger than the slope left of it.",
        solution: "W₁ = (1, −2), W₂ = (1, 1): slopes −2 and 1.",
    },
    Challenge {
        id: "function-5b",
        question: "Q5b",
        task: "Width 2, no biases: are two kinks possible? Let the search try 1,000 networks, then decide.",
        hint: "Where does a neuron without bias bend?",
        solution: "Impossible: every neuron bends at x = 0 or nowhere.",
    },
    Challenge {
        id: "function-5d",
        question: "Q5d",
        task: "Width 2, no biases: can f be neither convex nor concave? Let the search try 1,000 networks, then decide.",
        hint: "How many slopes are there?",
        solution: "Impossible: there are only two slopes. If the left one is at most the right one, f is convex; if it is at least the right one, concave.",
    },
];

/// Whether each of [`CHALLENGES`] is solved. `answers` are those of the network on screen, if known; `decided` says
/// whether the visitor has rightly called question 5b and 5d impossible.
pub fn solved_now(lab: &NetworkLab, answers: Option<&Answers>, decided: [bool; 2]) -> Vec<bool> {
    let hidden = lab.hidden();
    let parameters = lab.parameters();
    let of_a_preset = presets().iter().any(|preset| preset.lab.parameters() == parameters)
        || largest(&hidden).is_ok_and(|preset| preset.parameters() == parameters);
    let relu = answers.and_then(Answers::relu).filter(|_| !of_a_preset);
    let is = |condition: &dyn Fn(&super::network::ReluAnswers) -> bool| relu.is_some_and(condition);
    let any_relu = lab.activation == Activation::Relu;
    let (zero, one) = (Rational::zero(), Rational::one());
    let slopes_are =
        |expected: [&Rational; 3]| is(&|answers| answers.pieces.pieces().iter().map(|piece| &piece.slope).eq(expected));
    let weights = || parameters.places().into_iter().filter(|place: &Place| place.column.is_some());
    let biases = || parameters.places().into_iter().filter(|place: &Place| place.column.is_none());
    let nonzero = |place: Place| parameters.get(place) != Some(Decimal::ZERO);
    let without_biases = hidden == [2] && !lab.biases;
    let interval = lab.interval();
    let tanh =
        answers.is_some_and(|answers| matches!(answers, Answers::Tanh(tanh) if tanh.verdict == Verdict::Neither));
    let is_steep = |answers: &super::network::ReluAnswers| {
        let [steep, near] = [Rational::from_integer(500.into()), Rational::new(1.into(), 100.into())];
        answers.pieces.pieces().iter().any(|piece| match (&piece.interval.start, &piece.interval.end) {
            (Some(start), Some(end)) => piece.slope.abs() >= steep && end - start <= near,
            _ => false,
        })
    };
    vec![
        any_relu && hidden == [6],
        any_relu && hidden == [4, 2],
        hidden == [2] && is(&|answers| answers.shape.verdict == Verdict::Neither),
        is(&is_steep),
        slopes_are([&zero, &one, &zero]),
        is(&|answers| answers.is_sloped_line()) && weights().all(nonzero) && lab.biases && biases().any(nonzero),
        hidden == [5]
            && is(&|answers| {
                let kinks = answers.pieces.kinks();
                kinks.len() == 5 && kinks.iter().all(|kink| interval.contains_inside(&kink.x))
            }),
        hidden.len() == 2 && hidden.iter().all(|&k| k <= 3) && is(&|answers| answers.pieces.pieces().len() >= 12),
        hidden.len() == 2 && hidden.iter().sum::<usize>() == 4 && is(&|answers| answers.pieces.pieces().len() >= 6),
        tanh && !of_a_preset,
        without_biases && is(&|answers| answers.is_sloped_line()),
        without_biases && is(&|answers| answers.shape.verdict == Verdict::Convex),
        decided[0],
        decided[1],
    ]
}
