//! The network out and in, in the safetensors format (<https://github.com/huggingface/safetensors>): eight bytes
//! with the length of a JSON header, the header, and the numbers.
//!
//! Tensors have the names that PyTorch gives them in
//! `Sequential(Flatten(), Linear(3072, 512), ReLU(), Linear(512, 512), ReLU(), Linear(512, 10))`: `1.weight` (out×in)
//! and `1.bias` (out), `3.weight`, and so on, the layer's place from input to output being (number − 1) / 2. Read are
//! other numbers too, `0`, `2`, `4` of a `Sequential` without `Flatten`, say: only their order counts. Inputs are
//! planar 3×32×32 and normalised, as [`normalise`](crate::data::normalise) has it.
//!
//! `__metadata__` has the settings as strings under the names of [`Config`]'s fields; a file without them, as PyTorch
//! writes it, is read as well. Strange numbers, NaN too, go through as they are.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;

use ndarray::{Array1, Array2};
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};

use super::{Config, ConfigError, Schedule};
use crate::data::augment::Augment;
use crate::data::{CLASSES, PIXELS};
use crate::nn::{Init, Linear, Mlp};

/// The longest header that is read: a network of this page has 4 kB.
const MAX_HEADER: u64 = 1 << 20;
/// In the metadata: whose settings they are, and in which form.
const MARK: (&str, &str) = ("piecewise", "1");

/// What was read.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    /// The network.
    pub net: Mlp<f32>,
    /// The settings of the run that made it, if the file has them.
    pub config: Option<Config>,
}

/// Why a file is no network for this page. Each message is a sentence that says what to do.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ModelError {
    /// Something else.
    #[error("This is no safetensors file: {0}. Choose a file that ends in .safetensors.")]
    NotOne(&'static str),
    /// A header that lies about the bytes.
    #[error("The file is broken: {0}. Save it again.")]
    Broken(String),
    /// Another network than the page has.
    #[error(
        "The network does not fit: {0}. It must be Linear layers from {PIXELS} inputs to {CLASSES} outputs, in f32, named as in a torch.nn.Sequential."
    )]
    Shape(String),
    /// Settings that contradict the weights, or are none.
    #[error("The settings in the file are wrong: {0}. Remove __metadata__ from it, or save it again.")]
    Settings(String),
    /// Settings that cannot run.
    #[error("The settings in the file cannot run. {0}")]
    Config(#[from] ConfigError),
}

/// One entry of the header.
#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Tensor {
    dtype: String,
    shape: Vec<u64>,
    /// Begin and end, from the first byte after the header.
    data_offsets: (u64, u64),
}

/// The header. A name that comes twice is an error.
struct Header {
    metadata: BTreeMap<String, String>,
    tensors: BTreeMap<String, Tensor>,
}

/// The bytes of a file.
pub fn encode(net: &Mlp<f32>, config: &Config) -> Vec<u8> {
    let mut begin = 0;
    let mut entries = vec![format!("\"__metadata__\":{}", json(&settings(config)))];
    let mut numbers = Vec::with_capacity(4 * net.parameters());
    for (index, layer) in net.layers.iter().enumerate() {
        let (outputs, inputs) = layer.weight.dim();
        for (part, shape, count) in [
            ("weight", format!("{outputs},{inputs}"), layer.weight.len()),
            ("bias", outputs.to_string(), layer.bias.len()),
        ] {
            let (name, end) = (2 * index + 1, begin + 4 * count);
            entries
                .push(format!(r#""{name}.{part}":{{"dtype":"F32","shape":[{shape}],"data_offsets":[{begin},{end}]}}"#));
            begin = end;
        }
        for value in layer.weight.iter().chain(&layer.bias) {
            numbers.extend_from_slice(&value.to_le_bytes());
        }
    }
    let mut header = format!("{{{}}}", entries.join(","));
    // Numbers begin at a multiple of eight bytes.
    header.push_str(&" ".repeat(header.len().next_multiple_of(8) - header.len()));
    [&(header.len() as u64).to_le_bytes(), header.as_bytes(), &numbers].concat()
}

/// Reads a file.
///
/// # Errors
/// If it is no safetensors file, is broken, or has another network than this page's.
pub fn decode(bytes: &[u8]) -> Result<Model, ModelError> {
    let (header, data) = split(bytes)?;
    check_offsets(&header.tensors, data.len() as u64)?;
    let net = Mlp { layers: layers(&header.tensors, data)? };
    let config = read_settings(&header.metadata)?;
    if let Some(config) = &config {
        config.check(0)?;
        let hidden: Vec<usize> = net.layers.iter().skip(1).map(|layer| layer.weight.ncols()).collect();
        if config.hidden != hidden {
            return Err(ModelError::Settings(format!(
                "hidden is {:?}, but the weights have {hidden:?}",
                config.hidden
            )));
        }
    }
    Ok(Model { net, config })
}

/// The header, and the bytes after it.
fn split(bytes: &[u8]) -> Result<(Header, &[u8]), ModelError> {
    let (length, rest) = bytes.split_first_chunk::<8>().ok_or(ModelError::NotOne("it has fewer than 8 bytes"))?;
    let length = u64::from_le_bytes(*length);
    if length > MAX_HEADER || rest.first() != Some(&b'{') {
        return Err(ModelError::NotOne("it does not begin with the length of a header and a {"));
    }
    let (header, data) = rest
        .split_at_checked(length as usize)
        .ok_or_else(|| ModelError::Broken(format!("its header has {length} bytes, and only {} follow", rest.len())))?;
    let header = serde_json::from_slice(header)
        .map_err(|error| ModelError::Broken(format!("its header cannot be read, {error}")))?;
    Ok((header, data))
}

/// Checks that tensors fill the data one after the other, without a gap, and as their shapes say.
fn check_offsets(tensors: &BTreeMap<String, Tensor>, length: u64) -> Result<(), ModelError> {
    let broken = |what: String| Err(ModelError::Broken(what));
    let mut places: Vec<(u64, u64, &str)> = Vec::new();
    for (name, tensor) in tensors {
        let (begin, end) = tensor.data_offsets;
        if tensor.dtype != "F32" {
            return Err(ModelError::Shape(format!("{} is {}, not F32", shorten(name), shorten(&tensor.dtype))));
        }
        let bytes = tensor.shape.iter().try_fold(4_u64, |product, &size| product.checked_mul(size));
        if begin > end || bytes != Some(end - begin) {
            return broken(format!("{} has a shape of other than its {begin} to {end} bytes", shorten(name)));
        }
        places.push((begin, end, name));
    }
    places.sort_unstable();
    let mut at = 0;
    for (begin, end, name) in places {
        if begin != at {
            return broken(format!("{} begins at byte {begin} instead of {at}", shorten(name)));
        }
        at = end;
    }
    if at != length {
        return broken(format!("{length} bytes of numbers are there, and {at} belong to tensors"));
    }
    Ok(())
}

/// The layers, in the order of the numbers in their names.
fn layers(tensors: &BTreeMap<String, Tensor>, data: &[u8]) -> Result<Vec<Linear<f32>>, ModelError> {
    let shape = |what: String| ModelError::Shape(what);
    let mut numbers = BTreeSet::new();
    for name in tensors.keys() {
        let number = name.strip_suffix(".weight").or(name.strip_suffix(".bias"));
        let number = number.filter(|number| number.bytes().all(|byte| byte.is_ascii_digit()));
        let number = number.and_then(|number| number.parse::<u32>().ok().filter(|n| n.to_string() == number));
        numbers.insert(number.ok_or_else(|| shape(format!("{} is no layer's weight or bias", shorten(name))))?);
    }
    let mut layers: Vec<Linear<f32>> = Vec::new();
    for number in numbers {
        let inputs = layers.last().map_or(PIXELS, |layer| layer.bias.len());
        let [weight, bias] = ["weight", "bias"].map(|part| {
            let name = format!("{number}.{part}");
            tensors.get(&name).ok_or_else(|| shape(format!("{name} is missing")))
        });
        let (weight, bias) = (weight?, bias?);
        let (&[outputs, columns], &[biases]) = (&weight.shape[..], &bias.shape[..]) else {
            return Err(shape(format!("layer {number} has shapes {:?} and {:?}", weight.shape, bias.shape)));
        };
        if columns != inputs as u64 || biases != outputs || outputs == 0 {
            return Err(shape(format!("layer {number} is {outputs}×{columns} and {biases} after {inputs} numbers")));
        }
        // The offsets were checked, so these are no larger than the data.
        let read = |tensor: &Tensor| {
            let bytes = &data[tensor.data_offsets.0 as usize..tensor.data_offsets.1 as usize];
            bytes.as_chunks::<4>().0.iter().map(|bytes| f32::from_le_bytes(*bytes)).collect::<Vec<f32>>()
        };
        let weight = Array2::from_shape_vec((outputs as usize, inputs), read(weight));
        layers.push(Linear { weight: weight.expect("as many"), bias: Array1::from_vec(read(bias)) });
    }
    match layers.last().map(|layer| layer.bias.len()) {
        Some(CLASSES) => Ok(layers),
        outputs => Err(shape(format!("it has {} outputs", outputs.unwrap_or(0)))),
    }
}

impl<'de> Deserialize<'de> for Header {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries;
        impl<'de> Visitor<'de> for Entries {
            type Value = Header;

            fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
                formatter.write_str("tensors by name")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Header, A::Error> {
                let twice = |name: &str| serde::de::Error::custom(format!("{} comes twice", shorten(name)));
                let (mut metadata, mut tensors) = (None, BTreeMap::new());
                while let Some(name) = map.next_key::<String>()? {
                    if name == "__metadata__" {
                        if metadata.replace(map.next_value()?).is_some() {
                            return Err(twice(&name));
                        }
                    } else {
                        let before = tensors.insert(name.clone(), map.next_value()?);
                        if before.is_some() {
                            return Err(twice(&name));
                        }
                    }
                }
                Ok(Header { metadata: metadata.unwrap_or_default(), tensors })
            }
        }
        deserializer.deserialize_map(Entries)
    }
}

/// The metadata: all settings as strings.
fn settings(config: &Config) -> BTreeMap<&'static str, String> {
    let Config { hidden, init, learning_rate, batch_size, epochs, seed, augment, .. } = config;
    let hidden: Vec<_> = hidden.iter().map(usize::to_string).collect();
    let schedule = match config.schedule {
        Schedule::Constant => "constant".into(),
        Schedule::Step { every, factor } => format!("step {every} {factor}"),
        Schedule::Cosine => "cosine".into(),
    };
    BTreeMap::from([
        ("format", "pt".into()),
        (MARK.0, MARK.1.into()),
        ("hidden", hidden.join(",")),
        ("init", if *init == Init::He { "he".into() } else { "homework".into() }),
        ("learning_rate", learning_rate.to_string()),
        ("batch_size", batch_size.to_string()),
        ("epochs", epochs.to_string()),
        ("seed", seed.to_string()),
        ("augment_crop", augment.crop.to_string()),
        ("augment_padding", augment.padding.to_string()),
        ("augment_flip", augment.flip.to_string()),
        ("random_labels", config.random_labels.to_string()),
        ("momentum", config.momentum.to_string()),
        ("weight_decay", config.weight_decay.to_string()),
        ("schedule", schedule),
        ("subset", config.subset.to_string()),
        ("held_out", config.held_out.to_string()),
        ("workers", config.workers.to_string()),
    ])
}

fn json(settings: &BTreeMap<&str, String>) -> String {
    serde_json::to_string(settings).expect("strings")
}

/// The settings in the metadata, if this page wrote them.
fn read_settings(metadata: &BTreeMap<String, String>) -> Result<Option<Config>, ModelError> {
    match metadata.get(MARK.0) {
        None => return Ok(None),
        Some(version) if version == MARK.1 => {}
        Some(version) => {
            return Err(ModelError::Settings(format!(
                "their form is {}, and this page reads {}",
                shorten(version),
                MARK.1
            )));
        }
    }
    let text = |name: &str| {
        metadata.get(name).map(String::as_str).ok_or_else(|| ModelError::Settings(format!("{name} is missing")))
    };
    let wrong = |name: &str, text: &str| ModelError::Settings(format!("{name} is “{}”", shorten(text)));
    fn parsed<T: FromStr>(name: &str, text: &str) -> Result<T, ModelError> {
        text.parse().map_err(|_| ModelError::Settings(format!("{name} is “{}”", shorten(text))))
    }
    macro_rules! setting {
        ($name:literal) => {
            parsed($name, text($name)?)?
        };
    }
    let hidden = text("hidden")?.split(',').filter(|width| !width.is_empty());
    let schedule = text("schedule")?;
    Ok(Some(Config {
        hidden: hidden.map(|width| parsed("hidden", width)).collect::<Result<_, _>>()?,
        init: match text("init")? {
            "he" => Init::He,
            "homework" => Init::Homework,
            other => return Err(wrong("init", other)),
        },
        learning_rate: setting!("learning_rate"),
        batch_size: setting!("batch_size"),
        epochs: setting!("epochs"),
        seed: setting!("seed"),
        augment: Augment {
            crop: setting!("augment_crop"),
            padding: setting!("augment_padding"),
            flip: setting!("augment_flip"),
        },
        random_labels: setting!("random_labels"),
        momentum: setting!("momentum"),
        weight_decay: setting!("weight_decay"),
        schedule: match schedule.split(' ').collect::<Vec<_>>()[..] {
            ["constant"] => Schedule::Constant,
            ["cosine"] => Schedule::Cosine,
            ["step", every, factor] => {
                Schedule::Step { every: parsed("schedule", every)?, factor: parsed("schedule", factor)? }
            }
            _ => return Err(wrong("schedule", schedule)),
        },
        subset: setting!("subset"),
        held_out: setting!("held_out"),
        // Files from before there were teams have none.
        workers: metadata.get("workers").map_or(Ok(1), |workers| parsed("workers", workers))?,
    }))
}

/// The beginning of what a file says, for a message.
fn shorten(text: &str) -> String {
    text.chars().take(40).collect()
}
