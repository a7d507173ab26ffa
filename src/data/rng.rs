//! Random numbers that depend on a seed alone, on every platform.

use rand::SeedableRng;
use rand::rngs::Xoshiro256PlusPlus;

/// What random numbers are for. Each purpose has its own stream, so that using more of one changes no other.
#[derive(Clone, Copy, Debug)]
pub enum Purpose {
    /// Initial weights.
    Init = 1,
    /// The order of the images in an epoch.
    Shuffle = 2,
    /// The synthetic sample.
    Sample = 3,
    /// Networks and curves that a lab draws at random.
    Draw = 4,
    /// How the images of an epoch are augmented to train on them.
    Augment = 5,
    /// How they are augmented to measure the accuracy on them.
    AugmentMeasured = 6,
    /// Random labels.
    Labels = 7,
    /// Training images that are held out to validate on.
    HeldOut = 8,
}

/// The generator for a seed, a purpose, and an index within it (an epoch, say).
///
/// Xoshiro256++ by name, because numbers made from a seed are compared between runs and versions.
pub fn rng(seed: u64, purpose: Purpose, index: u64) -> Xoshiro256PlusPlus {
    // The finaliser of SplitMix64 spreads neighbouring triples over all seeds.
    let mix = |z: u64| {
        let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    };
    let golden = 0x9e37_79b9_7f4a_7c15_u64;
    let state = [purpose as u64, index].into_iter().fold(mix(seed.wrapping_add(golden)), |state, part| {
        mix(state.wrapping_add(part.wrapping_mul(golden)).wrapping_add(golden))
    });
    Xoshiro256PlusPlus::seed_from_u64(state)
}
