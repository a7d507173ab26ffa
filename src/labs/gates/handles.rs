//! Neurons' lines on the plane, taken hold of: moved by the bias, turned by the weights.

use num_traits::Zero;

use super::picture::View;
use super::{GateLab, bent};
use crate::labs::handles::{Axes, Direction, Handle, Look, Pull, typed};
use crate::labs::parameters::Place;
use crate::piecewise::{Decimal, Rational, to_f64};

/// How far along its line a neuron's handles are, in halves of the view: the first, and how far the next neuron's are
/// from there. Lines through one point do not hide each other's handles.
const ALONG: (f64, f64) = (0.4, 0.11);
/// So many neurons' handles are set apart, then the places begin again.
const APART: usize = 4;
/// Lines that leave the middle of the view by more than this have no handles: in halves of the view.
const SEEN: f64 = 0.95;
/// Digits after the point of a turned weight that is between 1 and 10.
const TURN_PLACES: f64 = 2.0;

/// What is held of a line of the first hidden layer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Grip {
    /// The line as a whole.
    Line {
        /// From 0.
        neuron: usize,
    },
    /// Its direction, about a point.
    Turn {
        /// From 0.
        neuron: usize,
        /// Where the line stays.
        about: (f64, f64),
        /// Whether the handle is on the left of someone who looks the way in which the neuron grows.
        is_left: bool,
    },
    /// A straight part of a deeper neuron's line: the layer and the neuron, from 0, and where it is held.
    Bent {
        /// Hidden layer, from 0.
        layer: usize,
        /// From 0.
        neuron: usize,
        /// Where.
        at: (f64, f64),
    },
}

/// Why a line goes no further. Each message is a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LineError {
    /// The weights would be 0 or as good as that.
    #[error("Here the line has no direction. Pull the handle away from the point that it turns about.")]
    NoDirection,
    /// The neuron is the same for all inputs near here.
    #[error("This neuron’s sum is the same all around here, so no bias gives it a line here.")]
    Flat,
    /// The parameter would be larger or finer than any that can be typed.
    #[error("The parameter would be beyond what can be typed, so the line stays here.")]
    Beyond,
}

fn places(neuron: usize) -> [Place; 3] {
    let place = |column| Place { layer: 0, row: neuron, column };
    [place(Some(0)), place(Some(1)), place(None)]
}

/// w₁, w₂ and b of w₁x₁ + w₂x₂ + b.
fn line(gate: &GateLab, neuron: usize) -> Option<[Decimal; 3]> {
    let [first, second, bias] = places(neuron).map(|place| gate.parameters.get(place));
    Some([first?, second?, bias?])
}

/// What of the lines of the first hidden layer can be taken hold of in this view, if they are shown.
pub fn handles(gate: &GateLab, view: View) -> Vec<Handle<Grip>> {
    let width = if gate.lines { gate.parameters.hidden()[0] } else { 0 };
    let mut handles = Vec::new();
    for neuron in 0..width {
        let Some([a, b, c]) = line(gate, neuron).map(|line| line.map(Decimal::to_f64)) else { continue };
        let ((x, y), half) = view;
        let size = a.hypot(b);
        let off = (a * x + b * y + c) / size;
        if !off.is_finite() || off.abs() > SEEN * half {
            continue;
        }
        let foot = (x - a / size * off, y - b / size * off);
        // The neuron grows along (a, b); left of that is (−b, a).
        let along = |share: f64| (foot.0 - b / size * share * half, foot.1 + a / size * share * half);
        let share = ALONG.0 + ALONG.1 * (neuron % APART) as f64;
        // Neurons that look the opposite way along one line are held at its two sides.
        let is_left = (neuron / 2) % 2 == 0;
        let sign = if is_left { 1.0 } else { -1.0 };
        let (name, [first, second, bias]) = (format!("neuron {}", neuron + 1), places(neuron));
        let value = |[a, b, c]: [Decimal; 3]| format!("w = ({a}, {b}), b = {c}").replace('-', "−");
        let words = line(gate, neuron).map(value).unwrap_or_default();
        handles.push(Handle {
            grip: Grip::Line { neuron },
            id: format!("line-{neuron}"),
            family: format!("line-{neuron}"),
            at: along(-sign * share),
            name: format!("Line of {name}"),
            value: words.clone(),
            number: c,
            changes: vec![(Direction::Free, bias)],
            axes: Axes::Both,
            look: Look::Line,
        });
        handles.push(Handle {
            grip: Grip::Turn { neuron, about: foot, is_left },
            id: format!("turn-{neuron}"),
            family: format!("turn-{neuron}"),
            at: along(sign * share),
            name: format!("Direction of {name}"),
            value: words,
            number: b.atan2(a).to_degrees(),
            changes: [first, second, bias].map(|place| (Direction::Free, place)).to_vec(),
            axes: Axes::Both,
            look: Look::Turn,
        });
    }
    handles
}

/// The gate after a pull.
///
/// # Errors
/// If the line cannot go there.
pub fn pulled(gate: &GateLab, grip: &Grip, pull: &Pull) -> Result<GateLab, LineError> {
    let mut after = gate.clone();
    match *grip {
        Grip::Bent { layer, neuron, at } => return bent::pulled(gate, (layer, neuron), at, pull),
        Grip::Line { neuron } => {
            let [a, b, c] = line(gate, neuron).ok_or(LineError::Beyond)?;
            let [exact_a, exact_b, exact_c] = [a, b, c].map(Decimal::to_rational);
            let moved = match *pull {
                // The line goes through the place where the hand is, exactly.
                Pull::To { at, places, .. } => {
                    let (x, y) =
                        Decimal::round(at.0, places.0).zip(Decimal::round(at.1, places.1)).ok_or(LineError::Beyond)?;
                    -(exact_a * x.to_rational() + exact_b * y.to_rational())
                }
                Pull::Step { right, up, places } => {
                    let step = |steps| Decimal::new(steps, places).unwrap_or_default().to_rational();
                    exact_c - exact_a * step(right) - exact_b * step(up)
                }
            };
            let moved = typed(&moved).ok_or(LineError::Beyond)?;
            after.parameters.set(places(neuron)[2], moved);
        }
        Grip::Turn { neuron, about, is_left } => {
            let weights = line(gate, neuron).ok_or(LineError::Beyond)?;
            let [a, b, _] = weights.map(Decimal::to_f64);
            let size = a.hypot(b);
            let (a, b) = match *pull {
                Pull::To { at, .. } => {
                    let (x, y) = (at.0 - about.0, at.1 - about.1);
                    let length = x.hypot(y);
                    let sign = if is_left { 1.0 } else { -1.0 };
                    (sign * y / length * size, -sign * x / length * size)
                }
                Pull::Step { right, up, places } => {
                    // Right and up turn clockwise, as the top of a wheel goes to the right.
                    let angle = -((right + up) as f64) * 10_f64.powi(-(places as i32));
                    let (sin, cos) = angle.sin_cos();
                    (a * cos - b * sin, a * sin + b * cos)
                }
            };
            let digits = (TURN_PLACES - size.log10().floor()).clamp(0.0, 12.0) as u32;
            let weights = Decimal::round(a, digits).zip(Decimal::round(b, digits));
            let (a, b) = weights.ok_or(LineError::NoDirection)?;
            let (exact_a, exact_b) = (a.to_rational(), b.to_rational());
            if exact_a.is_zero() && exact_b.is_zero() {
                return Err(LineError::NoDirection);
            }
            // About the foot, as exactly as it can be typed.
            let at = |value: f64| Decimal::round(value, 9).map(Decimal::to_rational).unwrap_or_default();
            let bias: Rational = -(exact_a * at(about.0) + exact_b * at(about.1));
            let bias = Decimal::round(to_f64(&bias), digits + 1).ok_or(LineError::Beyond)?;
            for (place, value) in places(neuron).into_iter().zip([a, b, bias]) {
                after.parameters.set(place, value);
            }
        }
    }
    Ok(after)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOME: View = ((0.0, 0.0), 3.0);

    fn to(x: f64, y: f64) -> Pull {
        Pull::To { at: (x, y), direction: Direction::Free, places: (1, 1) }
    }

    fn exactly(text: &str) -> Rational {
        text.parse::<Decimal>().expect("a number").to_rational()
    }

    fn sum(gate: &GateLab, neuron: usize, at: [&str; 2]) -> Rational {
        gate.parameters.net().sums_at(&at.map(exactly))[0][neuron].clone()
    }

    fn grip(gate: &GateLab, id: &str) -> Handle<Grip> {
        handles(gate, HOME).into_iter().find(|handle| handle.id == id).unwrap_or_else(|| panic!("no {id}"))
    }

    #[test]
    fn a_dragged_line_goes_exactly_through_the_place_of_the_hand() {
        let gate = GateLab::default();
        for (x, y) in [("1.2", "-0.7"), ("-2.9", "2.9"), ("0", "0.1")] {
            let at = [x, y].map(|text| text.parse::<f64>().expect("a number"));
            let after = pulled(&gate, &grip(&gate, "line-2").grip, &to(at[0], at[1])).expect("it can");
            assert_eq!(sum(&after, 2, [x, y]), exactly("0"));
            // Nothing but its bias has moved.
            let mut back = after.clone();
            let bias = places(2)[2];
            back.parameters.set(bias, gate.parameters.get(bias).expect("there"));
            assert_eq!(back, gate);
        }
        let key =
            pulled(&gate, &grip(&gate, "line-0").grip, &Pull::Step { right: 3, up: 1, places: 1 }).expect("it can");
        assert_eq!(sum(&key, 0, ["0.3", "7"]), exactly("0"), "an arrow moves the line by its step");
    }

    #[test]
    fn a_turned_line_keeps_its_point_and_the_size_of_its_weights() {
        let gate = GateLab::default();
        let handle = grip(&gate, "turn-1");
        // Neuron 2 is relu(x₂): its line is the x₁ axis, which turns about the origin.
        let side = handle.at.0.signum();
        let after = pulled(&gate, &handle.grip, &to(side * 2.0, side * 2.0)).expect("it can");
        assert_eq!(sum(&after, 1, ["0", "0"]), exactly("0"));
        assert_eq!(sum(&after, 1, ["1.5", "1.5"]), exactly("0"));
        let [a, b, _] = line(&after, 1).expect("there").map(Decimal::to_f64);
        assert!((a.hypot(b) - 1.0).abs() < 0.01, "({a}, {b})");
        assert!(b > 0.0, "it has not turned over");
        // A drag to where it was changes nothing.
        assert_eq!(pulled(&gate, &handle.grip, &to(handle.at.0, handle.at.1)), Ok(gate.clone()));
        let key = pulled(&gate, &handle.grip, &Pull::Step { right: 1, up: 0, places: 1 }).expect("it can");
        assert_eq!(
            line(&key, 1).map(|line| line.map(|number| number.to_string())),
            Some(["0.1", "1", "0"].map(Into::into))
        );
    }

    #[test]
    fn what_a_line_cannot_do_is_said() {
        let gate = GateLab::default();
        let Grip::Turn { neuron, about, is_left } = grip(&gate, "turn-0").grip else { panic!("another grip") };
        let at = to(about.0, about.1);
        assert_eq!(pulled(&gate, &Grip::Turn { neuron, about, is_left }, &at), Err(LineError::NoDirection));
        let far = to(900_000.0, 900_000.0);
        assert_eq!(pulled(&gate, &grip(&gate, "line-2").grip, &far), Err(LineError::Beyond));
    }

    #[test]
    fn only_lines_in_sight_have_handles_and_a_neuron_without_weights_has_none() {
        let mut gate = GateLab::default();
        assert_eq!(handles(&gate, HOME).len(), 6);
        assert_eq!(handles(&gate, ((100.0, 0.0), 3.0)).len(), 2, "the x₁ axis alone");
        for place in [Some(0), Some(1)].map(|column| Place { layer: 0, row: 0, column }) {
            gate.parameters.set(place, Decimal::ZERO);
        }
        assert_eq!(handles(&gate, HOME).len(), 4);
        gate.lines = false;
        assert_eq!(handles(&gate, HOME), []);
    }
}
