//! A batch as it is taken from the data.

use std::ops::Range;

use ndarray::ArrayView2;

use super::input::ImageRows;
use super::{Config, Validation};
use crate::data::augment::{Choice, Choices};
use crate::data::{Dataset, PIXELS, Split, random_label};

/// Images, what is done to them, and their labels; the memory is kept between batches.
#[derive(Default)]
pub(super) struct Rows {
    pixels: Vec<u8>,
    choices: Vec<Choice>,
    pub(super) labels: Vec<u8>,
    numbers: Vec<f32>,
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
        self.fill(indices.map(|index| {
            let (pixels, label) = train.get(index);
            (pixels, if config.random_labels { random_label(config.seed, index) } else { label })
        }));
        self.choices.extend(choices.into_iter().flatten().take(self.labels.len()));
    }

    /// Takes the validation images at these places, as they are.
    pub(super) fn fill_validation(&mut self, images: &Validation, data: &Dataset, places: Range<usize>) {
        self.fill(places.map(|at| {
            let (split, index) = images.place(data, at);
            split.get(index)
        }));
    }

    fn fill<'a>(&mut self, images: impl Iterator<Item = (&'a [u8], u8)>) {
        self.pixels.clear();
        self.choices.clear();
        self.labels.clear();
        self.pixels.reserve_exact(images.size_hint().0 * PIXELS);
        for (pixels, label) in images {
            self.pixels.extend_from_slice(pixels);
            self.labels.push(label);
        }
    }

    pub(super) fn images(&self) -> ImageRows<'_> {
        ImageRows { pixels: &self.pixels, choices: &self.choices }
    }

    /// The images as the network reads them, B×PIXELS, and their labels.
    pub(super) fn numbers(&mut self) -> (ArrayView2<'_, f32>, &[u8]) {
        let images = ImageRows { pixels: &self.pixels, choices: &self.choices };
        (images.numbers(&mut self.numbers), &self.labels)
    }
}
