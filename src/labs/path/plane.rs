//! A plane in parameter space, for a heat map: f64, for looking.

use rand::RngExt;

use super::{End, PathLab, Quantity};
use crate::data::{Purpose, rng};
use crate::labs::parameters::{Parameters, Place, SLIDER};

/// Points a side.
pub const SIDE: usize = 61;

/// Which plane.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plane {
    /// Through the path, and a random direction at right angles to it, of the same length.
    Random {
        /// Of the direction.
        seed: u64,
    },
    /// Two parameters, the others as they are at t = 0.
    Sliders(Place, Place),
}

impl Default for Plane {
    fn default() -> Self {
        Self::Random { seed: 1 }
    }
}

impl Plane {
    /// As text for an address.
    pub fn encode(self) -> String {
        match self {
            Self::Random { seed } => seed.to_string(),
            Self::Sliders(first, second) => format!("{first},{second}"),
        }
    }

    /// What [`encode`](Self::encode) wrote.
    pub fn decode(text: &str) -> Option<Self> {
        match text.split_once(',') {
            None => Some(Self::Random { seed: text.parse().ok()? }),
            Some((first, second)) => Some(Self::Sliders(first.parse().ok()?, second.parse().ok()?)),
        }
    }

    /// Whether a network of these parameters has it.
    pub fn fits(self, parameters: &Parameters) -> bool {
        match self {
            Self::Random { .. } => true,
            Self::Sliders(first, second) => {
                first != second && parameters.get(first).is_some() && parameters.get(second).is_some()
            }
        }
    }
}

/// A quantity over the plane.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Heat {
    /// The range of the first direction.
    pub across: (f64, f64),
    /// The range of the second direction.
    pub up: (f64, f64),
    /// Values by rows, each left to right, the lowest row first: [`SIDE`] by [`SIDE`].
    pub values: Vec<f64>,
    /// The path's ends.
    pub path: [(f64, f64); 2],
    /// Whether the whole path lies in the plane; if not, its ends are where their two parameters are.
    pub is_in_plane: bool,
}

/// The heat map, row by row.
#[derive(Clone, Debug)]
pub struct Sampler {
    base: Vec<f64>,
    directions: [Vec<f64>; 2],
    widths: Vec<usize>,
    /// Inputs, and what is wanted there if it is a loss.
    points: Vec<(f64, Option<f64>)>,
    heat: Heat,
}

impl Sampler {
    /// Nothing is computed yet.
    pub fn new(lab: &PathLab) -> Self {
        let places = lab.end(End::From).places();
        let flat = |parameters: &Parameters| -> Vec<f64> {
            places.iter().map(|&place| parameters.get(place).unwrap_or_default().to_f64()).collect()
        };
        let (from, to) = (flat(lab.end(End::From)), flat(&lab.arrival()));
        let along: Vec<f64> = from.iter().zip(&to).map(|(a, b)| b - a).collect();
        let unit = |at: Place| places.iter().map(|&place| f64::from(u8::from(place == at))).collect::<Vec<_>>();
        let (directions, mut base, across, up, path, is_in_plane) = match lab.plane {
            Plane::Random { seed } => {
                let second = at_right_angles(&along, &places, lab, seed);
                ([along, second], from.clone(), (-0.5, 1.5), (-1.0, 1.0), [(0.0, 0.0), (1.0, 0.0)], true)
            }
            Plane::Sliders(first, second) => {
                let index = |at: Place| places.iter().position(|&place| place == at).unwrap_or(0);
                let (first_index, second_index) = (index(first), index(second));
                let ends = [&from, &to].map(|end| (end[first_index], end[second_index]));
                let range = |values: [f64; 2]| {
                    let low = values.iter().fold(f64::from(SLIDER.0), |low, value| low.min(value.floor()));
                    (low, values.iter().fold(f64::from(SLIDER.1), |high, value| high.max(value.ceil())))
                };
                let others = along.iter().enumerate().filter(|(i, _)| *i != first_index && *i != second_index);
                let is_in_plane = others.clone().all(|(_, d)| *d == 0.0);
                let (across, up) = (range([ends[0].0, ends[1].0]), range([ends[0].1, ends[1].1]));
                ([unit(first), unit(second)], from.clone(), across, up, ends, is_in_plane)
            }
        };
        if let Plane::Sliders(first, second) = lab.plane {
            // The axes are the parameters themselves.
            for (value, place) in base.iter_mut().zip(&places) {
                if *place == first || *place == second {
                    *value = 0.0;
                }
            }
        }
        let points = match lab.quantity {
            Quantity::Output => vec![(lab.x.to_f64(), None)],
            Quantity::Loss => lab.data().iter().map(|(x, y)| (x.to_f64(), Some(y.to_f64()))).collect(),
        };
        let heat = Heat { across, up, values: Vec::new(), path, is_in_plane };
        let widths = [&lab.hidden()[..], &[1]].concat();
        Self { base, directions, widths, points, heat }
    }

    /// Computes one row. Returns whether all are done.
    pub fn advance(&mut self) -> bool {
        let row = self.heat.values.len() / SIDE;
        if row == SIDE {
            return true;
        }
        let b = at(self.heat.up, row);
        for column in 0..SIDE {
            let a = at(self.heat.across, column);
            let theta = |index: usize| self.base[index] + a * self.directions[0][index] + b * self.directions[1][index];
            let theta: Vec<f64> = (0..self.base.len()).map(theta).collect();
            self.heat.values.push(self.quantity(&theta));
        }
        row + 1 == SIDE
    }

    /// Whether the whole path lies in the plane.
    pub fn is_in_plane(&self) -> bool {
        self.heat.is_in_plane
    }

    /// The quantity at (a, b) of the plane.
    pub fn at(&self, a: f64, b: f64) -> f64 {
        let directions = self.directions[0].iter().zip(&self.directions[1]);
        let theta: Vec<f64> = self.base.iter().zip(directions).map(|(base, (d1, d2))| base + a * d1 + b * d2).collect();
        self.quantity(&theta)
    }

    fn quantity(&self, theta: &[f64]) -> f64 {
        let total = self.points.iter().map(|&(x, wanted)| match wanted {
            None => output(&self.widths, theta, x),
            Some(y) => (output(&self.widths, theta, x) - y).powi(2),
        });
        total.sum::<f64>() / self.points.len() as f64
    }

    /// The heat map. Computes what is left of it.
    pub fn finish(mut self) -> Heat {
        while !self.advance() {}
        self.heat
    }
}

fn at((low, high): (f64, f64), index: usize) -> f64 {
    low + (high - low) * index as f64 / (SIDE - 1) as f64
}

/// A random direction of the parameters that move, orthogonal to `along` and as long (or of length 1).
fn at_right_angles(along: &[f64], places: &[Place], lab: &PathLab, seed: u64) -> Vec<f64> {
    let mut rng = rng(seed, Purpose::Draw, 6);
    let draw = |place: &Place| {
        let value: f64 = rng.sample(rand_distr::StandardNormal);
        if lab.moves(*place) { value } else { 0.0 }
    };
    let mut direction: Vec<f64> = places.iter().map(draw).collect();
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    let length = dot(along, along).sqrt();
    if length > 0.0 {
        let share = dot(&direction, along) / (length * length);
        direction.iter_mut().zip(along).for_each(|(d, a)| *d -= share * a);
    }
    let own = dot(&direction, &direction).sqrt();
    if own > 0.0 {
        let scale = if length > 0.0 { length } else { 1.0 } / own;
        direction.iter_mut().for_each(|d| *d *= scale);
    }
    direction
}

/// f(x) of a network with one input whose parameters stand in `theta` in the order of [`Parameters::places`].
fn output(widths: &[usize], theta: &[f64], x: f64) -> f64 {
    let mut signal = vec![x];
    let mut rest = theta;
    for (index, &width) in widths.iter().enumerate() {
        let (weights, after) = rest.split_at(width * signal.len());
        let (bias, after) = after.split_at(width);
        rest = after;
        let sum = |(row, bias): (&[f64], &f64)| row.iter().zip(&signal).fold(*bias, |sum, (w, h)| sum + w * h);
        let is_output = index + 1 == widths.len();
        let next: Vec<f64> = weights.chunks_exact(signal.len()).zip(bias).map(sum).collect();
        signal = if is_output { next } else { next.into_iter().map(|sum| sum.max(0.0)).collect() };
    }
    signal[0]
}
