//! What a network takes an image for: the order of its inputs, and how pixels become numbers.
//!
//! No file says it, so it is assumed, and can be chosen. What is chosen goes into the first layer's weights and
//! biases when the file is opened: columns are permuted, and another normalisation is folded in,
//!
//! (p − m′)/s′ = ((p − m)/s)·(s/s′) + (m − m′)/s′.
//!
//! From then on the network is one of this page, which trains, measures and saves it as any other.

use serde::{Deserialize, Serialize};

use super::ModelError;
use crate::data::normalise::{MEAN, STD};
use crate::data::{PIXELS, PLANE};
use crate::nn::Linear;

/// How a network in a file reads images.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Reading {
    /// Of its inputs.
    pub order: InputOrder,
    /// Of pixels.
    pub scaling: Scaling,
}

/// The order of the 3072 inputs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum InputOrder {
    /// All of red, then green, then blue, as PyTorch's 3×32×32.
    #[default]
    Planar,
    /// Red, green and blue of each pixel, as 32×32×3 of Keras and Flax.
    Interleaved,
}

/// What is made of a pixel, 0–1, before the first layer: (pixel − mean) / std of its channel.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub enum Scaling {
    /// CIFAR-10's mean and standard deviation, as on this page.
    #[default]
    Cifar10,
    /// Nothing.
    None,
    /// Mean and standard deviation ½: −1 to 1.
    Half,
    /// These.
    Own {
        /// Of red, green, blue.
        mean: [f32; 3],
        /// Of red, green, blue.
        std: [f32; 3],
    },
}

/// Three numbers with commas or blanks between, for red, green and blue.
pub fn channels(text: &str) -> Option<[f32; 3]> {
    let parts: Vec<&str> = text.split([',', ';', ' ']).filter(|part| !part.is_empty()).collect();
    let numbers: Vec<f32> = parts.iter().map(|part| part.parse().ok()).collect::<Option<_>>()?;
    numbers.try_into().ok()
}

impl Scaling {
    /// Mean and standard deviation by channel.
    pub fn mean_and_std(self) -> ([f32; 3], [f32; 3]) {
        match self {
            Self::Cifar10 => (MEAN, STD),
            Self::None => ([0.0; 3], [1.0; 3]),
            Self::Half => ([0.5; 3], [0.5; 3]),
            Self::Own { mean, std } => (mean, std),
        }
    }
}

impl Reading {
    /// Checks that it can be computed with.
    ///
    /// # Errors
    /// If a number is none, or a standard deviation not above 0.
    pub fn check(&self) -> Result<(), ModelError> {
        let (mean, std) = self.scaling.mean_and_std();
        let is_right = mean.iter().all(|mean| mean.abs() <= 1000.0) && std.iter().all(|std| (1e-6..=1e6).contains(std));
        if is_right { Ok(()) } else { Err(ModelError::Reading) }
    }

    /// Turns the first layer (out×[`PIXELS`]) of a network that reads images so into one that reads them as this page does.
    pub(super) fn fold(&self, first: &mut Linear<f32>) {
        let (mean, std) = self.scaling.mean_and_std();
        let wide = |numbers: [f32; 3]| numbers.map(f64::from);
        let (m, s, other_m, other_s) = (wide(MEAN), wide(STD), wide(mean), wide(std));
        let mut before = [0.0; PIXELS];
        for (mut row, bias) in first.weight.rows_mut().into_iter().zip(&mut first.bias) {
            for (before, weight) in before.iter_mut().zip(&row) {
                *before = *weight;
            }
            let mut shift = 0.0;
            for (at, weight) in row.iter_mut().enumerate() {
                let (channel, place) = (at / PLANE, at % PLANE);
                let theirs = match self.order {
                    InputOrder::Planar => before[at],
                    InputOrder::Interleaved => before[place * 3 + channel],
                };
                if self.scaling == Scaling::Cifar10 {
                    *weight = theirs;
                } else {
                    let theirs = f64::from(theirs);
                    *weight = (theirs * s[channel] / other_s[channel]) as f32;
                    shift += theirs * (m[channel] - other_m[channel]) / other_s[channel];
                }
            }
            if self.scaling != Scaling::Cifar10 {
                *bias = (f64::from(*bias) + shift) as f32;
            }
        }
    }
}
