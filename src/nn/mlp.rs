//! The whole network: Linear, ReLU, …, Linear, then cross-entropy.

use ndarray::{Array2, ArrayView2, ArrayViewMut2, s};
use rand::rngs::Xoshiro256PlusPlus;

use super::{Init, Linear, cross_entropy, relu};
use crate::linalg::Element;

/// A multilayer perceptron.
#[derive(Clone, Debug, PartialEq)]
pub struct Mlp<T> {
    /// Layers from input to logits; at least one.
    pub layers: Vec<Linear<T>>,
}

/// ∂L/∂W and ∂L/∂b of each layer, in the network's own shapes.
pub type Gradients<T> = Vec<Linear<T>>;

/// Buffers for one batch, kept between steps.
#[derive(Debug, Default)]
pub struct Workspace<T> {
    /// `outputs[i]`, rows×width of layer i: its activations, then, going back, the last one's gradient.
    outputs: Vec<Array2<T>>,
    /// `slopes[i]`, rows×width of layer i: ∂L/∂(its activations), for all but the last.
    slopes: Vec<Array2<T>>,
    rows: usize,
}

impl<T: Element> Mlp<T> {
    /// A network with freshly drawn weights. `widths`: inputs, hidden widths, outputs.
    pub fn new(widths: &[usize], init: Init, rng: &mut Xoshiro256PlusPlus) -> Self {
        Self { layers: widths.windows(2).map(|pair| init.layer(rng, pair[0], pair[1])).collect() }
    }

    /// The number of weights and biases.
    pub fn parameters(&self) -> usize {
        self.layers.iter().map(|layer| layer.weight.len() + layer.bias.len()).sum()
    }

    /// Zeros in the network's shapes.
    pub fn zero_gradients(&self) -> Gradients<T> {
        self.layers.iter().map(|layer| Linear::zeros(layer.weight.ncols(), layer.weight.nrows())).collect()
    }

    /// The logits (B×classes) for x (B×in). They stand in the workspace.
    pub fn forward<'w>(&self, x: ArrayView2<T>, work: &'w mut Workspace<T>) -> ArrayViewMut2<'w, T> {
        let rows = x.nrows();
        work.fit(self, rows);
        for (i, layer) in self.layers.iter().enumerate() {
            let (before, after) = work.outputs.split_at_mut(i);
            let input = before.last().map_or(x, |h| h.slice(s![..rows, ..]));
            let mut output = after[0].slice_mut(s![..rows, ..]);
            layer.forward(input, output.view_mut());
            if i + 1 < self.layers.len() {
                relu::forward(output);
            }
        }
        let last = work.outputs.len() - 1;
        work.outputs[last].slice_mut(s![..rows, ..])
    }

    /// The mean loss on a batch, x (B×in) with B labels, and its gradients, written to `gradients`.
    pub fn loss_and_gradients(
        &self,
        x: ArrayView2<T>,
        labels: &[u8],
        work: &mut Workspace<T>,
        gradients: &mut Gradients<T>,
    ) -> f64 {
        let loss = |mut logits: ArrayViewMut2<T>| {
            let loss = cross_entropy::forward(logits.view_mut(), labels);
            cross_entropy::backward(logits, labels);
            loss
        };
        self.gradients_of(loss, x, work, gradients)
    }

    /// The value of a loss on x (B×in), and its gradients, written to `gradients`. The loss gets the outputs
    /// (B×outputs), returns its value and replaces them by its derivatives by them.
    pub fn gradients_of(
        &self,
        loss: impl FnOnce(ArrayViewMut2<T>) -> f64,
        x: ArrayView2<T>,
        work: &mut Workspace<T>,
        gradients: &mut Gradients<T>,
    ) -> f64 {
        let loss = loss(self.forward(x, work));
        let rows = x.nrows();
        let last = self.layers.len() - 1;
        for i in (0..=last).rev() {
            let (below, here) = work.slopes.split_at_mut(i);
            let dz = if i == last { &work.outputs[last] } else { &here[0] };
            let dz = dz.slice(s![..rows, ..]);
            let gradient = &mut gradients[i];
            let (dw, db) = (gradient.weight.view_mut(), gradient.bias.view_mut());
            match below.last_mut() {
                None => self.layers[i].backward(x, dz, dw, db, None),
                Some(slopes) => {
                    let h = work.outputs[i - 1].slice(s![..rows, ..]);
                    let mut dh = slopes.slice_mut(s![..rows, ..]);
                    self.layers[i].backward(h, dz, dw, db, Some(dh.view_mut()));
                    relu::backward(h, dh);
                }
            }
        }
        loss
    }
}

impl<T: Element> Workspace<T> {
    /// Which hidden neurons were positive in the last forward pass over `rows` rows, layer by layer.
    pub fn live_neurons(&self, rows: usize) -> Vec<bool> {
        let hidden = &self.outputs[..self.outputs.len() - 1];
        hidden.iter().flat_map(|h| h.slice(s![..rows, ..]).iter().map(|&h| h > T::zero()).collect::<Vec<_>>()).collect()
    }

    fn fit(&mut self, net: &Mlp<T>, rows: usize) {
        let widths = || net.layers.iter().map(|layer| layer.bias.len());
        let fits = self.rows >= rows && widths().eq(self.outputs.iter().map(Array2::ncols));
        if !fits {
            let buffer = |width| Array2::zeros((rows, width));
            self.outputs = widths().map(buffer).collect();
            self.slopes = widths().take(net.layers.len() - 1).map(buffer).collect();
            self.rows = rows;
        }
    }
}
