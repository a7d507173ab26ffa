//! What a network takes one image for.

use ndarray::ArrayViewMut2;
use serde::{Deserialize, Serialize};

use super::trainer::argmax;
use super::{Engine, Lost};
use crate::data::{CLASSES, PIXELS};
use crate::nn::cross_entropy;

/// A network's answer to one image.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Prediction {
    /// What the last layer says of each class.
    pub logits: [f32; CLASSES],
    /// Their softmax: each 0–1, together 1.
    pub probabilities: [f32; CLASSES],
}

impl Prediction {
    /// The answer that these logits are. However large they are, no probability overflows; logits that are no numbers
    /// give probabilities that are none.
    pub fn of(logits: [f32; CLASSES]) -> Self {
        let mut probabilities = logits;
        let row = ArrayViewMut2::from_shape((1, CLASSES), &mut probabilities).expect("one row");
        // The softmax is what the forward pass leaves behind, whatever the label.
        cross_entropy::forward(row, &[0]);
        Self { logits, probabilities }
    }

    /// The class with the largest logit; the first of equals.
    pub fn class(&self) -> usize {
        argmax(self.logits.iter())
    }
}

/// What the network makes of an image, [`PIXELS`] bytes, planar, normalised as for training.
///
/// # Errors
/// If a member of the engine's team is lost.
///
/// # Panics
/// If the bytes are not so many, or the network is not from [`PIXELS`] inputs to [`CLASSES`] outputs.
pub fn predict(engine: &mut impl Engine, pixels: &[u8]) -> Result<Prediction, Lost> {
    assert_eq!(pixels.len(), PIXELS, "one image");
    let logits = engine.logits(pixels)?;
    assert_eq!(logits.ncols(), CLASSES, "one logit a class");
    Ok(Prediction::of(std::array::from_fn(|class| logits[(0, class)])))
}
