//! Convex, concave, linear or neither: decided from slopes, with points to check.

use num_traits::One;

use super::{Interval, Kink, Pieces, Rational};

/// The shape of a function on an interval. "Linear" is the homework's word for affine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// One slope.
    Linear,
    /// Slopes never fall, and rise somewhere.
    Convex,
    /// Slopes never rise, and fall somewhere.
    Concave,
    /// Slopes rise somewhere and fall somewhere.
    Neither,
}

/// Three points `a < b < c` and the chord from a to c: f(b) above the chord refutes convexity, below it
/// concavity, and either refutes linearity. All numbers are exact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chord {
    /// x of the three points, rising.
    pub x: [Rational; 3],
    /// f at the three points.
    pub f: [Rational; 3],
    /// The chord's value at `x[1]`, never equal to `f[1]`.
    pub chord: Rational,
}

/// A [`Verdict`] with its evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shape {
    /// The verdict.
    pub verdict: Verdict,
    /// A chord that f crosses upwards: f is not convex.
    pub not_convex: Option<Chord>,
    /// A chord that f crosses downwards: f is not concave.
    pub not_concave: Option<Chord>,
}

impl Verdict {
    /// The word for it, as the homework says it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Linear => "linear",
            Self::Convex => "convex",
            Self::Concave => "concave",
            Self::Neither => "neither",
        }
    }
}

impl Shape {
    /// The shape on the whole line.
    pub fn of(pieces: &Pieces) -> Self {
        Self::on(pieces, &Interval { start: None, end: None })
    }

    /// The shape on an interval. Only kinks strictly inside it count.
    pub fn on(pieces: &Pieces, interval: &Interval) -> Self {
        let mut not_convex = None;
        let mut not_concave = None;
        for (index, kink) in pieces.kinks().iter().enumerate() {
            let [left, right] = [&pieces.pieces()[index], &pieces.pieces()[index + 1]];
            let slot = if left.slope > right.slope { &mut not_convex } else { &mut not_concave };
            if slot.is_none() && interval.contains_inside(&kink.x) {
                *slot = Some(chord_across(pieces, index, kink, interval));
            }
        }
        let verdict = match (&not_convex, &not_concave) {
            (None, None) => Verdict::Linear,
            (None, Some(_)) => Verdict::Convex,
            (Some(_), None) => Verdict::Concave,
            (Some(_), Some(_)) => Verdict::Neither,
        };
        Self { verdict, not_convex, not_concave }
    }
}

/// A chord over one kink: from the left neighbour's start to the right neighbour's end, each at most 1
/// away and inside the interval, so that it touches no other kink.
fn chord_across(pieces: &Pieces, index: usize, kink: &Kink, interval: &Interval) -> Chord {
    let [left, right] = [&pieces.pieces()[index], &pieces.pieces()[index + 1]];
    let nearest = |far: Rational, limits: [&Option<Rational>; 2], pick: fn(Rational, Rational) -> Rational| {
        limits.into_iter().flatten().fold(far, |best, limit| pick(best, limit.clone()))
    };
    let one = Rational::one();
    let a = nearest(&kink.x - &one, [&left.interval.start, &interval.start], Ord::max);
    let c = nearest(&kink.x + &one, [&right.interval.end, &interval.end], Ord::min);
    let (fa, fc) = (left.at(&a), right.at(&c));
    let share = (&kink.x - &a) / (&c - &a);
    let chord = &fa + (&fc - &fa) * share;
    Chord { x: [a, kink.x.clone(), c], f: [fa, kink.y.clone(), fc], chord }
}
