//! A network's output at one input, while its parameters move on a line.
//!
//! With parameters θ(t) = (1 − t)·from + t·to and a fixed x, g(t) = f(x; θ(t)) is continuous and piecewise
//! polynomial: a pre-activation of layer l is a polynomial of degree at most l between the places where an
//! earlier neuron changes sign, and so is g, with all layers counted. Breaks are roots of polynomials, not
//! always rational, and kept as [`Algebraic`] numbers: nothing here knows a tolerance.
//!
//! [`PathPieces::of`] finds the pieces, [`PathAnalysis`] the same in slices, and [`PathShape::on`] decides
//! convexity from the signs of second derivatives and of the slopes' jumps.

mod analysis;
mod shape;

pub use analysis::{PathAnalysis, ShapesDiffer};
pub use shape::PathShape;

use super::{Algebraic, Bend, Net, Polynomial, Rational};

/// A maximal interval on which g is one polynomial.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathPiece {
    /// Left end, or `None` for −∞.
    pub start: Option<Algebraic>,
    /// Right end, or `None` for +∞.
    pub end: Option<Algebraic>,
    /// g there, as a function of t.
    pub polynomial: Polynomial,
}

/// A point where g passes from one polynomial to another. Their slopes there may be equal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathBreak {
    /// Where.
    pub t: Algebraic,
    /// The neurons whose pre-activation is zero there and positive on one side only, by layer and row. Not
    /// listed is a neuron of which the layer after it lets nothing through there.
    pub bends: Vec<Bend>,
}

/// A continuous, piecewise polynomial function of t on the whole line: its pieces from left to right and the
/// breaks between them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathPieces {
    pieces: Vec<PathPiece>,
    breaks: Vec<PathBreak>,
}

/// A growing list of cells with the breaks between them, where cells that continue each other are one.
#[derive(Clone, Debug)]
struct Cells<S> {
    breaks: Vec<PathBreak>,
    /// What is known on each cell: one more than there are breaks, or none at the start.
    signals: Vec<S>,
}

impl<S: PartialEq> Cells<S> {
    fn new() -> Self {
        Self { breaks: Vec::new(), signals: Vec::new() }
    }

    /// Adds a cell, and the break on its left unless nothing changes there. The first cell has none.
    fn push(&mut self, left: Option<PathBreak>, signal: S) {
        if self.signals.last() != Some(&signal) {
            self.breaks.extend(left);
            self.signals.push(signal);
        }
    }
}

impl PathPieces {
    /// The pieces of t ↦ f(x; (1 − t)·from + t·to).
    ///
    /// # Errors
    /// If the networks' shapes differ, or `x` has not as many numbers as they have inputs.
    pub fn of(from: &Net, to: &Net, x: &[Rational]) -> Result<Self, ShapesDiffer> {
        PathAnalysis::new(from, to, x).map(PathAnalysis::finish)
    }

    fn from_cells(cells: Cells<Polynomial>) -> Self {
        let places = || cells.breaks.iter().map(|b| Some(b.t.clone()));
        let starts = std::iter::once(None).chain(places());
        let ends = places().chain(std::iter::once(None));
        let piece = |(polynomial, (start, end))| PathPiece { start, end, polynomial };
        let pieces = cells.signals.into_iter().zip(starts.zip(ends)).map(piece).collect();
        Self { pieces, breaks: cells.breaks }
    }

    /// The pieces, left to right; at least one.
    pub fn pieces(&self) -> &[PathPiece] {
        &self.pieces
    }

    /// The breaks, left to right: one fewer than there are pieces.
    pub fn breaks(&self) -> &[PathBreak] {
        &self.breaks
    }

    /// The piece that holds t; at a break, the one to its right.
    pub fn piece_at(&self, t: &Rational) -> &PathPiece {
        let t = Algebraic::from(t.clone());
        &self.pieces[self.breaks.partition_point(|b| b.t <= t)]
    }

    /// g(t).
    pub fn at(&self, t: &Rational) -> Rational {
        self.piece_at(t).polynomial.at(t)
    }

    /// The loss (1/n)·Σ (gᵢ(t) − yᵢ)² of the pairs (gᵢ, yᵢ); zero if there are none. A break has the bends
    /// of all pairs that break there.
    #[must_use]
    pub fn mean_squared_error(list: &[(Self, Rational)]) -> Self {
        let square = |index: usize, piece: usize| {
            let (pieces, y) = &list[index];
            let error = &pieces.pieces[piece].polynomial - &Polynomial::constant(y.clone());
            &error * &error
        };
        let count = Rational::from_integer(list.len().max(1).into());
        let mut squares: Vec<Polynomial> = (0..list.len()).map(|index| square(index, 0)).collect();
        let mut total = squares.iter().fold(Polynomial::zero(), |total, square| &total + square);
        let mut cells = Cells::new();
        cells.push(None, total.scaled(&count.recip()));

        let breaks_of = |(index, (pieces, _)): (usize, &'_ (Self, Rational))| {
            (0..pieces.breaks.len()).map(move |place| (index, place)).collect::<Vec<_>>()
        };
        let break_at = |&(index, place): &(usize, usize)| &list[index].0.breaks[place];
        let mut all: Vec<_> = list.iter().enumerate().flat_map(breaks_of).collect();
        all.sort_by(|a, b| break_at(a).t.cmp(&break_at(b).t));
        for group in all.chunk_by(|a, b| break_at(a).t == break_at(b).t) {
            for &(index, place) in group {
                let next = square(index, place + 1);
                total = &(&total - &squares[index]) + &next;
                squares[index] = next;
            }
            let mut bends: Vec<_> = group.iter().flat_map(|at| &break_at(at).bends).copied().collect();
            bends.sort_unstable();
            bends.dedup();
            let left = PathBreak { t: break_at(&group[0]).t.clone(), bends };
            cells.push(Some(left), total.scaled(&count.recip()));
        }
        Self::from_cells(cells)
    }
}
