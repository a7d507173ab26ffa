//! The plane lab's challenges, and when they are solved.

use super::PlaneLab;
use super::data::Shape;
use super::run::wrong;
use crate::labs::challenges::Challenge;
use crate::protocol::{PlaneActivity, PlaneReport};

/// In order of difficulty.
pub const CHALLENGES: [Challenge; 5] = [
    Challenge {
        id: "plane-hexagon",
        question: "Enclose.",
        task: "Circles, at least 100 points: all training points right, with one hidden layer of 3 neurons.",
        hint: "How many sides can the boundary have if three lines cross inside the disc?",
        solution: "Take “Circle, three neurons” and play. If a line is lost on the way, take another seed for the weights.",
    },
    Challenge {
        id: "plane-xor",
        question: "XOR.",
        task: "At least 50 points, all right, with one hidden layer of 2 neurons.",
        hint: "Many seeds get stuck. Two neurons that bend on parallel lines and face away from each other leave a strip between them.",
        solution: "Take “XOR, two neurons” and try seed after seed. relu(x₁ + x₂ − ½) + relu(−x₁ − x₂ − ½) is 0 in a strip through two of the corners, and positive at the other two.",
    },
    Challenge {
        id: "plane-spiral",
        question: "Spiral.",
        task: "Spirals of at least 100 points: all right, with at most 24 hidden neurons.",
        hint: "Depth helps: later layers bend where earlier ones do.",
        solution: "Take “Spiral, 8 × 3 deep” and play as fast as it goes; another seed if it gets stuck.",
    },
    Challenge {
        id: "plane-memory",
        question: "By heart.",
        task: "All training points right, at least 50 of them, while at least a quarter of the validation points are not.",
        hint: "Noise cannot be learned, but it can be remembered.",
        solution: "Take “Learning noise by heart” and play as fast as it goes.",
    },
    Challenge {
        id: "plane-dead",
        question: "Dead.",
        task: "After at least one step, a hidden layer of 4 or more neurons all of which are off everywhere in the window.",
        hint: "What does a step do that is far too long?",
        solution: "Gradient descent with rate 3, or with momentum: a long step pushes the biases down, and a neuron that is off gets no gradient to come back.",
    },
];

/// Whether each of [`CHALLENGES`] is solved by a report of a run with these settings.
pub fn solved_now(lab: &PlaneLab, report: Option<&PlaneReport>) -> Vec<bool> {
    let Some(report) = report else { return vec![false; CHALLENGES.len()] };
    let [training, validation] = &report.verdicts;
    let is_trained = report.step > 0;
    let all_right = |least: usize| is_trained && training.len() >= least && wrong(training) == 0;
    let is = |shape| lab.recipe.shape == shape;
    let is_dead = |layer: &Vec<PlaneActivity>| layer.len() >= 4 && layer.iter().all(|n| *n == PlaneActivity::Off);
    vec![
        is(Shape::Circles) && lab.hidden == [3] && all_right(100),
        is(Shape::Xor) && lab.hidden == [2] && all_right(50),
        is(Shape::Spirals) && lab.hidden.iter().sum::<usize>() <= 24 && all_right(100),
        all_right(50) && 4 * wrong(validation) >= validation.len() && !validation.is_empty(),
        is_trained && report.picture.is_complete && report.picture.activity.iter().any(is_dead),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::PlaneVerdict::{Right, Wrong};

    #[test]
    fn each_is_solved_by_what_it_asks_for_and_not_by_less() {
        let lab = |shape, hidden: &[usize]| {
            let mut lab = PlaneLab::default();
            (lab.recipe.shape, lab.hidden) = (shape, hidden.to_vec());
            lab
        };
        let report = |right: usize, wrong: usize, validation: (usize, usize)| PlaneReport {
            step: 1,
            verdicts: [
                [vec![Right; right], vec![Wrong; wrong]].concat(),
                [vec![Right; validation.0], vec![Wrong; validation.1]].concat(),
            ],
            ..PlaneReport::default()
        };
        let solved = |lab: &PlaneLab, report: &PlaneReport| {
            let now = solved_now(lab, Some(report));
            (0..now.len()).filter(|&index| now[index]).collect::<Vec<_>>()
        };
        let (circles, xor) = (lab(Shape::Circles, &[3]), lab(Shape::Xor, &[2]));
        assert_eq!(solved(&circles, &report(100, 0, (0, 0))), [0]);
        assert!(solved(&circles, &report(99, 1, (0, 0))).is_empty());
        assert!(solved(&circles, &PlaneReport { step: 0, ..report(100, 0, (0, 0)) }).is_empty());
        assert_eq!(solved(&xor, &report(50, 0, (0, 0))), [1]);
        assert_eq!(solved(&lab(Shape::Spirals, &[8, 8, 8]), &report(100, 0, (0, 0))), [2]);
        assert!(solved(&lab(Shape::Spirals, &[8, 8, 9]), &report(100, 0, (0, 0))).is_empty());
        assert_eq!(solved(&lab(Shape::Moons, &[9]), &report(50, 0, (3, 1))), [3]);
        assert!(solved(&lab(Shape::Moons, &[9]), &report(50, 0, (4, 1))).is_empty());
        let mut dead = report(1, 9, (0, 0));
        dead.picture.is_complete = true;
        dead.picture.activity = vec![vec![PlaneActivity::Both; 4], vec![PlaneActivity::Off; 4]];
        assert_eq!(solved(&lab(Shape::Moons, &[4, 4]), &dead), [4]);
        assert!(solved_now(&xor, None).iter().all(|is_solved| !is_solved));
    }
}
