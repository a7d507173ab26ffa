//! What the kernels of 128-bit vectors share: the sums of a tile in registers, and how they are written.

use std::arch::wasm32::{f32x4_add, f32x4_mul, f32x4_splat, v128, v128_load, v128_load32_splat, v128_store};

/// `aᵀ·b` for `a` kc×ROWS and `b` kc×(4 · VECTORS), both packed.
///
/// For each k one step of `multiply_add(a, b, sum)` on every sum, row after row, so that beside the sums only b's vectors
/// and one broadcast of a are held.
///
/// # Safety
/// `a` and `b` point to so many readable elements.
#[inline(always)]
pub(super) unsafe fn sums<const ROWS: usize, const VECTORS: usize>(
    kc: usize,
    mut a: *const f32,
    mut b: *const f32,
    multiply_add: impl Fn(v128, v128, v128) -> v128,
) -> [[v128; VECTORS]; ROWS] {
    let mut sums = [[f32x4_splat(0.0); VECTORS]; ROWS];
    // How far a and b go in a step, read anew in each, lest LLVM see that they are always the same: its loop strength
    // reduction would then make new addresses of them, and its scheduler, seeing those, begin every row before it
    // ends one. That is more than the registers hold, and half the speed (6×8: 31 instead of 72 GFLOP/s).
    let lengths = [size_of::<f32>() * ROWS, size_of::<v128>() * VECTORS];
    for _ in 0..kc {
        // SAFETY: ROWS elements of a, VECTORS vectors of b, by the caller's promise; and two numbers on the stack.
        unsafe {
            let row: [v128; VECTORS] = std::array::from_fn(|j| v128_load(b.add(4 * j).cast::<v128>()));
            for (i, sums) in sums.iter_mut().enumerate() {
                let a = v128_load32_splat(a.add(i).cast::<u32>());
                for (sum, b) in sums.iter_mut().zip(row) {
                    *sum = multiply_add(a, b, *sum);
                }
            }
            a = a.byte_add((&raw const lengths[0]).read_volatile());
            b = b.byte_add((&raw const lengths[1]).read_volatile());
        }
    }
    sums
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
