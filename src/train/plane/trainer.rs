//! The run: one step at a time.

use ndarray::Array2;
use rand::seq::SliceRandom;

use super::{Kept, Moment, Optimiser, PlanePoints, PlaneProblem};
use crate::data::{Purpose, rng};
use crate::nn::adam::Adam;
use crate::nn::sgd::Sgd;
use crate::nn::{Gradients, Init, Linear, Mlp, Workspace, cross_entropy};

const MOMENTUM: f32 = 0.9;

enum Descent {
    Sgd(Sgd<f32>),
    Adam(Adam<f32>),
}

/// A run.
pub struct PlaneTrainer {
    problem: PlaneProblem,
    net: Mlp<f32>,
    descent: Descent,
    gradients: Gradients<f32>,
    work: Workspace<f32>,
    measuring: Workspace<f32>,
    /// Of the epoch under way.
    order: Vec<usize>,
    step: usize,
    kept: Kept,
    diverged: Option<usize>,
}

impl PlaneTrainer {
    /// Freshly drawn weights, biases 0, or those that the problem starts from. Call [`PlaneProblem::check`] first.
    pub fn new(mut problem: PlaneProblem) -> Self {
        let mut net = Mlp::new(&problem.widths(), Init::He, &mut rng(problem.seed, Purpose::Init, 0));
        let mut step = 0;
        if let Some(start) = problem.start.take() {
            set(&mut net, &start.weights);
            step = start.step;
        }
        let descent = match problem.optimiser {
            Optimiser::Sgd => Descent::Sgd(Sgd::new(&net.layers, 0.0, problem.decay)),
            Optimiser::Momentum => Descent::Sgd(Sgd::new(&net.layers, MOMENTUM, problem.decay)),
            Optimiser::Adam => Descent::Adam(Adam::new(&net)),
        };
        let (gradients, kept) = (net.zero_gradients(), Kept::new(Moment { step, weights: flat(&net) }));
        let (work, measuring, order) = (Workspace::default(), Workspace::default(), Vec::new());
        Self { problem, net, descent, gradients, work, measuring, order, step, kept, diverged: None }
    }

    /// What is learned.
    pub fn problem(&self) -> &PlaneProblem {
        &self.problem
    }

    /// Steps done.
    pub fn step(&self) -> usize {
        self.step
    }

    /// Steps in which every point is seen once.
    pub fn steps_per_epoch(&self) -> usize {
        self.problem.training.len().div_ceil(self.problem.batch)
    }

    /// The step, from 1, in which a weight was no number any more, if there was one: the weights are those of the last
    /// moment kept before, and the run is over.
    pub fn diverged(&self) -> Option<usize> {
        self.diverged
    }

    /// Weights as they were.
    pub fn kept(&self) -> &Kept {
        &self.kept
    }

    /// The weights now.
    pub fn moment(&self) -> Moment {
        Moment { step: self.step, weights: flat(&self.net) }
    }

    /// One step, unless the run is over.
    pub fn advance(&mut self) {
        if self.diverged.is_some() {
            return;
        }
        let (x, classes) = self.batch();
        let (work, gradients) = (&mut self.work, &mut self.gradients);
        self.net.loss_and_gradients(x.view(), &classes, work, gradients);
        match &mut self.descent {
            Descent::Sgd(sgd) => sgd.step(&mut self.net.layers, gradients, self.problem.rate),
            Descent::Adam(adam) => {
                let decay = self.problem.decay;
                if decay > 0.0 {
                    for (gradient, layer) in gradients.iter_mut().zip(&self.net.layers) {
                        gradient.weight.scaled_add(decay, &layer.weight);
                        gradient.bias.scaled_add(decay, &layer.bias);
                    }
                }
                adam.step(&mut self.net, gradients, self.problem.rate.into());
            }
        }
        self.step += 1;
        let is_number = |layer: &Linear<f32>| layer.weight.iter().chain(&layer.bias).all(|value| value.is_finite());
        if !self.net.layers.iter().all(is_number) {
            self.diverged = Some(self.step);
            if let Some(last) = self.kept.all().last() {
                set(&mut self.net, &last.weights);
                self.step = last.step;
            }
        } else if self.kept.wants(self.step) {
            self.kept.keep(self.moment());
        }
    }

    /// The points of the next step, B×2, and their classes.
    fn batch(&mut self) -> (Array2<f32>, Vec<u8>) {
        let (points, per_epoch) = (&self.problem.training, self.steps_per_epoch());
        if per_epoch == 1 {
            return (rows(&points.at), points.classes.clone());
        }
        let (epoch, at) = (self.step / per_epoch, self.step % per_epoch);
        // A run may begin in the midst of an epoch.
        if at == 0 || self.order.is_empty() {
            self.order = (0..points.len()).collect();
            self.order.shuffle(&mut rng(self.problem.seed, Purpose::Shuffle, epoch as u64));
        }
        let chosen = self.order.chunks(self.problem.batch).nth(at).unwrap_or(&[]);
        let at: Vec<[f32; 2]> = chosen.iter().map(|&index| points.at[index]).collect();
        (rows(&at), chosen.iter().map(|&index| points.classes[index]).collect())
    }

    /// The mean cross-entropy with these weights on the training points, and on those for validation, if there are any.
    pub fn losses(&mut self, weights: &[f32]) -> [Option<f64>; 2] {
        let mut net = self.net.clone();
        set(&mut net, weights);
        let work = &mut self.measuring;
        let mut loss = |points: &PlanePoints| {
            let logits = (!points.is_empty()).then(|| rows(&points.at));
            logits.map(|x| cross_entropy::forward(net.forward(x.view(), work), &points.classes))
        };
        [loss(&self.problem.training), loss(&self.problem.validation)]
    }
}

/// Points as a matrix, n×2.
fn rows(points: &[[f32; 2]]) -> Array2<f32> {
    Array2::from_shape_fn((points.len(), 2), |(row, column)| points[row][column])
}

/// Layer by layer W by rows, then b.
fn flat(net: &Mlp<f32>) -> Vec<f32> {
    net.layers.iter().flat_map(|layer| layer.weight.iter().chain(&layer.bias).copied()).collect()
}

/// What [`flat`] wrote.
fn set(net: &mut Mlp<f32>, weights: &[f32]) {
    let mut weights = weights.iter().copied();
    for layer in &mut net.layers {
        let slots = layer.weight.iter_mut().chain(&mut layer.bias);
        slots.zip(&mut weights).for_each(|(slot, weight)| *slot = weight);
    }
}
