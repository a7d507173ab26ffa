//! Networks to start from: one for each part of questions 3 to 5.

use super::network::{Activation, MAX_REGIONS, NetworkLab, View};
use crate::labs::parameters::{Parameters, Place};
use crate::piecewise::constructions::{most_regions, regions, sawtooth};
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

/// The hidden widths of the preset for question 4c-iii.
const ZIGZAG: [usize; 2] = [3, 3];

impl Preset {
    /// Whether this is its network, ReLU or tanh, with or without biases, whatever else is shown.
    pub fn is(&self, lab: &NetworkLab) -> bool {
        is_same_function(&self.lab, lab)
    }
}

fn is_same_function(a: &NetworkLab, b: &NetworkLab) -> bool {
    a.parameters() == b.parameters() && a.activation == b.activation && a.biases == b.biases
}

/// What to look for in the network on screen: a preset's note, or what [`largest`] is.
pub fn note(lab: &NetworkLab, presets: &[Preset]) -> Option<String> {
    if let Some(preset) = presets.iter().find(|preset| preset.is(lab)) {
        return Some(preset.note.to_owned());
    }
    largest(&lab.hidden()).ok().filter(|largest| is_same_function(largest, lab))?;
    let (built, bound) = (regions(&lab.hidden()), bounds::max_regions(&lab.hidden()));
    Some(if built == bound {
        format!("{built} pieces: no network of these widths has more.")
    } else {
        format!(
            "{built} pieces, the most we know for these widths. More than {bound} is impossible; between the two nothing is proved."
        )
    })
}

/// All of them, in the homework's order.
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
            "Neither convex nor concave: chords on both sides prove it. So a network’s output is usually neither.",
            NetworkLab::default(),
        ),
        preset(
            "jump",
            "4a",
            "A jump?",
            "It looks like one at x = 0, but rises from −1 to 0 over a thousandth: slope 1000. Set the x axis from −0.01 to 0.01 to see it. There are 0 discontinuities, as always.",
            jump,
        ),
        preset(
            "polygon",
            "4b",
            "A polygon",
            "Always piecewise linear: straight between the points where some neuron bends. The table lists each piece with its slope and intercept.",
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
            "One kink per neuron",
            "With 2 layers, neuron i bends at x = −b/w and nowhere else. Width 8 gives 8 kinks, the most there can be.",
            eight,
        ),
        preset(
            "most-regions",
            "4c-iii",
            "Most regions",
            "16 = 4 · 4 pieces: the first layer folds the line into 4 sides, and the second cuts each into 4. With l − 1 hidden layers, up to (k + 1)^(l − 1): exponential in l.",
            largest(&ZIGZAG).unwrap_or_default(),
        ),
        preset(
            "sawtooth",
            "4c-iv",
            "Sawtooth",
            "Telgarsky’s: every layer folds the tent onto itself. 8 neurons in 4 hidden layers make 16 sides between 0 and 1; in one layer they make at most 9 pieces.",
            teeth,
        ),
        preset(
            "tanh",
            "4d",
            "tanh",
            "The lab’s first network with tanh in place of ReLU. tanh is differentiable everywhere, so f is, too: no kinks. Its derivative is shown.",
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
            "Impossible without biases. The reason is below the answers; try the search first.",
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
            "Impossible without biases. The reason is below the answers; try the search first.",
            no_bias(&[&[1], &[2]], &[&[2, -3]]),
        ),
    ]
}

/// The network of these hidden widths with the most regions that we know.
///
/// # Errors
/// A sentence, if there would be more than can be listed.
pub fn largest(hidden: &[usize]) -> Result<NetworkLab, String> {
    let count = regions(hidden);
    if count > MAX_REGIONS.into() {
        return Err(format!(
            "These layers can make {count} pieces; the page draws and lists at most {MAX_REGIONS}. Take fewer layers, or smaller ones."
        ));
    }
    let parameters = Parameters::from_net(&most_regions(hidden), 1).ok_or("Its weights are too large.")?;
    Ok(NetworkLab::of(parameters))
}
