//! Gradients by central differences, to check the ones derived by hand.

use super::{Gradients, Mlp, Workspace, cross_entropy};
use crate::linalg::Element;
use ndarray::ArrayView2;

/// `|a - b| / max(|a|, |b|)`, and 0 where both are 0: the measure of the Stanford course CS231n's notes on
/// gradient checks (<https://cs231n.github.io/neural-networks-3/#gradcheck>). It is 0 for equal numbers, 1 where
/// one of them is 0, and 2 where only the signs differ.
pub fn relative_error(a: f64, b: f64) -> f64 {
    let size = a.abs().max(b.abs());
    if size == 0.0 { 0.0 } else { (a - b).abs() / size }
}

/// `(g(+eps) - g(-eps)) / (2·eps)` for the loss as a function of one number at a time, for every weight and
/// bias. The error is eps²/6 times the third derivative, plus rounding of about 10⁻¹⁶/eps in f64, so eps near
/// 10⁻⁵ serves; and it is meaningless where a pre-activation changes sign within eps.
pub fn central_differences<T: Element>(net: &Mlp<T>, x: ArrayView2<T>, labels: &[u8], eps: T) -> Gradients<T> {
    let mut net = net.clone();
    let mut work = Workspace::default();
    let mut gradients = net.zero_gradients();
    for (l, gradient) in gradients.iter_mut().enumerate() {
        for (index, slot) in gradient.weight.indexed_iter_mut() {
            *slot = difference(&mut net, &mut work, x, labels, eps, |net| &mut net.layers[l].weight[index]);
        }
        for (index, slot) in gradient.bias.indexed_iter_mut() {
            *slot = difference(&mut net, &mut work, x, labels, eps, |net| &mut net.layers[l].bias[index]);
        }
    }
    gradients
}

fn difference<T: Element>(
    net: &mut Mlp<T>,
    work: &mut Workspace<T>,
    x: ArrayView2<T>,
    labels: &[u8],
    eps: T,
    parameter: impl Fn(&mut Mlp<T>) -> &mut T,
) -> T {
    let value = *parameter(net);
    let mut loss_at = |at: T| {
        *parameter(net) = at;
        cross_entropy::forward(net.forward(x, work), labels)
    };
    let (high, low) = (loss_at(value + eps), loss_at(value - eps));
    *parameter(net) = value;
    T::from_f64(high - low) / (eps + eps)
}
