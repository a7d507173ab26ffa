//! Which lab a step shows, and its state: what stands after `#/` in the lab's own address.

use crate::labs::backprop::BackpropLab;
use crate::labs::function::FunctionLab;
use crate::labs::gates::GatesLab;
use crate::labs::path::PathLab;
use crate::labs::train::Form;

/// A lab that a story can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LabName {
    /// Networks with one input.
    Function,
    /// Lines in parameter space.
    Path,
    /// Logic gates.
    Gates,
    /// Gradients.
    Backprop,
    /// Training.
    Train,
}

/// A lab in a state.
#[derive(Clone, Debug, PartialEq)]
pub enum Scene {
    /// Networks with one input.
    Function(Box<FunctionLab>),
    /// Lines in parameter space.
    Path(Box<PathLab>),
    /// Logic gates.
    Gates(Box<GatesLab>),
    /// Gradients.
    Backprop(Box<BackpropLab>),
    /// Training, with settings to begin with, or as the visitor left them; runs are not for a story to change.
    Train(Option<Box<Form>>),
}

impl LabName {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Function, Self::Path, Self::Gates, Self::Backprop, Self::Train];

    /// The word in the address.
    pub fn word(self) -> &'static str {
        match self {
            Self::Function => "function",
            Self::Path => "path",
            Self::Gates => "gates",
            Self::Backprop => "backprop",
            Self::Train => "train",
        }
    }
}

impl Scene {
    /// The lab and state that an address names; without a state, the lab as it begins.
    ///
    /// # Errors
    /// A sentence, if there is no such lab, or the state is none of its.
    pub fn read(address: &str) -> Result<Self, String> {
        let address = address.trim_start_matches(['#', '/']);
        let (word, state) = address.split_once('?').unwrap_or((address, ""));
        let known = LabName::ALL.map(LabName::word).join(", ");
        let lab = LabName::ALL.into_iter().find(|lab| lab.word() == word);
        let lab = lab.ok_or_else(|| format!("“{word}” is none of the labs: {known}"))?;
        let said = |error: &dyn std::fmt::Display| error.to_string();
        Ok(match lab {
            LabName::Function => {
                let mut lab = FunctionLab::default();
                lab.restore(state).map_err(|error| said(&error))?;
                Self::Function(Box::new(lab))
            }
            LabName::Path if state.is_empty() => Self::Path(Box::default()),
            LabName::Path => Self::Path(Box::new(PathLab::decode(state).map_err(|error| said(&error))?)),
            LabName::Gates => {
                let mut lab = GatesLab::default();
                if !state.is_empty() {
                    lab.restore(state).map_err(|error| said(&error))?;
                }
                Self::Gates(Box::new(lab))
            }
            LabName::Backprop => {
                let mut lab = BackpropLab::default();
                if !state.is_empty() {
                    lab.restore(state)?;
                }
                Self::Backprop(Box::new(lab))
            }
            LabName::Train if state.is_empty() => Self::Train(None),
            LabName::Train => {
                let form = Form::decode(state).map_err(|error| said(&error))?;
                form.parse().map_err(|problem| problem.message)?;
                Self::Train(Some(Box::new(form)))
            }
        })
    }

    /// Which lab it is.
    pub fn lab(&self) -> LabName {
        match self {
            Self::Function(_) => LabName::Function,
            Self::Path(_) => LabName::Path,
            Self::Gates(_) => LabName::Gates,
            Self::Backprop(_) => LabName::Backprop,
            Self::Train(_) => LabName::Train,
        }
    }
}
