//! WebAssembly SIMD, 128 bits: a 2×12 tile of f32 in six registers.
//!
//! Six sums, three of b, two broadcasts of a and products fit the 15 vector registers that browsers use on x86-64
//! with room to spare. Measured, it is ahead of 4×8, 2×16 and 3×8 by a few hundredths; 3×12, 5×8, 6×8, 4×12 and
//! 3×16 spill. The loop is not unrolled, for the same reason.

use std::arch::wasm32::{f32x4_add, f32x4_mul, f32x4_splat, v128, v128_load, v128_load32_splat, v128_store};

use super::{Block, Kernel};
use crate::linalg::pack::pack;
use crate::linalg::transpose::{interleave, interleave_pair};

const MR: usize = 2;
const NR: usize = 12;

/// The 2×12 multiply-and-add kernel.
pub(crate) struct Simd128;

impl Kernel for Simd128 {
    type Elem = f32;
    const MR: usize = MR;
    const NR: usize = NR;

    #[inline(never)]
    unsafe fn tile(kc: usize, alpha: f32, a: &[f32], b: &[f32], beta: f32, c: *mut f32, row_stride: isize) {
        let mut sums = [[f32x4_splat(0.0); 3]; MR];
        let (mut a, mut b) = (a.as_ptr(), b.as_ptr());
        for _ in 0..kc {
            // SAFETY: kc steps of MR elements of a and NR of b, by the caller's promise.
            unsafe {
                let row: [v128; 3] = std::array::from_fn(|j| v128_load(b.add(4 * j).cast::<v128>()));
                for (i, sums) in sums.iter_mut().enumerate() {
                    let a = v128_load32_splat(a.add(i).cast::<u32>());
                    for (sum, b) in sums.iter_mut().zip(row) {
                        *sum = f32x4_add(*sum, f32x4_mul(a, b));
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

/// `c ← beta·c + alpha·sums`; with `beta` 0, `c` is not read.
///
/// # Safety
/// `c` points to `ROWS` rows of `4 · VECTORS` elements, `row_stride` apart, all readable and writable.
#[inline(always)]
pub(super) unsafe fn write<const ROWS: usize, const VECTORS: usize>(
    sums: &[[v128; VECTORS]; ROWS],
    alpha: f32,
    beta: f32,
    c: *mut f32,
    row_stride: isize,
) {
    let (is_overwritten, alpha, beta) = (beta == 0.0, f32x4_splat(alpha), f32x4_splat(beta));
    for (i, row) in sums.iter().enumerate() {
        for (j, &sum) in row.iter().enumerate() {
            // SAFETY: vector j of row i of c, by the caller's promise.
            unsafe {
                let at = c.offset(i as isize * row_stride).add(4 * j).cast::<v128>();
                let product = f32x4_mul(alpha, sum);
                let value = if is_overwritten { product } else { f32x4_add(f32x4_mul(beta, v128_load(at)), product) };
                v128_store(at, value);
            }
        }
    }
}
