//! Stochastic gradient descent: `w ← w - rate · ∂L/∂w`; with weight decay and momentum as `torch.optim.SGD` has them.

use ndarray::{Array, Dimension, Zip};

use super::{Gradients, Mlp};
use crate::linalg::Element;

/// Descent with weight decay λ and momentum μ: `v ← μ·v + (∂L/∂w + λ·w)`, `w ← w - rate·v`, for weights and biases.
///
/// Without both, it is [`step`] to the bit, and holds no memory.
#[derive(Clone, Debug)]
pub struct Sgd<T> {
    momentum: T,
    weight_decay: T,
    /// v, in the network's shapes; 0 before the first step, which makes v the gradient.
    velocity: Option<Gradients<T>>,
}

impl<T: Element> Sgd<T> {
    /// Before the first step on a network.
    pub fn new(net: &Mlp<T>, momentum: T, weight_decay: T) -> Self {
        let velocity = (momentum != T::zero()).then(|| net.zero_gradients());
        Self { momentum, weight_decay, velocity }
    }

    /// Without weight decay and momentum.
    pub fn plain() -> Self {
        Self { momentum: T::zero(), weight_decay: T::zero(), velocity: None }
    }

    /// v, if there is momentum.
    pub fn velocity(&self) -> Option<&Gradients<T>> {
        self.velocity.as_ref()
    }

    /// Goes on with this v, which must be of the network's shapes; without momentum it does nothing.
    pub fn set_velocity(&mut self, velocity: Gradients<T>) {
        if self.velocity.is_some() {
            self.velocity = Some(velocity);
        }
    }

    /// One step down the gradients, which have the network's shapes.
    pub fn step(&mut self, net: &mut Mlp<T>, gradients: &Gradients<T>, rate: T) {
        let (momentum, decay) = (self.momentum, self.weight_decay);
        match &mut self.velocity {
            None if decay == T::zero() => step(net, gradients, rate),
            None => {
                for (layer, gradient) in net.layers.iter_mut().zip(gradients) {
                    update_decaying(&mut layer.weight, &gradient.weight, decay, rate);
                    update_decaying(&mut layer.bias, &gradient.bias, decay, rate);
                }
            }
            Some(velocity) => {
                for ((layer, gradient), v) in net.layers.iter_mut().zip(gradients).zip(velocity) {
                    update(&mut layer.weight, &gradient.weight, &mut v.weight, momentum, decay, rate);
                    update(&mut layer.bias, &gradient.bias, &mut v.bias, momentum, decay, rate);
                }
            }
        }
    }
}

/// One step down the gradients, which have the network's shapes.
pub fn step<T: Element>(net: &mut Mlp<T>, gradients: &Gradients<T>, rate: T) {
    for (layer, gradient) in net.layers.iter_mut().zip(gradients) {
        Zip::from(&mut layer.weight).and(&gradient.weight).for_each(|w, &g| *w -= rate * g);
        Zip::from(&mut layer.bias).and(&gradient.bias).for_each(|b, &g| *b -= rate * g);
    }
}

fn update_decaying<T: Element, D: Dimension>(values: &mut Array<T, D>, gradients: &Array<T, D>, decay: T, rate: T) {
    Zip::from(values).and(gradients).for_each(|w, &g| *w -= rate * (g + decay * *w));
}

fn update<T: Element, D: Dimension>(
    values: &mut Array<T, D>,
    gradients: &Array<T, D>,
    velocity: &mut Array<T, D>,
    momentum: T,
    decay: T,
    rate: T,
) {
    Zip::from(values).and(gradients).and(velocity).for_each(|w, &g, v| {
        *v = momentum * *v + (g + decay * *w);
        *w -= rate * *v;
    });
}
