//! What f64 can decide: a number together with a bound on its error.
//!
//! u = 2⁻⁵³ is the unit roundoff. A neuron's coefficients are sums, over paths through the neurons that are on, of products of weights;
//! each term has been rounded at most k times, where k grows by the fan-in + 2 at a layer. So a coefficient is wrong by at most
//! γ·M, γ = k·u/(1 − k·u), where M is the same sum of absolute values, over all paths (Higham, *Accuracy and Stability of
//! Numerical Algorithms*, 3.1). M belongs to the network: it is computed once. All bounds are taken 1 % too large, which
//! covers the rounding of the bounds themselves (k·u < 10⁻¹²), and a constant is added for underflow: an operation that underflows is wrong by less than 2⁻¹⁰⁷⁴, which later layers
//! multiply by their norms; where these are so large that the constant would not cover it, nothing is decided here.

use super::net::{TrainedNet, Window};

/// 2⁻⁵³.
pub(super) const UNIT: f64 = f64::EPSILON / 2.0;
/// Factor of all bounds, for the rounding of the bounds.
pub(super) const SAFETY: f64 = 1.01;
/// More than all underflows of a sum together, unless norms multiply to more than [`MOST_GROWTH`].
const UNDERFLOW: f64 = 1e-270;
const MOST_GROWTH: f64 = 1e30;

/// `a·x + b·y + c`, with bounds on the errors of the three.
#[derive(Clone, Copy, Debug)]
pub(super) struct Form {
    pub coefficients: [f64; 3],
    pub errors: [f64; 3],
}

/// A point of the window, each coordinate wrong by at most so much.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub at: [f64; 2],
    pub error: [f64; 2],
}

/// Bounds that hold for all cells of a window.
pub(super) struct Filter {
    layers: Vec<LayerBounds>,
}

struct LayerBounds {
    /// On each neuron's coefficients.
    errors: Vec<[f64; 3]>,
    /// On each neuron's value at a point of the window that is known exactly.
    radius: Vec<f64>,
}

/// What is certain of a sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sign {
    Negative,
    Positive,
    InDoubt,
}

impl Sign {
    /// Of a number that is wrong by at most `error`; with NaN for either it is in doubt.
    pub fn of(value: f64, error: f64) -> Self {
        if value > error {
            Self::Positive
        } else if value < -error {
            Self::Negative
        } else {
            Self::InDoubt
        }
    }
}

impl Filter {
    pub fn new(net: &TrainedNet, window: &Window) -> Self {
        let [reach_x, reach_y] = window.reach();
        let reach = 1.0 + reach_x + reach_y;
        // Of x and y: absolute coefficients of each.
        let mut magnitudes = vec![[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]];
        let (mut roundings, mut growth) = (0, 1.0);
        let mut layers = Vec::new();
        for (index, layer) in net.layers().iter().enumerate() {
            let rows = layer.weights.iter().zip(&layer.bias);
            let sum = |(row, &bias): (&Vec<f32>, &f32)| {
                let mut sum = [0.0, 0.0, f64::from(bias).abs()];
                for (&weight, magnitude) in row.iter().zip(&magnitudes) {
                    for (sum, magnitude) in sum.iter_mut().zip(magnitude) {
                        *sum += f64::from(weight).abs() * magnitude;
                    }
                }
                sum
            };
            let norm = |row: &Vec<f32>| row.iter().map(|&weight| f64::from(weight).abs()).sum::<f64>();
            growth *= layer.weights.iter().map(norm).fold(1.0, f64::max);
            magnitudes = rows.map(sum).collect();
            // The first layer's coefficients are its weights.
            if index > 0 {
                roundings += layer.weights[0].len() + 2;
            }
            let gamma = roundings as f64 * UNIT * SAFETY;
            let underflow = if growth < MOST_GROWTH { UNDERFLOW } else { f64::INFINITY };
            // Five more roundings for a·x + b·y + c.
            let value_gamma = gamma + 5.0 * UNIT * SAFETY;
            let radius =
                |m: &[f64; 3]| (m[0] * reach_x + m[1] * reach_y + m[2]) * value_gamma * SAFETY + underflow * reach;
            layers.push(LayerBounds {
                errors: magnitudes.iter().map(|m| m.map(|m| m * gamma * SAFETY + underflow)).collect(),
                radius: magnitudes.iter().map(radius).collect(),
            });
        }
        Self { layers }
    }

    /// On the coefficients of a neuron.
    pub fn errors(&self, layer: usize, neuron: usize) -> [f64; 3] {
        self.layers[layer].errors[neuron]
    }

    /// On the value of a neuron's form at a place. The form's coefficients are a, b.
    pub fn error_at(&self, layer: usize, neuron: usize, [a, b]: [f64; 2], place: &Place) -> f64 {
        self.layers[layer].radius[neuron] + a.abs() * place.error[0] + b.abs() * place.error[1]
    }
}

impl Form {
    pub fn exact(coefficients: [f64; 3]) -> Self {
        Self { coefficients, errors: [0.0; 3] }
    }

    /// The form less another.
    pub fn minus(&self, other: &Self) -> Self {
        let difference: [f64; 3] = std::array::from_fn(|at| self.coefficients[at] - other.coefficients[at]);
        let error = |at: usize| (self.errors[at] + other.errors[at] + UNIT * difference[at].abs()) * SAFETY;
        Self { coefficients: difference, errors: std::array::from_fn(error) }
    }

    /// Its sign at a place of a window that reaches so far.
    pub fn sign(&self, place: &Place, [reach_x, reach_y]: [f64; 2]) -> Sign {
        let [a, b, c] = self.coefficients;
        let [x, y] = place.at;
        let value = a * x + b * y + c;
        let rounding = 5.0 * UNIT * (a.abs() * reach_x + b.abs() * reach_y + c.abs());
        let of_coefficients = self.errors[0] * reach_x + self.errors[1] * reach_y + self.errors[2];
        let of_place = a.abs() * place.error[0] + b.abs() * place.error[1];
        Sign::of(value, (rounding + of_coefficients + of_place) * SAFETY + UNDERFLOW)
    }

    /// Where two forms are 0. The errors are infinite or NaN if the lines may be parallel.
    pub fn meet(&self, other: &Self) -> Place {
        // a·b' − a'·b, with a bound on its error.
        let determinant = |i: usize, j: usize| {
            let ([p, q], [r, s]) =
                ([self.coefficients[i], self.coefficients[j]], [other.coefficients[i], other.coefficients[j]]);
            let ([dp, dq], [dr, ds]) = ([self.errors[i], self.errors[j]], [other.errors[i], other.errors[j]]);
            let rounding = 3.0 * UNIT * ((p * s).abs() + (q * r).abs());
            let error = p.abs() * ds + s.abs() * dp + dp * ds + q.abs() * dr + r.abs() * dq + dq * dr + rounding;
            (p * s - q * r, error * SAFETY + UNDERFLOW)
        };
        let (below, below_error) = determinant(0, 1);
        let coordinate = |(above, above_error): (f64, f64)| {
            let value = above / below;
            let least = below.abs() - below_error;
            let error = (above_error + value.abs() * below_error) / least + 2.0 * UNIT * value.abs();
            (value, if least > 0.0 { error * SAFETY } else { f64::INFINITY })
        };
        let (x, x_error) = coordinate(determinant(1, 2));
        let (y, y_error) = coordinate(determinant(2, 0));
        Place { at: [x, y], error: [x_error, y_error] }
    }
}

impl Place {
    /// A point whose coordinates are the nearest f64.
    pub fn nearest(at: [f64; 2]) -> Self {
        Self { at, error: at.map(|value| 2.0 * UNIT * value.abs() + UNDERFLOW) }
    }

    /// A point that lies in the window, so that its coordinates can only become better by being moved there.
    pub fn within(mut self, window: &Window) -> Self {
        for (value, [from, to]) in self.at.iter_mut().zip([window.x, window.y]) {
            *value = value.clamp(from, to);
        }
        self
    }

    /// Whether the coordinates are good enough to be drawn, and to decide most signs: to a millionth of the window.
    pub fn is_fine(&self, window: &Window) -> bool {
        self.error.iter().zip([window.x, window.y]).all(|(&error, [from, to])| error <= 1e-6 * (to - from))
    }
}
