//! Whether images look like photographs in planes of red, green and blue, or as if their bytes stood in another order.
//!
//! Neighbours in a picture are alike. In planes, the next byte is the neighbour to the right and the 32nd the one below;
//! where the three bytes of each pixel stand together instead, those are the third and the 96th. Summed over images,
//! the differences at 3 and 96 are 2.0 times those at 1 and 32 for CIFAR-10, and 0.4 times for its pixels interleaved;
//! in no 20 images of a real batch between 0.5 and 1.8 (measured on 10,000), so the bound stands between them.
//!
//! Red less blue, by class, tells the order of channels: sky and sea are blue, frogs and deer are not. For CIFAR-10's
//! classes these ten numbers are known; with red and blue exchanged they are their negatives.

use super::{CLASSES, Images, PIXELS, PLANE, SIDE};

/// Most images that are looked at of a batch.
const SAMPLE: usize = 1000;
/// Far differences over near ones, below which pixels are interleaved.
const INTERLEAVED: f64 = 0.8;
/// Mean of red less blue, of values in 0–1, in 10,000 images of CIFAR-10, by class.
const RED_LESS_BLUE: [f64; CLASSES] = [-0.063, 0.023, 0.066, 0.075, 0.093, 0.084, 0.123, 0.085, -0.067, 0.020];
/// Images of each class that are wanted before the channels are judged.
const PER_CLASS: u64 = 15;
/// Correlation with [`RED_LESS_BLUE`] that means an exchange: −1 would be a perfect one.
const EXCHANGED: f64 = -0.8;

/// What was seen of a batch.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Looks {
    /// Sums of differences, of bytes, at 1 and 32 and at 3 and 96.
    near: u64,
    far: u64,
    /// By class: images, and sums of red less blue.
    images: [u64; CLASSES],
    red_less_blue: [i64; CLASSES],
    /// Images of a single colour, of all.
    pub constant: usize,
}

impl Looks {
    /// Looks at some of the images, evenly spread; for one colour at all.
    pub fn of(parts: &[Images]) -> Self {
        let mut looks = Self::default();
        for image in parts.iter().flat_map(|part| part.pixels.chunks_exact(PIXELS)) {
            looks.constant += usize::from(image.chunks_exact(PLANE).all(|plane| plane.iter().all(|p| *p == plane[0])));
        }
        let images = parts.iter().map(Images::len).sum::<usize>();
        let all = parts.iter().flat_map(|part| (0..part.len()).map(move |index| part.get(index)));
        for (pixels, label) in all.step_by(images.div_ceil(SAMPLE).max(1)) {
            looks.look(pixels, usize::from(label));
        }
        looks
    }

    fn look(&mut self, pixels: &[u8], label: usize) {
        for plane in pixels.chunks_exact(PLANE) {
            self.near += differences(plane, 1) + differences(plane, SIDE);
            self.far += differences(plane, 3) + differences(plane, 3 * SIDE);
        }
        let sum = |plane: &[u8]| plane.iter().map(|&byte| i64::from(byte)).sum::<i64>();
        self.images[label] += 1;
        self.red_less_blue[label] += sum(&pixels[..PLANE]) - sum(&pixels[2 * PLANE..]);
    }

    /// Whether the three bytes of each pixel stand together, in the place of planes.
    pub fn are_interleaved(&self) -> bool {
        (self.far as f64) < INTERLEAVED * self.near as f64
    }

    /// Whether red and blue are exchanged: told for CIFAR-10's classes only, and where there is enough of each.
    pub fn are_exchanged(&self) -> bool {
        if self.are_interleaved() || self.images.iter().any(|&images| images < PER_CLASS) {
            return false;
        }
        let means: Vec<f64> = self.red_less_blue.iter().zip(self.images).map(|(s, n)| *s as f64 / n as f64).collect();
        correlation(&means, &RED_LESS_BLUE) < EXCHANGED
    }
}

/// The sum of |difference| between bytes so far apart.
fn differences(plane: &[u8], apart: usize) -> u64 {
    plane.iter().zip(&plane[apart..]).map(|(a, b)| u64::from(a.abs_diff(*b))).sum()
}

/// Pearson's; 0 where one does not vary.
fn correlation(a: &[f64], b: &[f64]) -> f64 {
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    let (mean_a, mean_b) = (mean(a), mean(b));
    let product = |f: &dyn Fn(usize) -> f64| (0..a.len()).map(f).sum::<f64>();
    let both = product(&|i| (a[i] - mean_a) * (b[i] - mean_b));
    let (of_a, of_b) = (product(&|i| (a[i] - mean_a).powi(2)), product(&|i| (b[i] - mean_b).powi(2)));
    if of_a * of_b > 0.0 { both / (of_a * of_b).sqrt() } else { 0.0 }
}

/// What is done to the bytes of a batch that stand in another order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Reorder {
    /// From pixels of three bytes to planes.
    ToPlanes,
    /// Red and blue are exchanged.
    RedAndBlue,
}

impl Reorder {
    /// Reorders all images.
    pub fn apply(self, images: &mut Images) {
        let mut planes = [0; PIXELS];
        for image in images.pixels.chunks_exact_mut(PIXELS) {
            match self {
                Self::ToPlanes => {
                    for (at, pixel) in image.chunks_exact(3).enumerate() {
                        for (channel, &byte) in pixel.iter().enumerate() {
                            planes[channel * PLANE + at] = byte;
                        }
                    }
                    image.copy_from_slice(&planes);
                }
                Self::RedAndBlue => {
                    let (red, rest) = image.split_at_mut(PLANE);
                    red.swap_with_slice(&mut rest[PLANE..]);
                }
            }
        }
    }
}
