//! Deeper neurons' lines on the plane, which bend where a neuron before them switches: taken hold of on one of their
//! straight parts, and moved by the bias.

use num_traits::{One, Signed, Zero};

use super::GateLab;
use super::handles::{Grip, LineError};
use super::picture::{Point, Segment, View};
use crate::labs::handles::{Axes, Direction, Handle, Look, Pull, typed};
use crate::labs::parameters::Place;
use crate::piecewise::{Decimal, Rational};

/// A handle is where its line comes nearest to a place of its own, which is so far from the middle of the view, in halves of
/// it: lines through one point do not hide each other's handles.
const AROUND: f64 = 0.55;
/// From one neuron's place to the next one's, in radians: the golden angle, so that none come together.
const TURN: f64 = 2.399_963;
/// So much of a part is kept free at its ends, where it bends: in halves of the view, and at most as a share of the part.
const CLEAR: (f64, f64) = (0.1, 0.4);
/// Digits after the point of where a line is held.
const FINE: (u32, u32) = (9, 9);
/// Parts that are shorter than this, in halves of the view, are not held.
const LEAST: f64 = 0.05;

/// A neuron's sum at a point, and how it changes there to the right and up.
struct Sum {
    value: Rational,
    slope: [Rational; 2],
}

/// A neuron's sum; layers and rows from 0.
fn sum(gate: &GateLab, layer: usize, neuron: usize, at: [Rational; 2]) -> Option<Sum> {
    let (zero, one) = (Rational::zero, Rational::one);
    let [x, y] = at;
    let mut signal = vec![Sum { value: x, slope: [one(), zero()] }, Sum { value: y, slope: [zero(), one()] }];
    for (index, numbers) in gate.parameters.layers().iter().enumerate() {
        let add = |(row, bias): (&Vec<Decimal>, &Decimal)| {
            let mut sum = Sum { value: bias.to_rational(), slope: [zero(), zero()] };
            for (weight, input) in row.iter().zip(&signal) {
                let weight = weight.to_rational();
                sum.value += &weight * &input.value;
                sum.slope.iter_mut().zip(&input.slope).for_each(|(slope, input)| *slope += &weight * input);
            }
            sum
        };
        let mut sums: Vec<Sum> = numbers.weights.iter().zip(&numbers.bias).map(add).collect();
        if index == layer {
            return (neuron < sums.len()).then(|| sums.swap_remove(neuron));
        }
        let off = || Sum { value: zero(), slope: [zero(), zero()] };
        signal = sums.into_iter().map(|sum| if sum.value.is_positive() { sum } else { off() }).collect();
    }
    None
}

fn bias(layer: usize, neuron: usize) -> Place {
    Place { layer, row: neuron, column: None }
}

/// Where a part of a line comes nearest to a place, and how far that is; not so near to the part's ends.
fn nearest([a, b]: [Point; 2], to: Point, clear: f64) -> (f64, Point) {
    let (along, from) = ((b.0 - a.0, b.1 - a.1), (to.0 - a.0, to.1 - a.1));
    let length = along.0.hypot(along.1);
    let clear = (clear / length).min(CLEAR.1);
    let share = ((along.0 * from.0 + along.1 * from.1) / (length * length)).clamp(clear, 1.0 - clear);
    let at = (a.0 + share * along.0, a.1 + share * along.1);
    ((at.0 - to.0).hypot(at.1 - to.1), at)
}

/// Whether a neuron's sum changes at a point.
fn moves(gate: &GateLab, layer: usize, neuron: usize, at: Point) -> bool {
    let sum = point(at, FINE).ok().and_then(|at| sum(gate, layer, neuron, at));
    sum.is_some_and(|sum| !sum.slope.iter().all(Zero::is_zero))
}

/// A place, rounded to so many digits after the point.
fn point(at: Point, places: (u32, u32)) -> Result<[Rational; 2], LineError> {
    let rounded = Decimal::round(at.0, places.0).zip(Decimal::round(at.1, places.1));
    rounded.map(|(x, y)| [x.to_rational(), y.to_rational()]).ok_or(LineError::Beyond)
}

/// A handle for each deeper neuron whose line is in sight, given what of all lines is.
pub fn handles(gate: &GateLab, view: View, segments: &[Segment]) -> Vec<Handle<Grip>> {
    if !gate.lines {
        return Vec::new();
    }
    let ((x, y), half) = view;
    let is_seen = |at: &Point| (at.0 - x).abs() < half && (at.1 - y).abs() < half;
    let hidden = gate.parameters.hidden();
    let deeper = hidden.iter().enumerate().skip(1).flat_map(|(layer, &width)| (0..width).map(move |row| (layer, row)));
    let handle = |(index, (layer, neuron)): (usize, (usize, usize))| {
        let angle = TURN * index as f64;
        let place = (x + AROUND * half * angle.cos(), y + AROUND * half * angle.sin());
        let own = segments.iter().filter(|segment| (segment.layer, segment.neuron) == (layer + 1, neuron + 1));
        let long = own.filter(|Segment { ends: [a, b], .. }| (a.0 - b.0).hypot(a.1 - b.1) > LEAST * half);
        let near = long.map(|segment| nearest(segment.ends, place, CLEAR.0 * half)).filter(|(_, at)| is_seen(at));
        let mut near: Vec<_> = near.collect();
        near.sort_by(|a, b| a.0.total_cmp(&b.0));
        // At the edge of where it is 0 throughout there is nothing to move.
        let (_, at) = near.into_iter().find(|&(_, at)| moves(gate, layer, neuron, at))?;
        let (id, place) = (format!("line-{layer}-{neuron}"), bias(layer, neuron));
        let value = gate.parameters.get(place)?;
        Some(Handle {
            grip: Grip::Bent { layer, neuron, at },
            id: id.clone(),
            family: id,
            at,
            name: format!("Line of neuron {} of layer {}, by its bias", neuron + 1, layer + 1),
            value: format!("{} = {value}", place.symbol()).replace('-', "−"),
            number: value.to_f64(),
            changes: vec![(Direction::Free, place)],
            axes: Axes::Both,
            look: Look::Deep,
        })
    };
    deeper.enumerate().filter_map(handle).collect()
}

/// The gate after a pull at a place of a deeper neuron's line.
pub(super) fn pulled(
    gate: &GateLab,
    (layer, neuron): (usize, usize),
    held: Point,
    pull: &Pull,
) -> Result<GateLab, LineError> {
    let place = bias(layer, neuron);
    let now = gate.parameters.get(place).ok_or(LineError::Beyond)?.to_rational();
    let sum = |at: [Rational; 2]| sum(gate, layer, neuron, at).ok_or(LineError::Beyond);
    let (slope, down) = match *pull {
        // The line goes through the place where the hand is, exactly.
        Pull::To { at, places, .. } => {
            let Sum { value, slope } = sum(point(at, places)?)?;
            (slope, value)
        }
        // The part that is held goes along as a whole.
        Pull::Step { right, up, places } => {
            let [across, along] = sum(point(held, FINE)?)?.slope;
            let step = |steps| Decimal::new(steps, places).unwrap_or_default().to_rational();
            let down = &across * step(right) + &along * step(up);
            ([across, along], down)
        }
    };
    if slope.iter().all(Zero::is_zero) {
        return Err(LineError::Flat);
    }
    let mut after = gate.clone();
    after.parameters.set(place, typed(&(now - down)).ok_or(LineError::Beyond)?);
    Ok(after)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::labs::gates::picture::{Shapes, far};
    use crate::labs::gates::presets;

    const HOME: View = ((0.0, 0.0), 3.0);

    /// The preset of three layers that has AND in its second one: x₁ − ReLU(x₁ − x₂).
    fn and() -> GateLab {
        let mut gate = GateLab::default();
        gate.load(presets().iter().find(|preset| preset.id == "and").expect("there"));
        gate
    }

    fn segments(gate: &GateLab) -> Vec<Segment> {
        let mut prover = gate.prover();
        while !prover.advance(32) {}
        Shapes::new(&prover, far(HOME)).picture(HOME, false).segments
    }

    fn found(gate: &GateLab) -> Vec<Handle<Grip>> {
        handles(gate, HOME, &segments(gate))
    }

    fn at(gate: &GateLab, layer: usize, neuron: usize, x: &str, y: &str) -> Rational {
        let exactly = |text: &str| text.parse::<Decimal>().expect("a number").to_rational();
        gate.parameters.net().sums_at(&[exactly(x), exactly(y)])[layer][neuron].clone()
    }

    #[test]
    fn a_deeper_line_has_a_handle_on_it_that_says_which_parameter_it_moves() {
        let gate = and();
        let handle = found(&gate).into_iter().find(|handle| handle.id == "line-1-1").expect("there");
        assert_eq!(handle.changes, [(Direction::Free, bias(1, 1))]);
        assert!(handle.value.ends_with(" = 0") && handle.value.starts_with('b'), "{}", handle.value);
        // ReLU(x₁) = ReLU(x₂) where it changes sign: the diagonal of the positive quadrant.
        assert!((handle.at.0 - handle.at.1).abs() < 1e-9 && handle.at.0 > 0.0, "{:?}", handle.at);
    }

    #[test]
    fn the_line_goes_exactly_through_the_place_of_the_hand_and_nothing_else_moves() {
        let gate = and();
        let grip = Grip::Bent { layer: 1, neuron: 1, at: (1.0, 1.0) };
        let pull = Pull::To { at: (2.0, 0.5), direction: Direction::Free, places: (1, 1) };
        let after = crate::labs::gates::handles::pulled(&gate, &grip, &pull).expect("it can");
        assert_eq!(at(&after, 1, 1, "2", "0.5"), Rational::zero());
        let mut back = after.clone();
        back.parameters.set(bias(1, 1), Decimal::ZERO);
        assert_eq!(back, gate);
        // There it still has a handle: it goes along x₁ − x₂ = 1.5, and down where x₁ = 1.5.
        let handle = found(&after).into_iter().find(|handle| handle.id == "line-1-1").expect("there");
        assert!((handle.at.0 - handle.at.1.max(0.0) - 1.5).abs() < 1e-9, "{:?}", handle.at);
    }

    #[test]
    fn an_arrow_key_moves_the_part_that_is_held_by_its_step() {
        let grip = Grip::Bent { layer: 1, neuron: 1, at: (1.0, 1.0) };
        let right = Pull::Step { right: 2, up: 0, places: 1 };
        let after = crate::labs::gates::handles::pulled(&and(), &grip, &right).expect("it can");
        assert_eq!(at(&after, 1, 1, "1.2", "1"), Rational::zero());
    }

    #[test]
    fn where_a_neuron_is_the_same_all_around_no_bias_gives_it_a_line() {
        let grip = Grip::Bent { layer: 1, neuron: 1, at: (1.0, 1.0) };
        let pull = Pull::To { at: (-2.0, -2.0), direction: Direction::Free, places: (1, 1) };
        assert_eq!(crate::labs::gates::handles::pulled(&and(), &grip, &pull), Err(LineError::Flat));
    }

    #[test]
    fn lines_out_of_sight_and_hidden_ones_have_no_handles() {
        let mut gate = and();
        assert!(handles(&gate, ((50.0, -50.0), 3.0), &segments(&gate)).is_empty());
        gate.lines = false;
        assert!(found(&gate).is_empty());
    }
}
