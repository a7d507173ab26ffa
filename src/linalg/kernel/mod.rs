//! Micro-kernels: one file each. A kernel multiplies one packed panel of a by one of b.

use super::Element;
use super::pack::Block;

pub mod portable;
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
pub mod relaxed;
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
pub mod simd128;

/// The largest `MR · NR` of any kernel.
pub(super) const MAX_TILE: usize = 64;

/// A micro-kernel for tiles of `MR` rows and `NR` columns.
pub(super) trait Kernel {
    type Elem: Element;
    const MR: usize;
    const NR: usize;

    /// `c ← beta·c + alpha · aᵀ·b`, with `a` kc×MR and `b` kc×NR, both packed. With `beta` 0, `c` is not read.
    ///
    /// Implementations are never inlined and short, because browsers compile a function well only
    /// after it was entered often: there is no switching of a call that is under way.
    ///
    /// # Safety
    /// `a` holds at least `kc · MR` elements, `b` at least `kc · NR`, and `c` points to `MR` rows of `NR`
    /// elements, each row `row_stride` elements after the one before, all readable and writable.
    unsafe fn tile(
        kc: usize,
        alpha: Self::Elem,
        a: &[Self::Elem],
        b: &[Self::Elem],
        beta: Self::Elem,
        c: *mut Self::Elem,
        row_stride: isize,
    );

    /// [`pack`](super::pack::pack) in panels of `MR`.
    ///
    /// # Safety
    /// As for `pack`.
    unsafe fn pack_a(block: &Block<Self::Elem>, out: &mut Vec<Self::Elem>);

    /// [`pack`](super::pack::pack) in panels of `NR`.
    ///
    /// # Safety
    /// As for `pack`.
    unsafe fn pack_b(block: &Block<Self::Elem>, out: &mut Vec<Self::Elem>);
}
