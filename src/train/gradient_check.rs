//! A check of a live run's gradients: the engine's own, in f32, against central differences in f64.

use ndarray::{Array2, ArrayView2};
use rand::RngExt;
use serde::{Deserialize, Serialize};

use super::{Engine, Lost};
use crate::data::{Purpose, rng};
use crate::nn::{Mlp, Workspace, cross_entropy};

/// Images of the batch that the check uses: each entry costs two forward passes over them in f64.
pub(super) const IMAGES: usize = 32;
/// The largest network that is checked: a copy in f64 is made.
pub const MAX_PARAMETERS: u64 = 30_000_000;
/// Weights and biases checked of each layer.
const WEIGHTS: usize = 12;
const BIASES: usize = 4;
/// Of the differences. In f64 the best is near the cube root of its rounding, 6·10⁻⁶.
const EPS: f64 = 1e-5;
/// The largest difference that counts as right, as a share of the layer's largest gradient checked: a sum of f32
/// products rounds at about 10⁻⁶ of its largest part, and a wrong formula is off by about 1.
const TOLERANCE: f64 = 1e-4;

/// The largest difference that is put down to rounding whatever the gradients: the engine's f32 probabilities are
/// rounded at 6·10⁻⁸, and where a loss is nearly 0 that is most of its gradient.
pub const NOISE: f64 = 1e-7;

/// One entry, derived and measured.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CheckedEntry {
    /// From 0.
    pub layer: usize,
    /// From 0.
    pub row: usize,
    /// From 0; `None` is the bias.
    pub column: Option<usize>,
    /// The engine's gradient.
    pub derived: f64,
    /// The central difference.
    pub measured: f64,
    /// Whether a ReLU of some image changed sides within eps: then the difference measures two slopes.
    pub crosses_kink: bool,
}

/// A check under way, an entry at a time.
pub struct GradientCheck {
    net: Mlp<f64>,
    x: Array2<f64>,
    labels: Vec<u8>,
    work: Workspace<f64>,
    /// Places and derived gradients, `measured` still to be filled in.
    entries: Vec<CheckedEntry>,
    done: usize,
}

/// The largest difference that counts as right among these entries of one layer: a ten-thousandth of their
/// largest gradient, or [`NOISE`].
pub fn layer_tolerance<'a>(entries: impl Iterator<Item = &'a CheckedEntry>) -> f64 {
    entries.map(|entry| entry.derived.abs().max(entry.measured.abs())).fold(NOISE / TOLERANCE, f64::max) * TOLERANCE
}

impl GradientCheck {
    /// A check of the engine's gradients on x (B×in) with B labels; the entries are drawn from the seed.
    pub(super) fn new(engine: &mut impl Engine, x: ArrayView2<f32>, labels: &[u8], seed: u64) -> Result<Self, Lost> {
        let gradients = engine.gradients(x, labels)?;
        let mut rng = rng(seed, Purpose::Shuffle, 8);
        let mut entries = Vec::new();
        for (layer, gradient) in gradients.iter().enumerate() {
            let (rows, columns) = gradient.weight.dim();
            let mut places: Vec<_> =
                (0..WEIGHTS).map(|_| (rng.random_range(0..rows), Some(rng.random_range(0..columns)))).collect();
            places.extend((0..BIASES).map(|_| (rng.random_range(0..rows), None)));
            places.sort_unstable();
            places.dedup();
            entries.extend(places.into_iter().map(|(row, column)| {
                let derived = column.map_or(gradient.bias[row], |column| gradient.weight[(row, column)]);
                CheckedEntry { layer, row, column, derived: derived.into(), measured: f64::NAN, crosses_kink: false }
            }));
        }
        let net = engine.weights()?;
        Ok(Self { net, x: x.mapv(f64::from), labels: labels.to_vec(), work: Workspace::default(), entries, done: 0 })
    }

    /// Measures the next entry. Returns whether it was the last.
    pub fn advance(&mut self) -> bool {
        if let Some(CheckedEntry { layer, row, column, .. }) = self.entries.get(self.done).cloned() {
            let value = *parameter(&mut self.net, layer, row, column);
            let mut loss_at = |moved: f64| {
                *parameter(&mut self.net, layer, row, column) = moved;
                let loss = cross_entropy::forward(self.net.forward(self.x.view(), &mut self.work), &self.labels);
                (loss, self.work.live_neurons(self.labels.len()))
            };
            let ((high, live_high), (low, live_low)) = (loss_at(value + EPS), loss_at(value - EPS));
            *parameter(&mut self.net, layer, row, column) = value;
            let entry = &mut self.entries[self.done];
            entry.measured = (high - low) / (2.0 * EPS);
            entry.crosses_kink = live_high != live_low;
            self.done += 1;
        }
        self.is_done()
    }

    /// Whether every entry is measured.
    pub fn is_done(&self) -> bool {
        self.done == self.entries.len()
    }

    /// Entries to measure.
    pub fn total(&self) -> usize {
        self.entries.len()
    }

    /// Those measured so far.
    pub fn entries(&self) -> &[CheckedEntry] {
        &self.entries[..self.done]
    }
}

fn parameter(net: &mut Mlp<f64>, layer: usize, row: usize, column: Option<usize>) -> &mut f64 {
    let layer = &mut net.layers[layer];
    match column {
        Some(column) => &mut layer.weight[(row, column)],
        None => &mut layer.bias[row],
    }
}
