//! Points of the plane with classes, made by a rule and a seed, or put there by hand.

use std::f64::consts::{PI, TAU};

use rand::RngExt;
use rand_distr::StandardNormal;

use crate::data::{Purpose, rng};
use crate::train::plane::PlanePoints;

/// Half of the side of the square in which points are made.
pub const HALF: f64 = 1.0;
/// Points are where thousandths are.
pub const UNIT: f64 = 1_000.0;
/// No point is further from the origin than this along an axis.
pub const FAR: i32 = 4_000;
/// Most points put there by hand.
pub const MAX_OWN: usize = 2_000;
/// The seed's index of each part of what is made.
const POINTS: u64 = 11;
const SPLIT: u64 = 12;

/// The rule.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shape {
    /// A disc, and a ring around it.
    #[default]
    Circles,
    /// Opposite corners of a square.
    Xor,
    /// Quadrants: x₁ > 0 or x₂ > 0.
    Or,
    /// Quadrants: both positive.
    And,
    /// Quadrants: not both positive.
    Nand,
    /// Clouds on a circle, one a class.
    Gaussians,
    /// Arms around the origin, one a class.
    Spirals,
    /// Two halves of a ring that reach into each other.
    Moons,
    /// Four by four squares.
    Chessboard,
    /// Put there by hand.
    Own,
}

impl Shape {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Circles,
        Self::Xor,
        Self::Gaussians,
        Self::Spirals,
        Self::Moons,
        Self::Chessboard,
        Self::Or,
        Self::And,
        Self::Nand,
        Self::Own,
    ];

    /// In test hooks and addresses.
    pub fn word(self) -> &'static str {
        match self {
            Self::Circles => "circles",
            Self::Xor => "xor",
            Self::Or => "or",
            Self::And => "and",
            Self::Nand => "nand",
            Self::Gaussians => "gaussians",
            Self::Spirals => "spirals",
            Self::Moons => "moons",
            Self::Chessboard => "chessboard",
            Self::Own => "own",
        }
    }

    /// On screen.
    pub fn title(self) -> &'static str {
        match self {
            Self::Circles => "Circles",
            Self::Xor => "XOR",
            Self::Or => "OR, by quadrants",
            Self::And => "AND, by quadrants",
            Self::Nand => "NAND, by quadrants",
            Self::Gaussians => "Gaussians",
            Self::Spirals => "Spirals",
            Self::Moons => "Moons",
            Self::Chessboard => "Chessboard",
            Self::Own => "Your own points",
        }
    }

    /// Whether it can have more than two classes.
    pub fn has_classes(self) -> bool {
        matches!(self, Self::Gaussians | Self::Spirals | Self::Own)
    }
}

/// A point put there by hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OwnPoint {
    /// x₁ and x₂ in thousandths.
    pub at: [i32; 2],
    /// From 0.
    pub class: u8,
}

/// What is made.
#[derive(Clone, Debug, PartialEq)]
pub struct Recipe {
    /// The rule.
    pub shape: Shape,
    /// Classes, where the rule leaves a choice.
    pub classes: usize,
    /// Points of all classes together, those for validation included.
    pub count: usize,
    /// Of 100.
    pub noise: u32,
    /// How many of 100 points are for validation only.
    pub validation: u32,
    /// Another seed, other points.
    pub seed: u64,
    /// Points put there by hand, for [`Shape::Own`].
    pub own: Vec<OwnPoint>,
}

impl Default for Recipe {
    fn default() -> Self {
        Self { shape: Shape::Circles, classes: 2, count: 200, noise: 10, validation: 0, seed: 1, own: Vec::new() }
    }
}

impl Recipe {
    /// How many classes there are.
    pub fn class_count(&self) -> usize {
        if self.shape.has_classes() { self.classes } else { 2 }
    }

    /// The points to train on, and those to validate on.
    pub fn points(&self) -> [PlanePoints; 2] {
        let all = if self.shape == Shape::Own { self.own.clone() } else { self.made() };
        let mut draw = rng(self.seed, Purpose::Draw, SPLIT);
        let mut parts = [PlanePoints::default(), PlanePoints::default()];
        // So many of each hundred, whatever their number: which ones is drawn.
        let held = all.len() * self.validation as usize / 100;
        let (mut left, mut held_left) = (all.len(), held);
        for point in all {
            let is_held = draw.random_range(0..left) < held_left;
            (left, held_left) = (left - 1, held_left - usize::from(is_held));
            let part = &mut parts[usize::from(is_held)];
            part.at.push(point.at.map(|thousandths| (f64::from(thousandths) / UNIT) as f32));
            part.classes.push(point.class);
        }
        parts
    }

    /// The points that the rule makes, to be changed by hand.
    pub fn made(&self) -> Vec<OwnPoint> {
        let classes = self.class_count();
        let mut draw = rng(self.seed, Purpose::Draw, POINTS);
        let noise = f64::from(self.noise) / 100.0;
        let mut point = |index: usize| {
            let class = index % classes;
            // How far along its class a point is.
            let along = (index / classes) as f64 / self.count.div_ceil(classes).max(2).saturating_sub(1) as f64;
            let mut any = |from: f64, to: f64| draw.random_range(from..to);
            let (x, y, class) = match self.shape {
                Shape::Circles => {
                    let radius = if class == 0 { 0.45 * any(0.0, 1.0).sqrt() } else { any(0.7, 0.95) };
                    let turn = any(0.0, TAU);
                    (radius * turn.cos(), radius * turn.sin(), class)
                }
                Shape::Xor => {
                    let (x, y) = (any(0.35, 0.85), any(0.35, 0.85));
                    let (right, up) = (any(0.0, 1.0) < 0.5, any(0.0, 1.0) < 0.5);
                    let is_same = right == up;
                    (if right { x } else { -x }, if up { y } else { -y }, usize::from(!is_same))
                }
                Shape::Or | Shape::And | Shape::Nand => {
                    // Some room on both sides of the axes.
                    let mut side = || {
                        let size = any(0.06, 0.95);
                        if any(0.0, 1.0) < 0.5 { -size } else { size }
                    };
                    let (x, y) = (side(), side());
                    let is_true = match self.shape {
                        Shape::Or => x > 0.0 || y > 0.0,
                        Shape::And => x > 0.0 && y > 0.0,
                        _ => x < 0.0 || y < 0.0,
                    };
                    (x, y, usize::from(is_true))
                }
                Shape::Gaussians => {
                    let turn = TAU * class as f64 / classes as f64 + PI / 4.0;
                    // Wide enough that the clouds meet at full noise.
                    let (x, y): (f64, f64) = (draw.sample(StandardNormal), draw.sample(StandardNormal));
                    (0.6 * turn.cos() + 0.13 * x, 0.6 * turn.sin() + 0.13 * y, class)
                }
                Shape::Spirals => {
                    let (radius, turn) = (0.08 + 0.87 * along, TAU * class as f64 / classes as f64 + 1.5 * TAU * along);
                    (radius * turn.cos(), radius * turn.sin(), class)
                }
                Shape::Moons => {
                    let (x, y) = ((PI * along).cos(), (PI * along).sin());
                    let (x, y) = if class == 0 { (x - 0.5, y - 0.25) } else { (0.5 - x, 0.25 - y) };
                    (0.62 * x, 0.62 * y, class)
                }
                Shape::Chessboard => {
                    // The middle of each square, so that its class is beyond doubt.
                    let mut place = || {
                        let square = any(0.0, 4.0).floor();
                        (square, (square + any(0.06, 0.94)) / 2.0 - 1.0)
                    };
                    let ((column, x), (row, y)) = (place(), place());
                    (x, y, (column + row) as usize % 2)
                }
                Shape::Own => (0.0, 0.0, class),
            };
            let (dx, dy): (f64, f64) = (draw.sample(StandardNormal), draw.sample(StandardNormal));
            let place = |x: f64, dx: f64| ((x + 0.5 * noise * dx) * UNIT).round().clamp(-UNIT, UNIT) as i32;
            OwnPoint { at: [place(x, dx), place(y, dy)], class: class as u8 }
        };
        (0..self.count).map(&mut point).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_makes_as_many_points_as_asked_for_of_every_class_and_the_same_again() {
        for shape in Shape::ALL.into_iter().filter(|shape| *shape != Shape::Own) {
            for classes in 2..=4 {
                let recipe = Recipe { shape, classes, count: 120, validation: 25, ..Recipe::default() };
                let [training, validation] = recipe.points();
                assert_eq!((training.len(), validation.len()), (90, 30), "{shape:?}");
                assert_eq!(recipe.points(), [training.clone(), validation.clone()]);
                for class in 0..recipe.class_count() {
                    assert!(training.classes.contains(&(class as u8)), "{shape:?}: no point of class {class}");
                }
                assert!(training.at.iter().chain(&validation.at).flatten().all(|x| x.abs() <= 1.0));
                let other = Recipe { seed: 2, noise: 20, ..recipe };
                assert_ne!(other.points()[0], training);
            }
        }
    }

    #[test]
    fn without_noise_the_rules_hold_for_every_point() {
        let made = |shape| Recipe { shape, noise: 0, count: 200, ..Recipe::default() }.made();
        let all = |shape, holds: fn([f64; 2]) -> usize| {
            let points = made(shape);
            points.iter().all(|point| holds(point.at.map(f64::from)) == usize::from(point.class))
        };
        assert!(all(Shape::Circles, |[x, y]| usize::from(x.hypot(y) > 600.0)));
        assert!(all(Shape::Xor, |[x, y]| usize::from((x > 0.0) != (y > 0.0))));
        assert!(all(Shape::Or, |[x, y]| usize::from(x > 0.0 || y > 0.0)));
        assert!(all(Shape::And, |[x, y]| usize::from(x > 0.0 && y > 0.0)));
        assert!(all(Shape::Nand, |[x, y]| usize::from(x < 0.0 || y < 0.0)));
        assert!(all(Shape::Chessboard, |[x, y]| {
            let square = |x: f64| ((x + 1000.0) / 500.0).floor() as usize;
            (square(x) + square(y)) % 2
        }));
    }

    #[test]
    fn points_put_there_by_hand_are_taken_as_they_are() {
        let own = vec![OwnPoint { at: [250, -1500], class: 2 }, OwnPoint { at: [0, 1], class: 0 }];
        let recipe = Recipe { shape: Shape::Own, classes: 3, own, ..Recipe::default() };
        let [training, validation] = recipe.points();
        assert_eq!((training.at, training.classes), (vec![[0.25, -1.5], [0.0, 0.001]], vec![2, 0]));
        assert!(validation.is_empty());
        // Of none at all there are none.
        assert!(Recipe { own: Vec::new(), ..recipe }.points()[0].is_empty());
    }
}
