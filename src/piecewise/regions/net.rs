//! A network as it was trained, and where it is looked at.

/// The widest layer: the neurons of a layer that are on are the bits of a `u64`.
pub const MAX_WIDTH: usize = 64;

/// One affine layer of f32 numbers.
#[derive(Clone, Debug, PartialEq)]
pub struct TrainedLayer {
    /// `weights[i][j]`: from input j to neuron i.
    pub weights: Vec<Vec<f32>>,
    /// `bias[i]`, one a neuron.
    pub bias: Vec<f32>,
}

/// A ReLU network of two inputs, of which every number is an f32. Its last layer is linear.
#[derive(Clone, Debug, PartialEq)]
pub struct TrainedNet {
    layers: Vec<TrainedLayer>,
    /// The weights by columns, `[j·rows + i]`, and the biases, as f64, which is exact.
    columns: Vec<(Vec<f64>, Vec<f64>)>,
}

/// The rectangle that is looked at.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Window {
    /// From and to.
    pub x: [f64; 2],
    /// From and to.
    pub y: [f64; 2],
}

impl TrainedNet {
    /// The network of these layers. None if there is no layer, their shapes do not chain from two inputs, a layer has no
    /// neuron or more than [`MAX_WIDTH`], or a number is not finite.
    pub fn new(layers: Vec<TrainedLayer>) -> Option<Self> {
        let mut inputs = 2;
        for TrainedLayer { weights, bias } in &layers {
            let has_shape = weights.len() == bias.len() && weights.iter().all(|row| row.len() == inputs);
            let is_finite = weights.iter().flatten().chain(bias).all(|value| value.is_finite());
            if !has_shape || !is_finite || !(1..=MAX_WIDTH).contains(&bias.len()) {
                return None;
            }
            inputs = bias.len();
        }
        let columns = layers.iter().map(TrainedLayer::columns).collect();
        (!layers.is_empty()).then_some(Self { layers, columns })
    }

    /// The layers, first to last.
    pub fn layers(&self) -> &[TrainedLayer] {
        &self.layers
    }

    /// Hidden widths, first to last.
    pub fn hidden_widths(&self) -> Vec<usize> {
        self.layers[..self.hidden()].iter().map(|layer| layer.bias.len()).collect()
    }

    /// The number of outputs, at least 1.
    pub fn outputs(&self) -> usize {
        self.layers[self.hidden()].bias.len()
    }

    /// The number of hidden layers.
    pub(super) fn hidden(&self) -> usize {
        self.layers.len() - 1
    }

    /// A layer's weights by columns, `[j·rows + i]`, and its biases.
    pub(super) fn columns(&self, layer: usize) -> (&[f64], &[f64]) {
        let (weights, bias) = &self.columns[layer];
        (weights, bias)
    }
}

impl TrainedLayer {
    fn columns(&self) -> (Vec<f64>, Vec<f64>) {
        let inputs = self.weights.first().map_or(0, Vec::len);
        let column = |j: usize| self.weights.iter().map(move |row| f64::from(row[j]));
        ((0..inputs).flat_map(column).collect(), self.bias.iter().map(|&value| value.into()).collect())
    }
}

impl Window {
    /// Whether it has an area, and its sides are finite.
    pub fn is_proper(&self) -> bool {
        [self.x, self.y].iter().all(|[from, to]| from < to && (to - from).is_finite())
    }

    /// The largest |x| and |y| in it.
    pub(super) fn reach(&self) -> [f64; 2] {
        [self.x, self.y].map(|[from, to]| from.abs().max(to.abs()))
    }
}
