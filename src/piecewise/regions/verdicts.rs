//! Which points a network puts into their class, proved.

use std::cmp::Ordering;

use super::exact::{ExactNet, ExactPoint, Pass};
use super::filter::{SAFETY, Sign, UNIT};
use super::net::TrainedNet;

/// More than the underflows of a sum of [`MAX_WIDTH`](super::MAX_WIDTH) products.
const UNDERFLOW: f64 = 1e-300;

/// What a network says of a point of a class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The output of its class is greater than every other.
    Right,
    /// Another output is greater.
    Wrong,
    /// Another output is equal, and none is greater.
    Tie,
}

/// The verdict on each point with its class, as a number of the network's outputs; of a single output, class 1 is right where it is
/// positive, and class 0 where it is negative. Every verdict is exact: where f64 leaves the sign of a difference in doubt, integers decide. A class that
/// does not exist is wrong, as is a point that is not finite.
pub fn verdicts(net: &TrainedNet, points: &[[f32; 2]], classes: &[u8]) -> Vec<Verdict> {
    let mut exact_net = None;
    let pairs = points.iter().zip(classes);
    pairs.map(|(&point, &class)| verdict(net, &mut exact_net, point, class.into())).collect()
}

fn verdict(net: &TrainedNet, exact_net: &mut Option<ExactNet>, point: [f32; 2], class: usize) -> Verdict {
    let outputs = net.outputs();
    if class >= outputs.max(2) || !point.iter().all(|value| value.is_finite()) {
        return Verdict::Wrong;
    }
    let values = outputs_at(net, point);
    // A single output is compared with 0, and the classes are its signs.
    let is_single = outputs == 1;
    let mut pass = None;
    let mut lead = |other: usize| {
        let (of, less) = if is_single { (0, None) } else { (class, Some(other)) };
        let (value, error) = values[of];
        let (less_value, less_error) = less.map_or((0.0, 0.0), |less| values[less]);
        let difference = value - less_value;
        let order = match Sign::of(difference, (error + less_error + UNIT * difference.abs()) * SAFETY) {
            Sign::Positive => Ordering::Greater,
            Sign::Negative => Ordering::Less,
            Sign::InDoubt => {
                let exact_net = exact_net.get_or_insert_with(|| ExactNet::new(net));
                pass.get_or_insert_with(|| Pass::new(ExactPoint::of(point))).lead(exact_net, of, less)
            }
        };
        if is_single && class == 0 { order.reverse() } else { order }
    };
    let others = (0..outputs.max(2)).filter(|&other| other != class);
    match others.map(&mut lead).min() {
        Some(Ordering::Less) => Verdict::Wrong,
        Some(Ordering::Equal) => Verdict::Tie,
        _ => Verdict::Right,
    }
}

/// The outputs at a point, each with a bound on its error.
fn outputs_at(net: &TrainedNet, point: [f32; 2]) -> Vec<(f64, f64)> {
    let mut signal: Vec<(f64, f64)> = point.iter().map(|&value| (value.into(), 0.0)).collect();
    for (index, layer) in net.layers().iter().enumerate() {
        let roundings = (signal.len() + 2) as f64 * UNIT;
        let sum = |(row, &bias): (&Vec<f32>, &f32)| {
            let mut value = f64::from(bias);
            let (mut magnitude, mut error) = (value.abs(), 0.0);
            for (&weight, &(input, input_error)) in row.iter().zip(&signal) {
                let weight = f64::from(weight);
                value += weight * input;
                magnitude += (weight * input).abs();
                error += weight.abs() * input_error;
            }
            (value, (error + roundings * magnitude) * SAFETY + UNDERFLOW)
        };
        let sums = layer.weights.iter().zip(&layer.bias).map(sum);
        signal = if index == net.hidden() {
            sums.collect()
        } else {
            sums.map(|(value, error)| (value.max(0.0), error)).collect()
        };
    }
    signal
}
