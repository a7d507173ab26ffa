//! Relaxed SIMD: a 6×8 tile with fused multiplication and addition.
//!
//! Twelve sums, two of b and one broadcast of a are just the 15 vector registers that browsers use on x86-64, and twelve
//! fused operations wait for eight loads. Measured with operands in the inner cache, it reaches the whole limit; 3×12 has
//! 93 % of it, 5×8, 4×8 and 2×16 have 91–93 %: too few sums to cover the latency.
//!
//! `f32x4.relaxed_madd` rounds once where the processor can, twice where not: sums may differ from machine to
//! machine in the last bit. A module that contains it does not start in a browser without it, so nothing but the
//! program `trainer_relaxed` may refer to this kernel.

use std::arch::wasm32::{f32x4_relaxed_madd, v128};

use super::vectors::{sums, write};
use super::{Kernel, Operand, for_rows};
use crate::linalg::pack::{Rest, pack};
use crate::linalg::transpose::interleave;

const MR: usize = 6;
/// Vectors in a row of a tile.
const VECTORS: usize = 2;
const NR: usize = 4 * VECTORS;

/// The 6×8 fused kernel.
pub(crate) struct Relaxed;

impl Kernel for Relaxed {
    type Elem = f32;
    const MR: usize = MR;
    const NR: usize = NR;

    unsafe fn tile(
        [rows, kc]: [usize; 2],
        alpha: f32,
        a: &[f32],
        b: &[f32],
        beta: f32,
        c: *mut f32,
        row_stride: isize,
    ) {
        // SAFETY: the caller's promise.
        unsafe { for_rows!(rows, [1 2 3 4 5 6], ROWS => tile::<ROWS>(kc, alpha, a, b, beta, c, row_stride)) }
    }

    fn pack_a(block: Operand<f32>, out: &mut Vec<f32>) {
        pack::<f32, MR>(block, out, Rest::Narrow, interleave::<MR>)
    }

    fn pack_b(block: Operand<f32>, out: &mut Vec<f32>) {
        pack::<f32, NR>(block, out, Rest::FilledUp, interleave::<NR>)
    }
}

/// # Safety
/// As for [`Kernel::tile`].
#[inline(never)]
#[target_feature(enable = "relaxed-simd")]
unsafe fn tile<const ROWS: usize>(
    kc: usize,
    alpha: f32,
    a: &[f32],
    b: &[f32],
    beta: f32,
    c: *mut f32,
    row_stride: isize,
) {
    // SAFETY: the caller's promise.
    unsafe {
        let sums: [[v128; VECTORS]; ROWS] = sums(kc, a.as_ptr(), b.as_ptr(), |a, b, sum| f32x4_relaxed_madd(a, b, sum));
        write(&sums, alpha, beta, c, row_stride);
    }
}
