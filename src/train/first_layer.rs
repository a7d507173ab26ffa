//! What the first layer looks for: each neuron's weights are as many as an image has values, so they are an image too.

use ndarray::{ArrayView1, ArrayView2};
use serde::{Deserialize, Serialize};

use crate::data::PIXELS;

/// The weights of a neuron as an image.
///
/// The scale is the neuron's own: its largest weight in absolute value is at 0 or 255, and 0 at 127.5, drawn as 128. So
/// two images show the same contrast however different their weights are in size; compare `largest` for that.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WeightImage {
    /// Row of W1, from 0.
    pub neuron: usize,
    /// √Σw².
    pub norm: f64,
    /// The largest |w|, what 0 and 255 stand for.
    pub largest: f32,
    /// [`PIXELS`] bytes, planar, nearest to 127.5 · (1 + w / largest); all 128 if every weight is 0.
    pub pixels: Vec<u8>,
}

impl WeightImage {
    /// The image of a neuron of W1 (hidden×[`PIXELS`]); `None` if it has no such neuron.
    ///
    /// # Panics
    /// If W1 is not for images.
    pub fn of(weight: ArrayView2<f32>, neuron: usize) -> Option<Self> {
        assert_eq!(weight.ncols(), PIXELS, "one weight a value of an image");
        if neuron >= weight.nrows() {
            return None;
        }
        let row = weight.row(neuron);
        let largest = row.iter().fold(0.0, |largest: f32, w| largest.max(w.abs()));
        let scale = if largest > 0.0 { 127.5 / f64::from(largest) } else { 0.0 };
        // A cast rounds down.
        let pixels = row.iter().map(|&w| (127.5 + f64::from(w) * scale + 0.5) as u8).collect();
        Some(Self { neuron, norm: norm(row), largest, pixels })
    }

    /// The images of the `count` neurons of W1 (hidden×[`PIXELS`]) with the largest norms, the largest first; of equals,
    /// the first neuron first. Fewer if there are fewer.
    ///
    /// # Panics
    /// As [`of`](Self::of).
    pub fn strongest(weight: ArrayView2<f32>, count: usize) -> Vec<Self> {
        let mut norms: Vec<(usize, f64)> = weight.outer_iter().map(norm).enumerate().collect();
        norms.sort_by(|a, b| b.1.total_cmp(&a.1));
        norms.iter().take(count).filter_map(|&(neuron, _)| Self::of(weight, neuron)).collect()
    }
}

fn norm(row: ArrayView1<f32>) -> f64 {
    row.iter().map(|&w| f64::from(w).powi(2)).sum::<f64>().sqrt()
}
