//! The same in integers of unbounded size: affine forms, points, and the network's values at a point.
//!
//! A layer's numbers are integers over one power of two. Forms and points are kept up to a positive factor, so no division happens,
//! and no fraction is reduced.

use num_bigint::BigInt;
use num_traits::float::FloatCore;
use num_traits::{One, Signed, Zero};

use super::super::{Rational, to_f64};
use super::net::{TrainedLayer, TrainedNet};

/// a, b, c of `a·x + b·y + c`, up to a positive factor.
pub(super) type ExactForm = [BigInt; 3];

/// A point (x/w, y/w), w > 0.
#[derive(Clone, Debug)]
pub(super) struct ExactPoint {
    x: BigInt,
    y: BigInt,
    w: BigInt,
}

/// The neurons of a layer that are positive, and negative, as bits.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Signs {
    pub positive: u64,
    pub negative: u64,
}

/// The network at a point, as far as it was asked for.
pub(super) struct Pass {
    /// What the last layer computed passes on, times `scale`.
    signal: Vec<BigInt>,
    /// Positive.
    scale: BigInt,
    signs: Vec<Signs>,
    /// The outputs times `scale`, when the last layer was computed.
    outputs: Vec<BigInt>,
}

pub(super) struct ExactNet {
    layers: Vec<ExactLayer>,
}

/// Integers, times 2^−shift.
struct ExactLayer {
    weights: Vec<Vec<BigInt>>,
    bias: Vec<BigInt>,
    shift: u64,
}

/// value = integer · 2^exponent.
fn dyadic(value: f64) -> (BigInt, i64) {
    let (mantissa, exponent, sign) = FloatCore::integer_decode(value);
    let zeros = mantissa.trailing_zeros().min(63);
    (BigInt::from(mantissa >> zeros) * BigInt::from(sign), i64::from(exponent) + i64::from(zeros))
}

impl ExactLayer {
    fn new(layer: &TrainedLayer) -> Self {
        let values = || layer.weights.iter().flatten().chain(&layer.bias).filter(|value| **value != 0.0);
        let lowest = values().map(|&value| dyadic(value.into()).1).min().unwrap_or(0);
        let shift = lowest.min(0).unsigned_abs();
        let integer = |&value: &f32| {
            let (mantissa, exponent) = dyadic(value.into());
            // Not negative, but for 0, whose mantissa is 0.
            mantissa << (exponent + shift as i64).max(0)
        };
        Self {
            weights: layer.weights.iter().map(|row| row.iter().map(integer).collect()).collect(),
            bias: layer.bias.iter().map(integer).collect(),
            shift,
        }
    }
}

impl ExactNet {
    pub fn new(net: &TrainedNet) -> Self {
        Self { layers: net.layers().iter().map(ExactLayer::new).collect() }
    }

    /// The sum of a neuron, less that of another, where the neurons of the layers before are on that `on` says.
    pub fn form(&self, on: &[u64], neuron: usize, less: Option<usize>) -> ExactForm {
        let layer = &self.layers[on.len()];
        let mut row = layer.weights[neuron].clone();
        let mut constant = layer.bias[neuron].clone();
        if let Some(less) = less {
            row.iter_mut().zip(&layer.weights[less]).for_each(|(value, other)| *value -= other);
            constant -= &layer.bias[less];
        }
        for (layer, on) in self.layers.iter().zip(on).rev() {
            constant <<= layer.shift;
            let inputs = layer.weights[0].len();
            let mut before = vec![BigInt::zero(); inputs];
            for (neuron, factor) in row.iter().enumerate().filter(|(neuron, _)| on >> neuron & 1 == 1) {
                constant += factor * &layer.bias[neuron];
                before.iter_mut().zip(&layer.weights[neuron]).for_each(|(sum, weight)| *sum += factor * weight);
            }
            row = before;
        }
        let b = row.pop().unwrap_or_default();
        let a = row.pop().unwrap_or_default();
        [a, b, constant]
    }
}

impl Pass {
    /// At a point; nothing is computed yet.
    pub fn new(ExactPoint { x, y, w }: ExactPoint) -> Self {
        Self { signal: vec![x, y], scale: w, signs: Vec::new(), outputs: Vec::new() }
    }

    /// The signs of a layer's sums.
    pub fn signs(&mut self, net: &ExactNet, layer: usize) -> Signs {
        while self.signs.len() <= layer {
            self.advance(net);
        }
        self.signs[layer]
    }

    /// Positive, zero or negative: an output less another.
    pub fn lead(&mut self, net: &ExactNet, output: usize, other: Option<usize>) -> std::cmp::Ordering {
        self.signs(net, net.layers.len() - 1);
        let zero = BigInt::zero();
        self.outputs[output].cmp(other.map_or(&zero, |other| &self.outputs[other]))
    }

    fn advance(&mut self, net: &ExactNet) {
        let index = self.signs.len();
        let layer = &net.layers[index];
        let dot = |row: &Vec<BigInt>| row.iter().zip(&self.signal).map(|(w, h)| w * h).sum::<BigInt>();
        let rows = layer.weights.iter().zip(&layer.bias);
        let mut sums: Vec<BigInt> = rows.map(|(row, bias)| dot(row) + bias * &self.scale).collect();
        self.scale <<= layer.shift;
        let mut signs = Signs::default();
        for (neuron, sum) in sums.iter().enumerate() {
            signs.positive |= u64::from(sum.is_positive()) << neuron;
            signs.negative |= u64::from(sum.is_negative()) << neuron;
        }
        self.signs.push(signs);
        if self.signs.len() == net.layers.len() {
            self.outputs = sums;
        } else {
            sums.iter_mut().filter(|sum| sum.is_negative()).for_each(Zero::set_zero);
            self.signal = sums;
        }
    }
}

/// `x − at`, or `y − at` for axis 1.
pub(super) fn side(axis: usize, at: f64) -> ExactForm {
    let (mantissa, exponent) = dyadic(at);
    let below = BigInt::one() << (-exponent).max(0);
    let mut form = [BigInt::zero(), BigInt::zero(), -(mantissa << exponent.max(0))];
    form[axis] = below;
    form
}

impl ExactPoint {
    /// Where two forms are 0 that are not parallel.
    pub fn meet(first: &ExactForm, second: &ExactForm) -> Self {
        let determinant = |i: usize, j: usize| &first[i] * &second[j] - &first[j] * &second[i];
        let (x, y, w) = (determinant(1, 2), determinant(2, 0), determinant(0, 1));
        debug_assert!(!w.is_zero(), "an edge is cut by a line that is not parallel to it");
        let (x, y, w) = if w.is_negative() { (-x, -y, -w) } else { (x, y, w) };
        let zeros = [&x, &y, &w].iter().filter_map(|value| value.trailing_zeros()).min().unwrap_or(0);
        Self { x: x >> zeros, y: y >> zeros, w: w >> zeros }
    }

    /// The point (x, y).
    pub fn of([x, y]: [f32; 2]) -> Self {
        let [(x, x_exponent), (y, y_exponent)] = [x, y].map(|value| dyadic(value.into()));
        let shift = x_exponent.min(y_exponent).min(0);
        Self { x: x << (x_exponent - shift), y: y << (y_exponent - shift), w: BigInt::one() << -shift }
    }

    /// The nearest f64.
    pub fn to_f64(&self) -> [f64; 2] {
        [&self.x, &self.y].map(|value| to_f64(&Rational::new(value.clone(), self.w.clone())))
    }
}
