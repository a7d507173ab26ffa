//! A trained network handed to the prover of the gate lab.

use super::PlaneLab;
use super::data::Shape;
use crate::labs::gates::{self, Choice, GateLab};
use crate::labs::parameters::Parameters;
use crate::piecewise::{Layer, Net, Rational};

/// Digits after the point that a weight keeps there.
const PLACES: u32 = 6;

impl Shape {
    /// The gate that its classes are the values of, if they are.
    pub fn gate(self) -> Option<Choice> {
        match self {
            Self::Or => Some(Choice::Or),
            Self::And => Some(Choice::And),
            Self::Nand => Some(Choice::Nand),
            Self::Xor => Some(Choice::Xor),
            _ => None,
        }
    }
}

/// The gate lab with the network f = z₂ − z₁, which is positive where class 2 is predicted, its numbers rounded to six places.
///
/// # Errors
/// A sentence: why that lab cannot take it.
pub fn gate(lab: &PlaneLab, weights: &[f32]) -> Result<GateLab, String> {
    let Some(choice) = lab.recipe.shape.gate() else {
        return Err("The prover knows gates: choose OR, AND, NAND or XOR as points.".into());
    };
    let (hidden, most) = (&lab.hidden, *gates::LAYERS.end() - 1);
    let is_even = hidden.iter().all(|width| *width == hidden[0] && gates::WIDTHS.contains(width));
    if hidden.len() > most || !is_even {
        return Err(format!(
            "The prover’s lab takes 1 to {most} hidden layers of one width, 1 to {}.",
            gates::WIDTHS.end()
        ));
    }
    let too_large = || "A weight is too large for the prover’s lab.".to_owned();
    let net = net(hidden, weights).ok_or_else(too_large)?;
    let parameters = Parameters::from_net(&net, PLACES).ok_or_else(too_large)?;
    Ok(GateLab { parameters, choice, ..GateLab::default() })
}

/// The network of two outputs with their difference in place of them.
fn net(hidden: &[usize], weights: &[f32]) -> Option<Net> {
    let mut rest = weights;
    let mut inputs = 2;
    let mut layers = Vec::new();
    let exact = |values: &[f32]| values.iter().map(|&value| Rational::from_float(value)).collect::<Option<Vec<_>>>();
    for &width in hidden.iter().chain([&2]) {
        let (matrix, after) = rest.split_at_checked(width * inputs)?;
        let (bias, after) = after.split_at_checked(width)?;
        let weights = matrix.chunks(inputs).map(exact).collect::<Option<Vec<_>>>()?;
        layers.push(Layer { weights, bias: exact(bias)? });
        (rest, inputs) = (after, width);
    }
    let last = layers.last_mut()?;
    let row = last.weights[1].iter().zip(&last.weights[0]).map(|(second, first)| second - first).collect();
    let bias = &last.bias[1] - &last.bias[0];
    (last.weights, last.bias) = (vec![row], vec![bias]);
    Net::with_inputs(2, layers).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::labs::plane::look::Look;
    use crate::piecewise::gate::Verdict;
    use crate::piecewise::to_f64;

    fn lab(shape: Shape, hidden: &[usize]) -> PlaneLab {
        let mut lab = PlaneLab { hidden: hidden.to_vec(), ..PlaneLab::default() };
        lab.recipe.shape = shape;
        lab
    }

    #[test]
    fn what_is_handed_over_is_positive_where_class_2_is_predicted() {
        let lab = lab(Shape::Xor, &[3, 3]);
        let weights: Vec<f32> = (0..lab.parameters()).map(|index| (index as f32 * 1.7).sin()).collect();
        let gate = gate(&lab, &weights).expect("it fits");
        assert_eq!(gate.choice, Choice::Xor);
        for at in [[0.5, 0.25], [-0.5, 0.75], [-1.0, -1.0], [2.0, -0.125]] {
            let look = Look::new(&lab.hidden, 2, &weights, at).expect("it fits");
            let (f, _) = gate.look_at(&at.map(|x| Rational::from_float(x).expect("a number")));
            assert!((to_f64(&f) - (look.outputs[1] - look.outputs[0])).abs() < 1e-4);
        }
        // relu(x₁) + relu(x₂) is OR, also as the difference of two outputs.
        let or = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.5, -1.0, 1.5, 0.0, 0.0, 0.0];
        // Half less is not.
        let less = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.5, -1.0, 1.5, 0.0, 0.5, 0.0];
        for (weights, is_proved) in [(or, true), (less, false)] {
            let gate = super::gate(&self::lab(Shape::Or, &[2]), &weights).expect("it fits");
            let mut prover = gate.prover();
            while !prover.advance(32) {}
            let verdict = prover.verdict(&gate.parameters.net());
            assert_eq!(verdict == Some(Verdict::Proved), is_proved, "{verdict:?}");
        }
    }

    #[test]
    fn what_the_prover_cannot_take_is_refused_with_a_sentence() {
        for lab in [lab(Shape::Moons, &[2]), lab(Shape::Or, &[2, 3]), lab(Shape::Or, &[9]), lab(Shape::Or, &[2; 4])] {
            let message = gate(&lab, &vec![0.0; lab.parameters()]).expect_err("refused");
            assert!(message.ends_with('.'), "{message}");
        }
        assert!(gate(&lab(Shape::Or, &[2]), &[0.0]).is_err());
    }
}
