//! Augmentation, question 14: reflect-pad, random crop, horizontal flip.
//!
//! Padding by p pixels and then cropping 32×32 is the same as looking at the image through a window moved by −p to p
//! pixels each way, with mirrors along the edges. So nothing is padded: a [`Choice`] says where the window stands,
//! and [`augmented`] reads through it. A mirror does not repeat the edge (`dcb|abcd|cba`), as in
//! numpy's `reflect` and PyTorch's `ReflectionPad2d`.

use rand::RngExt;
use rand::rngs::Xoshiro256PlusPlus;
use serde::{Deserialize, Serialize};

use super::columns::Columns;
use super::{PIXELS, PLANE, Purpose, SIDE, rng};

/// Most pixels of padding on each side.
pub const MAX_PADDING: u8 = 8;

/// What is done to training images.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Augment {
    /// Whether they are padded and cropped.
    pub crop: bool,
    /// Pixels of padding on each side, 0 to [`MAX_PADDING`].
    pub padding: u8,
    /// Whether every second one, at random, is mirrored left to right.
    pub flip: bool,
}

/// What is done to one image.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Choice {
    /// Pixels that the window is moved to the right of the image's own place, −padding to padding: in the padded
    /// image, its left edge is at padding + dx.
    pub dx: i8,
    /// The same, downwards.
    pub dy: i8,
    /// Whether what the window shows is mirrored left to right.
    pub flip: bool,
}

/// The choices for one image after the other, without end.
#[derive(Clone, Debug)]
pub struct Choices {
    augment: Augment,
    rng: Xoshiro256PlusPlus,
}

impl Default for Augment {
    /// Nothing, with the homework's padding.
    fn default() -> Self {
        Self { crop: false, padding: 3, flip: false }
    }
}

impl Augment {
    /// Whether it can change an image.
    pub fn is_on(&self) -> bool {
        (self.crop && self.padding > 0) || self.flip
    }
}

impl Choices {
    /// The choices of a seed, for a purpose ([`Purpose::Augment`] or [`Purpose::AugmentMeasured`]) in an epoch.
    pub fn new(augment: Augment, seed: u64, purpose: Purpose, epoch: usize) -> Self {
        Self { augment, rng: rng(seed, purpose, epoch as u64) }
    }
}

impl Iterator for Choices {
    type Item = Choice;

    /// The next image's. All three numbers are drawn whatever is switched on, so that a switch changes nothing else.
    fn next(&mut self) -> Option<Choice> {
        let padding = i32::from(self.augment.padding.min(MAX_PADDING));
        let [dx, dy] = [(); 2].map(|()| self.rng.random_range(-padding..=padding) as i8);
        let flip = self.rng.random_bool(0.5) && self.augment.flip;
        Some(if self.augment.crop { Choice { dx, dy, flip } } else { Choice { flip, ..Choice::default() } })
    }
}

/// Writes the augmented image: `pixels` and `out` are [`PIXELS`] bytes, planar.
///
/// # Panics
/// If the choice moves by 32 or more, or the lengths are others.
pub fn augmented(pixels: &[u8], choice: Choice, out: &mut [u8]) {
    assert!(pixels.len() == PIXELS && out.len() == PIXELS, "one image");
    // All rows and channels share the columns.
    let columns = Columns::new(|x| {
        let x = if choice.flip { SIDE - 1 - x } else { x };
        mirrored(x as i32 + i32::from(choice.dx))
    });
    for (plane, out) in pixels.chunks_exact(PLANE).zip(out.chunks_exact_mut(PLANE)) {
        let ((rows, _), (out, _)) = (plane.as_chunks::<SIDE>(), out.as_chunks_mut::<SIDE>());
        for (y, out) in out.iter_mut().enumerate() {
            *out = columns.look_up(&rows[mirrored(y as i32 + i32::from(choice.dy))]);
        }
    }
}

/// The padded image, for a screen that draws the window on it: 3 planes of (32 + 2·padding)² bytes.
///
/// # Panics
/// If `pixels` are not [`PIXELS`] bytes.
pub fn padded(pixels: &[u8], padding: u8) -> Vec<u8> {
    assert_eq!(pixels.len(), PIXELS, "one image");
    let padding = i32::from(padding.min(MAX_PADDING));
    let places = || (-padding..SIDE as i32 + padding).map(mirrored);
    let row = |plane: &[u8], y: usize| places().map(|x| plane[y * SIDE + x]).collect::<Vec<_>>();
    pixels.chunks_exact(PLANE).flat_map(|plane| places().flat_map(|y| row(plane, y))).collect()
}

/// The row or column that a mirror along the edge shows at `at`, −31 to 62.
fn mirrored(at: i32) -> usize {
    let last = SIDE as i32 - 1;
    (if at > last { 2 * last - at } else { at.abs() }) as usize
}
