//! What a hand does to a network: it takes hold of a neuron of the first hidden layer where that neuron bends.
//!
//! The neuron ReLU(w·x + b) bends at x = −b/w. Moved sideways, its bias follows, so that it bends exactly where the hand
//! is. Moved up or down, its outgoing weight follows: that turns f on the neuron's open side about the bend, which itself
//! stays where it is, for there the neuron is 0.

use num_traits::Zero;

use super::network::NetworkLab;
use crate::labs::parameters::Place;
use crate::piecewise::{Decimal, Rational};

/// Why a bend cannot be moved so. Each message is a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HandleError {
    /// The neuron is the same for every x.
    #[error("This neuron’s weight is 0, so it bends nowhere. Give it another weight first.")]
    NoBend,
    /// Biases are switched off.
    #[error("Without biases every neuron bends at 0. Switch biases on to move it.")]
    NoBiases,
    /// The bias or the weight would be larger or finer than any that can be typed.
    #[error("The parameter would be beyond what can be typed, so the bend stays here.")]
    Beyond,
}

/// The bias and the outgoing weights of a neuron of the first hidden layer.
fn places(neuron: usize) -> (Place, Place, Place) {
    let first = |column| Place { layer: 0, row: neuron, column };
    (first(Some(0)), first(None), Place { layer: 1, row: 0, column: Some(neuron) })
}

/// Where a neuron of the first hidden layer bends; `None` if it does so nowhere, or there is no such neuron.
pub fn bend(lab: &NetworkLab, neuron: usize) -> Option<Rational> {
    let (weight, bias, _) = places(neuron);
    let parameters = lab.effective();
    let weight = parameters.get(weight)?.to_rational();
    (!weight.is_zero()).then(|| -parameters.get(bias).unwrap_or_default().to_rational() / weight)
}

/// Moves a neuron's bend to x, exactly, by its bias.
///
/// # Errors
/// Where the network cannot do that; it stays as it was.
pub fn move_bend(lab: &mut NetworkLab, neuron: usize, x: Decimal) -> Result<(), HandleError> {
    let (weight, bias, _) = places(neuron);
    let weight = lab.parameters().get(weight).map(Decimal::to_rational).filter(|weight| !weight.is_zero());
    let weight = weight.ok_or(HandleError::NoBend)?;
    if !lab.biases {
        return Err(HandleError::NoBiases);
    }
    let value = Decimal::from_rational(&(-weight * x.to_rational())).ok_or(HandleError::Beyond)?;
    lab.set(bias, value);
    Ok(())
}

/// Adds to a neuron's outgoing weight in a network of two layers.
///
/// # Errors
/// If the weight would be too large; it stays as it was.
pub fn turn_bend(lab: &mut NetworkLab, neuron: usize, by: Decimal) -> Result<(), HandleError> {
    let (.., out) = places(neuron);
    let sum = lab.parameters().get(out).unwrap_or_default().to_rational() + by.to_rational();
    lab.set(out, Decimal::from_rational(&sum).ok_or(HandleError::Beyond)?);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Decimal {
        text.parse().expect("a number")
    }

    #[test]
    fn a_dragged_bend_lands_exactly_where_the_hand_is() {
        let mut lab = NetworkLab::default();
        lab.set(Place { layer: 0, row: 1, column: Some(0) }, decimal("-0.3"));
        for x in ["0.1", "-2.7", "0", "4.9"] {
            move_bend(&mut lab, 1, decimal(x)).expect("it can");
            assert_eq!(bend(&lab, 1), Some(decimal(x).to_rational()));
            // Nothing but the bias has moved.
            let answers = lab.answers();
            let kinks = answers.relu().expect("a ReLU network").pieces.kinks();
            assert!(kinks.iter().any(|kink| kink.x == decimal(x).to_rational()), "f bends at {x}");
        }
    }

    #[test]
    fn turning_a_bend_changes_the_slope_beyond_it_and_not_the_bend() {
        let mut lab = NetworkLab::default();
        let before = bend(&lab, 0);
        let slope = |lab: &NetworkLab| {
            let answers = lab.answers();
            let x = decimal("-1").to_rational();
            answers.relu().expect("a ReLU network").pieces.piece_at(&x).slope.clone()
        };
        let old = slope(&lab);
        turn_bend(&mut lab, 0, decimal("0.7")).expect("it can");
        assert_eq!(bend(&lab, 0), before);
        assert_eq!(slope(&lab) - old, decimal("0.7").to_rational());
    }

    #[test]
    fn what_the_network_cannot_do_is_said_and_changes_nothing() {
        let mut lab = NetworkLab::default();
        lab.set(Place { layer: 0, row: 0, column: Some(0) }, Decimal::ZERO);
        let before = lab.clone();
        assert_eq!(move_bend(&mut lab, 0, decimal("1")), Err(HandleError::NoBend));
        assert_eq!(bend(&lab, 0), None);
        lab.set(Place { layer: 0, row: 1, column: Some(0) }, decimal("5"));
        let far = lab.clone();
        assert_eq!(move_bend(&mut lab, 1, decimal("1000000")), Err(HandleError::Beyond));
        assert_eq!(lab, far);
        assert_eq!(turn_bend(&mut lab, 0, decimal("1000000")), Err(HandleError::Beyond));
        assert_eq!(lab, far);
        lab = before.clone();
        lab.biases = false;
        assert_eq!(move_bend(&mut lab, 1, decimal("1")), Err(HandleError::NoBiases));
        lab.biases = true;
        assert_eq!(lab, before);
    }
}
