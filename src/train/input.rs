//! What a network is shown: numbers, or images, which become numbers only where a product reads them. Bytes are a
//! quarter of what numbers are, to hold and to pass on.

use ndarray::ArrayView2;

use crate::data::PIXELS;
use crate::data::normalise::scales_and_offsets;
use crate::linalg::{Bytes, Operand};

/// A batch without its labels.
#[derive(Clone, Copy, Debug)]
pub enum Input<'a> {
    /// B×in.
    Numbers(ArrayView2<'a, f32>),
    /// B images of [`PIXELS`] bytes, planar, to be normalised.
    Images(&'a [u8]),
}

impl<'a> From<ArrayView2<'a, f32>> for Input<'a> {
    fn from(numbers: ArrayView2<'a, f32>) -> Self {
        Self::Numbers(numbers)
    }
}

impl<'a> From<&'a [u8]> for Input<'a> {
    fn from(images: &'a [u8]) -> Self {
        Self::Images(images)
    }
}

impl<'a> Input<'a> {
    pub(super) fn rows(&self) -> usize {
        match self {
            Self::Numbers(numbers) => numbers.nrows(),
            Self::Images(images) => images.len() / PIXELS,
        }
    }

    /// B×in, as products read it.
    pub(super) fn operand(self) -> Operand<'a, f32> {
        match self {
            Self::Numbers(numbers) => numbers.into(),
            Self::Images(images) => {
                let (scales, offsets) = scales_and_offsets();
                Bytes::new(images, scales, offsets).into()
            }
        }
    }
}
