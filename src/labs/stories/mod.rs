//! Stories: a question of the problem set told in steps beside the lab, each of which does or asks something.
//!
//! A story is a file in `texts/`, named in [`TEXTS`]. It is written so:
//!
//! ```text
//! title: How many kinks can it have?
//! question: 4c
//! about: What the list of stories says of it.
//!
//! == The heading of a step
//! lab: function?W1=1,1&b1=0,-1&W2=1,-1&b2=0&x=-5,5
//!
//! Words. A blank line ends a paragraph; *stress*, `code`, $W_2$ and [links](function) as in `markup` and `math`.
//!
//! $$ f(x) = W_2 ReLU(W_1 x + b_1) + b_2 $$
//!
//! - A point of a list.
//!
//! do: What to do, in a sentence.
//! check: kinks = 2
//! after: What is said once it is done.
//! ```
//!
//! `lab` is what stands after `#/` in the lab's own address; a step without one goes on where the step before ended.
//! A step asks at most one thing, in one of these ways:
//!
//! - `do` and a `check` (see [`Check`]);
//! - `predict: pieces | How many pieces will it have?` (see [`Quantity`]) and `then`, the lab's state in which the number
//!   is counted and which is shown when one has answered;
//! - `ask`, with a line `option: words | why not` for each wrong answer and `right: words | why` for the right one;
//! - `challenge` with the id of one of the labs' challenges.
//!
//! Programs stand between lines of three backticks, the first with the language. `show: …` puts in a part that is more than
//! words (see [`Part`]).

mod check;
mod markup;
mod math;
mod parse;
mod progress;
mod scene;

use std::sync::LazyLock;

pub use check::{Check, Checking, Quantity, Wanted, World, challenge};
pub use markup::escaped;
pub use math::mathml;
pub use parse::{ParseError, parse};
pub use progress::Progress;
pub use scene::{LabName, Scene};

use super::challenges::Challenge;
use super::train::recorded::Recording;

/// A question in steps.
#[derive(Clone, Debug, PartialEq)]
pub struct Story {
    /// In the address, and in what is kept.
    pub name: &'static str,
    /// Its idea, as one would ask it.
    pub title: String,
    /// In the problem set.
    pub question: String,
    /// For a list of stories.
    pub about: String,
    /// In order; never empty, and the first has a scene.
    pub steps: Vec<Step>,
}

/// A step of a story.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// Its heading.
    pub title: String,
    /// The lab's state at its start, unless it goes on with that of the step before.
    pub scene: Option<Scene>,
    /// Its words.
    pub blocks: Vec<Block>,
    /// What it asks.
    pub ask: Ask,
    /// Said once that is done, as HTML.
    pub after: Option<String>,
}

/// A part of a step's words.
#[derive(Clone, Debug, PartialEq)]
pub enum Block {
    /// HTML of a paragraph.
    Paragraph(String),
    /// HTML of each point.
    List(Vec<String>),
    /// MathML on a line of its own.
    Formula(String),
    /// A program: its language and its lines.
    Code(String, String),
    /// What is more than words.
    Part(Part),
}

/// A part of a step that is more than words.
#[derive(Clone, Debug, PartialEq)]
pub enum Part {
    /// `derivation 8a`, `relations`, `derivation 8b`: lines of question 8, with the numbers on screen in the lab.
    Derivation(super::backprop::derivation::Section),
    /// `faces`: the proof of the gate on screen in the lab, face by face.
    Faces,
    /// `recorded plain, augmented`: the curves of recorded runs.
    Recorded(Vec<&'static Recording>),
}

/// What a step asks.
#[derive(Clone, Debug, PartialEq)]
pub enum Ask {
    /// To be read.
    Nothing,
    /// To bring the lab into a state.
    Do {
        /// HTML.
        task: String,
        /// Whether it is done.
        check: Check,
    },
    /// To predict a number.
    Predict {
        /// HTML.
        question: String,
        /// Which number.
        quantity: Quantity,
        /// Where it is counted.
        then: Scene,
    },
    /// To choose an answer.
    Choose {
        /// HTML.
        question: String,
        /// In order.
        answers: Vec<Choice>,
    },
    /// To solve a challenge of the lab.
    Challenge(&'static Challenge),
}

/// An answer to choose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// HTML.
    pub words: String,
    /// Why it is right, or is not, as HTML.
    pub why: String,
    /// Whether it is.
    pub is_right: bool,
}

/// The stories' texts by name, in the problem set's order.
pub const TEXTS: [(&str, &str); 17] = [
    ("1", include_str!("texts/1.txt")),
    ("2", include_str!("texts/2.txt")),
    ("3", include_str!("texts/3.txt")),
    ("4a", include_str!("texts/4a.txt")),
    ("4b", include_str!("texts/4b.txt")),
    ("4c", include_str!("texts/4c.txt")),
    ("4d", include_str!("texts/4d.txt")),
    ("5", include_str!("texts/5.txt")),
    ("6", include_str!("texts/6.txt")),
    ("7", include_str!("texts/7.txt")),
    ("8", include_str!("texts/8.txt")),
    ("10", include_str!("texts/10.txt")),
    ("11", include_str!("texts/11.txt")),
    ("12", include_str!("texts/12.txt")),
    ("13", include_str!("texts/13.txt")),
    ("14", include_str!("texts/14.txt")),
    ("15", include_str!("texts/15.txt")),
];

static ALL: LazyLock<Vec<Story>> =
    LazyLock::new(|| TEXTS.iter().filter_map(|(name, text)| parse(name, text).ok()).collect());

/// All stories, in order. A text that cannot be read is left out; a test sees to it that there is none.
pub fn all() -> &'static [Story] {
    &ALL
}

/// The story of this name.
pub fn find(name: &str) -> Option<&'static Story> {
    all().iter().find(|story| story.name == name)
}

impl Story {
    /// The scene that a step shows when one comes to it from elsewhere: its own, or that of the last step before it
    /// that has one, as a prediction there leaves it.
    pub fn scene_at(&self, step: usize) -> Option<&Scene> {
        if let Some(own) = self.steps.get(step)?.scene.as_ref() {
            return Some(own);
        }
        self.steps[..step].iter().rev().find_map(|step| match &step.ask {
            Ask::Predict { then, .. } => Some(then),
            _ => step.scene.as_ref(),
        })
    }

    /// The lab that a step shows.
    pub fn lab_at(&self, step: usize) -> LabName {
        self.scene_at(step).map_or(LabName::Function, Scene::lab)
    }

    /// The address of a step, from 0: what stands after `#/`.
    pub fn address(&self, step: usize) -> String {
        format!("story/{}/{}", self.name, step + 1)
    }
}
