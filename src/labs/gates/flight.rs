//! The way to a counterexample, however small what is wrong may be.

use super::GateLab;
use super::picture::View;
use crate::piecewise::{Rational, to_f64};

/// The view is so many times as wide as what is to be seen in it.
const ROOM: f64 = 4.0;
/// Milliseconds of a flight: at least, and for each power of ten.
const MS: (f64, f64) = (450.0, 110.0);

/// The view around a point in which its distance from the axes and from the neurons' lines is seen, whatever that is; no
/// wider than the one at home.
pub fn closeup(gate: &GateLab, point: &[Rational; 2]) -> View {
    let at = point.each_ref().map(to_f64);
    let (_, widest) = GateLab::default().view;
    let net = gate.parameters.net();
    let sums = net.sums_at(point);
    // Of a line w·x + b = 0 a point is |w·x + b| / |w| away. Of the first layer's those are straight.
    let lines = net.layers()[0].weights.iter().zip(&sums[0]).map(|(weights, sum)| {
        let size = weights.iter().map(to_f64).fold(0.0, f64::hypot);
        to_f64(sum).abs() / size
    });
    let away = at.into_iter().map(f64::abs).chain(lines).filter(|distance| *distance > 0.0 && distance.is_finite());
    let nearest = away.fold(f64::INFINITY, f64::min);
    ((at[0], at[1]), (ROOM * nearest).clamp(1e-10, widest))
}

/// How long the way from view to view takes, in milliseconds.
pub fn duration_ms(from: View, to: View) -> f64 {
    MS.0 + MS.1 * (from.1 / to.1).log10().abs()
}

/// The view at a share of the way. The width changes by the same factor in the same time, and the point about which it
/// is zoomed stays where it is.
pub fn between(from: View, to: View, share: f64) -> View {
    // Slow at both ends.
    let share = share.clamp(0.0, 1.0);
    let share = share * share * (3.0 - 2.0 * share);
    if share >= 1.0 {
        return to;
    }
    let half = from.1 * (to.1 / from.1).powf(share);
    let rest = if (from.1 / to.1 - 1.0).abs() < 1e-6 { 1.0 - share } else { (half - to.1) / (from.1 - to.1) };
    let along = |from: f64, to: f64| to + (from - to) * rest;
    ((along(from.0.0, to.0.0), along(from.0.1, to.0.1)), half)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::labs::gates::presets;
    use crate::piecewise::gate::Verdict;

    fn refuted(id: &str) -> (GateLab, [Rational; 2]) {
        let mut gate = GateLab::default();
        gate.load(presets().iter().find(|preset| preset.id == id).expect("a preset"));
        let mut prover = gate.prover();
        while !prover.advance(100) {}
        match prover.verdict(&gate.parameters.net()) {
            Some(Verdict::Refuted(counterexample)) => (gate, counterexample.point.clone()),
            other => panic!("{id}: {other:?}"),
        }
    }

    #[test]
    fn a_billionth_fills_a_good_part_of_the_closeup() {
        let (gate, point) = refuted("or-nearly");
        let ((x, y), half) = closeup(&gate, &point);
        assert!((1e-10..1e-8).contains(&half), "{half}");
        let distance = x.abs().max(y.abs());
        assert!((0.1..=1.0).contains(&(distance / half)), "{distance} in {half}");
        // What is as wide as the usual view needs no zoom.
        let (gate, point) = refuted("xor-line");
        assert!(closeup(&gate, &point).1 > 0.5);
    }

    #[test]
    fn the_way_begins_and_ends_where_it_should_and_zooms_evenly() {
        let (from, to) = (((0.0, 0.0), 3.0), ((1e-9, 0.0), 4e-9));
        assert_eq!(between(from, to, 0.0), from);
        assert_eq!(between(from, to, 1.0), to);
        let middle = between(from, to, 0.5);
        assert!((middle.1 / (3.0_f64 * 4e-9).sqrt() - 1.0).abs() < 1e-9, "{middle:?}");
        // The target comes into sight at once and stays.
        let seen = |(centre, half): View| ((1e-9 - centre.0) / half).abs() <= 1.0;
        assert!((0..=20).all(|step| seen(between(from, to, f64::from(step) / 20.0))));
        assert!(duration_ms(from, to) < 2000.0 && duration_ms(from, from) > 0.0);
        // A way without a zoom goes straight.
        assert_eq!(between(((0.0, 0.0), 1.0), ((2.0, 4.0), 1.0), 0.5), ((1.0, 2.0), 1.0));
    }
}
