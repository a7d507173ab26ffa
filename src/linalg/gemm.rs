//! The entry point, and the one place where a kernel is chosen.

use std::cell::RefCell;
use std::iter::Sum;
use std::ops::AddAssign;

use ndarray::{ArrayView2, ArrayViewMut2, LinalgScalar, NdFloat};

use super::blocked::{self, Scratch};
use super::kernel;

/// The name of the f32 kernel that this build uses: `simd128` or `portable`.
pub fn kernel_name() -> &'static str {
    <F32Kernel as kernel::Kernel>::NAME
}

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
type F32Kernel = kernel::simd128::Simd128;
#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
type F32Kernel = kernel::portable::Portable<f32>;

/// A number that [`gemm`] can multiply: `f32`, which training uses, and `f64`, in which gradients
/// are checked.
pub trait Element: NdFloat + LinalgScalar + AddAssign + Sum + Default + 'static {
    /// `c ← beta·c + alpha·a·b`; see [`gemm`].
    fn gemm(alpha: Self, a: ArrayView2<Self>, b: ArrayView2<Self>, beta: Self, c: ArrayViewMut2<Self>);

    /// The nearest number of this type.
    fn from_f64(value: f64) -> Self;

    /// The same number, exactly.
    fn to_f64(self) -> f64;
}

impl Element for f32 {
    fn gemm(alpha: f32, a: ArrayView2<f32>, b: ArrayView2<f32>, beta: f32, c: ArrayViewMut2<f32>) {
        thread_local!(static SCRATCH: RefCell<Scratch<f32>> = RefCell::default());
        SCRATCH.with_borrow_mut(|scratch| blocked::gemm::<F32Kernel>(alpha, a, b, beta, c, scratch));
    }

    fn from_f64(value: f64) -> f32 {
        value as f32
    }

    fn to_f64(self) -> f64 {
        self.into()
    }
}

impl Element for f64 {
    fn gemm(alpha: f64, a: ArrayView2<f64>, b: ArrayView2<f64>, beta: f64, c: ArrayViewMut2<f64>) {
        thread_local!(static SCRATCH: RefCell<Scratch<f64>> = RefCell::default());
        SCRATCH.with_borrow_mut(|scratch| {
            blocked::gemm::<kernel::portable::Portable<f64>>(alpha, a, b, beta, c, scratch);
        });
    }

    fn from_f64(value: f64) -> f64 {
        value
    }

    fn to_f64(self) -> f64 {
        self
    }
}

/// `c ← beta·c + alpha·a·b` for `a` m×k, `b` k×n, `c` m×n.
///
/// `a` and `b` may be any views: a transposed product is `gemm(1.0, x.view(), w.t(), 0.0, y)`, and no
/// transpose is ever written out. With `beta` 0, `c` is not read, so it may hold anything, NaN too.
/// The sum over k runs in a fixed order: equal input gives equal output to the bit.
///
/// # Panics
/// If the shapes do not fit, or `c`'s rows are not contiguous.
pub fn gemm<T: Element>(alpha: T, a: ArrayView2<T>, b: ArrayView2<T>, beta: T, c: ArrayViewMut2<T>) {
    T::gemm(alpha, a, b, beta, c);
}
