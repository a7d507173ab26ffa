//! The notebook as a document to hand in.

use super::Notebook;
use super::pin::Pin;
use super::questions::QUESTIONS;
use crate::labs::printout::{Part, Printout, Section};

/// The questions that are answered, in order: what is asked, the student's words, and each pin under its caption.
/// `section` makes a pin's, or says why it cannot.
pub fn document(notebook: &Notebook, date: &str, mut section: impl FnMut(&Pin) -> Result<Section, String>) -> Printout {
    let mut sections = Vec::new();
    for (asked, entry) in QUESTIONS.iter().zip(&notebook.entries).filter(|(_, entry)| !entry.is_empty()) {
        let mut of = Section::new(format!("{}. {}", asked.number, asked.task));
        if !entry.words.trim().is_empty() {
            of.parts.push(Part::Paragraph(entry.words.trim().to_owned()));
        }
        for pin in &entry.pins {
            if !pin.caption.trim().is_empty() {
                of.parts.push(Part::Paragraph(pin.caption.trim().to_owned()));
            }
            match section(pin) {
                Ok(section) => of.parts.extend(pin.parts(section)),
                Err(message) => of.parts.push(Part::Paragraph(message)),
            }
        }
        sections.push(of);
    }
    let by = notebook.name.trim();
    let date = if by.is_empty() { date.to_owned() } else { format!("{by}, {date}") };
    Printout { title: "Homework 1".into(), date, sections }
}
