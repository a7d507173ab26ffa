//! Micro-kernels: one file each. A kernel multiplies one packed panel of a by one of b.

use super::Element;
use super::operand::Operand;

pub mod portable;
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
pub mod relaxed;
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
pub mod simd128;
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod vectors;

/// The largest `MR · NR` of any kernel.
pub(super) const MAX_TILE: usize = 64;

/// A micro-kernel for tiles of up to `MR` rows and of `NR` columns.
pub(super) trait Kernel {
    type Elem: Element;
    const MR: usize;
    const NR: usize;

    /// `c ← beta·c + alpha · aᵀ·b`, with `a` kc×rows and `b` kc×NR, both packed; `shape` is rows and kc. With `beta` 0, `c` is not read.
    ///
    /// What computes is never inlined and short, because browsers compile a function well only after it was entered
    /// often: there is no switching of a call that is under way.
    ///
    /// # Safety
    /// `rows` is 1 to `MR`, `a` holds at least `kc · rows` elements, `b` at least `kc · NR`, and `c` points to `rows`
    /// rows of `NR` elements, each row `row_stride` elements after the one before, all readable and writable.
    unsafe fn tile(
        shape: [usize; 2],
        alpha: Self::Elem,
        a: &[Self::Elem],
        b: &[Self::Elem],
        beta: Self::Elem,
        c: *mut Self::Elem,
        row_stride: isize,
    );

    /// [`pack`](super::pack::pack) in panels of `MR`, the last one as narrow as its rows.
    fn pack_a(block: Operand<Self::Elem>, out: &mut Vec<Self::Elem>);

    /// [`pack`](super::pack::pack) in panels of `NR`, the last one filled up.
    fn pack_b(block: Operand<Self::Elem>, out: &mut Vec<Self::Elem>);
}

/// A call with `$name` as a constant: the rows of a tile, of which there may be as many as listed.
macro_rules! for_rows {
    ($rows:expr, [$($count:literal)*], $name:ident => $call:expr) => {
        match $rows {
            $($count => {
                const $name: usize = $count;
                $call
            })*
            rows => unreachable!("{rows} rows in a tile"),
        }
    };
}
use for_rows;
