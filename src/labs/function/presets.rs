//! Networks to start from: one for each part of questions 3 to 5.

use super::network::{Activation, MAX_REGIONS, NetworkLab, View};
use crate::labs::parameters::{Parameters, Place};
use crate::piecewise::constructions::{most_regions, sawtooth};
use crate::piecewise::{Decimal, bounds};

/// A network to start from.
#[derive(Clone, Debug, PartialEq)]
pub struct Preset {
    /// In test hooks.
    pub id: &'static str,
    /// The homework's question.
    pub question: &'static str,
    /// On screen.
    pub title: &'static str,
    /// What to look for.
    pub note: &'static str,
    /// What it is.
    pub lab: NetworkLab,
}

/// All of them, in the homework's order. [`largest`] is one more.
pub fn presets() -> Vec<Preset> {
    let of = |layers: &[(&[&[i32]], &[i32])]| NetworkLab::of(Parameters::of(1, layers));
    let preset = |id, question, title, note, lab| Preset { id, question, title, note, lab };
    let no_bias = |first: &[&[i32]], second: &[&[i32]]| {
        let mut lab = of(&[(first, &[0, 0]), (second, &[0])]);
        lab.biases = false;
        lab
    };
    let mut smooth = NetworkLab::default();
    smooth.activation = Activation::Tanh;
    smooth.view = View::Derivative;
    let eight = of(&[
        (&[&[1], &[1], &[1], &[1], &[1], &[1], &[1], &[1]], &[4, 3, 2, 1, 0, -1, -2, -3]),
        (&[&[2, -4, 4, -4, 4, -4, 4, -4]], &[-1]),
    ]);
    let mut teeth = NetworkLab::of(Parameters::from_net(&sawtooth(4), 1).unwrap_or_else(|| Parameters::zeros(1, &[2])));
    if let (Some(left), Some(right)) = (Decimal::new(-25, 2), Decimal::new(125, 2)) {
        // It rises: never refused.
        drop(teeth.set_x_range(left, right));
    }
    let steep = Parameters::of(1, &[(&[&[5], &[5]], &[0, 0]), (&[&[200, -200]], &[-1])]);
    let mut jump = NetworkLab::of(steep);
    jump.set(Place { layer: 0, row: 1, column: None }, Decimal::new(-5, 3).unwrap_or_default());
    let polygon = of(&[(&[&[1], &[1], &[1], &[1], &[-1]], &[3, 1, -1, -3, -4]), (&[&[2, -3, 3, -2, 1]], &[-1])]);
    vec![
        preset(
            "neither",
            "3",
            "Neither",
            "Neither convex nor concave: chords on both sides prove it. So a network’s output is in general neither.",
            NetworkLab::default(),
        ),
        preset(
            "jump",
            "4a",
            "A jump?",
            "It looks like one at x = 0, but rises from −1 to 0 over a thousandth: slope 1000. Show x from −0.01 to 0.01 to see it. Discontinuities: 0, always.",
            jump,
        ),
        preset(
            "polygon",
            "4b",
            "A polygon",
            "Piecewise linear, always: straight between the points where some neuron bends. The table lists each piece with slope and intercept.",
            polygon,
        ),
        preset(
            "no-kinks",
            "4c-i",
            "No kink",
            "Every neuron bends at 0, but the bends cancel: x = relu(x) − relu(−x). The smallest number of kinks is 0.",
            of(&[(&[&[1], &[-1]], &[0, 0]), (&[&[1, -1]], &[0])]),
        ),
        preset(
            "width-kinks",
            "4c-ii",
            "A kink a neuron",
            "With 2 layers, neuron i bends at −b/w and nowhere else: width 8, 8 kinks, the most there can be.",
            eight,
        ),
        preset(
            "sawtooth",
            "4c-iv",
            "Sawtooth",
            "Telgarsky’s: a tent, folded onto itself by every layer. 8 neurons in 4 hidden layers make 16 sides; in one layer they make at most 9 pieces.",
            teeth,
        ),
        preset(
            "tanh",
            "4d",
            "tanh",
            "The first network with tanh for ReLU. tanh is differentiable everywhere, so f is, too: no kinks. See its derivative.",
            smooth,
        ),
        preset(
            "linear",
            "5a",
            "Linear",
            "Width 2, no biases: relu(x) − relu(−x) is x.",
            no_bias(&[&[1], &[-1]], &[&[1, -1]]),
        ),
        preset(
            "two-kinks",
            "5b",
            "Two kinks?",
            "Impossible without biases: see why below the answers, and let the search try.",
            no_bias(&[&[2], &[-1]], &[&[1, 2]]),
        ),
        preset(
            "convex",
            "5c",
            "Convex",
            "Width 2, no biases: relu(x) + relu(−x) is |x|, convex and not linear.",
            no_bias(&[&[1], &[-1]], &[&[1, 1]]),
        ),
        preset(
            "neither-no-bias",
            "5d",
            "Neither?",
            "Impossible without biases: see why below the answers, and let the search try.",
            no_bias(&[&[1], &[2]], &[&[2, -3]]),
        ),
    ]
}

/// The network of these hidden widths with the most regions, for question 4c-iii.
///
/// # Errors
/// A sentence, if there would be more than can be listed.
pub fn largest(hidden: &[usize]) -> Result<NetworkLab, String> {
    let bound = bounds::max_regions(hidden);
    if bound > MAX_REGIONS.into() {
        return Err(format!(
            "This shape allows {bound} regions; the page draws and lists at most {MAX_REGIONS}. Take fewer layers, or smaller ones."
        ));
    }
    let parameters = Parameters::from_net(&most_regions(hidden), 1).ok_or("Its weights are too large.")?;
    Ok(NetworkLab::of(parameters))
}
