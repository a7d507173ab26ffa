//! Which steps of which stories are done: kept in the browser.

use std::collections::{BTreeMap, BTreeSet};

use super::Story;

/// The steps that are done, and where one was last.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    done: BTreeMap<String, BTreeSet<usize>>,
}

impl Progress {
    /// From what [`encode`](Self::encode) wrote; what cannot be read is left out.
    pub fn decode(text: &str) -> Self {
        let entry = |part: &str| {
            let (name, steps) = part.split_once(':')?;
            Some((name.to_owned(), steps.split('.').filter_map(|step| step.parse().ok()).collect()))
        };
        Self { done: text.split(',').filter_map(entry).collect() }
    }

    /// As text to keep: `4c:0.1.2,5:0`.
    pub fn encode(&self) -> String {
        let entry = |(name, steps): (&String, &BTreeSet<usize>)| {
            format!("{name}:{}", steps.iter().map(usize::to_string).collect::<Vec<_>>().join("."))
        };
        self.done.iter().map(entry).collect::<Vec<_>>().join(",")
    }

    /// Whether a step, from 0, is done.
    pub fn has(&self, story: &Story, step: usize) -> bool {
        self.done.get(story.name).is_some_and(|steps| steps.contains(&step))
    }

    /// Notes a step as done. Returns whether that is new.
    pub fn add(&mut self, story: &Story, step: usize) -> bool {
        self.done.entry(story.name.to_owned()).or_default().insert(step)
    }

    /// How many steps of a story are done.
    pub fn count(&self, story: &Story) -> usize {
        (0..story.steps.len()).filter(|&step| self.has(story, step)).count()
    }

    /// The first step that is not done; the first of all if all are.
    pub fn next(&self, story: &Story) -> usize {
        (0..story.steps.len()).find(|&step| !self.has(story, step)).unwrap_or(0)
    }
}
