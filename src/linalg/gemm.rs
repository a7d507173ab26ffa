//! The entry point, and the one place where a kernel is chosen.

use std::cell::RefCell;
use std::iter::Sum;
use std::ops::AddAssign;
use std::sync::OnceLock;

use ndarray::{ArrayViewMut2, LinalgScalar, NdFloat};

use super::blocked::{self, Scratch};
use super::kernel::portable::Portable;
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
use super::kernel::{relaxed, simd128};
use super::operand::Operand;
use super::peak;

/// [`blocked::gemm`] with some kernel.
type Blocked = fn(f32, Operand<f32>, Operand<f32>, f32, ArrayViewMut2<f32>, &mut Scratch<f32>);

/// A way of computing in f32: its matrix product, and what that is measured against.
pub struct Arithmetic {
    /// `portable`, `simd128` or `relaxed-simd`.
    pub name: &'static str,
    gemm: Blocked,
    chain: fn(usize) -> f32,
}

/// What every engine that this build is for can do.
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
pub static BASE: Arithmetic =
    Arithmetic { name: "simd128", gemm: blocked::gemm::<simd128::Simd128>, chain: peak::chain };
/// What every engine that this build is for can do.
#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
pub static BASE: Arithmetic = Arithmetic { name: "portable", gemm: blocked::gemm::<Portable<f32>>, chain: peak::chain };
/// Fused multiplication and addition. A program that refers to it starts only where there is relaxed SIMD.
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
pub static RELAXED: Arithmetic =
    // Called as any function: what contains the instruction at all has been validated by the engine.
    Arithmetic {
        name: "relaxed-simd",
        gemm: blocked::gemm::<relaxed::Relaxed>,
        chain: |steps| peak::relaxed_chain(steps),
    };

static CHOSEN: OnceLock<&'static Arithmetic> = OnceLock::new();

/// Chooses what this program computes with, before it computes anything. Later choices do nothing.
pub fn choose(arithmetic: &'static Arithmetic) {
    CHOSEN.get_or_init(|| arithmetic);
}

/// What this program computes with: [`BASE`], if nothing else was chosen.
pub fn chosen() -> &'static Arithmetic {
    CHOSEN.get_or_init(|| &BASE)
}

impl Arithmetic {
    /// `c ← beta·c + alpha·a·b`; see [`gemm`].
    ///
    /// # Panics
    /// As [`gemm`].
    pub fn gemm(&self, alpha: f32, a: Operand<f32>, b: Operand<f32>, beta: f32, c: ArrayViewMut2<f32>) {
        thread_local!(static SCRATCH: RefCell<Scratch<f32>> = RefCell::default());
        SCRATCH.with_borrow_mut(|scratch| (self.gemm)(alpha, a, b, beta, c, scratch));
    }

    /// Runs multiply-adds for `steps` steps; see [`peak`].
    pub fn chain(&self, steps: usize) -> f32 {
        (self.chain)(steps)
    }
}

/// A number that [`gemm`] can multiply: `f32`, which training uses, and `f64`, in which gradients
/// are checked.
pub trait Element: NdFloat + LinalgScalar + AddAssign + Sum + Default + From<u8> + 'static {
    /// `c ← beta·c + alpha·a·b`; see [`gemm`].
    fn gemm(alpha: Self, a: Operand<Self>, b: Operand<Self>, beta: Self, c: ArrayViewMut2<Self>);

    /// The nearest number of this type.
    fn from_f64(value: f64) -> Self;

    /// The same number, exactly.
    fn to_f64(self) -> f64;
}

impl Element for f32 {
    fn gemm(alpha: f32, a: Operand<f32>, b: Operand<f32>, beta: f32, c: ArrayViewMut2<f32>) {
        chosen().gemm(alpha, a, b, beta, c);
    }

    fn from_f64(value: f64) -> f32 {
        value as f32
    }

    fn to_f64(self) -> f64 {
        self.into()
    }
}

impl Element for f64 {
    fn gemm(alpha: f64, a: Operand<f64>, b: Operand<f64>, beta: f64, c: ArrayViewMut2<f64>) {
        thread_local!(static SCRATCH: RefCell<Scratch<f64>> = RefCell::default());
        SCRATCH.with_borrow_mut(|scratch| blocked::gemm::<Portable<f64>>(alpha, a, b, beta, c, scratch));
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
/// They may be any views, and `a` and `b` [bytes](super::Bytes): a transposed product is
/// `gemm(1.0, x.view(), w.t(), 0.0, y)`, and no transpose is ever written out. It is fastest if `c`'s rows are contiguous.
/// With `beta` 0, `c` is not read, so it may hold anything, NaN too; any other `beta` costs no pass of its own. The sum
/// over k runs in a fixed order: equal input gives equal output to the bit, and bytes give what their numbers would.
///
/// # Panics
/// If the shapes do not fit.
pub fn gemm<'a, 'b, T: Element>(
    alpha: T,
    a: impl Into<Operand<'a, T>>,
    b: impl Into<Operand<'b, T>>,
    beta: T,
    c: ArrayViewMut2<T>,
) {
    T::gemm(alpha, a.into(), b.into(), beta, c);
}
