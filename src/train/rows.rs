//! A batch as the network reads it.

use std::ops::Range;

use ndarray::ArrayView2;

use super::{Config, Validation};
use crate::data::augment::{self, Choices};
use crate::data::normalise::normalise;
use crate::data::{Dataset, PIXELS, Split, random_label};

/// Network input and labels of a batch, the memory kept between batches.
#[derive(Default)]
pub(super) struct Rows {
    /// rows×PIXELS.
    input: Vec<f32>,
    pub(super) labels: Vec<u8>,
}

impl Rows {
    /// Takes training images: with the config's labels, and augmented by the choices, if any, one after the other.
    pub(super) fn fill_training(
        &mut self,
        config: &Config,
        train: &Split,
        indices: impl Iterator<Item = usize>,
        choices: Option<&mut Choices>,
    ) {
        let mut choices = choices.into_iter().flatten();
        self.fill(indices, |index, row| {
            let (pixels, label) = train.get(index);
            match choices.next() {
                Some(choice) => augment::normalised(pixels, choice, row),
                None => normalise(pixels, row),
            }
            if config.random_labels { random_label(config.seed, index) } else { label }
        });
    }

    /// Takes the validation images at these places, as they are.
    pub(super) fn fill_validation(&mut self, images: &Validation, data: &Dataset, places: Range<usize>) {
        self.fill(places, |at, row| {
            let (split, index) = images.place(data, at);
            let (pixels, label) = split.get(index);
            normalise(pixels, row);
            label
        });
    }

    /// `write` writes the row of an index, and returns its label.
    fn fill(&mut self, indices: impl Iterator<Item = usize>, mut write: impl FnMut(usize, &mut [f32]) -> u8) {
        self.labels.clear();
        let numbers = indices.size_hint().0 * PIXELS;
        self.input.reserve_exact(numbers.saturating_sub(self.input.len()));
        for index in indices {
            let start = self.labels.len() * PIXELS;
            if self.input.len() < start + PIXELS {
                self.input.resize(start + PIXELS, 0.0);
            }
            let label = write(index, &mut self.input[start..][..PIXELS]);
            self.labels.push(label);
        }
        self.input.truncate(self.labels.len() * PIXELS);
    }

    /// rows×PIXELS.
    pub(super) fn input(&self) -> ArrayView2<'_, f32> {
        ArrayView2::from_shape((self.labels.len(), PIXELS), &self.input).expect("whole rows")
    }
}
