//! The network of the plane lab: trained when it is asked to be, and looked at exactly.
//!
//! A look is cut into slices, as all work is. How often there is one is the page's business: it asks for steps, and the
//! look comes at their end.

mod picture;
mod seeds;

use seeds::Seeds;

use super::Clock;
use crate::piecewise::regions::{Enumeration, TrainedLayer, TrainedNet, Verdict, Window, verdicts};
use crate::protocol::{Event, PlaneReport, PlaneVerdict, PlaneWindow, RunId};
use crate::train::plane::{Moment, PlanePoints, PlaneProblem, PlaneTrainer};

/// Weights and points that are multiplied between two looks at the clock, about.
const WORK: usize = 40_000;
/// Cells cut between two looks at the clock.
const CELLS: usize = 32;
/// Most regions that a picture holds.
const MAX_REGIONS: usize = 20_000;

/// What is to be done.
enum Task {
    Nothing,
    /// Up to this step, until this time.
    Train {
        last: usize,
        end_ms: f64,
    },
    Look(Box<Look>),
    Seeds(Box<Seeds>),
}

/// A look under way.
struct Look {
    moment: Moment,
    net: TrainedNet,
    enumeration: Enumeration,
    spent_ms: f64,
}

pub(super) struct Plane {
    id: RunId,
    trainer: PlaneTrainer,
    window: PlaneWindow,
    task: Task,
}

impl Plane {
    /// Takes on a problem that was [checked](PlaneProblem::check), and looks at the initial weights.
    pub(super) fn new(id: RunId, problem: PlaneProblem, window: PlaneWindow) -> Self {
        let mut plane = Self { id, trainer: PlaneTrainer::new(problem), window, task: Task::Nothing };
        plane.show(None, window);
        plane
    }

    pub(super) fn id(&self) -> RunId {
        self.id
    }

    pub(super) fn is_busy(&self) -> bool {
        !matches!(self.task, Task::Nothing)
    }

    pub(super) fn train(&mut self, steps: usize, most_ms: f64, window: PlaneWindow, clock: Clock) {
        self.window = window;
        self.task = Task::Train { last: self.trainer.step().saturating_add(steps), end_ms: clock() + most_ms };
    }

    /// Trains from this seed on and the next ones.
    pub(super) fn try_seeds(&mut self, seeds: usize, steps: usize) {
        self.task = Task::Seeds(Box::new(Seeds::new(self.trainer.problem().clone(), seeds, steps)));
    }

    /// Looks at weights that are kept, or at those of now.
    pub(super) fn show(&mut self, step: Option<usize>, window: PlaneWindow) {
        self.window = window;
        let kept = step.and_then(|step| self.trainer.kept().at(step).cloned());
        let moment = kept.unwrap_or_else(|| self.trainer.moment());
        let hidden = &self.trainer.problem().hidden;
        self.task = match trained_net(hidden, self.trainer.problem().classes, &moment.weights) {
            Some(net) => {
                let window = Window { x: window.x.into(), y: window.y.into() };
                let enumeration = Enumeration::new(&net, window, MAX_REGIONS);
                Task::Look(Box::new(Look { moment, net, enumeration, spent_ms: 0.0 }))
            }
            None => Task::Nothing,
        };
    }

    /// Works until `end`. Returns what there is to say.
    pub(super) fn tick(&mut self, end: f64, clock: Clock) -> Option<Event> {
        if let Task::Train { last, end_ms } = self.task {
            let each = self.trainer.problem().parameters() * self.trainer.problem().batch;
            let steps = (WORK / each.max(1)).max(1);
            loop {
                for _ in 0..steps {
                    if self.trainer.step() < last {
                        self.trainer.advance();
                    }
                }
                let now = clock();
                if self.trainer.step() >= last || self.trainer.diverged().is_some() || now >= end_ms {
                    self.show(None, self.window);
                    break;
                }
                if now >= end {
                    return None;
                }
            }
        }
        if let Task::Seeds(seeds) = &mut self.task {
            while !seeds.advance() {
                if clock() >= end {
                    return None;
                }
            }
            let (is_over, wrong) = (seeds.is_over(), seeds.wrong.clone());
            if is_over {
                self.task = Task::Nothing;
            }
            return Some(Event::PlaneSeeds { id: self.id, wrong, is_over });
        }
        let Task::Look(look) = &mut self.task else { return None };
        let began = clock();
        let mut now = began;
        let mut is_done = false;
        while !is_done && (now < end || now == began) {
            is_done = look.enumeration.advance(CELLS);
            now = clock();
        }
        look.spent_ms += now - began;
        if !is_done {
            return None;
        }
        match std::mem::replace(&mut self.task, Task::Nothing) {
            Task::Look(look) => Some(self.report(*look, clock)),
            _ => None,
        }
    }

    fn report(&mut self, look: Look, clock: Clock) -> Event {
        let began = clock();
        let Look { moment, net, enumeration, spent_ms } = look;
        let problem = self.trainer.problem();
        let verdicts = [&problem.training, &problem.validation].map(|points| judged(&net, points));
        let picture = picture::picture(&enumeration.finish(), self.window);
        let losses = self.trainer.losses(&moment.weights);
        Event::Plane(Box::new(PlaneReport {
            id: self.id,
            step: moment.step,
            steps: self.trainer.step(),
            steps_per_epoch: self.trainer.steps_per_epoch(),
            kept: self.trainer.kept().all().iter().map(|moment| moment.step).collect(),
            diverged: self.trainer.diverged(),
            weights: moment.weights,
            losses,
            verdicts,
            picture,
            look_ms: spent_ms + clock() - began,
        }))
    }
}

fn judged(net: &TrainedNet, points: &PlanePoints) -> Vec<PlaneVerdict> {
    let verdict = |verdict| match verdict {
        Verdict::Right => PlaneVerdict::Right,
        Verdict::Wrong => PlaneVerdict::Wrong,
        Verdict::Tie => PlaneVerdict::Tie,
    };
    verdicts(net, &points.at, &points.classes).into_iter().map(verdict).collect()
}

/// A network of two inputs from its weights, layer by layer W by rows, then b; `None` if one is no number.
fn trained_net(hidden: &[usize], classes: usize, weights: &[f32]) -> Option<TrainedNet> {
    let mut rest = weights;
    let mut inputs = 2;
    let mut layers = Vec::new();
    for &width in hidden.iter().chain([&classes]) {
        let (matrix, after) = rest.split_at_checked(width * inputs)?;
        let (bias, after) = after.split_at_checked(width)?;
        let weights = matrix.chunks(inputs).map(<[f32]>::to_vec).collect();
        layers.push(TrainedLayer { weights, bias: bias.to_vec() });
        (rest, inputs) = (after, width);
    }
    TrainedNet::new(layers)
}
