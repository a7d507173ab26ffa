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

/// What becomes of the last panel, if the block is no multiple of its width across.
#[derive(Clone, Copy)]
pub(super) enum Rest {
    /// It has the full width, filled up with zeros.
    FilledUp,
    /// It is as narrow as what is left.
    Narrow,
}

/// Panels that are written together where a line across is contiguous, so that what the cache fetched of it is used.
const TOGETHER: usize = 4;

/// Writes `block` to the start of `out` as panels of `WIDTH`: panel p holds, for each k in turn, the `WIDTH`
/// elements `p·WIDTH ..` across. `out` may be longer.
///
/// # Safety
/// Every element of the block must be readable through `origin` and the strides.
pub(super) unsafe fn pack<T: Copy + Zero, const WIDTH: usize>(
    block: &Block<T>,
    out: &mut Vec<T>,
    rest: Rest,
    interleave: Interleave<T>,
) {
    let along = block.along;
    let (whole, left) = (block.across / WIDTH * WIDTH, block.across % WIDTH);
    let last_width = match rest {
        Rest::FilledUp if left > 0 => WIDTH,
        _ => left,
    };
    let length = (whole + last_width) * along;
    if out.len() < length {
        // The old one first, so that both never stand in memory: a worker's never shrinks.
        *out = Vec::new();
        *out = vec![T::zero(); length];
    }
    if along == 0 {
        return;
    }
    let (panels, last) = out[..length].split_at_mut(whole * along);
    // SAFETY: each case reads the elements (first + i, k) with i < WIDTH, first + i < whole and k < along, and the last
    // reads (whole + i, k) with i < left: all of the block, by the caller's promise readable.
    unsafe {
        if block.across_stride == 1 {
            for (g, panels) in panels.chunks_mut(TOGETHER * WIDTH * along).enumerate() {
                let source = block.origin.add(g * TOGETHER * WIDTH);
                for k in 0..along {
                    let mut from = source.offset(k as isize * block.along_stride);
                    for panel in panels.chunks_exact_mut(WIDTH * along) {
                        panel[k * WIDTH..][..WIDTH].copy_from_slice(std::slice::from_raw_parts(from, WIDTH));
                        from = from.add(WIDTH);
                    }
                }
            }
        } else {
            for (p, panel) in panels.chunks_exact_mut(WIDTH * along).enumerate() {
                let source = block.origin.offset((p * WIDTH) as isize * block.across_stride);
                if block.along_stride == 1 {
                    interleave(source, block.across_stride, panel);
                } else {
                    one_by_one(block, p * WIDTH, panel, WIDTH, WIDTH);
                }
            }
        }
        one_by_one(block, whole, last, last_width, left);
    }
}

/// Writes a panel of `width`, of which `filled` are the block's, from `first` across.
///
/// # Safety
/// `first + filled` are at most the block's across, and all its elements are readable.
unsafe fn one_by_one<T: Copy + Zero>(block: &Block<T>, first: usize, panel: &mut [T], width: usize, filled: usize) {
    for (k, row) in panel.chunks_exact_mut(width.max(1)).enumerate() {
        for (i, slot) in row[..filled].iter_mut().enumerate() {
            let (across, along) = ((first + i) as isize * block.across_stride, k as isize * block.along_stride);
            // SAFETY: element (first + i, k) of the block.
            *slot = unsafe { *block.origin.offset(across + along) };
        }
        row[filled..].fill(T::zero());
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
            unsafe { pack::<i32, 2>(&block, &mut out, Rest::FilledUp, interleave::<i32, 2>) };
            assert_eq!(out, [1, 3, 2, 4, 5, 0, 6, 0, 9]);
            // SAFETY: as above.
            unsafe { pack::<i32, 3>(&block, &mut out, Rest::FilledUp, interleave::<i32, 3>) };
            assert_eq!(out[..6], [1, 3, 5, 2, 4, 6]);
            let mut out = vec![9; 7];
            // SAFETY: as above.
            unsafe { pack::<i32, 2>(&block, &mut out, Rest::Narrow, interleave::<i32, 2>) };
            assert_eq!(out, [1, 3, 2, 4, 5, 6, 9]);
        }
    }
}
