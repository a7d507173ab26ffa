//! What images are like: how many there are of each class, and mean and standard deviation of each channel, to set
//! beside the constants that [`normalise`](super::normalise) uses.
//!
//! Summed in integers, so nothing is rounded before the last division, and neither the order nor the pieces matter.

use serde::{Deserialize, Serialize};

use super::{CLASSES, PLANE, Split};

/// Counts and sums over images.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statistics {
    /// Images of each class.
    pub class_counts: [u64; CLASSES],
    /// Of the bytes of each channel.
    sums: [u64; 3],
    /// Of their squares; at most 2⁶⁴ / (255² · 1024) = 277 thousand million images.
    squares: [u64; 3],
}

impl Statistics {
    /// Counts an image.
    ///
    /// # Panics
    /// If `pixels` are not [`PIXELS`](super::PIXELS) bytes, or the label is no class.
    pub fn add(&mut self, pixels: &[u8], label: u8) {
        assert_eq!(pixels.len(), 3 * PLANE, "one image");
        self.class_counts[usize::from(label)] += 1;
        for (channel, plane) in pixels.chunks_exact(PLANE).enumerate() {
            // A plane's squares are at most 255² · 1024 < 2³².
            self.sums[channel] += u64::from(plane.iter().map(|&byte| u32::from(byte)).sum::<u32>());
            self.squares[channel] += u64::from(plane.iter().map(|&byte| u32::from(byte).pow(2)).sum::<u32>());
        }
    }

    /// Counts up to so many more images of a split, from its start. Returns whether all are counted. The split must be
    /// the same every time.
    pub fn advance(&mut self, split: &Split, images: usize) -> bool {
        let done = self.images() as usize;
        let end = done.saturating_add(images).min(split.len());
        for index in done..end {
            let (pixels, label) = split.get(index);
            self.add(pixels, label);
        }
        end == split.len()
    }

    /// Images counted.
    pub fn images(&self) -> u64 {
        self.class_counts.iter().sum()
    }

    /// The mean of each channel's values, byte / 255, so 0–1; `None` without images.
    pub fn mean(&self) -> Option<[f64; 3]> {
        let values = self.values()?;
        Some(self.sums.map(|sum| sum as f64 / (255.0 * values as f64)))
    }

    /// Their standard deviation, √(Σ(value - mean)² / number of values); `None` without images.
    pub fn std(&self) -> Option<[f64; 3]> {
        let values = self.values()?;
        Some(std::array::from_fn(|channel| {
            // n·Σx² - (Σx)² is n² times the variance, and never negative.
            let sum = u128::from(self.sums[channel]);
            let spread = u128::from(values) * u128::from(self.squares[channel]) - sum * sum;
            (spread as f64).sqrt() / (255.0 * values as f64)
        }))
    }

    /// Values of a channel.
    fn values(&self) -> Option<u64> {
        let images = self.images();
        (images > 0).then_some(images * PLANE as u64)
    }
}
