//! WebAssembly SIMD, 128 bits: a 4×8 tile of f32 in eight registers.
//!
//! Eight sums, two of b, one broadcast of a and a product fit the 15 vector registers that browsers use on x86-64.
//! Measured, it is as fast as 2×16 and ahead of 2×12 and 3×8 by a few hundredths; 6×8 does not fit.

use std::arch::wasm32::{f32x4_add, f32x4_mul, v128};

use super::vectors::{sums, write};
use super::{Kernel, Operand, for_rows};
use crate::linalg::pack::{Rest, pack};
use crate::linalg::transpose::interleave;

const MR: usize = 4;
/// Vectors in a row of a tile.
const VECTORS: usize = 2;
const NR: usize = 4 * VECTORS;

/// The 4×8 multiply-and-add kernel.
pub(crate) struct Simd128;

impl Kernel for Simd128 {
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
        unsafe { for_rows!(rows, [1 2 3 4], ROWS => tile::<ROWS>(kc, alpha, a, b, beta, c, row_stride)) }
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
        let sums: [[v128; VECTORS]; ROWS] =
            sums(kc, a.as_ptr(), b.as_ptr(), |a, b, sum| f32x4_add(sum, f32x4_mul(a, b)));
        write(&sums, alpha, beta, c, row_stride);
    }
}
