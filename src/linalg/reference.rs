//! The product by its definition: the oracle that tests hold [`super::gemm`] to.

use ndarray::{ArrayView2, ArrayViewMut2};

use super::Element;

/// `c ← beta·c + alpha·a·b`, summed in `f64`, in the order of k. With `beta` 0, `c` is not read.
///
/// # Panics
/// If the shapes do not fit.
pub fn gemm<T: Element>(alpha: T, a: ArrayView2<T>, b: ArrayView2<T>, beta: T, mut c: ArrayViewMut2<T>) {
    assert_eq!(a.ncols(), b.nrows());
    assert_eq!(c.dim(), (a.nrows(), b.ncols()));
    for ((i, j), c) in c.indexed_iter_mut() {
        let sum: f64 = (0..a.ncols()).map(|k| a[(i, k)].to_f64() * b[(k, j)].to_f64()).sum();
        let product = T::from_f64(alpha.to_f64() * sum);
        *c = if beta == T::zero() { product } else { beta * *c + product };
    }
}
