//! A run's weights as they were, kept evenly over its steps however long it grows.

use serde::{Deserialize, Serialize};

/// Most moments that are kept. When there are more, every second is forgotten.
pub const KEPT: usize = 256;

/// Weights after a number of steps.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Moment {
    /// Steps done.
    pub step: usize,
    /// Layer by layer W by rows, then b.
    pub weights: Vec<f32>,
}

/// What is kept: the first moment, and every one whose step is a multiple of a number that doubles as the run grows.
#[derive(Clone, Debug)]
pub struct Kept {
    moments: Vec<Moment>,
    every: usize,
}

impl Kept {
    /// The first moment, from which steps are counted.
    pub fn new(first: Moment) -> Self {
        Self { moments: vec![first], every: 1 }
    }

    /// Whether the moment after so many steps is to be kept.
    pub fn wants(&self, step: usize) -> bool {
        (step - self.moments[0].step).is_multiple_of(self.every)
    }

    /// Keeps a moment that is [wanted](Self::wants), later than those before.
    pub fn keep(&mut self, moment: Moment) {
        self.moments.push(moment);
        if self.moments.len() > KEPT {
            let mut index = 0;
            self.moments.retain(|_| {
                index += 1;
                index % 2 == 1
            });
            self.every *= 2;
        }
    }

    /// All that are kept, the first first.
    pub fn all(&self) -> &[Moment] {
        &self.moments
    }

    /// The moment after so many steps, if it is kept.
    pub fn at(&self, step: usize) -> Option<&Moment> {
        self.moments.binary_search_by_key(&step, |moment| moment.step).ok().map(|index| &self.moments[index])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_spread_evenly_and_begins_with_the_first() {
        for first in [0, 7] {
            let moment = |step| Moment { step, weights: vec![step as f32] };
            let mut kept = Kept::new(moment(first));
            for step in first + 1..first + 5_000 {
                if kept.wants(step) {
                    kept.keep(moment(step));
                }
                let steps: Vec<usize> = kept.all().iter().map(|moment| moment.step).collect();
                let apart: Vec<usize> = steps.windows(2).map(|pair| pair[1] - pair[0]).collect();
                assert!(steps[0] == first && steps.len() <= KEPT && apart.iter().all(|&a| a == apart[0]), "{steps:?}");
                // No later than one distance ago.
                assert!(step - steps[steps.len() - 1] < apart.first().copied().unwrap_or(1), "{step}: {steps:?}");
            }
            assert!(kept.all().len() > KEPT / 2);
            assert_eq!(kept.at(first).map(|moment| moment.step), Some(first));
            assert_eq!(kept.at(first + 33), None);
        }
    }
}
