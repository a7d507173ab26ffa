//! From one ReLU network to another, as they are drawn in between: θ(t) = (1 − t) · from + t · to, in a shape that has room for
//! both.

use super::parameters::{Parameters, Place};
use crate::piecewise::Decimal;

/// Digits after the point of what is drawn on the way: it is seen for a sixtieth of a second.
const PLACES: u32 = 3;

/// The network at t from 0 to 1, rounded for drawing; at 0 and 1 it does what `from` and `to` do.
pub fn between(from: &Parameters, to: &Parameters, t: f64) -> Parameters {
    let (from, mut between) = (widened(from, to), widened(to, from));
    for place in between.places() {
        let [start, end] = [&from, &between].map(|ends| ends.get(place).unwrap_or_default().to_f64());
        if let Some(value) = Decimal::round((1.0 - t) * start + t * end, PLACES) {
            between.set(place, value);
        }
    }
    between
}

/// The same function in a shape that has room for another network: neurons that are added get weights of 0, and layers pass
/// on what comes, for it has gone through ReLU and is not negative.
fn widened(parameters: &Parameters, other: &Parameters) -> Parameters {
    let (own, others) = (parameters.hidden(), other.hidden());
    let width = |layer: usize| {
        let of = |hidden: &[usize]| hidden.get(layer).or(hidden.last()).copied().unwrap_or(1);
        of(&own).max(of(&others))
    };
    let hidden: Vec<usize> = (0..own.len().max(others.len())).map(width).collect();
    let mut wide = parameters.clone();
    wide.resize(&hidden, |Place { layer, row, column }| {
        let is_added = layer >= own.len() && layer < hidden.len();
        i32::from(is_added && column == Some(row)).into()
    });
    wide
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::labs::gates::presets;
    use crate::piecewise::Rational;

    #[test]
    fn at_its_ends_it_does_what_the_two_networks_do_whatever_their_shapes() {
        let points = [[-2, 1], [0, 0], [1, 3], [3, -1], [-1, -2]]
            .map(|point: [i32; 2]| point.map(|number| Rational::from_integer(number.into())));
        for from in presets() {
            for to in presets() {
                let ends = [(0.0, &from), (1.0, &to)];
                for (t, end) in ends {
                    let net = between(&from.parameters, &to.parameters, t).net();
                    for point in &points {
                        let shown = crate::piecewise::to_f64(&net.eval_at(point));
                        let exact = crate::piecewise::to_f64(&end.parameters.net().eval_at(point));
                        assert!((shown - exact).abs() < 0.1, "{} to {} at {t}: {shown}, {exact}", from.id, to.id);
                    }
                }
            }
        }
    }

    #[test]
    fn halfway_every_number_is_in_the_middle() {
        let net = |weight: i32, bias: i32| Parameters::of(1, &[(&[&[weight]], &[bias]), (&[&[1]], &[0])]);
        let middle = between(&net(-1, 4), &net(2, 0), 0.5);
        let numbers: Vec<f64> =
            middle.places().into_iter().map(|place| middle.get(place).unwrap_or_default().to_f64()).collect();
        assert_eq!(numbers, [0.5, 2.0, 1.0, 0.0]);
    }
}
