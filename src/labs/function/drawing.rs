//! Networks in f64: for drawing, and for tanh.

use super::network::{Activation, NetworkLab, View};
use crate::labs::parameters::Parameters;

/// Points of a smooth curve.
const SAMPLES: usize = 600;

/// A network in f64.
pub struct FloatNet {
    layers: Vec<(Vec<Vec<f64>>, Vec<f64>)>,
    activation: Activation,
}

impl FloatNet {
    /// With these parameters.
    pub fn new(parameters: &Parameters, activation: Activation) -> Self {
        let floats = |values: &Vec<crate::piecewise::Decimal>| values.iter().map(|value| value.to_f64()).collect();
        let layer = |layer: &crate::labs::parameters::LayerParameters| {
            (layer.weights.iter().map(floats).collect(), floats(&layer.bias))
        };
        Self { layers: parameters.layers().iter().map(layer).collect(), activation }
    }

    /// Each layer's pre-activations at x with their derivatives by x; the last one's is the output.
    pub fn sums(&self, x: f64) -> Vec<Vec<(f64, f64)>> {
        let mut signal = vec![(x, 1.0)];
        let mut all = Vec::new();
        for (weights, bias) in &self.layers {
            let sum = |(row, &bias): (&Vec<f64>, &f64)| {
                let terms = row.iter().zip(&signal);
                terms.fold((bias, 0.0), |(value, slope), (w, h)| (value + w * h.0, slope + w * h.1))
            };
            let sums: Vec<_> = weights.iter().zip(bias).map(sum).collect();
            signal = sums.iter().map(|&sum| self.activate(sum)).collect();
            all.push(sums);
        }
        all
    }

    /// What each hidden neuron puts out at x, layer by layer, and at the end the output.
    pub fn outputs(&self, x: f64) -> Vec<Vec<f64>> {
        let sums = self.sums(x);
        let last = sums.len() - 1;
        let out = |(index, sums): (usize, Vec<(f64, f64)>)| {
            sums.into_iter().map(|sum| if index < last { self.activate(sum).0 } else { sum.0 }).collect()
        };
        sums.into_iter().enumerate().map(out).collect()
    }

    fn activate(&self, (value, slope): (f64, f64)) -> (f64, f64) {
        match self.activation {
            Activation::Relu if value > 0.0 => (value, slope),
            Activation::Relu => (0.0, 0.0),
            Activation::Tanh => {
                let out = value.tanh();
                (out, slope * (1.0 - out * out))
            }
        }
    }

    /// f(x) and f′(x).
    pub fn value(&self, x: f64) -> (f64, f64) {
        self.sums(x).last().and_then(|output| output.first().copied()).unwrap_or((f64::NAN, f64::NAN))
    }

    /// The numbers of a view at x, one a line.
    pub fn view(&self, view: View, x: f64) -> Vec<f64> {
        let sums = self.sums(x);
        match view {
            View::Output => sums.last().map(|output| vec![output[0].0]).unwrap_or_default(),
            View::Derivative => sums.last().map(|output| vec![output[0].1]).unwrap_or_default(),
            View::PreActivations(layer) => {
                sums.get(layer - 1).map(|sums| sums.iter().map(|sum| sum.0).collect()).unwrap_or_default()
            }
            View::Contributions => {
                let [.., hidden, _] = &sums[..] else { return Vec::new() };
                let Some((weights, _)) = self.layers.last() else { return Vec::new() };
                hidden.iter().zip(&weights[0]).map(|(&sum, weight)| weight * self.activate(sum).0).collect()
            }
        }
    }
}

/// The places between which all that a network computes is drawn straight, rising: the ends of the shown interval, and
/// the cuts between them; without cuts, as many as a smooth curve needs.
pub fn samples(lab: &NetworkLab, cuts: Option<&[f64]>) -> Vec<f64> {
    let (from, to) = lab.x_range();
    let (from, to) = (from.to_f64(), to.to_f64());
    let inner: Vec<f64> = match cuts {
        Some(cuts) => cuts.iter().copied().filter(|x| from < *x && *x < to).collect(),
        None => (1..SAMPLES).map(|i| from + (to - from) * i as f64 / SAMPLES as f64).collect(),
    };
    [&[from], &inner[..], &[to]].concat()
}

/// A view's lines on the shown interval, one a neuron, or one in all. `cuts` are the places where a ReLU network's
/// neurons bend; between them its neurons are straight.
pub fn lines(lab: &NetworkLab, view: View, cuts: Option<&[f64]>) -> Vec<Vec<(f64, f64)>> {
    let net = FloatNet::new(&lab.effective(), lab.activation);
    let mut lines: Vec<Vec<(f64, f64)>> = Vec::new();
    for x in samples(lab, cuts) {
        for (index, value) in net.view(view, x).into_iter().enumerate() {
            if lines.len() <= index {
                lines.push(Vec::new());
            }
            lines[index].push((x, value));
        }
    }
    lines
}
