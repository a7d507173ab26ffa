//! Labels that have nothing to do with the images: what a network fits then, it has memorised.

use rand::RngExt;

use super::{CLASSES, Purpose, rng};

/// The label of training image `index`, uniform over the classes: the same for a seed whatever the data's size.
pub fn random_label(seed: u64, index: usize) -> u8 {
    rng(seed, Purpose::Labels, index as u64).random_range(0..CLASSES as u8)
}
