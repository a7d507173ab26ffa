//! Challenges: the homework's questions as tasks with a live check, a hint and a solution.

use std::collections::BTreeSet;

/// A task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Challenge {
    /// Names it in storage and test hooks.
    pub id: &'static str,
    /// The homework's question.
    pub question: &'static str,
    /// What to do.
    pub task: &'static str,
    /// A nudge.
    pub hint: &'static str,
    /// One way to do it.
    pub solution: &'static str,
}

/// The ids of the challenges that were solved, ever.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Solved(BTreeSet<String>);

impl Solved {
    /// From the text that [`encode`](Self::encode) wrote.
    pub fn decode(text: &str) -> Self {
        Self(text.split(',').filter(|id| !id.is_empty()).map(str::to_owned).collect())
    }

    /// As text to keep.
    pub fn encode(&self) -> String {
        self.ids().collect::<Vec<_>>().join(",")
    }

    /// Of those that were solved, in order.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// Whether a challenge was solved.
    pub fn has(&self, challenge: &Challenge) -> bool {
        self.0.contains(challenge.id)
    }

    /// How many of these were solved.
    pub fn count(&self, list: &[Challenge]) -> usize {
        list.iter().filter(|challenge| self.has(challenge)).count()
    }

    /// With those that were solved elsewhere.
    pub fn join(&mut self, other: Self) {
        self.0.extend(other.0);
    }

    /// Notes a challenge as solved. Returns whether that is new.
    pub fn add(&mut self, challenge: &Challenge) -> bool {
        self.0.insert(challenge.id.to_owned())
    }
}
