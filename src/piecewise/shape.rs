//! Convex, concave, linear or neither: decided from slopes, with points to check.

use num_traits::One;

use super::{Interval, Kink, Pieces, Rational, to_f64};

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
        // For each property the kink that refutes it most visibly; f64 only chooses among those that do.
        let mut best: [Option<(f64, usize)>; 2] = [None, None];
        for (index, kink) in pieces.kinks().iter().enumerate().filter(|(_, kink)| interval.contains_inside(&kink.x)) {
            let [left, right] = [&pieces.pieces()[index], &pieces.pieces()[index + 1]];
            let slot = &mut best[usize::from(left.slope < right.slope)];
            let (a, c) = arms(pieces, index, kink, interval);
            let (a, c) = (to_f64(&(&kink.x - a)), to_f64(&(c - &kink.x)));
            let gap = (to_f64(&right.slope) - to_f64(&left.slope)).abs() * a * c / (a + c);
            if slot.is_none_or(|(largest, _)| gap > largest) {
                *slot = Some((gap, index));
            }
        }
        let chord = |(_, index)| chord_across(pieces, index, &pieces.kinks()[index], interval);
        let [not_convex, not_concave] = best.map(|found| found.map(chord));
        let verdict = match (&not_convex, &not_concave) {
            (None, None) => Verdict::Linear,
            (None, Some(_)) => Verdict::Convex,
            (Some(_), None) => Verdict::Concave,
            (Some(_), Some(_)) => Verdict::Neither,
        };
        Self { verdict, not_convex, not_concave }
    }
}

/// How far a chord over one kink reaches: to the left neighbour's start and to the right neighbour's end, each at
/// most 1 away and inside the interval, so that it touches no other kink.
fn arms(pieces: &Pieces, index: usize, kink: &Kink, interval: &Interval) -> (Rational, Rational) {
    let [left, right] = [&pieces.pieces()[index], &pieces.pieces()[index + 1]];
    let nearest = |far: Rational, limits: [&Option<Rational>; 2], pick: fn(Rational, Rational) -> Rational| {
        limits.into_iter().flatten().fold(far, |best, limit| pick(best, limit.clone()))
    };
    let one = Rational::one();
    (
        nearest(&kink.x - &one, [&left.interval.start, &interval.start], Ord::max),
        nearest(&kink.x + &one, [&right.interval.end, &interval.end], Ord::min),
    )
}

fn chord_across(pieces: &Pieces, index: usize, kink: &Kink, interval: &Interval) -> Chord {
    let [left, right] = [&pieces.pieces()[index], &pieces.pieces()[index + 1]];
    let (a, c) = arms(pieces, index, kink, interval);
    let (fa, fc) = (left.at(&a), right.at(&c));
    let share = (&kink.x - &a) / (&c - &a);
    let chord = &fa + (&fc - &fa) * share;
    Chord { x: [a, kink.x.clone(), c], f: [fa, kink.y.clone(), fc], chord }
}
