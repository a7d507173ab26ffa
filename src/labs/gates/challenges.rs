//! The gate lab's challenges: solved by a proof, and by a network of one's own.

use super::{Choice, GateLab, presets};
use crate::labs::challenges::Challenge;

/// In the order of the homework.
pub const CHALLENGES: [Challenge; 5] = [
    Challenge {
        id: "gate-or",
        question: "Q7a",
        task: "Prove an OR with 2 layers and width 2 that is not the preset’s.",
        hint: "f must be 0 or less where x₁ ≤ 0 and x₂ ≤ 0. Which ReLUs are 0 there?",
        solution: "2·relu(x₁) + 3·relu(x₂), for example: any positive weights will do, with b₂ exactly 0.",
    },
    Challenge {
        id: "gate-xor",
        question: "Q7b",
        task: "Prove an XOR with at most 3 layers, each of width at most 4, that is not a preset’s.",
        hint: "AND is a minimum, and min(a, b) = a − relu(a − b).",
        solution: "Load the 3-layer preset and double the weights of one pair: f = 2·g₁ − 2·g₂ + g₃ − g₄ has the same signs.",
    },
    Challenge {
        id: "gate-xor-small",
        question: "Q7b",
        task: "Prove an XOR with 3 hidden neurons in all, that is not the preset’s.",
        hint: "relu(x₁) + relu(x₂) and relu(x₁ + x₂) are equal exactly where the signs are not opposite.",
        solution: "relu(−x₁) + relu(−x₂) − relu(−x₁ − x₂): the preset with x turned round.",
    },
    Challenge {
        id: "gate-nand",
        question: "Q7c",
        task: "Prove a NAND that is not the preset’s.",
        hint: "It is OR of the negated inputs.",
        solution: "2·relu(−x₁) + relu(−x₂), for example.",
    },
    Challenge {
        id: "gate-and",
        question: "Q7b",
        task: "Prove an AND that is not the preset’s.",
        hint: "Both are positive just where the smaller one is, and min(a, b) = a − relu(a − b). Two layers of width 3 are enough: relu(a) − relu(−a) is a itself.",
        solution: "relu(x₂) − relu(−x₂) − relu(x₂ − x₁), with two layers; or the preset with the inputs exchanged, relu(x₂) − relu(relu(x₂) − relu(x₁)).",
    },
];

/// Whether each of [`CHALLENGES`] is solved by the network on screen; `is_proved` says that its proof is done.
pub fn solved_now(lab: &GateLab, is_proved: bool) -> [bool; 5] {
    let is_own = presets().iter().all(|preset| preset.parameters != lab.parameters);
    let hidden = lab.parameters.hidden();
    let proved = |choice: Choice| is_proved && is_own && lab.choice == choice;
    [
        proved(Choice::Or) && hidden == [2],
        proved(Choice::Xor) && hidden.len() <= 2 && hidden.iter().all(|&width| width <= 4),
        proved(Choice::Xor) && hidden.iter().sum::<usize>() == 3,
        proved(Choice::Nand),
        proved(Choice::And),
    ]
}
