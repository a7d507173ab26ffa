//! Stochastic gradient descent: `w ← w - rate · ∂L/∂w`; with weight decay and momentum as `torch.optim.SGD` has them.

use ndarray::{Array, Array1, ArrayView2, Dimension, Zip};

use super::{Gradients, Linear};
use crate::linalg::{Element, Operand, gemm};

/// Descent with weight decay λ and momentum μ: `v ← μ·v + (∂L/∂w + λ·w)`, `w ← w - rate·v`, for weights and biases.
///
/// The gradient of a weight matrix is a product, and is added to its target as it is formed: it never stands in memory.
#[derive(Clone, Debug)]
pub struct Sgd<T> {
    momentum: T,
    weight_decay: T,
    /// v, in the layers' shapes, if there is momentum; 0 before the first step, which makes v the gradient.
    velocity: Option<Gradients<T>>,
}

impl<T: Element> Sgd<T> {
    /// Before the first step on these layers.
    pub fn new(layers: &[Linear<T>], momentum: T, weight_decay: T) -> Self {
        let zeros = |layer: &Linear<T>| Linear::zeros(layer.weight.ncols(), layer.weight.nrows());
        let velocity = (momentum != T::zero()).then(|| layers.iter().map(zeros).collect());
        Self { momentum, weight_decay, velocity }
    }

    /// v, if there is momentum.
    pub fn velocity(&self) -> Option<&Gradients<T>> {
        self.velocity.as_ref()
    }

    /// v, to go on with another.
    pub fn velocity_mut(&mut self) -> Option<&mut Gradients<T>> {
        self.velocity.as_mut()
    }

    /// The step of all layers down gradients that are there already, in the layers' shapes.
    pub fn step(&mut self, layers: &mut [Linear<T>], gradients: &Gradients<T>, rate: T) {
        let (momentum, decay) = (self.momentum, self.weight_decay);
        match &mut self.velocity {
            None => {
                for (layer, gradient) in layers.iter_mut().zip(gradients) {
                    descend(&mut layer.weight, &gradient.weight, rate, decay);
                    descend(&mut layer.bias, &gradient.bias, rate, decay);
                }
            }
            Some(velocity) => {
                for ((layer, gradient), v) in layers.iter_mut().zip(gradients).zip(velocity) {
                    roll(&mut layer.weight, &gradient.weight, &mut v.weight, [rate, momentum, decay]);
                    roll(&mut layer.bias, &gradient.bias, &mut v.bias, [rate, momentum, decay]);
                }
            }
        }
    }

    /// The step of the layer with this index, from its input x (B×in) and `dz = ∂L/∂z` (B×out).
    pub fn update<'x>(
        &mut self,
        index: usize,
        layer: &mut Linear<T>,
        x: impl Into<Operand<'x, T>>,
        dz: ArrayView2<T>,
        rate: T,
    ) {
        let (one, decay) = (T::one(), self.weight_decay);
        let mut db = Array1::zeros(layer.bias.len());
        Linear::bias_gradient(dz, db.view_mut());
        match &mut self.velocity {
            None => {
                let kept = one - rate * decay;
                gemm(-rate, dz.t(), x, kept, layer.weight.view_mut());
                Zip::from(&mut layer.bias).and(&db).for_each(|b, &db| *b = kept * *b - rate * db);
            }
            Some(velocity) => {
                let (v, momentum) = (&mut velocity[index], self.momentum);
                if decay == T::zero() {
                    gemm(one, dz.t(), x, momentum, v.weight.view_mut());
                } else {
                    Zip::from(&mut v.weight).and(&layer.weight).for_each(|v, &w| *v = momentum * *v + decay * w);
                    gemm(one, dz.t(), x, one, v.weight.view_mut());
                }
                Zip::from(&mut layer.weight).and(&v.weight).for_each(|w, &v| *w -= rate * v);
                Zip::from(&mut layer.bias).and(&mut v.bias).and(&db).for_each(|b, v, &db| {
                    *v = momentum * *v + (db + decay * *b);
                    *b -= rate * *v;
                });
            }
        }
    }
}

/// A step without momentum.
fn descend<T: Element, D: Dimension>(values: &mut Array<T, D>, gradients: &Array<T, D>, rate: T, decay: T) {
    Zip::from(values).and(gradients).for_each(|w, &g| *w -= rate * (g + decay * *w));
}

/// A step with momentum: rate, momentum and decay.
fn roll<T: Element, D: Dimension>(
    values: &mut Array<T, D>,
    gradients: &Array<T, D>,
    velocity: &mut Array<T, D>,
    [rate, momentum, decay]: [T; 3],
) {
    Zip::from(values).and(gradients).and(velocity).for_each(|w, &g, v| {
        *v = momentum * *v + (g + decay * *w);
        *w -= rate * *v;
    });
}
