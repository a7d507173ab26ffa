//! Plain stochastic gradient descent: `w ← w - rate · ∂L/∂w`.

use ndarray::Zip;

use super::{Gradients, Mlp};
use crate::linalg::Element;

/// One step down the gradients, which have the network's shapes.
pub fn step<T: Element>(net: &mut Mlp<T>, gradients: &Gradients<T>, rate: T) {
    for (layer, gradient) in net.layers.iter_mut().zip(gradients) {
        Zip::from(&mut layer.weight).and(&gradient.weight).for_each(|w, &g| *w -= rate * g);
        Zip::from(&mut layer.bias).and(&gradient.bias).for_each(|b, &g| *b -= rate * g);
    }
}
