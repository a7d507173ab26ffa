//! The pieces and kinks of a network's function.

use num_traits::Zero;

use super::{Net, Rational};

/// An interval of the line; `None` stands for the end at infinity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Interval {
    /// Left end, or `None` for −∞.
    pub start: Option<Rational>,
    /// Right end, or `None` for +∞.
    pub end: Option<Rational>,
}

/// A maximal interval on which f(x) = slope·x + intercept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Where.
    pub interval: Interval,
    /// Slope.
    pub slope: Rational,
    /// Value of the line at x = 0, which need not be in the interval.
    pub intercept: Rational,
}

/// A neuron that crosses zero: hidden layer and row, both from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Bend {
    /// Hidden layer, from 1.
    pub layer: usize,
    /// Row of that layer's matrix, from 1.
    pub neuron: usize,
}

/// A point where f is not differentiable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kink {
    /// Where.
    pub x: Rational,
    /// f there.
    pub y: Rational,
    /// The neurons that bend there.
    pub bends: Vec<Bend>,
}

/// A continuous piecewise-linear function: its pieces from left to right and the kinks between them.
///
/// There are no discontinuities to list: sums, multiples and maxima of continuous functions are continuous.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pieces {
    pieces: Vec<Piece>,
    kinks: Vec<Kink>,
}

/// An affine function of x.
#[derive(Clone)]
struct Affine {
    slope: Rational,
    intercept: Rational,
}

/// A breakpoint of the partition, with the neurons that cross zero at it.
struct Break {
    x: Rational,
    bends: Vec<Bend>,
}

impl Affine {
    fn zero() -> Self {
        Self { slope: Rational::zero(), intercept: Rational::zero() }
    }

    fn at(&self, x: &Rational) -> Rational {
        &self.slope * x + &self.intercept
    }

    fn root(&self) -> Option<Rational> {
        (!self.slope.is_zero()).then(|| -&self.intercept / &self.slope)
    }

    /// Whether the function is positive somewhere inside an interval on which it does not change sign.
    fn is_positive_on(&self, interval: &Interval) -> bool {
        let zero = Rational::zero();
        match (&interval.start, &interval.end) {
            (Some(a), Some(b)) => self.at(a) + self.at(b) > zero,
            (Some(a), None) => self.slope > zero || self.slope.is_zero() && self.at(a) > zero,
            (None, Some(b)) => self.slope < zero || self.slope.is_zero() && self.at(b) > zero,
            (None, None) => self.intercept > zero,
        }
    }
}

impl Interval {
    /// Whether x is strictly between the ends.
    pub fn contains_inside(&self, x: &Rational) -> bool {
        self.start.as_ref().is_none_or(|start| start < x) && self.end.as_ref().is_none_or(|end| x < end)
    }
}

impl Piece {
    /// slope·x + intercept, whether or not x is in the interval.
    pub fn at(&self, x: &Rational) -> Rational {
        &self.slope * x + &self.intercept
    }
}

impl Pieces {
    /// The pieces of a network's function.
    ///
    /// Layer by layer, the line is kept cut so finely that every neuron so far is affine on each cell; a
    /// layer's pre-activations are then affine too, and cut a cell only where they cross zero inside it.
    /// At the end, cells that continue each other's line are merged: bends that cancel are no kinks.
    pub fn of(net: &Net) -> Self {
        let mut breaks: Vec<Break> = Vec::new();
        // signals[c][i]: what neuron i of the layer before puts out on cell c.
        let mut signals = vec![vec![Affine { slope: Rational::from_integer(1.into()), intercept: Rational::zero() }]];
        let (last, hidden) = net.layers().split_last().expect("a net has a layer");
        for (index, layer) in hidden.iter().enumerate() {
            let mut next_breaks = Vec::new();
            let mut next_signals = Vec::new();
            let mut old_breaks = breaks.into_iter();
            let mut start: Option<Rational> = None;
            for inputs in &signals {
                let right = old_breaks.next();
                let cell = Interval { start: start.take(), end: right.as_ref().map(|b| b.x.clone()) };
                let sums = pre_activations(layer, inputs);
                let crossings = crossings(&sums, &cell, index + 1);
                let mut left = cell.start.clone();
                for crossing in crossings {
                    let part = Interval { start: left.replace(crossing.x.clone()), end: Some(crossing.x.clone()) };
                    next_signals.push(rectified(&sums, &part));
                    next_breaks.push(crossing);
                }
                next_signals.push(rectified(&sums, &Interval { start: left, end: cell.end.clone() }));
                next_breaks.extend(right);
                start = cell.end;
            }
            mark_bends_at_breaks(&mut next_breaks, &next_signals, index + 1);
            breaks = next_breaks;
            signals = next_signals;
        }
        let outputs = signals.iter().map(|inputs| pre_activations(last, inputs).swap_remove(0)).collect();
        Self::merged(breaks, outputs)
    }

    fn merged(breaks: Vec<Break>, outputs: Vec<Affine>) -> Self {
        let mut pieces: Vec<Piece> = Vec::new();
        let mut kinks = Vec::new();
        let mut breaks = breaks.into_iter();
        let mut left: Option<Break> = None;
        for Affine { slope, intercept } in outputs {
            let right = breaks.next();
            let end = right.as_ref().map(|b| b.x.clone());
            let start = left.as_ref().map(|b| b.x.clone());
            match pieces.last_mut() {
                Some(before) if before.slope == slope && before.intercept == intercept => before.interval.end = end,
                _ => {
                    let piece = Piece { interval: Interval { start, end }, slope, intercept };
                    if let Some(Break { x, bends }) = left.take() {
                        kinks.push(Kink { y: piece.at(&x), x, bends });
                    }
                    pieces.push(piece);
                }
            }
            left = right;
        }
        Self { pieces, kinks }
    }

    /// The pieces, left to right; at least one.
    pub fn pieces(&self) -> &[Piece] {
        &self.pieces
    }

    /// The kinks, left to right: one fewer than there are pieces.
    pub fn kinks(&self) -> &[Kink] {
        &self.kinks
    }

    /// The piece that holds x; at a kink, the one to its right.
    pub fn piece_at(&self, x: &Rational) -> &Piece {
        &self.pieces[self.kinks.partition_point(|kink| kink.x <= *x)]
    }
}

fn pre_activations(layer: &super::Layer, inputs: &[Affine]) -> Vec<Affine> {
    let neuron = |(row, bias): (&Vec<Rational>, &Rational)| {
        let mut sum = Affine { slope: Rational::zero(), intercept: bias.clone() };
        for (weight, input) in row.iter().zip(inputs).filter(|(weight, _)| !weight.is_zero()) {
            sum.slope += weight * &input.slope;
            sum.intercept += weight * &input.intercept;
        }
        sum
    };
    layer.weights.iter().zip(&layer.bias).map(neuron).collect()
}

/// Where these pre-activations cross zero strictly inside the cell, left to right.
fn crossings(sums: &[Affine], cell: &Interval, layer: usize) -> Vec<Break> {
    let mut roots: Vec<(Rational, Bend)> = Vec::new();
    for (row, sum) in sums.iter().enumerate() {
        if let Some(x) = sum.root().filter(|x| cell.contains_inside(x)) {
            roots.push((x, Bend { layer, neuron: row + 1 }));
        }
    }
    roots.sort();
    let mut breaks: Vec<Break> = Vec::new();
    for (x, bend) in roots {
        match breaks.last_mut() {
            Some(last) if last.x == x => last.bends.push(bend),
            _ => breaks.push(Break { x, bends: vec![bend] }),
        }
    }
    breaks
}

fn rectified(sums: &[Affine], cell: &Interval) -> Vec<Affine> {
    sums.iter().map(|sum| if sum.is_positive_on(cell) { sum.clone() } else { Affine::zero() }).collect()
}

/// A neuron can also bend exactly on a break that an earlier layer made: it is zero there and live on one
/// side only. Breaks made by this layer have their bends already.
fn mark_bends_at_breaks(breaks: &mut [Break], signals: &[Vec<Affine>], layer: usize) {
    for (b, at) in breaks.iter_mut().enumerate() {
        if at.bends.iter().any(|bend| bend.layer == layer) {
            continue;
        }
        for (row, (left, right)) in signals[b].iter().zip(&signals[b + 1]).enumerate() {
            let is_zero = |signal: &Affine| signal.slope.is_zero() && signal.intercept.is_zero();
            if is_zero(left) != is_zero(right) && left.at(&at.x).is_zero() {
                at.bends.push(Bend { layer, neuron: row + 1 });
            }
        }
    }
}
