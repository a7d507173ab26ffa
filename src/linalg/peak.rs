//! The most multiply-adds a second that this target's vector unit does here: independent chains of
//! `s ← s·x + y` in registers, no memory. What a matrix product is measured against.

/// Independent chains; enough to cover the latency of a multiplication and an addition.
const CHAINS: usize = 12;
/// f32 lanes in a vector.
const LANES: usize = 4;

/// Floating-point operations in `chain(steps)`: a multiplication and an addition per lane.
pub fn operations(steps: usize) -> f64 {
    (steps * CHAINS * LANES * 2) as f64
}

/// Runs the chains for `steps` steps. The result depends on every step, so that none can be left out.
#[inline(never)]
pub fn chain(steps: usize) -> f32 {
    let (x, y) = (std::hint::black_box(0.999_f32), std::hint::black_box(0.001_f32));
    lanes::chain(steps, x, y)
}

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod lanes {
    use std::arch::wasm32::{f32x4_add, f32x4_extract_lane, f32x4_mul, f32x4_splat};

    pub(super) fn chain(steps: usize, x: f32, y: f32) -> f32 {
        let (x, y) = (f32x4_splat(x), f32x4_splat(y));
        let mut sums = [f32x4_splat(0.5); super::CHAINS];
        for _ in 0..steps {
            for sum in &mut sums {
                *sum = f32x4_add(f32x4_mul(*sum, x), y);
            }
        }
        let total = sums.into_iter().reduce(|a, b| f32x4_add(a, b)).unwrap_or(x);
        f32x4_extract_lane::<0>(total) + f32x4_extract_lane::<3>(total)
    }
}

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
mod lanes {
    pub(super) fn chain(steps: usize, x: f32, y: f32) -> f32 {
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

#[cfg(test)]
mod tests {
    #[test]
    fn operations_count_a_product_and_a_sum_per_lane() {
        assert_eq!(super::operations(1000), 96_000.0);
        assert!(super::chain(1000).is_finite());
    }
}
