//! The small plot in each node: what the neuron puts out over the shown interval.
//!
//! Between the places where any neuron bends, which are known exactly, every neuron of a ReLU network is straight; so its
//! values there are all that is needed. Points that the eye cannot tell from a straight line are left out.

use crate::labs::function::drawing::{FloatNet, samples};
use crate::labs::function::network::NetworkLab;
use crate::piecewise::{Bend, Pieces};

/// What is nearer to a line than this share of the plot is on it.
const ON_LINE: f64 = 2e-3;

/// A neuron's output, or f.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NodePlot {
    /// Its line in a square of side 1, from the left: up is up.
    pub line: Vec<(f64, f64)>,
    /// What is filled in that square: between the line and 0.
    pub areas: Vec<Vec<(f64, f64)>>,
    /// Whether the neuron is 0 on the whole line: decided exactly, for ReLU.
    pub is_dead: bool,
}

/// The plots of all hidden layers and of f, each to its own scale, which holds 0.
pub fn plots(lab: &NetworkLab, pieces: Option<&Pieces>) -> Vec<Vec<NodePlot>> {
    let net = FloatNet::new(&lab.effective(), lab.activation);
    let xs = samples(lab, pieces.map(Pieces::cuts));
    let mut values: Vec<Vec<Vec<f64>>> = Vec::new();
    for &x in &xs {
        let layers = net.outputs(x);
        if values.is_empty() {
            values = layers.iter().map(|layer| vec![Vec::with_capacity(xs.len()); layer.len()]).collect();
        }
        for (lists, layer) in values.iter_mut().zip(layers) {
            lists.iter_mut().zip(layer).for_each(|(list, value)| list.push(value));
        }
    }
    let hidden = lab.hidden();
    let plot = |layer: usize, row: usize, values: &[f64]| {
        let bend = Bend { layer: layer + 1, neuron: row + 1 };
        let is_dead = layer < hidden.len() && pieces.is_some_and(|pieces| !pieces.is_live(bend));
        NodePlot { is_dead, ..scaled(&xs, values) }
    };
    let layer = |(layer, rows): (usize, Vec<Vec<f64>>)| {
        rows.iter().enumerate().map(|(row, values)| plot(layer, row, values)).collect()
    };
    values.into_iter().enumerate().map(layer).collect()
}

/// Values at rising xs in a square of side 1.
fn scaled(xs: &[f64], values: &[f64]) -> NodePlot {
    let finite = values.iter().copied().filter(|value| value.is_finite());
    let (low, high) = finite.fold((0.0_f64, 0.0_f64), |(low, high), value| (low.min(value), high.max(value)));
    let (Some(&from), Some(&to)) = (xs.first(), xs.last()) else { return NodePlot::default() };
    let tall = if high > low { high - low } else { 1.0 };
    let points: Vec<_> = xs
        .iter()
        .zip(values)
        .filter(|(_, value)| value.is_finite())
        .map(|(x, value)| ((x - from) / (to - from), (value - low) / tall))
        .collect();
    let line = straightened(&points);
    let zero = -low / tall;
    let area = [&line[..], &[(1.0, zero), (0.0, zero)]].concat();
    NodePlot { line, areas: vec![area], is_dead: false }
}

/// The line without the points that lie on it anyway: from each that is kept, it goes as far as one straight stroke is no
/// further than [`ON_LINE`] from all that it leaves out.
fn straightened(points: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let Some(&first) = points.first() else { return Vec::new() };
    let mut kept = vec![first];
    // The slopes of such strokes.
    let (mut low, mut high) = (f64::NEG_INFINITY, f64::INFINITY);
    for pair in points.windows(2) {
        let (before, (x, y)) = (pair[0], pair[1]);
        let slope = |from: (f64, f64), off: f64| (y + off - from.1) / (x - from.0);
        let mut from = *kept.last().unwrap_or(&first);
        let is_straight = (low..=high).contains(&slope(from, 0.0));
        if !is_straight {
            kept.push(before);
            from = before;
            (low, high) = (f64::NEG_INFINITY, f64::INFINITY);
        }
        if x > from.0 {
            (low, high) = (low.max(slope(from, -ON_LINE)), high.min(slope(from, ON_LINE)));
        }
    }
    kept.extend(points.last().filter(|_| points.len() > 1));
    kept
}

impl NodePlot {
    /// Its line, and its areas, each as the `d` of an SVG path, in a square with this corner and side.
    pub fn paths(&self, (left, top): (f64, f64), side: f64) -> (String, String) {
        let at = |&(x, y): &(f64, f64)| format!("{:.1},{:.1}", left + x * side, top + (1.0 - y) * side);
        let joined = |points: &Vec<(f64, f64)>| points.iter().map(at).collect::<Vec<_>>().join("L");
        let line = if self.line.is_empty() { String::new() } else { format!("M{}", joined(&self.line)) };
        (line, self.areas.iter().map(|area| format!("M{}Z", joined(area))).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::labs::function::network::random;
    use crate::labs::parameters::Parameters;

    fn of(parameters: Parameters) -> (NetworkLab, Vec<Vec<NodePlot>>) {
        let lab = NetworkLab::of(parameters);
        let pieces = Pieces::of(&lab.net());
        let plots = plots(&lab, Some(&pieces));
        (lab, plots)
    }

    #[test]
    fn a_neurons_plot_bends_where_the_neuron_does() {
        let (_, plots) = of(NetworkLab::default().parameters().clone());
        assert_eq!(plots.iter().map(Vec::len).collect::<Vec<_>>(), [3, 1]);
        // ReLU(x − 1) on −5 … 5: 0 up to 1, then up to 4.
        assert_eq!(plots[0][1].line, [(0.0, 0.0), (0.6, 0.0), (1.0, 1.0)]);
        // f goes from 1 over −1, −1 and 2 to −2.
        assert_eq!(plots[1][0].line, [(0.0, 0.75), (0.2, 0.25), (0.3, 0.25), (0.6, 1.0), (1.0, 0.0)]);
        assert_eq!(plots[1][0].areas[0][5..], [(1.0, 0.5), (0.0, 0.5)]);
    }

    #[test]
    fn a_neuron_is_dead_only_where_it_is_0_on_the_whole_line() {
        // The first of the second layer sees −1 − h ≤ −1; the second one's x − 9 is 0 only as far as the plot shows.
        let parameters = Parameters::of(1, &[(&[&[1], &[1]], &[0, -9]), (&[&[-1, 0]], &[-1]), (&[&[1]], &[0])]);
        let (_, plots) = of(parameters);
        assert_eq!(plots[0].iter().map(|plot| plot.is_dead).collect::<Vec<_>>(), [false, false]);
        assert_eq!(plots[0][1].line, [(0.0, 0.0), (1.0, 0.0)]);
        assert!(plots[1][0].is_dead && !plots[2][0].is_dead);
    }

    #[test]
    fn points_left_out_are_on_the_line() {
        let (lab, plots) = of(random(&[8, 8, 8], 3));
        let net = FloatNet::new(&lab.effective(), lab.activation);
        for (layer, rows) in plots.iter().enumerate() {
            for (row, plot) in rows.iter().enumerate() {
                let values: Vec<_> =
                    (0..=500).map(|step| net.outputs(-5.0 + 0.02 * f64::from(step))[layer][row]).collect();
                let low = values.iter().copied().fold(0.0, f64::min);
                let tall = values.iter().copied().fold(0.0, f64::max) - low;
                for (step, value) in values.iter().enumerate() {
                    let x = step as f64 / 500.0;
                    let next = plot.line.partition_point(|point| point.0 < x).clamp(1, plot.line.len() - 1);
                    let ((x0, y0), (x1, y1)) = (plot.line[next - 1], plot.line[next]);
                    let drawn = y0 + (y1 - y0) * (x - x0) / (x1 - x0);
                    let real = (value - low) / tall.max(1e-9);
                    assert!((drawn - real).abs() < 0.02, "layer {layer}, row {row}: {drawn} is {real} at {x}");
                }
            }
        }
    }

    #[test]
    fn a_smooth_network_has_plots_too_and_none_of_its_neurons_is_dead() {
        let mut lab = NetworkLab::default();
        lab.activation = crate::labs::function::network::Activation::Tanh;
        let plots = plots(&lab, None);
        assert!(plots[0].iter().all(|plot| plot.line.len() > 5 && !plot.is_dead));
        let (line, filled) = plots[0][0].paths((10.0, 20.0), 40.0);
        assert!(line.starts_with("M10.0,") && filled.ends_with('Z') && filled.starts_with(&line));
    }
}
