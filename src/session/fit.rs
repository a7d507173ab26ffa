//! A curve being learned, and its reports.

use super::{Clock, REPORT_EVERY_MS};
use crate::protocol::{Event, FitProgress, RunId};
use crate::train::{FitProblem, Regression};

/// Steps between two looks at the clock.
const STEPS: usize = 8;

pub(super) struct Fit {
    id: RunId,
    regression: Regression,
    pub(super) is_held: bool,
    began: f64,
    /// Steps before `began`.
    before: usize,
    reported: f64,
}

impl Fit {
    pub(super) fn new(id: RunId, problem: FitProblem, clock: Clock) -> Self {
        let regression = Regression::new(problem);
        Self { id, regression, is_held: false, began: clock(), before: 0, reported: f64::NEG_INFINITY }
    }

    pub(super) fn id(&self) -> RunId {
        self.id
    }

    pub(super) fn hold(&mut self, is_held: bool, clock: Clock) -> Event {
        if self.is_held && !is_held {
            (self.began, self.before) = (clock(), self.regression.progress().0);
        }
        self.is_held = is_held;
        self.report(false, clock)
    }

    /// Works until `end`. Returns what there is to say, and whether it is over.
    pub(super) fn tick(&mut self, end: f64, clock: Clock) -> (Option<Event>, bool) {
        loop {
            let is_over = (0..STEPS).any(|_| self.regression.advance());
            let now = clock();
            if is_over || now - self.reported >= REPORT_EVERY_MS {
                self.reported = now;
                return (Some(self.report(is_over, clock)), is_over);
            }
            if now >= end {
                return (None, false);
            }
        }
    }

    pub(super) fn report(&self, is_over: bool, clock: Clock) -> Event {
        let (step, steps) = self.regression.progress();
        let ms = clock() - self.began;
        let rate = (step - self.before) as f64 / ms;
        let seconds_left = (ms > 0.0 && rate > 0.0).then(|| (steps - step) as f64 / rate / 1e3);
        Event::Fit(Box::new(FitProgress {
            id: self.id,
            step,
            steps,
            loss: self.regression.loss(),
            net: self.regression.net(),
            seconds_left,
            is_held: self.is_held,
            is_over,
        }))
    }
}
