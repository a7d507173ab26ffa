//! Who does the arithmetic of a run.

use ndarray::ArrayView2;
use rand::rngs::Xoshiro256PlusPlus;

use super::Config;
use crate::nn::sgd::Sgd;
use crate::nn::{Gradients, Mlp, Workspace};

/// Rows of a batch that is only measured.
pub(super) const MEASURED_ROWS: usize = 500;

/// A network that can be stepped and asked. [`LocalEngine`] computes here; others may spread the work.
pub trait Engine {
    /// One step of SGD on x (B×in) with B labels. Returns the mean loss before the step.
    fn step(&mut self, x: ArrayView2<f32>, labels: &[u8], learning_rate: f32) -> f32;

    /// The logits for x (B×in), B×classes.
    fn logits(&mut self, x: ArrayView2<f32>) -> ArrayView2<'_, f32>;

    /// The gradients of the mean loss on x (B×in) with B labels, without a step.
    fn gradients(&mut self, x: ArrayView2<f32>, labels: &[u8]) -> &Gradients<f32>;

    /// The weights as they are.
    fn weights(&self) -> &Mlp<f32>;

    /// The velocities of momentum, in the network's shapes, if there is momentum.
    fn velocity(&self) -> Option<&Gradients<f32>> {
        None
    }

    /// Remembers the weights as they are.
    fn keep(&mut self);

    /// Goes back to the weights last kept.
    fn restore(&mut self);
}

/// The network in this thread.
pub struct LocalEngine {
    net: Mlp<f32>,
    kept: Mlp<f32>,
    gradients: Gradients<f32>,
    work: Workspace<f32>,
    sgd: Sgd<f32>,
}

impl LocalEngine {
    /// A freshly drawn network.
    pub fn new(config: &Config, rng: &mut Xoshiro256PlusPlus) -> Self {
        Self::of(config, Mlp::new(&config.widths(), config.init, rng))
    }

    /// A network of the config's shape, before its first step.
    pub fn of(config: &Config, net: Mlp<f32>) -> Self {
        let sgd = Sgd::new(&net, config.momentum, config.weight_decay);
        Self { sgd, ..Self::from(net) }
    }

    /// A network of the config's shape, with the velocities of its momentum.
    pub(super) fn resumed(config: &Config, net: Mlp<f32>, velocity: Option<Gradients<f32>>) -> Self {
        let mut engine = Self::of(config, net);
        if let Some(velocity) = velocity {
            engine.sgd.set_velocity(velocity);
        }
        engine
    }
}

impl From<Mlp<f32>> for LocalEngine {
    /// With plain SGD.
    fn from(net: Mlp<f32>) -> Self {
        let (kept, gradients) = (net.clone(), net.zero_gradients());
        Self { kept, gradients, work: Workspace::default(), sgd: Sgd::plain(), net }
    }
}

impl Engine for LocalEngine {
    fn step(&mut self, x: ArrayView2<f32>, labels: &[u8], learning_rate: f32) -> f32 {
        let loss = self.net.loss_and_gradients(x, labels, &mut self.work, &mut self.gradients);
        self.sgd.step(&mut self.net, &self.gradients, learning_rate);
        loss as f32
    }

    fn logits(&mut self, x: ArrayView2<f32>) -> ArrayView2<'_, f32> {
        let rows = x.nrows();
        self.net.forward(x, &mut self.work);
        self.work.logits(rows)
    }

    fn gradients(&mut self, x: ArrayView2<f32>, labels: &[u8]) -> &Gradients<f32> {
        self.net.loss_and_gradients(x, labels, &mut self.work, &mut self.gradients);
        &self.gradients
    }

    fn weights(&self) -> &Mlp<f32> {
        &self.net
    }

    fn velocity(&self) -> Option<&Gradients<f32>> {
        self.sgd.velocity()
    }

    fn keep(&mut self) {
        self.kept.assign(&self.net);
    }

    fn restore(&mut self) {
        self.net.assign(&self.kept);
    }
}
