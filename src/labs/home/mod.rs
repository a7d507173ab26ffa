//! The first page: a network to take hold of, and the questions by their ideas, each with the place where it is answered.

pub mod thumbnail;

use super::challenges::{Challenge, Solved};
use super::function::network::NetworkLab;
use super::parameters::Parameters;
use super::stories::Story;
use super::{backprop, function, gates, path, stories};
use crate::piecewise::{Decimal, Verdict};

/// A question of the problem set.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// What tells it.
    pub story: &'static Story,
    /// The challenges that belong to it.
    pub challenges: Vec<&'static Challenge>,
}

/// How far a visitor has come with a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Challenges solved.
    pub solved: usize,
    /// In all; 0 if there is nothing to solve but to look.
    pub all: usize,
}

/// The network that the page shows: three neurons, each with its bend.
pub fn hero() -> NetworkLab {
    let mut lab = NetworkLab::of(Parameters::of(1, &[(&[&[1], &[1], &[1]], &[2, 0, -2]), (&[&[1, -2, 2]], &[-1])]));
    // It rises: never refused.
    drop(lab.set_x_range(Decimal::from(-4), Decimal::from(4)));
    lab
}

/// Why the verdict is what it is, in a few words.
pub fn reason(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Linear => "One straight line: every bend is cancelled.",
        Verdict::Convex => "The slope never falls, so no chord lies below the graph.",
        Verdict::Concave => "The slope never rises, so no chord lies above the graph.",
        Verdict::Neither => "One chord lies above the graph and another below it.",
    }
}

/// All questions, in the problem set's order.
pub fn questions() -> Vec<Question> {
    let all = || {
        let labs: [&'static [Challenge]; 4] = [
            &function::challenges::CHALLENGES,
            &path::challenges::CHALLENGES,
            &gates::challenges::CHALLENGES,
            &backprop::challenges::CHALLENGES,
        ];
        labs.into_iter().flatten()
    };
    let question = |story: &'static Story| Question {
        story,
        challenges: all().filter(|challenge| belongs(challenge, story.name)).collect(),
    };
    stories::all().iter().map(question).collect()
}

/// Whether a challenge is of a question or one of its parts: "Q4c-ii" is of 4c, and "Q10b" of 10, not of 1.
fn belongs(challenge: &Challenge, number: &str) -> bool {
    let rest = challenge.question.strip_prefix('Q').and_then(|text| text.strip_prefix(number));
    rest.is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_digit()))
}

impl Question {
    /// How far one has come with it.
    pub fn standing(&self, solved: &Solved) -> Standing {
        let count = self.challenges.iter().filter(|challenge| solved.has(challenge)).count();
        Standing { solved: count, all: self.challenges.len() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_challenge_belongs_to_one_question() {
        let questions = questions();
        let labs: [&'static [Challenge]; 4] = [
            &function::challenges::CHALLENGES,
            &path::challenges::CHALLENGES,
            &gates::challenges::CHALLENGES,
            &backprop::challenges::CHALLENGES,
        ];
        for challenge in labs.into_iter().flatten() {
            let owners = questions.iter().filter(|question| question.challenges.contains(&challenge)).count();
            assert_eq!(owners, 1, "{}", challenge.id);
        }
    }

    #[test]
    fn a_solved_challenge_counts_for_its_question() {
        let questions = questions();
        let mut solved = Solved::default();
        let kinks = questions.iter().find(|question| question.story.name == "4c").expect("there");
        assert_eq!(kinks.standing(&solved).solved, 0);
        solved.add(kinks.challenges[0]);
        assert_eq!(kinks.standing(&solved).solved, 1);
        let others = questions.iter().filter(|question| question.story.name != "4c");
        assert_eq!(others.map(|question| question.standing(&solved).solved).sum::<usize>(), 0);
    }
}
