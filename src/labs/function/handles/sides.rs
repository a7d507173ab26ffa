//! What a network with one input does on either side of a point.

use num_traits::{One, Zero};

use crate::labs::parameters::Parameters;
use crate::piecewise::{Decimal, Rational};

/// A neuron's sum at a point, and its slopes just left and just right of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Sum {
    pub value: Rational,
    pub left: Rational,
    pub right: Rational,
}

impl Sum {
    /// What ReLU passes on.
    pub(super) fn relu(&self) -> Self {
        let zero = Rational::zero();
        match self.value.cmp(&zero) {
            std::cmp::Ordering::Greater => self.clone(),
            std::cmp::Ordering::Less => Self { value: zero.clone(), left: zero.clone(), right: zero },
            // Left of the point the sum is positive if it falls towards it.
            std::cmp::Ordering::Equal => Self {
                value: zero.clone(),
                left: self.left.clone().min(zero.clone()),
                right: self.right.clone().max(zero),
            },
        }
    }

    /// Whether it goes from one sign to the other where it is 0.
    pub(super) fn crosses(&self) -> bool {
        let zero = Rational::zero();
        (self.left > zero && self.right > zero) || (self.left < zero && self.right < zero)
    }

    /// Whether it has a corner.
    pub(super) fn bends(&self) -> bool {
        self.left != self.right
    }
}

/// The sums at x of the layers up to one, from 0; the last one's is f.
pub(super) fn sums(parameters: &Parameters, last: usize, x: &Rational) -> Vec<Vec<Sum>> {
    let mut signal = vec![Sum { value: x.clone(), left: Rational::one(), right: Rational::one() }];
    let mut all = Vec::new();
    for layer in parameters.layers().iter().take(last + 1) {
        let sum = |(row, bias): (&Vec<Decimal>, &Decimal)| {
            let mut sum = Sum { value: bias.to_rational(), left: Rational::zero(), right: Rational::zero() };
            for (weight, input) in row.iter().zip(&signal).filter(|(weight, _)| **weight != Decimal::ZERO) {
                let weight = weight.to_rational();
                sum.value += &weight * &input.value;
                sum.left += &weight * &input.left;
                sum.right += &weight * &input.right;
            }
            sum
        };
        let sums: Vec<Sum> = layer.weights.iter().zip(&layer.bias).map(sum).collect();
        signal = sums.iter().map(Sum::relu).collect();
        all.push(sums);
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slopes_differ_on_the_two_sides_of_a_kink_only() {
        // f = |x| from relu(x) + relu(-x).
        let net = Parameters::of(1, &[(&[&[1], &[-1]], &[0, 0]), (&[&[1, 1]], &[0])]);
        let f = |x: i64| sums(&net, 1, &Rational::from_integer(x.into())).pop().expect("layers").remove(0);
        let whole = |number: i64| Rational::from_integer(number.into());
        assert_eq!(f(0), Sum { value: whole(0), left: whole(-1), right: whole(1) });
        assert!(f(0).bends() && !f(0).crosses());
        assert_eq!(f(2), Sum { value: whole(2), left: whole(1), right: whole(1) });
        assert_eq!(f(-3).value, whole(3));
        assert!(!f(-3).bends());
    }
}
