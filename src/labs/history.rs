//! Undo and redo.

/// States to go back to and forward to, at most [`History::DEPTH`] back. The present one is the owner's: it is
/// noted when it has rested, so that a whole drag is one step.
#[derive(Clone, Debug)]
pub struct History<T> {
    past: Vec<T>,
    /// As last noted.
    present: T,
    future: Vec<T>,
}

impl<T: Clone + PartialEq> History<T> {
    /// Most steps back.
    pub const DEPTH: usize = 200;

    /// Nothing to undo yet.
    pub fn new(present: T) -> Self {
        Self { past: Vec::new(), present, future: Vec::new() }
    }

    /// Notes the present state as a step, if it has changed; what was undone is forgotten then.
    pub fn note(&mut self, now: &T) {
        if *now != self.present {
            self.past.push(std::mem::replace(&mut self.present, now.clone()));
            if self.past.len() > Self::DEPTH {
                self.past.remove(0);
            }
            self.future.clear();
        }
    }

    /// The state before the present one, which may not be noted yet.
    pub fn undo(&mut self, now: &T) -> Option<T> {
        self.note(now);
        let before = self.past.pop()?;
        self.future.push(std::mem::replace(&mut self.present, before.clone()));
        Some(before)
    }

    /// The state that was undone last.
    pub fn redo(&mut self, now: &T) -> Option<T> {
        self.note(now);
        let after = self.future.pop()?;
        self.past.push(std::mem::replace(&mut self.present, after.clone()));
        Some(after)
    }

    /// Whether there is something to undo when the present state is this.
    pub fn can_undo(&self, now: &T) -> bool {
        !self.past.is_empty() || *now != self.present
    }

    /// Whether there is something to redo when the present state is this.
    pub fn can_redo(&self, now: &T) -> bool {
        !self.future.is_empty() && *now == self.present
    }
}
