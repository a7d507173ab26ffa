//! Packing: a block of an operand, rewritten as panels that a micro-kernel reads in order.

use ndarray::ArrayView2;

use super::Element;
use super::operand::{Bytes, Operand};

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
/// Bytes of a line that become numbers at a time, on their way to a panel.
const CHUNK: usize = 64;

/// Writes `block`, whose rows are across and whose columns are the summed index k, to the start of `out` as panels of
/// `WIDTH`: panel p holds, for each k in turn, the `WIDTH` elements `p·WIDTH ..` across. `out` may be longer.
pub(super) fn pack<T: Element, const WIDTH: usize>(
    block: Operand<T>,
    out: &mut Vec<T>,
    rest: Rest,
    interleave: Interleave<T>,
) {
    let (across, along) = block.dim();
    let (whole, left) = (across / WIDTH * WIDTH, across % WIDTH);
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
    match block {
        Operand::Numbers(numbers) => {
            pack_numbers::<T, WIDTH>(numbers, panels, interleave);
            one_by_one(last, last_width, left, |i, k| numbers[(whole + i, k)]);
        }
        Operand::Bytes(bytes) => {
            pack_bytes::<T, WIDTH>(bytes, panels, interleave);
            one_by_one(last, last_width, left, |i, k| {
                let (row, column) = if bytes.is_turned() { (k, whole + i) } else { (whole + i, k) };
                let mut number = [T::zero()];
                bytes.read(row, column, &mut number);
                number[0]
            });
        }
    }
}

/// The whole panels of numbers.
fn pack_numbers<T: Element, const WIDTH: usize>(numbers: ArrayView2<T>, panels: &mut [T], interleave: Interleave<T>) {
    let along = numbers.ncols();
    let &[across_stride, along_stride] = numbers.strides() else { unreachable!("two axes") };
    if across_stride == 1 {
        for (g, panels) in panels.chunks_mut(TOGETHER * WIDTH * along).enumerate() {
            // SAFETY: for each k < along the next panels' elements (first + i, k) are read, which are all inside the view.
            unsafe {
                let source = numbers.as_ptr().add(g * TOGETHER * WIDTH);
                for k in 0..along {
                    let mut from = source.offset(k as isize * along_stride);
                    for panel in panels.chunks_exact_mut(WIDTH * along) {
                        panel[k * WIDTH..][..WIDTH].copy_from_slice(std::slice::from_raw_parts(from, WIDTH));
                        from = from.add(WIDTH);
                    }
                }
            }
        }
    } else {
        for (p, panel) in panels.chunks_exact_mut(WIDTH * along).enumerate() {
            if along_stride == 1 {
                // SAFETY: rows p·WIDTH and the WIDTH − 1 after it are inside the view, and contiguous.
                unsafe {
                    interleave(numbers.as_ptr().offset((p * WIDTH) as isize * across_stride), across_stride, panel)
                };
            } else {
                one_by_one(panel, WIDTH, WIDTH, |i, k| numbers[(p * WIDTH + i, k)]);
            }
        }
    }
}

/// The whole panels of bytes.
fn pack_bytes<T: Element, const WIDTH: usize>(bytes: Bytes<T>, panels: &mut [T], interleave: Interleave<T>) {
    let along = Operand::Bytes(bytes).dim().1;
    if bytes.is_turned() {
        for (g, panels) in panels.chunks_mut(TOGETHER * WIDTH * along).enumerate() {
            for k in 0..along {
                for (p, panel) in panels.chunks_exact_mut(WIDTH * along).enumerate() {
                    bytes.read(k, (g * TOGETHER + p) * WIDTH, &mut panel[k * WIDTH..][..WIDTH]);
                }
            }
        }
    } else {
        let mut lines = [[T::zero(); CHUNK]; WIDTH];
        for (p, panel) in panels.chunks_exact_mut(WIDTH * along).enumerate() {
            for (c, part) in panel.chunks_mut(WIDTH * CHUNK).enumerate() {
                for (i, line) in lines.iter_mut().enumerate() {
                    bytes.read(p * WIDTH + i, c * CHUNK, &mut line[..part.len() / WIDTH]);
                }
                // SAFETY: the lines lie CHUNK apart, and have as many elements, at least as many as are read.
                unsafe { interleave(lines.as_ptr().cast(), CHUNK as isize, part) };
            }
        }
    }
}

/// Writes a panel of `width`, of which the first `filled` are `element(i, k)`, and the others zero.
fn one_by_one<T: Element>(panel: &mut [T], width: usize, filled: usize, element: impl Fn(usize, usize) -> T) {
    for (k, row) in panel.chunks_exact_mut(width.max(1)).enumerate() {
        for (i, slot) in row[..filled].iter_mut().enumerate() {
            *slot = element(i, k);
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
    use ndarray::{ShapeBuilder, arr2};

    use super::*;

    /// Panels of 2 filled up, of 3, and of 2 with a narrow rest. What an earlier block left must not show.
    fn check(block: Operand<f32>) {
        let mut out = vec![9.0; 9];
        pack::<f32, 2>(block, &mut out, Rest::FilledUp, interleave::<f32, 2>);
        assert_eq!(out, [1.0, 3.0, 2.0, 4.0, 5.0, 0.0, 6.0, 0.0, 9.0]);
        pack::<f32, 3>(block, &mut out, Rest::FilledUp, interleave::<f32, 3>);
        assert_eq!(out[..6], [1.0, 3.0, 5.0, 2.0, 4.0, 6.0]);
        let mut out = vec![9.0; 7];
        pack::<f32, 2>(block, &mut out, Rest::Narrow, interleave::<f32, 2>);
        assert_eq!(out, [1.0, 3.0, 2.0, 4.0, 5.0, 6.0, 9.0]);
    }

    #[test]
    fn panels_hold_the_block_and_zeros() {
        // 3 across, 2 along; the same matrix in both orientations and with a stride.
        let matrix = arr2(&[[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]);
        check(matrix.view().into());
        let turned = matrix.t().as_standard_layout().into_owned();
        assert_eq!(turned.t().strides(), [1, 3]);
        check(turned.t().into());
        let spread =
            ArrayView2::from_shape((3, 2).strides((4, 2)), &[1.0, 0.0, 2.0, 0.0, 3.0, 0.0, 4.0, 0.0, 5.0, 0.0, 6.0]);
        check(spread.unwrap().into());
        let bytes = [0, 0, 1, 1, 2, 2];
        check(Bytes::new(&bytes, &[2.0, 2.0], &[1.0, 2.0]).into());
        let bytes = [9, 1, 1, 2, 9, 9, 2, 2, 4, 9];
        let wider = Operand::from(Bytes::new(&bytes, &[9.0, 1.0, 1.0, 0.5, 9.0], &[9.0, 0.0, 2.0, 4.0, 9.0]));
        check(wider.t().block(1..4, 0..2));
    }
}
