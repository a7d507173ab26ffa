//! A person's own picture as an image of the data's kind: the centred square of it, averaged down (or up) to 32×32.
//!
//! Each pixel of the result is the mean of the area that it covers, pixels at the rim counted by the share of them that
//! is inside. So nothing aliases. (The page has the browser reduce larger pictures to 256 pixels a side first.) The sums
//! are in integers: each byte is the nearest to the exact mean. Means are of the bytes as they are (sRGB), as image
//! programs do by default; what is transparent stands on white.

use super::{PIXELS, PLANE, SIDE};

/// Why a picture cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PictureError {
    /// No pixels.
    #[error("The picture is {width}×{height} pixels. Choose one that has at least one pixel.")]
    Empty {
        /// Pixels.
        width: usize,
        /// Pixels.
        height: usize,
    },
    /// Not four bytes a pixel.
    #[error("The picture came as {bytes} bytes, but {width}×{height} pixels take {expected}. Choose it again.")]
    Length {
        /// Pixels.
        width: usize,
        /// Pixels.
        height: usize,
        /// What came.
        bytes: usize,
        /// Four a pixel.
        expected: u128,
    },
}

/// The image, [`PIXELS`] bytes, planar, of a picture: rows of pixels from the top, each red, green, blue and alpha (not
/// premultiplied), as a canvas gives them. Where the longer side does not leave an even number of pixels over, the one
/// more is cut off at the right or bottom.
///
/// # Errors
/// If a side is 0, or the bytes are not four a pixel.
pub fn image_from_rgba(rgba: &[u8], width: usize, height: usize) -> Result<Vec<u8>, PictureError> {
    if width == 0 || height == 0 {
        return Err(PictureError::Empty { width, height });
    }
    let expected = (width as u128 * height as u128).saturating_mul(4);
    if rgba.len() as u128 != expected {
        return Err(PictureError::Length { width, height, bytes: rgba.len(), expected });
    }
    let side = width.min(height);
    let (left, top) = ((width - side) / 2, (height - side) / 2);
    // What an output pixel sums up to: its area times 255, the largest alpha.
    let total = (side * side) as u64 * 255;
    let mut image = vec![0; PIXELS];
    for row in 0..SIDE {
        let mut sums = [[0_u64; 3]; SIDE];
        for (y, weight) in covered(row, side) {
            let source = &rgba[4 * ((top + y) * width + left)..][..4 * side];
            for (column, sums) in sums.iter_mut().enumerate() {
                let across = sum_across(source, column, side);
                for (sum, part) in sums.iter_mut().zip(across) {
                    *sum += weight * part;
                }
            }
        }
        for (column, sums) in sums.into_iter().enumerate() {
            for (channel, sum) in sums.into_iter().enumerate() {
                image[channel * PLANE + row * SIDE + column] = ((sum + total / 2) / total) as u8;
            }
        }
    }
    Ok(image)
}

/// The weighted sums of red, green and blue, on white and times 255, of the part of a row that an output column covers.
fn sum_across(row: &[u8], column: usize, side: usize) -> [u64; 3] {
    let mut sums = [0; 3];
    for (x, weight) in covered(column, side) {
        let alpha = u64::from(row[4 * x + 3]);
        for (sum, &byte) in sums.iter_mut().zip(&row[4 * x..]) {
            *sum += weight * (u64::from(byte) * alpha + 255 * (255 - alpha));
        }
    }
    sums
}

/// The input pixels of `side` that output pixel `at` of [`SIDE`] covers, and how much of each, in units of 1/SIDE of an
/// input pixel: an output pixel is `side` units long. The weights sum to `side`.
fn covered(at: usize, side: usize) -> impl Iterator<Item = (usize, u64)> {
    let (start, end) = (at * side, (at + 1) * side);
    (start / SIDE..end.div_ceil(SIDE)).map(move |pixel| {
        let inside = end.min((pixel + 1) * SIDE) - start.max(pixel * SIDE);
        (pixel, inside as u64)
    })
}
