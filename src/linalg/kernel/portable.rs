//! Plain Rust, for targets without a kernel of their own: the compiler vectorises what it can.

use std::marker::PhantomData;

use super::{Element, Kernel, Operand, for_rows};
use crate::linalg::pack::{Rest, interleave, pack};

const MR: usize = 4;
const NR: usize = 8;

/// A 4×8 tile of any [`Element`].
pub(crate) struct Portable<T>(PhantomData<T>);

impl<T: Element> Kernel for Portable<T> {
    type Elem = T;
    const MR: usize = MR;
    const NR: usize = NR;

    unsafe fn tile([rows, kc]: [usize; 2], alpha: T, a: &[T], b: &[T], beta: T, c: *mut T, row_stride: isize) {
        // SAFETY: the caller's promise.
        unsafe { for_rows!(rows, [1 2 3 4], ROWS => tile::<ROWS, T>(kc, alpha, a, b, beta, c, row_stride)) }
    }

    fn pack_a(block: Operand<T>, out: &mut Vec<T>) {
        pack::<T, MR>(block, out, Rest::Narrow, interleave::<T, MR>)
    }

    fn pack_b(block: Operand<T>, out: &mut Vec<T>) {
        pack::<T, NR>(block, out, Rest::FilledUp, interleave::<T, NR>)
    }
}

/// # Safety
/// As for [`Kernel::tile`].
#[inline(never)]
unsafe fn tile<const ROWS: usize, T: Element>(
    kc: usize,
    alpha: T,
    a: &[T],
    b: &[T],
    beta: T,
    c: *mut T,
    row_stride: isize,
) {
    let mut sums = [[T::default(); NR]; ROWS];
    for (a, b) in a.chunks_exact(ROWS).zip(b.chunks_exact(NR)).take(kc) {
        for (row, &a) in sums.iter_mut().zip(a) {
            for (sum, &b) in row.iter_mut().zip(b) {
                *sum += a * b;
            }
        }
    }
    for (i, sums) in sums.iter().enumerate() {
        // SAFETY: row i < ROWS of c, NR elements, by the caller's promise.
        let row = unsafe { std::slice::from_raw_parts_mut(c.offset(i as isize * row_stride), NR) };
        for (slot, &sum) in row.iter_mut().zip(sums) {
            *slot = if beta == T::zero() { alpha * sum } else { beta * *slot + alpha * sum };
        }
    }
}
