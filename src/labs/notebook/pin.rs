//! What is pinned: a lab in a state, or a run; and how much of it is shown.

use crate::data::excerpt;
use crate::labs::backprop::BackpropLab;
use crate::labs::function::FunctionLab;
use crate::labs::gates::GatesLab;
use crate::labs::path::PathLab;
use crate::labs::printout::{Part, Section};
use crate::labs::train::RunHistory;
use crate::labs::train::kept::record;

/// Most characters of a state, and of a caption.
pub const MAX_STATE: usize = 50_000;
/// Most bytes of a run's record: a browser keeps some five million characters for a page in all.
pub const MAX_RECORD: usize = 600_000;

/// A lab that can be pinned, by the state that its address holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lab {
    /// `#/function`
    Function,
    /// `#/path`
    Path,
    /// `#/gates`
    Gates,
    /// `#/backprop`
    Backprop,
}

/// What is pinned.
#[derive(Clone, Debug, PartialEq)]
pub enum Subject {
    /// A lab in a state.
    Lab {
        /// Which.
        lab: Lab,
        /// As its address has it; it can be read.
        state: String,
    },
    /// A training run: what was recorded of it.
    Run(Box<RunHistory>),
}

/// A part of what is pinned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shows {
    /// Settings and sizes.
    Values,
    /// Formulas.
    Formula,
    /// The plot.
    Picture,
    /// What was proved or measured.
    Verdict,
    /// Tables.
    Tables,
    /// A program.
    Code,
}

/// Something pinned to a question.
#[derive(Clone, Debug, PartialEq)]
pub struct Pin {
    /// What.
    pub subject: Subject,
    /// Above it, in the student's words; none, if empty.
    pub caption: String,
    /// What is shown of it, each once.
    pub shows: Vec<Shows>,
}

impl Lab {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Function, Self::Path, Self::Gates, Self::Backprop];

    /// In the address.
    pub fn word(self) -> &'static str {
        match self {
            Self::Function => "function",
            Self::Path => "path",
            Self::Gates => "gates",
            Self::Backprop => "backprop",
        }
    }

    /// The lab of a word in the address.
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|lab| lab.word() == word)
    }
}

impl Subject {
    /// A lab in a state.
    ///
    /// # Errors
    /// A sentence, if there is no such lab, or the lab cannot read the state.
    pub fn lab(word: &str, state: &str) -> Result<Self, String> {
        let lab = Lab::of(word).ok_or_else(|| format!("There is no lab called “{}”.", shorten(word)))?;
        if state.len() > MAX_STATE {
            return Err(format!("The state of a lab has {} characters; at most {MAX_STATE} are read.", state.len()));
        }
        // An empty state is the lab as one finds it.
        if !state.is_empty() {
            match lab {
                Lab::Function => FunctionLab::default().restore(state).map_err(|error| error.to_string())?,
                Lab::Path => PathLab::decode(state).map(drop).map_err(|error| error.to_string())?,
                Lab::Gates => GatesLab::default().restore(state).map_err(|error| error.to_string())?,
                Lab::Backprop => BackpropLab::default().restore(state)?,
            }
        }
        Ok(Self::Lab { lab, state: state.to_owned() })
    }

    /// A run.
    ///
    /// # Errors
    /// A sentence, if its record is too large to be kept in a notebook.
    pub fn run(run: &RunHistory) -> Result<Self, String> {
        let bytes = record::encode(run).len();
        if bytes > MAX_RECORD {
            return Err(format!(
                "This run’s record has {bytes} bytes, and a notebook keeps at most {MAX_RECORD}. Print it from the train lab instead."
            ));
        }
        // Of the record, not of the network that a worker may still hold.
        Ok(Self::Run(Box::new(RunHistory { is_kept: false, ..run.clone() })))
    }

    /// Where it can be seen again: the address from `#`, for a lab.
    pub fn hash(&self) -> Option<(Lab, &str)> {
        match self {
            Self::Lab { lab, state } => Some((*lab, state)),
            Self::Run(_) => None,
        }
    }
}

impl Shows {
    /// All of them, in the order of a section.
    pub const ALL: [Self; 6] = [Self::Values, Self::Formula, Self::Picture, Self::Verdict, Self::Tables, Self::Code];
    /// What a new pin shows.
    pub const USUAL: [Self; 3] = [Self::Formula, Self::Picture, Self::Verdict];

    /// In files and test hooks.
    pub fn word(self) -> &'static str {
        match self {
            Self::Values => "values",
            Self::Formula => "formula",
            Self::Picture => "picture",
            Self::Verdict => "verdict",
            Self::Tables => "tables",
            Self::Code => "code",
        }
    }

    /// What a part of a section belongs to.
    pub fn of(part: &Part) -> Self {
        match part {
            Part::Values(_) => Self::Values,
            // The only text of a lab's own that is no verdict: a circuit, equation by equation.
            Part::Formula { .. } | Part::Paragraph(_) => Self::Formula,
            Part::Figure { .. } => Self::Picture,
            Part::Verdict { .. } => Self::Verdict,
            Part::Table(_) => Self::Tables,
            Part::Code(_) => Self::Code,
        }
    }
}

impl Pin {
    /// With nothing said of it.
    pub fn new(subject: Subject) -> Self {
        Self { subject, caption: String::new(), shows: Shows::USUAL.into() }
    }

    /// Shows a part of it, or not.
    pub fn set_shown(&mut self, part: Shows, is_shown: bool) {
        self.shows.retain(|other| *other != part);
        if is_shown {
            self.shows.push(part);
            self.shows.sort_unstable();
        }
    }

    /// What is shown of a section.
    pub fn parts(&self, section: Section) -> Vec<Part> {
        section.parts.into_iter().filter(|part| self.shows.contains(&Shows::of(part))).collect()
    }
}

pub(super) fn shorten(text: &str) -> String {
    excerpt(text, 20)
}
