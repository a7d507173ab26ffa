//! The backprop lab: the homework's question 8, and the layers of question 10.

pub mod challenges;
pub mod derivation;
pub mod exact;
pub mod layers;
pub mod question8;
pub mod table;
pub mod words;

use layers::LayerLab;
use question8::Question8;

/// Which part of the lab is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Part {
    /// The weight used twice.
    #[default]
    Question8,
    /// Each layer's check.
    Layers,
}

/// The lab's state.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BackpropLab {
    /// What is shown.
    pub part: Part,
    /// Question 8.
    pub question8: Question8,
    /// Question 10.
    pub layers: LayerLab,
}

impl BackpropLab {
    /// The shown part's state as text for an address. A hidden mistake stays hidden: it is not in it.
    pub fn encode(&self) -> String {
        match self.part {
            Part::Question8 => self.question8.encode(),
            Part::Layers => format!("part=layers&{}", self.layers.encode()),
        }
    }

    /// Takes over the state that [`encode`](Self::encode) wrote; the other part stays.
    ///
    /// # Errors
    /// A sentence, if the text is not one that `encode` writes; nothing changes then.
    pub fn restore(&mut self, text: &str) -> Result<(), String> {
        match text.strip_prefix("part=layers&") {
            Some(rest) => {
                self.layers = LayerLab::decode(rest)?;
                self.part = Part::Layers;
            }
            None => {
                self.question8 = Question8::decode(text)?;
                self.part = Part::Question8;
            }
        }
        Ok(())
    }
}
