//! The pieces, found layer by layer and cell by cell.

use std::cmp::Ordering;

use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::{One, Zero};

use super::{Cells, PathBreak, PathPieces};
use crate::piecewise::{Algebraic, Bend, Layer, Net, Polynomial, Rational};

/// Why two networks and an input make no path.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ShapesDiffer {
    /// Different depths.
    #[error("one network has {from} layers, the other {to}")]
    Layers {
        /// Layers of the first.
        from: usize,
        /// Layers of the second.
        to: usize,
    },
    /// A layer of different widths.
    #[error("layer {layer} (from 1) has {from} neurons in one network and {to} in the other")]
    Neurons {
        /// Counted from 1.
        layer: usize,
        /// Neurons of the first.
        from: usize,
        /// Neurons of the second.
        to: usize,
    },
    /// Different numbers of inputs, or an x that does not fit them.
    #[error("one network has {from} inputs, the other {to}, and the point has {point} coordinates")]
    Inputs {
        /// Inputs of the first.
        from: usize,
        /// Inputs of the second.
        to: usize,
        /// Coordinates of x.
        point: usize,
    },
}

/// a + b·t, in units of the layer.
type Moving = [BigInt; 2];

/// A layer whose numbers are (a + b·t)/unit.
#[derive(Clone, Debug)]
struct MovingLayer {
    /// `weights[i][j]`: from input j to neuron i.
    weights: Vec<Vec<Moving>>,
    bias: Vec<Moving>,
    unit: BigInt,
}

/// The search for the pieces of a path, to be done in slices:
/// `while !analysis.advance() {}`, and then [`Self::finish`].
///
/// Layer by layer, the line is kept cut so finely that every neuron so far is a polynomial on each cell. A
/// layer's pre-activations are then polynomials too, and cut a cell only where they have roots inside it.
/// Cells on which a whole layer puts out the same polynomials are merged at once.
#[derive(Clone, Debug)]
pub struct PathAnalysis {
    layers: Vec<MovingLayer>,
    /// The layer at work, from 0; all are done when it is their number.
    layer: usize,
    /// What the layer before puts out.
    cells: Cells<Vec<Polynomial>>,
    /// The first cell that is not done.
    next: usize,
    /// What this layer puts out on the cells that are done.
    made: Cells<Vec<Polynomial>>,
}

impl PathAnalysis {
    /// The search for the pieces of t ↦ f(x; (1 − t)·from + t·to).
    ///
    /// # Errors
    /// If the networks' shapes differ, or `x` has not as many numbers as they have inputs.
    pub fn new(from: &Net, to: &Net, x: &[Rational]) -> Result<Self, ShapesDiffer> {
        let (first, second) = (from.layers(), to.layers());
        if first.len() != second.len() {
            return Err(ShapesDiffer::Layers { from: first.len(), to: second.len() });
        }
        if from.inputs() != to.inputs() || x.len() != from.inputs() {
            return Err(ShapesDiffer::Inputs { from: from.inputs(), to: to.inputs(), point: x.len() });
        }
        for (index, (a, b)) in first.iter().zip(second).enumerate() {
            let (from, to) = (a.bias.len(), b.bias.len());
            if from != to {
                return Err(ShapesDiffer::Neurons { layer: index + 1, from, to });
            }
        }
        let layers = first.iter().zip(second).map(|(a, b)| MovingLayer::new(a, b)).collect();
        let mut cells = Cells::new();
        cells.push(None, x.iter().map(|x| Polynomial::constant(x.clone())).collect());
        Ok(Self { layers, layer: 0, cells, next: 0, made: Cells::new() })
    }

    /// Does one cell of one layer. Returns whether all is done.
    pub fn advance(&mut self) -> bool {
        let Some(layer) = self.layers.get(self.layer) else { return true };
        let left = self.next.checked_sub(1).map(|index| self.cells.breaks[index].clone());
        let end = self.cells.breaks.get(self.next).map(|b| &b.t);
        let sums = layer.sums(&self.cells.signals[self.next]);
        if self.layer + 1 == self.layers.len() {
            self.made.push(left, sums);
        } else {
            cut(&sums, left, end, self.layer + 1, &mut self.made);
        }

        self.next += 1;
        if self.next == self.cells.signals.len() {
            self.cells = std::mem::replace(&mut self.made, Cells::new());
            self.next = 0;
            self.layer += 1;
        }
        self.layer == self.layers.len()
    }

    /// Does what is left, and gives the pieces.
    pub fn finish(mut self) -> PathPieces {
        while !self.advance() {}
        let Cells { breaks, signals } = self.cells;
        let output = |mut sums: Vec<Polynomial>| sums.pop().expect("the last layer has one neuron");
        PathPieces::from_cells(Cells { breaks, signals: signals.into_iter().map(output).collect() })
    }
}

/// Cuts a cell where these pre-activations have roots inside it, and adds its parts with what the neurons
/// put out on them.
fn cut(
    sums: &[Polynomial],
    left: Option<PathBreak>,
    end: Option<&Algebraic>,
    layer: usize,
    made: &mut Cells<Vec<Polynomial>>,
) {
    let start = left.as_ref().map(|b| &b.t);
    let mut roots: Vec<_> = sums.iter().flat_map(|sum| Algebraic::roots_of(sum, start, end)).collect();
    roots.sort();
    roots.dedup();
    let mut left = left;
    let mut roots = roots.into_iter();
    loop {
        let root = roots.next();
        let right = root.as_ref().or(end);
        let inside = Algebraic::inside(left.as_ref().map(|b| &b.t), right).expect("the ends of a cell differ");
        let rectified = |sum: &Polynomial| match sum.sign_at(&inside) {
            Ordering::Greater => sum.clone(),
            _ => Polynomial::zero(),
        };
        let signal: Vec<_> = sums.iter().map(rectified).collect();
        if let (Some(left), Some(before)) = (&mut left, made.signals.last()) {
            let is_bent = |row: &usize| before[*row].is_zero() != signal[*row].is_zero();
            left.bends.extend((0..signal.len()).filter(is_bent).map(|row| Bend { layer, neuron: row + 1 }));
        }
        made.push(left.take(), signal);
        match root {
            Some(t) => left = Some(PathBreak { t, bends: Vec::new() }),
            None => break,
        }
    }
}

impl MovingLayer {
    fn new(from: &Layer, to: &Layer) -> Self {
        let all = |layer: &Layer| layer.weights.iter().flatten().chain(&layer.bias).cloned().collect::<Vec<_>>();
        let unit = [all(from), all(to)].iter().flatten().fold(BigInt::one(), |unit, w| unit.lcm(w.denom()));
        let whole = |value: &Rational| value.numer() * (&unit / value.denom());
        let moving = |(from, to): (&Rational, &Rational)| {
            let start = whole(from);
            let step = whole(to) - &start;
            [start, step]
        };
        let row = |from: &[Rational], to: &[Rational]| from.iter().zip(to).map(moving).collect::<Vec<_>>();
        let weights = from.weights.iter().zip(&to.weights).map(|(a, b)| row(a, b)).collect();
        Self { weights, bias: row(&from.bias, &to.bias), unit }
    }

    /// The pre-activations, of inputs that are polynomials in t.
    fn sums(&self, inputs: &[Polynomial]) -> Vec<Polynomial> {
        let common = inputs.iter().fold(BigInt::one(), |common, input| common.lcm(input.denominator()));
        let whole = |input: &Polynomial| -> Vec<BigInt> {
            let factor = &common / input.denominator();
            input.numerators().iter().map(|n| n * &factor).collect()
        };
        let inputs: Vec<_> = inputs.iter().map(whole).collect();
        let length = inputs.iter().map(Vec::len).max().unwrap_or(0).max(1) + 1;
        let neuron = |(row, [bias, bias_step]): (&Vec<Moving>, &Moving)| {
            let mut sum = vec![BigInt::zero(); length];
            sum[0] = bias * &common;
            sum[1] = bias_step * &common;
            for ([weight, step], input) in row.iter().zip(&inputs) {
                for (power, part) in input.iter().enumerate() {
                    sum[power] += weight * part;
                    if !step.is_zero() {
                        sum[power + 1] += step * part;
                    }
                }
            }
            Polynomial::over(sum, &self.unit * &common)
        };
        self.weights.iter().zip(&self.bias).map(neuron).collect()
    }
}
