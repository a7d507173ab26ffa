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

/// `f(x) = W_l·relu(… relu(W_1·x + b_1) …) + b_l`, with one input and one output.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Net {
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
    /// A network of these layers, the first with one column, the last with one row.
    ///
    /// # Errors
    /// If there is no layer, or shapes do not fit.
    pub fn new(layers: Vec<Layer>) -> Result<Self, NetError> {
        let mut inputs = 1;
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
            _ => Ok(Self { layers }),
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

    /// f(x), by the forward pass.
    pub fn eval(&self, x: &Rational) -> Rational {
        let mut signal = vec![x.clone()];
        for (index, layer) in self.layers.iter().enumerate() {
            if index > 0 {
                for value in &mut signal {
                    if *value < Rational::zero() {
                        *value = Rational::zero();
                    }
                }
            }
            signal = layer.apply(&signal);
        }
        signal.swap_remove(0)
    }
}

impl Layer {
    fn apply(&self, input: &[Rational]) -> Vec<Rational> {
        let dot = |row: &[Rational]| row.iter().zip(input).map(|(w, h)| w * h).sum::<Rational>();
        self.weights.iter().zip(&self.bias).map(|(row, bias)| dot(row) + bias).collect()
    }
}
