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

/// Writes `block` to `out` as panels of `width`: panel p holds, for each k in turn, the `width`
/// elements `p·width ..` across; the last panel is filled up with zeros.
///
/// `out` gets `ceil(across / width) · width · along` elements.
///
/// # Safety
/// Every element of the block must be readable through `origin` and the strides.
pub(super) unsafe fn pack<T: Copy + Zero, const WIDTH: usize>(block: &Block<T>, out: &mut Vec<T>) {
    let along = block.along;
    let panels = block.across.div_ceil(WIDTH);
    out.clear();
    out.resize(panels * WIDTH * along, T::zero());
    for (p, panel) in out.chunks_exact_mut((WIDTH * along).max(1)).enumerate() {
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
                let lines: [&[T]; WIDTH] = std::array::from_fn(|i| {
                    std::slice::from_raw_parts(source.offset(i as isize * block.across_stride), along)
                });
                for (k, row) in panel.chunks_exact_mut(WIDTH).enumerate() {
                    for (slot, line) in row.iter_mut().zip(lines) {
                        *slot = *line.get_unchecked(k);
                    }
                }
            } else {
                for (k, row) in panel.chunks_exact_mut(WIDTH).enumerate() {
                    let at = source.offset(k as isize * block.along_stride);
                    for (i, slot) in row[..filled].iter_mut().enumerate() {
                        *slot = *at.offset(i as isize * block.across_stride);
                    }
                }
            }
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
            let mut out = vec![9; 3];
            // SAFETY: the strides stay inside `values`.
            unsafe { pack::<i32, 2>(&block, &mut out) };
            assert_eq!(out, [1, 3, 2, 4, 5, 0, 6, 0]);
            // SAFETY: as above.
            unsafe { pack::<i32, 3>(&block, &mut out) };
            assert_eq!(out, [1, 3, 5, 2, 4, 6]);
        }
    }
}
