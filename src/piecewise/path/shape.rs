//! Convex, concave, linear or neither, decided for piecewise polynomials, with points to check.

use std::cmp::Ordering;

use num_bigint::BigInt;
use num_traits::One;

use super::{PathPiece, PathPieces};
use crate::piecewise::{Algebraic, Chord, Rational, Verdict, to_f64};

/// Parts of the grid on which an easily seen witness is looked for.
const GRID: usize = 24;
/// A witness may have this share of the largest gap if its numbers are simpler.
const GOOD_GAP: f64 = 0.8;

/// A [`Verdict`] on a path with its evidence. The chords' `x` are values of t.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PathShape {
    /// The verdict.
    pub verdict: Verdict,
    /// A chord with g above it: g is not convex.
    pub not_convex: Option<Chord>,
    /// A chord with g below it: g is not concave.
    pub not_concave: Option<Chord>,
}

/// Why g is not convex, or not concave.
enum Reason {
    /// The second derivative has the wrong sign everywhere strictly inside.
    Curved { start: Option<Algebraic>, end: Option<Algebraic> },
    /// The slope jumps the wrong way.
    Bent { t: Algebraic },
}

impl PathShape {
    /// The shape on an interval; `None` stands for the end at infinity. Only what is strictly inside counts:
    /// an interval without inside is linear.
    pub fn on(pieces: &PathPieces, start: Option<&Rational>, end: Option<&Rational>) -> Self {
        let (mut not_convex, mut not_concave) = (None, None);
        if !matches!((start, end), (Some(start), Some(end)) if start >= end) {
            let study = Study::of(pieces, start, end);
            let is_bent = study.falls.is_some() || study.rises.is_some();
            let grids = if is_bent { study.grids() } else { Vec::new() };
            let witness = |reason: &Option<Reason>, gap| {
                let reason = reason.as_ref()?;
                let seen = grids.iter().find_map(|grid| grid.witness(gap));
                Some(seen.unwrap_or_else(|| study.local_witness(reason, gap)))
            };
            not_convex = witness(&study.falls, Ordering::Greater);
            not_concave = witness(&study.rises, Ordering::Less);
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

/// What decides the shape on one interval.
struct Study<'a> {
    pieces: &'a PathPieces,
    start: Option<&'a Rational>,
    end: Option<&'a Rational>,
    /// Where the slope falls: the first place found.
    falls: Option<Reason>,
    /// Where the slope rises.
    rises: Option<Reason>,
    /// A rational interval of t that shows every break and every root of a second derivative.
    window: [Rational; 2],
}

impl<'a> Study<'a> {
    fn of(pieces: &'a PathPieces, start: Option<&'a Rational>, end: Option<&'a Rational>) -> Self {
        let (mut falls, mut rises) = (None, None);
        let mut note = |curvature: Ordering, reason: Reason| match curvature {
            Ordering::Less => _ = falls.get_or_insert(reason),
            Ordering::Greater => _ = rises.get_or_insert(reason),
            Ordering::Equal => {}
        };
        let [left, right] = [start, end].map(|end| end.map(|t| Algebraic::from(t.clone())));
        let is_inside = |t: &Algebraic| left.as_ref().is_none_or(|a| a < t) && right.as_ref().is_none_or(|b| t < b);
        let mut seen: Vec<Algebraic> = Vec::new();

        for (index, piece) in pieces.pieces().iter().enumerate() {
            let Some([first, last]) = clipped(piece, &left, &right) else { continue };
            let bend = index.checked_sub(1).map(|before| (&pieces.pieces()[before], &pieces.breaks()[before].t));
            if let Some((before, t)) = bend.filter(|(_, t)| is_inside(t)) {
                let jump = &piece.polynomial.derivative() - &before.polynomial.derivative();
                note(t.sign_of(&jump), Reason::Bent { t: t.clone() });
                seen.push(t.clone());
            }
            let second = piece.polynomial.derivative().derivative();
            let mut cuts = vec![first.clone()];
            let roots = Algebraic::roots_of(&second, first.as_ref(), last.as_ref());
            cuts.extend(roots.iter().cloned().map(Some));
            cuts.push(last.clone());
            seen.extend(roots);
            for pair in cuts.windows(2) {
                let inside =
                    Algebraic::inside(pair[0].as_ref(), pair[1].as_ref()).expect("a clipped piece has an inside");
                note(second.sign_at(&inside), Reason::Curved { start: pair[0].clone(), end: pair[1].clone() });
            }
        }

        let one = Rational::one();
        let low = seen.first().map(|t| t.lower().floor() - &one);
        let high = seen.last().map(|t| t.upper().ceil() + &one);
        let two = Rational::from_integer(2.into());
        let window = match (start, end) {
            (Some(start), Some(end)) => [start.clone(), end.clone()],
            (Some(start), None) => [start.clone(), high.unwrap_or(start + two)],
            (None, Some(end)) => [low.unwrap_or(end - two), end.clone()],
            (None, None) => [low.unwrap_or(-&one), high.unwrap_or(one)],
        };
        Self { pieces, start, end, falls, rises, window }
    }

    /// Where to look, first to last: everywhere, then from θ(0) to θ(1) and as far again on both sides.
    fn grids(&self) -> Vec<Grid> {
        let near = [-1, 2].map(|t| Rational::from_integer(t.into()));
        let low = self.start.map_or(&near[0], |start| start.max(&near[0]));
        let high = self.end.map_or(&near[1], |end| end.min(&near[1]));
        let mut grids = vec![Grid::of(self.pieces, &self.window[0], &self.window[1])];
        if low < high {
            grids.push(Grid::of(self.pieces, low, high));
        }
        grids
    }

    fn chord(&self, t: [Rational; 3]) -> (Chord, Ordering) {
        let g = t.each_ref().map(|t| self.pieces.at(t));
        chord(t, g)
    }

    /// A chord near the reason, with the gap that it proves.
    fn local_witness(&self, reason: &Reason, gap: Ordering) -> Chord {
        match reason {
            Reason::Curved { start, end } => {
                let inside = |start: Option<&Algebraic>, end: Option<&Algebraic>| {
                    Algebraic::from(Algebraic::inside(start, end).expect("a curved part has an inside"))
                };
                let middle = inside(start.as_ref(), end.as_ref());
                let ends = [inside(start.as_ref(), Some(&middle)), inside(Some(&middle), end.as_ref())];
                self.chord([&ends[0], &middle, &ends[1]].map(|t| t.lower().clone())).0
            }
            // With b at most h/10 from the bend, the gap is at least 9/20·h·|jump| less a term in h². Reaches
            // are 1, 1/2, 1/5, 1/10 and so on, and b a multiple of a tenth of that: short decimals.
            Reason::Bent { t } => {
                let mut reach = Rational::one();
                for divisors in [[2, 1], [5, 2], [2, 1]].iter().cycle() {
                    let tenth = &reach / BigInt::from(10);
                    let b = (t.rational_near(&(&tenth / BigInt::from(4))) / &tenth).round() * &tenth;
                    let (a, c) = (&b - &reach, &b + &reach);
                    let fits = self.start.is_none_or(|start| *start <= a) && self.end.is_none_or(|end| c <= *end);
                    if fits {
                        let (chord, found) = self.chord([a, b, c]);
                        if found == gap {
                            return chord;
                        }
                    }
                    reach *= Rational::new(divisors[1].into(), divisors[0].into());
                }
                unreachable!("near a bend, some reach is small enough")
            }
        }
    }
}

/// The ends of the part of a piece that is strictly inside an interval, if there is any.
fn clipped(piece: &PathPiece, left: &Option<Algebraic>, right: &Option<Algebraic>) -> Option<[Option<Algebraic>; 2]> {
    // `None` is less than any number, as −∞ is; on the right, it must not win.
    let start = piece.start.as_ref().max(left.as_ref());
    let end = match (&piece.end, right) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.as_ref().or(b.as_ref()),
    };
    let is_empty = matches!((start, end), (Some(start), Some(end)) if start >= end);
    (!is_empty).then(|| [start.cloned(), end.cloned()])
}

/// The chord of a function at x = a < b < c, where it is f, and how f(b) compares with it.
fn chord(x: [Rational; 3], f: [Rational; 3]) -> (Chord, Ordering) {
    let share = (&x[1] - &x[0]) / (&x[2] - &x[0]);
    let chord = &f[0] + (&f[2] - &f[0]) * share;
    let gap = f[1].cmp(&chord);
    (Chord { x, f, chord }, gap)
}

/// Points at equal distances, with g there.
struct Grid {
    points: Vec<(Rational, Rational)>,
    /// g for the search; whatever is found is checked exactly.
    heights: Vec<f64>,
}

impl Grid {
    fn of(pieces: &PathPieces, low: &Rational, high: &Rational) -> Self {
        let step = (high - low) / BigInt::from(GRID);
        let points = (0..=GRID).map(|i| low + &step * BigInt::from(i));
        let points: Vec<_> = points.map(|t| (pieces.at(&t), t)).map(|(g, t)| (t, g)).collect();
        let heights = points.iter().map(|(_, g)| to_f64(g)).collect();
        Self { points, heights }
    }

    /// The chord of three of the points that has nearly the largest gap of this direction, and simple points.
    fn witness(&self, gap: Ordering) -> Option<Chord> {
        let sign = if gap.is_gt() { 1.0 } else { -1.0 };
        let count = self.points.len();
        let mut found: Vec<(f64, [usize; 3])> = Vec::new();
        for a in 0..count {
            for b in a + 1..count {
                for c in b + 1..count {
                    let share = (b - a) as f64 / (c - a) as f64;
                    let chord = self.heights[a] + (self.heights[c] - self.heights[a]) * share;
                    let size = sign * (self.heights[b] - chord);
                    if size > 0.0 && size.is_finite() {
                        found.push((size, [a, b, c]));
                    }
                }
            }
        }
        let largest = found.iter().map(|(size, _)| *size).fold(0.0, f64::max);
        let digits: Vec<u64> = self.points.iter().map(|(t, _)| t.denom().bits() + t.numer().bits()).collect();
        let effort = |points: &[usize; 3]| points.iter().map(|&point| digits[point]).sum::<u64>();
        let good = found.into_iter().filter(|(size, _)| *size >= GOOD_GAP * largest);
        let (_, points) = good.min_by(|a, b| effort(&a.1).cmp(&effort(&b.1)).then(b.0.total_cmp(&a.0)))?;
        let (chord, direction) = self::chord(
            points.map(|point| self.points[point].0.clone()),
            points.map(|point| self.points[point].1.clone()),
        );
        (direction == gap).then_some(chord)
    }
}
