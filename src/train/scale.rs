//! How large the signals in a network are, layer by layer: why the loss begins at ln 10 with the homework's initial
//! weights, and stays there for a while, question 12.
//!
//! # The prediction
//!
//! Let a layer have n inputs h and weights that are drawn independently of them, with mean 0 and standard deviation σ, and
//! biases 0. Then of a pre-activation `z = Σ wᵢ·hᵢ` over the draw of its weights, with h given, the mean is 0, and as the
//! products with different weights are uncorrelated, `E[z²] = σ² · Σ hᵢ² = n·σ²·q`, where q is the mean of the hᵢ².
//! Nothing is asked of the inputs: they may depend on each other, and their mean need not be 0.
//!
//! For the first layer, q is the mean square of the network's inputs, which is measured. After it, the weights are normal,
//! so z given h is distributed symmetrically about 0, and ReLU keeps half of its square on average: the next layer's q is
//! `E[relu(z)²] = E[z²] / 2`. So
//!
//! ```text
//! v₁ = n₁·σ₁²·q        vₗ₊₁ = nₗ₊₁·σₗ₊₁² · vₗ / 2        expected standard deviation of zₗ: √vₗ
//! ```
//!
//! - He: n·σ² = 2, so `v₁ = 2·q` and `vₗ₊₁ = vₗ`: signals keep their size.
//! - Homework: σ = 1/n, so n·σ² = 1/n: `v₁ = q / n₁` and `vₗ₊₁ = vₗ / (2·nₗ₊₁)`. With 3072–8192–8192–10 and q = 1 that is
//!   √v = 0.018, 1.4·10⁻⁴ and 1.1·10⁻⁶: all logits are nearly 0, all probabilities nearly a tenth, whatever the image is,
//!   and the loss is -ln 0.1 = 2.303. It stays, because the derivative by a layer's weights has as factors the signal
//!   that comes in and the weights of the layers above: nearly 0 too.
//!
//! These are means over the draw of the weights. One drawn network has its neurons to average over: the wider a layer,
//! the closer it comes; ten logits differ visibly. What to compare is [`LayerScale::rms`], the root of the mean of z² over
//! images and neurons; [`LayerScale::std`] subtracts the mean first.

use ndarray::{Array2, ArrayView1, ArrayView2};
use serde::{Deserialize, Serialize};

use super::Config;
use super::rows::Rows;
use super::team::MEASURED_ROWS;
use crate::data::{CLASSES, Dataset};
use crate::nn::{Init, Mlp, cross_entropy, relu};

/// The pre-activations z of a layer, over all images and neurons.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct LayerScale {
    /// Neurons.
    pub width: usize,
    /// The mean of z.
    pub mean: f64,
    /// The root of the mean of z²; what [`expected_stds`] predicts.
    pub rms: f64,
    /// The standard deviation, √(rms² - mean²).
    pub std: f64,
    /// The largest |z|.
    pub largest: f64,
    /// The share of z above 0, 0–1.
    pub positive_share: f64,
}

/// How large the signals are on a set of images.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Scale {
    /// Images measured.
    pub images: usize,
    /// The mean square of the network's inputs, q of the prediction.
    pub input_mean_square: f64,
    /// Of each layer, the logits last.
    pub layers: Vec<LayerScale>,
    /// The mean over the images of their largest probability; a tenth is knowing nothing.
    pub largest_probability: f64,
    /// Mean cross-entropy.
    pub loss: f64,
    /// ln 10, the loss where all probabilities are a tenth.
    pub chance_loss: f64,
}

/// A measurement under way.
pub struct Scaling {
    config: Config,
    images: Vec<u32>,
    rows: Rows,
    done: usize,
    input: Sums,
    layers: Vec<Sums>,
    largest_probabilities: f64,
    loss: f64,
}

#[derive(Clone, Copy, Default)]
struct Sums {
    count: f64,
    width: usize,
    sum: f64,
    squares: f64,
    largest: f64,
    positive: f64,
}

/// The expected standard deviation of each layer's pre-activations over the draw of the weights, the logits last: √v of
/// the module's prediction. `widths`: inputs, hidden widths, outputs; `input_mean_square`: q.
pub fn expected_stds(init: Init, widths: &[usize], input_mean_square: f64) -> Vec<f64> {
    let mut mean_square = input_mean_square;
    let layer = |&inputs: &usize| {
        let variance = inputs as f64 * init.std(inputs).powi(2) * mean_square;
        mean_square = variance / 2.0;
        variance.sqrt()
    };
    widths[..widths.len().saturating_sub(1)].iter().map(layer).collect()
}

impl Scaling {
    /// On these training images, not augmented, with the labels that the config trains on.
    pub fn new(config: &Config, images: Vec<u32>) -> Self {
        Self {
            config: config.clone(),
            images,
            rows: Rows::default(),
            done: 0,
            input: Sums::default(),
            layers: Vec::new(),
            largest_probabilities: 0.0,
            loss: 0.0,
        }
    }

    /// Measures the next images. Returns whether all are done. The network and the images must be the same every time.
    pub fn advance(&mut self, net: &Mlp<f32>, data: &Dataset) -> bool {
        let images = self.images.len();
        let end = (self.done + MEASURED_ROWS).min(images);
        if self.done < end {
            let indices = self.images[self.done..end].iter().map(|&index| index as usize);
            self.rows.fill_training(&self.config, &data.train, indices, None);
            let (x, labels) = self.rows.numbers();
            self.input.add(x);
            self.layers.resize(net.layers.len(), Sums::default());
            let mut h: Option<Array2<f32>> = None;
            for (at, (layer, sums)) in net.layers.iter().zip(&mut self.layers).enumerate() {
                let input = h.as_ref().map_or(x, |h| h.view());
                let mut z = Array2::zeros((end - self.done, layer.bias.len()));
                layer.forward(input, z.view_mut());
                sums.add(z.view());
                if at + 1 < net.layers.len() {
                    relu::forward(z.view_mut());
                } else {
                    self.loss += cross_entropy::forward(z.view_mut(), labels) * z.nrows() as f64;
                    let largest = |row: ArrayView1<f32>| row.iter().copied().fold(0.0, f32::max);
                    self.largest_probabilities += z.outer_iter().map(|row| f64::from(largest(row))).sum::<f64>();
                }
                h = Some(z);
            }
            self.done = end;
        }
        self.done == images
    }

    /// Images done.
    pub fn done(&self) -> usize {
        self.done
    }

    /// What was measured so far; `None` before the first images.
    pub fn scale(&self) -> Option<Scale> {
        let images = self.done as f64;
        (self.done > 0).then(|| Scale {
            images: self.done,
            input_mean_square: self.input.squares / self.input.count,
            layers: self.layers.iter().map(Sums::scale).collect(),
            largest_probability: self.largest_probabilities / images,
            loss: self.loss / images,
            chance_loss: (CLASSES as f64).ln(),
        })
    }
}

impl Sums {
    fn add(&mut self, z: ArrayView2<f32>) {
        self.width = z.ncols();
        self.count += z.len() as f64;
        for &z in &z {
            let z = f64::from(z);
            self.sum += z;
            self.squares += z * z;
            self.largest = self.largest.max(z.abs());
            self.positive += f64::from(u8::from(z > 0.0));
        }
    }

    fn scale(&self) -> LayerScale {
        let (mean, mean_square) = (self.sum / self.count, self.squares / self.count);
        LayerScale {
            width: self.width,
            mean,
            rms: mean_square.sqrt(),
            std: (mean_square - mean * mean).max(0.0).sqrt(),
            largest: self.largest,
            positive_share: self.positive / self.count,
        }
    }
}
