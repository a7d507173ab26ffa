//! The ends of a path, taken hold of in a plane of two parameters.

use super::plane::Plane;
use super::{End, PathLab};
use crate::labs::handles::{Axes, Direction, Handle, Look, Pull, stepped};
use crate::labs::parameters::Place;
use crate::piecewise::Decimal;

/// Why an end goes no further. Each message is a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EndError {
    /// A parameter of the plane is not one that moves.
    #[error("This parameter stays still along the path. Tick it below to move its end.")]
    Still,
    /// The parameter would be larger than any that can be typed.
    #[error("The parameter would be beyond what can be typed, so the end stays here.")]
    Beyond,
}

/// Both ends, where the plane is one of two parameters. A plane along the path goes with it, and its ends always stand
/// at the same places of it.
pub fn handles(lab: &PathLab) -> Vec<Handle<End>> {
    let Plane::Sliders(first, second) = lab.plane else { return Vec::new() };
    let arrival = lab.arrival();
    let end = |end: End, id: &str, name: &str| {
        let parameters = if end == End::From { lab.end(End::From) } else { &arrival };
        let [across, up] = [first, second].map(|place| parameters.get(place).unwrap_or_default());
        Handle {
            grip: end,
            id: id.into(),
            family: id.into(),
            at: (across.to_f64(), up.to_f64()),
            name: name.into(),
            value: format!("{} = {across}, {} = {up}", first.symbol(), second.symbol()).replace('-', "−"),
            number: across.to_f64(),
            changes: vec![(Direction::Across, first), (Direction::Up, second)],
            axes: Axes::Both,
            look: Look::Point,
        }
    };
    vec![end(End::To, "to", "The path’s end, t = 1"), end(End::From, "from", "The path’s start, t = 0")]
}

/// The path after a pull.
///
/// # Errors
/// If the end cannot go there.
pub fn pulled(lab: &PathLab, &end: &End, pull: &Pull) -> Result<PathLab, EndError> {
    let Plane::Sliders(first, second) = lab.plane else { return Ok(lab.clone()) };
    let arrival = lab.arrival();
    let parameters = if end == End::From { lab.end(End::From) } else { &arrival };
    let now = |place: Place| parameters.get(place).unwrap_or_default();
    let mut after = lab.clone();
    let ways = match *pull {
        Pull::To { at, places, .. } => {
            [(first, Decimal::round(at.0, places.0)), (second, Decimal::round(at.1, places.1))]
        }
        Pull::Step { right, up, places } => [(first, right), (second, up)].map(|(place, steps)| {
            let value = now(place);
            (place, if steps == 0 { Some(value) } else { stepped(&value.to_rational(), steps, places) })
        }),
    };
    for (place, value) in ways {
        let value = value.ok_or(EndError::Beyond)?;
        if !value.is_same_number(now(place)) {
            if end == End::To && !lab.moves(place) {
                return Err(EndError::Still);
            }
            after.set(end, place, value);
        }
    }
    Ok(after)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIRST: Place = Place { layer: 0, row: 0, column: Some(0) };
    const SECOND: Place = Place { layer: 0, row: 0, column: None };

    fn lab() -> PathLab {
        PathLab { plane: Plane::Sliders(FIRST, SECOND), ..PathLab::default() }
    }

    fn to(x: f64, y: f64) -> Pull {
        Pull::To { at: (x, y), direction: Direction::Free, places: (1, 1) }
    }

    #[test]
    fn an_end_lands_where_the_hand_is_and_changes_two_parameters() {
        let lab = lab();
        for end in [End::From, End::To] {
            let after = pulled(&lab, &end, &to(1.23, -4.0)).expect("it can");
            assert_eq!(after.end(end).get(FIRST).map(|value| value.to_string()), Some("1.2".into()));
            assert_eq!(after.end(end).get(SECOND), Some(Decimal::from(-4)));
            let other = if end == End::From { End::To } else { End::From };
            assert_eq!(after.end(other), lab.end(other));
            let found = handles(&after).into_iter().find(|handle| handle.grip == end).expect("there");
            assert_eq!(found.at, (1.2, -4.0));
        }
        let before = lab.end(End::To).get(SECOND).expect("there");
        let key = pulled(&lab, &End::To, &Pull::Step { right: 0, up: 1, places: 2 }).expect("it can");
        assert_eq!(key.end(End::To).get(SECOND), before.plus(Decimal::new(1, 2).expect("a step")));
        assert_eq!(key.end(End::To).get(FIRST), lab.end(End::To).get(FIRST));
    }

    #[test]
    fn a_still_parameter_holds_the_end() {
        let mut lab = lab();
        lab.set_moves(&[SECOND], false);
        let at = handles(&lab).into_iter().find(|handle| handle.grip == End::To).expect("there").at;
        assert_eq!(pulled(&lab, &End::To, &to(at.0, at.1 + 1.0)), Err(EndError::Still));
        assert!(pulled(&lab, &End::To, &to(at.0 + 1.0, at.1)).is_ok());
        assert!(pulled(&lab, &End::From, &to(at.0, at.1 + 1.0)).is_ok());
        assert_eq!(pulled(&lab, &End::From, &to(1e9, 0.0)), Err(EndError::Beyond));
    }

    #[test]
    fn a_plane_along_the_path_has_no_handles() {
        let lab = PathLab { plane: Plane::default(), ..PathLab::default() };
        assert_eq!(handles(&lab), []);
        assert_eq!(pulled(&lab, &End::To, &to(0.0, 0.0)), Ok(lab));
    }
}
