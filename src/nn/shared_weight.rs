//! The homework's question 8: one weight used twice.
//!
//! ```text
//! y = W·x    u = relu(y)    v = u + W·u    L = ½‖v‖²        W is d×d, everything else has length d
//! ```
//!
//! The gradient three times, by code that shares nothing: the reverse pass ([`backward`]), the closed form
//! that the question asks to prove ([`closed_form`]), and its sum over m for one entry ([`chain_rule`]).
//! Each takes Θ(y) as given, since rounding may have moved a y that is 0: whoever knows y exactly knows its sign.

use std::cmp::Ordering;

use ndarray::{Array1, Array2, ArrayView1, ArrayView2, Axis};
use serde::{Deserialize, Serialize};

use crate::linalg::Element;

/// The value of the step function Θ at 0, which the question leaves open: any in [0, 1] gives an element of the
/// generalised gradient.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ThetaZero {
    /// 0, as in PyTorch.
    #[default]
    Zero,
    /// ½, what a central difference measures at a kink.
    Half,
    /// 1.
    One,
}

/// What the forward pass computes.
#[derive(Clone, Debug, PartialEq)]
pub struct Values<T> {
    /// W·x, d.
    pub y: Array1<T>,
    /// relu(y), d.
    pub u: Array1<T>,
    /// u + W·u, d.
    pub v: Array1<T>,
    /// ½‖v‖².
    pub loss: T,
}

/// What the reverse pass computes, in its order.
#[derive(Clone, Debug, PartialEq)]
pub struct Backward<T> {
    /// ∂L/∂v = v, d.
    pub dv: Array1<T>,
    /// What the second use, W·u, adds to ∂L/∂W: ∂L/∂v ⊗ u, d×d.
    pub dw_second: Array2<T>,
    /// ∂L/∂u = ∂L/∂v + Wᵀ·∂L/∂v, d.
    pub du: Array1<T>,
    /// ∂L/∂y = Θ(y) ∘ ∂L/∂u, d.
    pub dy: Array1<T>,
    /// What the first use, W·x, adds: ∂L/∂y ⊗ x, d×d.
    pub dw_first: Array2<T>,
    /// ∂L/∂W, the sum of both, d×d.
    pub dw: Array2<T>,
}

/// The closed form: `v ⊗ u + diag(Θ(y))·(I + Wᵀ)·v ⊗ x`.
#[derive(Clone, Debug, PartialEq)]
pub struct ClosedForm<T> {
    /// v ⊗ u, d×d.
    pub outer: Array2<T>,
    /// diag(Θ(y))·(I + Wᵀ)·v ⊗ x, d×d.
    pub masked: Array2<T>,
    /// The sum, d×d.
    pub sum: Array2<T>,
}

/// The summand m of `∂L/∂W_ij = Σ_m v_m · ∂v_m/∂W_ij`, with its three parts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Term {
    /// v_m.
    pub v: f64,
    /// ∂u_m/∂W_ij = δ_mi · Θ(y_i) · x_j.
    pub through_u: f64,
    /// δ_im · u_j: W_ij itself stands in row i of W·u.
    pub direct: f64,
    /// Σ_l W_ml · ∂u_l/∂W_ij = W_mi · Θ(y_i) · x_j.
    pub through_wu: f64,
}

impl ThetaZero {
    /// Θ(y), from the signs of y.
    pub fn of_signs<T: Element>(self, signs: &[Ordering]) -> Array1<T> {
        let theta = |sign: &Ordering| match sign {
            Ordering::Less => T::zero(),
            Ordering::Equal => T::from_f64(self.value()),
            Ordering::Greater => T::one(),
        };
        signs.iter().map(theta).collect()
    }

    /// Θ(0).
    pub fn value(self) -> f64 {
        match self {
            Self::Zero => 0.0,
            Self::Half => 0.5,
            Self::One => 1.0,
        }
    }
}

impl Term {
    /// v_m · ∂v_m/∂W_ij.
    pub fn product(&self) -> f64 {
        self.v * (self.through_u + self.direct + self.through_wu)
    }
}

/// Every intermediate value. W is d×d, x has length d.
pub fn forward<T: Element>(w: ArrayView2<T>, x: ArrayView1<T>) -> Values<T> {
    forward_from(w, w.dot(&x))
}

/// Every intermediate value, from y = W·x on.
pub fn forward_from<T: Element>(w: ArrayView2<T>, y: Array1<T>) -> Values<T> {
    let u = y.mapv(|y| if y > T::zero() { y } else { T::zero() });
    let v = &u + &w.dot(&u);
    let loss = T::from_f64(0.5) * v.dot(&v);
    Values { y, u, v, loss }
}

/// The reverse pass: each line turns the gradient of an output into those of its inputs. `theta` is Θ(y), d.
pub fn backward<T: Element>(
    w: ArrayView2<T>,
    x: ArrayView1<T>,
    values: &Values<T>,
    theta: ArrayView1<T>,
) -> Backward<T> {
    let dv = values.v.clone();
    let dw_second = outer(&dv.view(), &values.u.view());
    let du = &dv + &w.t().dot(&dv);
    let dy = &theta * &du;
    let dw_first = outer(&dy.view(), &x);
    let dw = &dw_second + &dw_first;
    Backward { dv, dw_second, du, dy, dw_first, dw }
}

/// The question's formula, its matrices written out as they stand there. `theta` is Θ(y), d.
pub fn closed_form<T: Element>(
    w: ArrayView2<T>,
    x: ArrayView1<T>,
    values: &Values<T>,
    theta: ArrayView1<T>,
) -> ClosedForm<T> {
    let d = x.len();
    let theta = Array2::from_diag(&theta);
    let both_paths = Array2::<T>::eye(d) + w.t();
    let column = |vector: ArrayView1<T>| vector.insert_axis(Axis(1)).to_owned();
    let v = column(values.v.view());
    let outer = v.dot(&column(values.u.view()).t());
    let masked = theta.dot(&both_paths.dot(&v)).dot(&column(x).t());
    let sum = &outer + &masked;
    ClosedForm { outer, masked, sum }
}

/// The summands over m of part (a) for the entry (i, j). `theta` is Θ(y), d.
pub fn chain_rule<T: Element>(
    w: ArrayView2<T>,
    x: ArrayView1<T>,
    values: &Values<T>,
    theta: ArrayView1<T>,
    (i, j): (usize, usize),
) -> Vec<Term> {
    let du_i = (theta[i] * x[j]).to_f64();
    let term = |m: usize| {
        let delta = |value: f64| if m == i { value } else { 0.0 };
        Term {
            v: values.v[m].to_f64(),
            through_u: delta(du_i),
            direct: delta(values.u[j].to_f64()),
            through_wu: w[(m, i)].to_f64() * du_i,
        }
    };
    (0..x.len()).map(term).collect()
}

/// `(L(W_ij + eps) - L(W_ij - eps)) / (2·eps)`, all of it in T. W is as before afterwards.
pub fn central_difference<T: Element>(w: &mut Array2<T>, x: ArrayView1<T>, at: (usize, usize), eps: T) -> T {
    let value = w[at];
    let mut loss_at = |moved: T| {
        w[at] = moved;
        forward(w.view(), x).loss
    };
    let (high, low) = (loss_at(value + eps), loss_at(value - eps));
    w[at] = value;
    (high - low) / (eps + eps)
}

fn outer<T: Element>(a: &ArrayView1<T>, b: &ArrayView1<T>) -> Array2<T> {
    Array2::from_shape_fn((a.len(), b.len()), |(i, j)| a[i] * b[j])
}
