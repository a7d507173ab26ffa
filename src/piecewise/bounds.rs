//! How many linear regions a network with one input can have, or with two: [`max_regions_of_plane`].
//!
//! What counts is how often a layer can be crossed. Call an affine function of a layer's outputs, as a function of x,
//! *a reading* of the layer. Let B be the number of points where the layers so far bend, at most, and C the number of
//! sign changes of a reading, at most: at first B = 0 and C = 1, for x itself.
//!
//! - A layer of n neurons bends where n readings of the layer before change their sign: B grows by n·C.
//! - A reading changes its sign at most once between two bends: the new C is at most the new B + 1. With n ≥ 3 in every
//!   layer this gives the well-known product ∏ (nᵢ + 1), and nothing smaller is true there.
//! - *Two neurons.* A reading is a·relu(g) + b·relu(h) − t, with readings g and h of the layer before. Its zeros are
//!   among those of g − t/a, h − t/b and a·g + b·h − t: the new C is at most 3·C. And between two bends of the layer
//!   before, where g and h are affine, it changes its sign at most twice: if both neurons open to one side, it is
//!   constant beyond; if to opposite sides, its slopes on the three stretches cannot alternate in sign.
//! - *One neuron.* All that follows sees one number, relu(g), so only its own kinks count. Where g changes its sign
//!   s times, with e of its ends below 0, it is below 0 on (s − e)/2 stretches between, each with a kink that is lost:
//!   of m kinks, m + (s + e)/2 ≤ m + ⌊s/2⌋ + 1 are left. A reading of it changes its sign where some g − t does: C stays
//!   what it was, and what follows multiplies it. Layers of one neuron in a row clip g to an interval and do no more,
//!   however many they are: by the same count at both ends, m + s + 1 kinks are left.

use num_bigint::BigUint;
use num_traits::{One, Zero};

/// The product ∏ (kᵢ + 1): no network of these hidden widths has more linear regions.
///
/// Each neuron of a layer crosses zero at most once on a piece of the layer before, so a piece is cut
/// into at most kᵢ + 1. For one hidden layer of width k this is k + 1 regions and k kinks.
pub fn product(hidden_widths: &[usize]) -> BigUint {
    hidden_widths.iter().fold(BigUint::one(), |product, &width| product * (width + 1))
}

/// The most linear regions of a network with these hidden widths that are not excluded: the [`product`] if every
/// hidden layer but the last has at least 3 neurons and the last 2, else less, as the module's text derives it.
///
/// [`constructions::most_regions`](super::constructions::most_regions) attains it for many widths, and
/// [`constructions::regions`](super::constructions::regions) says for which.
pub fn max_regions(hidden_widths: &[usize]) -> BigUint {
    // Bends so far; and, since the last layer of one neuron, bends and sign changes of what it passes on, and how
    // often that runs through each of its values.
    let mut bends = BigUint::zero();
    let (mut own_bends, mut own_changes) = (BigUint::zero(), BigUint::one());
    let mut runs = BigUint::one();
    let mut rest = hidden_widths;
    while let Some(&width) = rest.first() {
        let alike = rest.iter().take_while(|&&other| width == 1 && other == 1).count().max(1);
        rest = &rest[alike..];
        let changes = &runs * &own_changes;
        if width == 1 {
            bends += if alike == 1 { &changes / 2_u32 } else { changes.clone() } + 1_u32;
            runs = changes;
            (own_bends, own_changes) = (BigUint::zero(), BigUint::one());
            continue;
        }
        bends += changes * width;
        let cells = &own_bends + 1_u32;
        own_bends += &own_changes * width;
        own_changes = if width == 2 { (cells * 2_u32).min(own_changes * 3_u32) } else { &own_bends + 1_u32 };
    }
    bends + 1_u32
}

/// The most linear regions of a network of two inputs with these hidden widths that are not excluded: for one layer of n neurons, the
/// pieces 1 + n + n·(n − 1)/2 into which n lines cut a plane; for more, the sum of `∏ C(nᵢ, jᵢ)` over all j with jᵢ ≤ 2 and jᵢ ≤ nₖ − jₖ for
/// all k < i. It is the bound of Serra, Tjandraatmadja and Ramalingam (2018, *Bounding and counting linear regions of deep neural
/// networks*, theorem 1), which is Montúfar's product (2017) if no layer has fewer than 4 neurons, and less for narrow ones.
pub fn max_regions_of_plane(hidden_widths: &[usize]) -> BigUint {
    /// From the first of these layers on, where what comes in has so many dimensions.
    fn from(widths: &[usize], dimensions: usize) -> BigUint {
        let Some((&width, rest)) = widths.split_first() else { return BigUint::one() };
        let mut ways = BigUint::one();
        let mut sum = BigUint::zero();
        for chosen in 0..=dimensions.min(width) {
            if chosen > 0 {
                ways = ways * (width + 1 - chosen) / chosen;
            }
            sum += &ways * from(rest, dimensions.min(width - chosen));
        }
        sum
    }
    from(hidden_widths, 2)
}
