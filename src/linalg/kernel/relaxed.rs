//! Relaxed SIMD: a 2×16 tile with fused multiplication and addition.
//!
//! Eight sums, four of b and two broadcasts of a; no register is needed for products. Measured, it is a little
//! ahead of 4×8 and 3×12, and wastes nothing on a layer of 10 outputs; 5×8, 6×8, 4×12 and 3×16 spill.
//!
//! `f32x4.relaxed_madd` rounds once where the processor can, twice where not: sums may differ from machine to
//! machine in the last bit. A module that contains it does not start in a browser without it, so nothing but the
//! program `trainer_relaxed` may refer to this kernel.

use std::arch::wasm32::{f32x4_relaxed_madd, f32x4_splat, v128, v128_load, v128_load32_splat};

use super::simd128::write;
use super::{Block, Kernel};
use crate::linalg::pack::pack;
use crate::linalg::transpose::{interleave, interleave_pair};

const MR: usize = 2;
const NR: usize = 16;

/// The 2×16 fused kernel.
pub(crate) struct Relaxed;

impl Kernel for Relaxed {
    type Elem = f32;
    const MR: usize = MR;
    const NR: usize = NR;

    #[inline(never)]
    #[target_feature(enable = "relaxed-simd")]
    unsafe fn tile(kc: usize, alpha: f32, a: &[f32], b: &[f32], beta: f32, c: *mut f32, row_stride: isize) {
        let mut sums = [[f32x4_splat(0.0); 4]; MR];
        let (mut a, mut b) = (a.as_ptr(), b.as_ptr());
        for _ in 0..kc {
            // SAFETY: kc steps of MR elements of a and NR of b, by the caller's promise.
            unsafe {
                let row: [v128; 4] = std::array::from_fn(|j| v128_load(b.add(4 * j).cast::<v128>()));
                for (i, sums) in sums.iter_mut().enumerate() {
                    let a = v128_load32_splat(a.add(i).cast::<u32>());
                    for (sum, b) in sums.iter_mut().zip(row) {
                        *sum = f32x4_relaxed_madd(a, b, *sum);
                    }
                }
                a = a.add(MR);
                b = b.add(NR);
            }
        }
        // SAFETY: the caller's promise.
        unsafe { write(&sums, alpha, beta, c, row_stride) }
    }

    unsafe fn pack_a(block: &Block<f32>, out: &mut Vec<f32>) {
        // SAFETY: the caller's promise.
        unsafe { pack::<f32, MR>(block, out, interleave_pair) }
    }

    unsafe fn pack_b(block: &Block<f32>, out: &mut Vec<f32>) {
        // SAFETY: the caller's promise.
        unsafe { pack::<f32, NR>(block, out, interleave::<NR>) }
    }
}
