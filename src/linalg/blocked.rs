//! The loops around the micro-kernel.
//!
//! ```text
//! for each NC columns of b              a packed block of b, kc×NC, stays in the outer cache
//!   for each KC of the summed index
//!     for each MC rows of a             a packed block of a, MC×kc, stays in L2
//!       for each NR columns, MR rows    one call of the micro-kernel, its kc×NR panel in L1
//! ```

use ndarray::{ArrayView2, ArrayViewMut2};

use super::kernel::{Kernel, MAX_TILE};
use super::pack::Block;

/// Summed index per block: a panel of b is 256 · 8 · 4 bytes = 8 KiB, a quarter of the smallest L1.
const KC: usize = 256;
/// Rows of a per block: 128 · 256 · 4 bytes = 128 KiB.
const MC: usize = 128;
/// Columns of b per block: 256 · 1024 · 4 bytes = 1 MiB.
const NC: usize = 1024;

/// Buffers for packed blocks, kept between calls.
#[derive(Default)]
pub(super) struct Scratch<T> {
    a: Vec<T>,
    b: Vec<T>,
}

pub(super) fn gemm<K: Kernel>(
    alpha: K::Elem,
    a: ArrayView2<K::Elem>,
    b: ArrayView2<K::Elem>,
    beta: K::Elem,
    mut c: ArrayViewMut2<K::Elem>,
    scratch: &mut Scratch<K::Elem>,
) {
    let (m, k) = a.dim();
    let n = b.ncols();
    assert_eq!(b.nrows(), k, "a is {m}×{k}, but b has {} rows", b.nrows());
    assert_eq!(c.dim(), (m, n), "a·b is {m}×{n}, but c is {:?}", c.dim());
    if c.is_empty() {
        return;
    }
    assert!(n == 1 || c.strides()[1] == 1, "c's rows must be contiguous");

    let (zero, one) = (K::Elem::default(), num_traits::one());
    if k == 0 || alpha == zero {
        if beta == zero {
            c.fill(zero)
        } else {
            c.mapv_inplace(|value| value * beta)
        }
        return;
    }
    if beta != zero && beta != one {
        c.mapv_inplace(|value| value * beta);
    }

    let row_stride = c.strides()[0];
    let c = c.as_mut_ptr();
    for j in (0..n).step_by(NC) {
        let nc = NC.min(n - j);
        for p in (0..k).step_by(KC) {
            let kc = KC.min(k - p);
            let b_block = block_of(b.slice(ndarray::s![p..p + kc, j..j + nc]).reversed_axes());
            // SAFETY: the block is a view of b.
            unsafe { K::pack_b(&b_block, &mut scratch.b) };
            let accumulate = p > 0 || beta != zero;
            for i in (0..m).step_by(MC) {
                let mc = MC.min(m - i);
                let a_block = block_of(a.slice(ndarray::s![i..i + mc, p..p + kc]));
                // SAFETY: the block is a view of a.
                unsafe { K::pack_a(&a_block, &mut scratch.a) };
                // SAFETY: rows i .. i + mc and columns j .. j + nc are inside c, which is borrowed mutably.
                unsafe {
                    let corner = c.offset(i as isize * row_stride).add(j);
                    tiles::<K>(mc, nc, kc, alpha, scratch, corner, row_stride, accumulate);
                }
            }
        }
    }
}

fn block_of<T>(view: ArrayView2<T>) -> Block<T> {
    Block {
        origin: view.as_ptr(),
        across: view.nrows(),
        along: view.ncols(),
        across_stride: view.strides()[0],
        along_stride: view.strides()[1],
    }
}

/// All micro-kernel calls for one packed block of each operand.
///
/// # Safety
/// `c` must point to mc rows, `row_stride` apart, of nc writable elements, and `scratch` hold the packed blocks.
#[expect(clippy::too_many_arguments, reason = "the inner loops' state, in the order of the loops")]
unsafe fn tiles<K: Kernel>(
    mc: usize,
    nc: usize,
    kc: usize,
    alpha: K::Elem,
    scratch: &Scratch<K::Elem>,
    c: *mut K::Elem,
    row_stride: isize,
    accumulate: bool,
) {
    for (j, b_panel) in (0..nc).step_by(K::NR).zip(scratch.b.chunks_exact(K::NR * kc)) {
        let width = K::NR.min(nc - j);
        for (i, a_panel) in (0..mc).step_by(K::MR).zip(scratch.a.chunks_exact(K::MR * kc)) {
            let height = K::MR.min(mc - i);
            // SAFETY: (i, j) is inside the block, and so is the height×width tile at it.
            unsafe {
                let corner = c.offset(i as isize * row_stride).add(j);
                if height == K::MR && width == K::NR {
                    K::tile(kc, alpha, a_panel, b_panel, corner, row_stride, accumulate);
                } else {
                    let mut tile = [K::Elem::default(); MAX_TILE];
                    K::tile(kc, alpha, a_panel, b_panel, tile.as_mut_ptr(), K::NR as isize, false);
                    for (row, values) in tile.chunks_exact(K::NR).take(height).enumerate() {
                        let row = std::slice::from_raw_parts_mut(corner.offset(row as isize * row_stride), width);
                        for (slot, &value) in row.iter_mut().zip(values) {
                            *slot = if accumulate { *slot + value } else { value };
                        }
                    }
                }
            }
        }
    }
}
