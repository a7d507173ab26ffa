//! How many linear regions a network can have.

use num_bigint::BigUint;
use num_traits::One;

/// The most linear regions of a network with one input and these hidden widths: ∏ (kᵢ + 1).
///
/// Each neuron of a layer crosses zero at most once on a piece of the layer before, so a piece is cut
/// into at most kᵢ + 1. For one hidden layer of width k this is k + 1 regions and k kinks.
pub fn max_regions(hidden_widths: &[usize]) -> BigUint {
    hidden_widths.iter().fold(BigUint::one(), |product, &width| product * (width + 1))
}

/// Whether some network of these hidden widths has [`max_regions`] regions:
/// [`most_regions`](super::constructions::most_regions) gives one if so.
///
/// With one hidden layer, always. With more, each but the last needs 3 neurons, and the last needs 2:
///
/// - To reach the bound, every neuron of a layer must cross zero on every piece of the layer before. With two
///   neurons before it, three pieces are either flat somewhere (both neurons open to one side), or a
///   neuron of the next layer that is 0 on both outer pieces has one sign on the whole middle one. With one
///   neuron, a piece is flat. A flat piece is crossed by nothing.
/// - One last neuron alternates in sign from fold to fold, so it is 0 around every other one, and that
///   fold is no kink.
pub fn is_attained(hidden_widths: &[usize]) -> bool {
    match hidden_widths.split_last() {
        None => true,
        Some((_, [])) => true,
        Some((&last, before)) => last >= 2 && before.iter().all(|&width| width >= 3),
    }
}
