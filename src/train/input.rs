//! What a network is shown: numbers, or images, of which every member of a team makes the numbers itself. Bytes are a
//! quarter of what numbers are, and nobody waits for another's making.

use ndarray::ArrayView2;

use crate::data::PIXELS;
use crate::data::augment::{self, Choice};
use crate::data::normalise::normalise;

/// A batch without its labels.
#[derive(Clone, Copy, Debug)]
pub enum Input<'a> {
    /// B×in.
    Numbers(ArrayView2<'a, f32>),
    /// One row an image.
    Images(ImageRows<'a>),
}

/// Images of a batch, and what is done to them.
#[derive(Clone, Copy, Debug)]
pub struct ImageRows<'a> {
    /// [`PIXELS`] bytes an image, planar.
    pub pixels: &'a [u8],
    /// One an image; none at all if they are taken as they are.
    pub choices: &'a [Choice],
}

impl<'a> From<ArrayView2<'a, f32>> for Input<'a> {
    fn from(numbers: ArrayView2<'a, f32>) -> Self {
        Self::Numbers(numbers)
    }
}

impl<'a> From<ImageRows<'a>> for Input<'a> {
    fn from(images: ImageRows<'a>) -> Self {
        Self::Images(images)
    }
}

impl<'a> Input<'a> {
    pub(super) fn rows(&self) -> usize {
        match self {
            Self::Numbers(numbers) => numbers.nrows(),
            Self::Images(images) => images.rows(),
        }
    }

    /// B×in; of images they are written to `out`, which is kept between batches.
    pub(super) fn numbers<'b>(self, out: &'b mut Vec<f32>) -> ArrayView2<'b, f32>
    where
        'a: 'b,
    {
        match self {
            Self::Numbers(numbers) => numbers,
            Self::Images(images) => images.numbers(out),
        }
    }
}

impl ImageRows<'_> {
    pub(super) fn rows(&self) -> usize {
        self.pixels.len() / PIXELS
    }

    /// The network's input, B×[`PIXELS`], written to `out`.
    pub(super) fn numbers<'b>(&self, out: &'b mut Vec<f32>) -> ArrayView2<'b, f32> {
        resize(out, self.pixels.len());
        let images = self.pixels.chunks_exact(PIXELS).zip(out.chunks_exact_mut(PIXELS));
        for (image, (pixels, row)) in images.enumerate() {
            match self.choices.get(image) {
                Some(choice) => augment::normalised(pixels, *choice, row),
                None => normalise(pixels, row),
            }
        }
        ArrayView2::from_shape((self.rows(), PIXELS), out).expect("whole rows")
    }
}

/// Of just this length, with no more memory than that.
pub(super) fn resize(numbers: &mut Vec<f32>, length: usize) {
    numbers.truncate(length);
    numbers.reserve_exact(length - numbers.len());
    numbers.resize(length, 0.0);
}
