//! A ReLU network with rational weights.

use num_traits::Zero;

use super::Rational;

/// One affine layer: `z = W·h + b`, W stored by rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layer {
    /// `weights[i][j]`: from input j to neuron i.
    pub weights: Vec<Vec<Rational>>,
    /// `bias[i]`, one a neuron.
    pub bias: Vec<Rational>,
}

/// `f(x) = W_l·relu(… relu(W_1·x + b_1) …) + b_l`, with one output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Net {
    inputs: usize,
    layers: Vec<Layer>,
}

/// Why layers do not make a [`Net`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NetError {
    /// No layer at all.
    #[error("a network needs at least one layer")]
    Empty,
    /// A matrix whose shape does not fit its neighbours.
    #[error("layer {layer} (from 1) must have {expected} {what}, not {found}")]
    Shape {
        /// Counted from 1.
        layer: usize,
        /// Which count is wrong.
        what: &'static str,
        /// What fits.
        expected: usize,
        /// What was given.
        found: usize,
    },
}

impl Net {
    /// A network of these layers with one input: the first layer has one column, the last one row.
    ///
    /// # Errors
    /// If there is no layer, or shapes do not fit.
    pub fn new(layers: Vec<Layer>) -> Result<Self, NetError> {
        Self::with_inputs(1, layers)
    }

    /// A network of these layers, the first with `inputs` columns, the last with one row.
    ///
    /// # Errors
    /// If there is no layer, or shapes do not fit.
    pub fn with_inputs(inputs: usize, layers: Vec<Layer>) -> Result<Self, NetError> {
        let first = inputs;
        let mut inputs = inputs;
        for (index, layer) in layers.iter().enumerate() {
            let check = |what, expected, found| {
                if found == expected {
                    Ok(())
                } else {
                    Err(NetError::Shape { layer: index + 1, what, expected, found })
                }
            };
            for row in &layer.weights {
                check("columns", inputs, row.len())?;
            }
            check("biases", layer.weights.len(), layer.bias.len())?;
            inputs = layer.weights.len();
        }
        match layers.len() {
            0 => Err(NetError::Empty),
            last if inputs != 1 => Err(NetError::Shape { layer: last, what: "rows", expected: 1, found: inputs }),
            _ => Ok(Self { inputs: first, layers }),
        }
    }

    /// The layers, first to last.
    pub fn layers(&self) -> &[Layer] {
        &self.layers
    }

    /// Hidden widths, first to last.
    pub fn hidden_widths(&self) -> Vec<usize> {
        self.layers[..self.layers.len() - 1].iter().map(|layer| layer.bias.len()).collect()
    }

    /// The number of inputs.
    pub fn inputs(&self) -> usize {
        self.inputs
    }

    /// f(x) of a network with one input, by the forward pass.
    pub fn eval(&self, x: &Rational) -> Rational {
        self.eval_at(std::slice::from_ref(x))
    }

    /// f(x), by the forward pass; `x` has as many numbers as there are inputs.
    pub fn eval_at(&self, x: &[Rational]) -> Rational {
        self.sums_at(x).pop().and_then(|mut output| output.pop()).unwrap_or_default()
    }

    /// Every layer's pre-activations at x; the last one's is f(x).
    pub fn sums_at(&self, x: &[Rational]) -> Vec<Vec<Rational>> {
        let mut signal = x.to_vec();
        let mut all = Vec::new();
        for layer in &self.layers {
            let sums = layer.apply(&signal);
            signal = sums.iter().map(|sum| sum.max(&Rational::zero()).clone()).collect();
            all.push(sums);
        }
        all
    }
}

impl Layer {
    fn apply(&self, input: &[Rational]) -> Vec<Rational> {
        let dot = |row: &[Rational]| row.iter().zip(input).map(|(w, h)| w * h).sum::<Rational>();
        self.weights.iter().zip(&self.bias).map(|(row, bias)| dot(row) + bias).collect()
    }
}
