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
