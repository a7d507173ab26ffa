//! A batch as it is taken from the data.

use std::ops::Range;

use ndarray::ArrayView2;

use super::{Config, Validation};
use crate::data::augment::{Choices, augmented};
use crate::data::normalise::normalise;
use crate::data::{Dataset, PIXELS, Split, random_label};

/// Images, augmented if they are to be, and their labels; the memory is kept between batches.
#[derive(Default)]
pub(crate) struct Rows {
    /// [`PIXELS`] bytes an image.
    pub(crate) images: Vec<u8>,
    pub(crate) labels: Vec<u8>,
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
        let images = indices.map(|index| {
            let (pixels, label) = train.get(index);
            (pixels, if config.random_labels { random_label(config.seed, index) } else { label })
        });
        self.fill(images, choices);
    }

    /// Takes the validation images at these places, as they are.
    pub(super) fn fill_validation(&mut self, images: &Validation, data: &Dataset, places: Range<usize>) {
        let images = places.map(|at| {
            let (split, index) = images.place(data, at);
            split.get(index)
        });
        self.fill(images, None);
    }

    /// Takes images with their labels.
    pub(crate) fn fill<'a>(&mut self, images: impl Iterator<Item = (&'a [u8], u8)>, mut choices: Option<&mut Choices>) {
        self.images.clear();
        self.labels.clear();
        self.images.reserve_exact(images.size_hint().0 * PIXELS);
        for (pixels, label) in images {
            match choices.as_mut().and_then(|choices| choices.next()) {
                None => self.images.extend_from_slice(pixels),
                Some(choice) => {
                    let start = self.images.len();
                    self.images.resize(start + PIXELS, 0);
                    augmented(pixels, choice, &mut self.images[start..]);
                }
            }
            self.labels.push(label);
        }
    }

    /// The images as numbers, B×PIXELS, and their labels.
    pub(super) fn numbers(&mut self) -> (ArrayView2<'_, f32>, &[u8]) {
        self.numbers.resize(self.images.len(), 0.0);
        normalise(&self.images, &mut self.numbers);
        let x = ArrayView2::from_shape((self.labels.len(), PIXELS), &self.numbers).expect("whole rows");
        (x, &self.labels)
    }
}
