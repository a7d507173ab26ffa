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
        self.fill(rng, outputs, 0, &mut layer);
        layer
    }

    /// Draws a layer of so many outputs, and keeps the rows from `first` on that `rows` has room for. Biases become 0.
    pub fn fill<T: Element>(self, rng: &mut Xoshiro256PlusPlus, outputs: usize, first: usize, rows: &mut Linear<T>) {
        let (count, inputs) = rows.weight.dim();
        let std = self.std(inputs) as f32;
        let mut draw = || {
            let normal: f32 = rng.sample(StandardNormal);
            T::from_f64((normal * std).into())
        };
        for _ in 0..first * inputs {
            draw();
        }
        rows.weight.iter_mut().for_each(|weight| *weight = draw());
        for _ in 0..(outputs - first - count) * inputs {
            draw();
        }
        rows.bias.fill(T::zero());
    }
}
