//! Mean cross-entropy of the softmax: `L = mean over rows of -log softmax(z)[label]`.

use ndarray::{ArrayViewMut2, Axis};

use crate::linalg::Element;

/// Returns L and replaces the logits z (B×classes) by the probabilities softmax(z).
///
/// The row's maximum is subtracted first, so large logits do not overflow. Summed in f64.
///
/// # Panics
/// If a label is no column, or their number is not B.
pub fn forward<T: Element>(mut z: ArrayViewMut2<T>, labels: &[u8]) -> f64 {
    assert_eq!(z.nrows(), labels.len(), "one label a row");
    let mut total = 0.0;
    for (mut row, &label) in z.axis_iter_mut(Axis(0)).zip(labels) {
        let max = row.iter().fold(T::neg_infinity(), |max, &value| if value > max { value } else { max });
        let shifted = (row[usize::from(label)] - max).to_f64();
        row.mapv_inplace(|value| (value - max).exp());
        let sum: T = row.iter().copied().sum();
        row.mapv_inplace(|value| value / sum);
        total += sum.to_f64().ln() - shifted;
    }
    total / labels.len() as f64
}

/// Replaces probabilities by `∂L/∂z = (softmax(z) - onehot(label)) / B`, B×classes.
///
/// # Panics
/// As [`forward`].
pub fn backward<T: Element>(mut probabilities: ArrayViewMut2<T>, labels: &[u8]) {
    assert_eq!(probabilities.nrows(), labels.len(), "one label a row");
    let scale = T::one() / T::from_f64(labels.len() as f64);
    for (mut row, &label) in probabilities.axis_iter_mut(Axis(0)).zip(labels) {
        row[usize::from(label)] -= T::one();
        row.mapv_inplace(|value| value * scale);
    }
}
