//! Bytes to network input.

use std::sync::LazyLock;

use super::{PIXELS, PLANE};

/// Mean of each channel over CIFAR-10's training images, as the course notebook has it (of values in 0–1).
pub const MEAN: [f32; 3] = [0.4914, 0.4822, 0.4465];
/// Standard deviation of each channel, likewise.
pub const STD: [f32; 3] = [0.2470, 0.2435, 0.2616];

/// Writes `(pixel / 255 - mean) / std`, per channel.
///
/// `pixels`: n·3072 bytes, planar; `out`: as many numbers.
pub fn normalise(pixels: &[u8], out: &mut [f32]) {
    debug_assert_eq!(pixels.len(), out.len());
    for (plane, (bytes, values)) in pixels.chunks_exact(PLANE).zip(out.chunks_exact_mut(PLANE)).enumerate() {
        let (scale, offset) = scale_and_offset(plane % 3);
        for (value, &byte) in values.iter_mut().zip(bytes) {
            *value = f32::from(byte) * scale + offset;
        }
    }
}

/// What each byte of an image is multiplied by, and what is added then, so that a product can [`normalise`] as it reads:
/// [`PIXELS`] numbers each.
pub fn scales_and_offsets() -> (&'static [f32], &'static [f32]) {
    static BOTH: LazyLock<(Vec<f32>, Vec<f32>)> =
        LazyLock::new(|| (0..PIXELS).map(|at| scale_and_offset(at / PLANE)).unzip());
    (&BOTH.0, &BOTH.1)
}

/// What a byte of the channel is multiplied by, and what is added then.
fn scale_and_offset(channel: usize) -> (f32, f32) {
    (1.0 / (255.0 * STD[channel]), -MEAN[channel] / STD[channel])
}
