//! Whether a network takes all images for the same: training may go on to its last step and have ended long before.

use serde::{Deserialize, Serialize};

use super::trainer::argmax;
use super::{Engine, Lost};
use crate::data::{Dataset, PIXELS};

/// Most images that are looked at.
const IMAGES: usize = 256;

/// A network that gives images of several classes one and the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alike {
    /// The images that were looked at.
    pub images: usize,
    /// The first hidden layer, from 1, of which no neuron was above 0 for any of them.
    pub dead_layer: Option<usize>,
}

/// Looks at up to 256 of these training images, spread evenly; `None` if they get several classes, or have only one.
///
/// # Errors
/// If a member of the engine's team is lost.
pub fn alike(engine: &mut impl Engine, data: &Dataset, train: &[u32]) -> Result<Option<Alike>, Lost> {
    let step = train.len().div_ceil(IMAGES).max(1);
    let (mut pixels, mut labels) = (Vec::with_capacity(IMAGES * PIXELS), Vec::new());
    for &index in train.iter().step_by(step) {
        let (image, label) = data.train.get(index as usize);
        pixels.extend_from_slice(image);
        labels.push(label);
    }
    if labels.iter().all(|label| *label == labels[0]) {
        return Ok(None);
    }
    let logits = engine.logits(&pixels[..])?;
    let mut classes = logits.outer_iter().map(|row| argmax(row.iter()));
    let first = classes.next();
    if classes.any(|class| Some(class) != first) {
        return Ok(None);
    }
    let images = labels.len();
    let dead_layer = engine.hidden(images).iter().position(|h| h.iter().all(|h| *h <= 0.0)).map(|layer| layer + 1);
    Ok(Some(Alike { images, dead_layer }))
}
