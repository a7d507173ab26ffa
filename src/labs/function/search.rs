//! Question 5: what a network of width 2 without biases cannot do, why, and a search that looks for it all the same.

use rand::RngExt;
use rand::rngs::Xoshiro256PlusPlus;

use crate::data::{Purpose, rng};
use crate::labs::parameters::Parameters;
use crate::piecewise::{Decimal, Pieces, Shape, Verdict};

/// How many networks a student should see tried before deciding.
pub const ENOUGH: u64 = 1_000;

/// What is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Goal {
    /// 5b: two kinks.
    TwoKinks,
    /// 5d: neither convex nor concave.
    Neither,
}

impl Goal {
    /// Both.
    pub const ALL: [Self; 2] = [Self::TwoKinks, Self::Neither];

    /// In test hooks.
    pub fn word(self) -> &'static str {
        match self {
            Self::TwoKinks => "5b",
            Self::Neither => "5d",
        }
    }

    /// On screen.
    pub fn title(self) -> &'static str {
        match self {
            Self::TwoKinks => "two kinks",
            Self::Neither => "neither convex nor concave",
        }
    }

    /// Why it is impossible.
    pub fn argument(self) -> &'static str {
        match self {
            Self::TwoKinks => {
                "A neuron bends where w·x + b = 0. With b = 0 that is x = 0, or nowhere if w = 0. So all bends are at x = 0: at most one kink, whatever the width."
            }
            Self::Neither => {
                "All bends are at x = 0, so f is two rays from there with slopes a (left) and c (right). If a ≤ c, f is convex; if a ≥ c, concave. One of the two always holds."
            }
        }
    }
}

/// A search over random networks of width 2, weights from −5 to 5 with one place, each decided exactly.
#[derive(Clone, Debug)]
pub struct Search {
    goal: Goal,
    biases: bool,
    rng: Xoshiro256PlusPlus,
    /// Networks tried.
    pub tried: u64,
    /// How many had 0, 1 and 2 kinks.
    pub kinks: [u64; 3],
    /// How many were linear, convex, concave and neither.
    pub shapes: [u64; 4],
    /// The first that is what was looked for.
    pub found: Option<Parameters>,
}

impl Search {
    /// Nothing tried yet. With `biases`, they are drawn, too: then it is found at once.
    pub fn new(goal: Goal, biases: bool, seed: u64) -> Self {
        let rng = rng(seed, Purpose::Draw, 1 + u64::from(biases));
        Self { goal, biases, rng, tried: 0, kinks: [0; 3], shapes: [0; 4], found: None }
    }

    /// Tries one more. Returns whether it is found.
    pub fn advance(&mut self) -> bool {
        let mut parameters = Parameters::zeros(1, &[2]);
        for place in parameters.places().into_iter().filter(|place| self.biases || place.column.is_some()) {
            parameters.set(place, Decimal::new(self.rng.random_range(-50..=50), 1).unwrap_or_default());
        }
        let pieces = Pieces::of(&parameters.net());
        let verdict = Shape::of(&pieces).verdict;
        self.tried += 1;
        self.kinks[pieces.kinks().len().min(2)] += 1;
        self.shapes[match verdict {
            Verdict::Linear => 0,
            Verdict::Convex => 1,
            Verdict::Concave => 2,
            Verdict::Neither => 3,
        }] += 1;
        let is_it = match self.goal {
            Goal::TwoKinks => pieces.kinks().len() >= 2,
            Goal::Neither => verdict == Verdict::Neither,
        };
        if is_it {
            self.found = Some(parameters);
        }
        is_it
    }
}
