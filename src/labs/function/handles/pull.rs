//! What a network becomes when a handle is pulled.

use num_traits::Zero;

use super::sides::{Sum, sums};
use super::{Grip, bias, outgoing};
use crate::labs::function::network::NetworkLab;
use crate::labs::handles::{Direction, Pull, stepped, typed};
use crate::labs::parameters::Place;
use crate::piecewise::{Decimal, Rational, to_f64};

/// Tenths of the lab's interval: so far from a bend the graph goes up and down with the pointer.
const LEVER: f64 = 0.1;

/// Why a handle goes no further. Each message is a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HandleError {
    /// The neuron is the same for every x near here.
    #[error("This neuron’s sum is flat here, so no bias makes it bend here.")]
    Flat,
    /// The neuron turns back where it would have to cross 0.
    #[error("This neuron’s sum turns back here instead of crossing 0, so it cannot bend f here.")]
    Turns,
    /// The neuron bends, and f does not see it.
    #[error("Behind this neuron every way to the output is closed here, so f would not bend.")]
    Closed,
    /// Biases are switched off.
    #[error("Without biases every neuron bends at 0. Switch biases on to move it.")]
    NoBiases,
    /// The output's bias is switched off.
    #[error("Without biases f cannot be lifted. Switch biases on first.")]
    NoLift,
    /// No neuron of the last hidden layer is on at an end.
    #[error("Every neuron of the last hidden layer is off at this end, so no weight turns f here.")]
    AllOff,
    /// The parameter would be larger or finer than any that can be typed.
    #[error("The parameter would be beyond what can be typed, so it stays here.")]
    Beyond,
}

/// The network after a pull.
///
/// # Errors
/// Where the network cannot do that.
pub fn pulled(lab: &NetworkLab, grip: &Grip, pull: &Pull) -> Result<NetworkLab, HandleError> {
    let mut after = lab.clone();
    match (grip, *pull) {
        (Grip::Bend { layer, neuron, x }, Pull::Step { right, up, places }) => {
            if right != 0 {
                let to = stepped(x, right, places).ok_or(HandleError::Beyond)?;
                move_bend(&mut after, *layer, *neuron, to)?;
            }
            if let (Some(place), true) = (outgoing(lab, *layer, *neuron), up != 0) {
                step(&mut after, place, up, places)?;
            }
        }
        (Grip::Bend { layer, neuron, x }, Pull::To { at, direction, places }) => {
            if direction != Direction::Up {
                let to = Decimal::round(at.0, places.0).ok_or(HandleError::Beyond)?;
                move_bend(&mut after, *layer, *neuron, to)?;
            }
            if let (Some(place), true) = (outgoing(lab, *layer, *neuron), direction != Direction::Across) {
                let all = sums_of(lab, x);
                let f = all.last().map_or(0.0, |output| to_f64(&output[0].value));
                let steep = |sum: &Sum| to_f64(&sum.left).abs().max(to_f64(&sum.right).abs());
                let slope = all.get(*layer).map_or(0.0, |sums| steep(&sums[*neuron]));
                let (from, to) = lab.x_range();
                let rise = slope * LEVER * (to.to_f64() - from.to_f64());
                let by = if rise > 0.0 { (at.1 - f) / rise } else { 0.0 };
                add(&mut after, place, Decimal::round(by, places.1))?;
            }
        }
        (Grip::End { x, neuron }, pull) => {
            let layer = lab.hidden().len() - 1;
            let place = neuron.and_then(|neuron| outgoing(lab, layer, neuron)).ok_or(HandleError::AllOff)?;
            match pull {
                Pull::Step { up, places, .. } => step(&mut after, place, up, places)?,
                Pull::To { at, places, .. } => {
                    let all = sums_of(lab, &x.to_rational());
                    let f = all.last().map_or(0.0, |output| to_f64(&output[0].value));
                    let on = neuron.map_or(0.0, |neuron| to_f64(&all[layer][neuron].value));
                    if on <= 0.0 {
                        return Err(HandleError::AllOff);
                    }
                    // As fine a step as moves the end by a step of the axis.
                    let digits = (f64::from(places.1) + on.log10().ceil()).clamp(1.0, 12.0);
                    add(&mut after, place, Decimal::round((at.1 - f) / on, digits as u32))?;
                }
            }
        }
        (Grip::Lift { x }, pull) => {
            if !lab.biases {
                return Err(HandleError::NoLift);
            }
            let place = bias(lab.hidden().len(), 0);
            match pull {
                Pull::Step { up, places, .. } => step(&mut after, place, up, places)?,
                Pull::To { at, places, .. } => {
                    let f = to_f64(&lab.net().eval(&x.to_rational()));
                    add(&mut after, place, Decimal::round(at.1 - f, places.1))?;
                }
            }
        }
    }
    Ok(after)
}

/// All sums at x.
fn sums_of(lab: &NetworkLab, x: &Rational) -> Vec<Vec<Sum>> {
    sums(&lab.effective(), lab.hidden().len(), x)
}

fn add(lab: &mut NetworkLab, place: Place, by: Option<Decimal>) -> Result<(), HandleError> {
    let value = lab.parameters().get(place).unwrap_or_default();
    lab.set(place, by.and_then(|by| value.plus(by)).ok_or(HandleError::Beyond)?);
    Ok(())
}

fn step(lab: &mut NetworkLab, place: Place, steps: i64, places: u32) -> Result<(), HandleError> {
    add(lab, place, Decimal::new(steps, places))
}

/// Moves a neuron's bend to x, exactly, by its bias.
fn move_bend(lab: &mut NetworkLab, layer: usize, neuron: usize, x: Decimal) -> Result<(), HandleError> {
    if !lab.biases {
        return Err(HandleError::NoBiases);
    }
    let at = x.to_rational();
    let all = sums(&lab.effective(), layer, &at);
    let Some(sum) = all.get(layer).and_then(|sums| sums.get(neuron)) else { return Err(HandleError::Flat) };
    if sum.left.is_zero() && sum.right.is_zero() {
        return Err(HandleError::Flat);
    }
    if !sum.crosses() {
        return Err(HandleError::Turns);
    }
    let place = bias(layer, neuron);
    let now: Rational = lab.parameters().get(place).unwrap_or_default().to_rational();
    let value = typed(&(now - &sum.value)).ok_or(HandleError::Beyond)?;
    let mut after = lab.clone();
    after.set(place, value);
    // A neuron of the first layer is held as such; a deeper one by the kink of f that it makes.
    if layer > 0 && !sums_of(&after, &at).last().is_some_and(|output| output[0].bends()) {
        return Err(HandleError::Closed);
    }
    *lab = after;
    Ok(())
}
