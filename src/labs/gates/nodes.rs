//! The small picture in each node of a gate's network: where in the view the neuron is on.
//!
//! Every neuron has one sign on each cell that the prover has cut, so a cell's middle tells of the whole cell.

use num_traits::Signed;

use super::picture::{Point, View, clip};
use crate::labs::diagram::NodePlot;
use crate::piecewise::gate::Prover;
use crate::piecewise::{Net, to_f64};

/// A cell: its border, and which neurons are on in it, layer by layer; at the end, whether f > 0.
type Cell = (Vec<Point>, Vec<Vec<bool>>);

/// The cells of a proof, for pictures of any view that is not much larger.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Nodes {
    cells: Vec<Cell>,
    /// Which neurons are 0 on the whole plane.
    dead: Vec<Vec<bool>>,
}

/// Far above the rounding of a sum of a few products, relative to their sizes.
const ROUNDING: f64 = 1e-12;

/// Matrices and biases, for pictures.
type Floats = Vec<(Vec<Vec<f64>>, Vec<f64>)>;

fn floats(net: &Net) -> Floats {
    let row = |row: &Vec<_>| row.iter().map(to_f64).collect();
    net.layers().iter().map(|layer| (layer.weights.iter().map(row).collect(), row(&layer.bias))).collect()
}

fn signs(layers: &Floats, (x, y): Point) -> Vec<Vec<bool>> {
    let mut signal = vec![x, y];
    let mut all = Vec::new();
    for (weights, bias) in layers {
        // What rounding could have made is as good as 0 here; whether it is 0 is decided elsewhere.
        let sum = |(row, bias): (&Vec<f64>, &f64)| {
            let terms = || row.iter().zip(&signal).map(|(w, h)| w * h).chain([*bias]);
            let (sum, size) = (terms().sum::<f64>(), terms().map(f64::abs).sum::<f64>());
            if sum > ROUNDING * size { sum } else { 0.0 }
        };
        let sums: Vec<f64> = weights.iter().zip(bias).map(sum).collect();
        all.push(sums.iter().map(|sum| *sum > 0.0).collect());
        signal = sums;
    }
    all
}

impl Nodes {
    /// Of a finished proof about a network, for views with this [`far`](super::picture::far).
    pub fn new(prover: &Prover, net: &Net, far: f64) -> Self {
        let layers = floats(net);
        let areas: Vec<_> = prover.drawn().filter(|signed| signed.face.dimension() == 2).collect();
        let cell = |outline: Vec<Point>| {
            let count = outline.len().max(1) as f64;
            let middle = outline.iter().fold((0.0, 0.0), |sum, at| (sum.0 + at.0 / count, sum.1 + at.1 / count));
            let signs = signs(&layers, middle);
            (outline, signs)
        };
        let cells: Vec<Cell> = areas.iter().map(|signed| cell(signed.face.outline(far))).collect();
        let widths = net.hidden_widths();
        let seems_dead = |layer: usize, row: usize| !cells.iter().any(|(_, signs)| signs[layer][row]);
        let mut dead: Vec<Vec<bool>> = widths
            .iter()
            .enumerate()
            .map(|(layer, &width)| (0..width).map(|row| seems_dead(layer, row)).collect())
            .collect();
        // What is grey is said to be 0: that is not left to rounding.
        if dead.iter().flatten().any(|&dead| dead) {
            for signed in areas {
                let sums = net.sums_at(&signed.face.inner_point());
                for (dead, sums) in dead.iter_mut().zip(sums) {
                    dead.iter_mut().zip(sums).for_each(|(dead, sum)| *dead &= !sum.is_positive());
                }
            }
        }
        Self { cells, dead }
    }

    /// The pictures of a view: hidden layers, and at the end where f > 0.
    pub fn plots(&self, view: View) -> Vec<Vec<NodePlot>> {
        let ((x, y), half) = view;
        let mut plots: Vec<Vec<NodePlot>> =
            self.dead.iter().map(|layer| vec![NodePlot::default(); layer.len()]).collect();
        plots.push(vec![NodePlot::default()]);
        for (layer, row) in
            self.dead.iter().enumerate().flat_map(|(layer, rows)| (0..rows.len()).map(move |row| (layer, row)))
        {
            plots[layer][row].is_dead = self.dead[layer][row];
        }
        for (outline, signs) in &self.cells {
            let inside = clip(outline.clone(), (x - half, x + half, y - half, y + half));
            if inside.len() < 3 {
                continue;
            }
            let unit = |at: &Point| ((at.0 - x + half) / (2.0 * half), (at.1 - y + half) / (2.0 * half));
            let area: Vec<Point> = inside.iter().map(unit).collect();
            for (plots, signs) in plots.iter_mut().zip(signs) {
                for (plot, _) in plots.iter_mut().zip(signs).filter(|(_, is_on)| **is_on) {
                    plot.areas.push(area.clone());
                }
            }
        }
        plots
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::labs::gates::GateLab;
    use crate::labs::gates::picture::far;
    use crate::labs::parameters::Parameters;

    fn of(parameters: Parameters) -> Vec<Vec<NodePlot>> {
        let lab = GateLab { parameters, ..GateLab::default() };
        let mut prover = lab.prover();
        while !prover.advance(100) {}
        Nodes::new(&prover, &lab.parameters.net(), far(lab.view)).plots(lab.view)
    }

    fn area(plot: &NodePlot) -> f64 {
        let twice = |outline: &Vec<Point>| {
            let next = outline.iter().cycle().skip(1);
            outline.iter().zip(next).map(|(a, b)| a.0 * b.1 - a.1 * b.0).sum::<f64>().abs()
        };
        plot.areas.iter().map(twice).sum::<f64>() / 2.0
    }

    #[test]
    fn a_neuron_of_the_first_layer_is_on_in_a_half_plane() {
        // x₁ > 0: half of the view; x₂ > −1 of −3 … 3: two thirds; their sum minus 1, minus 10 times the first: see below.
        let plots = of(Parameters::of(
            2,
            &[(&[&[1, 0], &[0, 1]], &[0, 1]), (&[&[1, 1], &[-1, 0]], &[0, 0]), (&[&[1, 0]], &[-100])],
        ));
        assert_eq!(plots.iter().map(Vec::len).collect::<Vec<_>>(), [2, 2, 1]);
        let near = |plot: &NodePlot, expected: f64| {
            assert!((area(plot) - expected).abs() < 1e-9, "{} is {expected}", area(plot))
        };
        near(&plots[0][0], 0.5);
        near(&plots[0][1], 2.0 / 3.0);
        // On wherever one of the two is.
        near(&plots[1][0], 1.0 - 0.5 / 3.0);
        // −h₁ is never above 0, and f nowhere in the view.
        assert!(plots[1][1].is_dead && area(&plots[1][1]) == 0.0);
        assert!(plots[0].iter().all(|plot| !plot.is_dead));
        assert!(!plots[2][0].is_dead && area(&plots[2][0]) == 0.0);
    }

    #[test]
    fn rounding_makes_no_neuron_live_and_a_tiny_weight_none_dead() {
        let mut parameters =
            Parameters::of(2, &[(&[&[0, 0], &[0, 0], &[0, 0]], &[1, 1, 1]), (&[&[0, 0, 0]], &[0]), (&[&[1]], &[0])]);
        let mut of_weights = |weights: [&str; 3]| {
            for (column, text) in weights.into_iter().enumerate() {
                let place = crate::labs::parameters::Place { layer: 1, row: 0, column: Some(column) };
                parameters.set(place, text.parse().expect("a number"));
            }
            of(parameters.clone())[1][0].is_dead
        };
        // 0.1 + 0.2 − 0.3 is 0, but not in f64.
        assert!(of_weights(["0.1", "0.2", "-0.3"]));
        assert!(!of_weights(["0.1", "0.2", "-0.299999999"]));
        assert!(!of_weights(["100000", "-100000", "1e-9"]));
    }
}
