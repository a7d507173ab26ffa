//! Packing: a block of a strided matrix, rewritten as panels that a micro-kernel reads in order.

use num_traits::Zero;

/// A block of a matrix, as one operand of a product sees it: `across` counts the rows of `a` or the
/// columns of `b`, `along` the summed index k.
pub(super) struct Block<T> {
    /// The element at (0, 0).
    pub origin: *const T,
    pub across: usize,
    pub along: usize,
    pub across_stride: isize,
    pub along_stride: isize,
}

/// Writes `WIDTH` lines as a panel, element k of each line, then element k + 1.
///
/// # Safety
/// The lines lie `stride` elements apart, and each has `panel.len() / WIDTH` readable elements in a row.
pub(super) type Interleave<T> = unsafe fn(lines: *const T, stride: isize, panel: &mut [T]);

/// Writes `block` to the start of `out` as panels of `WIDTH`: panel p holds, for each k in turn, the `WIDTH`
/// elements `p·WIDTH ..` across; the last panel is filled up with zeros.
///
/// These are `ceil(across / WIDTH) · WIDTH · along` elements; `out` may be longer.
///
/// # Safety
/// Every element of the block must be readable through `origin` and the strides.
pub(super) unsafe fn pack<T: Copy + Zero, const WIDTH: usize>(
    block: &Block<T>,
    out: &mut Vec<T>,
    interleave: Interleave<T>,
) {
    let along = block.along;
    let length = block.across.div_ceil(WIDTH) * WIDTH * along;
    if out.len() < length {
        // The old one first, so that both never stand in memory: a worker's never shrinks.
        *out = Vec::new();
        *out = vec![T::zero(); length];
    }
    for (p, panel) in out[..length].chunks_exact_mut((WIDTH * along).max(1)).enumerate() {
        let first = p * WIDTH;
        let filled = WIDTH.min(block.across - first);
        // SAFETY: `first` is inside the block, by the caller's promise readable.
        let source = unsafe { block.origin.offset(first as isize * block.across_stride) };
        // SAFETY: each case reads the elements (first + i, k) with i < filled, k < along, all of the block.
        unsafe {
            if filled == WIDTH && block.across_stride == 1 {
                for (k, row) in panel.chunks_exact_mut(WIDTH).enumerate() {
                    let at = source.offset(k as isize * block.along_stride);
                    row.copy_from_slice(std::slice::from_raw_parts(at, WIDTH));
                }
            } else if filled == WIDTH && block.along_stride == 1 {
                interleave(source, block.across_stride, panel);
            } else {
                for (k, row) in panel.chunks_exact_mut(WIDTH).enumerate() {
                    let at = source.offset(k as isize * block.along_stride);
                    for (i, slot) in row[..filled].iter_mut().enumerate() {
                        *slot = *at.offset(i as isize * block.across_stride);
                    }
                    row[filled..].fill(T::zero());
                }
            }
        }
    }
}

/// [`Interleave`], element by element.
///
/// # Safety
/// As for [`Interleave`].
pub(super) unsafe fn interleave<T: Copy, const WIDTH: usize>(lines: *const T, stride: isize, panel: &mut [T]) {
    let along = panel.len() / WIDTH;
    // SAFETY: the caller's promise.
    let lines: [&[T]; WIDTH] =
        std::array::from_fn(|i| unsafe { std::slice::from_raw_parts(lines.offset(i as isize * stride), along) });
    for (k, row) in panel.chunks_exact_mut(WIDTH).enumerate() {
        for (slot, line) in row.iter_mut().zip(lines) {
            *slot = line[k];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn panels_hold_the_block_and_zeros() {
        // 3 across, 2 along; the same matrix read in both orientations and with a stride.
        let row_major = [1, 2, 3, 4, 5, 6];
        let column_major = [1, 3, 5, 2, 4, 6];
        let spread = [1, 0, 2, 0, 3, 0, 4, 0, 5, 0, 6, 0];
        for (values, across_stride, along_stride) in
            [(&row_major[..], 2, 1), (&column_major[..], 1, 3), (&spread[..], 4, 2)]
        {
            let block = Block { origin: values.as_ptr(), across: 3, along: 2, across_stride, along_stride };
            // What an earlier block left must not show.
            let mut out = vec![9; 9];
            // SAFETY: the strides stay inside `values`.
            unsafe { pack::<i32, 2>(&block, &mut out, interleave::<i32, 2>) };
            assert_eq!(out, [1, 3, 2, 4, 5, 0, 6, 0, 9]);
            // SAFETY: as above.
            unsafe { pack::<i32, 3>(&block, &mut out, interleave::<i32, 3>) };
            assert_eq!(out[..6], [1, 3, 5, 2, 4, 6]);
        }
    }
}
