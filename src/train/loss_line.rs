//! The loss along the straight line from a run's initial weights to its trained ones, and beyond both ends:
//! `θ(α) = (1-α)·θ₀ + α·θ₁`, as Goodfellow, Vinyals and Saxe draw it (2015, *Qualitatively characterizing neural network
//! optimization problems*).
//!
//! The loss is measured at [`POINTS`] values of α, on the first training images as they are, not augmented. What is said
//! of its shape is evidence at these points, not a proof of what happens between them; the path lab proves.

use ndarray::ArrayView1;
use serde::{Deserialize, Serialize};

use super::Config;
use super::rows::Rows;
use super::team::MEASURED_ROWS;
use super::trainer::argmax;
use crate::data::Dataset;
use crate::nn::{Linear, Mlp, Workspace, cross_entropy};

/// Values of α, evenly from [`FROM`] to [`TO`], both included; 0 and 1 are among them.
pub const POINTS: usize = 31;
/// The first α.
pub const FROM: f64 = -0.25;
/// The last α.
pub const TO: f64 = 1.25;

/// A chord must miss the curve by this share of the largest of its three losses to count: logits are sums in f32, and
/// round at about 10⁻⁶.
const ROUNDING: f64 = 1e-5;

/// What was measured at one point of the line.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct LossPoint {
    /// Where: 0 is the initial weights, 1 the trained ones.
    pub alpha: f64,
    /// Mean cross-entropy.
    pub loss: f64,
    /// Share of the images classified correctly, 0–1.
    pub accuracy: f64,
}

/// Three measured points, and the chord between the outer two.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Chord {
    /// By rising α.
    pub points: [LossPoint; 3],
    /// The chord's height at the middle α.
    pub height: f64,
}

/// What the points say of the loss's shape on the line: evidence as measured, not proved. What is missing was not seen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// A chord that lies below the curve at its middle point, as no chord of a convex function does.
    pub not_convex: Option<Chord>,
    /// A chord that lies above the curve at its middle point, as no chord of a concave function does.
    pub not_concave: Option<Chord>,
}

/// A measurement under way.
pub struct LossLine {
    initial: Mlp<f32>,
    trained: Mlp<f32>,
    /// θ(α) of the point that is being measured.
    between: Mlp<f32>,
    config: Config,
    images: Vec<u32>,
    work: Workspace<f32>,
    rows: Rows,
    points: Vec<LossPoint>,
    /// Of the point that is being measured.
    done: usize,
    loss: f64,
    correct: usize,
}

impl Chord {
    /// The chord's height less the curve's at the middle point.
    pub fn gap(&self) -> f64 {
        self.height - self.points[1].loss
    }
}

impl LossLine {
    /// The line between two networks of one shape, on these training images, with the labels that the
    /// config trains on. A third network of the shape is made.
    pub fn new(initial: Mlp<f32>, trained: Mlp<f32>, config: &Config, images: Vec<u32>) -> Self {
        Self {
            between: initial.clone(),
            initial,
            trained,
            config: config.clone(),
            images,
            work: Workspace::default(),
            rows: Rows::default(),
            points: Vec::with_capacity(POINTS),
            done: 0,
            loss: 0.0,
            correct: 0,
        }
    }

    /// Measures the next images at one α. Returns whether all points are done; without images, they are none. The images
    /// must be the same every time.
    pub fn advance(&mut self, data: &Dataset) -> bool {
        let images = self.images.len();
        if self.points.len() == POINTS || images == 0 {
            return true;
        }
        let alpha = alpha(self.points.len());
        if self.done == 0 {
            self.move_to(alpha);
        }
        let end = (self.done + MEASURED_ROWS).min(images);
        let indices = self.images[self.done..end].iter().map(|&index| index as usize);
        self.rows.fill_training(&self.config, &data.train, indices, None);
        let (x, labels) = self.rows.numbers();
        let logits = self.between.forward(x, &mut self.work);
        let is_right = |(row, label): (ArrayView1<f32>, &u8)| argmax(row.iter()) == usize::from(*label);
        self.correct += logits.outer_iter().zip(labels).map(is_right).filter(|&right| right).count();
        self.loss += cross_entropy::forward(logits, labels) * labels.len() as f64;
        self.done = end;
        if end == images {
            let (loss, accuracy) = (self.loss / images as f64, self.correct as f64 / images as f64);
            self.points.push(LossPoint { alpha, loss, accuracy });
            (self.done, self.loss, self.correct) = (0, 0.0, 0);
        }
        self.points.len() == POINTS
    }

    /// The points measured so far, by rising α.
    pub fn points(&self) -> &[LossPoint] {
        &self.points
    }

    fn move_to(&mut self, alpha: f64) {
        // At 0 and 1, one factor is exactly 0 and the other 1.
        let (of_initial, of_trained) = ((1.0 - alpha) as f32, alpha as f32);
        let mix = |value: &mut f32, &from: &f32, &to: &f32| *value = of_initial * from + of_trained * to;
        let ends = self.initial.layers.iter().zip(&self.trained.layers);
        for (Linear { weight, bias }, (from, to)) in self.between.layers.iter_mut().zip(ends) {
            ndarray::Zip::from(weight).and(&from.weight).and(&to.weight).for_each(mix);
            ndarray::Zip::from(bias).and(&from.bias).and(&to.bias).for_each(mix);
        }
    }
}

impl Evidence {
    /// What these points, by rising α, show: of all triples, the chord that lies farthest below the curve, and the one
    /// that lies farthest above it. None where every gap may be rounding, or a loss is not finite.
    pub fn of(points: &[LossPoint]) -> Self {
        let mut evidence = Self::default();
        for (at, &left) in points.iter().enumerate() {
            let after = &points[at + 1..];
            for (between, &right) in after.iter().enumerate() {
                for &middle in &after[..between] {
                    evidence.take([left, middle, right]);
                }
            }
        }
        evidence
    }

    fn take(&mut self, points: [LossPoint; 3]) {
        let [left, middle, right] = points;
        let share = (middle.alpha - left.alpha) / (right.alpha - left.alpha);
        let chord = Chord { points, height: left.loss + share * (right.loss - left.loss) };
        let gap = chord.gap();
        let largest = left.loss.max(middle.loss).max(right.loss);
        if gap.is_finite() && gap.abs() > ROUNDING * largest {
            let best = if gap < 0.0 { &mut self.not_convex } else { &mut self.not_concave };
            if best.is_none_or(|best| gap.abs() > best.gap().abs()) {
                *best = Some(chord);
            }
        }
    }
}

fn alpha(point: usize) -> f64 {
    FROM + (TO - FROM) * point as f64 / (POINTS - 1) as f64
}
