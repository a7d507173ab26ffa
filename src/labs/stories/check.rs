//! What a step asks for, and whether the labs are so: decided exactly, as the labs themselves decide.

use super::scene::{LabName, Scene};
use crate::labs::backprop::challenges as backprop_challenges;
use crate::labs::backprop::layers::{LayerLab, Subject};
use crate::labs::backprop::{self, BackpropLab};
use crate::labs::challenges::Challenge;
use crate::labs::function::challenges as function_challenges;
use crate::labs::function::network::{Activation, Answers};
use crate::labs::function::{self, FunctionLab};
use crate::labs::gates::challenges as gate_challenges;
use crate::labs::gates::{self, Choice, GateLab, GatesLab};
use crate::labs::path::challenges as path_challenges;
use crate::labs::path::{self, PathLab};
use crate::labs::train::TrainLab;
use crate::piecewise::gate::{Prover, Verdict as Proof};
use crate::piecewise::{Verdict, bounds};

/// Cuts of a proof at once.
const CUTS: usize = 32;

/// How a number is to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// This one.
    Exactly(usize),
    /// This one or a larger one.
    AtLeast(usize),
}

/// What the labs must be like.
#[derive(Clone, Debug, PartialEq)]
pub enum Check {
    /// `function is convex`: the network's shape on the whole line.
    Shape(Verdict),
    /// `kinks = 2`.
    Kinks(Wanted),
    /// `pieces >= 5`.
    Pieces(Wanted),
    /// `widths 4,2`: of the hidden layers.
    Widths(Vec<usize>),
    /// `tanh`: that is what the neurons do.
    Tanh,
    /// `path is neither`: the output's shape for 0 ≤ t ≤ 1.
    PathShape(Verdict),
    /// `degree 2`: the greatest of a piece of the path.
    Degree(usize),
    /// `gate xor is proved`, for a network and this gate.
    Gate(Choice, bool),
    /// `variables >= 3`: in the boolean formula.
    Variables(usize),
    /// `layer relu is wrong`: a gradient check of this layer that fails, or does not.
    Layer(Subject, bool),
    /// `y has a zero`: in question 8.
    ZeroInY,
    /// `epochs >= 1`: trained, in the run on screen.
    Epochs(usize),
    /// `cropped`: the run on screen has its images cropped.
    Cropped,
    /// `challenge function-depth`.
    Challenge(&'static Challenge),
}

/// A number to predict.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quantity {
    /// Of the function.
    Kinks,
    /// Of the function.
    Pieces,
    /// Weights and biases.
    Parameters,
    /// The most pieces that networks of these widths can have, by the bound.
    Bound,
    /// The greatest degree of a piece of the path.
    Degree,
    /// Faces on which the gate is decided.
    Faces,
}

/// The labs as they are.
#[derive(Clone, Copy)]
pub struct World<'a> {
    /// Networks with one input.
    pub function: &'a FunctionLab,
    /// Lines in parameter space.
    pub path: &'a PathLab,
    /// Logic gates.
    pub gates: &'a GatesLab,
    /// Gradients.
    pub backprop: &'a BackpropLab,
    /// Training.
    pub train: &'a TrainLab,
}

/// A check under way.
pub struct Checking {
    work: Work,
    check: Check,
}

enum Work {
    Known(bool),
    Function(Box<FunctionLab>, Box<function::network::Deciding>),
    Path(Box<PathLab>, Box<path::Deciding>),
    Gate(Box<GateLab>, Box<Prover>),
}

/// All challenges of a lab, and whether the labs solve each.
fn challenges() -> [(LabName, &'static [Challenge]); 4] {
    [
        (LabName::Function, &function_challenges::CHALLENGES),
        (LabName::Path, &path_challenges::CHALLENGES),
        (LabName::Gates, &gate_challenges::CHALLENGES),
        (LabName::Backprop, &backprop_challenges::CHALLENGES),
    ]
}

/// The challenge with this id.
pub fn challenge(id: &str) -> Option<&'static Challenge> {
    challenges().into_iter().flat_map(|(_, list)| list).find(|challenge| challenge.id == id)
}

fn verdict(word: &str) -> Option<Verdict> {
    [Verdict::Linear, Verdict::Convex, Verdict::Concave, Verdict::Neither].into_iter().find(|v| v.word() == word)
}

impl Wanted {
    fn read(sign: &str, number: &str) -> Option<Self> {
        let number = number.parse().ok()?;
        match sign {
            "=" => Some(Self::Exactly(number)),
            ">=" => Some(Self::AtLeast(number)),
            _ => None,
        }
    }

    fn is(self, number: usize) -> bool {
        match self {
            Self::Exactly(wanted) => number == wanted,
            Self::AtLeast(least) => number >= least,
        }
    }
}

impl Check {
    /// From a story's text, as the variants' notes have it.
    pub fn read(text: &str) -> Option<Self> {
        let words: Vec<&str> = text.split_whitespace().collect();
        let gate = |word: &str| Choice::ALL.into_iter().find(|choice| choice.word() == word);
        let layer = |word: &str| Subject::ALL.into_iter().find(|subject| subject.word() == word);
        Some(match words[..] {
            ["function", "is", word] => Self::Shape(verdict(word)?),
            ["kinks", sign, number] => Self::Kinks(Wanted::read(sign, number)?),
            ["pieces", sign, number] => Self::Pieces(Wanted::read(sign, number)?),
            ["widths", list] => Self::Widths(list.split(',').map(str::parse).collect::<Result<_, _>>().ok()?),
            ["tanh"] => Self::Tanh,
            ["path", "is", word] => Self::PathShape(verdict(word)?),
            ["degree", number] => Self::Degree(number.parse().ok()?),
            ["gate", word, "is", "proved"] => Self::Gate(gate(word)?, true),
            ["gate", word, "is", "refuted"] => Self::Gate(gate(word)?, false),
            ["variables", ">=", number] => Self::Variables(number.parse().ok()?),
            ["layer", word, "is", "right"] => Self::Layer(layer(word)?, true),
            ["layer", word, "is", "wrong"] => Self::Layer(layer(word)?, false),
            ["y", "has", "a", "zero"] => Self::ZeroInY,
            ["epochs", ">=", number] => Self::Epochs(number.parse().ok()?),
            ["cropped"] => Self::Cropped,
            ["challenge", id] => Self::Challenge(challenge(id)?),
            _ => return None,
        })
    }

    /// The lab that it looks at.
    pub fn lab(&self) -> LabName {
        match self {
            Self::Shape(_) | Self::Kinks(_) | Self::Pieces(_) | Self::Widths(_) | Self::Tanh => LabName::Function,
            Self::PathShape(_) | Self::Degree(_) => LabName::Path,
            Self::Gate(..) | Self::Variables(_) => LabName::Gates,
            Self::Layer(..) | Self::ZeroInY => LabName::Backprop,
            Self::Epochs(_) | Self::Cropped => LabName::Train,
            Self::Challenge(challenge) => {
                let has = |list: &[Challenge]| list.contains(challenge);
                challenges().into_iter().find(|(_, list)| has(list)).map_or(LabName::Function, |(lab, _)| lab)
            }
        }
    }

    /// Begins to look at the labs.
    pub fn begin(&self, world: World) -> Checking {
        let function = || {
            let deciding = function::network::Deciding::new(&world.function.network);
            Work::Function(Box::new(world.function.clone()), Box::new(deciding))
        };
        let path = || Work::Path(Box::new(world.path.clone()), Box::new(path::Deciding::new(world.path)));
        let gate = || Work::Gate(Box::new(world.gates.gate.clone()), Box::new(world.gates.gate.prover()));
        // What is measured is done.
        let run = world.train.run.as_ref();
        let epochs = run.and_then(|run| run.last_record()).map_or(0, |record| record.epoch);
        let work = match self {
            // A part of the lab that is not shown counts for nothing.
            _ if !self.is_shown(world) => Work::Known(false),
            Self::Widths(widths) => Work::Known(world.function.network.hidden() == *widths),
            Self::Tanh => Work::Known(world.function.network.activation == Activation::Tanh),
            Self::Shape(_) | Self::Kinks(_) | Self::Pieces(_) => function(),
            Self::PathShape(_) | Self::Degree(_) => path(),
            Self::Gate(choice, _) if world.gates.gate.choice == *choice => gate(),
            Self::Gate(..) => Work::Known(false),
            Self::Variables(least) => {
                let compiled = world.gates.boolean.compiled();
                // A row for each choice of their values.
                Work::Known(compiled.is_ok_and(|compiled| compiled.table.len() >= 1 << least))
            }
            Self::Layer(subject, is_right) => {
                let lab: &LayerLab = &world.backprop.layers;
                Work::Known(lab.subject == *subject && lab.report().is_right() == *is_right)
            }
            Self::ZeroInY => {
                let signs = world.backprop.question8.signs();
                Work::Known(signs.zeros.iter().any(|zero| zero.bend.is_kink()))
            }
            Self::Epochs(least) => Work::Known(epochs >= *least),
            Self::Cropped => Work::Known(epochs >= 1 && run.is_some_and(|run| run.config.augment.crop)),
            Self::Challenge(challenge) => match self.lab() {
                LabName::Function => function(),
                LabName::Path => path(),
                LabName::Gates => gate(),
                LabName::Backprop => {
                    let BackpropLab { question8, layers, .. } = world.backprop;
                    let now =
                        backprop_challenges::solved_now(question8, &question8.answers(), layers, &layers.report());
                    Work::Known(is_solved(challenge, &backprop_challenges::CHALLENGES, &now))
                }
                LabName::Train => Work::Known(false),
            },
        };
        Checking { work, check: self.clone() }
    }

    fn is_shown(&self, world: World) -> bool {
        match self {
            Self::Variables(_) => world.gates.part == gates::Part::Boolean,
            Self::Layer(..) => world.backprop.part == backprop::Part::Layers,
            Self::ZeroInY => world.backprop.part == backprop::Part::Question8,
            _ => match self.lab() {
                LabName::Function => world.function.part == function::Part::Network,
                LabName::Gates => world.gates.part == gates::Part::Plane,
                LabName::Path | LabName::Backprop | LabName::Train => true,
            },
        }
    }
}

fn is_solved(challenge: &Challenge, all: &[Challenge], now: &[bool]) -> bool {
    all.iter().zip(now).any(|(entry, &is_solved)| is_solved && entry == challenge)
}

impl Checking {
    /// Does a small part of the work. Returns whether all is done.
    pub fn advance(&mut self) -> bool {
        match &mut self.work {
            Work::Known(_) => true,
            Work::Function(_, deciding) => deciding.advance(),
            Work::Path(_, deciding) => deciding.advance(),
            Work::Gate(_, prover) => prover.advance(CUTS),
        }
    }

    /// Whether the labs are as wanted. Does what is left of the work.
    pub fn finish(mut self) -> bool {
        while !self.advance() {}
        match (self.work, &self.check) {
            (Work::Known(is_so), _) => is_so,
            (Work::Function(lab, deciding), check) => is_function(&lab, &deciding.finish(), check),
            (Work::Path(lab, deciding), check) => {
                let answers = deciding.finish();
                match check {
                    Check::PathShape(wanted) => answers.shape.verdict == *wanted,
                    Check::Degree(wanted) => answers.degree() == *wanted,
                    Check::Challenge(challenge) => {
                        let now = path_challenges::solved_now(&lab, Some(&answers));
                        is_solved(challenge, &path_challenges::CHALLENGES, &now)
                    }
                    _ => false,
                }
            }
            (Work::Gate(lab, prover), check) => {
                let is_proved = prover.verdict(&lab.parameters.net()) == Some(Proof::Proved);
                match check {
                    Check::Gate(_, wanted) => is_proved == *wanted,
                    Check::Challenge(challenge) => {
                        let now = gate_challenges::solved_now(&lab, is_proved);
                        is_solved(challenge, &gate_challenges::CHALLENGES, &now)
                    }
                    _ => false,
                }
            }
        }
    }
}

fn is_function(lab: &FunctionLab, answers: &Answers, check: &Check) -> bool {
    let relu = answers.relu();
    match check {
        Check::Shape(wanted) => relu.is_some_and(|relu| relu.shape.verdict == *wanted),
        Check::Kinks(wanted) => relu.is_some_and(|relu| wanted.is(relu.pieces.kinks().len())),
        Check::Pieces(wanted) => relu.is_some_and(|relu| wanted.is(relu.pieces.pieces().len())),
        Check::Challenge(challenge) => {
            // Whether something is impossible is decided in the lab's own place for it.
            let now = function_challenges::solved_now(&lab.network, Some(answers), [false; 2]);
            is_solved(challenge, &function_challenges::CHALLENGES, &now)
        }
        _ => false,
    }
}

impl Quantity {
    /// From a story's text.
    pub fn read(word: &str) -> Option<Self> {
        Some(match word {
            "kinks" => Self::Kinks,
            "pieces" => Self::Pieces,
            "parameters" => Self::Parameters,
            "bound" => Self::Bound,
            "degree" => Self::Degree,
            "faces" => Self::Faces,
            _ => return None,
        })
    }

    /// The number in a scene, computed from it; `None` if that has no such number.
    pub fn of(self, scene: &Scene) -> Option<usize> {
        match (self, scene) {
            (Self::Kinks, Scene::Function(lab)) => lab.network.answers().relu().map(|relu| relu.pieces.kinks().len()),
            (Self::Pieces, Scene::Function(lab)) => lab.network.answers().relu().map(|relu| relu.pieces.pieces().len()),
            (Self::Parameters, Scene::Function(lab)) => Some(lab.network.parameters().places().len()),
            (Self::Bound, Scene::Function(lab)) => bounds::max_regions(&lab.network.hidden()).to_string().parse().ok(),
            (Self::Degree, Scene::Path(lab)) => Some(lab.answers().degree()),
            (Self::Faces, Scene::Gates(lab)) => {
                let mut prover = lab.gate.prover();
                while !prover.advance(CUTS) {}
                Some(prover.faces().iter().sum())
            }
            _ => None,
        }
    }
}
