//! How the cost of a training step grows with the network's width and with the batch, and how it falls with the workers.
//!
//! The limit of one core is measured again before every point, in the same run; the best of all is what points are
//! compared with, times the number of workers.

use rand::RngExt;
use rand::rngs::Xoshiro256PlusPlus;

use super::Clock;
use super::bench::median;
use super::rates::operations;
use crate::data::{CLASSES, PIXELS, Purpose, rng};
use crate::linalg::{chosen, peak};
use crate::protocol::{Event, GrowthPoint, Over};
use crate::train::{Config, Engine, Lost, Solo, Team, TeamEngine};

/// Widths of both hidden layers, at the batch of the default settings.
const WIDTHS: [usize; 7] = [64, 128, 256, 512, 1024, 2048, 4096];
/// The homework's width, which takes a gigabyte and seconds a step.
const LARGE: usize = 8192;
/// Images a step, at the widths of the default settings.
const BATCHES: [usize; 11] = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024];
/// Up to so many workers, every number is measured.
const FEW_WORKERS: usize = 8;
/// Of more, these, and the most there can be.
const MANY_WORKERS: [usize; 6] = [1, 2, 4, 8, 12, 16];
/// Steps are repeated for about this long, but no more often than [`MOST`] and no less than [`FEWEST`] times.
const MEASURE_MS: f64 = 250.0;
const FEWEST: usize = 3;
const MOST: usize = 40;
const CHAIN_STEPS: usize = 20_000;
/// The limit is the best of a few bursts, each so long that a coarse clock does not matter.
const BURSTS: usize = 3;
const BURST_MS: f64 = 5.0;

struct Trial {
    engine: TeamEngine<Box<dyn Team>>,
    images: Vec<u8>,
    labels: Vec<u8>,
    /// Milliseconds, one a step; the first warms up and is not counted.
    times: Vec<f64>,
}

/// The measurement.
pub(super) struct Growth {
    plan: Vec<(Over, usize)>,
    /// How many of the plan are measured, or could not be.
    done: usize,
    /// With the operations of a step by each worker.
    points: Vec<(GrowthPoint, f64)>,
    /// Workers whose team did not come together, or lost a member.
    missing: Vec<usize>,
    /// Operations a millisecond of one core.
    limit: f64,
    stage: Stage,
    rng: Xoshiro256PlusPlus,
}

/// How far a point is.
enum Stage {
    Before,
    /// The team of these settings is wanted.
    Waiting(Config),
    Stepping(Box<Trial>),
}

/// The settings of a point.
fn config(over: Over, at: usize) -> Config {
    match over {
        Over::Width => Config { hidden: vec![at; 2], ..Config::default() },
        Over::Batch => Config { batch_size: at, ..Config::default() },
        Over::Workers => Config { workers: at, ..Config::default() },
    }
}

/// The numbers of workers that are measured where there can be so many.
fn workers(most: usize) -> Vec<usize> {
    if most <= FEW_WORKERS {
        return (1..=most).collect();
    }
    MANY_WORKERS.into_iter().filter(|&workers| workers < most).chain([most]).collect()
}

impl Growth {
    /// Of all usual sizes, with up to so many workers; or of the large network alone.
    pub(super) fn new(is_large: bool, workers_max: usize) -> Self {
        let plan = if is_large {
            vec![(Over::Width, LARGE)]
        } else {
            let widths = WIDTHS.map(|width| (Over::Width, width));
            let batches = BATCHES.map(|batch| (Over::Batch, batch));
            let workers = workers(workers_max).into_iter().map(|workers| (Over::Workers, workers));
            widths.into_iter().chain(batches).chain(workers).collect()
        };
        Self::of(plan)
    }

    fn of(plan: Vec<(Over, usize)>) -> Self {
        Self {
            plan,
            done: 0,
            points: Vec::new(),
            missing: Vec::new(),
            limit: 0.0,
            stage: Stage::Before,
            rng: rng(1, Purpose::Init, 8),
        }
    }

    /// The settings whose team is wanted, if one is: as many members as they say. Until it is there, nothing is to be
    /// done.
    pub(super) fn wanted(&self) -> Option<&Config> {
        match &self.stage {
            Stage::Waiting(config) => Some(config),
            Stage::Before | Stage::Stepping(_) => None,
        }
    }

    /// Takes the [wanted](Self::wanted) team, if it came together. Returns whether that point is over because it did not.
    pub(super) fn begin(&mut self, team: Option<Box<dyn Team>>) -> bool {
        let Stage::Waiting(config) = &self.stage else { return false };
        let Some(Ok(engine)) = team.map(|team| TeamEngine::new(team, config)) else {
            self.finish(Err(Lost));
            return true;
        };
        let rng = &mut self.rng;
        let trial = Trial {
            engine,
            images: (0..config.batch_size * PIXELS).map(|_| rng.random()).collect(),
            labels: (0..config.batch_size).map(|row| (row % CLASSES) as u8).collect(),
            times: Vec::new(),
        };
        self.stage = Stage::Stepping(Box::new(trial));
        false
    }

    /// Does one step of a network, or prepares one. Returns whether a point is over by that.
    pub(super) fn advance(&mut self, clock: Clock) -> bool {
        match &mut self.stage {
            Stage::Before => {
                let Some(&(over, at)) = self.plan.get(self.done) else { return false };
                self.measure_limit(clock);
                let config = config(over, at);
                let is_alone = config.workers == 1;
                self.stage = Stage::Waiting(config);
                is_alone && self.begin(Some(Box::new(Solo)))
            }
            Stage::Waiting(_) => false,
            Stage::Stepping(trial) => {
                let outcome = trial.step(clock);
                if let Ok(false) = outcome {
                    return false;
                }
                let times = std::mem::take(&mut trial.times);
                self.finish(outcome.map(|_| times));
                true
            }
        }
    }

    fn measure_limit(&mut self, clock: Clock) {
        for _ in 0..BURSTS {
            let (start, mut chains) = (clock(), 0);
            let elapsed = loop {
                std::hint::black_box(chosen().chain(CHAIN_STEPS));
                chains += 1;
                let elapsed = clock() - start;
                if elapsed >= BURST_MS {
                    break elapsed;
                }
            };
            self.limit = self.limit.max(chains as f64 * peak::operations(CHAIN_STEPS) / elapsed);
        }
    }

    /// Ends the point that is under way.
    fn finish(&mut self, times: Result<Vec<f64>, Lost>) {
        let (over, at) = self.plan[self.done];
        let config = config(over, at);
        self.stage = Stage::Before;
        self.done += 1;
        let Ok(times) = times else { return self.missing.push(config.workers) };
        let times = &times[1..];
        let operations = operations(&config.widths(), true) * config.batch_size as f64;
        let point = GrowthPoint {
            over,
            at,
            best_ms: times.iter().copied().fold(f64::INFINITY, f64::min),
            median_ms: median(times),
            limit_ms: 0.0,
            images: config.batch_size,
        };
        self.points.push((point, operations / config.workers as f64));
    }

    pub(super) fn is_over(&self) -> bool {
        self.done == self.plan.len()
    }

    /// What is to be said when a point is over.
    pub(super) fn events(&self) -> Vec<Event> {
        let progress = Event::BenchProgress { done: self.done, total: self.plan.len() };
        let growth = self.result(self.is_over());
        if self.is_over() { vec![growth] } else { vec![progress, growth] }
    }

    /// Those measured so far. The limit is that of now, for earlier ones too.
    fn points(&self) -> Vec<GrowthPoint> {
        let point =
            |&(point, operations): &(GrowthPoint, f64)| GrowthPoint { limit_ms: operations / self.limit, ..point };
        self.points.iter().map(point).collect()
    }

    /// What was found. It may be the last, although not all is measured.
    pub(super) fn result(&self, is_over: bool) -> Event {
        let missing: Vec<_> = self.missing.iter().map(usize::to_string).collect();
        let problem = (!missing.is_empty()).then(|| {
            format!(
                "A step with {} workers could not be measured: one of them did not start, or was lost. Measure again.",
                missing.join(", ")
            )
        });
        Event::Growth { points: self.points(), is_over, problem }
    }
}

impl Trial {
    /// Does a step. Returns whether there are enough.
    fn step(&mut self, clock: Clock) -> Result<bool, Lost> {
        let start = clock();
        std::hint::black_box(self.engine.step(&self.images[..], &self.labels, 1e-4)?);
        self.times.push(clock() - start);
        let steps = self.times.len();
        let is_enough = self.times.iter().sum::<f64>() >= MEASURE_MS || steps >= MOST;
        Ok(steps >= FEWEST && is_enough)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Session, TeamUse, Work};
    use super::*;
    use crate::protocol::{Command, Host};
    use crate::train::MAX_WORKERS;
    use std::cell::Cell;
    use std::rc::{Rc, Weak};

    #[test]
    fn points_are_best_steps_after_the_first_and_limits_count_operations() {
        // A clock by which every look at it takes a second.
        let now = Cell::new(0.0);
        let clock = || {
            now.set(now.get() + 1000.0);
            now.get()
        };
        let mut growth = Growth::of(vec![(Over::Width, 8), (Over::Batch, 2)]);
        let mut calls = 0;
        while !growth.is_over() {
            calls += 1;
            growth.advance(&clock);
        }
        assert_eq!(calls, 2 * (1 + FEWEST));
        let points = growth.points();
        assert_eq!((points[0].at, points[0].images, points[0].best_ms, points[0].median_ms), (8, 256, 1000.0, 1000.0));
        assert_eq!((points[1].at, points[1].images), (2, 2));
        let limit = peak::operations(CHAIN_STEPS) / 1000.0;
        let products = 2.0 * (2 * 3072 * 8 + 3 * 8 * 8 + 3 * 8 * 10) as f64;
        assert!((points[0].limit_ms - 256.0 * products / limit).abs() < 1e-6);
        assert!(!growth.advance(&clock), "nothing is left to do");
    }

    #[test]
    fn as_many_workers_are_measured_as_there_can_be() {
        assert_eq!(workers(1), [1]);
        assert_eq!(workers(3), [1, 2, 3]);
        assert_eq!(workers(8), [1, 2, 3, 4, 5, 6, 7, 8]);
        assert_eq!(workers(10), [1, 2, 4, 8, 10]);
        assert_eq!(workers(12), [1, 2, 4, 8, 12]);
        assert_eq!(workers(MAX_WORKERS), [1, 2, 4, 8, 12, 16]);
        let plan = Growth::new(false, 2).plan;
        assert_eq!(plan[plan.len() - 3..], [(Over::Batch, 1024), (Over::Workers, 1), (Over::Workers, 2)]);
        assert_eq!(Growth::new(true, 2).plan, [(Over::Width, LARGE)]);
    }

    /// Member 0's seat in a team whose others come to so many meetings, and do nothing there.
    struct Silent {
        size: usize,
        meetings: usize,
        _here: Rc<()>,
    }

    impl Team for Silent {
        fn rank(&self) -> usize {
            0
        }

        fn size(&self) -> usize {
            self.size
        }

        fn write(&mut self, _: usize, _: &[u8]) {}

        fn read(&mut self, _: usize, bytes: &mut [u8]) {
            bytes.fill(0);
        }

        fn meet(&mut self) -> Result<(), Lost> {
            self.meetings = self.meetings.checked_sub(1).ok_or(Lost)?;
            Ok(())
        }
    }

    /// A session that measures this.
    fn measuring(plan: &[usize]) -> Session {
        let mut session = Session::new(Host { cores: 4, workers_max: 4, is_isolated: true });
        let plan = plan.iter().map(|&workers| (Over::Workers, workers)).collect();
        session.work = Work::Growth(Box::new(Growth::of(plan)));
        session
    }

    /// Ticks while there is something to do.
    fn work(session: &mut Session) -> Vec<Event> {
        let now = Cell::new(0.0);
        let clock = || {
            now.set(now.get() + 1000.0);
            now.get()
        };
        let mut events = Vec::new();
        while session.is_busy() {
            events.extend(session.tick(20.0, &clock));
        }
        events
    }

    /// Brings the team that is wanted, whose others come to so many meetings; none is a team that does not come.
    fn bring(session: &mut Session, meetings: Option<usize>) -> (Vec<Event>, Weak<()>) {
        let size = session.wanted_team().map(|(_, config)| config.workers).expect("a team is wanted");
        let here = Rc::default();
        let is_there = Rc::downgrade(&here);
        let team = meetings.map(|meetings| Box::new(Silent { size, meetings, _here: here }) as Box<dyn Team>);
        (session.take_team(team, &|| 0.0), is_there)
    }

    fn wants(session: &Session) -> Option<TeamUse> {
        session.wanted_team().map(|(usage, _)| usage)
    }

    /// The workers of the points, whether no more will come, and what is said of missing ones.
    fn found(events: &[Event]) -> (Vec<usize>, bool, Option<String>) {
        let Some(Event::Growth { points, is_over, problem }) = events.last() else { panic!("{events:?}") };
        assert!(points.iter().all(|point| (point.over, point.images) == (Over::Workers, 256)));
        (points.iter().map(|point| point.at).collect(), *is_over, problem.clone())
    }

    #[test]
    fn teams_are_awaited_and_their_limit_is_that_of_one_times_the_workers() {
        let mut session = measuring(&[1, 2, 4]);
        let events = work(&mut session);
        assert_eq!(events[0], Event::BenchProgress { done: 1, total: 3 });
        assert_eq!(found(&events), (vec![1], false, None), "alone there is nothing to wait for");
        assert_eq!((wants(&session), session.is_busy()), (Some(TeamUse::Growth(2)), false));
        let (events, is_there) = bring(&mut session, Some(usize::MAX));
        assert_eq!((events, wants(&session), is_there.strong_count()), (vec![], None, 1));
        assert_eq!(found(&work(&mut session)), (vec![1, 2], false, None));
        assert_eq!(is_there.strong_count(), 0, "a team ends with its point");
        assert_eq!(wants(&session), Some(TeamUse::Growth(4)));
        bring(&mut session, Some(usize::MAX));
        let events = work(&mut session);
        assert_eq!(found(&events), (vec![1, 2, 4], true, None));
        let [Event::Growth { points, .. }] = &events[..] else { panic!("{events:?}") };
        assert!(points.iter().all(|point| (point.at as f64 * point.limit_ms / points[0].limit_ms - 1.0).abs() < 1e-12));
        assert_eq!((session.is_busy(), session.take_team(None, &|| 0.0)), (false, vec![]));
    }

    #[test]
    fn a_measurement_goes_on_without_a_team_that_does_not_come_or_loses_a_member() {
        let mut session = measuring(&[2, 3, 4, 1]);
        assert_eq!(work(&mut session), []);
        let (events, _) = bring(&mut session, None);
        assert_eq!(events[0], Event::BenchProgress { done: 1, total: 4 });
        let (points, is_over, problem) = found(&events);
        assert_eq!((points, is_over), (vec![], false));
        assert!(problem.is_some_and(|problem| problem.starts_with("A step with 2 workers could not")));
        assert!(session.is_busy());

        assert_eq!(work(&mut session), []);
        let (_, _, problem) = found(&bring(&mut session, Some(0)).0);
        assert!(problem.is_some_and(|problem| problem.starts_with("A step with 2, 3 workers could not")));

        work(&mut session);
        let (events, is_there) = bring(&mut session, Some(5));
        assert_eq!((events, is_there.strong_count()), (vec![], 1), "it is lost only in the midst of a step");
        let events = work(&mut session);
        assert_eq!(events[0], Event::BenchProgress { done: 3, total: 4 });
        assert_eq!(is_there.strong_count(), 0);
        let (points, is_over, problem) = found(&events);
        assert_eq!((points, is_over), (vec![1], true));
        assert!(problem.is_some_and(|problem| problem.starts_with("A step with 2, 3, 4 workers could not")));
        assert!(!session.is_busy() && session.wanted_team().is_none());

        let mut session = measuring(&[2]);
        work(&mut session);
        assert!(found(&bring(&mut session, None).0).1, "the last point");
        assert!(!session.is_busy() && session.wanted_team().is_none());
    }

    #[test]
    fn a_measurement_that_awaits_a_team_is_stopped_at_once() {
        let mut session = measuring(&[1, 2, 3]);
        work(&mut session);
        assert_eq!(wants(&session), Some(TeamUse::Growth(2)));
        assert_eq!(found(&session.handle(Command::StopBench, &|| 0.0)), (vec![1], true, None));
        assert_eq!((wants(&session), session.is_busy()), (None, false));
        assert_eq!(session.take_team(Some(Box::new(Solo)), &|| 0.0), [], "it comes too late");
    }
}
