//! Adam: steps scaled by running means of gradients and of their squares (Kingma and Ba 2015, algorithm 1).

use ndarray::{Array, Dimension, Zip};

use super::{Gradients, Mlp};
use crate::linalg::Element;

/// Of the mean of gradients and the mean of squares, as in the paper.
const BETAS: (f64, f64) = (0.9, 0.999);
const EPSILON: f64 = 1e-8;

/// The running means, in the network's shapes.
#[derive(Clone, Debug)]
pub struct Adam<T> {
    means: Gradients<T>,
    squares: Gradients<T>,
    steps: i32,
}

impl<T: Element> Adam<T> {
    /// Before the first step.
    pub fn new(net: &Mlp<T>) -> Self {
        Self { means: net.zero_gradients(), squares: net.zero_gradients(), steps: 0 }
    }

    /// One step down the gradients, which have the network's shapes.
    pub fn step(&mut self, net: &mut Mlp<T>, gradients: &Gradients<T>, rate: f64) {
        self.steps += 1;
        // Both means start at 0: divided by the weight that they have by now.
        let rate = rate / (1.0 - BETAS.0.powi(self.steps));
        let correction = 1.0 / (1.0 - BETAS.1.powi(self.steps));
        let state = self.means.iter_mut().zip(&mut self.squares);
        for ((layer, gradient), (mean, square)) in net.layers.iter_mut().zip(gradients).zip(state) {
            update(&mut layer.weight, &gradient.weight, &mut mean.weight, &mut square.weight, rate, correction);
            update(&mut layer.bias, &gradient.bias, &mut mean.bias, &mut square.bias, rate, correction);
        }
    }
}

fn update<T: Element, D: Dimension>(
    values: &mut Array<T, D>,
    gradients: &Array<T, D>,
    means: &mut Array<T, D>,
    squares: &mut Array<T, D>,
    rate: f64,
    correction: f64,
) {
    let number = T::from_f64;
    let (beta1, beta2) = (number(BETAS.0), number(BETAS.1));
    let (rate, correction, epsilon) = (number(rate), number(correction), number(EPSILON));
    Zip::from(values).and(gradients).and(means).and(squares).for_each(|w, &g, m, s| {
        *m = beta1 * *m + (T::one() - beta1) * g;
        *s = beta2 * *s + (T::one() - beta2) * g * g;
        *w -= rate * *m / ((*s * correction).sqrt() + epsilon);
    });
}
