//! What a hand can take hold of on a plot: one way for every lab.
//!
//! A lab says where its [`Handle`]s are, and what it becomes when one of them is pulled ([`Pull`]). A pull always starts
//! from the state in which the handle was taken, so a drag that comes back undoes itself, and a whole drag is one step
//! of the history. Where the lab cannot follow it says why, and the handle stops.

use super::parameters::Place;
use crate::piecewise::{Decimal, Rational};

/// Pixels that a pointer moves before it is known which way it pulls.
const SLACK_PX: f64 = 4.0;
/// The finest step, in digits after the point.
const FINEST: u32 = 12;
/// A step of a drag is at least this long on the screen.
const STEP_PX: f64 = 2.0;

/// The ways in which a handle can be pulled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Axes {
    /// Left and right only.
    Across,
    /// Up and down only.
    Up,
    /// Left and right, or up and down: the first pixels of a drag decide, for the two change different parameters.
    Either,
    /// Anywhere on the plane.
    Both,
}

/// How a handle is drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Look {
    /// A ring on a kink or point.
    #[default]
    Ring,
    /// The same for what belongs to a deeper layer.
    Deep,
    /// What ends or lifts a curve.
    Bar,
    /// A ring on a line of the plane.
    Line,
    /// What turns a line.
    Turn,
    /// A point that stands for more than one number.
    Point,
}

/// A thing to take hold of.
#[derive(Clone, Debug, PartialEq)]
pub struct Handle<G> {
    /// What is held, in the lab's own terms.
    pub grip: G,
    /// Its name for test hooks, unique on its plot.
    pub id: String,
    /// Handles of one neuron share it: while one of them is dragged the others may come and go, and the held one is
    /// the nearest.
    pub family: String,
    /// Where it is, in the chart's numbers.
    pub at: (f64, f64),
    /// What it is, in words.
    pub name: String,
    /// Where it is, in words.
    pub value: String,
    /// The number that it stands at.
    pub number: f64,
    /// The parameters that a pull changes, and by which way.
    pub changes: Vec<(Direction, Place)>,
    /// How it can be pulled.
    pub axes: Axes,
    /// How it is drawn.
    pub look: Look,
}

impl<G> Handle<G> {
    /// The same without what is held.
    pub fn plain(&self) -> Handle<()> {
        Handle {
            grip: (),
            id: self.id.clone(),
            family: self.family.clone(),
            at: self.at,
            name: self.name.clone(),
            value: self.value.clone(),
            number: self.number,
            changes: self.changes.clone(),
            axes: self.axes,
            look: self.look,
        }
    }
}

/// Which way a drag goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// Only left and right count.
    Across,
    /// Only up and down count.
    Up,
    /// Both.
    Free,
}

/// What is done to a handle.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Pull {
    /// A pointer brings it to a place.
    To {
        /// In the chart's numbers.
        at: (f64, f64),
        /// Which way counts.
        direction: Direction,
        /// Digits after the point of what it gives, across and up.
        places: (u32, u32),
    },
    /// An arrow key moves it by whole steps.
    Step {
        /// To the right.
        right: i64,
        /// Up.
        up: i64,
        /// Digits after the point of one step.
        places: u32,
    },
}

/// Digits after the point of a drag's steps, where a unit of the axis is so many pixels long: 1 on a usual plot, as with
/// a slider, and more the closer one looks.
pub fn places(px_per_unit: f64) -> u32 {
    let digits = (px_per_unit / STEP_PX).log10().floor();
    // Of an axis whose units are less than two pixels long, units are fine enough.
    if digits.is_finite() { digits.clamp(0.0, f64::from(FINEST)) as u32 } else { 0 }
}

/// Digits after the point of a key's steps where a drag's has so many: tenths on a usual plot, with Shift a tenth of
/// that.
pub fn key_places(places: u32, is_fine: bool) -> u32 {
    (places.max(1) + u32::from(is_fine)).min(FINEST)
}

/// Which way a drag goes that has come so many pixels to the right and down; `None` while it is too short to tell.
pub fn direction(axes: Axes, (right, down): (f64, f64)) -> Option<Direction> {
    match axes {
        Axes::Across => Some(Direction::Across),
        Axes::Up => Some(Direction::Up),
        Axes::Both => Some(Direction::Free),
        Axes::Either if right.hypot(down) < SLACK_PX => None,
        Axes::Either if right.abs() >= down.abs() => Some(Direction::Across),
        Axes::Either => Some(Direction::Up),
    }
}

/// An arrow key as steps to the right and up, for a handle that can be pulled so.
pub fn arrow(key: &str, axes: Axes) -> Option<(i64, i64)> {
    let step = match key {
        "ArrowRight" => (1, 0),
        "ArrowLeft" => (-1, 0),
        "ArrowUp" => (0, 1),
        "ArrowDown" => (0, -1),
        _ => return None,
    };
    match axes {
        // A slider's keys all move it.
        Axes::Across => Some((step.0 + step.1, 0)),
        Axes::Up => Some((0, step.0 + step.1)),
        Axes::Either | Axes::Both => Some(step),
    }
}

/// The handle of a family that is nearest to a place.
pub fn nearest<'a, G>(handles: &'a [Handle<G>], family: &str, at: (f64, f64)) -> Option<&'a Handle<G>> {
    let distance = |handle: &&Handle<G>| (handle.at.0 - at.0).hypot(handle.at.1 - at.1);
    let own = handles.iter().filter(|handle| handle.family == family);
    own.min_by(|a, b| distance(a).total_cmp(&distance(b)))
}

/// The number moved by whole steps of `10^-places`, rounded to them first.
pub fn stepped(value: &Rational, steps: i64, places: u32) -> Option<Decimal> {
    let exact = Decimal::from_rational(value).filter(|exact| exact.places().is_some_and(|own| own <= places));
    let start = exact.or_else(|| Decimal::round(crate::piecewise::to_f64(value), places))?;
    start.plus(Decimal::new(steps, places)?)
}

/// The number as it can be typed: a decimal if it is one, else a fraction; `None` if it is too large or too fine.
pub fn typed(value: &Rational) -> Option<Decimal> {
    Decimal::from_rational(value).or_else(|| Decimal::fraction(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Decimal {
        text.parse().expect("a number")
    }

    #[test]
    fn a_drag_steps_by_tenths_on_a_usual_plot_and_finer_the_closer_one_looks() {
        assert_eq!(places(64.0), 1);
        assert_eq!(places(33.0), 1, "ten units on a phone");
        assert_eq!(places(640.0), 2);
        assert_eq!(places(3.0), 0);
        assert_eq!(places(0.0), 0);
        assert_eq!(places(f64::INFINITY), 0);
        assert_eq!(places(1e30), FINEST);
        assert_eq!(
            [key_places(0, false), key_places(1, false), key_places(1, true), key_places(4, true)],
            [1, 1, 2, 5]
        );
    }

    #[test]
    fn the_first_pixels_decide_which_way_a_handle_goes() {
        assert_eq!(direction(Axes::Either, (1.0, 2.0)), None);
        assert_eq!(direction(Axes::Either, (-9.0, 5.0)), Some(Direction::Across));
        assert_eq!(direction(Axes::Either, (3.0, -5.0)), Some(Direction::Up));
        assert_eq!(direction(Axes::Up, (9.0, 0.0)), Some(Direction::Up));
        assert_eq!(direction(Axes::Both, (0.0, 0.0)), Some(Direction::Free));
    }

    #[test]
    fn every_arrow_moves_a_handle_that_has_one_way() {
        assert_eq!(arrow("ArrowUp", Axes::Across), Some((1, 0)));
        assert_eq!(arrow("ArrowLeft", Axes::Up), Some((0, -1)));
        assert_eq!(arrow("ArrowDown", Axes::Either), Some((0, -1)));
        assert_eq!(arrow("a", Axes::Both), None);
    }

    #[test]
    fn steps_start_from_the_number_or_from_the_nearest_decimal() {
        let third = Rational::new(1.into(), 3.into());
        assert_eq!(stepped(&third, 1, 1), Some(decimal("0.4")));
        assert_eq!(stepped(&decimal("0.25").to_rational(), 1, 1), Some(decimal("0.4")));
        assert_eq!(stepped(&decimal("-2").to_rational(), -3, 2), Some(decimal("-2.03")));
        assert_eq!(stepped(&decimal("1000000").to_rational(), 1, 0), None);
        assert_eq!(typed(&third), Some(decimal("1/3")));
        assert_eq!(typed(&decimal("0.5").to_rational()), Some(decimal("0.5")));
    }

    #[test]
    fn the_held_handle_is_the_nearest_of_its_family() {
        let handle = |id: &str, family: &str, x: f64| Handle {
            grip: (),
            id: id.into(),
            family: family.into(),
            at: (x, 0.0),
            name: String::new(),
            value: String::new(),
            number: x,
            changes: Vec::new(),
            axes: Axes::Across,
            look: Look::Ring,
        };
        let handles = [handle("a", "one", 0.0), handle("b", "two", 1.0), handle("c", "two", 4.0)];
        assert_eq!(nearest(&handles, "two", (0.0, 0.0)).map(|handle| &handle.id[..]), Some("b"));
        assert_eq!(nearest(&handles, "three", (0.0, 0.0)), None);
    }
}
