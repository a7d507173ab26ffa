//! Initial weights.

use rand::RngExt;
use rand::rngs::Xoshiro256PlusPlus;
use rand_distr::StandardNormal;
use serde::{Deserialize, Serialize};

use super::Linear;
use crate::linalg::Element;

/// How weights are drawn; biases start at 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Init {
    /// N(0, 1) / fan_in, as the course notebook has it: signals shrink by about √fan_in a layer, so all
    /// logits start near 0 and training begins on a plateau at ln 10 ≈ 2.303.
    Homework,
    /// N(0, 2 / fan_in): keeps the signal's scale under ReLU (He, Zhang, Ren and Sun 2015,
    /// *Delving Deep into Rectifiers*, equation 10).
    He,
}

impl Init {
    /// The standard deviation of a weight.
    pub fn std(self, fan_in: usize) -> f64 {
        match self {
            Self::Homework => 1.0 / fan_in as f64,
            Self::He => (2.0 / fan_in as f64).sqrt(),
        }
    }

    /// Draws a layer. Numbers are drawn in f32 and row by row, so f32 and f64 nets of a seed are the same.
    pub fn layer<T: Element>(self, rng: &mut Xoshiro256PlusPlus, inputs: usize, outputs: usize) -> Linear<T> {
        let mut layer = Linear::zeros(inputs, outputs);
        let std = self.std(inputs) as f32;
        for weight in &mut layer.weight {
            let normal: f32 = rng.sample(StandardNormal);
            *weight = T::from_f64((normal * std).into());
        }
        layer
    }
}
