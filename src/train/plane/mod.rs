//! A classifier of points of the plane, small enough to be looked at after every step: trained in f32 with the same
//! layers and the same backward pass as a network for images.

mod kept;
mod trainer;

use serde::{Deserialize, Serialize};

pub use kept::{KEPT, Kept, Moment};
pub use trainer::PlaneTrainer;

/// Most points of both kinds together.
const MAX_POINTS: usize = 5_000;
/// Classes at most.
pub const MAX_CLASSES: usize = 4;
/// Hidden layers, and neurons of each.
pub const LAYERS: std::ops::RangeInclusive<usize> = 1..=6;
/// Neurons of a hidden layer.
pub const WIDTHS: std::ops::RangeInclusive<usize> = 1..=32;

/// Points with their classes.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PlanePoints {
    /// Where: x₁ and x₂, as the network gets them.
    pub at: Vec<[f32; 2]>,
    /// Of each its class, from 0.
    pub classes: Vec<u8>,
}

/// How weights go down their gradient.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Optimiser {
    /// Stochastic gradient descent.
    Sgd,
    /// The same with momentum 0.9.
    Momentum,
    /// Adam.
    #[default]
    Adam,
}

/// Points to learn, and with what.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PlaneProblem {
    /// To train on.
    pub training: PlanePoints,
    /// To measure on only; there may be none.
    pub validation: PlanePoints,
    /// How many, and as many outputs.
    pub classes: usize,
    /// Neurons of each hidden layer.
    pub hidden: Vec<usize>,
    /// How it is trained.
    pub optimiser: Optimiser,
    /// The learning rate.
    pub rate: f32,
    /// λ: the gradient of λ/2·‖θ‖² is added to that of the loss.
    pub decay: f32,
    /// Points a step; all of them if there are no more than that.
    pub batch: usize,
    /// Of the initial weights, and of the order of the points.
    pub seed: u64,
    /// Weights to go on from and the step that they are of, in place of freshly drawn ones.
    pub start: Option<Moment>,
}

impl PlanePoints {
    /// How many.
    pub fn len(&self) -> usize {
        self.classes.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.classes.is_empty()
    }

    fn fits(&self, classes: usize) -> bool {
        self.at.len() == self.classes.len()
            && self.at.iter().flatten().all(|x| x.is_finite())
            && self.classes.iter().all(|&class| usize::from(class) < classes)
    }
}

impl PlaneProblem {
    /// Whether it can be taken on.
    ///
    /// # Errors
    /// A sentence that says what is wrong.
    pub fn check(&self) -> Result<(), String> {
        let count = self.training.len() + self.validation.len();
        if self.training.is_empty() || count > MAX_POINTS {
            return Err(format!("There must be 1 to {MAX_POINTS} points, not {count}. Choose other points."));
        }
        if !(2..=MAX_CLASSES).contains(&self.classes) {
            return Err(format!("There must be 2 to {MAX_CLASSES} classes, not {}.", self.classes));
        }
        if !self.training.fits(self.classes) || !self.validation.fits(self.classes) {
            return Err("Each point must be two numbers and a class. Choose other points.".into());
        }
        if !LAYERS.contains(&self.hidden.len()) || !self.hidden.iter().all(|width| WIDTHS.contains(width)) {
            return Err(format!(
                "A network here has {} to {} hidden layers of {} to {} neurons.",
                LAYERS.start(),
                LAYERS.end(),
                WIDTHS.start(),
                WIDTHS.end()
            ));
        }
        let is_rate = self.rate.is_finite() && self.rate > 0.0 && self.decay.is_finite() && self.decay >= 0.0;
        if !is_rate || self.batch == 0 {
            return Err("The learning rate and the batch must be above 0, and the weight decay at least 0.".into());
        }
        match &self.start {
            Some(start) if start.weights.len() != self.parameters() => {
                Err("The weights to start from are not as many as the network has.".into())
            }
            Some(start) if !start.weights.iter().all(|weight| weight.is_finite()) => {
                Err("One of the weights to start from is not a number.".into())
            }
            _ => Ok(()),
        }
    }

    /// Inputs, hidden widths, outputs.
    pub fn widths(&self) -> Vec<usize> {
        [&[2], &self.hidden[..], &[self.classes]].concat()
    }

    /// Weights and biases.
    pub fn parameters(&self) -> usize {
        self.widths().windows(2).map(|pair| (pair[0] + 1) * pair[1]).sum()
    }
}
