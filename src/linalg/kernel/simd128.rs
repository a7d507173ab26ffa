//! WebAssembly SIMD, 128 bits: a 4×8 tile of f32 in eight registers.
//!
//! Eight sums, two of b and one broadcast of a fit the 16 vector registers of x86-64 with room for the
//! products; wider tiles spill. The loop is not unrolled, for the same reason.

use std::arch::wasm32::{f32x4_add, f32x4_mul, f32x4_splat, v128, v128_load, v128_load32_splat, v128_store};

use super::{Block, Kernel};
use crate::linalg::pack::pack;

const MR: usize = 4;
const NR: usize = 8;

/// The 4×8 multiply-and-add kernel.
pub(crate) struct Simd128;

impl Kernel for Simd128 {
    type Elem = f32;
    const NAME: &'static str = "simd128";
    const MR: usize = MR;
    const NR: usize = NR;

    #[inline(never)]
    unsafe fn tile(kc: usize, alpha: f32, a: &[f32], b: &[f32], c: *mut f32, row_stride: isize, accumulate: bool) {
        let mut sums = [[f32x4_splat(0.0); 2]; MR];
        let (mut a, mut b) = (a.as_ptr(), b.as_ptr());
        for _ in 0..kc {
            // SAFETY: kc steps of MR elements of a and NR of b, by the caller's promise.
            unsafe {
                let left = v128_load(b.cast::<v128>());
                let right = v128_load(b.add(4).cast::<v128>());
                for (i, [low, high]) in sums.iter_mut().enumerate() {
                    let a = v128_load32_splat(a.add(i).cast::<u32>());
                    *low = f32x4_add(*low, f32x4_mul(a, left));
                    *high = f32x4_add(*high, f32x4_mul(a, right));
                }
                a = a.add(MR);
                b = b.add(NR);
            }
        }
        let alpha = f32x4_splat(alpha);
        for (i, [low, high]) in sums.into_iter().enumerate() {
            let (mut low, mut high) = (f32x4_mul(alpha, low), f32x4_mul(alpha, high));
            // SAFETY: row i < MR of c, NR elements, by the caller's promise.
            unsafe {
                let row = c.offset(i as isize * row_stride).cast::<v128>();
                if accumulate {
                    low = f32x4_add(v128_load(row), low);
                    high = f32x4_add(v128_load(row.add(1)), high);
                }
                v128_store(row, low);
                v128_store(row.add(1), high);
            }
        }
    }

    unsafe fn pack_a(block: &Block<f32>, out: &mut Vec<f32>) {
        // SAFETY: the caller's promise.
        unsafe { pack::<f32, MR>(block, out) }
    }

    unsafe fn pack_b(block: &Block<f32>, out: &mut Vec<f32>) {
        // SAFETY: the caller's promise.
        unsafe { pack::<f32, NR>(block, out) }
    }
}
