//! Knots of the interpolation, taken hold of.

use super::fit::{FitLab, RANGE};
use crate::labs::handles::{Axes, Handle, Look, Pull, stepped, typed};
use crate::labs::numbers::exact;
use crate::piecewise::{Decimal, Rational, to_f64};

/// More knots than this are too close to each other for a hand.
pub const MOST: usize = 33;

/// Why a knot goes no further. Each message is a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KnotError {
    /// It would pass its neighbour.
    #[error("Knots cannot pass each other: f has one value for every x.")]
    Passes,
    /// It would be further away than can be typed.
    #[error("The knot would be beyond what can be typed, so it stays here.")]
    Beyond,
}

/// The knots on the part of x that is shown; none where they are too many.
pub fn knots(lab: &FitLab, shown: Option<(f64, f64)>) -> Vec<Handle<usize>> {
    let points = lab.points(lab.width);
    if points.len() > MOST {
        return Vec::new();
    }
    let (low, high) = shown.unwrap_or(RANGE);
    let last = points.len() - 1;
    let handle = |(index, (x, y)): (usize, &(Rational, Rational))| Handle {
        grip: index,
        id: format!("knot-{index}"),
        family: format!("knot-{index}"),
        at: (to_f64(x), to_f64(y)),
        name: format!("Knot {}", index + 1),
        value: format!("({}, {})", exact(x), exact(y)),
        number: to_f64(y),
        changes: Vec::new(),
        // The interpolation reaches from end to end.
        axes: if index == 0 || index == last { Axes::Up } else { Axes::Both },
        look: Look::Ring,
    };
    points.iter().enumerate().filter(|(_, (x, _))| (low..=high).contains(&to_f64(x))).map(handle).collect()
}

/// The interpolation with a knot that is pulled.
///
/// # Errors
/// If the knot cannot go there.
pub fn pulled(lab: &FitLab, &index: &usize, pull: &Pull) -> Result<FitLab, KnotError> {
    let points = lab.points(lab.width);
    let Some((x, y)) = points.get(index) else { return Ok(lab.clone()) };
    let is_end = index == 0 || index + 1 == points.len();
    let (new_x, new_y) = match *pull {
        Pull::Step { right, up, places } => {
            let step = |value: &Rational, steps| match steps {
                0 => typed(value),
                steps => stepped(value, steps, places),
            };
            (step(x, right), step(y, up))
        }
        Pull::To { at, places, .. } => (Decimal::round(at.0, places.0), Decimal::round(at.1, places.1)),
    };
    let new_x = if is_end { typed(x) } else { new_x };
    let (new_x, new_y) = (new_x.ok_or(KnotError::Beyond)?, new_y.ok_or(KnotError::Beyond)?);
    let between = |index: usize| points.get(index).map(|point| &point.0);
    let is_between = index.checked_sub(1).and_then(between).is_none_or(|left| *left < new_x.to_rational())
        && between(index + 1).is_none_or(|right| new_x.to_rational() < *right);
    if !is_between {
        return Err(KnotError::Passes);
    }
    let mut after = lab.clone();
    after.move_knot(index, (new_x, new_y));
    Ok(after)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::labs::function::fit::Target;
    use crate::labs::handles::Direction;

    fn to(x: f64, y: f64) -> Pull {
        Pull::To { at: (x, y), direction: Direction::Free, places: (1, 1) }
    }

    fn exactly(text: &str) -> Rational {
        text.parse::<Decimal>().expect("a number").to_rational()
    }

    #[test]
    fn the_interpolation_goes_exactly_through_a_knot_that_is_dragged() {
        let lab = FitLab { width: 3, ..FitLab::default() };
        let after = pulled(&lab, &1, &to(-2.31, 4.56)).expect("it can");
        assert_eq!(after.points(3)[1], (exactly("-2.3"), exactly("4.6")));
        assert_eq!(after.construction().eval(&exactly("-2.3")), exactly("4.6"));
        // The others stay, and so does the curve.
        assert_eq!((&after.points(3)[0], &after.points(3)[2..]), (&lab.points(3)[0], &lab.points(3)[2..]));
        assert_eq!(after.points(4), lab.points(4));
        let key = pulled(&after, &1, &Pull::Step { right: 1, up: 0, places: 2 }).expect("it can");
        assert_eq!(key.points(3)[1], (exactly("-2.29"), exactly("4.6")));
    }

    #[test]
    fn knots_neither_pass_each_other_nor_leave_the_ends() {
        let lab = FitLab { width: 4, ..FitLab::default() };
        assert_eq!(pulled(&lab, &1, &to(0.0, 0.0)), Err(KnotError::Passes));
        assert_eq!(pulled(&lab, &2, &to(-2.5, 0.0)), Err(KnotError::Passes));
        let end = pulled(&lab, &0, &to(-3.0, 1.0)).expect("it can");
        assert_eq!(end.points(4)[0], (exactly("-5"), exactly("1")));
        assert_eq!(pulled(&lab, &4, &to(5.0, 1e9)), Err(KnotError::Beyond));
        assert!(knots(&FitLab { width: 64, ..FitLab::default() }, None).is_empty());
        assert_eq!(knots(&lab, Some((-1.0, 3.0))).len(), 2);
    }

    #[test]
    fn another_curve_or_another_width_starts_from_its_own_knots() {
        let lab = FitLab { width: 4, ..FitLab::default() };
        let moved = pulled(&lab, &2, &to(0.5, 1.0)).expect("it can");
        let mut other = moved.clone();
        other.set_target(Target::Bump);
        let fresh = FitLab { width: 4, target: Target::Bump, ..FitLab::default() };
        assert_eq!(other.points(4), fresh.points(4));
        let mut wider = moved.clone();
        wider.set_width(5);
        assert_eq!(wider.points(5), FitLab { width: 5, ..FitLab::default() }.points(5));
        let restored = FitLab::decode(&moved.encode()).expect("a link");
        assert_eq!(restored, moved);
        assert!(FitLab::decode(&moved.encode().replace("&knots=", "&knots=9,")).is_err());
        assert!(!lab.encode().contains("knots"));
    }
}
