//! Paths to start from.

use super::{PathLab, Quantity};
use crate::labs::parameters::{Parameters, Place};

/// A path to start from.
#[derive(Clone, Debug, PartialEq)]
pub struct Preset {
    /// In test hooks.
    pub id: &'static str,
    /// On screen.
    pub title: &'static str,
    /// What to look for.
    pub note: &'static str,
    /// What it is.
    pub lab: PathLab,
}

/// All of them, the homework's first.
pub fn presets() -> Vec<Preset> {
    let of = |from: &[(&[&[i32]], &[i32])], to: &[(&[&[i32]], &[i32])]| {
        PathLab::of(Parameters::of(1, from), Parameters::of(1, to))
    };
    let homework =
        of(&[(&[&[-1], &[-1]], &[0, -1]), (&[&[1, -1]], &[0])], &[(&[&[2], &[2]], &[0, -1]), (&[&[1, -1]], &[0])]);
    let mut last_layer =
        of(&[(&[&[1], &[1]], &[0, -1]), (&[&[-1, 3]], &[0])], &[(&[&[2], &[-1]], &[1, 2]), (&[&[2, -1]], &[1])]);
    let first: Vec<Place> = last_layer.from.places().into_iter().filter(|place| place.layer == 0).collect();
    last_layer.set_moves(&first, false);
    let both = of(&[(&[&[-1]], &[0]), (&[&[-1]], &[0])], &[(&[&[2]], &[0]), (&[&[2]], &[0])]);
    // W1 = W2 = s from −2 to 2: relu(s · relu(s) − 2) bends where s = √2.
    let irrational = of(
        &[(&[&[-2]], &[0]), (&[&[-2]], &[-2]), (&[&[1]], &[0])],
        &[(&[&[2]], &[0]), (&[&[2]], &[-2]), (&[&[1]], &[0])],
    );
    let deep = of(
        &[(&[&[1], &[-2]], &[1, 1]), (&[&[1, -1], &[2, 1]], &[0, 1]), (&[&[1, -1]], &[0])],
        &[(&[&[-1], &[3]], &[2, -1]), (&[&[-2, 1], &[1, 2]], &[1, -1]), (&[&[2, 1]], &[0])],
    );
    let convex = of(&[(&[&[-1], &[1]], &[0, 0]), (&[&[1, 1]], &[0])], &[(&[&[1], &[-1]], &[0, 0]), (&[&[1, 1]], &[0])]);
    let mut loss = homework.clone();
    loss.quantity = Quantity::Loss;
    let preset = |id, title, note, lab| Preset { id, title, note, lab };
    vec![
        preset(
            "homework",
            "The homework’s",
            "x = 1, both weights of W₁ go from −1 to 2: the output is relu(3t − 1) − relu(3t − 2), flat, rising, flat. Neither.",
            homework,
        ),
        preset(
            "last-layer",
            "Last layer only",
            "W₁ and b₁ stay, W₂ and b₂ move: the output is a straight line in t. With the other layers fixed, f is linear in the last.",
            last_layer,
        ),
        preset(
            "both-layers",
            "Both layers",
            "One neuron: W₂ · relu(W₁) with W₁ and W₂ moving together: degree 2 once the neuron is on. A product of two parameters is neither convex nor concave in general; on this line it is convex.",
            both,
        ),
        preset(
            "irrational",
            "An irrational bend",
            "Three layers: relu(W₂ · relu(W₁) − 2) with W₁ = W₂ from −2 to 2 bends where their square is 2. The break is isolated exactly, not rounded.",
            irrational,
        ),
        preset("deep", "Three layers", "All of 3 layers move: pieces of degree 3, as many factors as layers.", deep),
        preset(
            "convex",
            "Convex",
            "relu(2t − 1) + relu(1 − 2t) = |2t − 1|: a path can be convex, too. “Non-convex” says that not all are.",
            convex,
        ),
        preset(
            "loss",
            "The loss",
            "The same path, but the mean squared error on five points: what people mean by the non-convexity of neural networks.",
            loss,
        ),
    ]
}
