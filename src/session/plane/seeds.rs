//! The same network from several seeds, one after the other: how often does descent fail?

use super::{WORK, judged, trained_net};
use crate::protocol::PlaneVerdict;
use crate::train::plane::{PlaneProblem, PlaneTrainer};

/// Runs from one seed after the other.
pub(super) struct Seeds {
    problem: PlaneProblem,
    total: usize,
    steps: usize,
    trainer: PlaneTrainer,
    /// Training points that were not right at the end of each run that is over.
    pub wrong: Vec<usize>,
}

impl Seeds {
    /// So many seeds from the problem's on, so many steps each.
    pub fn new(problem: PlaneProblem, total: usize, steps: usize) -> Self {
        let problem = PlaneProblem { start: None, ..problem };
        let trainer = PlaneTrainer::new(problem.clone());
        Self { problem, total, steps, trainer, wrong: Vec::new() }
    }

    /// Whether all runs are over.
    pub fn is_over(&self) -> bool {
        self.wrong.len() >= self.total
    }

    /// A few steps. Returns whether a run has ended with them.
    pub fn advance(&mut self) -> bool {
        let each = (WORK / (self.problem.parameters() * self.problem.batch).max(1)).max(1);
        for _ in 0..each {
            if self.trainer.step() >= self.steps || self.trainer.diverged().is_some() {
                self.end();
                return true;
            }
            self.trainer.advance();
        }
        false
    }

    fn end(&mut self) {
        let net = trained_net(&self.problem.hidden, self.problem.classes, &self.trainer.moment().weights);
        let verdicts = net.map(|net| judged(&net, &self.problem.training)).unwrap_or_default();
        self.wrong.push(verdicts.iter().filter(|verdict| **verdict != PlaneVerdict::Right).count());
        self.problem.seed = self.problem.seed.wrapping_add(1);
        if !self.is_over() {
            self.trainer = PlaneTrainer::new(self.problem.clone());
        }
    }
}
