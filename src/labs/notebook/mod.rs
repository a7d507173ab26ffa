//! The notebook: for each question of the problem set the student's own words, and figures pinned from the labs.
//!
//! A pin keeps what a lab showed as the lab's own state, not as a picture: whatever is quoted from it was computed by the
//! page that shows it, also when the notebook came as a file.

pub mod document;
pub mod file;
pub mod pin;
pub mod questions;
pub mod zip;

use pin::Pin;
use questions::QUESTIONS;

/// Most characters of the words on one question.
pub const MAX_WORDS: usize = 100_000;
/// Most pins of one question.
pub const MAX_PINS: usize = 30;

/// What belongs to one question.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Entry {
    /// The student's.
    pub words: String,
    /// In order.
    pub pins: Vec<Pin>,
}

/// The notebook.
#[derive(Clone, Debug, PartialEq)]
pub struct Notebook {
    /// Whose it is, as it shall be printed; none, if empty.
    pub name: String,
    /// One for each of [`QUESTIONS`].
    pub entries: [Entry; QUESTIONS.len()],
}

impl Default for Notebook {
    fn default() -> Self {
        Self { name: String::new(), entries: std::array::from_fn(|_| Entry::default()) }
    }
}

impl Entry {
    /// Whether there is nothing.
    pub fn is_empty(&self) -> bool {
        self.words.trim().is_empty() && self.pins.is_empty()
    }

    /// Moves a pin up or down by one, if it can be moved.
    pub fn move_pin(&mut self, place: usize, is_down: bool) {
        let other = if is_down { place + 1 } else { place.wrapping_sub(1) };
        if place.max(other) < self.pins.len() {
            self.pins.swap(place, other);
        }
    }

    /// Takes a pin away, and returns it, if it is there.
    pub fn take_pin(&mut self, place: usize) -> Option<Pin> {
        (place < self.pins.len()).then(|| self.pins.remove(place))
    }
}

impl Notebook {
    /// Whether there is nothing.
    pub fn is_empty(&self) -> bool {
        self.entries.iter().all(Entry::is_empty)
    }

    /// Questions with words or pins.
    pub fn answered(&self) -> usize {
        self.entries.iter().filter(|entry| !entry.is_empty()).count()
    }

    /// Pins something to a question.
    ///
    /// # Errors
    /// A sentence, if it has as many pins as it may have.
    pub fn pin(&mut self, question: usize, pin: Pin) -> Result<(), String> {
        let Some(entry) = self.entries.get_mut(question) else { return Ok(()) };
        if entry.pins.len() >= MAX_PINS {
            let number = QUESTIONS[question].number;
            return Err(format!(
                "Question {number} has {MAX_PINS} pins, and no more fit. Take one away in the notebook first."
            ));
        }
        entry.pins.push(pin);
        Ok(())
    }

    /// Moves a pin to the end of another question's.
    ///
    /// # Errors
    /// A sentence, if that one has as many as it may have; nothing changes then.
    pub fn move_to(&mut self, from: usize, place: usize, to: usize) -> Result<(), String> {
        if from == to || to >= self.entries.len() {
            return Ok(());
        }
        let Some(pin) = self.entries.get(from).and_then(|entry| entry.pins.get(place)).cloned() else { return Ok(()) };
        self.pin(to, pin)?;
        self.entries[from].take_pin(place);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::pin::Subject;
    use super::*;

    fn pin(caption: &str) -> Pin {
        let subject = Subject::lab("function", "").expect("the function lab");
        Pin { caption: caption.into(), ..Pin::new(subject) }
    }

    fn captions(entry: &Entry) -> Vec<&str> {
        entry.pins.iter().map(|pin| pin.caption.as_str()).collect()
    }

    #[test]
    fn pins_are_moved_within_and_between_questions_and_taken_away() {
        let mut notebook = Notebook::default();
        for caption in ["a", "b", "c"] {
            notebook.pin(0, pin(caption)).expect("there is room");
        }
        let entry = &mut notebook.entries[0];
        entry.move_pin(0, true);
        entry.move_pin(0, false);
        entry.move_pin(2, true);
        entry.move_pin(7, false);
        assert_eq!(captions(entry), ["b", "a", "c"]);
        notebook.move_to(0, 1, 3).expect("there is room");
        notebook.move_to(0, 9, 3).expect("nothing to do");
        assert_eq!((captions(&notebook.entries[0]), captions(&notebook.entries[3])), (vec!["b", "c"], vec!["a"]));
        assert_eq!(notebook.entries[0].take_pin(5), None);
        assert_eq!(notebook.entries[0].take_pin(0).map(|pin| pin.caption), Some("b".into()));
        assert_eq!(notebook.answered(), 2);
    }

    #[test]
    fn a_full_question_takes_no_more_and_nothing_is_lost() {
        let mut notebook = Notebook::default();
        for _ in 0..MAX_PINS {
            notebook.pin(1, pin("")).expect("there is room");
        }
        assert!(notebook.pin(1, pin("")).expect_err("full").starts_with("Question 2 has 30 pins"));
        notebook.pin(0, pin("stays")).expect("there is room");
        assert!(notebook.move_to(0, 0, 1).is_err());
        assert_eq!(captions(&notebook.entries[0]), ["stays"]);
    }
}
