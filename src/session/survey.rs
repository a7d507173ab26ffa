//! Statistics of the data, counted in pieces.

use crate::data::Statistics;
use crate::data::{CLASSES, Dataset, Split};
use crate::protocol::{Event, MAX_IMAGES, ShownImage};

/// Images counted between two looks at the clock.
const PIECE: usize = 500;

/// A count under way.
#[derive(Default)]
pub(super) struct Survey {
    train: Statistics,
    validation: Statistics,
}

impl Survey {
    /// Counts a piece. Returns whether it was the last.
    pub(super) fn advance(&mut self, data: &Dataset) -> bool {
        self.train.advance(&data.train, PIECE) && self.validation.advance(&data.validation, PIECE)
    }

    /// What was counted, at the end.
    pub(super) fn event(self) -> Event {
        Event::Statistics { train: Box::new(self.train), validation: Box::new(self.validation) }
    }
}

/// The images of a split by class: of each class so many, after so many.
pub(super) fn gallery(split: &Split, skip: usize, each: usize) -> Vec<Vec<ShownImage>> {
    let each = each.min(MAX_IMAGES / CLASSES);
    let mut seen = [0; CLASSES];
    let mut classes = vec![Vec::new(); CLASSES];
    for index in 0..split.len() {
        let (_, label) = split.get(index);
        let class = usize::from(label);
        if seen[class] >= skip && classes[class].len() < each {
            classes[class].push(shown(split, index));
        }
        seen[class] += 1;
    }
    classes
}

/// An image for the page.
pub(super) fn shown(split: &Split, index: usize) -> ShownImage {
    let (pixels, label) = split.get(index);
    ShownImage { index, label, pixels: pixels.to_vec() }
}
