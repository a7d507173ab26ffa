//! The most multiply-adds a second that this target's vector unit does here: independent chains of
//! `s ← s·x + y` in registers, no memory. What a matrix product is measured against.

/// Independent chains: enough to cover the latency of a multiplication and an addition, and with x and y as many as
/// fit the registers.
const CHAINS: usize = 13;
/// f32 lanes in a vector.
const LANES: usize = 4;

/// Floating-point operations in a chain of `steps` steps: a multiplication and an addition per lane.
pub fn operations(steps: usize) -> f64 {
    (steps * CHAINS * LANES * 2) as f64
}

/// x and y, which the compiler must not know: a product that settles, so that no number grows without end.
fn factors() -> (f32, f32) {
    (std::hint::black_box(0.999), std::hint::black_box(0.001))
}

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod lanes {
    use std::arch::wasm32::{f32x4_add, f32x4_extract_lane, f32x4_mul, f32x4_relaxed_madd, f32x4_splat, v128};

    /// Runs the chains for `steps` steps. The result depends on every step, so that none can be left out.
    #[inline(never)]
    pub(in crate::linalg) fn chain(steps: usize) -> f32 {
        let (x, y) = super::factors();
        let (x, y) = (f32x4_splat(x), f32x4_splat(y));
        let mut sums = [f32x4_splat(0.5); super::CHAINS];
        for _ in 0..steps {
            for sum in &mut sums {
                *sum = f32x4_add(f32x4_mul(*sum, x), y);
            }
        }
        total(sums)
    }

    /// The same chains, fused. Only where the engine has relaxed SIMD, or the program does not start.
    #[inline(never)]
    #[target_feature(enable = "relaxed-simd")]
    pub(in crate::linalg) fn relaxed_chain(steps: usize) -> f32 {
        let (x, y) = super::factors();
        let (x, y) = (f32x4_splat(x), f32x4_splat(y));
        let mut sums = [f32x4_splat(0.5); super::CHAINS];
        for _ in 0..steps {
            for sum in &mut sums {
                *sum = f32x4_relaxed_madd(*sum, x, y);
            }
        }
        total(sums)
    }

    fn total(sums: [v128; super::CHAINS]) -> f32 {
        let total = sums.into_iter().fold(f32x4_splat(0.0), |a, b| f32x4_add(a, b));
        f32x4_extract_lane::<0>(total) + f32x4_extract_lane::<3>(total)
    }
}

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
mod lanes {
    /// Runs the chains for `steps` steps. The result depends on every step, so that none can be left out.
    #[inline(never)]
    pub(in crate::linalg) fn chain(steps: usize) -> f32 {
        let (x, y) = super::factors();
        let mut sums = [[0.5_f32; super::LANES]; super::CHAINS];
        for _ in 0..steps {
            for sum in &mut sums {
                for lane in sum {
                    *lane = *lane * x + y;
                }
            }
        }
        sums.as_flattened().iter().sum()
    }
}

pub(super) use lanes::*;

#[cfg(test)]
mod tests {
    #[test]
    fn operations_count_a_product_and_a_sum_per_lane() {
        assert_eq!(super::operations(1000), 104_000.0);
        assert!(super::chain(1000).is_finite());
    }
}
