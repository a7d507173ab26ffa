//! The questions of the problem set, in its order and in our words.

/// A question that is answered in the notebook.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    /// In the problem set; names it in files.
    pub number: &'static str,
    /// What is asked.
    pub task: &'static str,
}

const fn asked(number: &'static str, task: &'static str) -> Asked {
    Asked { number, task }
}

/// All of them.
pub const QUESTIONS: [Asked; 21] = [
    asked("1", "The shapes of W₂, b₁ and b₂ in a two-layer network of width k."),
    asked("2", "The expression for a network with three layers."),
    asked("3", "Is the output convex in the input, in general? Concave?"),
    asked("4a", "How many discontinuities can the output have?"),
    asked("4b", "Is it always linear, piecewise linear, or polynomial?"),
    asked("4c", "Differentiable everywhere? The fewest kinks; the most for two layers, and for l; what depth buys."),
    asked("4d", "What changes with tanh in place of ReLU?"),
    asked(
        "5",
        "Width 2, no biases: linear; two kinks; convex and not linear; neither. Weights and a plot, or why not.",
    ),
    asked("6", "A path in parameter space along which the output is neither convex nor concave."),
    asked("7a", "A two-layer network of width 2 that is OR, as a formula with its weights."),
    asked("7b", "A network of at most three layers and width 4 that is XOR, as a formula with its weights."),
    asked("7c", "A network that is NAND. What follows for all boolean functions?"),
    asked("8a", "∂L/∂Wᵢⱼ as a sum over v, derived from L = ½‖v‖²."),
    asked("8b", "∂L/∂W = v ⊗ u + diag(Θ(y))(I + Wᵀ)v ⊗ x, derived from the given relations."),
    asked("9", "The PyTorch tutorials (not graded)."),
    asked("10", "Forward and backward of Linear, ReLU and cross-entropy."),
    asked("11", "The training loop and the evaluation."),
    asked("12", "The learning curves of 30 epochs: what is to be seen in them?"),
    asked("13", "Why is training accuracy not perfect, how could it be, and is that all one needs?"),
    asked("14", "Random crops of the training images: code, and what they do."),
    asked("15", "The learning curves with augmentation: what is different?"),
];

/// The place of a question in the list.
pub fn place_of(number: &str) -> Option<usize> {
    QUESTIONS.iter().position(|asked| asked.number == number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_fifteen_questions_are_there_in_order_and_each_once() {
        let number = |asked: &Asked| asked.number.trim_end_matches(|c: char| c.is_ascii_alphabetic()).parse::<usize>();
        let mut numbers: Vec<usize> = QUESTIONS.iter().filter_map(|asked| number(asked).ok()).collect();
        assert!(numbers.is_sorted());
        assert_eq!(numbers.len(), QUESTIONS.len());
        numbers.dedup();
        assert_eq!(numbers, (1..=15).collect::<Vec<_>>());
        for (place, asked) in QUESTIONS.iter().enumerate() {
            assert_eq!(place_of(asked.number), Some(place));
        }
        assert_eq!(place_of("16"), None);
    }
}
