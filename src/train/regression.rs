//! A network with one hidden layer learns a curve: all points at once, in f64, by Adam.

use ndarray::Array2;
use rand::RngExt;
use serde::{Deserialize, Serialize};

use crate::data::{Purpose, rng};
use crate::nn::adam::Adam;
use crate::nn::{Gradients, Linear, Mlp, Workspace, squared_error};

/// Of Adam's first step; it falls to a hundredth along half a cosine.
const LEARNING_RATE: f64 = 0.03;
/// Limits of what is taken on.
const MAX_POINTS: usize = 10_000;
const MAX_WIDTH: usize = 1_024;
const MAX_STEPS: usize = 1_000_000;

/// Points to learn, and with what.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FitProblem {
    /// Where, rising.
    pub xs: Vec<f64>,
    /// What, one an x.
    pub ys: Vec<f64>,
    /// Hidden neurons.
    pub width: usize,
    /// Of the initial weights.
    pub seed: u64,
    /// Steps, each with all points.
    pub steps: usize,
}

/// A network with one input, one hidden layer of k neurons and one output.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FittedNet {
    /// W1, k.
    pub w1: Vec<f64>,
    /// b1, k.
    pub b1: Vec<f64>,
    /// W2, k.
    pub w2: Vec<f64>,
    /// b2.
    pub b2: f64,
}

impl FittedNet {
    /// f(x).
    pub fn at(&self, x: f64) -> f64 {
        let hidden = self.w1.iter().zip(&self.b1).zip(&self.w2);
        hidden.fold(self.b2, |sum, ((w, b), v)| sum + v * (w * x + b).max(0.0))
    }
}

impl FitProblem {
    /// Whether it can be taken on.
    ///
    /// # Errors
    /// A sentence that says what is wrong.
    pub fn check(&self) -> Result<(), String> {
        let is_number = self.xs.iter().chain(&self.ys).all(|value| value.is_finite());
        if self.xs.len() < 2 || self.xs.len() > MAX_POINTS || self.xs.len() != self.ys.len() || !is_number {
            return Err(format!("A curve needs 2 to {MAX_POINTS} points, each a number. Choose another curve."));
        }
        if !(1..=MAX_WIDTH).contains(&self.width) {
            return Err(format!("The width must be 1 to {MAX_WIDTH}, not {}.", self.width));
        }
        if !(1..=MAX_STEPS).contains(&self.steps) {
            return Err(format!("The number of steps must be 1 to {MAX_STEPS}, not {}.", self.steps));
        }
        Ok(())
    }
}

/// A curve being learned.
pub struct Regression {
    problem: FitProblem,
    net: Mlp<f64>,
    /// points×1.
    x: Array2<f64>,
    gradients: Gradients<f64>,
    work: Workspace<f64>,
    adam: Adam<f64>,
    step: usize,
    loss: f64,
}

impl Regression {
    /// Freshly drawn weights: kinks anywhere between the ends of the points, in both directions. Call
    /// [`FitProblem::check`] first.
    pub fn new(problem: FitProblem) -> Self {
        let mut rng = rng(problem.seed, Purpose::Init, problem.width as u64);
        let mut first = Linear::zeros(1, problem.width);
        let mut second = Linear::zeros(problem.width, 1);
        let ends = (problem.xs.first().copied().unwrap_or(0.0), problem.xs.last().copied().unwrap_or(1.0));
        for neuron in 0..problem.width {
            let sign = if rng.random_bool(0.5) { 1.0 } else { -1.0 };
            let kink = ends.0 + (ends.1 - ends.0) * rng.random_range(0.0..1.0);
            first.weight[[neuron, 0]] = sign;
            first.bias[neuron] = -sign * kink;
            second.weight[[0, neuron]] = rng.random_range(-1.0..1.0) / (problem.width as f64).sqrt();
        }
        let net = Mlp { layers: vec![first, second] };
        let x = Array2::from_shape_fn((problem.xs.len(), 1), |(row, _)| problem.xs[row]);
        let (gradients, adam) = (net.zero_gradients(), Adam::new(&net));
        Self { problem, net, x, gradients, work: Workspace::default(), adam, step: 0, loss: f64::NAN }
    }

    /// One step. Returns whether all are done.
    pub fn advance(&mut self) -> bool {
        if self.step < self.problem.steps {
            let targets = &self.problem.ys;
            let loss = |z: ndarray::ArrayViewMut2<f64>| squared_error::forward_backward(z, targets);
            self.loss = self.net.gradients_of(loss, self.x.view(), &mut self.work, &mut self.gradients);
            let done = self.step as f64 / self.problem.steps as f64;
            let share = 0.505 + 0.495 * (done * std::f64::consts::PI).cos();
            self.adam.step(&mut self.net, &self.gradients, LEARNING_RATE * share);
            self.step += 1;
        }
        self.step == self.problem.steps
    }

    /// Steps done, and in all.
    pub fn progress(&self) -> (usize, usize) {
        (self.step, self.problem.steps)
    }

    /// The mean squared error before the last step; NaN before the first.
    pub fn loss(&self) -> f64 {
        self.loss
    }

    /// The network as it is.
    pub fn net(&self) -> FittedNet {
        let [first, second] = &self.net.layers[..] else { return FittedNet::default() };
        FittedNet {
            w1: first.weight.iter().copied().collect(),
            b1: first.bias.to_vec(),
            w2: second.weight.iter().copied().collect(),
            b2: second.bias.first().copied().unwrap_or_default(),
        }
    }
}
