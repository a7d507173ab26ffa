//! What a pin shows: the section of a report on its lab's state, or on its run.

use crate::labs::backprop::{self, BackpropLab};
use crate::labs::function::{self, FunctionLab};
use crate::labs::gates::{self, GatesLab};
use crate::labs::notebook::pin::{Lab, Subject};
use crate::labs::path::PathLab;
use crate::labs::printout::{Section, boolean_section, layers_section, question8_section};
use crate::web::{function as function_lab, gates as gate_lab, path as path_lab, train as train_lab};

/// The section, computed anew.
///
/// # Errors
/// A sentence, if there is nothing to show.
pub(super) fn section(subject: &Subject) -> Result<Section, String> {
    match subject {
        Subject::Run(run) => Ok(train_lab::section(run)),
        Subject::Lab { lab: Lab::Function, state } => {
            let mut lab = FunctionLab::default();
            if !state.is_empty() {
                lab.restore(state).map_err(|error| error.to_string())?;
            }
            Ok(match lab.part {
                function::Part::Network => function_lab::section(&lab.network),
                function::Part::Depth => function_lab::depth_section(&lab.depth),
                function::Part::Fit => function_lab::fit_section(&lab.fit),
            })
        }
        Subject::Lab { lab: Lab::Path, state } => {
            let lab = if state.is_empty() { Ok(PathLab::default()) } else { PathLab::decode(state) };
            Ok(path_lab::section(&lab.map_err(|error| error.to_string())?))
        }
        Subject::Lab { lab: Lab::Gates, state } => {
            let mut lab = GatesLab::default();
            if !state.is_empty() {
                lab.restore(state).map_err(|error| error.to_string())?;
            }
            match lab.part {
                gates::Part::Plane => Ok(gate_lab::section(&lab.gate)),
                gates::Part::Boolean => boolean_section(&lab.boolean).ok_or_else(|| {
                    "The boolean function on screen cannot be read, so there is nothing to pin. Mend it first.".into()
                }),
            }
        }
        Subject::Lab { lab: Lab::Backprop, state } => {
            let mut lab = BackpropLab::default();
            if !state.is_empty() {
                lab.restore(state)?;
            }
            Ok(match lab.part {
                backprop::Part::Question8 => question8_section(&lab.question8, &lab.question8.answers()),
                backprop::Part::Layers => layers_section(&lab.layers),
            })
        }
    }
}
