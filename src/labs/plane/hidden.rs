//! The plane as a hidden layer sees it: folded.

use crate::plot::{PlaneCell, PlaneLine, PlanePoint, PlaneShapes};

/// Multiplications up to which the regions are folded, too, and not the points alone.
const MAX_WORK: usize = 2_000_000;
/// Rounds of the search for an axis: far more than a picture needs.
const ROUNDS: usize = 60;

/// What is seen.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Folded {
    /// The points, in the layer's two coordinates.
    pub points: Vec<PlanePoint>,
    /// The regions, if there are few enough.
    pub shapes: PlaneShapes,
    /// The share of the points' variance that the two coordinates show; none if they are all there are.
    pub share: Option<f64>,
}

/// A layer's outputs for points of the plane.
struct Layer<'a> {
    hidden: &'a [usize],
    weights: &'a [f32],
}

impl Layer<'_> {
    /// h of the last of the layers.
    fn at(&self, (x1, x2): (f64, f64)) -> Vec<f64> {
        let mut values = vec![x1, x2];
        let mut rest = self.weights;
        for &width in self.hidden {
            let (matrix, after) = rest.split_at(width * values.len());
            let (bias, after) = after.split_at(width);
            rest = after;
            let sum = |(row, bias): (&[f32], &f32)| {
                let products = row.iter().zip(&values).map(|(weight, value)| f64::from(*weight) * value);
                (products.sum::<f64>() + f64::from(*bias)).max(0.0)
            };
            values = matrix.chunks(values.len()).zip(bias).map(sum).collect();
        }
        values
    }

    /// Multiplications for a point.
    fn work(&self) -> usize {
        let widths = std::iter::once(2).chain(self.hidden.iter().copied());
        widths.zip(self.hidden).map(|(inputs, outputs)| inputs * outputs).sum()
    }
}

/// The points and regions after so many hidden layers, at least one: in the coordinates of two neurons where the layer has no
/// more, else in the first two principal axes of the points. `None` if the weights are too few.
pub fn folded(hidden: &[usize], weights: &[f32], points: &[PlanePoint], shapes: &PlaneShapes) -> Option<Folded> {
    let layer = Layer { hidden, weights };
    let width = *hidden.last()?;
    if weights.len() < layer.work() + hidden.iter().sum::<usize>() {
        return None;
    }
    let values: Vec<Vec<f64>> = points.iter().map(|point| layer.at(point.at)).collect();
    let (axes, share) = match width {
        1 => ([vec![1.0], vec![0.0]], None),
        2 => ([vec![1.0, 0.0], vec![0.0, 1.0]], None),
        _ => {
            let (axes, share) = principal(&values, width);
            (axes, Some(share))
        }
    };
    let along = |axis: &[f64], values: &[f64]| axis.iter().zip(values).map(|(a, value)| a * value).sum::<f64>();
    let place = |values: &[f64]| (along(&axes[0], values), along(&axes[1], values));
    let points: Vec<PlanePoint> =
        points.iter().zip(&values).map(|(point, values)| PlanePoint { at: place(values), ..*point }).collect();
    let corners = shapes.cells.iter().map(|cell| cell.corners.len()).sum::<usize>()
        + shapes.lines.iter().map(|line| line.points.len()).sum::<usize>()
        + 2 * shapes.boundary.len();
    let fold = |at: &(f64, f64)| place(&layer.at(*at));
    let shapes = if corners * layer.work() > MAX_WORK {
        PlaneShapes::default()
    } else {
        PlaneShapes {
            cells: shapes
                .cells
                .iter()
                .map(|cell| PlaneCell { corners: cell.corners.iter().map(fold).collect(), ..cell.clone() })
                .collect(),
            lines: shapes
                .lines
                .iter()
                .map(|line| PlaneLine { points: line.points.iter().map(fold).collect(), ..line.clone() })
                .collect(),
            boundary: shapes.boundary.iter().map(|ends| [fold(&ends[0]), fold(&ends[1])]).collect(),
        }
    };
    Some(Folded { points, shapes, share })
}

/// The first two principal axes, each with its largest entry positive, and the share of the variance along them.
fn principal(values: &[Vec<f64>], width: usize) -> ([Vec<f64>; 2], f64) {
    let count = values.len().max(1) as f64;
    let mean: Vec<f64> = (0..width).map(|i| values.iter().map(|row| row[i]).sum::<f64>() / count).collect();
    let mut spread = vec![vec![0.0; width]; width];
    for row in values {
        for i in 0..width {
            for j in 0..width {
                spread[i][j] += (row[i] - mean[i]) * (row[j] - mean[j]) / count;
            }
        }
    }
    let total: f64 = (0..width).map(|i| spread[i][i]).sum();
    let (first, along_first) = axis(&spread);
    for i in 0..width {
        for j in 0..width {
            spread[i][j] -= along_first * first[i] * first[j];
        }
    }
    let (second, along_second) = axis(&spread);
    let share = if total > 0.0 { ((along_first + along_second) / total).min(1.0) } else { 1.0 };
    ([first, second], share)
}

/// The axis of the largest variance, and that, by repeated multiplication.
fn axis(spread: &[Vec<f64>]) -> (Vec<f64>, f64) {
    // Towards the neuron that varies most, and a little towards each other.
    let mut axis: Vec<f64> = (0..spread.len()).map(|i| spread[i][i] + 1e-3 / (i + 1) as f64).collect();
    let mut size = 0.0;
    for _ in 0..ROUNDS {
        let next: Vec<f64> = spread.iter().map(|row| row.iter().zip(&axis).map(|(s, a)| s * a).sum::<f64>()).collect();
        size = next.iter().map(|x| x * x).sum::<f64>().sqrt();
        if size <= 1e-12 {
            return (vec![0.0; spread.len()], 0.0);
        }
        axis = next.into_iter().map(|x| x / size).collect();
    }
    let largest = axis.iter().copied().fold(0.0, |a: f64, b| if b.abs() > a.abs() { b } else { a });
    axis.iter_mut().for_each(|x| *x *= largest.signum());
    (axis, size)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(x: f64, y: f64) -> PlanePoint {
        PlanePoint { at: (x, y), class: 0, is_validation: false, is_right: true }
    }

    #[test]
    fn two_neurons_are_their_own_axes_and_fold_the_plane() {
        // relu(x₁), relu(−x₂).
        let weights = [1.0, 0.0, 0.0, -1.0, 0.0, 0.0];
        let shapes = PlaneShapes { boundary: vec![[(-1.0, -2.0), (3.0, -2.0)]], ..PlaneShapes::default() };
        let folded = folded(&[2], &weights, &[point(2.0, -3.0), point(-1.0, 1.0)], &shapes).expect("it fits");
        let places: Vec<_> = folded.points.iter().map(|point| point.at).collect();
        assert_eq!((places, folded.share), (vec![(2.0, 3.0), (0.0, 0.0)], None));
        assert_eq!(folded.shapes.boundary, [[(0.0, 2.0), (3.0, 2.0)]]);
        assert_eq!(super::folded(&[2], &weights[1..], &[], &shapes), None);
    }

    #[test]
    fn more_neurons_are_seen_along_the_axes_of_the_largest_spread() {
        // relu(x₁), relu(x₂), and relu(x₁) again: x₁ counts twice.
        let weights = [1.0, 0.0, 0.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0];
        let points = [point(0.0, 0.0), point(4.0, 0.0), point(0.0, 1.0), point(4.0, 1.0)];
        let folded = folded(&[3], &weights, &points, &PlaneShapes::default()).expect("it fits");
        assert!(folded.share.is_some_and(|share| share > 0.999_999));
        let apart = |a: usize, b: usize| folded.points[a].at.0 - folded.points[b].at.0;
        assert!((apart(1, 0) - 32_f64.sqrt()).abs() < 1e-6 && apart(2, 0).abs() < 1e-6);
        assert!((folded.points[2].at.1 - folded.points[0].at.1 - 1.0).abs() < 1e-6);
        // All in one place, nothing spreads.
        let none = super::folded(&[3], &weights, &points[..1], &PlaneShapes::default()).expect("it fits");
        assert_eq!(none.share, Some(1.0));
    }
}
