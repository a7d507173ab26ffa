//! A run in one line, for where there is no room for more.

use super::{Status, TrainLab};
use crate::labs::numbers::{duration, significant};

impl TrainLab {
    /// What is going on, in one line.
    pub fn glance(&self) -> String {
        let state = self.status_text();
        let Some(run) = self.run.as_ref().filter(|_| self.status.has_run()) else { return state };
        let mut parts = vec![format!("{state}: epoch {} of {}", run.epoch, run.config.epochs)];
        parts.extend(run.losses.last().map(|&loss| format!("loss {}", significant(f64::from(loss), 3))));
        let left = run.seconds_left.filter(|_| self.status == Status::Running);
        parts.extend(left.map(|seconds| format!("{} left", duration(seconds))));
        parts.join(" · ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::{EndReason, Event, Progress};
    use crate::train::Config;

    #[test]
    fn a_run_is_told_in_one_line_while_it_goes_on_and_when_it_is_over() {
        let mut lab = TrainLab { kernel: Some(String::new()), ..TrainLab::default() };
        assert_eq!(lab.glance(), "Waiting for data");
        let run = lab.new_run();
        assert_eq!(lab.glance(), "Starting");
        lab.apply(Event::Started { run, config: Config { epochs: 30, ..Config::default() }, steps_per_epoch: 2 });
        assert_eq!(lab.glance(), "Measuring accuracy: epoch 0 of 30");
        let progress = Progress {
            run,
            step: 2,
            losses: vec![2.25, 1.5],
            seconds: vec![0.5, 1.0],
            done: 0.1,
            epoch: 3,
            images_per_second: 500.0,
            seconds_left: Some(65.0),
            measuring: false,
        };
        lab.apply(Event::Progress(progress));
        assert_eq!(lab.glance(), "Training: epoch 3 of 30 · loss 1.5 · 1 min 5 s left");
        lab.apply(Event::Paused { run });
        assert_eq!(lab.glance(), "Paused: epoch 3 of 30 · loss 1.5");
        lab.apply(Event::Ended { run, reason: EndReason::Stopped });
        assert_eq!(lab.glance(), "Stopped after 3 epochs and 2 steps.");
    }
}
