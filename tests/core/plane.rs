//! The plane lab's run: its trainer against a plain one in f64, and the worker's part of it.

use std::cell::Cell;

use piecewise::labs::plane::PlaneLab;
use piecewise::labs::plane::data::{Recipe, Shape};
use piecewise::labs::plane::look::Look;
use piecewise::labs::plane::run::PlaneRun;
use piecewise::protocol::{
    About, Command, Event, Host, PlaneCommand, PlaneReport, PlaneVerdict, PlaneWindow, decode, encode,
};
use piecewise::session::Session;
use piecewise::train::plane::{Optimiser, PlaneProblem, PlaneTrainer};
#[cfg(target_arch = "wasm32")]
use wasm_bindgen_test::wasm_bindgen_test as test;

const WINDOW: PlaneWindow = PlaneWindow { x: (-1.2, 1.2), y: (-1.2, 1.2) };

fn lab() -> PlaneLab {
    let recipe = Recipe { shape: Shape::Moons, count: 40, validation: 25, ..Recipe::default() };
    PlaneLab { recipe, hidden: vec![5, 4], batch: 0, ..PlaneLab::default() }
}

/// The mean cross-entropy of a network with these weights, in f64, written out plainly.
fn loss(problem: &PlaneProblem, weights: &[f64]) -> f64 {
    let widths = problem.widths();
    let one = |(at, class): (&[f32; 2], &u8)| {
        let mut values: Vec<f64> = at.iter().map(|&x| x.into()).collect();
        let mut rest = weights;
        for (layer, pair) in widths.windows(2).enumerate() {
            let (matrix, after) = rest.split_at(pair[0] * pair[1]);
            let (bias, after) = after.split_at(pair[1]);
            rest = after;
            let row = |(row, b): (&[f64], &f64)| row.iter().zip(&values).map(|(w, x)| w * x).sum::<f64>() + b;
            let next: Vec<f64> = matrix.chunks(pair[0]).zip(bias).map(row).collect();
            let is_last = layer + 2 == widths.len();
            values = if is_last { next } else { next.into_iter().map(|z| z.max(0.0)).collect() };
        }
        values.iter().map(|z| z.exp()).sum::<f64>().ln() - values[usize::from(*class)]
    };
    problem.training.at.iter().zip(&problem.training.classes).map(one).sum::<f64>() / problem.training.len() as f64
}

/// The gradient of [`loss`] by central differences.
fn gradient(problem: &PlaneProblem, weights: &[f64]) -> Vec<f64> {
    let eps = 1e-6;
    let shifted = |index: usize, by: f64| {
        let mut weights = weights.to_vec();
        weights[index] += by;
        loss(problem, &weights)
    };
    (0..weights.len()).map(|index| (shifted(index, eps) - shifted(index, -eps)) / (2.0 * eps)).collect()
}

#[test]
fn each_way_of_descending_goes_where_plain_arithmetic_goes() {
    for (optimiser, decay) in [
        (Optimiser::Sgd, 0.0),
        (Optimiser::Sgd, 0.01),
        (Optimiser::Momentum, 0.0),
        (Optimiser::Momentum, 0.01),
        (Optimiser::Adam, 0.0),
        (Optimiser::Adam, 0.01),
    ] {
        let mut problem = lab().problem();
        (problem.optimiser, problem.decay, problem.rate) = (optimiser, decay, 0.05);
        // With biases 0, a point for which all of layer 1 is off would lie on a kink of every neuron of layer 2, where
        // differences and ReLU's slope at 0 are two things.
        let mut start = PlaneTrainer::new(problem.clone()).moment();
        start.weights.iter_mut().enumerate().for_each(|(index, weight)| *weight += 0.1 * (index as f32).sin());
        problem.start = Some(start);
        let mut trainer = PlaneTrainer::new(problem.clone());
        let (rate, decay) = (f64::from(problem.rate), f64::from(problem.decay));
        let mut weights: Vec<f64> = trainer.moment().weights.iter().map(|&w| w.into()).collect();
        let (mut velocity, mut square) = (vec![0.0; weights.len()], vec![0.0; weights.len()]);
        for step in 1..=4 {
            let gradient = gradient(&problem, &weights);
            for (index, weight) in weights.iter_mut().enumerate() {
                let g = gradient[index] + decay * *weight;
                let (v, s) = (&mut velocity[index], &mut square[index]);
                match optimiser {
                    Optimiser::Sgd => *weight -= rate * g,
                    Optimiser::Momentum => {
                        *v = 0.9 * *v + g;
                        *weight -= rate * *v;
                    }
                    Optimiser::Adam => {
                        *v = 0.9 * *v + 0.1 * g;
                        *s = 0.999 * *s + 0.001 * g * g;
                        let (mean, spread) = (*v / (1.0 - 0.9_f64.powi(step)), *s / (1.0 - 0.999_f64.powi(step)));
                        // Adam divides by the gradient's size: of one that is 0 but for rounding, nothing can be said.
                        if spread.sqrt() > 1e-6 {
                            *weight -= rate * mean / (spread.sqrt() + 1e-8);
                        }
                    }
                }
            }
            trainer.advance();
        }
        let moment = trainer.moment();
        let off = moment.weights.iter().zip(&weights).map(|(a, b)| (f64::from(*a) - b).abs());
        let off = off.fold(0.0, f64::max);
        assert!(off < 2e-4, "{optimiser:?} with decay {decay}: off by {off}");
    }
}

#[test]
fn the_same_seed_gives_the_same_run_and_a_batch_is_every_point_once_an_epoch() {
    let problem = PlaneLab { batch: 7, ..lab() }.problem();
    let run = |steps: usize, problem: &PlaneProblem| {
        let mut trainer = PlaneTrainer::new(problem.clone());
        (0..steps).for_each(|_| trainer.advance());
        trainer
    };
    let trainer = run(50, &problem);
    assert_eq!((trainer.step(), trainer.steps_per_epoch()), (50, 5), "30 points, 7 at a time");
    assert_eq!(trainer.moment(), run(50, &problem).moment());
    let other = PlaneProblem { seed: 2, ..problem.clone() };
    assert_ne!(trainer.moment(), run(50, &other).moment());
    // What was kept is what it was.
    assert_eq!(trainer.kept().at(20), Some(&run(20, &problem).moment()));
    // A run goes on from weights that are given to it.
    let start = PlaneProblem { start: Some(trainer.moment()), ..problem };
    assert_eq!(start.check(), Ok(()));
    assert_eq!(PlaneTrainer::new(start).moment(), trainer.moment());
}

#[test]
fn a_run_that_diverges_keeps_its_last_good_weights() {
    let mut problem = lab().problem();
    (problem.optimiser, problem.rate) = (Optimiser::Sgd, 1e30);
    let mut trainer = PlaneTrainer::new(problem);
    (0..20).for_each(|_| trainer.advance());
    let moment = trainer.moment();
    assert!(trainer.diverged().is_some_and(|step| step > moment.step), "{:?}", trainer.diverged());
    assert!(moment.weights.iter().all(|weight| weight.is_finite()));
    assert_eq!(trainer.kept().at(moment.step), Some(&moment));
}

#[test]
fn what_cannot_be_learned_is_refused_with_a_sentence() {
    let good = lab().problem();
    let broken: [fn(&mut PlaneProblem); 8] = [
        |problem| problem.training.at.clear(),
        |problem| problem.training = Default::default(),
        |problem| problem.training.at[0][1] = f32::NAN,
        |problem| problem.validation.classes[0] = 2,
        |problem| problem.classes = 9,
        |problem| problem.hidden = vec![33],
        |problem| problem.rate = 0.0,
        |problem| problem.start = Some(Default::default()),
    ];
    assert_eq!(good.check(), Ok(()));
    for (index, breaks) in broken.into_iter().enumerate() {
        let mut problem = good.clone();
        breaks(&mut problem);
        let message = problem.check().expect_err(&index.to_string());
        assert!(message.ends_with('.'), "{message}");
        let mut session = Session::new(Host::default());
        let start = PlaneCommand::Start { id: 1, problem: Box::new(problem), window: WINDOW };
        let events = session.handle(Command::Plane(start), &|| 0.0);
        assert_eq!(events, [Event::Refused { about: About::Plane, message }]);
        assert!(!session.is_busy());
    }
}

/// A page and its worker, each message crossing the wire.
struct Rig {
    session: Session,
    run: PlaneRun,
    now: Cell<f64>,
}

impl Rig {
    fn new(lab: &PlaneLab) -> Self {
        let mut rig = Self { session: Session::new(Host::default()), run: PlaneRun::default(), now: Cell::new(0.0) };
        rig.run.begin(lab);
        rig.answer(WINDOW);
        rig
    }

    /// Asks what the page asks next, and takes the answer.
    fn answer(&mut self, window: PlaneWindow) -> bool {
        let Some(question) = self.run.next(window, self.now.get()) else { return false };
        let now = &self.now;
        now.set(now.get() + question.wait_ms);
        let clock = || {
            now.set(now.get() + 0.25);
            now.get()
        };
        let mut events = self.session.handle(decode(&encode(&question.command)).unwrap(), &clock);
        while self.session.is_busy() {
            events.extend(self.session.tick(10.0, &clock));
        }
        assert_eq!(events.len(), 1, "{events:?}");
        self.run.apply(&decode(&encode(&events[0])).unwrap())
    }

    fn report(&self) -> &PlaneReport {
        self.run.report.as_ref().unwrap()
    }
}

#[test]
fn a_run_is_started_stepped_played_and_looked_back_at() {
    let mut rig = Rig::new(&lab());
    assert_eq!((rig.report().step, rig.report().kept.clone()), (0, vec![0]));
    assert!(!rig.answer(WINDOW), "nothing more is asked for");
    let first = rig.report().clone();
    rig.run.step(3);
    assert!(rig.answer(WINDOW));
    assert_eq!((rig.report().step, rig.report().kept.clone()), (3, vec![0, 1, 2, 3]));
    rig.run.play(true);
    for _ in 0..30 {
        assert!(rig.answer(WINDOW));
    }
    assert_eq!(rig.report().steps, 123, "four at a time");
    let losses = rig.report().losses;
    assert!(losses[0] < first.losses[0] && losses[1].is_some(), "{losses:?} against {:?}", first.losses);
    rig.run.scrub(0);
    assert!(rig.answer(WINDOW));
    let back = rig.report();
    assert_eq!((back.step, back.steps, &back.weights), (0, 123, &first.weights));
    assert_eq!((&back.picture, &back.verdicts), (&first.picture, &first.verdicts));
}

#[test]
fn several_seeds_are_tried_each_as_a_run_of_its_own_and_the_run_stays() {
    let lab = PlaneLab { hidden: vec![2], rate: "0.03", ..lab() };
    let mut rig = Rig::new(&lab);
    let before = rig.report().clone();
    let clock = || 0.0;
    rig.session.handle(Command::Plane(PlaneCommand::Seeds { id: 1, seeds: 3, steps: 40 }), &clock);
    let mut events = Vec::new();
    while rig.session.is_busy() {
        events.extend(rig.session.tick(10.0, &clock));
    }
    let Some(Event::PlaneSeeds { wrong, is_over: true, .. }) = events.last() else { panic!("{events:?}") };
    assert_eq!((events.len(), wrong.len()), (3, 3));
    for (index, wrong) in wrong.iter().enumerate() {
        let mut rig = Rig::new(&PlaneLab { seed: lab.seed + index as u64, ..lab.clone() });
        rig.run.step(40);
        rig.answer(WINDOW);
        let verdicts = &rig.report().verdicts[0];
        assert_eq!(verdicts.iter().filter(|verdict| **verdict != PlaneVerdict::Right).count(), *wrong);
    }
    rig.run.scrub(0);
    rig.answer(PlaneWindow { x: (0.0, 1.0), ..WINDOW });
    assert_eq!((rig.report().steps, &rig.report().weights), (0, &before.weights));
}

#[test]
fn the_picture_fills_the_window_and_agrees_with_the_network_everywhere() {
    let mut rig = Rig::new(&PlaneLab { hidden: vec![8, 8], ..lab() });
    for (steps, window) in [(0, WINDOW), (60, WINDOW), (1, PlaneWindow { x: (0.1, 0.4), y: (-0.3, -0.05) })] {
        rig.run.step(steps);
        rig.answer(window);
        let report = rig.report();
        let picture = &report.picture;
        let (mut total, mut seen) = (0.0, 0);
        for area in &picture.areas {
            let corners: Vec<[f64; 2]> = area.corners.iter().map(|corner| corner.map(f64::from)).collect();
            let pairs = (0..corners.len()).map(|i| (corners[i], corners[(i + 1) % corners.len()]));
            let size: f64 = pairs.map(|(a, b)| (a[0] * b[1] - a[1] * b[0]) / 2.0).sum();
            assert!(size >= 0.0, "corners go round one way");
            total += size;
            let middle =
                [0, 1].map(|axis| corners.iter().map(|corner| corner[axis]).sum::<f64>() / corners.len() as f64);
            let place = |share: f64, (from, to): (f64, f64)| from + share * (to - from);
            let at = [place(middle[0], window.x), place(middle[1], window.y)];
            let look = Look::new(&[8, 8], 2, &report.weights, at).unwrap();
            // Of a sliver, the middle in f32 may lie beside it.
            if size > 1e-5 {
                assert_eq!(look.class(), usize::from(area.class), "at {at:?}");
                seen += 1;
            }
        }
        assert!((total - 1.0).abs() < 1e-4 && seen > 2, "{total}, {seen}");
        assert!(picture.is_complete && picture.regions <= picture.areas.len());
        assert_eq!(picture.activity.iter().map(Vec::len).collect::<Vec<_>>(), [8, 8]);
    }
}

#[test]
fn verdicts_are_those_of_the_outputs() {
    let mut rig = Rig::new(&lab());
    rig.run.step(20);
    rig.answer(WINDOW);
    let (report, problem) = (rig.report(), lab().problem());
    for (points, verdicts) in [&problem.training, &problem.validation].into_iter().zip(&report.verdicts) {
        assert_eq!(points.len(), verdicts.len());
        for ((at, class), verdict) in points.at.iter().zip(&points.classes).zip(verdicts) {
            let look = Look::new(&problem.hidden, 2, &report.weights, at.map(f64::from)).unwrap();
            let margin = look.outputs[usize::from(*class)] - look.outputs[1 - usize::from(*class)];
            // No point is so near the boundary that f64 would err.
            assert!(margin.abs() > 1e-9);
            assert_eq!(*verdict == PlaneVerdict::Right, margin > 0.0);
        }
    }
}
