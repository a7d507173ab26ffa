//! The notebook as one file, to be kept, carried to another browser, and read back: JSON.
//!
//! ```json
//! { "piecewise": "notebook", "version": 1, "name": "", "solved": ["function-tanh"],
//!   "answers": { "3": { "words": "…", "pins": [
//!     { "lab": "function", "state": "W1=…", "caption": "…", "shows": ["picture"] }, { "run": "UElFQ0VSRUM…" } ] } } }
//! ```

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::pin::{MAX_RECORD, MAX_STATE, Pin, Shows, Subject, shorten};
use super::questions::{QUESTIONS, place_of};
use super::{Entry, MAX_PINS, MAX_WORDS, Notebook};
use crate::data::base64;
use crate::labs::challenges::Solved;
use crate::labs::train::kept::record;

/// In the file.
const KIND: &str = "notebook";
const VERSION: u32 = 1;
/// Most bytes of a file that is read at all.
pub const MAX_BYTES: usize = 60_000_000;

/// Why a file was not taken. A sentence.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum FileError {
    /// No JSON, or not of this form.
    #[error(
        "The file is no notebook (line {0}, column {1}), so nothing was changed. Choose one that this page has saved."
    )]
    NotOne(usize, usize),
    /// JSON of something else.
    #[error("The file is not a notebook of Piecewise, so nothing was changed. Choose one that this page has saved.")]
    Other,
    /// Of a later version.
    #[error(
        "The file is of version {0}, and this page reads up to {VERSION}, so nothing was changed. Reload the page to get the latest."
    )]
    Version(u32),
    /// Too long.
    #[error("The file has {0} bytes, more than any notebook, so nothing was changed. Choose another.")]
    Size(usize),
    /// A question that there is not.
    #[error(
        "The file answers a question “{0}”, which there is not, so nothing was changed. Choose another copy of it."
    )]
    Question(String),
    /// Something on one question.
    #[error("Question {0} in the file cannot be read, so nothing was changed. {1}")]
    Answer(&'static str, String),
}

#[derive(Serialize, Deserialize)]
struct RawFile {
    piecewise: String,
    version: u32,
    #[serde(default)]
    name: String,
    #[serde(default)]
    solved: Vec<String>,
    #[serde(default)]
    answers: BTreeMap<String, RawEntry>,
}

#[derive(Serialize, Deserialize)]
struct RawEntry {
    #[serde(default)]
    words: String,
    #[serde(default)]
    pins: Vec<RawPin>,
}

#[derive(Default, Serialize, Deserialize)]
struct RawPin {
    #[serde(default, skip_serializing_if = "String::is_empty")]
    lab: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    state: String,
    /// The record's bytes.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    run: String,
    #[serde(default)]
    caption: String,
    #[serde(default)]
    shows: Vec<String>,
}

/// The file's text: the notebook, and which challenges are solved.
pub fn encode(notebook: &Notebook, solved: &Solved) -> String {
    let pin = |pin: &Pin| {
        let raw = match &pin.subject {
            Subject::Lab { lab, state } => RawPin { lab: lab.word().into(), state: state.clone(), ..RawPin::default() },
            Subject::Run(run) => RawPin { run: base64::encode(&record::encode(run)), ..RawPin::default() },
        };
        let shows = pin.shows.iter().map(|shows| shows.word().to_owned()).collect();
        RawPin { caption: pin.caption.clone(), shows, ..raw }
    };
    let entry = |entry: &Entry| RawEntry { words: entry.words.clone(), pins: entry.pins.iter().map(pin).collect() };
    let written = QUESTIONS.iter().zip(&notebook.entries).filter(|(_, entry)| !entry.is_empty());
    let file = RawFile {
        piecewise: KIND.into(),
        version: VERSION,
        name: notebook.name.clone(),
        solved: solved.ids().map(str::to_owned).collect(),
        answers: written.map(|(asked, of)| (asked.number.to_owned(), entry(of))).collect(),
    };
    // Strings, numbers and lists can always be written.
    serde_json::to_string_pretty(&file).unwrap_or_default()
}

/// Reads a file.
///
/// # Errors
/// One sentence: what is wrong with it.
pub fn decode(text: &str) -> Result<(Notebook, Solved), FileError> {
    if text.len() > MAX_BYTES {
        return Err(FileError::Size(text.len()));
    }
    let value: serde_json::Value =
        serde_json::from_str(text).map_err(|error| FileError::NotOne(error.line(), error.column()))?;
    if value.get("piecewise").and_then(serde_json::Value::as_str) != Some(KIND) {
        return Err(FileError::Other);
    }
    match value.get("version").and_then(serde_json::Value::as_u64) {
        Some(version) if version > u64::from(VERSION) => {
            return Err(FileError::Version(u32::try_from(version).unwrap_or(u32::MAX)));
        }
        _ => {}
    }
    let file: RawFile = serde_json::from_str(text).map_err(|error| FileError::NotOne(error.line(), error.column()))?;
    let mut notebook = Notebook { name: file.name.chars().take(200).collect(), ..Notebook::default() };
    for (number, entry) in file.answers {
        let place = place_of(&number).ok_or_else(|| FileError::Question(shorten(&number)))?;
        notebook.entries[place] =
            read_entry(entry).map_err(|message| FileError::Answer(QUESTIONS[place].number, message))?;
    }
    Ok((notebook, Solved::decode(&file.solved.join(","))))
}

fn read_entry(raw: RawEntry) -> Result<Entry, String> {
    if raw.words.chars().count() > MAX_WORDS {
        return Err(format!("It has more than {MAX_WORDS} characters."));
    }
    if raw.pins.len() > MAX_PINS {
        return Err(format!("It has {} pins; at most {MAX_PINS} are read.", raw.pins.len()));
    }
    let pins = raw.pins.into_iter().map(read_pin).collect::<Result<_, _>>()?;
    Ok(Entry { words: raw.words, pins })
}

fn read_pin(raw: RawPin) -> Result<Pin, String> {
    let subject = if raw.run.is_empty() {
        Subject::lab(&raw.lab, &raw.state)?
    } else {
        if raw.run.len() > MAX_RECORD * 2 {
            return Err("A run in it is larger than any that is pinned.".into());
        }
        let bytes = base64::decode(&raw.run).ok_or("A run in it is not whole.")?;
        Subject::Run(Box::new(record::decode(&bytes).map_err(|error| error.to_string())?))
    };
    if raw.caption.chars().count() > MAX_STATE {
        return Err(format!("A caption has more than {MAX_STATE} characters."));
    }
    let mut pin = Pin { caption: raw.caption, shows: Vec::new(), subject };
    for word in raw.shows {
        let part = Shows::ALL.into_iter().find(|shows| shows.word() == word);
        pin.set_shown(part.ok_or_else(|| format!("A pin shows “{}”, which there is not.", shorten(&word)))?, true);
    }
    Ok(pin)
}
