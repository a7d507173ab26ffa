//! A network as a file, out and in.
//!
//! Out: safetensors, with layers named as in PyTorch's `Sequential(Flatten(), Linear(3072, 512), ReLU(), …)`, `1.weight`
//! (out×in), `1.bias`, `3.weight`, …, or as the visitor wants them, and with the settings as metadata. In: any file
//! of safetensors, or of `torch.save`, whose matrices are one chain from [`PIXELS`] inputs to [`CLASSES`] outputs.
//! Names and shapes say which order; what they do not say, how the network reads images, is a [`Reading`] that is
//! assumed, said, and can be changed. [`Origin`] keeps what was assumed.

mod chain;
mod foreign;
mod input;
mod names;
mod safetensors;
mod settings;
mod tensor;
mod torch;

use serde::{Deserialize, Serialize};

use super::{Config, ConfigError};
use crate::data::{CLASSES, PIXELS, excerpt};
use crate::nn::Mlp;
use chain::Chain;
use tensor::Tensor;

pub use input::{InputOrder, Reading, Scaling, channels};
pub use names::layer_names;

/// What was read.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    /// The network, as this page has them: planar inputs, normalised with CIFAR-10's mean and standard deviation.
    pub net: Mlp<f32>,
    /// The settings of the run that made it, if the file has them.
    pub config: Option<Config>,
    /// What was assumed.
    pub origin: Origin,
}

/// What was assumed when a file was opened.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Origin {
    /// Names of the matrices, from input to output.
    pub layers: Vec<String>,
    /// Whether shapes had to decide that order.
    pub by_shapes: bool,
    /// Whether the file has inputs × outputs.
    pub is_transposed: bool,
    /// Layers without biases.
    pub without_bias: usize,
    /// Types of numbers other than F32.
    pub converted: Vec<String>,
    /// Tensors that are of no use.
    pub ignored: Vec<String>,
    /// How it reads images.
    pub reading: Reading,
    /// Whether this page has saved the file, so that nothing had to be assumed.
    pub is_own: bool,
}

/// Why a file is no network for this page. Each message is a sentence or two that say what, and what to do.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ModelError {
    /// Something else.
    #[error(
        "This is no safetensors file: {0}. Choose a file that ends in .safetensors, or a state_dict in a .pt file."
    )]
    NotOne(&'static str),
    /// Another kind of file: a whole message.
    #[error("{0}")]
    Other(String),
    /// A header that lies about the bytes.
    #[error("The file is broken: {0}. Save it again.")]
    Broken(String),
    /// Another network than the page has.
    #[error(
        "The network does not fit: {0}. It must be one chain of Linear layers, with ReLUs between, from {PIXELS} inputs to {CLASSES} outputs."
    )]
    Shape(String),
    /// Several networks that it may be.
    #[error(
        "The order of the layers is in doubt: {0}. Number them in their names, from input to output, and save it again."
    )]
    Doubt(String),
    /// Batch normalisation, or another.
    #[error(
        "The network has a normalisation layer, which networks of this page do not have: {0}. Fold it into the layer before, in PyTorch with `torch.nn.utils.fuse_linear_bn_eval(linear, bn)`, and save it again."
    )]
    Normalisation(String),
    /// A convolution, say.
    #[error("The network has a layer that is not linear, a convolution perhaps: {0}. Open a multilayer perceptron.")]
    OtherLayer(String),
    /// A number that none should be.
    #[error(
        "{tensor} is {number} at {place} ({count} such numbers in all), so the network says nothing. Open one saved before it diverged."
    )]
    NotFinite {
        /// Its name.
        tensor: String,
        /// Of the first, from 1.
        place: String,
        /// Which.
        number: &'static str,
        /// How many in the tensor.
        count: usize,
    },
    /// A mean or standard deviation that cannot be computed with.
    #[error("A mean must be a number, and a standard deviation one above 0. Type such as 0.4914, 0.4822, 0.4465.")]
    Reading,
    /// Settings that contradict the weights, or are none.
    #[error("The settings in the file are wrong: {0}. Remove __metadata__ from it, or save it again.")]
    Settings(String),
    /// Settings that cannot run.
    #[error("The settings in the file cannot run. {0}")]
    Config(#[from] ConfigError),
}

/// Reads a file, taking the network to read images so.
///
/// # Errors
/// If it is no file of a model, is broken, or has another network than this page's.
pub fn decode(bytes: &[u8], reading: Reading) -> Result<Model, ModelError> {
    reading.check()?;
    if torch::is_one(bytes) {
        return network(&torch::read(bytes)?, reading, None);
    }
    // The length of a header may begin as other files do: with 80 02, as a pickle does, say.
    let has_header = bytes.get(8) == Some(&b'{');
    if !has_header && let Some(error) = foreign::recognise(bytes) {
        return Err(error);
    }
    let (tensors, metadata) = safetensors::read(bytes)?;
    let config = settings::read(&metadata)?;
    network(&tensors, reading, config)
}

/// The bytes of a safetensors file with layers of these names, one each.
pub fn encode(net: &Mlp<f32>, names: &[String], config: &Config, origin: Option<&Origin>) -> Vec<u8> {
    safetensors::write(net, names, config, origin)
}

fn network(tensors: &[Tensor], reading: Reading, config: Option<Config>) -> Result<Model, ModelError> {
    let Chain { mut layers, names, by_shapes, is_transposed, without_bias, ignored } = Chain::of(tensors)?;
    let mut converted: Vec<String> = Vec::new();
    for tensor in tensors {
        if tensor.shape.len() > 1 && tensor.type_name != "F32" && !converted.contains(&tensor.type_name) {
            converted.push(shorten(&tensor.type_name));
        }
    }
    reading.fold(&mut layers[0]);
    if layers[0].weight.iter().chain(&layers[0].bias).any(|number| !number.is_finite()) {
        return Err(ModelError::Reading);
    }
    let net = Mlp { layers };
    if let Some(config) = &config {
        config.check(0)?;
        let hidden: Vec<usize> = net.layers.iter().skip(1).map(|layer| layer.weight.ncols()).collect();
        if config.hidden != hidden {
            let what = format!("hidden is {:?}, but the weights have {hidden:?}", config.hidden);
            return Err(ModelError::Settings(what));
        }
    }
    let origin = Origin {
        layers: names,
        by_shapes,
        is_transposed,
        without_bias,
        converted,
        ignored,
        reading,
        is_own: config.is_some(),
    };
    Ok(Model { net, config, origin })
}

impl Origin {
    /// What was assumed, a sentence each.
    pub fn sentences(&self) -> Vec<String> {
        let by = if self.by_shapes { "by their shapes" } else { "by the numbers in their names" };
        let mut all = vec![match &self.layers[..] {
            [only] => format!("One layer: {only}."),
            layers => format!("Layers {by}: {}.", layers.join(", ")),
        }];
        if self.is_transposed {
            all.push("Matrices transposed: their shapes are inputs × outputs.".into());
        }
        if !self.converted.is_empty() {
            all.push(format!("Numbers converted from {} to F32.", self.converted.join(" and ")));
        }
        match self.without_bias {
            0 => {}
            1 => all.push("No bias in one layer: 0 there.".into()),
            number => all.push(format!("No biases in {number} layers: 0 there.")),
        }
        if !self.ignored.is_empty() {
            all.push(format!("Not used: {}.", self.ignored.join(", ")));
        }
        all.push(match self.reading.order {
            InputOrder::Planar => "Inputs taken as 3 × 32 × 32.".into(),
            InputOrder::Interleaved => "Inputs taken as 32 × 32 × 3.".into(),
        });
        all.push(match self.reading.scaling {
            Scaling::Cifar10 => "Pixels normalised with CIFAR-10’s mean and standard deviation.".into(),
            Scaling::None => "Pixels from 0 to 1, not normalised.".into(),
            Scaling::Half => "Pixels from −1 to 1: mean 0.5, standard deviation 0.5.".into(),
            Scaling::Own { mean, std } => {
                format!("Pixels normalised with mean {mean:?} and standard deviation {std:?}.")
            }
        });
        all
    }
}

/// The beginning of a name that a file has, for a message.
fn shorten(text: &str) -> String {
    excerpt(text, 60)
}
