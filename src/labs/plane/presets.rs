//! Settings that teach.

use super::PlaneLab;
use super::data::{Recipe, Shape};

/// Settings with a name, and what to look for.
#[derive(Clone, Debug, PartialEq)]
pub struct Preset {
    /// For test hooks.
    pub id: &'static str,
    /// On screen.
    pub title: &'static str,
    /// What to look for.
    pub note: &'static str,
    /// The settings.
    pub lab: PlaneLab,
}

/// All of them.
pub fn presets() -> Vec<Preset> {
    let made = |shape, count, noise| Recipe { shape, count, noise, ..Recipe::default() };
    let lab = |recipe, hidden: &[usize]| PlaneLab { recipe, hidden: hidden.to_vec(), ..PlaneLab::default() };
    let preset = |id, title, note, lab| Preset { id, title, note, lab };
    let noisy = || Recipe { validation: 50, ..made(Shape::Moons, 200, 50) };
    vec![
        preset(
            "circle",
            "Circle, three neurons",
            "Three lines that cross inside the disc cut the plane around it into six regions. The boundary has a side in each: a hexagon from three neurons.",
            lab(made(Shape::Circles, 200, 0), &[3]),
        ),
        preset(
            "xor-2",
            "XOR, two neurons",
            "Two neurons can do it, but descent does not always find how. Take another seed and train again: how many of ten fail?",
            PlaneLab { rate: "0.03", ..lab(made(Shape::Xor, 100, 0), &[2]) },
        ),
        preset(
            "spiral-wide",
            "Spiral, 24 wide",
            "One layer of 24 neurons: straight lines only. Compare it with 8, 8, 8, which has as many neurons.",
            lab(made(Shape::Spirals, 200, 0), &[24]),
        ),
        preset(
            "spiral-deep",
            "Spiral, 8 × 3 deep",
            "As many neurons as 24 in one layer, but those of layers 2 and 3 bend where earlier ones do. Which has more regions, and which is done first?",
            lab(made(Shape::Spirals, 200, 0), &[8, 8, 8]),
        ),
        preset(
            "memory",
            "Learning noise by heart",
            "Half of the points are held out, and there is more noise than shape. Follow the two losses: when does the network stop learning the moons and start on the noise?",
            lab(noisy(), &[32, 32]),
        ),
        preset(
            "decay",
            "The same with weight decay",
            "The same points and network, with λ = 0.03. Compare the regions, the two losses and the boundary with those without decay.",
            PlaneLab { decay: "0.03", ..lab(noisy(), &[32, 32]) },
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_preset_can_be_trained_and_linked_to() {
        for Preset { id, lab, .. } in presets() {
            assert_eq!(lab.problem().check(), Ok(()), "{id}");
            assert_eq!(PlaneLab::decode(&lab.encode()), Ok(lab), "{id}");
        }
    }
}
