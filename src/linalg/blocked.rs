//! The loops around the micro-kernel.
//!
//! ```text
//! for each NC columns of b              a packed block of b, kc×NC, stays in the outer cache
//!   for each KC of the summed index
//!     for each MC rows of a             a packed block of a, MC×kc, stays in L2
//!       for each NR columns, MR rows    one call of the micro-kernel, its kc×NR panel in L1
//! ```

use ndarray::ArrayViewMut2;

use super::kernel::{Kernel, MAX_TILE};
use super::operand::Operand;

/// Summed index per block: a panel of b has 512 · 8 · 4 bytes, 16 KiB, and with one of a (12 KiB) it fits an L1 of 32 KiB.
const KC: usize = 512;
/// Rows of a per block: 128 · 512 · 4 bytes = 256 KiB.
const MC: usize = 128;
/// Columns of b per block: 512 · 2048 · 4 bytes = 4 MiB.
const NC: usize = 2048;

/// Buffers for packed blocks, kept between calls.
#[derive(Default)]
pub(super) struct Scratch<T> {
    a: Vec<T>,
    b: Vec<T>,
}

pub(super) fn gemm<K: Kernel>(
    alpha: K::Elem,
    a: Operand<K::Elem>,
    b: Operand<K::Elem>,
    beta: K::Elem,
    mut c: ArrayViewMut2<K::Elem>,
    scratch: &mut Scratch<K::Elem>,
) {
    let (m, k) = a.dim();
    let (rows, n) = b.dim();
    assert_eq!(rows, k, "a is {m}×{k}, but b has {rows} rows");
    assert_eq!(c.dim(), (m, n), "a·b is {m}×{n}, but c is {:?}", c.dim());
    if c.is_empty() {
        return;
    }
    let (zero, one) = (K::Elem::default(), num_traits::one());
    if k == 0 || alpha == zero {
        if beta == zero {
            c.fill(zero)
        } else {
            c.mapv_inplace(|value| value * beta)
        }
        return;
    }
    let (a, b) = (a.reborrow(), b.reborrow());
    // The same product transposed, where its tiles waste less: rows are not filled up, columns are.
    let padded = |rows: usize, columns: usize| rows * columns.next_multiple_of(K::NR);
    let (a, b, mut c) = if padded(n, m) < padded(m, n) { (b.t(), a.t(), c.reversed_axes()) } else { (a, b, c) };
    let (m, n) = c.dim();

    let strides = [c.strides()[0], c.strides()[1]];
    let c = c.as_mut_ptr();
    // Blocks of nearly equal size, so that the last is not a small rest.
    let kc = k.div_ceil(k.div_ceil(KC)).next_multiple_of(4);
    let mc = m.div_ceil(m.div_ceil(MC)).next_multiple_of(K::MR);
    for j in (0..n).step_by(NC) {
        let nc = NC.min(n - j);
        for p in (0..k).step_by(kc) {
            let kc = kc.min(k - p);
            K::pack_b(b.block(p..p + kc, j..j + nc).t(), &mut scratch.b);
            let beta = if p == 0 { beta } else { one };
            for i in (0..m).step_by(mc) {
                let mc = mc.min(m - i);
                K::pack_a(a.block(i..i + mc, p..p + kc), &mut scratch.a);
                // SAFETY: rows i .. i + mc and columns j .. j + nc are inside c, which is borrowed mutably.
                unsafe {
                    let corner = c.offset(i as isize * strides[0] + j as isize * strides[1]);
                    tiles::<K>([mc, nc, kc], alpha, scratch, beta, corner, strides);
                }
            }
        }
    }
}

/// All micro-kernel calls for one packed block of each operand.
///
/// # Safety
/// `c` must point to mc rows of nc elements, at these strides, all readable and writable, and `scratch` hold the
/// packed blocks.
unsafe fn tiles<K: Kernel>(
    [mc, nc, kc]: [usize; 3],
    alpha: K::Elem,
    scratch: &Scratch<K::Elem>,
    beta: K::Elem,
    c: *mut K::Elem,
    [row_stride, column_stride]: [isize; 2],
) {
    for (j, b_panel) in (0..nc).step_by(K::NR).zip(scratch.b.chunks_exact(K::NR * kc)) {
        let width = K::NR.min(nc - j);
        for i in (0..mc).step_by(K::MR) {
            let height = K::MR.min(mc - i);
            let a_panel = &scratch.a[i * kc..][..height * kc];
            // SAFETY: (i, j) is inside the block, and so is the height×width tile at it.
            unsafe {
                let corner = c.offset(i as isize * row_stride + j as isize * column_stride);
                if width == K::NR && column_stride == 1 {
                    K::tile([height, kc], alpha, a_panel, b_panel, beta, corner, row_stride);
                } else {
                    let zero = K::Elem::default();
                    let mut tile = [zero; MAX_TILE];
                    K::tile([height, kc], alpha, a_panel, b_panel, zero, tile.as_mut_ptr(), K::NR as isize);
                    for (row, values) in tile.chunks_exact(K::NR).take(height).enumerate() {
                        for (column, &value) in values[..width].iter().enumerate() {
                            let slot = corner.offset(row as isize * row_stride + column as isize * column_stride);
                            *slot = if beta == zero { value } else { beta * *slot + value };
                        }
                    }
                }
            }
        }
    }
}
