//! The bench page: what was measured, and what is being measured.

use crate::protocol::{About, BenchRow, Event};

/// The page's state.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BenchLab {
    /// Rows of the last measurement.
    pub rows: Vec<BenchRow>,
    /// Measurements done, and in all, while it runs.
    pub running: Option<(usize, usize)>,
    /// Why it could not run.
    pub error: Option<String>,
}

impl BenchLab {
    /// A measurement was asked for.
    pub fn start(&mut self) {
        *self = Self { running: Some((0, 1)), ..std::mem::take(self) };
        self.error = None;
    }

    /// Takes what the worker says.
    pub fn apply(&mut self, event: &Event) {
        match event {
            Event::Bench(rows) => {
                self.running = None;
                self.rows.clone_from(rows);
            }
            Event::BenchProgress { done, total } => self.running = Some((*done, *total)),
            Event::Refused { about: About::Bench, message } => {
                self.running = None;
                self.error = Some(message.clone());
            }
            Event::Crashed { message } if self.running.is_some() => {
                self.running = None;
                self.error = Some(format!("The worker stopped: {message} Measure again."));
            }
            _ => {}
        }
    }
}
