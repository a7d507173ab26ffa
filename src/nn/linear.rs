//! The affine layer: `Z = X·Wᵀ + b`.

use std::ops::Range;

use ndarray::{Array1, Array2, ArrayView2, ArrayViewMut1, ArrayViewMut2, Axis, s};

use crate::linalg::{Element, Operand, gemm};

/// Weights of an affine layer.
#[derive(Clone, Debug, PartialEq)]
pub struct Linear<T> {
    /// W, out×in.
    pub weight: Array2<T>,
    /// b, out.
    pub bias: Array1<T>,
}

impl<T: Element> Linear<T> {
    /// All zeros.
    pub fn zeros(inputs: usize, outputs: usize) -> Self {
        Self { weight: Array2::zeros((outputs, inputs)), bias: Array1::zeros(outputs) }
    }

    /// `z = x·Wᵀ + b`: x is B×in, z is B×out.
    pub fn forward<'x>(&self, x: impl Into<Operand<'x, T>>, mut z: ArrayViewMut2<T>) {
        z.assign(&self.bias);
        gemm(T::one(), x, self.weight.t(), T::one(), z);
    }

    /// The gradients, from `dz = ∂L/∂z` (B×out) and the input x (B×in) of the forward pass:
    /// `∂L/∂W = dzᵀ·x` (out×in), `∂L/∂b` = the column sums of dz (out), and, where asked for,
    /// `∂L/∂x = dz·W` (B×in).
    pub fn backward<'x>(
        &self,
        x: impl Into<Operand<'x, T>>,
        dz: ArrayView2<T>,
        dw: ArrayViewMut2<T>,
        db: ArrayViewMut1<T>,
        dx: Option<ArrayViewMut2<T>>,
    ) {
        gemm(T::one(), dz.t(), x, T::zero(), dw);
        Self::bias_gradient(dz, db);
        if let Some(dx) = dx {
            self.input_gradient(dz, 0..self.weight.ncols(), dx);
        }
    }

    /// `∂L/∂b`, the column sums of dz (B×out).
    pub fn bias_gradient(dz: ArrayView2<T>, mut db: ArrayViewMut1<T>) {
        db.fill(T::zero());
        for row in dz.axis_iter(Axis(0)) {
            db += &row;
        }
    }

    /// These columns of `∂L/∂x = dz·W`: dz is B×out, dx has a column for each.
    pub fn input_gradient(&self, dz: ArrayView2<T>, columns: Range<usize>, dx: ArrayViewMut2<T>) {
        gemm(T::one(), dz, self.weight.slice(s![.., columns]), T::zero(), dx);
    }

    /// Takes over the weights of a layer of the same shape, without new memory.
    pub fn assign(&mut self, other: &Self) {
        self.weight.assign(&other.weight);
        self.bias.assign(&other.bias);
    }
}
