//! What can be said of a tanh network: nothing is decided exactly here, and the screen says so.

use super::drawing::FloatNet;
use super::network::NetworkLab;
use crate::piecewise::Verdict;

/// Points of the shown interval that are looked at, ends included.
pub const SAMPLES: usize = 1_001;
/// Chords reach over this many steps to both sides.
const REACHES: [usize; 5] = [1, 5, 20, 60, 150];
/// A bend counts if it is this many roundings of the largest value.
const ROUNDINGS: f64 = 64.0;

/// Three points and the chord, in f64.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FloatChord {
    /// x of the three points, rising.
    pub x: [f64; 3],
    /// f there.
    pub f: [f64; 3],
    /// The chord's value at the middle one.
    pub chord: f64,
}

/// What samples of the shown interval say.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TanhAnswers {
    /// Of the samples.
    pub verdict: Verdict,
    /// A chord below the function.
    pub not_convex: Option<FloatChord>,
    /// A chord above it.
    pub not_concave: Option<FloatChord>,
    /// The least and the greatest derivative among the samples.
    pub derivative: (f64, f64),
}

/// Looks at [`SAMPLES`] points of the shown interval, and at chords of several lengths over each.
pub fn answers(lab: &NetworkLab) -> TanhAnswers {
    let net = FloatNet::new(&lab.effective(), lab.activation);
    let (from, to) = lab.x_range();
    let (from, to) = (from.to_f64(), to.to_f64());
    let x = |index: usize| from + (to - from) * index as f64 / (SAMPLES - 1) as f64;
    let values: Vec<(f64, f64)> = (0..SAMPLES).map(|index| net.value(x(index))).collect();
    let largest = values.iter().fold(0.0, |largest: f64, value| largest.max(value.0.abs()));
    let margin = ROUNDINGS * f64::EPSILON * largest;
    let mut best: [Option<(f64, FloatChord)>; 2] = [None, None];
    for reach in REACHES {
        for middle in reach..SAMPLES - reach {
            let at = [middle - reach, middle, middle + reach];
            let f = at.map(|index| values[index].0);
            let chord = (f[0] + f[2]) / 2.0;
            let gap = f[1] - chord;
            let slot = &mut best[usize::from(gap < 0.0)];
            if gap.abs() > margin && slot.is_none_or(|(largest, _)| gap.abs() > largest) {
                *slot = Some((gap.abs(), FloatChord { x: at.map(x), f, chord }));
            }
        }
    }
    let [not_convex, not_concave] = best.map(|found| found.map(|(_, chord)| chord));
    let verdict = match (not_convex, not_concave) {
        (None, None) => Verdict::Linear,
        (None, Some(_)) => Verdict::Convex,
        (Some(_), None) => Verdict::Concave,
        (Some(_), Some(_)) => Verdict::Neither,
    };
    let slopes = values.iter().map(|value| value.1);
    let derivative =
        slopes.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), slope| (low.min(slope), high.max(slope)));
    TanhAnswers { verdict, not_convex, not_concave, derivative }
}
