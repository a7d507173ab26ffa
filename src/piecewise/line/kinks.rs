//! What was found on a line.

use serde::{Deserialize, Serialize};

/// A neuron goes on or off.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Kink {
    /// Where: 0 is the start, 1 the end.
    pub t: f64,
    /// `t` is wrong by at most this.
    pub error: f64,
    /// Hidden layer, from 0.
    pub layer: u32,
    /// Neuron of it, from 0.
    pub neuron: u32,
    /// Whether it goes on, for rising t.
    pub turns_on: bool,
}

/// Where the largest output becomes another one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Change {
    /// Where.
    pub t: f64,
    /// The output that is the largest from there on.
    pub class: u32,
}

/// A network's outputs on a line, as the piecewise-linear functions that they are.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LineKinks {
    /// By rising t. Their number, neurons and order are exact.
    pub kinks: Vec<Kink>,
    /// Where the outputs are given: both ends, and each place of a kink once.
    pub places: Vec<f64>,
    /// The outputs at the places, one place after the other; between them they are linear.
    pub outputs: Vec<f64>,
    /// How many outputs there are.
    pub classes: usize,
    /// Kinks of each hidden layer.
    pub counts: Vec<usize>,
    /// Signs and orders that were decided.
    pub decisions: u64,
    /// Of these, by integers.
    pub exact_decisions: u64,
}

impl LineKinks {
    /// The outputs at a place, by its number.
    pub fn outputs_at(&self, place: usize) -> &[f64] {
        &self.outputs[place * self.classes..][..self.classes]
    }

    /// The first of the largest outputs at the start, and where another becomes the largest, to rounding.
    pub fn changes(&self) -> (u32, Vec<Change>) {
        let largest = |values: &[f64]| {
            let best = (1..values.len()).fold(0, |best, class| if values[class] > values[best] { class } else { best });
            best as u32
        };
        if self.places.is_empty() {
            return (0, Vec::new());
        }
        let first = largest(self.outputs_at(0));
        let mut changes = Vec::new();
        let mut class = first;
        for place in 1..self.places.len() {
            let (before, after) = (self.outputs_at(place - 1), self.outputs_at(place));
            let (from, to) = (self.places[place - 1], self.places[place]);
            let mut share = 0.0;
            // The next of the others that overtakes the present one; each time the slope is greater, so this ends.
            while largest(after) != class {
                let overtakes = |&other: &usize| {
                    let now = class as usize;
                    let (lead, last) = (before[now] - before[other], after[now] - after[other]);
                    (last < 0.0).then(|| ((lead / (lead - last)).max(share), last - lead, other))
                };
                let others = (0..self.classes).filter(|&other| other != class as usize);
                let next = others.filter_map(|other| overtakes(&other));
                let Some((at, _, other)) = next.min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1))) else {
                    break;
                };
                (share, class) = (at, other as u32);
                changes.push(Change { t: from + share * (to - from), class });
            }
        }
        (first, changes)
    }
}
