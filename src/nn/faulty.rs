//! Wrong gradients, as people derive them, to see what a gradient check says of each.
//!
//! Each function is the right backward pass unless its mistake is asked for. All mistakes here give matrices of
//! the right shape when batch, inputs and outputs are equal in number, so that only the numbers can tell.

use ndarray::{Array1, Array2, ArrayView2, Axis};

use super::{Linear, cross_entropy, relu};
use crate::linalg::Element;

/// A mistake in a backward pass.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mistake {
    /// No mistake.
    #[default]
    None,
    /// `∂L/∂W = xᵀ·dz` instead of `dzᵀ·x`.
    MissingTranspose,
    /// `∂L/∂b` sums each row of dz instead of each column.
    WrongAxis,
    /// ReLU lets a gradient pass where the gradient is positive, instead of where its input was.
    WrongMask,
    /// Cross-entropy forgets the 1/B of the mean.
    MissingMean,
}

impl Mistake {
    /// All of them, no mistake first.
    pub const ALL: [Self; 5] =
        [Self::None, Self::MissingTranspose, Self::WrongAxis, Self::WrongMask, Self::MissingMean];
}

/// [`Linear::backward`]: ∂L/∂W, ∂L/∂b, ∂L/∂x, for batch = inputs = outputs.
pub fn linear<T: Element>(
    mistake: Mistake,
    layer: &Linear<T>,
    x: ArrayView2<T>,
    dz: ArrayView2<T>,
) -> (Array2<T>, Array1<T>, Array2<T>) {
    let mut dw = Array2::zeros(layer.weight.dim());
    let mut db = Array1::zeros(layer.bias.dim());
    let mut dx = Array2::zeros(x.dim());
    layer.backward(x, dz, dw.view_mut(), db.view_mut(), Some(dx.view_mut()));
    match mistake {
        Mistake::MissingTranspose => dw = x.t().dot(&dz),
        Mistake::WrongAxis => db = dz.sum_axis(Axis(1)),
        Mistake::None | Mistake::WrongMask | Mistake::MissingMean => {}
    }
    (dw, db, dx)
}

/// [`relu::backward`]: ∂L/∂z.
pub fn relu<T: Element>(mistake: Mistake, h: ArrayView2<T>, dh: &Array2<T>) -> Array2<T> {
    let mut dz = dh.clone();
    if mistake == Mistake::WrongMask {
        dz.mapv_inplace(|d| if d > T::zero() { d } else { T::zero() });
    } else {
        relu::backward(h, dz.view_mut());
    }
    dz
}

/// [`cross_entropy::backward`]: ∂L/∂z from the probabilities.
pub fn cross_entropy<T: Element>(mistake: Mistake, probabilities: &Array2<T>, labels: &[u8]) -> Array2<T> {
    let mut dz = probabilities.clone();
    cross_entropy::backward(dz.view_mut(), labels);
    if mistake == Mistake::MissingMean {
        let batch = T::from_f64(labels.len() as f64);
        dz.mapv_inplace(|d| d * batch);
    }
    dz
}
