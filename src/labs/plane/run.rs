//! What the page knows of a run in the worker, and what it asks for next.
//!
//! One question is out at a time, and the next is asked when it is answered: so what is shown is as new as the worker
//! and the screen can keep up with, and neither has a queue.

use std::sync::Arc;

use super::PlaneLab;
use crate::protocol::{About, Command, Event, PlaneCommand, PlaneReport, PlaneVerdict, PlaneWindow};

/// Pictures a second at most, where training sets the pace.
const PICTURES: f64 = 30.0;
/// Training takes at least this many times as long as the look after it, where it goes as fast as it can.
const SHARE: f64 = 10.0;
/// Bounds of the milliseconds of training between two looks then.
const BETWEEN_MS: (f64, f64) = (30.0, 400.0);
/// Seeds that are tried, and steps from each.
pub const SEEDS: (usize, usize) = (10, 1_000);
/// Most points of a curve; of more, every second is forgotten.
const CURVE: usize = 400;

/// How fast a run plays.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Speed {
    /// Ten steps a second.
    Slow,
    /// A hundred.
    #[default]
    Usual,
    /// A thousand.
    Fast,
    /// As many as there can be.
    Most,
}

impl Speed {
    /// All of them, slowest first.
    pub const ALL: [Self; 4] = [Self::Slow, Self::Usual, Self::Fast, Self::Most];

    /// In test hooks.
    pub fn word(self) -> &'static str {
        match self {
            Self::Slow => "10",
            Self::Usual => "100",
            Self::Fast => "1000",
            Self::Most => "most",
        }
    }

    /// On screen.
    pub fn title(self) -> &'static str {
        match self {
            Self::Slow => "10 steps/s",
            Self::Usual => "100 steps/s",
            Self::Fast => "1,000 steps/s",
            Self::Most => "as fast as it goes",
        }
    }

    /// Steps a second, if it is not as many as there can be.
    fn rate(self) -> Option<f64> {
        match self {
            Self::Slow => Some(10.0),
            Self::Usual => Some(100.0),
            Self::Fast => Some(1_000.0),
            Self::Most => None,
        }
    }
}

/// What was seen at a step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Seen {
    /// Steps done.
    pub step: usize,
    /// Regions in the window that is shown, if they were counted in that.
    pub regions: Option<usize>,
    /// The mean cross-entropy of the training and of the validation points.
    pub losses: [Option<f64>; 2],
    /// Training points that are not right.
    pub wrong: usize,
}

/// A question to the worker, and when to ask it.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// The question.
    pub command: Command,
    /// Milliseconds from now.
    pub wait_ms: f64,
}

/// A run, as the page knows it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PlaneRun {
    /// Counts runs.
    pub id: u32,
    /// The settings of the run.
    pub lab: Option<PlaneLab>,
    /// What was last heard of it.
    pub report: Option<Arc<PlaneReport>>,
    /// Whether it is to go on by itself.
    pub is_playing: bool,
    /// How fast.
    pub speed: Speed,
    /// The step of before that is looked at; none is now.
    pub scrubbed: Option<usize>,
    /// What was seen, by rising steps; regions are those in the window that was shown last.
    pub curve: Vec<Seen>,
    /// Why it could not start or go on.
    pub refused: Option<String>,
    /// Training points that were not right at the end, from each seed that was tried, and whether all were.
    pub seeds: Option<(Vec<usize>, bool)>,
    curve_window: Option<PlaneWindow>,
    /// Steps asked for one by one, not yet sent.
    steps_due: usize,
    /// Whether a try from several seeds is asked for and not yet sent.
    seeds_due: bool,
    /// Whether a question is out.
    is_waiting: bool,
    /// When the last steps were asked for.
    asked_ms: f64,
    /// Whether the worker does not have the run, or not yet.
    is_unknown: bool,
}

/// How many of these are not right.
pub fn wrong(verdicts: &[PlaneVerdict]) -> usize {
    verdicts.iter().filter(|verdict| **verdict != PlaneVerdict::Right).count()
}

impl PlaneRun {
    /// Begins anew with these settings, at the initial weights.
    pub fn begin(&mut self, lab: &PlaneLab) {
        *self = Self {
            id: self.id + 1,
            lab: Some(lab.clone()),
            speed: self.speed,
            is_unknown: true,
            // The last picture stays until there is another.
            report: self.report.take(),
            // Without a worker there is nobody to ask.
            refused: self.refused.take().filter(String::is_empty),
            ..Self::default()
        };
    }

    /// Whether what was last heard is of this run.
    pub fn is_there(&self) -> bool {
        self.report.as_ref().is_some_and(|report| report.id == self.id)
    }

    /// Steps done by the run.
    pub fn steps(&self) -> usize {
        self.report.as_ref().filter(|report| report.id == self.id).map_or(0, |report| report.steps)
    }

    /// Plays, or stops playing.
    pub fn play(&mut self, is_playing: bool) {
        self.is_playing = is_playing;
        if is_playing {
            (self.scrubbed, self.refused) = (None, None);
        }
    }

    /// Asks for so many more steps.
    pub fn step(&mut self, steps: usize) {
        self.play(false);
        (self.scrubbed, self.refused) = (None, None);
        self.steps_due += steps;
    }

    /// Asks for a try from several seeds.
    pub fn try_seeds(&mut self) {
        self.is_playing = false;
        (self.seeds, self.refused) = (Some((Vec::new(), false)), None);
        self.seeds_due = true;
    }

    /// Looks at the kept step of this index among all that are kept; at the end is now.
    pub fn scrub(&mut self, index: usize) {
        self.is_playing = false;
        let Some(report) = &self.report else { return };
        self.scrubbed = report.kept.get(index).copied().filter(|_| index + 1 < stops(report));
    }

    /// What is to be asked now, if anything. It counts as asked.
    pub fn next(&mut self, window: PlaneWindow, now_ms: f64) -> Option<Question> {
        if self.is_waiting || self.is_unknown && self.refused.is_some() {
            return None;
        }
        let at_once = |command| Some(Question { command: Command::Plane(command), wait_ms: 0.0 });
        let id = self.id;
        let is_over = self.report.as_ref().is_some_and(|report| report.id == id && report.diverged.is_some());
        let question = if self.is_unknown {
            let problem = Box::new(self.lab.as_ref()?.problem());
            at_once(PlaneCommand::Start { id, problem, window })
        } else if std::mem::take(&mut self.seeds_due) {
            at_once(PlaneCommand::Seeds { id, seeds: SEEDS.0, steps: SEEDS.1 })
        } else if self.steps_due > 0 && !is_over {
            let steps = std::mem::take(&mut self.steps_due);
            at_once(PlaneCommand::Train { id, steps, most_ms: 10_000.0, window })
        } else if self.is_playing && self.scrubbed.is_none() && !is_over {
            let look_ms = self.report.as_ref().map_or(0.0, |report| report.look_ms);
            let (steps, most_ms, wait_ms) = match self.speed.rate() {
                None => (usize::MAX, (SHARE * look_ms).clamp(BETWEEN_MS.0, BETWEEN_MS.1), 0.0),
                Some(rate) => {
                    let steps = (rate / PICTURES).ceil();
                    let due_ms = self.asked_ms + steps / rate * 1e3;
                    (steps as usize, BETWEEN_MS.1, (due_ms - now_ms).clamp(0.0, 1e3))
                }
            };
            self.asked_ms = now_ms + wait_ms;
            Some(Question { command: Command::Plane(PlaneCommand::Train { id, steps, most_ms, window }), wait_ms })
        } else {
            self.is_playing &= !is_over;
            self.steps_due = 0;
            let shown = self.report.as_ref()?;
            let wanted = self.scrubbed.unwrap_or(shown.steps);
            let is_shown = shown.id == id && shown.step == wanted && shown.picture.window == window;
            if is_shown { None } else { at_once(PlaneCommand::Show { id, step: self.scrubbed, window }) }
        };
        self.is_waiting = question.is_some();
        question
    }

    /// Takes what the worker says. Returns whether it is about this run.
    pub fn apply(&mut self, event: &Event) -> bool {
        match event {
            Event::Plane(report) if report.id == self.id => {
                (self.is_waiting, self.is_unknown) = (false, false);
                self.note(report);
                self.report = Some(Arc::new((**report).clone()));
            }
            Event::PlaneSeeds { id, wrong, is_over } if *id == self.id => {
                self.is_waiting &= !is_over;
                self.seeds = Some((wrong.clone(), *is_over));
            }
            Event::Refused { about: About::Plane, message } => {
                (self.is_waiting, self.is_playing) = (false, false);
                self.seeds = self.seeds.take().filter(|(_, is_over)| *is_over);
                self.refused = Some(message.clone());
            }
            // The new worker knows nothing of it.
            Event::Crashed { .. } if self.lab.is_some() => {
                (self.is_waiting, self.is_playing, self.is_unknown) = (false, false, true);
                self.seeds = self.seeds.take().filter(|(_, is_over)| *is_over);
                self.refused = Some("The worker was lost, and with it this run. Start again.".into());
            }
            // The page says why, and has a button to try again.
            Event::Unavailable { .. } => {
                (self.is_waiting, self.is_playing, self.is_unknown) = (false, false, true);
                self.seeds = self.seeds.take().filter(|(_, is_over)| *is_over);
                self.refused = Some(String::new());
            }
            Event::Ready { .. } if self.refused.as_deref() == Some("") => self.refused = None,
            _ => return false,
        }
        true
    }

    /// Takes a report into the curve, if it goes on with it.
    fn note(&mut self, report: &PlaneReport) {
        // Regions are counted in a window: of another, nothing is known.
        if self.curve_window != Some(report.picture.window) {
            self.curve_window = Some(report.picture.window);
            self.curve.iter_mut().for_each(|seen| seen.regions = None);
        }
        let seen = Seen {
            step: report.step,
            regions: report.picture.is_complete.then_some(report.picture.regions),
            losses: report.losses,
            wrong: wrong(&report.verdicts[0]),
        };
        match self.curve.binary_search_by_key(&seen.step, |seen| seen.step) {
            Ok(index) => self.curve[index] = seen,
            Err(index) => self.curve.insert(index, seen),
        }
        if self.curve.len() > CURVE {
            let last = self.curve.len() - 1;
            let mut index = 0;
            self.curve.retain(|_| {
                index += 1;
                index % 2 == 1 || index > last
            });
        }
    }
}

/// How many places the scrubber has: every kept step, and now.
pub fn stops(report: &PlaneReport) -> usize {
    report.kept.len() + usize::from(report.kept.last() != Some(&report.steps))
}

/// The scrubber's place of what is shown.
pub fn stop_of(report: &PlaneReport, scrubbed: Option<usize>) -> usize {
    let index = scrubbed.and_then(|step| report.kept.binary_search(&step).ok());
    index.unwrap_or_else(|| stops(report) - 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::PlanePicture;

    const WINDOW: PlaneWindow = PlaneWindow { x: (-1.0, 1.0), y: (-1.0, 1.0) };

    fn report(id: u32, step: usize, steps: usize) -> Event {
        let picture = PlanePicture { window: WINDOW, regions: step + 1, is_complete: true, ..PlanePicture::default() };
        let kept = (0..=steps).step_by(2).collect();
        Event::Plane(Box::new(PlaneReport { id, step, steps, kept, picture, ..PlaneReport::default() }))
    }

    fn begun() -> PlaneRun {
        let mut run = PlaneRun::default();
        run.begin(&PlaneLab::default());
        assert!(matches!(
            run.next(WINDOW, 0.0),
            Some(Question { command: Command::Plane(PlaneCommand::Start { .. }), .. })
        ));
        assert_eq!(run.next(WINDOW, 0.0), None, "one question at a time");
        assert!(run.apply(&report(1, 0, 0)));
        run
    }

    fn steps(question: Option<Question>) -> Option<(usize, f64)> {
        match question?.command {
            Command::Plane(PlaneCommand::Train { steps, most_ms, .. }) => Some((steps, most_ms)),
            _ => None,
        }
    }

    #[test]
    fn it_plays_at_its_pace_and_rests_when_paused() {
        let mut run = begun();
        assert_eq!(run.next(WINDOW, 1.0), None, "nothing is asked for");
        run.play(true);
        let first = run.next(WINDOW, 1_000.0).expect("steps");
        assert_eq!((first.wait_ms, steps(Some(first))), (0.0, Some((4, 400.0))));
        run.apply(&report(1, 4, 4));
        // Four steps of a hundred a second are to take 40 ms.
        assert_eq!(run.next(WINDOW, 1_010.0).map(|question| question.wait_ms), Some(30.0));
        run.play(false);
        run.apply(&report(1, 8, 8));
        assert_eq!(run.next(WINDOW, 1_100.0), None);
        run.step(1);
        assert_eq!(steps(run.next(WINDOW, 1_200.0)).map(|steps| steps.0), Some(1));
    }

    #[test]
    fn as_fast_as_it_goes_a_look_takes_a_tenth_at_most() {
        let mut run = begun();
        (run.speed, run.is_playing) = (Speed::Most, true);
        let Event::Plane(mut slow) = report(1, 0, 0) else { panic!("a report") };
        for (look_ms, most_ms) in [(0.5, 30.0), (20.0, 200.0), (100.0, 400.0)] {
            slow.look_ms = look_ms;
            run.apply(&Event::Plane(slow.clone()));
            assert_eq!(steps(run.next(WINDOW, 0.0)), Some((usize::MAX, most_ms)));
        }
    }

    #[test]
    fn steps_of_before_are_looked_at_and_now_is_the_end() {
        let mut run = begun();
        run.apply(&report(1, 5, 5));
        let stops_now = stops(run.report.as_ref().expect("a report"));
        assert_eq!(stops_now, 4, "0, 2, 4, and 5, which is now");
        run.scrub(1);
        let question = run.next(WINDOW, 0.0).expect("a look");
        assert_eq!(question.command, Command::Plane(PlaneCommand::Show { id: 1, step: Some(2), window: WINDOW }));
        run.apply(&report(1, 2, 5));
        assert_eq!((run.next(WINDOW, 0.0), stop_of(run.report.as_ref().expect("a report"), run.scrubbed)), (None, 1));
        run.scrub(3);
        let question = run.next(WINDOW, 0.0).expect("a look");
        assert_eq!(question.command, Command::Plane(PlaneCommand::Show { id: 1, step: None, window: WINDOW }));
        // Another window is looked at, too.
        run.apply(&report(1, 5, 5));
        assert!(run.next(PlaneWindow { x: (0.0, 1.0), ..WINDOW }, 0.0).is_some());
        let steps: Vec<usize> = run.curve.iter().map(|seen| seen.step).collect();
        assert_eq!(steps, [0, 2, 5]);
        // In another window other regions are counted; losses stay what they were.
        let Event::Plane(mut other) = report(1, 5, 5) else { panic!("a report") };
        other.picture.window.x.0 = 0.0;
        run.apply(&Event::Plane(other));
        assert_eq!(run.curve.iter().map(|seen| seen.regions).collect::<Vec<_>>(), [None, None, Some(6)]);
    }

    #[test]
    fn what_is_said_of_an_earlier_run_is_passed_over() {
        let mut run = begun();
        run.begin(&PlaneLab::default());
        assert!(!run.apply(&report(1, 9, 9)) && !run.is_there());
        run.next(WINDOW, 0.0);
        assert!(run.apply(&report(2, 0, 0)) && run.is_there());
    }

    #[test]
    fn a_lost_worker_is_said_and_the_run_begins_anew() {
        let mut run = begun();
        run.play(true);
        assert!(run.apply(&Event::Crashed { message: "out of memory".into() }));
        assert!(!run.is_playing && run.refused.is_some() && run.next(WINDOW, 0.0).is_none());
        run.begin(&PlaneLab::default());
        assert!(run.next(WINDOW, 0.0).is_some());
    }

    #[test]
    fn a_long_curve_is_thinned_and_keeps_its_ends() {
        let mut run = begun();
        for step in 0..3_000 {
            run.apply(&report(1, step, step));
        }
        assert!(run.curve.len() <= CURVE + 1 && run.curve.len() > CURVE / 3);
        assert_eq!((run.curve[0].step, run.curve.last().map(|seen| seen.step)), (0, Some(2_999)));
    }
}
