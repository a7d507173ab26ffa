//! Mean squared error of one output: `L = mean over rows of (z - target)²`.

use ndarray::ArrayViewMut2;

use crate::linalg::Element;

/// Returns L of the outputs z (B×1) and replaces them by `∂L/∂z = 2·(z - target) / B`. Summed in f64.
///
/// # Panics
/// If the number of targets is not B.
pub fn forward_backward<T: Element>(mut z: ArrayViewMut2<T>, targets: &[T]) -> f64 {
    assert_eq!(z.len(), targets.len(), "one target a row");
    let scale = T::from_f64(2.0 / targets.len() as f64);
    let mut total = 0.0;
    for (value, &target) in z.iter_mut().zip(targets) {
        let difference = *value - target;
        total += (difference * difference).to_f64();
        *value = difference * scale;
    }
    total / targets.len() as f64
}
